package bank_test

import (
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// What was cleaned once is clean, and equals itself.
func FuzzClean(f *testing.F) {
	for _, kind := range staydown.SignalKinds() {
		for _, v := range []string{"", words, "https://relay.example/a?b#c", "d41d8cd98f00b204e9800998ecf8427e", `{"and":[{"or":["x"]}],"not":[]}`,
			"f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22", "T1" + "00"} {
			f.Add(kind, v)
		}
	}
	f.Fuzz(func(t *testing.T, kind, value string) {
		clean, err := bank.Clean(kind, value)
		if err != nil {
			if staydown.KindOf(err) != staydown.Invalid {
				t.Fatalf("%s: %v", kind, err)
			}
			return
		}
		again, err := bank.Clean(kind, clean)
		if err != nil || again != clean {
			t.Errorf("%s %q became %q, and that %q (%v)", kind, value, clean, again, err)
		}
		if r, err := bank.Compare(kind, clean, value); err != nil || r.Distance != 0 {
			t.Errorf("%s %q lies %d from itself (%v)", kind, value, r.Distance, err)
		}
	})
}
