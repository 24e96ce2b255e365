package app

import (
	"time"

	"github.com/staydown/staydown/internal/jobs"
)

// kinds is the table of jobs: what is left by whom and done by whom. Capabilities never call each other; this is the chain.
func (a *App) kinds() []jobs.Kind {
	d := &a.Desks
	return []jobs.Kind{
		{Name: "stand", LeftBy: "assess", DoneBy: "assess", AtOnce: 32, Handle: d.Assess.HandleStand},
		{Name: "deconflict", LeftBy: "assess", DoneBy: "deconflict", AtOnce: 32, Handle: d.Conflict.HandleDeconflict},
		{Name: "send", LeftBy: "referral", DoneBy: "referral", AtOnce: 8, Timeout: 2 * time.Minute, Handle: d.Referral.HandleSend},
		{Name: "remind", LeftBy: "referral", DoneBy: "referral", AtOnce: 8, Handle: d.Referral.HandleRemind},
	}
}
