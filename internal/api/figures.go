package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/report"
)

// figures adds the numbers, each with the time it was measured, and the rows behind
// every one of them.
func (a *API) figures() {
	const tag = "figures"
	forPeople(a, route{method: "GET", path: "/figures", id: "get-figures", summary: "Figures of the caller's authority", tag: tag}, func(ctx context.Context, c access.Caller, _ *none) (*reply[report.Figures], error) {
		f, err := a.Report.Figures(ctx, c, "")
		return &reply[report.Figures]{f}, err
	})
	forPeople(a, route{method: "GET", path: "/campaigns/{id}/figures", id: "get-campaign-figures", summary: "Figures of an action day", tag: tag}, func(ctx context.Context, c access.Caller, in *ByID) (*reply[report.Figures], error) {
		f, err := a.Report.Figures(ctx, c, staydown.ID(in.ID))
		return &reply[report.Figures]{f}, err
	})
	a.rows(tag)
}

// rows adds the one route that answers with a stream: one JSON object a line, so
// that an action day of any size takes no memory on either side.
func (a *API) rows(tag string) {
	op := route{method: "GET", path: "/campaigns/{id}/rows", id: "export-campaign-rows", summary: "Every item of an action day, one JSON object a line; logged as an export", tag: tag}.operation("token")
	op.Middlewares = huma.Middlewares{a.person}
	row := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[report.Row](), true, "")
	op.Responses = map[string]*huma.Response{"200": {Description: "Rows by location. When something breaks midway, the last line is an error.", Content: map[string]*huma.MediaType{ndjson: {Schema: row}}}}
	huma.Register(a.huma, op, func(ctx context.Context, in *ByID) (*huma.StreamResponse, error) {
		c := callerOf(ctx)
		return &huma.StreamResponse{Body: func(hc huma.Context) { a.stream(hc, c, staydown.ID(in.ID)) }}, nil
	})
}

const ndjson = "application/x-ndjson"

func (a *API) stream(hc huma.Context, c access.Caller, campaign staydown.ID) {
	ctx, enc, begun := hc.Context(), json.NewEncoder(hc.BodyWriter()), false
	enc.SetEscapeHTML(false)
	begin := func(status int, kind string) {
		if !begun {
			hc.SetHeader("Content-Type", kind)
			hc.SetStatus(status)
			begun = true
		}
	}
	err := a.Report.Rows(ctx, c, campaign, func(r report.Row) error {
		begin(http.StatusOK, ndjson)
		return enc.Encode(r)
	})
	if err == nil {
		begin(http.StatusOK, ndjson)
		return
	}
	p := a.asProblem(ctx, a.noteRefusal(ctx, c, err))
	begin(p.status, "application/json")
	if err := enc.Encode(p); err != nil {
		a.Log.WarnContext(ctx, "api: answering", "err", err)
	}
}
