package portal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/referral"
)

// TestScanners: twenty machines open the link, as mail filters do. The database is
// the same byte for byte afterwards, and the letter is not received.
func TestScanners(t *testing.T) {
	h := build(t)
	before := h.dump()
	for i := range 20 {
		for _, method := range []string{"GET", "HEAD"} {
			v := h.visitor()
			r := v.request(method, "/p/"+h.token, "")
			r.Header.Set("User-Agent", fmt.Sprintf("scanner/%d", i))
			if a := v.do(r); a.status != http.StatusOK || len(a.header.Values("Set-Cookie")) > 0 {
				t.Fatalf("%s: %d, cookies %v", method, a.status, a.header.Values("Set-Cookie"))
			}
		}
		h.visitor().get("/p/" + h.token + "?lang=ar")
		for _, path := range []string{"/p/code", "/p/letter", "/p/letter.csv", "/p/preview", "/p/confirm", "/p/leave", "/p", "/p/"} {
			h.visitor().get(path)
		}
	}
	if after := h.dump(); after != before {
		t.Errorf("looking changed something:\n%s\n%s", before, after)
	}
	if len(h.mails()) != 0 {
		t.Errorf("%d codes were mailed", len(h.mails()))
	}
	if l := h.letter(); l.State != staydown.LetterDelivered || !l.AcknowledgedAt.IsZero() {
		t.Errorf("looking proved a receipt: %+v", l)
	}
}

// TestLandingTellsLittle: sender, reference and clock, and nothing of the letter.
func TestLandingTellsLittle(t *testing.T) {
	h := build(t)
	a := h.visitor().get("/p/" + h.token)
	for _, want := range []string{unit.Name, "BE-2019-00042", "22 Nov 2019", "25 Nov 2019"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the landing page lacks %q", want)
		}
	}
	for _, secret := range []string{"relay.example", "Terms 4.2", "Posts nothing", string(letterID), "A-7", relay.Email, h.token} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the landing page tells %q", secret)
		}
	}
}

// TestCrawler: a machine with a cookie jar follows every link and presses every
// button, with something typed into every field, again and again.
func TestCrawler(t *testing.T) {
	h := build(t)
	before := h.dump("door_sessions")
	pressed := 0
	for range 100 {
		v := h.visitor()
		queue, done := []string{"/p/" + h.token}, map[string]bool{}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			if done[path] || strings.HasPrefix(path, "/assets/") {
				continue
			}
			done[path] = true
			a := v.get(path)
			for range 3 { // what a form leads to has forms of its own
				links, forms := read(t, a)
				queue = append(queue, links...)
				for _, f := range forms {
					pressed++
					a = v.post(f.action, f.fields)
				}
			}
		}
	}
	if pressed < 150 {
		t.Fatalf("only %d buttons pressed: the crawler sees nothing", pressed)
	}
	if after := h.dump("door_sessions"); after != before {
		t.Errorf("pressing changed something:\n%s\n%s", before, after)
	}
	if l := h.letter(); !l.AcknowledgedAt.IsZero() {
		t.Error("pressing proved a receipt")
	}
	if n := len(h.mails()); n != door.CodesADay {
		t.Errorf("%d codes were mailed, wanted %d", n, door.CodesADay)
	}
}

type form struct {
	action string
	fields url.Values
}

// read finds the links and the forms of a page, with the fields filled in.
func read(t *testing.T, a answer) (links []string, forms []form) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(a.body))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return links, forms
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := tokens.Token()
			attr := map[string]string{}
			for _, x := range tag.Attr {
				attr[x.Key] = x.Val
			}
			switch tag.Data {
			case "a":
				if u, err := url.Parse(attr["href"]); err == nil && u.Host == "" && u.Path != "" && u.Path != "/" {
					links = append(links, attr["href"])
				}
			case "form":
				f := form{action: attr["action"], fields: url.Values{}}
				if f.action == "" {
					f.action = a.path
				}
				forms = append(forms, f)
			case "input", "select", "textarea", "button":
				if len(forms) > 0 && attr["name"] != "" {
					value := attr["value"]
					if value == "" {
						value = "123456"
					}
					forms[len(forms)-1].fields.Set(attr["name"], value)
				}
			}
		}
	}
}

