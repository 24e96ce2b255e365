package page

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const address = "https://relay.example/c/lamp/7"

func read(s string) *Page { return Read([]byte(s), "text/html; charset=utf-8", address) }

func TestWholePage(t *testing.T) {
	p := read(`<!DOCTYPE html><html lang="ar" dir="rtl"><head>
<title>  Exercise &amp; channel
 7 </title><meta property="og:title" content="What was said"><meta name="Description" content=" a  b ">
<meta property="og:title" content="a second one">
<meta property="og:image" content="/m/1.png"><meta property="og:video" content="/m/1.mp4">
<link rel="canonical" href="/c/lamp/7?x=1#frag"><link rel=image_src href="//cdn.example/s.jpg">
<script src="https://cdn.example/app.js">var t = "This video was removed";</script>
</head><body><header><h2>Relay</h2><a href=/login>Log in</a></header><nav>Home</nav>
<main><article><header><h1>What <b>was</b> said</h1></header><p>First line.<br>Second	line.<p>Th<i>ird</i></article>
<img src=pic.png srcset="pic-1.png 320w, pic-2.png 1280w"><img src=icon.png width=16><video poster=p.jpg><source src=clip.mp4></video>
<a href="more.jpg">more</a></main><aside>Others like this</aside><footer>Terms</footer></body></html>`)
	want := &Page{
		Title: "Exercise & channel 7", Language: "ar",
		Headings:  []string{"Relay", "What was said"},
		Text:      "Relay\nLog in\nHome\nWhat was said\nFirst line.\nSecond line.\nThird\nmore\nOthers like this\nTerms",
		Main:      "What was said\nFirst line.\nSecond line.\nThird\nmore",
		Meta:      map[string]string{"og:title": "What was said", "description": "a b", "og:image": "/m/1.png", "og:video": "/m/1.mp4"},
		Canonical: "https://relay.example/c/lamp/7?x=1",
		Embeds:    []string{"https://cdn.example/app.js"},
		Media: []Media{
			{"https://relay.example/m/1.mp4", Video, "og:video", false},
			{"https://relay.example/c/lamp/clip.mp4", Video, "source", true},
			{"https://relay.example/m/1.png", Image, "og:image", false},
			{"https://cdn.example/s.jpg", Image, "image_src", false},
			{"https://relay.example/c/lamp/p.jpg", Image, "poster", true},
			{"https://relay.example/c/lamp/pic-2.png", Image, "img", true},
			{"https://relay.example/c/lamp/more.jpg", Image, "a", false},
		},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if p.Name() != "What was said" {
		t.Errorf("its name is %q", p.Name())
	}
}

// What nobody sees must not be read.
func TestHiddenTextIsNotRead(t *testing.T) {
	const bad = "This video was removed"
	for name, html := range map[string]string{
		"script":             `<script>{"t":"` + bad + `"}</script>`,
		"script in body":     `<div><script type="application/json">` + bad + `</script></div>`,
		"style":              `<style>.x:after{content:"` + bad + `"}</style>`,
		"template":           `<template><h1>` + bad + `</h1><template></template>` + bad + `</template>`,
		"noscript":           `<noscript><p>` + bad + `</p></noscript>`,
		"iframe":             `<iframe>` + bad + `</iframe>`,
		"comment":            `<!-- ` + bad + ` -->`,
		"hidden":             `<div hidden><div>x</div><h1>` + bad + `</h1></div>`,
		"hidden until found": `<div hidden="until-found">` + bad + `</div>`,
		"no display":         `<div style="color:red; Display : none"><p>` + bad + `</p></div>`,
		"not visible":        `<p style="visibility:hidden">` + bad + `</p>`,
		"closed dialog":      `<dialog><h1>` + bad + `</h1></dialog>`,
		"drawing":            `<svg><title>` + bad + `</title><text>` + bad + `</text></svg>`,
		"attribute":          `<div data-i18n="` + bad + `" title="` + bad + `"></div>`,
		"text area":          `<textarea>` + bad + `</textarea>`,
		"value":              `<input type=hidden value="` + bad + `">`,
		"hidden item":        `<ul><li hidden>` + bad + `<li>other</ul>`,
		"hidden paragraph":   `<p hidden>` + bad + `<p>other`,
	} {
		p := read("<title>Live</title><h1>Live</h1>" + html + "<p>Still here</p>")
		if all := strings.Join(append(p.Headings, p.Title, p.Text, p.Main), "|"); strings.Contains(all, bad) {
			t.Errorf("%s was read: %q", name, all)
		}
		if !strings.HasSuffix(p.Text, "Still here") {
			t.Errorf("%s: what follows was lost: %q", name, p.Text)
		}
	}
	if p := read(`<dialog open>Shown</dialog><svg/>after`); p.Text != "Shownafter" && p.Text != "Shown\nafter" {
		t.Errorf("an open dialog, an empty drawing: %q", p.Text)
	}
}

func TestMainPart(t *testing.T) {
	for html, want := range map[string]string{
		`<nav>a</nav><div>b</div><form>c</form><footer>d</footer>`:     "b",
		`<nav>a</nav><main><form>x</form>b<aside>c</aside></main><p>d`: "b",
		`<nav>only this</nav>`:       "only this",
		`<form><p>Log in</p></form>`: "Log in",
		``:                           "",
	} {
		if p := read(html); p.Main != want {
			t.Errorf("%s: %q, want %q", html, p.Main, want)
		}
	}
}

func TestCharacterSets(t *testing.T) {
	arabic := "\xe3\xcd\xca\xe6\xec" // in windows-1256
	for name, c := range map[string]struct{ body, contentType, want string }{
		"by header":    {"<p>" + arabic, "text/html; charset=windows-1256", "محتوى"},
		"by meta":      {`<meta charset="windows-1256"><p>` + arabic, "text/html", "محتوى"},
		"mark":         {"\xef\xbb\xbf<p>é", "text/html", "é"},
		"UTF-16":       {"\xff\xfe<\x00p\x00>\x00\xe9\x00", "text/html", "é"},
		"broken UTF-8": {"<p>a\xffb\x00c\x07d", "text/html; charset=utf-8", "abcd"},
		"unknown":      {"<p>é é x", "text/html; charset=no-such-thing", "é é x"},
	} {
		if p := Read([]byte(c.body), c.contentType, address); p.Text != c.want {
			t.Errorf("%s: %q", name, p.Text)
		}
	}
}

func TestSmallMarks(t *testing.T) {
	p := read(`<meta http-equiv=Refresh content="0; URL='/gone'"><form><input type=PASSWORD></form>`)
	if p.Refresh != "https://relay.example/gone" || !p.Password {
		t.Errorf("%+v", p)
	}
	for html, want := range map[string]bool{"<time>now</time>": true, "<footer><time>2019</time></footer>": false, `<meta property="article:published_time" content=x>`: true, "now": false} {
		if got := read(html).Dated; got != want {
			t.Errorf("%s: dated %v", html, got)
		}
	}
	if p := FromText([]byte("a  b\n\nc\x00"), ""); p.Text != "a b\nc" || p.Main != p.Text {
		t.Errorf("plain text: %q", p.Text)
	}
	p = read(`<base href="https://other.example/d/"><img src=a.png><img src="javascript:alert(1)"><img src="file:///etc/passwd">` +
		`<img src="data:image/png;base64,AAAA"><img data-src=lazy.png><a href=outside.jpg>x</a>`)
	want := []Media{
		{"https://other.example/d/a.png", Image, "img", false},
		{"data:image/png;base64,AAAA", Image, "img", false},
		{"https://other.example/d/lazy.png", Image, "img", false},
	}
	if diff := cmp.Diff(want, p.Media); diff != "" {
		t.Error(diff)
	}
}

func TestEverythingIsBounded(t *testing.T) {
	long := strings.Repeat("عربي ", 1<<17)
	p := read("<title>" + long + "</title>" + strings.Repeat("<h1>"+long[:2000]+"</h1>", 100) + "<p>" + long +
		strings.Repeat(`<img src=/`, 1) + strings.Repeat("<div>", 100_000) + manyImages(1000) + manyMeta(1000))
	if len(p.Title) > maxTitle || len(p.Text) > MaxText || len(p.Main) > MaxText || len(p.Headings) > maxHeadings ||
		len(p.Media) > maxMedia || len(p.Meta) > maxMeta || len(p.Headings[0]) > maxTitle {
		t.Errorf("%d %d %d %d %d", len(p.Title), len(p.Text), len(p.Headings), len(p.Media), len(p.Meta))
	}
	if !utf8.ValidString(p.Text) || !utf8.ValidString(p.Title) {
		t.Error("a rune was cut in two")
	}
	if p := Read(make([]byte, MaxBytes+1), "", address); !p.Truncated {
		t.Error("a page was cut and does not say so")
	}
}

func manyImages(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<img src=/" + strings.Repeat("i", i%50) + string(rune('a'+i%26)) + ".png>")
	}
	return b.String()
}

