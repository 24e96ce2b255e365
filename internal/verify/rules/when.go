package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
)

// When is the condition of a rule. All parts that are set must hold; a part with
// several values holds when any of them does.
type When struct {
	Status  []int             `json:"status,omitempty"`
	Reached string            `json:"reached,omitempty"` // regular expression over the address reached
	Header  map[string]string `json:"header,omitempty"`  // name to a part of the value
	Title   []string          `json:"title,omitempty"`   // the whole title
	Meta    map[string]string `json:"meta,omitempty"`    // name to value; "*" any, "!" none
	Element *page.Selector    `json:"element,omitempty"` // is on the page
	Text    []string          `json:"text,omitempty"`    // is in the element, or else in the visible text
	JSON    map[string]any    `json:"json,omitempty"`    // pointer to value; "*" any, "!" none; a list: any of it
	Not     *When             `json:"not,omitempty"`     // and this does not hold
	reached *regexp.Regexp
}

// prepare checks a condition and makes it ready for use.
func (w *When) prepare() error {
	if len(w.Status) == 0 && w.Reached == "" && len(w.Header) == 0 && len(w.Title) == 0 && len(w.Meta) == 0 &&
		w.Element == nil && len(w.Text) == 0 && len(w.JSON) == 0 && w.Not == nil {
		return errors.New("a condition that always holds")
	}
	if w.Element != nil && w.Element.Empty() {
		return errors.New("an element that is every element")
	}
	var err error
	if w.reached, err = regexp.Compile(w.Reached); err != nil {
		return err
	}
	for i, t := range w.Text {
		if w.Text[i] = page.Fold(t); len(w.Text[i]) < 4 {
			return fmt.Errorf("text %q is too short", t)
		}
	}
	for i, t := range w.Title {
		w.Title[i] = page.Fold(t)
	}
	if w.Not != nil {
		return w.Not.prepare()
	}
	return nil
}

// holds tells whether the condition holds for a look at a match.
func (w *When) holds(l Look, m Match) bool {
	if l.Failure != "" {
		return false
	}
	if len(w.Status) > 0 && !slices.Contains(w.Status, l.Status) {
		return false
	}
	if w.Reached != "" && !w.reached.MatchString(l.Reached) {
		return false
	}
	for name, part := range w.Header {
		if !strings.Contains(l.header(name), part) {
			return false
		}
	}
	if !w.holdsPage(l, m) || !w.holdsJSON(l) {
		return false
	}
	return w.Not == nil || !w.Not.holds(l, m)
}

// holdsPage judges the parts of the condition that look at a page.
func (w *When) holdsPage(l Look, m Match) bool {
	if len(w.Title) == 0 && len(w.Meta) == 0 && w.Element == nil && len(w.Text) == 0 {
		return true
	}
	if l.Page == nil || len(w.Title) > 0 && !slices.Contains(w.Title, page.Fold(l.Page.Title)) {
		return false
	}
	for name, want := range w.Meta {
		got, there := l.Page.Meta[name]
		switch {
		case want == "!" && there, want != "!" && !there, want != "!" && want != "*" && got != want:
			return false
		}
	}
	texts := []string{l.Page.Text}
	if w.Element != nil {
		if texts = page.Find(l.Body, l.ContentType, m.selector(*w.Element)); len(texts) == 0 {
			return false
		}
	}
	return len(w.Text) == 0 || containsAny(texts, w.Text)
}

// selector puts the groups of a match into the attributes of a selector.
func (m Match) selector(s page.Selector) page.Selector {
	if len(s.Attr) == 0 {
		return s
	}
	attr := map[string]string{}
	for k, v := range s.Attr {
		for i := len(m.groups) - 1; i > 0; i-- {
			v = strings.ReplaceAll(v, "$"+strconv.Itoa(i), m.groups[i])
		}
		attr[k] = v
	}
	s.Attr = attr
	return s
}

// containsAny tells whether one of the texts contains one of the sentences, at
// the borders of words.
func containsAny(texts, sentences []string) bool {
	for _, t := range texts {
		folded := " " + page.Fold(t) + " "
		for _, s := range sentences {
			if strings.Contains(folded, " "+s+" ") {
				return true
			}
		}
	}
	return false
}

// maxJSON bounds the JSON that is read, in bytes.
const maxJSON = 1 << 20

// holdsJSON judges the parts of the condition that look at JSON.
func (w *When) holdsJSON(l Look) bool {
	if len(w.JSON) == 0 {
		return true
	}
	var doc any
	if len(l.Body) == 0 || len(l.Body) > maxJSON || json.Unmarshal(l.Body, &doc) != nil {
		return false
	}
	for pointer, want := range w.JSON {
		got, there := at(doc, pointer)
		if !fitsJSON(got, there, want) {
			return false
		}
	}
	return true
}

// fitsJSON compares a value with what is wanted of it.
func fitsJSON(got any, there bool, want any) bool {
	switch want := want.(type) {
	case string:
		switch want {
		case "!":
			return !there || got == nil
		case "*":
			return there && got != nil
		}
	case []any:
		return there && slices.ContainsFunc(want, func(w any) bool { return fitsJSON(got, there, w) })
	}
	return there && fmt.Sprint(got) == fmt.Sprint(want)
}

// at finds a value by its JSON pointer (RFC 6901).
func at(doc any, pointer string) (any, bool) {
	if pointer == "" {
		return doc, true
	}
	for _, key := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		key = strings.ReplaceAll(strings.ReplaceAll(key, "~1", "/"), "~0", "~")
		switch node := doc.(type) {
		case map[string]any:
			v, ok := node[key]
			if !ok {
				return nil, false
			}
			doc = v
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(node) {
				return nil, false
			}
			doc = node[i]
		default:
			return nil, false
		}
	}
	return doc, true
}
