package hma

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// The defects of HMA that concern this surface, by their number in docs/guide/hma.md.

// one opens a bank with one picture hash and gives the answer's number.
func (b *bench) one(name string) {
	b.t.Helper()
	b.want(b.ask("POST", "/c/banks", `{"name":"`+name+`"}`), 201, `"name":"`+name+`"`)
	b.want(b.ask("POST", "/c/bank/"+name+"/signal", `{"pdq":"`+pdqA+`"}`), 200, `"pdq":"`+pdqA+`"`)
}

func (b *bench) hits(query string) string {
	b.t.Helper()
	r := b.ask("GET", "/m/lookup?signal="+pdqA+"&signal_type=pdq"+query, "")
	if r.status != 200 {
		b.t.Errorf("lookup: %d %s", r.status, r.body)
	}
	return r.flat()
}

func TestB1ADeletionCountsWithTheNextLookup(t *testing.T) {
	b := open(t)
	b.one("X")
	b.want(b.ask("DELETE", "/c/bank/X/content/1", ""), 200, `{"deleted":1}`)
	if got := b.hits(""); got != "{}" {
		t.Errorf("what was deleted matches: %s", got)
	}
	b.want(b.ask("GET", "/m/raw_lookup?signal="+pdqA+"&signal_type=pdq", ""), 200, `{"matches":[]}`)
	b.want(b.ask("GET", "/c/bank/X/content/1", ""), 404, "not found")
	b.want(b.ask("DELETE", "/c/bank/X/content/1", ""), 404, "not found")
}

func TestB2ASignalTypeCanBeDisabled(t *testing.T) {
	b := open(t)
	b.one("X")
	if r := b.ask("PUT", "/c/signal_type/pdq", `{"enabled_ratio":0}`); r.status != 204 || r.body != "" {
		t.Errorf("%d %s", r.status, r.body)
	}
	b.want(b.ask("GET", "/c/signal_type", ""), 200, `{"enabled_ratio":0.0,"name":"pdq"}`)
	if got := b.hits(""); got != "{}" {
		t.Errorf("a disabled type matches: %s", got)
	}
	b.want(b.ask("PUT", "/c/signal_type/none", `{"enabled_ratio":0}`), 404, "No such SignalType 'none'")
	b.want(b.ask("PUT", "/c/signal_type/pdq", `{"enabled_ratio":2}`), 400, "between 0 and 1")
}

func TestB3WhatIsDisputedOrOnlySuspectedIsNoMatch(t *testing.T) {
	b := open(t)
	b.want(b.ask("POST", "/c/banks", `{"name":"X"}`), 201, "")
	c := b.caller["a-lead"]
	x, err := b.s.Banks.Named(t.Context(), c, "X")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		says []staydown.Opinion
		hit  bool
	}{
		{[]staydown.Opinion{staydown.OpinionPositive}, true},
		{[]staydown.Opinion{staydown.OpinionPositive, staydown.OpinionNegative}, false},
		{[]staydown.Opinion{staydown.OpinionNegative}, false},
		{[]staydown.Opinion{staydown.OpinionSeed}, false},
	} {
		n := bank.New{Key: fmt.Sprint(i), Signals: []bank.Signal{{Kind: "md5", Value: fmt.Sprintf("%032x", i+1), Quality: -1}}}
		for k, o := range c.says {
			n.Opinions = append(n.Opinions, bank.Voice{Source: fmt.Sprint(k), Opinion: o})
		}
		if _, err := b.s.Banks.Take(t.Context(), b.caller["a-lead"], x.ID, "EXCHANGE", []bank.New{n}); err != nil {
			t.Fatal(err)
		}
		r := b.ask("GET", fmt.Sprintf("/m/lookup?signal=%032x&signal_type=video_md5", i+1), "")
		if hit := r.flat() != "{}"; hit != c.hit {
			t.Errorf("%v: %s", c.says, r.flat())
		}
	}
	b.want(b.ask("GET", "/c/bank/X/content/1?include_signals=true", ""), 200, `"metadata":{"collab":{"EXCHANGE":["0"]}}`)
}

