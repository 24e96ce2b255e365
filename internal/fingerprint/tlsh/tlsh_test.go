package tlsh

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

const (
	fox     = "The quick brown fox jumps over the lazy dog."
	minimum = "A minimum string length must be 256 bytes! That's so much text this means it's not super useful for finding short text!"
)

// TestPublishedValues: the first is in python-threatexchange's tests, the second
// in those of a Rust port, both made by the reference.
func TestPublishedValues(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{minimum, "T1DFB092A1724AC2C0D3CA48452291EA04A5B75EB903A6E7577A54118FFA8148E98F9426"},
		{strings.TrimSuffix(strings.Repeat(fox, 6), "."), "T1F7D0024A251C5294648A1888438D98B292C8C51161211421643460022908221DCD8551"},
	} {
		got, err := Of([]byte(tt.in))
		if err != nil || got.String() != tt.want {
			t.Errorf("%.20q: %s, %v; want %s", tt.in, got, err, tt.want)
		}
		if back, err := Parse(tt.want); err != nil || back != got {
			t.Errorf("%s read as %s, %v", tt.want, back, err)
		}
	}
}

// TestPublishedDistances are of values in the library's own tests; without length,
// 12 is taken off for each step between the lengths (6 and 61).
func TestPublishedDistances(t *testing.T) {
	const (
		one  = "8ed02202fc30802303a002b03b33300fc30a82f83008c2fa000a0080b8ba0e02cca0c3"
		two  = "b2319634f5c033244eb792aa3168a366e737553da305a28440ce842d7b57a2cc63b6ec"
		four = "f7a433b5648bcc69dd48e1ddf1a1876c56e08c0bb264438fab412c4686fa3f3db05e36"
	)
	for _, tt := range []struct {
		a, b       string
		with, none int
	}{{one, one, 0, 0}, {one, two, 418, 346}, {one, four, 1014, 282}} {
		a, err1 := Parse(tt.a)
		b, err2 := Parse("T1" + strings.ToUpper(tt.b))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if got := a.DistanceWithLength(b); got != tt.with {
			t.Errorf("%.6s %.6s: %d with length, want %d", tt.a, tt.b, got, tt.with)
		}
		if got := a.Distance(b); got != tt.none || b.Distance(a) != got {
			t.Errorf("%.6s %.6s: %d and %d without, want %d", tt.a, tt.b, got, b.Distance(a), tt.none)
		}
	}
}

func TestNearTexts(t *testing.T) {
	a, _ := Of([]byte(minimum))
	b, _ := Of([]byte(strings.Replace(minimum, "super", "very", 1)))
	random := make([]byte, 400)
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range random {
		random[i] = byte(rnd.Uint32())
	}
	c, err := Of(random)
	if err != nil || a.Distance(b) > 60 || a.Distance(c) < 100 {
		t.Errorf("near %d, far %d, %v", a.Distance(b), a.Distance(c), err)
	}
}

func TestNoValue(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []byte
		want error
	}{
		{"nothing", nil, ErrShort},
		{"short", []byte(fox[:44]), ErrShort},
		{"all the same", bytes.Repeat([]byte{'a'}, 5000), ErrSame},
		{"two letters", bytes.Repeat([]byte("ab"), 5000), ErrSame},
		{"long", make([]byte, MaxBytes+1), ErrLong},
	} {
		if h, err := Of(tt.in); !errors.Is(err, tt.want) || h != (Hash{}) {
			t.Errorf("%s: %s, %v", tt.name, h, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("T1DFB092A1724AC2C0D3CA48452291EA04A5B75EB903A6E7577A54118FFA8148E98F9426", []byte(minimum))
	f.Add("T1", []byte(fox+fox))
	f.Add("", bytes.Repeat([]byte{0}, 60))
	f.Fuzz(func(t *testing.T, s string, b []byte) {
		h, err := Parse(s)
		if again, bad := Parse(h.String()); bad != nil || again != h {
			t.Fatalf("%q read as %s", s, h)
		}
		made, bad := Of(b)
		if err == nil && bad == nil && (h.Distance(made) != made.Distance(h) || made.Distance(made) != 0) {
			t.Fatalf("%s and %s", h, made)
		}
	})
}
