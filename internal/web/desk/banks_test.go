package desk

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/store"
)

// hostile is a note from outside that is meant badly.
const hostile = "<script>document.title='owned'</script>\u202Egpj.exe"

// knownHash is a picture that the tests know; nearHash lies 8 bits from it, farHash 40.
var (
	knownHash = strings.Repeat("f0c3", 16)
	nearHash  = "0fc3" + strings.Repeat("f0c3", 15)
	farHash   = strings.Repeat("0fc3", 5) + strings.Repeat("f0c3", 11)
)

// plain fails where words from outside are markup, or a picture is asked for.
func (a answer) plain() answer {
	a.t.Helper()
	for _, bad := range []string{"<script>document", "\"><b>", "<img"} {
		if strings.Contains(a.body, bad) {
			a.t.Errorf("%s has %s in its markup", a.what, bad)
		}
	}
	return a
}

// bankSettings is the settings of a bank as the page sends them.
func bankSettings(more ...string) url.Values {
	f := url.Values{"share": {"100"}, "expire_days": {"0"}, "enabled": {"yes"}}
	for i := 0; i < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

// send posts a form with a file.
func (v *visitor) send(path string, form url.Values, file []byte) answer {
	v.h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range form {
		for _, value := range values {
			v.h.must(m.WriteField(name, value))
		}
	}
	if file != nil {
		w, err := m.CreateFormFile("file", "../../picture.png")
		v.h.must(err)
		_, err = w.Write(file)
		v.h.must(err)
	}
	v.h.must(m.Close())
	r, err := http.NewRequest("POST", v.h.server.URL+path, &b)
	v.h.must(err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return v.do(r)
}

// stocked is a house with a bank, a known-good bank, contents in every state, and an item that hit one.
func stocked(t *testing.T) (h *house, bankPath string, contents []string) {
	h = newHouse(t, 2)
	lea := h.browserOf("lea")
	lea.get("/banks").want(200).says("No bank yet")
	bankPath = lea.post("/banks", bankSettings("name", "NORTH_VIDEOS", "note", hostile, "label_entity", "North, الشمال", "radius_pdq", "36")).want(303).location
	for _, c := range []url.Values{
		{"kind": {"pdq"}, "value": {knownHash}, "note": {hostile}, "label_kind": {"poster"}},
		{"kind": {"md5"}, "value": {strings.Repeat("0a", 16)}, "note": {"a file by its digest"}},
		{"kind": {"url"}, "value": {"https://relay.example/north/100"}, "note": {"an address"}},
		{"kind": {"text"}, "value": {"exercise text, not real, long enough to be compared with others of its kind, and a little longer still"}},
	} {
		contents = append(contents, lea.post(bankPath+"/contents", c).want(303).location)
	}
	contents = append(contents, lea.send(bankPath+"/contents", url.Values{"kind": {"pdq"}, "note": {"by a file"}}, picture()).want(303).location)
	lea.post(contents[1]+"/quarantine", url.Values{"reason": {"matched far too often"}}).want(303)
	lea.post(contents[2]+"/opinion", url.Values{"opinion": {"positive"}}).want(303)
	return h, bankPath, contents
}

func TestABankIsMadeAndKept(t *testing.T) {
	h, path, contents := stocked(t)
	lea, ann := h.browserOf("lea"), h.browserOf("ann")
	lea.get("/banks").want(200).says("NORTH_VIDEOS", "picture (PDQ)", "file (MD5)", "set here", "100", "Unit North", "الشمال", "Put aside 1").plain()
	lea.post("/banks", bankSettings("name", "lower case", "note", "kept words")).want(422).says("UPPER_WITH_UNDERSCORE")
	if again := lea.post("/banks", bankSettings("name", "NORTH_VIDEOS", "note", "kept words")).want(422); !strings.Contains(again.body, "kept words") {
		t.Error("what was typed is lost")
	}
	for field, value := range map[string]string{"share": "many", "expire_days": "-1", "radius_pdq": "64", "label_kind": strings.Repeat("x", 201)} {
		lea.post(path, bankSettings("name", "NORTH_VIDEOS", field, value)).want(422)
	}
	lea.post(path, bankSettings("name", "NORTH_VIDEOS", "share", "10", "radius_pdq", "12", "label_language", "ar، en")).want(303)
	lea.get(path).want(200).says("10%", "language: ar , en", "by a file", "a file by its digest", "put aside", "numbers 1 to 5").plain()
	lea.get(path + "?state=quarantined").want(200).says("a file by its digest").hides("an address")
	lea.get(path + "?number=2").want(303)
	lea.get(path + "?number=x").want(422)
	lea.get(path + "?number=999").want(404)
	lea.post(path+"/contents", url.Values{"kind": {"pdq"}, "value": {"abc"}, "note": {"kept note"}}).want(422).says("no signal of kind pdq")
	lea.post(path+"/contents", url.Values{"kind": {"pdq"}}).want(422).says("needs a signal")

	ann.get(path).want(200).hides("Add a content", path+`/contents"`)
	ann.post(path, bankSettings("name", "MINE")).want(403)
	ann.send(path+"/contents", url.Values{"kind": {"pdq"}}, picture()).want(403)
	ann.post(contents[0]+"/withdraw", url.Values{"reason": {"r"}}).want(403)
	ann.get(contents[0] + "/withdraw").want(409)
	h.browserOf("far").get(path).want(404)
	h.browserOf("far").get(contents[0]).want(404)
	h.browserOf("adm").get("/banks").want(403)
}

func TestAContentIsJudged(t *testing.T) {
	h, _, contents := stocked(t)
	lea, ann := h.browserOf("lea"), h.browserOf("ann")
	lea.get(contents[0]).want(200).says("picture (PDQ)", knownHash, "poster", "No source said anything", "Confirm it", "Withdraw it", "added").plain()
	lea.get(contents[2]).want(200).says("yes, it is", "Unit North", "the keeper")
	lea.get(contents[4]).want(200).says("mirrored", "file (SHA-256)")
	lea.post(contents[0]+"/opinion", url.Values{"opinion": {"perhaps"}}).want(422)
	ann.get(contents[0]+"/confirm").want(200).says("outweighs every source", "NORTH_VIDEOS")
	ann.post(contents[0]+"/confirm", url.Values{"reason": {" "}}).want(422).says("say why")
	ann.post(contents[0]+"/confirm", url.Values{"reason": {"seen it"}}).want(303)
	ann.get(contents[0]).want(200).says("confirmed here", "seen it", "Officer Ann")
	ann.post(contents[0]+"/reject", url.Values{"reason": {"it is not"}}).want(303)
	ann.get(contents[0]).want(200).says("rejected here")
	ann.post(contents[0]+"/burn", nil).want(404)
	lea.post(contents[0], url.Values{"note": {"another note"}, "off": {"yes"}, "label_kind": {"video"}}).want(303)
	lea.get(contents[0]).want(200).says("another note", "switched off", "changed")
	lea.post(contents[0], url.Values{"note": {"another note"}}).want(303)
	lea.get(contents[0]).want(200).hides("tag warn")

	lea.get(contents[0] + "/withdraw").want(200).says("tombstone")
	lea.post(contents[0]+"/withdraw", url.Values{"reason": {"listed in error"}}).want(303)
	gone := lea.get(contents[0]).want(200).says("withdrawn", "listed in error", "Tombstones", "Add it again").hides("/quarantine\"")
	if !regexp.MustCompile(`/log/events/\w+`).MatchString(gone.body) {
		t.Error("no link to the proof of the withdrawal")
	}
	lea.post(contents[0]+"/confirm", url.Values{"reason": {"x"}}).want(409)
	lea.post(contents[0]+"/add_again", url.Values{"reason": {"right after all"}}).want(303)
	lea.get(contents[0]).want(200).says("active", "lifted")
}

func TestWhatWasPutAside(t *testing.T) {
	h, _, contents := stocked(t)
	lea, far := h.browserOf("lea"), h.browserOf("far")
	list := lea.get("/quarantine").want(200).says("matched far too often", "a file by its digest", "Release it", "Withdraw it")
	link := contents[1] + "/release?from=quarantine"
	if !strings.Contains(list.body, link) {
		t.Fatalf("no link %s", link)
	}
	lea.get(link).want(200).says("everything seen before is looked through", "matched far too often")
	if got := lea.post(contents[1]+"/release", url.Values{"reason": {"looked"}, "from": {"quarantine"}}).want(303).location; got != "/quarantine" {
		t.Errorf("it goes on to %s", got)
	}
	lea.get("/quarantine").want(200).says("Nothing is put aside", "It matches again")
	far.get("/quarantine").want(200).says("Nothing is put aside")
}

func TestTheMatchDebuggerExplains(t *testing.T) {
	h, path, contents := stocked(t)
	lea := h.browserOf("lea")
	lea.get("/match").want(200).says("Match debugger", "Two side by side")
	near := lea.send("/match", url.Values{"kind": {"auto"}, "value": {nearHash}}, nil).want(200).says("picture (PDQ)", "file (SHA-256)", "8 apart", "counts up to 36", "8 of 256 bits differ", "poster", "Unit North", "match").plain()
	if !strings.Contains(near.body, `class="differ"`) {
		t.Error("the differing bits are not drawn")
	}
	lea.send("/match", url.Values{"kind": {"pdq"}, "value": {farHash}}, nil).want(200).says("No bank of your circles knows it", "Nothing nearly counted")
	lea.send("/match", url.Values{"kind": {"auto"}, "value": {strings.Repeat("0a", 16)}}, nil).want(200).says("Why not", "until a person has looked: matched far too often")
	lea.send("/match", url.Values{"kind": {"auto"}, "value": {"https://relay.example/north/100"}}, nil).want(200).says("address", "the same", "its source vouches for it")
	lea.send("/match", url.Values{"kind": {"auto"}, "value": {"exercise text, not real, long enough to be compared with others of its kind, and a little longer still"}}, nil).want(200).says("0 percent unlike")
	lea.send("/match", url.Values{"kind": {"auto"}}, picture()).want(200).says("by a file")
	lea.send("/match", url.Values{"kind": {"auto"}}, nil).want(422).says("say what to look up")
	lea.send("/match", url.Values{"kind": {"pdq"}, "value": {"abc\"><b>"}}, nil).want(422).plain()

	lea.post(path, bankSettings("name", "NORTH_VIDEOS", "share", "0")).want(303)
	lea.send("/match", url.Values{"kind": {"pdq"}, "value": {knownHash}}, nil).want(200).says("rolled out to 0 %")
	lea.post(path, bankSettings("name", "NORTH_VIDEOS")).want(303)
	lea.post(contents[0]+"/withdraw", url.Values{"reason": {"listed in error"}}).want(303)
	lea.send("/match", url.Values{"kind": {"pdq"}, "value": {knownHash}}, nil).want(200).says("withdrawn at", "listed in error")
	lea.get("/match?lang=ar").want(303)
	lea.get("/match").want(200).says(locale.For(locale.Arabic).T("match.title"))
	lea.send("/match", url.Values{"kind": {"pdq"}, "value": {knownHash}}, nil).want(200).says(locale.For(locale.Arabic).T("bank_why.withdrawn"), "withdrawn at")

	lea.get("/match?lang=en").want(303)
	lea.post("/match/compare", url.Values{"compare_kind": {"pdq"}, "a": {knownHash}, "b": {farHash}}).want(200).says("40 apart", "does not count: up to 31", "40 of 256 bits differ", "8 8 8 8 8 0 0")
	lea.post("/match/compare", url.Values{"compare_kind": {"pdq"}, "a": {knownHash}, "b": {"x"}}).want(422).says("no signal of kind pdq")
	h.browserOf("adm").get("/match").want(403)
	h.browserOf("adm").send("/match", url.Values{"kind": {"pdq"}, "value": {knownHash}}, nil).want(403)
	if nav := h.browserOf("adm").get("/me").want(200); strings.Contains(nav.body, `href="/banks"`) {
		t.Error("who may not see banks is led to them")
	}
}

// Answers teach how to get around a match to whoever may ask without end.
func TestLookupsAreCounted(t *testing.T) {
	h := newHouse(t, 0)
	lea := h.browserOf("lea")
	for range asksPerMinute {
		h.must(h.d.asks.take(h.people["lea"].ID))
	}
	lea.send("/match", url.Values{"kind": {"pdq"}, "value": {knownHash}}, nil).want(409).says("lookups a minute")
	h.browserOf("ann").send("/match", url.Values{"kind": {"pdq"}, "value": {knownHash}}, nil).want(200)
}

// A desk without banks has no pages of them, and leads nobody there.
func TestADeskWithoutBanks(t *testing.T) {
	d := &Desk{}
	for pattern := range d.closedPages() {
		if strings.Contains(pattern, "/banks") || strings.Contains(pattern, "/match") || strings.Contains(pattern, "/quarantine") {
			t.Error(pattern)
		}
	}
}

func TestWhatWasPastedIsFoundOut(t *testing.T) {
	for line, want := range map[string][]string{
		knownHash:                        {"pdq", "sha256"},
		strings.Repeat("0", 64):          {"sha256"},
		strings.Repeat("0A", 16):         {"md5", "url_md5"},
		"https://relay.example/n/1":      {"url", "url_md5", "url_md5"},
		"https://relay.example/n/1 said": nil,
		"exercise text":                  nil,
		"https://":                       nil,
	} {
		var got []string
		for _, s := range guess(line) {
			got = append(got, s.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if a := askOf(autoKind, knownHash+"\nand words"); a.Text == "" || a.Signals != nil {
		t.Errorf("a text that begins with digits: %+v", a)
	}
	if a := askOf(autoKind, knownHash+"\n\n"+nearHash); len(a.Signals) != 4 {
		t.Errorf("two hashes: %+v", a)
	}
}

func TestBitsSideBySide(t *testing.T) {
	p := bitsPair(strings.Repeat("00", 32), "8001"+strings.Repeat("00", 29)+"01", `<a "x">`, "b")
	if p == nil || p.Distance != 3 || p.Rows[0] != 2 || p.Rows[15] != 1 {
		t.Fatalf("%+v", p)
	}
	if strings.Contains(string(p.A), "<a") || !strings.Contains(string(p.A), "M0 0h10v10") || !strings.Contains(string(p.A), "M150 150h10v10") || !strings.Contains(string(p.B), "M1 1h8v8") {
		t.Error(p.A, p.B)
	}
	if bitsPair("xyz", knownHash, "", "") != nil || bitsPair(knownHash, knownHash[2:], "", "") != nil {
		t.Error("what is no hash is drawn")
	}
}

// The page of an item shows what it hit in banks.
func TestAnItemShowsWhatItHit(t *testing.T) {
	h, _, contents := stocked(t)
	item := h.items[0]
	h.must(h.hit(item.ID))
	h.browserOf("ann").get("/items/"+string(item.ID)).want(200).says("Known in banks", "NORTH_VIDEOS", "A hit proposes")
	if body := h.browserOf("ann").get("/items/" + string(item.ID)).body; !strings.Contains(body, contents[2]) {
		t.Error("no link to what it hit")
	}
}

// hit looks an item up in the banks, as its job would.
func (h *house) hit(item staydown.ID) error {
	d := h.d.Banks.(*bank.Desk)
	h.must(h.s.Act(h.t.Context(), access.System("test"), func(tx *store.Tx) error {
		if err := tx.Job(staydown.Job{Kind: "bank", Key: string(item), Subject: item}); err != nil {
			return err
		}
		i, err := h.s.Item(h.t.Context(), item)
		if err == nil {
			err = tx.SetKnown(i)
		}
		if err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "match", Noun: "item", Subject: item})
	}))
	jobs, err := h.s.TakeJobs(h.t.Context(), []string{"bank"}, 10, "test", 60e9)
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		return fmt.Errorf("no job to look item %s up", item)
	}
	for _, j := range jobs {
		if err := d.HandleBank(h.t.Context(), j); err != nil {
			return err
		}
	}
	return nil
}

// The pages of banks in a real browser: nothing from outside runs, axe finds nothing serious, nothing is wider than the
// window, in both languages and themes.
func TestBanksInABrowser(t *testing.T) {
	b := openBrowser(t)
	h, path, contents := stocked(t)
	h.must(h.hit(h.items[0].ID)) // before the bank takes part in a tenth of requests only
	lea := h.browserOf("lea")
	lea.post("/banks", bankSettings("name", "NEWS_ARCHIVE", "negative", "yes", "share", "100"))
	lea.post(path, bankSettings("name", "NORTH_VIDEOS", "note", hostile, "label_entity", "North, الشمال", "radius_pdq", "36", "share", "10"))
	lea.post(contents[2]+"/withdraw", url.Values{"reason": {"listed in error"}}).want(303)
	b.enterAs(t, h, "lea")
	for n, at := range []string{"/banks", path, contents[0], contents[2], contents[1] + "/withdraw", "/quarantine", "/match", "/items/" + string(h.items[0].ID)} {
		for _, lang := range []string{"en", "ar"} {
			for _, theme := range []string{"light", "dark"} {
				b.theme(t, theme)
				b.visit(t, h.server.URL+at+"?lang="+lang)
				b.checkBankPage(t, fmt.Sprintf("bank-%d-%s-%s", n, lang, theme))
			}
		}
	}
	for _, lang := range []string{"en", "ar"} {
		b.theme(t, map[string]string{"en": "light", "ar": "dark"}[lang])
		b.visit(t, h.server.URL+"/match?lang="+lang)
		b.fill(t, "/match", map[string]string{"value": nearHash + "\n" + strings.Repeat("0a", 16)}, true)
		b.checkBankPage(t, "bank-match-"+lang)
		b.fill(t, "/match/compare", map[string]string{"a": knownHash, "b": farHash}, false)
		b.checkBankPage(t, "bank-compare-"+lang)
	}
	b.visit(t, h.server.URL+path+"?lang=en")
	eval[bool](t, b, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
	b.checkBankPage(t, "bank-forms")
}

// fill types into the form that is sent to a path, and sends it.
func (b *browser) fill(t *testing.T, path string, fields map[string]string, bypass bool) {
	t.Helper()
	for name, value := range fields {
		eval[bool](t, b, fmt.Sprintf(`document.querySelector('form[action=%q] [name=%q]').value = %q, true`, path, name, value))
	}
	if bypass {
		eval[bool](t, b, `document.querySelector('[name=bypass]').checked = true`)
	}
	eval[bool](t, b, fmt.Sprintf(`window.before = true, document.querySelector('form[action=%q] button').click(), true`, path))
	b.until(t, `!window.before && document.readyState === "complete" && document.fonts.status === "loaded"`)
	eval[bool](t, b, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
}

func (b *browser) checkBankPage(t *testing.T, where string) {
	t.Helper()
	if title := eval[string](t, b, `document.title`); strings.Contains(title, "owned") || !strings.HasSuffix(title, "Staydown") {
		t.Errorf("%s: the title is %q", where, title)
	}
	if wide := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("%s: the page is %d pixels wider than the window", where, wide)
	}
	if out := eval[[]string](t, b, `Array.from(document.querySelectorAll("body *:not(.skip)")).filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && (r.left < -1 || r.right > innerWidth + 1) }).map(e => e.outerHTML.slice(0, 80))`); len(out) > 0 {
		t.Errorf("%s: outside of the window: %q", where, out)
	}
	if missing := eval[[]string](t, b, `(document.body.innerText.match(/⟦[^⟧]*⟧/g) || [])`); len(missing) > 0 {
		t.Errorf("%s: words that are in no catalogue: %q", where, missing)
	}
	b.axe(t, where)
	b.silent(t, where)
	// A page no taller than the window comes out shifted in a picture of the whole page where it runs from right to left.
	b.shoot(t, where, eval[bool](t, b, `document.documentElement.scrollHeight > innerHeight`))
}
