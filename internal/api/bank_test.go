package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/api"
)

const (
	md5A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	pdqA = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
	pdqB = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b2d" // four bits off
)

// bank opens a bank and puts one content into it.
func (b *bench) bank() (bankID, content staydown.ID) {
	b.t.Helper()
	var bank api.Bank
	b.ask("a-lead", "POST", "/banks", `{"name":"POSTERS","labels":{"kind":["poster"]},"radius":{"pdq":40}}`).into(b.t, &bank)
	var c api.BankContent
	a := b.ask("a-lead", "POST", "/banks/"+string(bank.ID)+"/contents", `{"signals":[{"kind":"pdq","value":"`+pdqA+`","quality":90},{"kind":"md5","value":"`+md5A+`"}],"note":"a note","metadata":{"content_id":"x","json":{"a":[1]}}}`)
	a.into(b.t, &c)
	if a.status != http.StatusOK || c.ID == "" || c.Number != 1 {
		b.t.Fatalf("%d %s", a.status, a.body)
	}
	return bank.ID, c.ID
}

func TestALookupExplainsItself(t *testing.T) {
	b := open(t)
	bank, content := b.bank()
	a := b.ask("a-officer", "POST", "/lookups?why=true", `{"signals":[{"kind":"pdq","value":"`+pdqB+`"}]}`)
	var got api.LookupAnswer
	a.into(t, &got)
	if len(got.Hits) != 1 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	h := got.Hits[0]
	if h.Bank != bank || h.Content != content || h.Number != 1 || *h.Distance != 4 || *h.Radius != 40 || *h.Quality != 90 || h.Outcome != staydown.OutcomeMatch || h.Why[0].Code != "within" ||
		h.Note != "a note" || !slices.Equal(h.BankLabels.Kind, []string{"poster"}) || h.Owner != b.unit["a"] || h.Source != "own" {
		t.Errorf("hit: %s", a.body)
	}
	analyst := b.ask("a-analyst", "POST", "/lookups?why=true", `{"signals":[{"kind":"pdq","value":"`+pdqB+`"}]}`)
	for _, secret := range []string{"distance", `"why"`, `"value":"` + pdqA, "radius"} {
		if strings.Contains(analyst.body, secret) {
			t.Errorf("an analyst sees %s: %s", secret, analyst.body)
		}
	}
	if other := b.ask("b-lead", "POST", "/lookups", `{"signals":[{"kind":"md5","value":"`+md5A+`"}]}`); !strings.Contains(other.body, `"hits":[]`) {
		t.Errorf("another unit: %s", other.body)
	}
	b.want(b.ask("a-lead", "POST", "/lookups", `{}`), 422, "lookup.empty")
	b.want(b.ask("a-lead", "POST", "/lookups", `{"signals":[{"kind":"pdq","value":"xyz"}]}`), 422, "bank.signal")
	file := b.ask("a-officer", "POST", "/lookups/file", "no picture", "Content-Type", "application/octet-stream")
	if file.status != http.StatusOK || !strings.Contains(file.body, "no_picture") {
		t.Errorf("a file: %d %s", file.status, file.body)
	}
	compared := b.ask("a-officer", "POST", "/compare", `{"kind":"pdq","a":"`+pdqA+`","b":"`+pdqB+`"}`)
	if !strings.Contains(compared.body, `"distance":4`) || !strings.Contains(compared.body, `"matches":true`) {
		t.Errorf("compared: %s", compared.body)
	}
}

