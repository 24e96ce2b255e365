package page

import (
	"fmt"
	"html/template"
	"strings"
)

// keyCaps are the letters printed for physical keys whose code does not end in its letter, on the common layout.
// A browser that knows the officer's keyboard replaces them (assets/js/20-keys.js).
var keyCaps = map[string]string{
	"BracketLeft": "[", "BracketRight": "]", "Space": "␣", "ArrowLeft": "←", "ArrowRight": "→", "Slash": "/", "Enter": "↵",
	"Comma": ",", "Period": ".", "Minus": "-", "Equal": "=", "Escape": "Esc",
}

// keyCap is the letter on a key: KeyR is R, Digit1 is 1.
func keyCap(code string) string {
	if letter, ok := strings.CutPrefix(code, "Key"); ok {
		return letter
	}
	if digit, ok := strings.CutPrefix(code, "Digit"); ok {
		return digit
	}
	if letter, ok := keyCaps[code]; ok {
		return letter
	}
	return code
}

// KeyCap prints a key on a button. Screen readers learn it from aria-keyshortcuts instead; see [KeyAttr].
func KeyCap(code string) template.HTML {
	return template.HTML(fmt.Sprintf(`<kbd data-code="%s" aria-hidden="true">%s</kbd>`,
		template.HTMLEscapeString(code), template.HTMLEscapeString(keyCap(code))))
}

// KeyAttr binds an element to a physical key (the event.code of UI Events).
func KeyAttr(code string) template.HTMLAttr {
	return template.HTMLAttr(fmt.Sprintf(`data-key="%s" aria-keyshortcuts="%s"`,
		template.HTMLEscapeString(code), template.HTMLEscapeString(keyCap(code))))
}
