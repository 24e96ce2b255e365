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

// phrase is a folded sentence without its first word, which is its key.
type phrase struct {
	rest     string
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
	first, rest, _ := strings.Cut(page.Fold(sentence), " ")
	if first == "" || rest == "" && len([]rune(first)) < 3 {
		return fmt.Errorf("%q is too short to mean anything", sentence)
	}
	for _, p := range b.byWord[first] {
		if p.rest == rest && p.kind != kind {
			return fmt.Errorf("%q is both %s and %s", sentence, p.kind, kind)
		}
	}
	b.byWord[first] = append(b.byWord[first], phrase{rest, kind, language})
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
			if follows(folded[at+len(word):], p.rest) {
				hits = append(hits, Hit{p.kind, p.language, strings.TrimSpace(word + " " + p.rest), at})
			}
		}
		if end < 0 {
			break
		}
		at += end + 1
	}
	return hits
}

// follows tells whether text goes on with rest, up to the end of a word.
func follows(text, rest string) bool {
	if rest == "" {
		return true
	}
	tail, ok := strings.CutPrefix(text, " "+rest)
	return ok && (tail == "" || tail[0] == ' ')
}
