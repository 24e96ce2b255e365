package rules

import (
	"strings"
	"testing"

	"github.com/staydown/staydown"
)

// sighting reads "BE gone 404 provider" and "DE unknown 451 provider hidden".
func sighting(s string) Sighting {
	f := strings.Fields(s)
	v := Sighting{From: "direct", Country: f[0]}
	v.Verdict = Verdict{Verdict: staydown.Sight(f[1]), Signal: f[2], Cause: CauseUnknown}
	for _, more := range f[3:] {
		if more == "hidden" {
			v.Hidden = true
		} else {
			v.Cause = more
		}
	}
	return v
}

func TestCombine(t *testing.T) {
	for in, want := range map[string]string{
		"BE up content":                                                  "up content",
		"BE up content; DE gone 404":                                     "up disabled in DE",
		"BE gone 404; DE up content":                                     "up disabled in BE",
		"BE unknown geo_block; DE up content; FR up content":             "up disabled in BE",
		"BE unknown 451 provider hidden; DE up content":                  "up disabled in BE",
		"BE changed content; DE gone 404":                                "changed disabled in DE",
		"BE changed content; DE up content":                              "up content",
		"BE gone 404; DE gone tombstone author":                          "gone 404 author",
		"BE gone 404 provider; DE gone 404 author":                       "gone 404 unknown",
		"BE gone 404; DE unknown timeout":                                "gone 404 unknown",
		"BE gone 404; DE unknown login_wall":                             "gone 404 unknown",
		"BE gone 404; DE unknown geo_block":                              "unknown geo_block unknown",
		"BE unknown 451 provider hidden":                                 "unknown 451 unknown",
		"BE unknown 451 provider hidden; BE unknown 451 provider hidden": "unknown 451 unknown",
		"BE unknown 451 provider hidden; DE unknown 451 provider hidden": "gone 451 provider",
		"BE unknown 451 provider hidden; DE gone 404":                    "gone 451 provider",
		"BE unknown dns hidden; DE unknown proxy":                        "unknown dns unknown",
		"BE unknown captcha; DE unknown login_wall":                      "unknown captcha unknown",
		"BE unknown timeout; DE gone 410 provider":                       "gone 410 provider",
	} {
		var all []Sighting
		for _, s := range strings.Split(in, ";") {
			all = append(all, sighting(s))
		}
		w := Combine(all)
		got := strings.TrimSpace(string(w.Verdict) + " " + w.Signal + " " + w.Cause)
		if len(w.Disabled) > 0 {
			got += " in " + strings.Join(w.Disabled, ",")
		}
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if w := Combine(nil); w.Verdict != staydown.Unseen {
		t.Errorf("nothing: %+v", w)
	}
}

// No order of places may change what they mean together.
func TestCombineInAnyOrder(t *testing.T) {
	parts := []string{"BE up content", "DE gone 404 author", "FR unknown geo_block", "NL unknown 451 provider hidden", "ES changed content"}
	for mask := range 1 << len(parts) {
		var forth, back []Sighting
		for i, p := range parts {
			if mask>>i&1 == 1 {
				forth = append(forth, sighting(p))
				back = append([]Sighting{sighting(p)}, back...)
			}
		}
		if a, b := Combine(forth), Combine(back); a.Verdict != b.Verdict || a.Cause != b.Cause {
			t.Errorf("%b: %+v, %+v", mask, a, b)
		}
	}
}
