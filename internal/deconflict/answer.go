package deconflict

import (
	"slices"

	"github.com/staydown/staydown"
)

// Answer is what a question about a target is answered, given the active holds, and by which of them: clear, hold or
// answer_partly (this may go, the account may not).
func Answer(holds []staydown.Hold, t Target) (staydown.Act, staydown.Hold) {
	holds = slices.Clone(holds)
	slices.SortFunc(holds, func(a, b staydown.Hold) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	for _, h := range holds {
		if h.State == staydown.HoldActive && (covers(h, t) || takesDown(h, t)) {
			return "hold", h
		}
	}
	for _, h := range holds {
		if h.State == staydown.HoldActive && beside(h, t) {
			return "answer_partly", h
		}
	}
	return "clear", staydown.Hold{}
}

// Steps lists the acts that take a query from where it is to an answer. From clear to partial there is none: both let the item
// go, and a query about the account itself is answered with hold.
func Steps(from staydown.QueryState, answer staydown.Act) []staydown.Act {
	switch answer {
	case "hold":
		switch from {
		case staydown.QueryHeld:
			return nil
		case staydown.QueryPartial:
			return []staydown.Act{"clear", "hold"}
		}
		return []staydown.Act{"hold"}
	case "answer_partly":
		switch from {
		case staydown.QueryAsked:
			return []staydown.Act{"answer_partly"}
		case staydown.QueryPartial, staydown.QueryClear:
			return nil
		}
		return []staydown.Act{"clear"}
	}
	if from == staydown.QueryClear {
		return nil
	}
	return []staydown.Act{"clear"}
}

// MayGo reports whether the answers let an item go: it was asked about in this system, and by every way in which it was asked
// the newest answer lets it. Partial lets a posting go, never the account itself; silence lets it go once a named person has
// decided so.
func MayGo(kind string, queries []staydown.Query) bool {
	newest := map[string]staydown.Query{}
	for _, q := range queries {
		if old, ok := newest[q.By]; !ok || q.AskedAt.After(old.AskedAt) || q.AskedAt.Equal(old.AskedAt) && q.ID > old.ID {
			newest[q.By] = q
		}
	}
	if _, asked := newest[BySystem]; !asked {
		return false
	}
	for _, q := range newest {
		switch {
		case q.State == staydown.QueryClear:
		case q.State == staydown.QueryPartial && !(Target{Kind: kind}).wide():
		case q.State == staydown.QueryNoAnswer && q.DecidedBy != "":
		default:
			return false
		}
	}
	return true
}
