package document

import (
	"context"
	"encoding/xml"
	"errors"
	"io"

	"github.com/staydown/staydown"
)

// rules say what elements mean, by their local names: those of the text and of
// the frame around it do not clash within one family.
type rules struct {
	holds map[string]bool   // their text counts, and that of elements inside
	skips map[string]bool   // nothing inside counts
	ends  map[string]bool   // a paragraph ends with them
	says  map[string]string // stand for text themselves
}

func names(all ...string) map[string]bool {
	m := map[string]bool{}
	for _, name := range all {
		m[name] = true
	}
	return m
}

var (
	wordRules = rules{
		holds: names("t"), skips: names("del", "moveFrom", "instrText", "Fallback", "pPr", "rPr"), ends: names("p", "tr"),
		says: map[string]string{"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
	}
	slideRules = rules{holds: names("t"), skips: names("Fallback"), ends: names("p"), says: map[string]string{"br": "\n", "tab": "\t"}}
	sheetRules = rules{holds: names("t"), skips: names("rPh", "f"), ends: names("si", "is", "row", "comment")}
	openRules  = rules{
		holds: names("p", "h"), skips: names("tracked-changes", "binary-data"), ends: names("p", "h", "table-row"),
		says: map[string]string{"tab": "\t", "line-break": "\n", "s": " "},
	}
)

// walk goes through XML and gathers text. It keeps no more of the document than
// one element at a time.
func walk(ctx context.Context, r io.Reader, rules rules, deepest int, out *text) error {
	d := xml.NewDecoder(r)
	depth, held, skipped := 0, 0, 0
	for n := 0; !out.full; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if depth > 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if depth++; depth > deepest {
				return staydown.Errorf(staydown.Invalid, CodeBomb, "its elements lie more than %d deep in each other", deepest)
			}
			held, skipped = held+one(rules.holds[name]), skipped+one(rules.skips[name])
			if skipped == 0 && rules.says[name] != "" {
				out.add(rules.says[name])
			}
		case xml.EndElement:
			name := token.Name.Local
			if depth--; depth < 0 {
				return errors.New("an element ends that did not begin")
			}
			held, skipped = held-one(rules.holds[name]), skipped-one(rules.skips[name])
			if skipped == 0 && rules.ends[name] {
				out.end()
			}
		case xml.CharData:
			if held > 0 && skipped == 0 {
				out.add(string(token))
			}
		case xml.Directive:
			return staydown.Errorf(staydown.Invalid, CodeFormat, "it brings a document type of its own, which office files do not have")
		}
	}
	return nil
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