func manyMeta(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<meta name=m" + strings.Repeat("x", i) + " content=y>")
	}
	return b.String()
}

func TestFind(t *testing.T) {
	body := []byte(`<div class="a widget_error b">Post <b>not</b> found<div>more</div></div><div hidden class=widget_error>no</div>
<script>'<div class="widget_error">'</script><p id=x data-post="lamp/7">one<p id=x>two</p><img class=pic><meta itemprop=name content=n>`)
	for name, c := range map[string]struct {
		s    Selector
		want []string
	}{
		"class":     {Selector{Class: "widget_error"}, []string{"Post not found\nmore"}},
		"tag":       {Selector{Tag: "b"}, []string{"not"}},
		"attribute": {Selector{Attr: map[string]string{"data-post": "lamp/7"}}, []string{"one\ntwo"}},
		"any value": {Selector{Tag: "p", Attr: map[string]string{"id": "*"}}, []string{"one\ntwo"}},
		"wrong":     {Selector{Attr: map[string]string{"data-post": "lamp/8"}}, nil},
		"id":        {Selector{ID: "x"}, []string{"one\ntwo"}},
		"void":      {Selector{Class: "pic"}, []string{""}},
		"empty":     {Selector{}, nil},
	} {
		if diff := cmp.Diff(c.want, Find(body, "text/html; charset=utf-8", c.s)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Isn’t  AVAILABLE!":         "isnt available",
		"Isn't available":           "isnt available",
		"Die Seite wurde gelöscht.": "die seite wurde geloscht",
		"Supprimée – par l’auteur":  "supprimee par lauteur",
		"تمَّ حـذفُ هذا المنشورِ":   "تم حذف هذا المنشور",
		"إزالة المحتوى":             "ازاله المحتوي",
		"ازاله المحتوي":             "ازاله المحتوي",
		"٢٠١٩ ۲۰۱۹":                 "2019 2019",
		"Bu içerik KALDIRILDI":      "bu icerik kaldirildi",
		"Страница удалена":          "страница удалена",
		"ﬁle\u200b\u202eabc":        "fileabc",
		"":                          "",
		"…":                         "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if again := Fold(Fold(in)); again != want {
			t.Errorf("%q folds twice to %q", in, again)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`<html lang=x><title>t</title><h1>h</h1><p hidden>x<p>y<img srcset="a 1x, b 2x"><svg/><video><source src=q>`), "text/html")
	f.Add([]byte("\xff\xfe<\x00"), "text/html; charset=utf-16")
	f.Add([]byte(`<meta http-equiv=refresh content="0;url=//"><base href=":"><a href="%zz.jpg">`), "")
	f.Add([]byte(strings.Repeat("<main><li hidden>", 50)), "text/html; charset=gb18030")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p := Read(body, contentType, address)
		for _, s := range append(p.Headings, p.Title, p.Text, p.Main, p.Language) {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || len(s) > MaxText {
				t.Errorf("bad text %.40q", s)
			}
		}
		for _, m := range p.Media {
			if !strings.HasPrefix(m.URL, "http") && !strings.HasPrefix(strings.ToLower(m.URL), "data:") {
				t.Errorf("medium %q", m.URL)
			}
		}
		Find(body, contentType, Selector{Tag: "p"})
		Fold(p.Text)
	})
}

func BenchmarkRead(b *testing.B) {
	page := []byte("<title>t</title><main>" + strings.Repeat("<p>Some words of a page, <b>as they come</b>.</p><img src=/a.png>", 100))
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Read(page, "text/html; charset=utf-8", address)
	}
}
