package page

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Sketch is a small picture of a text by which it is known again: the smallest
// hashes of its three-word shingles. It tells how much of the text a later one
// still has, without keeping the text.
//
// A. Broder, On the resemblance and containment of documents, 1997.
type Sketch struct {
	Words  int      // of the text
	Hashes []uint64 // ascending; all shingles when there are fewer than sketchSize
}

// sketchSize is how many hashes a sketch keeps: with 96, a share of one half is
// told within a tenth, nineteen times out of twenty. Shorter texts are kept
// whole.
const sketchSize = 96

// shingleWords is how many words in a row make a shingle. Texts shorter than
// that are one shingle.
const shingleWords = 3

// SketchOf makes a sketch of a text.
func SketchOf(text string) Sketch {
	var s Sketch
	var all []uint64
	s.Words = eachShingle(text, func(h uint64) { all = append(all, h) })
	slices.Sort(all)
	all = slices.Compact(all)
	s.Hashes = slices.Clone(all[:min(len(all), sketchSize)])
	return s
}

// eachShingle visits the hashes of a text's shingles, with repetitions, and
// returns how many words it has.
func eachShingle(text string, visit func(uint64)) int {
	words := strings.Fields(Fold(text))
	if len(words) == 0 {
		return 0
	}
	for i := range max(len(words)-shingleWords+1, 1) {
		visit(hashWords(words[i:min(i+shingleWords, len(words))]))
	}
	return len(words)
}

// hashWords is FNV-1a over words, mixed so that its smallest values are a fair
// sample.
func hashWords(words []string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 0x100000001b3
		}
		h = (h ^ ' ') * 0x100000001b3
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// Found tells which share of the sketched text is found in a text: 1 when all of
// it is there, whatever else is there too; 0 when nothing is, or when nothing
// was sketched. The sketch is a fair sample, the text is looked at whole.
func (s Sketch) Found(text string) float64 {
	if len(s.Hashes) == 0 {
		return 0
	}
	missing := make(map[uint64]bool, len(s.Hashes))
	for _, h := range s.Hashes {
		missing[h] = true
	}
	eachShingle(text, func(h uint64) { delete(missing, h) })
	return 1 - float64(len(missing))/float64(len(s.Hashes))
}

// MarshalJSON writes a sketch as [words, "hashes in base64"].
func (s Sketch) MarshalJSON() ([]byte, error) {
	raw := make([]byte, 0, 8*len(s.Hashes))
	for _, h := range s.Hashes {
		raw = binary.BigEndian.AppendUint64(raw, h)
	}
	return json.Marshal([]any{s.Words, base64.RawStdEncoding.EncodeToString(raw)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Sketch) UnmarshalJSON(b []byte) error {
	var text string
	pair := []any{&s.Words, &text}
	if err := json.Unmarshal(b, &pair); err != nil {
		return fmt.Errorf("reading a sketch: %w", err)
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw)%8 != 0 || len(raw) > 8*sketchSize {
		return fmt.Errorf("reading a sketch: %d bytes of hashes (%v)", len(raw), err)
	}
	s.Hashes = nil
	for ; len(raw) > 0; raw = raw[8:] {
		s.Hashes = append(s.Hashes, binary.BigEndian.Uint64(raw))
	}
	if !slices.IsSorted(s.Hashes) {
		return fmt.Errorf("reading a sketch: its hashes are not in order")
	}
	return nil
}
