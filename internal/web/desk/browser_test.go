package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser is a real Chromium with one tab, and what its console said.
type browser struct {
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

// openBrowser starts Chromium, or skips the test where none is named.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	program := os.Getenv("STAYDOWN_CHROMIUM")
	if program == "" {
		t.Skip("STAYDOWN_CHROMIUM names no Chromium: the pages are not opened in a browser")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(program), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1400, 930),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"))
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(leave)
	b := &browser{ctx: ctx}
	messages := chromedp.Console(ctx)
	b.do(t, chromedp.EmulateViewport(1400, 930))
	b.do(t, chromedp.Navigate("about:blank"))
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
				b.mu.Lock()
				b.said = append(b.said, string(m.Type)+": "+m.Text+" "+m.URL)
				b.mu.Unlock()
			}
		}
	}()
	return b
}

func (b *browser) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval runs an expression in the page and decodes its value.
func eval[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression to become true. An error counts as not yet: while one page makes way for the next there
// is nothing to ask.
func (b *browser) until(t *testing.T, expression string) {
	t.Helper()
	var last error
	for range 400 {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
		if err == nil && ok {
			return
		}
		if last = err; b.ctx.Err() != nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never true: %s: %v", expression, last)
}

// theme sets what the system prefers.
func (b *browser) theme(t *testing.T, scheme string) {
	t.Helper()
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		return cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// silent fails when the console said anything: a violation of the policy, a script error, a missing file.
func (b *browser) silent(t *testing.T, where string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.said {
		t.Errorf("%s: the console says %s", where, line)
	}
	b.said = nil
}

// forget drops what the console said, after a page that is meant to complain.
func (b *browser) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = nil
}

// axe fails on every violation that axe-core calls serious or critical.
func (b *browser) axe(t *testing.T, where string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("testdata", "axe", "axe-4.14.1.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	eval[bool](t, b, string(script)+"; true")
	found := eval[string](t, b, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html + " " + (n.any[0] ? n.any[0].message : ""))}))))`)
	var violations []struct {
		ID, Impact, Help string
		Nodes            []string
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		text := fmt.Sprintf("%s: axe: %s (%s) %s: %s", where, v.ID, v.Impact, v.Help, strings.Join(v.Nodes, " | "))
		if v.Impact == "serious" || v.Impact == "critical" {
			t.Error(text)
		} else {
			t.Log(text)
		}
	}
}

// shoot keeps a picture of the page when -look names a folder.
func (b *browser) shoot(t *testing.T, name string, whole bool) {
	t.Helper()
	if *look == "" {
		return
	}
	take := chromedp.CaptureScreenshot()
	if whole {
		take = chromedp.FullScreenshot(100)
	}
	png, err := chromedp.Run(b.ctx, take)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*look, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// visit opens a page and waits until its fonts and the first live numbers are there.
func (b *browser) visit(t *testing.T, url string) {
	t.Helper()
	b.do(t, chromedp.Navigate(url))
	b.until(t, `document.readyState === "complete" && document.fonts.status === "loaded"`)
}
