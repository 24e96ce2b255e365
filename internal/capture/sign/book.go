package sign

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
)

//go:embed data/*.json
var data embed.FS

// Book is a set of sentences, ready to be looked for. It is read-only.
type Book struct {
	Version string // of the sentences
	byWord  map[string][]phrase
	count   int
}

// phrase is a folded sentence without its first word, which is its key. Where
// the sentence has a star, up to maxGap other words may stand.
type phrase struct {
	rest     []string // the parts between stars
	kind     Kind
	language string
}

// file is one language's sentences as they are written down.
type file struct {
	Format   string            `json:"format"`
	Language string            `json:"language"`
	Version  string            `json:"version"`
	Source   string            `json:"source"`
	Signs    map[Kind][]string `json:"signs"`
}

// format is the name of the files' shape.
const format = "staydown-signs/1"

// Standard returns the sentences that are part of the program.
func Standard() *Book { return standard() }

// ReadBook reads every .json file of a folder. A file that cannot be understood
// is an error: a sentence that is silently missing makes a dead page look alive.
func ReadBook(fsys fs.FS) (*Book, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("reading signs: %w", err)
	}
	b := &Book{byWord: map[string][]phrase{}}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err == nil {
			err = b.add(raw)
		}
		if err != nil {
			return nil, fmt.Errorf("reading signs %s: %w", name, err)
		}
	}
	return b, nil
}

// add takes in one language.
func (b *Book) add(raw []byte) error {
	var f file
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return err
	}
	if f.Format != format || f.Language == "" || f.Version == "" || f.Source == "" {
		return errors.New("format, language, version and source are needed")
	}
	b.Version = max(b.Version, f.Version)
	for kind, sentences := range f.Signs {
		if !slices.Contains(kinds, kind) {
			return fmt.Errorf("kind %q is not known", kind)
		}
		for _, s := range sentences {
			if err := b.enter(s, kind, f.Language); err != nil {
				return err
			}
		}
	}
	return nil
}

// enter takes in one sentence.
func (b *Book) enter(sentence string, kind Kind, language string) error {
	parts := strings.Split(sentence, "*")
	for i := range parts {
		parts[i] = page.Fold(parts[i])
	}
	first, rest, _ := strings.Cut(parts[0], " ")
	if first == "" || parts[len(parts)-1] == "" || rest == "" && len(parts) == 1 && len([]rune(first)) < 3 {
		return fmt.Errorf("%q is too short to mean anything", sentence)
	}
	parts[0] = rest
	for _, p := range b.byWord[first] {
		if slices.Equal(p.rest, parts) && p.kind != kind {
			return fmt.Errorf("%q is both %s and %s", sentence, p.kind, kind)
		}
	}
	b.byWord[first] = append(b.byWord[first], phrase{parts, kind, language})
	b.count++
	return nil
}

// Len is the number of sentences in the book.
func (b *Book) Len() int { return b.count }

// Hit is a sentence that was found.
type Hit struct {
	Kind     Kind
	Language string
	Sentence string // folded
	At       int    // bytes into the folded text
	loose    bool   // found across a gap
}

// maxHits bounds how many hits are kept of one text.
const maxHits = 64

// Find looks for all sentences in folded text, word by word.
func (b *Book) Find(folded string) []Hit {
	var hits []Hit
	for at := 0; at < len(folded) && len(hits) < maxHits; {
		end := strings.IndexByte(folded[at:], ' ')
		word := folded[at:]
		if end >= 0 {
			word = folded[at : at+end]
		}
		for _, p := range b.byWord[word] {
			if n, ok := follows(folded[at+len(word):], p.rest); ok {
				hits = append(hits, Hit{p.kind, p.language, folded[at : at+len(word)+n], at, len(p.rest) > 1})
			}
		}
		if end < 0 {
			break
		}
		at += end + 1
	}
	return longest(hits)
}

// longest drops hits that are part of a longer one: "this site is blocked by its
// host" does not say "this site is blocked". A sentence with a gap swallows
// nothing: what stands in the gap may say more.
func longest(hits []Hit) []Hit {
	var out []Hit
	for _, h := range hits {
		if !slices.ContainsFunc(hits, func(o Hit) bool {
			return !o.loose && len(o.Sentence) > len(h.Sentence) && o.At <= h.At && h.At+len(h.Sentence) <= o.At+len(o.Sentence)
		}) {
			out = append(out, h)
		}
	}
	return out
}

// maxGap is how many words may stand where a sentence has a star.
const maxGap = 3

// follows tells whether text goes on with the parts of a sentence, and for how
// many bytes.
func follows(text string, parts []string) (int, bool) {
	n, ok := begins(text, parts[0])
	for _, part := range parts[1:] {
		if !ok {
			return 0, false
		}
		var m int
		m, ok = soon(text[n:], part)
		n += m
	}
	return n, ok
}

// begins tells whether text, at the end of a word, goes on with the words of
// part.
func begins(text, part string) (int, bool) {
	if part == "" {
		return 0, true
	}
	n := 1 + len(part)
	if !strings.HasPrefix(text, " ") || !strings.HasPrefix(text[1:], part) || n < len(text) && text[n] != ' ' {
		return 0, false
	}
	return n, true
}

// soon looks for part after at most maxGap other words.
func soon(text, part string) (int, bool) {
	skipped := 0
	for range maxGap + 1 {
		if n, ok := begins(text[skipped:], part); ok {
			return skipped + n, true
		}
		next := strings.IndexByte(text[min(skipped+1, len(text)):], ' ')
		if next < 0 {
			break
		}
		skipped += 1 + next
	}
	return 0, false
}