func TestB7AnAddressIsFetchedOnlyWhereTheGuardLets(t *testing.T) {
	b := open(t)
	var loop string
	loop = b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/inside":
			http.Redirect(w, r, "http://127.0.0.1:80/", http.StatusFound)
		case "/round":
			http.Redirect(w, r, loop+"/round", http.StatusFound)
		case "/large":
			w.Header().Set("Content-Length", fmt.Sprint(int64(200<<20)))
			w.Header().Set("Content-Type", "image/png")
		case "/endless":
			w.Header().Set("Content-Type", "video/mp4")
			io.Copy(w, io.LimitReader(zeros{}, 3<<20))
		case "/gone":
			http.NotFound(w, r)
		default:
			w.Header().Set("Content-Type", "image/png")
			w.Write(picture(1))
		}
	}))
	b.s.MostFile = 2 << 20
	for address, c := range map[string]struct {
		status int
		text   string
	}{
		"http://media.example/ok":           {200, `"pdq"`},
		"":                                  {400, "Missing 'url'"},
		"ftp://media.example/":              {400, "Invalid URL"},
		"http://user:secret@media.example/": {400, "Invalid URL"},
		"http://127.0.0.1/":                 {400, "does not fetch from there"},
		"http://[::1]/":                     {400, "does not fetch from there"},
		"http://169.254.169.254/latest/meta-data": {400, "does not fetch from there"},
		"http://github.com/":                      {400, "does not fetch from there"}, // no host is let through always
		"http://media.example/inside":             {400, "does not fetch from there"},
		"http://media.example/round":              {400, "too many redirects"},
		"http://media.example/large":              {413, "Content too large"},
		"http://media.example/endless":            {413, "Content too large"},
		"http://media.example/gone":               {400, "404"},
	} {
		b.want(b.ask("GET", "/h/hash?url="+address, ""), c.status, c.text)
	}
	b.s.Fetch.Hosts = []string{"other.example", ".elsewhere.example"}
	b.want(b.ask("GET", "/h/hash?url=http://media.example/ok", ""), 400, "does not fetch from there")
	b.s.Fetch.Hosts = []string{".example"}
	b.want(b.ask("GET", "/h/hash?url=http://media.example/ok", ""), 200, `"pdq"`)
	b.s.Fetch.Hosts = []string{"media.example:8080"}
	b.want(b.ask("GET", "/h/hash?url=http://media.example/ok", ""), 400, "does not fetch from there")
	b.s.Fetch = Fetcher{}
	b.want(b.ask("GET", "/h/hash?url=http://media.example/ok", ""), 400, "does not fetch from there")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestB8NobodyAsksUnknown(t *testing.T) {
	b := open(t)
	b.one("X")
	b.as("")
	for _, r := range routes {
		path := "/" + strings.ReplaceAll(r.path, "*", "X")
		b.want(b.ask(r.method, path, ""), 401, "token")
	}
	b.header.Set("Authorization", "Bearer staydown_wrong")
	b.want(b.ask("GET", "/c/banks", ""), 401, "opens nothing")
	b.header.Del("Authorization")
	for _, path := range []string{"/status", "/status/live", "/site-map"} {
		if r := b.ask("GET", path, ""); r.status != 200 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	b.as("a-analyst") // looks up, keeps no banks, sees no distances
	b.want(b.ask("POST", "/c/banks", `{"name":"Y"}`), 403, "missing role")
	b.want(b.ask("POST", "/m/compare", `{"pdq":["`+pdqA+`","`+pdqB+`"]}`), 403, "missing role")
	b.want(b.ask("DELETE", "/c/bank/X/content/1", ""), 403, "missing role")
	if got := b.hits(""); got != `{"X":[{"bank_content_id":1}]}` {
		t.Errorf("an analyst: %s", got)
	}
	b.as("a-admin")
	b.want(b.ask("GET", "/m/lookup?signal="+pdqA+"&signal_type=pdq", ""), 403, "missing role")
	b.want(b.ask("GET", "/h/hash?url=http://media.example/", ""), 403, noHasher)
	if len(b.notes) < 4 || b.notes[0].Act != "refuse" {
		t.Errorf("the refusals were not recorded: %v", b.notes)
	}
}

func TestB9AndB19AContentIsReachedThroughItsOwnBankOnly(t *testing.T) {
	b := open(t)
	b.one("A")
	b.one("B")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		b.want(b.ask(method, "/c/bank/A/content/2", `{"note":"x"}`), 404, "content '2' not found")
	}
	b.want(b.ask("GET", "/c/bank/B/content/2", ""), 200, `"id":2`)
	b.as("b-lead")
	b.want(b.ask("GET", "/c/banks", ""), 200, "[]")
	b.want(b.ask("DELETE", "/c/bank/B/content/2", ""), 404, "bank 'B' not found")
	if got := b.hits(""); got != "{}" {
		t.Errorf("another unit: %s", got)
	}
	b.as("a-lead")
	if got := b.hits("&banks=B"); !strings.HasPrefix(got, `{"B":`) || strings.Contains(got, `"A"`) {
		t.Errorf("one bank: %s", got)
	}
}

