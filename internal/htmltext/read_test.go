package htmltext

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "post.html"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(data, "text/html", "https://relay.example/s/kanal/7")
	if err != nil {
		t.Fatal(err)
	}
	want := Page{
		Title: "منشور تدريبي", Language: "ar", Direction: "rtl", Charset: "utf-8",
		Text:      "Exercise\nFirst line of text.\nonetwo three\nnext Next posting no mail\nSign in\na b",
		Main:      "Exercise\nFirst line of text.\nonetwo three\nnext Next posting no mail\na b",
		Meta:      map[string]string{"og:title": "Exercise posting 7", "og:image": "/media/7.png", "robots": "noindex"},
		Canonical: "https://relay.example/kanal/7",
		Icons:     []string{"https://relay.example/favicon.ico"},
		Feeds:     []string{"https://relay.example/kanal.rss"},
		Links:     []Link{{"https://relay.example/kanal/8?x=1#top", "Next posting"}},
		Media: []Media{
			{Image, "https://relay.example/media/a.png", "A drawn square", "img"},
			{Image, "https://relay.example/media/lazy.png", "", "img"},
			{Image, "https://relay.example/media/l.webp", "", "srcset"},
			{Image, "https://relay.example/media/s.png", "", "img"},
			{Image, "https://relay.example/media/p.jpg", "", "poster"},
			{Video, "https://relay.example/media/v.mp4", "", "source"},
			{Image, "https://relay.example/media/bg.png", "", "style"},
			{Embed, "https://video.example/embed/1", "player", "iframe"},
			{Image, "https://relay.example/media/7.png", "", "og:image"},
		},
		Password: true, Forms: 1,
	}
	tags := got.Tags
	got.Tags = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("page differs (-want +got):\n%s", d)
	}
	if s := strings.Join(tags, " "); !strings.Contains(s, "body.page noscript div.card h1 p p p span") {
		t.Errorf("tags: %s", s)
	}
}

func TestReadEncodings(t *testing.T) {
	for _, tt := range []struct{ name, contentType, data string }{
		{"header", "text/html; charset=windows-1256", "<p>\xc8\xed\xc7\xe4</p>"},
		{"meta", "text/html", "<meta charset=windows-1256><p>\xc8\xed\xc7\xe4</p>"},
		{"byte order mark", "", "\xef\xbb\xbf<p>بيان</p>"},
		{"UTF-16", "", "\xff\xfe<\x00p\x00>\x00\x28\x06\x4a\x06\x27\x06\x46\x06"},
		{"plain UTF-8", "text/html; charset=utf-8", "<p>بيان"},
	} {
		p, err := Read([]byte(tt.data), tt.contentType, "")
		if err != nil || p.Text != "بيان" {
			t.Errorf("%s: %q (%s), %v", tt.name, p.Text, p.Charset, err)
		}
	}
}

func TestReadOddPages(t *testing.T) {
	for _, tt := range []struct{ name, in, title, text string }{
		{"no closing tags", "<title>T</title><p>a<p>b<div>c", "T", "a\nb\nc"},
		{"words side by side", "<b>one</b> <i>two</i>three", "", "one twothree"},
		{"entities", "<p>a &amp; b&nbsp;c &#x202e;d", "", "a & b c \u202ed"},
		{"comment and CDATA", "<!-- not shown --><p>x<![CDATA[y]]>", "", "x"},
		{"visibility", "<p style='VISIBILITY:HIDDEN'>x</p><div hidden=until-found>y</div>", "", "y"},
		{"closed dialog", "<dialog>x</dialog><dialog open>y</dialog>", "", "y"},
		{"title in the body", "<body><title>T</title>x", "T", "x"},
		{"text before markup", "plain <b>text", "", "plain text"},
		{"NUL and bad bytes", "<p>a\x00b\xffc", "", "ab\ufffdc"},
	} {
		p, err := Read([]byte(tt.in), "text/html; charset=utf-8", "https://relay.example/")
		if err != nil || p.Title != tt.title || p.Text != tt.text {
			t.Errorf("%s: title %q text %q, %v", tt.name, p.Title, p.Text, err)
		}
	}
	if _, err := Read([]byte("no markup"), "text/html", ""); !errors.Is(err, ErrNotHTML) {
		t.Errorf("plain text: %v", err)
	}
}

