package world

import "strings"

// Reading is what a careful reader makes of a text: its class, and with it the
// ground or the purpose, and the passage that carries it.
type Reading struct {
	Class   Class
	Ground  string
	Purpose Purpose
	Passage string
}

var keyNames = []string{"a", "b", "c", "d", "e", "terms", "unclear", string(News), string(Document), string(Research), string(Satire), string(Sermon), string(Namesake)}

// Read reads a page's text as a careful officer would: it looks for the key
// sentence of each kind in each language. Without any, it reports false: there
// was nothing to judge, as on a login wall. Where several stand in one text the
// one that stands first counts: it is the posting's own.
func Read(text string) (Reading, bool) {
	best, at := Reading{}, -1
	for i := range tongues {
		for _, name := range keyNames {
			key := tongues[i].keys[name]
			pos := strings.Index(text, key)
			if pos >= 0 && (at < 0 || pos < at) {
				best, at = readingOf(name), pos
				best.Passage = key
			}
		}
	}
	return best, at >= 0
}

func readingOf(name string) Reading {
	switch {
	case len(name) == 1:
		return Reading{Class: Terrorist, Ground: name}
	case name == "terms":
		return Reading{Class: TermsOnly}
	case name == "unclear":
		return Reading{Class: Unclear}
	default:
		return Reading{Class: Lawful, Purpose: Purpose(name)}
	}
}

// fillers draws so many harmless sentences of a language for a question.
func (w *World) fillers(language string, count int, question string, about int) []string {
	t := tongueOf(language)
	out := make([]string, count)
	for i := range out {
		h := w.dice.roll(question, about, i)
		who := t.who[h%uint64(len(t.who))]
		does := t.does[(h>>16)%uint64(len(t.does))]
		where := t.where[(h>>32)%uint64(len(t.where))]
		if t.verbLast {
			out[i] = who + " " + where + " " + does + "."
		} else {
			out[i] = who + " " + does + " " + where + "."
		}
	}
	return out
}

// Sentences returns the text of a posting, the key sentence among them. A
// rebuilt page keeps most of the text it had before; a posting that repeats a
// tract carries that tract's own words.
func (w *World) Sentences(it Item) []string {
	question, about := "text", it.TextOf
	if it.Tract >= 0 {
		question, about = "tract", it.Tract
	}
	length := 9
	if w.Providers[it.Provider].Name == SiteName {
		length = 20 // an article; a post is shorter
	}
	body := w.fillers(it.Language, length, question, about)
	if it.Rewritten {
		w.rewrite(body, it)
	}
	key := tongueOf(it.Language).keys[keyOf(it.Class, it.Ground, it.Purpose)]
	// The key stands second, as the point of a posting often does.
	out := make([]string, 0, len(body)+1)
	out = append(out, body[0], key)
	return append(out, body[1:]...)
}

// rewrite replaces one sentence and swaps two others, differently in each
// generation.
func (w *World) rewrite(body []string, it Item) {
	fresh := w.fillers(it.Language, 1, "rewritten", it.Number)
	body[2+w.dice.below(len(body)-2, "rewritten at", it.Number)] = fresh[0]
	body[7], body[8] = body[8], body[7]
}

// Title is the headline of a posting.
func (w *World) Title(it Item) string {
	t := tongueOf(it.Language)
	h := w.dice.roll("title", it.Origin)
	return t.who[h%uint64(len(t.who))] + " " + t.where[(h>>16)%uint64(len(t.where))]
}

// Everyday returns the words of one of the harmless postings that every
// channel has besides those anybody hands in.
func (w *World) Everyday(a Account, n int) []string {
	return w.fillers(a.Language, 6, "everyday", a.Number*16+n)
}