func TestB13APaletteIsSeenInItsColours(t *testing.T) {
	b := open(t)
	grey, err := png.Decode(bytes.NewReader(picture(7)))
	if err != nil {
		t.Fatal(err)
	}
	var p color.Palette
	for i := range 256 { // the indices run against the colours
		p = append(p, color.Gray{uint8(255 - i)})
	}
	indexed := image.NewPaletted(grey.Bounds(), p)
	for y := range 256 {
		for x := range 256 {
			indexed.SetColorIndex(x, y, 255-grey.(*image.Gray).GrayAt(x, y).Y)
		}
	}
	var file bytes.Buffer
	png.Encode(&file, indexed)
	plain, palette := b.upload("/h/hash", "photo", picture(7)), b.upload("/h/hash", "photo", file.Bytes())
	if plain.status != 200 || plain.body != palette.body {
		t.Errorf("the same picture: %s and %s", plain.body, palette.body)
	}
}

func TestB14APlainPictureIsNoError(t *testing.T) {
	b := open(t)
	b.one("X")
	white := picture(0)
	b.want(b.upload("/h/hash", "photo", white), 200, `{"pdq":""}`)
	b.want(b.upload("/m/lookup", "photo", white), 200, `{"pdq":{}}`)
	b.want(b.ask("GET", "/m/lookup?signal=&signal_type=pdq", ""), 200, "{}")
	b.want(b.ask("GET", "/m/lookup?signal=xyz&signal_type=pdq", ""), 400, "invalid signal")
}

func TestB17AnswersAreWhatTheySay(t *testing.T) {
	b := open(t)
	b.one("X")
	b.want(b.ask("GET", "/c/exchanges", ""), 200, "[]")
	b.want(b.ask("GET", "/c/exchanges/apis", ""), 200, "[]")
	b.want(b.ask("POST", "/c/exchanges", `{"bank":"X","api":"sample","api_json":{}}`), 400, noExchanges)
	b.want(b.ask("PUT", "/c/exchange/X", `{"enabled":true}`), 404, `"message":"Exchange 'X' not found"`)
	b.want(b.ask("GET", "/c/exchange/X/status", ""), 404, "not found")
	b.want(b.ask("GET", "/c/exchanges/api/sample/schema", ""), 404, noExchanges)
	b.want(b.ask("POST", "/c/exchanges/api/sample", `{"credential_json":{}}`), 400, noExchanges)
	b.want(b.ask("GET", "/m/index/status?signal_type=pdq", ""), 200, `"present":true,"size":1`)
	b.want(b.ask("GET", "/m/index/status", ""), 200, `"video_md5":{"built_to":-1,"present":false,"size":0}`)
	b.want(b.ask("GET", "/c/signal_type/index", ""), 200, `"index_out_of_date":false`)
}