func TestRefresh(t *testing.T) {
	p, err := Read([]byte(`<meta http-equiv=REFRESH content="0; URL='/new'">`), "", "https://relay.example/old")
	if err != nil || p.Refresh != "https://relay.example/new" {
		t.Errorf("refresh %q, %v", p.Refresh, err)
	}
}

func TestBaseIsKeptToTheWeb(t *testing.T) {
	p, _ := Read([]byte(`<base href="javascript:x"><base href="https://cdn.example/a/"><base href="https://other.example/"><img src=b.png>`), "", "https://relay.example/")
	if len(p.Media) != 1 || p.Media[0].URL != "https://cdn.example/a/b.png" {
		t.Errorf("media %v", p.Media)
	}
}

func TestReadBounds(t *testing.T) {
	var b strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&b, "<a href='/%d'>link %d</a><img src=/%d.png>", i, i, i)
	}
	p, err := Read([]byte(b.String()), "text/html; charset=utf-8", "https://relay.example/")
	if err != nil || !p.Truncated || len(p.Links) != MaxLinks || len(p.Media) != MaxMedia || len(p.Tags) > MaxTags || len(p.Text) > MaxText+utf8.UTFMax {
		t.Errorf("truncated %v, %d links, %d media, %d tags, %d bytes of text, %v", p.Truncated, len(p.Links), len(p.Media), len(p.Tags), len(p.Text), err)
	}
}

func TestReadDeep(t *testing.T) {
	deep := "<title>T</title>" + strings.Repeat("<div>", 200_000) + "<script>no</script>at the bottom"
	p, err := Read([]byte(deep), "text/html; charset=utf-8", "")
	if err != nil || !p.Truncated || !strings.Contains(p.Text, "at the bottom") || strings.Contains(p.Text, "no") || p.Title != "T" {
		t.Errorf("title %q, text %q, truncated %v, %v", p.Title, p.Text, p.Truncated, err)
	}
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "post.html"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, "text/html")
	f.Add([]byte("<p>\xc8\xed"), "text/html; charset=windows-1256")
	f.Add([]byte("<table><svg><math><a href=x><a href=//h.example/y>"), "")
	f.Add([]byte("<img srcset=', ,'><meta http-equiv=refresh content='url='><base href=:>"), "")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		p, err := Read(data, contentType, "https://relay.example/x")
		if err != nil {
			return
		}
		all := []string{p.Title, p.Text, p.Canonical, p.Refresh, p.Language}
		for _, l := range p.Links {
			all = append(all, l.URL, l.Text)
		}
		for _, m := range p.Media {
			all = append(all, m.URL, m.Alt)
			if !strings.HasPrefix(m.URL, "http") {
				t.Fatalf("media at %q", m.URL)
			}
		}
		for _, s := range all {
			if !utf8.ValidString(s) {
				t.Fatalf("not UTF-8: %q", s)
			}
		}
	})
}

// TestReadManyRoots: the parser's time grows with the square of repeated body
// tags; such a page is read without its structure instead.
func TestReadManyRoots(t *testing.T) {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, "<body a%d=1>", i)
	}
	p, err := Read([]byte("<title>T</title>"+b.String()+"<p>text"), "text/html; charset=utf-8", "")
	if err != nil || !p.Truncated || p.Text != "text" || p.Title != "T" || len(p.Tags) != 0 {
		t.Errorf("title %q, text %q, %d tags, truncated %v, %v", p.Title, p.Text, len(p.Tags), p.Truncated, err)
	}
	if p, _ := Read([]byte("<html><body><p>a<body class=x><p>b"), "", ""); p.Truncated || p.Text != "a\nb" {
		t.Errorf("a page with two bodies: %q, truncated %v", p.Text, p.Truncated)
	}
}
