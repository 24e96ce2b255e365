package portal_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jba/templatecheck"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/web/portal"
)

func TestTemplatesFitTheirStructs(t *testing.T) {
	for _, v := range portal.Views() {
		for _, l := range locale.Langs {
			if err := templatecheck.CheckHTML(v.Template(l), v.Zero()); err != nil {
				t.Errorf("%s, %s: %v", v.Name(), l, err)
			}
		}
	}
}

// said is what the lines say now.
func (h *house) saidOf() []string {
	h.t.Helper()
	lines, err := h.store.LinesOf(context.Background(), letterID)
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%s %v %q", l.State, l.Countries, l.Reason))
	}
	return out
}

// TestTheCodeIsTheReceipt: the letter counts as received when the code is typed
// in, once, and not before.
func TestTheCodeIsTheReceipt(t *testing.T) {
	h := build(t)
	v := h.visitor()
	v.get("/p/" + h.token)
	v.post("/p/"+h.token, nil)
	v.post("/p/code", url.Values{"code": {"12345"}})
	v.post("/p/code", url.Values{"code": {"abcdef"}})
	if l := h.letter(); !l.AcknowledgedAt.IsZero() {
		t.Fatal("received before the code")
	}
	h.wait(time.Minute)
	code := h.mails()[0]
	if a := v.post("/p/code", url.Values{"code": {" " + code[:3] + " " + code[3:]}}); a.path != "/p/letter" || a.status != http.StatusOK {
		t.Fatalf("%d at %s", a.status, a.path)
	}
	if l := h.letter(); l.State != staydown.LetterAcknowledged || !l.AcknowledgedAt.Equal(start.Add(time.Minute)) {
		t.Errorf("%s at %s", l.State, l.AcknowledgedAt)
	}
	// Who is in goes on in, without another code.
	if a := v.post("/p/"+h.token, nil); a.path != "/p/letter" || len(h.mails()) != 1 {
		t.Errorf("%s, %d codes", a.path, len(h.mails()))
	}
}

func TestAnswerByForm(t *testing.T) {
	h := build(t)
	v := h.enter()
	id := func(i int) string { return string(h.lines[i].ID) }
	a := v.post("/p/preview", url.Values{"status-" + id(0): {"removed"}, "status-" + id(1): {"disabled"}, "countries-" + id(1): {"fr, de; DE"}, "status-" + id(2): {""}})
	m := hidden.FindStringSubmatch(a.body)
	if m == nil || a.status != http.StatusOK {
		t.Fatalf("%d\n%s", a.status, a.body)
	}
	if diff := cmp.Diff([]string{`asked [] ""`, `asked [] ""`, `asked [] ""`}, h.saidOf()); diff != "" {
		t.Fatalf("looking over filed it: %s", diff)
	}
	for range 2 { // pressed twice
		if a := v.post("/p/confirm", url.Values{"confirm": {m[1]}}); a.path != "/p/letter" || !strings.Contains(a.body, "Answers filed: <bdi>2</bdi>.") {
			t.Fatalf("%d at %s\n%s", a.status, a.path, a.body)
		}
	}
	want := []string{`removed [] ""`, `disabled [DE FR] ""`, `asked [] ""`}
	if diff := cmp.Diff(want, h.saidOf()); diff != "" {
		t.Error(diff)
	}
	answers, err := h.store.AnswersOf(context.Background(), letterID)
	if err != nil || len(answers) != 1 || answers[0].Via != "door" {
		t.Errorf("answers on file: %+v, %v", answers, err)
	}
	v.file(url.Values{"status-" + id(2): {"refused"}, "reason-" + id(2): {"Within our terms."}})
	if l := h.letter(); l.State != staydown.LetterClosed {
		t.Errorf("every line is answered, the letter is %s", l.State)
	}
	// A provider may correct itself, back and forth.
	for _, status := range []string{"refused", "removed", "refused", "removed"} {
		v.file(url.Values{"status-" + id(0): {status}, "reason-" + id(0): {"A mistake."}})
		if got := h.saidOf()[0]; got != status+` [] "A mistake."` {
			t.Errorf("after correcting to %s: %s", status, got)
		}
	}
}

