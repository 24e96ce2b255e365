package e2e

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// event is what the stories read of a line of truth.jsonl.
type event struct {
	Kind       string `json:"kind"`
	Provider   string `json:"provider"`
	Channel    string `json:"channel"` // webhook, email
	Message    string `json:"message"`
	Key        string `json:"key"` // Idempotency-Key, or Message-ID
	Letter     string `json:"letter"`
	LetterKind string `json:"letter_kind"`
	Receipt    string `json:"receipt"`
	Reason     string `json:"reason"`
	Lines      []struct {
		Line string `json:"line"`
		URL  string `json:"url"`
	} `json:"lines"`
}

// Kinds of events that the stories look at.
const (
	tookLetter    = "letter"             // taken in
	tookDuplicate = "duplicate_delivery" // the same message once more
)

// truthOf reads the truth of a data directory; a torn last line, as a killed
// process leaves it, is no event.
func truthOf(t *testing.T, dir string) []event {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []event
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<16), 8<<20)
	torn := ""
	for lines.Scan() {
		if torn != "" {
			t.Fatalf("%s has a torn line in its midst: %s", f.Name(), torn)
		}
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			torn = lines.Text()
			continue
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// deliveries counts by key how often each message came: taken in, and repeated.
func deliveries(events []event, channel string) (taken, repeated map[string]int) {
	taken, repeated = map[string]int{}, map[string]int{}
	for _, e := range events {
		switch {
		case e.Channel != channel:
		case e.Kind == tookLetter:
			taken[e.Key]++
		case e.Kind == tookDuplicate:
			repeated[e.Key]++
		}
	}
	return taken, repeated
}

// came tells whether a letter arrived on a channel, for the first time or again.
func came(events []event, channel string) bool {
	return slices.ContainsFunc(events, func(e event) bool {
		return e.Channel == channel && (e.Kind == tookLetter || e.Kind == tookDuplicate)
	})
}
