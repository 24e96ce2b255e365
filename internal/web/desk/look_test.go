package desk

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/staydown/staydown/internal/web/assets"
	"github.com/staydown/staydown/internal/web/page"
)

// look names a folder for pictures of the pages: go test ./internal/web/desk -run TestLook -look /tmp/pictures
var look = flag.String("look", "", "keep pictures of the pages in this folder")

// partsPage is the style guide: every part with sample data, in one page that only this test serves.
type partsPage struct {
	Tabs   []page.Tab
	Pages  page.Pages
	Checks []page.Check
	Facts  []page.Fact
	States []string
	Now    time.Time
}

var partsView = page.NewView[partsPage](os.DirFS("testdata"), "parts.html")

func sampleParts() partsPage {
	return partsPage{Now: sampleNow, States: []string{"gone", "up", "unknown", "back", "held", "warn"},
		Tabs: []page.Tab{{Label: "board.items", Link: "#a", Count: 212, Oldest: 50 * time.Minute, Current: true}, {Label: "board.back", Link: "#b", Count: 3, Oldest: 50 * time.Hour, Late: true},
			{Label: "board.held", Link: "#c"}},
		Pages:  page.Pages{From: 1, To: 50, Total: 22_114, Older: "#older"},
		Checks: sampleItem().Checks,
		Facts: []page.Fact{{Label: factAccount, Text: "north\u202Ehtron"}, {Label: factTitle, Text: "الشمال <b>غامق</b>", Kind: "text"}, {Label: factSHA256, Text: "5b1ec0de90c2", Kind: "code"},
			{Label: factPublisher, Text: "https://xn--bcher-kva.example/%D8%B4", Kind: "url"}}}
}

