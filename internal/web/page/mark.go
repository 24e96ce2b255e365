package page

import (
	"fmt"
	"html/template"
)

// The states a mark can show. Each has a colour, a shape and, from the template, a word; nobody has to see the colour.
const (
	StateGone    = "gone"    // a circle
	StateUp      = "up"      // a triangle
	StateUnknown = "unknown" // a bar
	StateBack    = "back"    // a diamond
	StateHeld    = "held"    // a square
	StateWarn    = "warn"    // a triangle on its point
)

// shapes are drawn in a square of twelve; outline or filled is a matter of the style sheet.
var shapes = map[string]string{
	StateGone:    `<circle cx="6" cy="6" r="4.6"/>`,
	StateUp:      `<path d="M6 1.2 11 10.6H1Z"/>`,
	StateUnknown: `<rect x="1" y="4" width="10" height="4" rx="2"/>`,
	StateBack:    `<path d="M6 .8 11.2 6 6 11.2.8 6Z"/>`,
	StateHeld:    `<rect x="1.4" y="1.4" width="9.2" height="9.2"/>`,
	StateWarn:    `<path d="M6 10.8 1 1.4H11Z"/>`,
}

// Say marks a state that somebody else told us: an outline.
func Say(state string, word template.HTML) template.HTML { return mark("say", state, word) }

// Saw marks a state that we saw ourselves: filled.
func Saw(state string, word template.HTML) template.HTML { return mark("saw", state, word) }

// mark writes shape and word; without a state, the word alone. An unknown state is shown as unknown: a page must not fail over a new word.
func mark(how, state string, word template.HTML) template.HTML {
	if state == "" {
		return `<span class="soft">` + word + `</span>`
	}
	shape, ok := shapes[state]
	if !ok {
		state, shape = StateUnknown, shapes[StateUnknown]
	}
	return template.HTML(fmt.Sprintf(`<span class="mark %s %s"><svg viewBox="0 0 12 12" aria-hidden="true">%s</svg><span>%s</span></span>`,
		how, state, shape, word))
}
