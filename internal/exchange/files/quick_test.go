package files

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sameAsJSON: what the quick reader takes, encoding/json reads alike.
func sameAsJSON(t *testing.T, rec string) (took bool) {
	t.Helper()
	var a, b bankRowJSON
	if !quick(rec, &a) {
		return false
	}
	if err := json.Unmarshal([]byte(rec), &b); err != nil {
		t.Fatalf("%q is read, and is no JSON: %v", rec, err)
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Fatalf("%q: %s", rec, diff)
	}
	return true
}

func TestQuick(t *testing.T) {
	for rec, takes := range map[string]bool{
		`{"signal":"pdq","value":"00","quality":87,"content":"c","labels":["entity:x","نص"],"opinion":"positive","source":"s","at":"2026-05-04T03:02:01Z","frame":3,"seconds":0.033}`: true,
		`{"signal":"a","signal":"b"}`: true,
		`{"seconds":1.50}`:            true,
		`{"seconds":1e5}`:             false,
		`{"seconds":1.2.3}`:           false,
		`{"frame":01}`:                false,
		`{"frame":-1}`:                false,
		`{"value":"a\nb"}`:            false,
		`{"Signal":"a"}`:              false,
		`{ "signal":"a"}`:             false,
		`{"labels":[]}`:               false,
		`{}`:                          false,
		`{"signal":"a"}x`:             false,
		"{\"signal\":\"\xff\"}":       false,
	} {
		if got := sameAsJSON(t, rec); got != takes {
			t.Errorf("%s: taken %v", rec, got)
		}
	}
}

func FuzzQuick(f *testing.F) {
	f.Add(`{"signal":"pdq","value":"00","quality":87,"labels":["entity:x"],"seconds":0.033}`)
	f.Fuzz(func(t *testing.T, rec string) { sameAsJSON(t, rec) })
}
