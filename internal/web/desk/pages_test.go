package desk

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/store"
)

// enterAs signs the browser in as somebody, through the page of the one-time link.
func (b *browser) enterAs(t *testing.T, h *house, login string) {
	t.Helper()
	token, err := h.signin.OneTime(t.Context(), signin.Terminal(), "")
	h.must(err)
	b.visit(t, h.server.URL+"/enter/"+token)
	b.do(t, chromedp.Click(chromedp.CSS(fmt.Sprintf(`button[value="%s"]`, h.people[login].ID))))
	b.until(t, `!location.pathname.startsWith("/enter/") && document.readyState === "complete"`)
}

// lived is a house in which things have happened: findings, a letter with answers, a hold, a confirmed return.
func lived(t *testing.T) (h *house, letter string) {
	h = newHouse(t, 5)
	ann, lea, ivo := h.browserOf("ann"), h.browserOf("lea"), h.browserOf("ivo")
	form := url.Values{"act": {"refer"}, "ground": {"c"}, "purpose": {"spread"}, "passage": {"the quoted passage here"}, "public": {"yes"}, "language": {"en, me"}}
	for range 2 {
		item := ann.post("/queue/new/take", url.Values{}).want(303).location
		ann.get(item).want(200)
		ann.looks(item)
		ann.post(item+"/assess", form).want(303)
	}
	h.pass(2 * time.Minute)
	h.work()
	letter = ann.post("/letters", url.Values{"provider": {string(h.provider.ID)}}).want(303).location
	lea.post(letter+"/approve", nil).want(303)
	last := h.items[4]
	ivo.post("/items/"+string(last.ID)+"/hold", url.Values{"scope": {"item"}, "location": {last.Location}, "case": {"C-1"}, "reason": {"r"}}).want(303)
	now := h.clock()
	lineage, r := staydown.NewID(now), staydown.NewID(now)
	h.must(h.s.Act(t.Context(), access.System("test"), func(tx *store.Tx) error {
		for _, err := range []error{
			tx.AddReturn(staydown.Return{ID: r, Item: h.items[3].ID, Of: h.items[2].ID, Owner: h.unit.ID, Circle: h.unit.ID, State: staydown.ReturnCandidate, Kind: "reupload", Score: 91,
				Signals: []staydown.Signal{{Kind: "pdq", Score: 0.9, Detail: "pictures 4 of 256 bits apart"}}, FoundAt: now}),
			tx.AddLineage(staydown.Lineage{ID: lineage, Owner: h.unit.ID, Circle: h.unit.ID, Kind: "site", Name: "wire.example", CreatedAt: now}),
			tx.AddGeneration(staydown.Generation{ID: staydown.NewID(now), Lineage: lineage, Owner: h.unit.ID, Circle: h.unit.ID, Item: h.items[2].ID, N: 1, FromAt: now.Add(-90 * time.Hour), ToAt: now.Add(-60 * time.Hour)}),
			tx.AddGeneration(staydown.Generation{ID: staydown.NewID(now), Lineage: lineage, Owner: h.unit.ID, Circle: h.unit.ID, Item: h.items[1].ID, N: 2, FromAt: now.Add(-50 * time.Hour)}),
		} {
			if err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "propose", Noun: "return", Subject: r, Circle: h.unit.ID})
	}))
	h.lineage, h.day = string(lineage), string(h.campaign(20, 12).ID)
	return h, letter
}

// Every page of the desk, with hostile words in it, in a real browser: nothing of it runs, the policy is never hurt, axe
// finds nothing serious, in both languages and themes.
func TestPagesInABrowser(t *testing.T) {
	b := openBrowser(t)
	h, letter := lived(t)
	_, err := h.d.Journal.(*audit.Log).Sequence(t.Context())
	h.must(err)
	list := h.browserOf("lea").get("/log").want(200)
	events := regexp.MustCompile(`/log/events/\w+`).FindAllString(list.body, -1)
	taken := h.browserOf("lea").post("/queue/new/take", url.Values{}).want(303).location
	decided := regexp.MustCompile(`/items/\w+`).FindString(h.browserOf("ann").get("/items?verdict=terrorist_content").body)
	pages := map[string][]string{
		"lea": {"/queue/new", "/queue/second", taken, decided, "/items", "/letters", "/letters/ready", letter, letter + "/return", "/providers", "/providers/" + string(h.provider.ID), "/campaigns", "/campaigns/" + h.day, "/campaigns/" + h.day + "/freeze",
			"/returns", "/lineages/" + h.lineage, "/log", events[0], events[len(events)-1], "/log/verify", "/me", "/officers", taken + "/alike", taken + "/urgent"},
		"ivo": {"/holds", "/items/" + string(h.items[0].ID) + "/hold"},
		"adm": {"/people"},
	}
	for login, paths := range pages {
		b.theme(t, "light")
		b.enterAs(t, h, login)
		for n, path := range paths {
			for _, lang := range []string{"en", "ar"} {
				name := regexp.MustCompile(`\W+|[0-9A-Z]{26}`).ReplaceAllString(strings.Trim(path, "/"), "-")
				where := fmt.Sprintf("%s-%s-%s", login, name, lang)
				b.theme(t, []string{"light", "dark"}[n%2])
				b.visit(t, h.server.URL+path+"?lang="+lang)
				if title := eval[string](t, b, `document.title`); strings.Contains(title, "owned") || !strings.HasSuffix(title, "Staydown") {
					t.Errorf("%s: the title is %q", where, title)
				}
				if wide := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s: the page is %d pixels wider than the window", where, wide)
				}
				if missing := eval[[]string](t, b, `(document.body.innerText.match(/⟦[^⟧]*⟧/g) || [])`); len(missing) > 0 {
					t.Errorf("%s: words that are in no catalogue: %q", where, missing)
				}
				b.axe(t, where)
				b.silent(t, where)
				b.shoot(t, where, true)
			}
		}
	}
}