// TestGuesses: a thousand tokens and a thousand codes.
func TestGuesses(t *testing.T) {
	h := build(t)
	before := h.dump("door_sessions")
	for i := range 1000 {
		token := door.Token(doorKey, staydown.ID(fmt.Sprint(i)))
		switch i % 4 {
		case 1:
			token = h.token[:31] + string(rune('A'+i%26)) + "x"[:i%2]
		case 2:
			token = door.TokenHash(h.token)
		case 3:
			token = strings.ToUpper(h.token)
		}
		v := h.visitor()
		if token != h.token {
			get, post := v.get("/p/"+token), v.post("/p/"+token, nil)
			if get.status != http.StatusNotFound || post.status != http.StatusNotFound || strings.Contains(get.body+post.body, token) {
				t.Fatalf("token %q: %d, %d", token, get.status, post.status)
			}
		}
	}
	right, tries := 0, 0
	for tries < 1000 {
		v := h.visitor()
		v.post("/p/"+h.token, nil)
		for range 50 {
			tries++
			n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
			if err != nil {
				t.Fatal(err)
			}
			code := fmt.Sprintf("%06d", n)
			if mails := h.mails(); len(mails) > 0 && code == mails[len(mails)-1] {
				continue // one in a million, and no defect
			}
			if a := v.post("/p/code", url.Values{"code": {code}}); a.path == "/p/letter" && a.status == http.StatusOK {
				right++
			}
		}
	}
	if right > 0 {
		t.Errorf("%d wrong codes opened", right)
	}
	if after := h.dump("door_sessions"); after != before {
		t.Errorf("guessing changed something:\n%s\n%s", before, after)
	}
	if n := len(h.mails()); n > door.CodesADay {
		t.Errorf("%d codes were mailed", n)
	}
}

// TestTheTokenStaysInTheLink: whatever goes well or wrong, the token is in no log,
// no header, no page, and no page sends it on as a Referer.
func TestTheTokenStaysInTheLink(t *testing.T) {
	h := build(t)
	v := h.enter()
	v.get("/p/letter")
	v.get("/p/letter.csv")
	v.file(url.Values{"status-" + string(h.lines[0].ID): {"removed"}})
	link := "/p/" + h.token
	v.get(link)
	v.get(link + "?lang=ar")
	v.get(link + "/")
	v.get(link + "?x=" + h.token)
	v.do(v.request("PUT", link, ""))
	v.do(v.request("DELETE", link, ""))
	other := v.request("POST", link, "")
	other.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := v.do(other); a.status != http.StatusForbidden {
		t.Errorf("a form from elsewhere: %d", a.status)
	}
	misdirected := v.request("GET", link, "")
	misdirected.Host = "elsewhere.example"
	if a := v.do(misdirected); a.status != http.StatusMisdirectedRequest {
		t.Errorf("another name: %d", a.status)
	}
	h.portal.Letters = broken{err: errors.New("the database is away")}
	if a := v.get(link); a.status != http.StatusInternalServerError {
		t.Errorf("a broken store: %d", a.status)
	}
	h.portal.Letters = broken{panics: true}
	if a := v.get(link); a.status != http.StatusInternalServerError {
		t.Errorf("a panic: %d", a.status)
	}
	if !strings.Contains(h.logs(), "the database is away") || !strings.Contains(h.logs(), "panic") {
		t.Fatalf("the log lacks what went wrong: this test sees nothing\n%s", h.logs())
	}
	if strings.Contains(h.logs(), h.token) {
		t.Errorf("the log tells the token:\n%s", h.logs())
	}
	switches := 0
	for _, a := range v.seen {
		if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" || !strings.Contains(a.header.Get("X-Robots-Tag"), "noindex") {
			t.Errorf("%s %s: headers %v", a.method, a.path, a.header)
		}
		if strings.Contains(a.body, h.token) {
			t.Errorf("%s: the page tells the token (%d)", a.method, a.status)
		}
		for name, values := range a.header {
			for _, value := range values {
				// The switch of language leads back to the link itself.
				if name == "Location" && value == link {
					switches++
				} else if strings.Contains(value, h.token) && !(name == "Location" && strings.HasPrefix(value, link+"?x=")) {
					t.Errorf("header %s tells the token: %s", name, value)
				}
			}
		}
	}
	if switches != 1 {
		t.Errorf("%d redirects to the link, wanted that of the language", switches)
	}
}