// The life of a content: each act answers, shows in the content, and is proven.
func TestAContentsLife(t *testing.T) {
	b := open(t)
	bank, content := b.bank()
	path := "/banks/" + string(bank) + "/contents/" + string(content)
	get := func() (c api.BankContent) {
		b.ask("a-lead", "GET", path, "").into(t, &c)
		return c
	}
	hits := func() (n int) {
		var a api.LookupAnswer
		b.ask("a-lead", "POST", "/lookups", `{"signals":[{"kind":"md5","value":"`+md5A+`"}]}`).into(t, &a)
		return len(a.Hits)
	}
	for _, c := range []struct {
		who, act, body string
		state          staydown.ContentState
		hits           int
	}{
		{"a-officer", "confirm", `{"reason":"seen"}`, "active", 1},
		{"a-officer", "opinions", `{"opinion":"negative","tags":["x"]}`, "active", 1}, // confirmed all the same
		{"a-officer", "quarantine", `{"reason":"odd"}`, "quarantined", 0},
		{"a-officer", "release", `{"reason":"fine"}`, "active", 1},
		{"a-officer", "reject", `{"reason":"wrong"}`, "active", 0},
		{"a-officer", "confirm", `{"reason":"right"}`, "active", 1},
		{"a-lead", "withdraw", `{"reason":"court"}`, "withdrawn", 0},
		{"a-lead", "add-again", `{"reason":"appeal"}`, "active", 1},
	} {
		if a := b.ask(c.who, "POST", path+"/"+c.act, c.body); a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", c.act, a.status, a.body)
		}
		if got := get(); got.State != c.state || hits() != c.hits {
			t.Errorf("after %s: %s, %d hits", c.act, got.State, hits())
		}
		if c.act == "quarantine" {
			var list api.Page[api.BankContent]
			b.ask("a-overseer", "GET", "/quarantine", "").into(t, &list)
			if len(list.Rows) != 1 || list.Rows[0].QuarantineWhy != "odd" {
				t.Errorf("quarantine: %+v", list.Rows)
			}
		}
	}
	b.want(b.ask("a-lead", "POST", path+"/withdraw", `{"reason":" "}`), 422, "bank.reason")
	b.want(b.ask("a-lead", "POST", path+"/release", `{"reason":"x"}`), 409, "content.state")
	c := get()
	if len(c.Signals) != 2 || len(c.Tombstones) != 2 || c.Tombstones[0].LiftedAt.IsZero() || len(c.Opinions) != 1 || string(c.Metadata.JSON) != `{"a":[1]}` || c.Standing != "confirmed" {
		t.Errorf("content: %+v", c)
	}
	var acts []string
	for _, e := range c.Events {
		acts = append(acts, string(e.Act))
	}
	if !slices.Contains(acts, "withdraw") || len(acts) != 9 {
		t.Errorf("events: %v", acts)
	}
	_, err := b.log.Sequence(t.Context())
	b.must(err)
	var proof struct{ Leaf json.RawMessage }
	at := slices.Index(acts, "withdraw")
	a := b.ask("a-lead", "GET", "/log/proof/"+string(c.Events[at].Event), "")
	a.into(t, &proof)
	if a.status != http.StatusOK {
		t.Errorf("the withdrawal is not proven: %d %s", a.status, a.body)
	}

	b.want(b.ask("b-lead", "GET", path, ""), 404, "access.circle")
	b.want(b.ask("a-lead", "PATCH", "/banks/"+string(bank), `{"ratio":0.5}`), 200, "")
	b.want(b.ask("a-lead", "DELETE", "/banks/"+string(bank), ""), 200, "")
	if hits() != 0 {
		t.Error("a closed bank matches")
	}
}

func TestTakingOverASourcesList(t *testing.T) {
	b := open(t)
	bank, _ := b.bank()
	path := "/banks/" + string(bank) + "/take"
	list := `{"source":"list.csv","contents":[{"key":"1","signals":[{"kind":"md5","value":"` + strings.Repeat("b", 32) + `"}],"opinions":[{"source":"s","opinion":"positive"}]},
		{"key":"2","signals":[{"kind":"md5","value":"` + strings.Repeat("c", 32) + `"}]}]}`
	if a := b.ask("a-lead", "POST", path, list); !strings.Contains(a.body, `"added":2`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.ask("a-lead", "POST", path, `{"source":"list.csv","contents":[{"key":"2","withdrawn":true}]}`); !strings.Contains(a.body, `"withdrawn":1`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	b.want(b.ask("a-lead", "POST", path, `{"source":"own","contents":[]}`), 422, "bank.source")
	var page api.Page[api.BankContent]
	b.ask("a-lead", "GET", "/banks/"+string(bank)+"/contents?limit=2", "").into(t, &page)
	if len(page.Rows) != 2 || page.Next != "2" {
		t.Errorf("page: %+v", page)
	}
	b.ask("a-lead", "GET", "/banks/"+string(bank)+"/contents?limit=2&after=2", "").into(t, &page)
	if len(page.Rows) != 1 || page.Rows[0].State != staydown.ContentWithdrawn {
		t.Errorf("the next page: %+v", page)
	}
}

func TestLookupsAreRationed(t *testing.T) {
	b := open(t)
	b.bank()
	limited := 0
	for range 260 {
		a := b.ask("a-lead", "POST", "/lookups", `{"signals":[{"kind":"md5","value":"`+md5A+`"}]}`)
		switch a.status {
		case http.StatusTooManyRequests:
			limited++
			b.want(a, 429, "lookup.rate")
		case http.StatusOK:
		default:
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if limited == 0 {
		t.Error("260 lookups at once were answered")
	}
	if a := b.ask("a-officer", "POST", "/lookups", `{"signals":[{"kind":"md5","value":"`+md5A+`"}]}`); a.status != http.StatusOK {
		t.Errorf("somebody else is limited, too: %d %s", a.status, a.body)
	}
}
