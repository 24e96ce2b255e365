package rules_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/capture"
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/verify/rules"
)

const at = "https://relay.example/c/lamp/7"

// live is a page as a platform would show it; the frame is what all its pages
// share.
func live(title, text string) string {
	return `<!doctype html><html lang=en><title>` + title + ` · Relay</title><meta property="og:title" content="` + title + `">
<header><a href=/>Relay</a><a href=/login>Log in</a></header><nav>Home Explore About this site</nav>
<main><article><h1>` + title + `</h1><time>2019-11-21</time><img src="/m/` + strings.ReplaceAll(title, " ", "") + `.png"><p>` + text + `</p></article></main>
<footer>Terms of service. Exercise material, not real.</footer>`
}

// notice is a page of the same platform with a sentence in place of content.
func notice(sentence string) string {
	return `<!doctype html><html lang=en><title>Relay · Relay</title><header><a href=/>Relay</a><a href=/login>Log in</a></header>
<nav>Home Explore About this site</nav><main><div class=error><p>` + sentence + `</p></div></main><footer>Terms of service. Exercise material, not real.</footer>`
}

const (
	title = "What was said in the exercise"
	text  = "Exercise sentence one, not real. The lamp stood by the river all day. A second sentence follows the first, and a third comes after it."
)

// look makes a look as a check would: the same judgement as a capture.
func look(reached string, status int, body string, header http.Header) rules.Look {
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "text/html; charset=utf-8")
	}
	l := rules.NewLook(at, reached, status, header, []byte(body), "")
	l.Held = string(capture.Judge(capture.Response{
		Asked: at, Reached: reached, Status: status, Header: header, Page: l.Page, Reading: l.Reading, Bytes: int64(len(body)),
	}).Kind)
	return l
}

// remembered is what a capture of a page keeps.
func remembered(body string) *page.Likeness {
	p := page.Read([]byte(body), "text/html; charset=utf-8", at)
	l := &page.Likeness{Name: page.Fold(p.Name()), Site: page.Fold(p.Title), Sketch: page.SketchOf(p.Main)}
	for _, m := range p.Media {
		l.Media = append(l.Media, page.Seen{URL: m.URL, SHA256: "00", Shown: m.Shown})
	}
	return l
}

// verdict is what the rules say, in one line.
func verdict(v rules.Verdict) string {
	s := fmt.Sprint(v.Verdict, " ", v.Signal)
	if v.Cause != "" && v.Cause != rules.CauseUnknown {
		s += " " + v.Cause
	}
	if v.Hidden {
		s += " hidden"
	}
	if v.Control {
		s += " control?"
	}
	return s
}