// sampleSite serves the pages with their sample data, exactly as the desk wraps its own.
func sampleSite(t *testing.T) *httptest.Server {
	t.Helper()
	site := &page.Site{Exercise: true, Now: func() time.Time { return sampleNow },
		Nav: []page.NavItem{{Section: "queue", Path: "/item"}, {Section: "letters", Path: "/parts"}, {Section: "campaigns", Path: "/board"}, {Section: "providers", Path: "/p"}, {Section: "log", Path: "/l"}}}
	mux := http.NewServeMux()
	mux.Handle("GET /board", site.Handle(func(w http.ResponseWriter, r *http.Request) error {
		shell := site.Shell(w, r)
		shell.Title, shell.Section, shell.Live, shell.Wall = "Board", "campaigns", "/live", r.URL.Query().Has("wall")
		return boardView.Render(w, http.StatusOK, shell, sampleBoard())
	}))
	mux.Handle("GET /item", site.Handle(func(w http.ResponseWriter, r *http.Request) error {
		shell := site.Shell(w, r)
		shell.Title, shell.Section = "Item", "queue"
		shell.Person = &page.Person{Name: "Officer 7", Authority: "Unit 04"}
		shell.Lease = &page.Lease{Item: "/item", Until: sampleNow.Add(8*time.Minute + 41*time.Second), Left: 8*time.Minute + 41*time.Second, Extend: "/extend"}
		shell.Keys = []page.KeyUse{{Code: "KeyR", Does: "act.refer"}, {Code: "KeyL", Does: "act.stop"}, {Code: "KeyV", Does: "item.show"}}
		return itemView.Render(w, http.StatusOK, shell, sampleItem())
	}))
	mux.Handle("GET /parts", site.Handle(func(w http.ResponseWriter, r *http.Request) error {
		shell := site.Shell(w, r)
		shell.Title, shell.Section = "Parts", "letters"
		shell.Flash = &page.Flash{Key: "saved"}
		shell.Undo = &page.Undo{Path: "/undo", Until: sampleNow.Add(41 * time.Second), Left: 41 * time.Second}
		shell.Notices = []page.Notice{{Key: "no_oversight"}}
		return partsView.Render(w, http.StatusOK, shell, sampleParts())
	}))
	mux.Handle("GET /missing", site.Handle(func(w http.ResponseWriter, r *http.Request) error { return page.NotFound(r) }))
	mux.Handle("GET /broken", site.Handle(func(w http.ResponseWriter, r *http.Request) error { return fmt.Errorf("a secret detail") }))
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		news, _ := json.Marshal(map[string]any{"text": map[string]string{"gone": "18,983"}})
		fmt.Fprintf(w, "data: %s\n\nevent: end\ndata: {}\n\n", news)
	})
	mux.HandleFunc("POST /extend", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"until":"2019-11-23T14:40:00Z"}`) })
	mux.HandleFunc("POST /items/01/draft", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /items/{id}/stills/{n}", func(w http.ResponseWriter, r *http.Request) { w.Write(sampleStill()) })
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	server := httptest.NewServer(site.Wrap(mux))
	t.Cleanup(server.Close)
	return server
}

// sampleStill is a harmless picture: rings.
func sampleStill() []byte {
	img := image.NewGray(image.Rect(0, 0, 320, 180))
	for y := range 180 {
		for x := range 320 {
			img.SetGray(x, y, color.Gray{Y: uint8(((x-160)*(x-160) + (y-90)*(y-90)) / 24)})
		}
	}
	var b bytes.Buffer
	png.Encode(&b, img)
	return b.Bytes()
}

// Nothing that is read at a glance wraps at 1280 pixels; at 800 there is one column and nothing to scroll sideways.
func TestWidths(t *testing.T) {
	b := openBrowser(t)
	server := sampleSite(t)
	for _, width := range []int64{1280, 800, 400} {
		b.do(t, chromedp.EmulateViewport(width, 930))
		for _, name := range []string{"board?lang=en", "board?lang=ar", "item?lang=en", "item?lang=ar", "parts?lang=en"} {
			b.visit(t, server.URL+"/"+name)
			if wide := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%s at %d: the page is %d pixels wider than the window", name, width, wide)
			}
			if width == 1280 {
				cut := eval[[]string](t, b, `Array.from(document.querySelectorAll(".scroll")).filter(e => !e.closest("details:not([open])") && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 60) + e.scrollWidth + ">" + e.clientWidth)`)
				if len(cut) > 0 {
					t.Errorf("%s at %d: these tables are cut off: %q", name, width, cut)
				}
				wrapped := eval[[]string](t, b, `Array.from(document.querySelectorAll(".figures strong, .figures span, .top nav a, .tabs a, kbd, button")).filter(e => e.getClientRects().length > 1 || e.offsetHeight > 60).map(e => e.textContent)`)
				if len(wrapped) > 0 {
					t.Errorf("%s at %d: these wrap: %q", name, width, wrapped)
				}
			}
			b.shoot(t, fmt.Sprintf("%s-%d", strings.NewReplacer("?lang=", "-").Replace(name), width), width < 1000)
		}
	}
}

func TestLook(t *testing.T) {
	b := openBrowser(t)
	server := sampleSite(t)
	for _, lang := range []string{"en", "ar"} {
		for _, theme := range []string{"light", "dark"} {
			b.theme(t, theme)
			for _, name := range []string{"board", "item", "parts", "missing", "broken"} {
				where := fmt.Sprintf("%s-%s-%s", name, lang, theme)
				b.visit(t, server.URL+"/"+name+"?lang="+lang)
				if got := eval[string](t, b, `document.documentElement.dir`); (got == "rtl") != (lang == "ar") {
					t.Errorf("%s: dir is %s", where, got)
				}
				if wide := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s: the page is %d pixels wider than the window", where, wide)
				}
				b.axe(t, where)
				b.shoot(t, where, name != "broken" && name != "item")
				if name != "missing" && name != "broken" {
					b.silent(t, where)
				}
				b.forget()
			}
		}
	}
}
