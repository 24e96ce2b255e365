package world

import (
	"bytes"
	_ "embed"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
	"golang.org/x/image/font/gofont/goregular"
)

// Arabic letters must be joined, so captions are shaped; the shaper works in
// font units here and everything after it in integers, because a fused
// multiply-add on one machine and not on another would change the bytes.

//go:embed font/NotoNaskhArabic-Regular.ttf
var naskh []byte

// scribe draws lines of text. Shaping keeps state, so one at a time.
type scribe struct {
	mu    sync.Mutex
	latin *typeface
	naskh *typeface
	lines map[string]*mask
}

type typeface struct {
	face *font.Face
	font *harfbuzz.Font
	upem int
}

// mask is the ink of a line of text: 0 none, 255 full.
type mask struct {
	w, h int
	ink  []byte
}

var newScribe = sync.OnceValues(func() (*scribe, error) {
	latin, err := openTypeface(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the Latin typeface: %w", err)
	}
	arabic, err := openTypeface(naskh)
	if err != nil {
		return nil, fmt.Errorf("reading the Arabic typeface: %w", err)
	}
	return &scribe{latin: latin, naskh: arabic, lines: map[string]*mask{}}, nil
})

func openTypeface(ttf []byte) (*typeface, error) {
	face, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		return nil, err
	}
	return &typeface{face: face, font: harfbuzz.NewFont(face), upem: int(face.Upem())}, nil
}

// maxLines bounds the kept lines: the sentences of nine languages are few
// hundred.
const maxLines = 4096

// line returns the ink of one line of text, size pixels to the em.
func (s *scribe) line(text, language string, size int) *mask {
	key := fmt.Sprint(size, language, text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.lines[key]; ok {
		return m
	}
	t := s.latin
	if Direction(language) == "rtl" {
		t = s.naskh
	}
	m := t.draw(text, size)
	if len(s.lines) < maxLines {
		s.lines[key] = m
	}
	return m
}

// wrapped returns the lines of a text none of which is wider than width.
func (s *scribe) wrapped(text, language string, size, width int) []*mask {
	var out []*mask
	var line []string
	for _, word := range strings.Fields(text) {
		longer := append(append([]string{}, line...), word)
		if len(line) > 0 && s.line(strings.Join(longer, " "), language, size).w > width {
			out = append(out, s.line(strings.Join(line, " "), language, size))
			longer = []string{word}
		}
		line = longer
	}
	return append(out, s.line(strings.Join(line, " "), language, size))
}

// edge is a line between two points in 1/64 pixel, with its direction.
type edge struct{ x0, y0, x1, y1, way int }

func (t *typeface) draw(text string, size int) *mask {
	buf := harfbuzz.NewBuffer()
	runes := []rune(text)
	buf.AddRunes(runes, 0, len(runes))
	buf.GuessSegmentProperties()
	buf.Shape(t.font, nil)
	width := 0
	for _, p := range buf.Pos {
		width += int(p.XAdvance)
	}
	m := &mask{w: width*size/t.upem + 2, h: size * 3 / 2}
	m.ink = make([]byte, m.w*m.h)
	pen := 0
	base := size * 64 * 21 / 20 // the baseline, in 1/64 pixel from the top
	for i, info := range buf.Info {
		p := buf.Pos[i]
		outline, ok := t.face.GlyphDataOutline(info.Glyph)
		if ok {
			m.fill(t.edges(outline.Segments, pen+int(p.XOffset), int(p.YOffset), size, base))
		}
		pen += int(p.XAdvance)
	}
	return m
}

// edges flattens an outline at a pen position (font units) into edges.
func (t *typeface) edges(segments []opentype.Segment, dx, dy, size, base int) []edge {
	point := func(p opentype.SegmentPoint) [2]int {
		// Halves of font units occur between two control points; the factor
		// keeps them exact.
		x, y := int(p.X*4)+4*dx, int(p.Y*4)+4*dy
		return [2]int{x * size * 16 / t.upem, base - y*size*16/t.upem}
	}
	var out []edge
	var at, start [2]int
	to := func(p [2]int) {
		if at[1] != p[1] {
			e := edge{at[0], at[1], p[0], p[1], 1}
			if at[1] > p[1] {
				e = edge{p[0], p[1], at[0], at[1], -1}
			}
			out = append(out, e)
		}
		at = p
	}
	const steps = 6
	for _, s := range segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			to(start)
			at = point(s.Args[0])
			start = at
		case opentype.SegmentOpLineTo:
			to(point(s.Args[0]))
		case opentype.SegmentOpQuadTo:
			a, b, c := at, point(s.Args[0]), point(s.Args[1])
			for i := 1; i <= steps; i++ {
				j := steps - i
				to([2]int{(j*j*a[0] + 2*i*j*b[0] + i*i*c[0]) / (steps * steps), (j*j*a[1] + 2*i*j*b[1] + i*i*c[1]) / (steps * steps)})
			}
		case opentype.SegmentOpCubeTo: // not in TrueType outlines
			to(point(s.Args[2]))
		}
	}
	to(start)
	return out
}

// fill adds the inside of a closed outline (non-zero winding) to the ink: four
// sample lines to a pixel row, exact to 1/64 pixel along the row.
func (m *mask) fill(edges []edge) {
	type crossing struct{ x, way int }
	if len(edges) == 0 {
		return
	}
	top, bottom := edges[0].y0, edges[0].y1
	for _, e := range edges {
		top, bottom = min(top, e.y0), max(bottom, e.y1)
	}
	var row []crossing
	for y := max(0, top/16*16) + 8; y < min(bottom, m.h*64); y += 16 {
		row = row[:0]
		for _, e := range edges {
			if e.y0 <= y && y < e.y1 {
				row = append(row, crossing{e.x0 + (e.x1-e.x0)*(y-e.y0)/(e.y1-e.y0), e.way})
			}
		}
		sort.Slice(row, func(i, j int) bool { return row[i].x < row[j].x })
		winding := 0
		for i, c := range row {
			if winding != 0 {
				m.span(y/64, row[i-1].x, c.x)
			}
			winding += c.way
		}
	}
}

// span inks a quarter of the height of a row between two places.
func (m *mask) span(y, from, to int) {
	from, to = max(from, 0), min(to, m.w*64)
	for x := from / 64; x*64 < to; x++ {
		part := min(to, x*64+64) - max(from, x*64)
		at := y*m.w + x
		m.ink[at] = byte(min(255, int(m.ink[at])+part))
	}
}