func TestGeneric(t *testing.T) {
	was := live(title, text)
	missing := look(at, 200, notice("Sorry, there is nothing under this address."), nil)
	home := look("https://relay.example/", 200, live("Relay, the exercise platform", "Welcome to the front page of the platform."), nil)
	for name, c := range map[string]struct {
		look    rules.Look
		control *rules.Look
		want    string
	}{
		"the same":                       {look(at, 200, was, nil), nil, "up content"},
		"with more comments":             {look(at, 200, strings.Replace(was, "</main>", "<p>"+strings.Repeat("Another comment. ", 500)+"</main>", 1), nil), nil, "up content"},
		"an address in the frame moved":  {look("https://www.relay.example/c/lamp/7/", 200, was, nil), nil, "up content"},
		"edited":                         {look(at, 200, live("Another title altogether", text+" And now more of it, and again more, and even more than that."), nil), nil, "changed content"},
		"half rewritten":                 {look(at, 200, live("Another title", text[:80]+" And then it goes on in quite another way than it did before, with new words."), nil), nil, "changed content"},
		"the name and other words":       {look(at, 200, live(title, "Nothing here is as it was before, every word of this is new to the reader."), nil), nil, "changed content"},
		"something else":                 {look(at, 200, live("A shop for lamps", "Buy lamps here, the best in town, cheaper than elsewhere."), nil), &missing, "changed other_content"},
		"something else, too many asked": {look(at, 200, live("A shop for lamps", "Buy lamps here, the best in town."), nil), ptr(look(at, 429, "slow down", nil)), "unknown 429"},
		"something else, no control":     {look(at, 200, live("A shop for lamps", "Buy lamps here, the best in town."), nil), nil, "unknown other_content control?"},

		"404":                       {look(at, 404, notice("Not found."), nil), nil, "gone 404"},
		"404 without words":         {look(at, 404, "404 page not found\n", http.Header{"Content-Type": {"text/plain"}}), nil, "gone 404"},
		"404 by the author":         {look(at, 404, notice("This post was deleted by its author."), nil), nil, "gone 404 author"},
		"410":                       {look(at, 410, notice("Removed for violating our terms."), nil), nil, "gone 410 provider"},
		"410 by a timer":            {look(at, 410, notice("This message has expired."), nil), nil, "gone 410 timer"},
		"404 with the content":      {look(at, 404, was, nil), nil, "unknown 404"},
		"404 with the name":         {look(at, 404, live(title, "Nothing here is as it was."), nil), nil, "unknown 404"},
		"404 to guests":             {look(at, 404, notice("Log in to continue."), nil), nil, "unknown login_wall"},
		"404 in this country":       {look(at, 404, notice("Not available in your country."), nil), nil, "unknown geo_block"},
		"404 of a challenge":        {look(at, 404, "<title>Just a moment...</title>", http.Header{"Cf-Mitigated": {"challenge"}}), nil, "unknown captcha"},
		"tombstone, platform":       {look(at, 200, notice("This content has been removed for violating our Terms of Service."), nil), nil, "gone tombstone provider"},
		"tombstone, author":         {look(at, 200, notice("This post was deleted by its author."), nil), nil, "gone tombstone author"},
		"tombstone, nobody":         {look(at, 200, notice("Sorry, this page isn't available."), nil), nil, "gone tombstone"},
		"tombstone, account":        {look(at, 200, notice("This account has been suspended."), nil), nil, "gone tombstone provider"},
		"not found with 200":        {look(at, 200, notice("Page not found"), nil), nil, "gone soft_404"},
		"site suspended":            {look(at, 200, notice("This website has been suspended by its hosting provider."), nil), nil, "gone site_suspended host"},
		"parked":                    {look(at, 200, "<title>relay.example</title><h1>This domain is for sale</h1>", nil), nil, "gone parked"},
		"wordless, like no address": {look(at, 200, notice("Sorry, there is nothing under this address."), nil), &missing, "gone soft_404"},

		"tombstone beside content": {look(at, 200, strings.Replace(was, "<article>", "<article><h2>This post was removed for violating our terms</h2>", 1), nil), nil, "up content"},
		"tombstone in a script":    {look(at, 200, was+`<script>"This post was deleted by its author"</script>`, nil), nil, "up content"},
		"tombstone over a part":    {look(at, 200, live("This post was removed", text[:50]), nil), nil, "unknown mixed control?"},
		"login form":               {look(at, 200, notice("Log in or sign up to continue.")+"<form><input type=password></form>", nil), nil, "unknown login_wall"},
		"led to login":             {look("https://relay.example/login?next=/c/lamp/7", 200, notice("Welcome back"), nil), nil, "unknown login_wall"},
		"hidden in this country":   {look(at, 200, notice("This content is not available in your country."), nil), nil, "unknown geo_block"},
		"challenge":                {look(at, 200, "<title>Just a moment...</title>", nil), nil, "unknown captcha"},
		"challenge, 503":           {look(at, 503, "<title>Just a moment...</title>", nil), nil, "unknown captcha"},
		"refused":                  {look(at, 403, notice("Access denied"), nil), nil, "unknown blocked"},
		"too many":                 {look(at, 429, "", nil), nil, "unknown 429"},
		"out of order":             {look(at, 500, notice("This post was removed"), nil), nil, "unknown 500"},
		"for a while":              {look(at, 200, notice("Something went wrong. Try again later."), nil), nil, "unknown error"},
		"blocked on the way":       {look(at, 200, "<h1>Access to this site is blocked by order of a court</h1>", nil), nil, "unknown blocked"},
		"script shell":             {look(at, 200, `<div id=app></div><script src=/a.js></script>`, nil), nil, "unknown other_content control?"},
		"script shell, control":    {look(at, 200, `<div id=app></div><script src=/a.js></script>`, nil), ptr(look(at, 200, `<div id=app></div><script src=/a.js></script>`, nil)), "unknown empty"},

		"by law":                 {look(at, 451, notice("Unavailable."), nil), nil, "unknown 451 provider hidden"},
		"by law, says the host":  {look(at, 451, notice("Unavailable."), http.Header{"Link": {`<https://relay.example/>; rel="blocked-by"`}}), nil, "unknown 451 provider hidden"},
		"by law, on the way":     {look(at, 451, notice("Unavailable."), http.Header{"Link": {`<https://isp.example/>; rel="blocked-by"`}}), nil, "unknown 451"},
		"by law, in the country": {look(at, 451, notice("Not available in your country."), nil), nil, "unknown geo_block"},
		"by law, with content":   {look(at, 451, was, nil), nil, "unknown 451"},

		"led home":                    {home, nil, "unknown redirect control?"},
		"led home like no address":    {home, &home, "gone redirect"},
		"led home, others are not":    {home, &missing, "changed redirect"},
		"led home, listed there":      {look("https://relay.example/", 200, live("Relay", "News. "+title+" and more of the front page"), nil), &home, "gone redirect"},
		"led home, neighbour is down": {home, ptr(look(at, 503, "503 Service Unavailable", nil)), "unknown 503"},
		"led home, nobody answers":    {home, &rules.Look{Asked: at, Reached: at, Failure: "timeout"}, "unknown timeout"},
		"led elsewhere":               {look("https://relay.example/c/lamp/8", 200, live("Another post altogether", "With other words in it, all of them new."), nil), &missing, "changed redirect"},
		"moved with its content":      {look("https://relay.example/posts/7-what-was-said", 200, was, nil), nil, "up content"},
		"the name does not resolve":   {rules.Look{Asked: at, Failure: "dns"}, nil, "unknown dns hidden"},
		"no answer":                   {rules.Look{Asked: at, Failure: "timeout"}, nil, "unknown timeout"},
		"the guard":                   {rules.Look{Asked: at, Failure: "blocked_by_guard"}, nil, "unknown blocked_by_guard"},
	} {
		v := rules.Standard().Judge(c.look, remembered(was), c.control)
		if got := verdict(v); got != c.want {
			t.Errorf("%s: %s (%s), want %s", name, got, v.Why, c.want)
		}
		if v.Rule == "" || v.Why == "" {
			t.Errorf("%s: no rule or reason: %+v", name, v)
		}
	}
}

