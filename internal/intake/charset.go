package intake

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// charset is how bytes become characters. unit is the width of one code unit; the byte order matters above one.
type charset struct {
	name  string
	unit  int
	big   bool
	table *charmap.Charmap
}

var (
	utf8Set      = charset{name: "utf-8", unit: 1}
	utf16leSet   = charset{name: "utf-16le", unit: 2}
	utf16beSet   = charset{name: "utf-16be", unit: 2, big: true}
	utf32leSet   = charset{name: "utf-32le", unit: 4}
	utf32beSet   = charset{name: "utf-32be", unit: 4, big: true}
	arabicSet    = charset{name: "windows-1256", unit: 1, table: charmap.Windows1256}
	cyrillicSet  = charset{name: "windows-1251", unit: 1, table: charmap.Windows1251}
	westernSet   = charset{name: "windows-1252", unit: 1, table: charmap.Windows1252}
	centralSet   = charset{name: "windows-1250", unit: 1, table: charmap.Windows1250}
	turkishSet   = charset{name: "windows-1254", unit: 1, table: charmap.Windows1254}
	isoArabicSet = charset{name: "iso-8859-6", unit: 1, table: charmap.ISO8859_6}
)

var charsets = []charset{utf8Set, utf16leSet, utf16beSet, utf32leSet, utf32beSet, arabicSet, cyrillicSet, westernSet, centralSet, turkishSet, isoArabicSet}

// Encodings lists the names that Options.Encoding takes.
func Encodings() []string {
	var names []string
	for _, c := range charsets {
		names = append(names, c.name)
	}
	return names
}

func charsetNamed(name string) (charset, bool) {
	i := slices.IndexFunc(charsets, func(c charset) bool { return c.name == strings.ToLower(name) })
	if i < 0 {
		return charset{}, false
	}
	return charsets[i], true
}

// boms in the order they must be tried: UTF-32LE begins like UTF-16LE.
var boms = []struct {
	mark []byte
	set  charset
}{
	{[]byte{0xEF, 0xBB, 0xBF}, utf8Set},
	{[]byte{0xFF, 0xFE, 0, 0}, utf32leSet},
	{[]byte{0, 0, 0xFE, 0xFF}, utf32beSet},
	{[]byte{0xFF, 0xFE}, utf16leSet},
	{[]byte{0xFE, 0xFF}, utf16beSet},
}

// sniffCharset tells the encoding of a file from its head, and the length of its byte order mark. guessed is set when
// nothing but the frequency of bytes speaks for it.
func sniffCharset(head []byte) (set charset, bom int, guessed bool) {
	for _, b := range boms {
		if bytes.HasPrefix(head, b.mark) {
			return b.set, len(b.mark), false
		}
	}
	if set, ok := wide(head); ok {
		return set, 0, true
	}
	multi, bad := countUTF8(head)
	if bad == 0 || multi > bad {
		return utf8Set, 0, false
	}
	return guessSingleByte(head), 0, true
}

// wide recognises UTF-16 and UTF-32 without a mark: their text has zero bytes at one
// side of each unit, and hardly any at the other.
func wide(head []byte) (charset, bool) {
	if len(head) < 8 {
		return charset{}, false
	}
	var zero [4]int
	for i, b := range head {
		if b == 0 {
			zero[i%4]++
		}
	}
	quarter := len(head) / 4
	full := func(i int) bool { return zero[i]*20 >= quarter*19 }
	some := func(i, j int) bool { return (zero[i]+zero[j])*10 >= quarter*6 }
	none := func(n int) bool { return n*20 <= quarter }
	switch {
	case full(2) && full(3) && none(zero[0]):
		return utf32leSet, true
	case full(0) && full(1) && none(zero[3]):
		return utf32beSet, true
	case some(1, 3) && none(zero[0]+zero[2]):
		return utf16leSet, true
	case some(0, 2) && none(zero[1]+zero[3]):
		return utf16beSet, true
	}
	return charset{}, false
}

// countUTF8 counts well-formed sequences of several bytes, and bytes outside UTF-8; a sequence cut by the end of the head
// counts as neither.
func countUTF8(head []byte) (multi, bad int) {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		switch {
		case r == utf8.RuneError && n == 1:
			if !utf8.FullRune(head) {
				return multi, bad
			}
			bad++
		case n > 1:
			multi++
		}
		head = head[n:]
	}
	return multi, bad
}

// guessSingleByte chooses among the legacy tables by how high bytes stand together. Western text has them one at a time
// between ASCII letters; Cyrillic and Arabic words consist of them, and Cyrillic uses 0xF0-0xFF all the time, Arabic hardly.
func guessSingleByte(head []byte) charset {
	var high, inRun, top int
	for i, b := range head {
		if b < 0xC0 {
			continue
		}
		high++
		if b >= 0xF0 {
			top++
		}
		if i > 0 && head[i-1] >= 0xC0 || i+1 < len(head) && head[i+1] >= 0xC0 {
			inRun++
		}
	}
	switch {
	case inRun*10 < high*7:
		return westernSet
	case top*10 > high:
		return cyrillicSet
	}
	return arabicSet
}

// decode gives the characters of a line. What is outside the encoding becomes U+FFFD, and bad is set.
func (c charset) decode(b []byte) (s string, bad bool) {
	switch {
	case c.unit == 2:
		return c.decode16(b)
	case c.unit == 4:
		return c.decode32(b)
	case c.table == nil:
		if utf8.Valid(b) {
			return string(b), false
		}
		return strings.ToValidUTF8(string(b), "\uFFFD"), true
	}
	var sb strings.Builder
	sb.Grow(len(b))
	for _, x := range b {
		r := c.table.DecodeByte(x)
		bad = bad || r == utf8.RuneError
		sb.WriteRune(r)
	}
	return sb.String(), bad
}

func (c charset) decode16(b []byte) (string, bool) {
	bad := len(b)%2 != 0
	var sb strings.Builder
	sb.Grow(len(b))
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(c.at(b[i:], 2))
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(b) {
				pair = utf16.DecodeRune(r, rune(c.at(b[i+2:], 2)))
			}
			if pair == utf8.RuneError {
				bad = true
			} else {
				i += 2
			}
			r = pair
		}
		sb.WriteRune(r)
	}
	return sb.String(), bad
}

func (c charset) decode32(b []byte) (string, bool) {
	bad := len(b)%4 != 0
	var sb strings.Builder
	for i := 0; i+3 < len(b); i += 4 {
		v := c.at(b[i:], 4)
		r := rune(v)
		if v > 0x10FFFF || !utf8.ValidRune(r) {
			r, bad = utf8.RuneError, true
		}
		sb.WriteRune(r)
	}
	return sb.String(), bad
}

// at reads one code unit of n bytes.
func (c charset) at(b []byte, n int) uint32 {
	var v uint32
	for i := range n {
		if c.big {
			v = v<<8 | uint32(b[i])
		} else {
			v |= uint32(b[i]) << (8 * i)
		}
	}
	return v
}

// cutText cuts at a character, at most n bytes.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
