package api

import (
	"context"
	"time"
)

// Health says whether the installation works. It names no content and no people.
type Health struct {
	Status   string    `json:"status" enum:"ok,degraded" doc:"degraded: something waits for an operator."`
	Version  string    `json:"version"`
	Database string    `json:"database" doc:"sqlite or postgres."`
	Now      time.Time `json:"now" doc:"The desk's clock; in an exercise it is not the machine's."`
	Exercise bool      `json:"exercise"`
	Waiting  int       `json:"waiting" doc:"Jobs that are due or planned."`
	Dead     int       `json:"dead" doc:"Jobs whose tries are used up."`
}

func (a *API) health() {
	forAll(a, route{method: "GET", path: "/health", id: "get-health", summary: "Whether the installation works", tag: "health"}, func(ctx context.Context, _ *none) (*reply[Health], error) {
		h, err := a.Health(ctx)
		return &reply[Health]{h}, err
	})
}