func ptr[T any](v T) *T { return &v }

func TestWithoutAnythingToCompare(t *testing.T) {
	missing := look(at, 200, notice("Nothing is here, whatever you may have heard of it."), nil)
	for name, c := range map[string]struct {
		look    rules.Look
		control *rules.Look
		want    string
	}{
		"content":                 {look(at, 200, live(title, text), nil), nil, "up content"},
		"404":                     {look(at, 404, notice("Not found"), nil), nil, "gone 404"},
		"a sentence":              {look(at, 200, notice("This post was removed."), nil), nil, "unknown tombstone control?"},
		"a sentence, said to all": {look(at, 200, notice("This post was removed."), nil), ptr(look(at, 200, notice("This post was removed."), nil)), "gone tombstone"},
		"a sentence of its own":   {look(at, 200, notice("This post was removed."), nil), &missing, "unknown tombstone"},
		"a shell":                 {look(at, 200, "<div></div>", nil), nil, "unknown empty"},
		"login":                   {look(at, 200, notice("Log in to continue"), nil), nil, "unknown login_wall"},
	} {
		if got := verdict(rules.Standard().Judge(c.look, nil, c.control)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A posting that speaks of removals is not removed by what it says.
func TestContentThatReadsLikeANotice(t *testing.T) {
	was := live("Our old channel was removed", "Our old channel was removed. This account has been suspended, they say. Follow the new one.")
	known := remembered(was)
	if got := verdict(rules.Standard().Judge(look(at, 200, was, nil), known, nil)); got != "up content" {
		t.Errorf("alive: %s", got)
	}
	if got := verdict(rules.Standard().Judge(look(at, 200, notice("This post was deleted by its author."), nil), known, nil)); got != "gone tombstone author" {
		t.Errorf("gone: %s", got)
	}
}

func TestFiles(t *testing.T) {
	known := &page.Likeness{File: "aa"}
	file := func(sum string) rules.Look {
		return rules.Look{Asked: at, Reached: at, Status: 200, SHA256: sum, Held: "file"}
	}
	for name, c := range map[string]struct {
		look rules.Look
		want string
	}{
		"the same":        {file("aa"), "up content"},
		"another":         {file("bb"), "changed content"},
		"404":             {look(at, 404, "", nil), "gone 404"},
		"a tombstone":     {look(at, 200, notice("This file has been removed."), nil), "gone tombstone"},
		"a login":         {look(at, 200, notice("Log in to continue"), nil), "unknown login_wall"},
		"a page, perhaps": {look(at, 200, notice("Your download will start soon"), nil), "unknown other_content control?"},
	} {
		if got := verdict(rules.Standard().Judge(c.look, known, nil)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A page that is all picture is known by the picture.
func TestPictureWithoutWords(t *testing.T) {
	was := `<title>Relay</title><main><img src=/m/77.png></main>`
	known := remembered(was)
	if got := verdict(rules.Standard().Judge(look(at, 200, strings.Replace(was, "77.png", "77.png?sig=2", 1), nil), known, nil)); got != "up content" {
		t.Errorf("alive: %s", got)
	}
	if got := verdict(rules.Standard().Judge(look(at, 200, notice("This photo is unavailable"), nil), known, nil)); got != "gone tombstone" {
		t.Errorf("gone: %s", got)
	}
}

// A site without a marked main part shares much text over all its pages; a
// control shows how much of what is seen is the frame.
func TestFrameIsNotContent(t *testing.T) {
	frame := "<div>" + strings.Repeat("Words of the frame that every page of this site has, again and again. ", 3) + "Menu one, menu two, menu three, imprint.</div>"
	known := remembered("<title>x</title>" + frame + "<p>A short posting of a few words.</p>")
	after := look(at, 404, frame+"<p>Not found", nil)
	v := rules.Standard().Judge(after, known, nil)
	if got := verdict(v); got != "unknown 404 control?" && got != "unknown 404" {
		t.Errorf("without control: %s", got)
	}
	control := look(at, 404, frame+"<p>Not found", nil)
	if got := verdict(rules.Standard().Judge(after, known, &control)); got != "gone 404" {
		t.Errorf("with control: %s", got)
	}
}

// A rule of a platform cannot make gone what is still shown.
func TestPlatformRulesDoNotOverrideSight(t *testing.T) {
	const post = "https://t.me/exercise/7"
	b := rules.Standard()
	m, ok := b.Find(post)
	if !ok {
		t.Fatal("no rule")
	}
	l := rules.NewLook(m.Probe(), m.Probe(), 200, http.Header{"Content-Type": {"text/html"}},
		[]byte(`<div class="tgme_widget_message_error">Post not found</div><main>`+text+`</main>`), "content")
	known := &page.Likeness{Sketch: page.SketchOf(text)}
	if v, ok := m.JudgeProbe(l, known); !ok || v.Verdict != staydown.Unseen || v.Signal != "mixed" {
		t.Errorf("%+v", v)
	}
	if v, ok := m.JudgeProbe(l, nil); !ok || v.Verdict != staydown.Gone || v.Rule != m.Name() {
		t.Errorf("%+v", v)
	}
	if _, ok := m.JudgeProbe(rules.Look{Asked: post, Failure: "timeout"}, nil); ok {
		t.Error("a rule decided on nothing")
	}
}

// Whatever a page says, as long as it shows what was captured it is never gone.
func FuzzNeverGoneWhileShown(f *testing.F) {
	f.Add(200, "This post was removed for violating our terms", "")
	f.Add(404, "<h1>Not found</h1>", "<script>x</script>")
	f.Add(410, "<div hidden>", "</div>")
	f.Add(451, "<title>gone</title>", "تم حذف هذا المنشور")
	known := remembered(live(title, text))
	f.Fuzz(func(t *testing.T, status int, before, after string) {
		body := live(title, text)
		l := look(at, status, before+body+after, nil)
		shown := page.SketchOf(text)
		if shown.Found(l.Page.Main) < 1 && shown.Found(l.Page.Text) < 1 {
			return // the fuzzer hid the content: nothing is shown that could be called gone
		}
		if v := rules.Standard().Judge(l, known, nil); v.Verdict == staydown.Gone {
			t.Errorf("status %d: %+v", status, v)
		}
	})
}