// TestSaidAlready: the same answers again file nothing and end well: a client
// whose connection broke must be able to finish.
func TestSaidAlready(t *testing.T) {
	h := build(t)
	form := url.Values{}
	for _, l := range h.lines {
		form.Set("status-"+string(l.ID), "removed")
	}
	h.enter().file(form)
	before := h.dump("door_sessions")
	if a := h.enter().file(form); a.status != http.StatusOK || !strings.Contains(a.body, "Answers filed: <bdi>0</bdi>.") {
		t.Errorf("%d\n%s", a.status, a.body)
	}
	if after := h.dump("door_sessions"); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

func TestFaults(t *testing.T) {
	h := build(t)
	v := h.enter()
	before := h.dump("door_sessions")
	id := string(h.lines[0].ID)
	for name, row := range map[string]struct {
		form url.Values
		want string
	}{
		"no such line":          {url.Values{"status-01N00000000000000000000009": {"removed"}}, "No address of this letter"},
		"no such answer":        {url.Values{"status-" + id: {"deleted"}}, "no answer we know"},
		"no answer in time":     {url.Values{"status-" + id: {"no_answer"}}, "no answer we know"},
		"withdrawn":             {url.Values{"status-" + id: {"withdrawn"}}, "no answer we know"},
		"reason without answer": {url.Values{"reason-" + id: {"because"}}, "but no answer"},
		"refusal without":       {url.Values{"status-" + id: {"refused"}}, "needs its reason"},
		"blank reason":          {url.Values{"status-" + id: {"refused"}, "reason-" + id: {" \t\n"}}, "needs its reason"},
		"long reason":           {url.Values{"status-" + id: {"refused"}, "reason-" + id: {strings.Repeat("x", 4097)}}, "longer than"},
		"countries":             {url.Values{"status-" + id: {"disabled"}, "countries-" + id: {"Germany"}}, "two letters each"},
		"many countries":        {url.Values{"status-" + id: {"disabled"}, "countries-" + id: {manyCountries()}}, "two letters each"},
		"removed in a country":  {url.Values{"status-" + id: {"removed"}, "countries-" + id: {"DE"}}, "only"},
	} {
		a := v.post("/p/preview", row.form)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, row.want) || hidden.MatchString(a.body) {
			t.Errorf("%s: %d\n%s", name, a.status, a.body)
		}
	}
	if a := v.post("/p/preview", url.Values{"status-" + id: {""}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing: %d", a.status)
	}
	if a := v.post("/p/preview", url.Values{"reason-" + id: {strings.Repeat("x", 9<<20)}}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("endless: %d", a.status)
	}
	if after := h.dump("door_sessions"); after != before {
		t.Error("a fault changed something")
	}
}

func manyCountries() string {
	var all []string
	for a := 'A'; a <= 'Z'; a++ {
		all = append(all, "X"+string(a), "Y"+string(a), "Z"+string(a))
	}
	return strings.Join(all, " ")
}

// TestStale: a button files the answers above it, not those looked over since in
// another window.
func TestStale(t *testing.T) {
	h := build(t)
	v := h.enter()
	id := string(h.lines[0].ID)
	first := hidden.FindStringSubmatch(v.post("/p/preview", url.Values{"status-" + id: {"removed"}}).body)
	second := hidden.FindStringSubmatch(v.post("/p/preview", url.Values{"status-" + id: {"already_gone"}}).body)
	if a := v.post("/p/confirm", url.Values{"confirm": {first[1]}}); a.status != http.StatusConflict {
		t.Errorf("%d", a.status)
	}
	v.post("/p/confirm", url.Values{"confirm": {second[1]}})
	if got := h.saidOf()[0]; got != `already_gone [] ""` {
		t.Error(got)
	}
}

// TestAnswerBySheet fills in the spreadsheet and hands it in, as an office does.
func TestAnswerBySheet(t *testing.T) {
	h := build(t)
	v := h.enter()
	a := v.get("/p/letter.csv")
	want := "line,url,status,countries,reason\r\n"
	for _, l := range h.lines {
		want += string(l.ID) + "," + l.Location + ",,,\r\n"
	}
	if diff := cmp.Diff(want, a.body); diff != "" {
		t.Fatal(diff)
	}
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="letter-BE-2019-00042.csv"` {
		t.Error(got)
	}
	filled := strings.Replace(a.body, "/c/0,,,", "/c/0,removed,,", 1)
	filled = strings.Replace(filled, "/c/1,,,", `/c/1,Refused,,"=1+1, says our lawyer"`, 1)
	page := v.upload("answers.csv", []byte(filled))
	m := hidden.FindStringSubmatch(page.body)
	if m == nil {
		t.Fatalf("%d\n%s", page.status, page.body)
	}
	v.post("/p/confirm", url.Values{"confirm": {m[1]}})
	if diff := cmp.Diff([]string{`removed [] ""`, `refused [] "=1+1, says our lawyer"`, `asked [] ""`}, h.saidOf()); diff != "" {
		t.Error(diff)
	}
	answers, err := h.store.AnswersOf(context.Background(), letterID)
	if err != nil || len(answers) != 1 || answers[0].Via != "sheet" {
		t.Errorf("%+v, %v", answers, err)
	}
	if a := v.get("/p/letter.csv"); !strings.Contains(a.body, `,"'=1+1, says our lawyer"`) {
		t.Errorf("a spreadsheet program would calculate it:\n%s", a.body)
	} else if again := v.upload("answers.csv", []byte(a.body)); !strings.Contains(again.body, "2 answers are on file already") {
		t.Errorf("the sheet does not read back:\n%s", again.body)
	}
	if bad := v.upload("answers.xlsx", []byte("PK\x03\x04rest")); bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.body, "workbook") {
		t.Errorf("%d", bad.status)
	}
	wrong := v.upload("answers.csv", []byte("line,url,status\nx,,removed\n"+string(h.lines[0].ID)+",https://relay.example/c/1,removed\n"))
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, "Row 2:") || !strings.Contains(wrong.body, "Row 3:") {
		t.Errorf("%d\n%s", wrong.status, wrong.body)
	}
}

func (v *visitor) upload(name string, data []byte) answer {
	v.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("sheet", name)
	if err != nil {
		v.h.t.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = w.Close()
	r := v.request("POST", "/p/preview", body.String())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// TestWithdrawn: the link still shows the letter, says that it was withdrawn, and
// takes no answers. A line that never left is not shown.
func TestWithdrawn(t *testing.T) {
	h := build(t, func(h *house, l *staydown.Letter) {
		l.State, l.WithdrawnWhy = staydown.LetterWithdrawn, "Lawful after all."
		for i := range h.lines {
			h.lines[i].State = staydown.LineWithdrawn
		}
	})
	v := h.enter()
	a := v.get("/p/letter")
	if !strings.Contains(a.body, "Lawful after all.") || !strings.Contains(a.body, "/c/0") || strings.Contains(a.body, "<select") {
		t.Error(a.body)
	}
	if a := v.post("/p/preview", url.Values{"status-" + string(h.lines[0].ID): {"removed"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an answer to a withdrawn letter: %d", a.status)
	}
	dropped := build(t, func(h *house, _ *staydown.Letter) { h.lines[1].State = staydown.LineWithdrawn })
	if a := dropped.enter().get("/p/letter"); strings.Contains(a.body, "/c/1") || !strings.Contains(a.body, "/c/2") {
		t.Error("a line taken out of the draft is shown")
	}
}

func TestLeave(t *testing.T) {
	h := build(t)
	v := h.enter()
	if a := v.post("/p/leave", nil); a.path != "/p/left" || a.status != http.StatusOK {
		t.Errorf("%d at %s", a.status, a.path)
	}
	if a := v.get("/p/letter"); a.status != http.StatusForbidden {
		t.Errorf("in after leaving: %d", a.status)
	}
}

// TestBothLanguages: every page is there in both, and none names a message that
// does not exist.
func TestBothLanguages(t *testing.T) {
	h := build(t)
	v := h.visitor()
	v.get("/p/" + h.token + "?lang=ar")
	v.post("/p/"+h.token, nil)
	v.post("/p/code", url.Values{"code": {"000"}})
	v.post("/p/code", url.Values{"code": h.mails()})
	v.file(url.Values{"status-" + string(h.lines[0].ID): {"removed"}})
	v.post("/p/preview", url.Values{"status-x": {"removed"}})
	v.post("/p/leave", nil)
	v.get("/p/letter")
	pages := 0
	for _, a := range v.seen[1:] {
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.body == "" || a.status >= 300 && a.status < 400 {
			continue
		}
		pages++
		if !strings.Contains(a.body, `lang="ar" dir="rtl"`) || strings.Contains(a.body, "⟦") {
			t.Errorf("%s %s: %.300s", a.method, a.path, a.body)
		}
	}
	if pages < 8 {
		t.Errorf("only %d pages seen", pages)
	}
}
