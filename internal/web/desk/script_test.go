package desk

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// press sends a physical key: code says where it is on the keyboard, letter what is printed on it there.
func (b *browser) press(t *testing.T, code, letter string) {
	t.Helper()
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Code: code, Key: letter, Text: letter}); err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestKeysAreWhereTheyAreOnAnyKeyboard(t *testing.T) {
	b := openBrowser(t)
	server := sampleSite(t)
	b.visit(t, server.URL+"/item?lang=en")
	// The key beside Tab gives "ض" on an Arabic keyboard; the place counts, not the letter.
	b.press(t, "Digit2", "é")
	b.until(t, `document.querySelector("[name=ground][value=b]").checked`)
	b.press(t, "KeyV", "ر")
	b.until(t, `document.getElementById("viewer").dataset.show === "on" && document.querySelector("#viewer img").complete && document.querySelector("#viewer img").naturalWidth > 0`)
	b.press(t, "KeyB", "b")
	b.until(t, `document.getElementById("viewer").dataset.blur === "off"`)
	// While one types, keys are letters.
	eval[bool](t, b, `document.querySelector("[name=passage]").focus(), true`)
	b.press(t, "Digit3", "3")
	b.until(t, `document.querySelector("[name=passage]").value === "3" && !document.querySelector("[name=ground][value=c]").checked`)
	// A ground that needs its danger written down shows the field; the draft is kept.
	eval[bool](t, b, `document.activeElement.blur(), true`)
	b.press(t, "Digit1", "1")
	b.until(t, `!document.querySelector("[name=danger]").closest("label").hidden`)
	b.until(t, `document.getElementById("draft-state").textContent === document.getElementById("draft-state").dataset.kept`)
	// "?" opens the list, in which keys do nothing.
	b.press(t, "Slash", "?")
	b.until(t, `document.getElementById("keys").open`)
	b.press(t, "Digit4", "4")
	if eval[bool](t, b, `document.querySelector("[name=ground][value=d]").checked`) {
		t.Error("a key reached the page behind the list")
	}
	b.silent(t, "keys")
}

func TestKeysCanBeSwitchedOff(t *testing.T) {
	b := openBrowser(t)
	server := sampleSite(t)
	b.visit(t, server.URL+"/item?lang=en")
	eval[bool](t, b, `document.documentElement.dataset.keys = "off", true`)
	b.press(t, "Digit2", "2")
	if eval[bool](t, b, `document.querySelector("[name=ground][value=b]").checked`) {
		t.Error("a key was heard")
	}
	if eval[string](t, b, `getComputedStyle(document.querySelector(".rail kbd")).display`) != "none" {
		t.Error("the keys are still printed")
	}
}

func TestNumbersAreLiveAndClocksRun(t *testing.T) {
	b := openBrowser(t)
	server := sampleSite(t)
	b.visit(t, server.URL+"/board?lang=en")
	b.until(t, `document.querySelector("[data-live=gone]").textContent === "18,983"`)
	b.visit(t, server.URL+"/item?lang=en")
	first := eval[string](t, b, `document.querySelector("[data-extend]").textContent`)
	b.until(t, `document.querySelector("[data-extend]").textContent !== "`+first+`"`)
	if lapsed := eval[bool](t, b, `document.getElementById("lapsed").hidden`); !lapsed {
		t.Error("the lease lapsed at once")
	}
	// When it is over, the page says so.
	eval[bool](t, b, `document.querySelector("[data-extend]").dataset.until = document.documentElement.dataset.now, true`)
	b.until(t, `!document.getElementById("lapsed").hidden && document.querySelector("[data-extend]").textContent === "0:00"`)
	b.silent(t, "clocks")
}

// What the browser sees of the still before one asks for it is nothing: not even a request.
func TestNothingIsShownBeforeItIsAskedFor(t *testing.T) {
	b := openBrowser(t)
	server := sampleSite(t)
	b.visit(t, server.URL+"/item?lang=en")
	if n := eval[int](t, b, `performance.getEntriesByType("resource").filter(e => e.name.includes("/stills/")).length`); n != 0 {
		t.Errorf("%d stills were fetched", n)
	}
	b.press(t, "KeyV", "v")
	b.until(t, `performance.getEntriesByType("resource").filter(e => e.name.includes("/stills/")).length === 7`)
	if n := eval[int](t, b, `performance.getEntriesByType("resource").filter(e => e.name.includes("/stills/") && !e.name.endsWith("?as=blurred_grey")).length`); n != 0 {
		t.Errorf("%d stills were fetched in another variant than the mildest", n)
	}
}