// broken is a desk that fails.
type broken struct {
	rest
	err    error
	panics bool
}

type rest interface {
	Acknowledge(ctx context.Context, provider, letter staydown.ID, via string) error
	Answer(ctx context.Context, provider, letter staydown.ID, via, key string, lines []referral.LineAnswer) (int, error)
}

func (b broken) ProviderLetter(context.Context, staydown.ID) (referral.LetterView, error) {
	if b.panics {
		panic("broken")
	}
	return referral.LetterView{}, b.err
}

// TestRefusals: nothing but the landing page opens without a proven session, and
// a session opens its own letter only.
func TestRefusals(t *testing.T) {
	h := build(t)
	before := h.dump("door_sessions")
	stranger, waiting := h.visitor(), h.visitor()
	waiting.post("/p/"+h.token, nil)
	for name, v := range map[string]*visitor{"no session": stranger, "session without code": waiting} {
		for _, path := range []string{"/p/letter", "/p/letter.csv"} {
			if a := v.get(path); a.status != http.StatusForbidden || strings.Contains(a.body, "relay.example/c") {
				t.Errorf("%s: GET %s: %d", name, path, a.status)
			}
		}
		for _, path := range []string{"/p/preview", "/p/confirm"} {
			if a := v.post(path, url.Values{"status-" + string(h.lines[0].ID): {"removed"}, "confirm": {""}}); a.status != http.StatusForbidden {
				t.Errorf("%s: POST %s: %d", name, path, a.status)
			}
		}
	}
	if after := h.dump("door_sessions"); after != before {
		t.Error("a refused request changed something")
	}
	v := h.enter()
	r := v.request("POST", "/p/confirm", "confirm=x")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := v.do(r); a.status != http.StatusForbidden {
		t.Errorf("a form from elsewhere: %d", a.status)
	}
	if a := v.post("/p/confirm", url.Values{"confirm": {""}}); a.status != http.StatusConflict {
		t.Errorf("confirming nothing: %d", a.status)
	}
	h.wait(door.SessionLife)
	if a := v.get("/p/letter"); a.status != http.StatusForbidden {
		t.Errorf("a session that is over: %d", a.status)
	}
}

// TestAnothersLetter: a token of one provider whose letter went to another.
func TestAnothersLetter(t *testing.T) {
	h := build(t, func(_ *house, l *staydown.Letter) { l.Provider = "01P00000000000000000000002" })
	if a := h.visitor().get("/p/" + h.token); a.status != http.StatusNotFound || strings.Contains(a.body, "BE-2019-00042") {
		t.Errorf("%d", a.status)
	}
}

func TestMailAway(t *testing.T) {
	h := build(t)
	before := h.dump()
	h.noMail = true
	for range 2 * door.CodesInAll {
		v := h.visitor()
		if a := v.post("/p/"+h.token, nil); a.status != http.StatusServiceUnavailable || len(a.header.Values("Set-Cookie")) > 0 {
			t.Fatalf("%d", a.status)
		}
	}
	if h.dump() != before {
		t.Error("a code that never left counts")
	}
	h.noMail = false
	h.enter()
}

// TestHostileText: what officers and visitors write is shown and never obeyed.
func TestHostileText(t *testing.T) {
	evil := "<script>alert(1)</script>\u202Egpj.exe\x00\"'><img src=x onerror=alert(1)>"
	h := build(t, func(h *house, _ *staydown.Letter) {
		for i := range h.lines {
			h.lines[i].Explanation, h.lines[i].Clause, h.lines[i].Kind = evil, evil, evil
		}
		h.lines[0].Location = "https://relay.example/" + evil
	})
	v := h.enter()
	line := string(h.lines[1].ID)
	v.file(url.Values{"status-" + line: {"refused"}, "reason-" + line: {evil}})
	v.post("/p/preview", url.Values{"status-" + evil: {evil}, "reason-" + evil: {evil}})
	for _, a := range v.seen {
		if strings.Contains(a.header.Get("Content-Type"), "text/html") && (strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "<img") || strings.ContainsAny(a.body, "\u202E\x00")) {
			t.Errorf("%s %s obeys it", a.method, a.path)
		}
	}
	if a := v.get("/p/letter"); !strings.Contains(a.body, "&lt;script&gt;") || !strings.Contains(a.body, "U+202E") {
		t.Error("it is not shown: this test sees nothing")
	}
}
