package sign

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/staydown/staydown/internal/capture/page"
)

func read(html string) Reading {
	return Standard().Read(page.Read([]byte(html), "text/html; charset=utf-8", "https://relay.example/c/x/1"))
}

func TestStandardBook(t *testing.T) {
	b := Standard()
	if b.Len() < 1200 || b.Version == "" {
		t.Errorf("%d sentences, version %q", b.Len(), b.Version)
	}
	languages := map[string]map[Kind]bool{}
	for _, list := range b.byWord {
		for _, p := range list {
			if languages[p.language] == nil {
				languages[p.language] = map[Kind]bool{}
			}
			languages[p.language][p.kind] = true
		}
	}
	for _, l := range []string{"ar", "en", "fr", "de", "nl", "es", "ru", "tr", "id"} {
		for _, k := range kinds {
			if !languages[l][k] {
				t.Errorf("%s says nothing of kind %s", l, k)
			}
		}
	}
}

func TestRead(t *testing.T) {
	filler := strings.Repeat("<p>Some words of the article, as they come, one after the other.</p>", 40)
	for name, c := range map[string]struct {
		html string
		want Kind
	}{
		"by the platform":     {"<h1>This post was removed for violating our terms</h1>", Provider},
		"by the author":       {"<main><p>This message was deleted by its author.</p></main>", Author},
		"by a timer":          {"<p>This message has expired.", Timer},
		"nobody says by whom": {"<title>Video unavailable</title>", Removed},
		"by both":             {"<p>Deleted by the author or removed by the moderators.", Removed},
		"not found":           {"<h1>Page not found</h1>", NotFound},
		"title alone":         {"<title>404 Not Found</title>", NotFound},
		"Arabic, platform":    {"<h1>تمت إزالة هذا المحتوى لمخالفته شروط الخدمة</h1>", Provider},
		"Arabic, vowels":      {"<p>تَمَّ حَذفُ هذا المنشور", Removed},
		"Arabic, author":      {"<p>هذا المنشور حذفه صاحبه", Author},
		"French":              {"<p>Ce message a été supprimé par l’auteur.", Author},
		"German":              {"<p>Dieses Konto wurde gesperrt.", Provider},
		"Dutch":               {"<p>Deze pagina bestaat niet meer.", Removed},
		"Spanish":             {"<p>Esta publicación ha sido eliminada.", Removed},
		"Russian":             {"<p>Сообщение удалено автором.", Author},
		"Turkish":             {"<p>Bu gönderi yazarı tarafından silindi.", Author},
		"Indonesian":          {"<p>Kiriman ini telah dihapus.", Removed},
		"login":               {"<h1>Log in to continue</h1><p>This post may have been removed", Login},
		"country":             {"<p>This video is not available in your country.", Geo},
		"robot":               {"<title>Just a moment...</title><p>Checking your browser", Captcha},
		"refused":             {"<h1>Access denied</h1>", Blocked},
		"passing":             {"<h1>Something went wrong</h1><p>Try again later.", Busy},
		"an article":          {"<title>On removals</title><main>" + filler + "<p>This post was removed for violating our terms.</main>", ""},
		"a comment below":     {"<main>" + filler + "<p>deleted by the author</p></main>", ""},
		"an article's top":    {"<main><p>This article was withdrawn by its author.</p>" + filler + "</main>", Author},
		"in a script":         {"<p>Live</p><script>'This post was removed'</script>", ""},
		"in the navigation":   {"<nav>Log in to continue</nav><main><p>What was said</main>", ""},
		"part of a word":      {"<p>An unremoved stone has been removedly placed", ""},
		"empty":               {"", ""},
	} {
		if got := read(c.html); got.Kind != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, k := range kinds {
		if k.Absent() == k.Veiled() {
			t.Errorf("%s is both or neither", k)
		}
	}
	if Kind("").Absent() || Kind("").Veiled() {
		t.Error("nothing said means something")
	}
}

func TestReadBook(t *testing.T) {
	good := `{"format":"staydown-signs/1","language":"xx","version":"1","source":"s","signs":{"removed":["now gone"]}}`
	if b, err := ReadBook(fstest.MapFS{"a.json": {Data: []byte(good)}}); err != nil || b.Len() != 1 {
		t.Errorf("%v %v", b, err)
	}
	for name, bad := range map[string]string{
		"no JSON":    "{",
		"format":     strings.Replace(good, "signs/1", "signs/2", 1),
		"no source":  strings.Replace(good, `"s"`, `""`, 1),
		"kind":       strings.Replace(good, `"removed"`, `"vanished"`, 1),
		"field":      strings.Replace(good, `"version"`, `"versoin"`, 1),
		"empty":      strings.Replace(good, "now gone", "…", 1),
		"one letter": strings.Replace(good, "now gone", "x", 1),
		"two kinds":  strings.Replace(good, `}}`, `,"login":["Now, gone!"]}}`, 1),
	} {
		if _, err := ReadBook(fstest.MapFS{"a.json": {Data: []byte(bad)}}); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("this post was removed for violating our terms")
	f.Add("  not found not")
	f.Fuzz(func(t *testing.T, s string) {
		folded := page.Fold(s)
		for _, h := range Standard().Find(folded) {
			if !strings.HasPrefix(folded[h.At:], h.Sentence) {
				t.Errorf("%q is not at %d of %q", h.Sentence, h.At, folded)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	p := page.Read([]byte("<h1>t</h1><main>"+strings.Repeat("<p>Some words of a page, as they come.</p>", 20)), "", "https://x.example/")
	for b.Loop() {
		Standard().Read(p)
	}
}
