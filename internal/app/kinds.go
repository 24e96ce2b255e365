package app

import (
	"time"

	"github.com/staydown/staydown/internal/jobs"
)

// kinds is the table of jobs: what is left by whom and done by whom. Capabilities never call each other; this is the chain.
func (a *App) kinds() []jobs.Kind {
	d := &a.Desks
	return []jobs.Kind{
		{Name: "capture", LeftBy: "intake, capture", DoneBy: "capture", AtOnce: 24, Timeout: 3 * time.Minute, Handle: d.Capture.HandleCapture},
		{Name: "fingerprint", LeftBy: "capture", DoneBy: "fingerprint", AtOnce: 16, Timeout: 2 * time.Minute, Handle: d.Prints.HandleFingerprint},
		{Name: "match", LeftBy: "fingerprint", DoneBy: "match", AtOnce: 16, Timeout: 2 * time.Minute, Handle: d.Match.HandleMatch},
		{Name: "bank", LeftBy: "match", DoneBy: "match/bank", AtOnce: 16, Timeout: 2 * time.Minute, Handle: d.Banks.HandleBank},
		{Name: "rematch", LeftBy: "match/bank", DoneBy: "match/bank", AtOnce: 2, Timeout: 5 * time.Minute, Handle: d.Banks.HandleRematch},
		{Name: "stand", LeftBy: "assess", DoneBy: "assess", AtOnce: 64, Handle: d.Assess.HandleStand},
		{Name: "deconflict", LeftBy: "assess", DoneBy: "deconflict", AtOnce: 64, Handle: d.Conflict.HandleDeconflict},
		{Name: "send", LeftBy: "referral", DoneBy: "referral", AtOnce: 8, Timeout: 2 * time.Minute, Handle: d.Referral.HandleSend},
		{Name: "verify", LeftBy: "referral, verify", DoneBy: "verify", AtOnce: 48, Timeout: 2 * time.Minute, Handle: d.Verify.HandleVerify},
		{Name: "watch", LeftBy: "verify, match", DoneBy: "watch", AtOnce: 8, Timeout: 2 * time.Minute, Handle: d.Watch.HandleWatch},
		{Name: "remind", LeftBy: "referral", DoneBy: "referral", AtOnce: 8, Handle: d.Referral.HandleRemind},
	}
}
