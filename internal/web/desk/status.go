package desk

import (
	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/web/page"
)

// Status is one of the two: what the provider says ("line.<Word>"), or what we saw ("sight.<Word>"), with the state whose
// colour and shape it has.
type Status struct {
	State string
	Word  string
}

// saying is the provider's word on a line. Nothing said yet is unknown, a refusal means that it stays up.
func saying(s staydown.LineState) Status {
	state := page.StateUnknown
	switch s {
	case staydown.LineRemoved, staydown.LineDisabled, staydown.LineAlreadyGone:
		state = page.StateGone
	case staydown.LineRefused:
		state = page.StateUp
	case staydown.LineNeedMore, staydown.LineWrongAddressee:
		state = page.StateWarn
	case staydown.LineWithdrawn:
		state = page.StateHeld
	case "":
		return Status{Word: "not_asked"} // no mark: nobody was asked
	}
	return Status{State: state, Word: string(s)}
}

// sighting is our own last look.
func sighting(s staydown.Sight) Status {
	switch s {
	case staydown.Gone:
		return Status{page.StateGone, "gone"}
	case staydown.Up:
		return Status{page.StateUp, "up"}
	case staydown.Changed:
		return Status{page.StateWarn, "changed"}
	case staydown.Unseen:
		return Status{page.StateUnknown, "unknown"}
	}
	return Status{Word: "not_yet"} // no mark: neither said nor seen
}
