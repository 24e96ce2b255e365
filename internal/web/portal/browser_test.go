package portal_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/staydown/staydown/internal/locale"
)

// look names a folder to keep pictures of the pages in.
var look = flag.String("look", "", "keep pictures of the door's pages in this folder")

// tab is one tab of a real Chromium, and what its console said.
type tab struct {
	t    *testing.T
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

func openTab(t *testing.T) *tab {
	t.Helper()
	program := os.Getenv("STAYDOWN_CHROMIUM")
	if program == "" {
		t.Skip("STAYDOWN_CHROMIUM names no Chromium: the door is not opened in a browser")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(program), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1100, 900), chromedp.Flag("hide-scrollbars", true))
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(leave)
	b := &tab{t: t, ctx: ctx}
	messages := chromedp.Console(ctx)
	b.do(chromedp.EmulateViewport(1100, 900), chromedp.Navigate("about:blank"))
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
				b.mu.Lock()
				b.said = append(b.said, string(m.Type)+": "+m.Text)
				b.mu.Unlock()
			}
		}
	}()
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for an expression to become true, across pages: while one gives way
// to the next there is none to ask.
func (b *tab) until(expression string) {
	b.t.Helper()
	for b.ctx.Err() == nil {
		if v, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression)); err == nil && v {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatalf("never true: %s", expression)
}

// press presses the page's main button and waits for the page it leads to.
func (b *tab) press(path string) {
	b.t.Helper()
	b.do(chromedp.Click(`button.main`))
	b.until(`location.pathname === "` + path + `" && document.readyState === "complete" && document.fonts.status === "loaded"`)
}

// inspect fails on what the console said, on serious findings of axe-core, and on
// a page wider than the window; it keeps a picture when asked to.
func (b *tab) inspect(name string) {
	b.t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "desk", "testdata", "axe", "axe-4.14.1.min.js"))
	if err != nil {
		b.t.Fatal(err)
	}
	found := eval[string](b, string(script)+`; axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, html: v.nodes[0].html}))))`)
	var violations []struct{ ID, Impact, HTML string }
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		if v.Impact == "serious" || v.Impact == "critical" {
			b.t.Errorf("%s: axe: %s (%s) %s", name, v.ID, v.Impact, v.HTML)
		}
	}
	if eval[bool](b, `document.documentElement.scrollWidth > innerWidth + 1 || [...document.querySelectorAll("header, main, .panel")].some(e => e.getBoundingClientRect().left < -1 || e.getBoundingClientRect().right > innerWidth + 1)`) {
		b.t.Errorf("%s is wider than the window", name)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.said {
		b.t.Errorf("%s: the console says %s", name, line)
	}
	b.said = nil
	if *look == "" {
		return
	}
	b.do(chromedp.EmulateViewport(1100, 1200)) // a full-page picture of a page from right to left is cut wrongly
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*look, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// TestInABrowser goes through the door as a person does, in both languages, under
// the pages' own policy: a form that the policy or the origin check stops fails it.
func TestInABrowser(t *testing.T) {
	b := openTab(t)
	for _, lang := range locale.Langs {
		h := build(t)
		b.do(chromedp.Navigate(h.server.URL + "/p/" + h.token + "?lang=" + string(lang)))
		b.until(`document.readyState === "complete" && document.fonts.status === "loaded"`)
		b.inspect(fmt.Sprintf("door-%s-landing", lang))
		b.press("/p/code")
		b.do(chromedp.SendKeys(`#code`, h.mails()[0]))
		b.inspect(fmt.Sprintf("door-%s-code", lang))
		b.press("/p/letter")
		b.inspect(fmt.Sprintf("door-%s-letter", lang))
		eval[bool](b, fmt.Sprintf(`document.getElementById("s-%s").value = "disabled"; document.getElementById("c-%s").value = "DE FR"; true`, h.lines[0].ID, h.lines[0].ID))
		eval[bool](b, fmt.Sprintf(`document.getElementById("s-%s").value = "refused"; document.getElementById("r-%s").value = "Within our terms."; true`, h.lines[1].ID, h.lines[1].ID))
		b.press("/p/preview")
		b.inspect(fmt.Sprintf("door-%s-preview", lang))
		b.press("/p/letter")
		b.inspect(fmt.Sprintf("door-%s-filed", lang))
		if got := h.saidOf()[0]; got != `disabled [DE FR] ""` {
			t.Errorf("%s: %s", lang, got)
		}
		if referrer := eval[string](b, `document.referrer`); referrer != "" {
			t.Errorf("%s: the page knows where its reader came from: %s", lang, referrer)
		}
	}
}