func TestB18ADeletionStands(t *testing.T) {
	b := open(t)
	b.want(b.ask("POST", "/c/banks", `{"name":"X"}`), 201, "")
	x, err := b.s.Banks.Named(t.Context(), b.caller["a-lead"], "X")
	if err != nil {
		t.Fatal(err)
	}
	fetch := func() {
		n := bank.New{Key: "k", Signals: []bank.Signal{{Kind: "pdq", Value: pdqA, Quality: -1}}, Opinions: []bank.Voice{{Source: "s", Opinion: staydown.OpinionPositive}}}
		if _, err := b.s.Banks.Take(t.Context(), b.caller["a-lead"], x.ID, "EXCHANGE", []bank.New{n}); err != nil {
			t.Fatal(err)
		}
	}
	fetch()
	b.want(b.ask("DELETE", "/c/bank/X/content/1", ""), 200, `{"deleted":1}`)
	fetch()
	if got := b.hits(""); got != "{}" {
		t.Errorf("the next fetch brought it back: %s", got)
	}
	b.s.Trust = Trust{From: []netip.Prefix{netip.MustParsePrefix("192.0.2.9/32")}, Circle: b.unit["a"], Keep: true, Hosts: []string{"desk.example"}}
	b.as("")
	b.want(b.ask("POST", "/c/bank/X/signal", `{"pdq":"`+pdqA+`"}`), 403, "withdrawn") // nobody is known behind an address
	b.as("a-lead")
	b.want(b.ask("POST", "/c/bank/X/signal", `{"pdq":"`+pdqA+`"}`), 200, `"id":`)
	if got := b.hits(""); !strings.Contains(got, `"distance":"0"`) {
		t.Errorf("a person adds it again: %s", got)
	}
}

func TestB20ADisabledBankIsDisabled(t *testing.T) {
	b := open(t)
	for body, ratio := range map[string]string{
		`{"name":"X","enabled":false}`:                                    "0.0",
		`{"name":"X","enabled":"false"}`:                                  "0.0",
		`{"name":"X","enabled":false,"enabled_ratio":0.5}`:                "0.0",
		`{"name":"X","enabled":"true","matching_enabled_ratio":1.0}`:      "1.0",
		`{"name":"X","enabled_ratio":"1"}`:                                "1.0",
		`{"name":"X","enabled_ratio":"true"}`:                             "1.0",
		`{"name":"X","enabled_ratio":0}`:                                  "0.0",
		`{"name":"X","enabled_ratio":0.25}`:                               "0.25",
		`{"name":"X"}`:                                                    "1.0",
		`{"name":"X","enabled":null,"enabled_ratio":null}`:                "1.0",
		`{"name":"X","enabled":true,"enabled_ratio":"0.5","unknown":[1]}`: "0.5",
	} {
		b.want(b.ask("DELETE", "/c/bank/X", ""), 200, "Done")
		b.want(b.ask("POST", "/c/banks", body), 201, `{"matching_enabled_ratio":`+ratio+`,"name":"X"}`)
		b.want(b.ask("POST", "/c/bank/X/signal", `{"pdq":"`+pdqA+`"}`), 200, "")
		if got := b.hits(""); ratio == "0.0" && got != "{}" || ratio == "1.0" && got == "{}" {
			t.Errorf("%s: %s", body, got)
		}
	}
	b.want(b.ask("DELETE", "/c/bank/X", ""), 200, "Done")
	b.one("X")
	b.want(b.ask("PUT", "/c/bank/X", `{"enabled":false}`), 200, `"matching_enabled_ratio":0.0`)
	b.want(b.ask("PUT", "/c/bank/X", `{"enabled":true}`), 200, `"matching_enabled_ratio":1.0`)
	b.want(b.ask("PUT", "/c/bank/X", `{"enabled_ratio":0}`), 200, `"matching_enabled_ratio":0.0`)
	b.want(b.ask("PUT", "/c/bank/X", `{"enabled":true}`), 200, `"matching_enabled_ratio":1.0`)
}

func TestStatusIsExact(t *testing.T) {
	b := open(t)
	if r := b.ask("GET", "/status", ""); r.status != 200 || r.body != "I-AM-ALIVE" {
		t.Errorf("%d %q", r.status, r.body)
	}
	b.s.tide.last = time.Time{}
	if got, _ := b.s.tide.state(); got != notLoaded {
		t.Error(got)
	}
}
