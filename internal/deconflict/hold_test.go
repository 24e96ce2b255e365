package deconflict

import (
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
)

func TestWhatIsAskedToBeHeld(t *testing.T) {
	for name, c := range map[string]struct {
		n        NewHold
		location string
		host     string
		where    string
	}{
		"an item":              {NewHold{Location: "HTTPS://WWW.Relay.Example:443/marker/12?utm_source=x", Case: "C1"}, "https://www.relay.example/marker/12", "relay.example", ""},
		"a host by its name":   {NewHold{Location: "Relay.Example", Scope: staydown.HoldHost, Case: "C1"}, "relay.example", "relay.example", ""},
		"a host by an address": {NewHold{Location: "https://relay.example/any", Scope: staydown.HoldHost, Reason: "r"}, "relay.example", "relay.example", ""},
		"an account":           {NewHold{Location: "https://relay.example/@marker", Scope: staydown.HoldAccount, Case: "C1"}, "https://relay.example/@marker", "relay.example", ""},
		"no address":           {NewHold{Location: "marker", Case: "C1"}, "", "", "location"},
		"nothing":              {NewHold{Case: "C1"}, "", "", "location"},
		"an unknown scope":     {NewHold{Location: "https://relay.example/1", Scope: "galaxy", Case: "C1"}, "", "", "scope"},
		"no case, no reason":   {NewHold{Location: "https://relay.example/1", Case: " "}, "", "", "case"},
		"a novel":              {NewHold{Location: "https://relay.example/1", Reason: strings.Repeat("x", maxText+1)}, "", "", "reason"},
	} {
		h, err := c.n.canonical()
		if c.where == "" {
			if err != nil || h.Location != c.location || h.Host != c.host {
				t.Errorf("%s: %+v %v", name, h, err)
			}
			continue
		}
		if e, ok := err.(*staydown.Error); !ok || e.Kind != staydown.Invalid || e.Where != c.where {
			t.Errorf("%s: %v, want invalid at %s", name, err, c.where)
		}
	}
}

func TestDueNeverMeansOver(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h := itemHold("https://relay.example/marker/12")
	h.ReviewAt = now.AddDate(-1, 0, 0)
	if got := due([]staydown.Hold{h}, now); len(got) != 1 {
		t.Errorf("a hold a year past its review is not due: %v", got)
	}
	if act, _ := Answer([]staydown.Hold{h}, Target{Location: h.Location}); act != "hold" {
		t.Errorf("a hold past its review answers %s", act)
	}
	h.State = staydown.HoldLifted
	if got := due([]staydown.Hold{h}, now); len(got) != 0 {
		t.Errorf("a lifted hold is due: %v", got)
	}
}
