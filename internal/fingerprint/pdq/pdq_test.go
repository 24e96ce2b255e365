package pdq

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sizes cover what goes wrong at borders: below the 64 samples, odd, one
// beside a step of the window, long strips.
var sizes = [][2]int{
	{4, 9}, {5, 5}, {5, 300}, {7, 64}, {63, 65}, {64, 64}, {64, 65}, {100, 100}, {127, 129}, {128, 128}, {129, 128},
	{255, 257}, {300, 7}, {384, 385}, {511, 512}, {640, 359}, {1280, 73}, {777, 1024}, {3001, 40},
}

func TestSumEqualsTheReference(t *testing.T) {
	for _, size := range sizes {
		for _, kind := range kinds {
			p := drawn(kind, size[0], size[1], uint64(size[0]))
			want, wantQ := slowSum(p)
			got, gotQ := Sum(p)
			if got != want || gotQ != wantQ {
				t.Errorf("%s %dx%d: %v quality %d, want %v quality %d (%d bits)", kind, size[0], size[1], got, gotQ, want, wantQ, got.Distance(want))
			}
		}
	}
}

func TestSumEqualsTheReferenceAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 200).Draw(t, "width"), rapid.IntRange(1, 200).Draw(t, "height")
		p := drawn(rapid.SampledFrom(kinds).Draw(t, "kind"), w, h, rapid.Uint64().Draw(t, "seed"))
		want, wantQ := slowSum(p)
		if got, gotQ := Sum(p); got != want || gotQ != wantQ {
			t.Fatalf("%dx%d: %v quality %d, want %v quality %d", w, h, got, gotQ, want, wantQ)
		}
	})
}

func TestReduceExactIsTheReference(t *testing.T) {
	for _, size := range append(sizes, [2]int{1300, 900}) {
		p := drawn("noise", size[0], size[1], 3)
		if *reduceExact(p) != *slowReduce(p) {
			t.Errorf("%dx%d: samples differ", size[0], size[1])
		}
	}
}

// TestSlack holds the rounding differences of the quick way to a third of
// what is assumed when deciding whether the exact way is needed.
func TestSlack(t *testing.T) {
	for _, size := range append(sizes, [2]int{2000, 1500}, [2]int{9000, 200}) {
		if min(size[0], size[1]) < side {
			continue // always the exact way
		}
		for _, kind := range kinds {
			p := drawn(kind, size[0], size[1], 11)
			quick, exact := reduceQuick(p), reduceExact(p)
			if d := worst(quick[:], exact[:]); d > sampleSlack(size[0], size[1])/3 {
				t.Errorf("%s %dx%d: samples differ by %g", kind, size[0], size[1], d)
			}
			if d := worstSpectrum(transformQuick(quick), transform(exact)); d > frequencySlack(size[0], size[1])/3 {
				t.Errorf("%s %dx%d: frequencies differ by %g", kind, size[0], size[1], d)
			}
		}
	}
}

func worst(a, b [][side]float32) (most float32) {
	for i := range a {
		for j := range a[i] {
			most = max(most, float32(math.Abs(float64(a[i][j]-b[i][j]))))
		}
	}
	return most
}

func worstSpectrum(a, b *spectrum) (most float32) {
	for i := range a {
		for j := range a[i] {
			most = max(most, float32(math.Abs(float64(a[i][j]-b[i][j]))))
		}
	}
	return most
}

// TestQuickIsUsed makes sure that ordinary pictures do not all fall back to
// the exact way.
func TestQuickIsUsed(t *testing.T) {
	quick := 0
	for seed := range uint64(40) {
		p := drawn("waves", 400, 300, seed)
		s := reduceQuick(p)
		low, high := s.qualities(stepSlack(400, 300))
		if transformQuick(s).margin() > 2*frequencySlack(400, 300) && low == high {
			quick++
		}
	}
	if quick < 25 {
		t.Errorf("only %d of 40 ordinary pictures took the quick way", quick)
	}
}

// TestCosines compares the whole table with that of the reference, compiled
// with g++ 12 on amd64.
func TestCosines(t *testing.T) {
	h := fnv.New64a()
	for i := range cosines {
		for _, c := range cosines[i] {
			b := math.Float32bits(c)
			h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
		}
	}
	if got := fmt.Sprintf("%016x", h.Sum64()); got != "4d9a13ea83b0b0c5" {
		t.Errorf("the cosine table differs from the reference: %s", got)
	}
}

// noteOf is the camera's note that lays a picture down as the turn does.
var noteOf = map[Turn]int{Rotate90: 8, Rotate180: 3, Rotate270: 6, FlipX: 4, FlipY: 2, FlipPlus: 5, FlipMinus: 7}

func TestSumTurned(t *testing.T) {
	for _, size := range [][2]int{{600, 402}, {240, 150}, {64, 64}, {129, 256}, {50, 70}} {
		p := drawn("patches", size[0], size[1], 5)
		d, quality := SumTurned(p)
		if h, q := Sum(p); d[Original] != h || quality != q {
			t.Errorf("%v: original %v quality %d, want %v %d", size, d[Original], quality, h, q)
		}
		for turn, note := range noteOf {
			turned, _ := Sum(upright(p, note))
			for other := range d {
				dist := d[other].Distance(turned)
				if same := Turn(other) == turn; same && dist > 2 || !same && dist < 50 {
					t.Errorf("%v: the picture turned by %v lies %d bits from the hash of %v", size, turn, dist, Turn(other))
				}
			}
		}
	}
	if d, q := SumTurned(drawn("noise", 4, 400, 1)); d != (Dihedral{}) || q != 0 {
		t.Errorf("a picture too small has %v, quality %d", d, q)
	}
}

// TestSumDihedral: odd windows do not lean, so there the reference's way of
// turning agrees with really turning.
func TestSumDihedral(t *testing.T) {
	p := drawn("patches", 600, 330, 5)
	d, quality := SumDihedral(p)
	if h, q := Sum(p); d[Original] != h || quality != q {
		t.Errorf("original %v quality %d, want %v %d", d[Original], quality, h, q)
	}
	for turn, note := range noteOf {
		if turned, _ := Sum(upright(p, note)); d[turn].Distance(turned) > 12 {
			t.Errorf("%v: %d bits from the hash of the turned picture", turn, d[turn].Distance(turned))
		}
	}
	if d, q := SumDihedral(drawn("noise", 4, 400, 1)); d != (Dihedral{}) || q != 0 {
		t.Errorf("a picture too small has %v, quality %d", d, q)
	}
}

func TestDihedralEqualsTheReferenceInDoubt(t *testing.T) {
	p := drawn("mirror", 333, 222, 9)
	f := transform(slowReduce(p))
	d, _ := SumDihedral(p)
	for turn := range d {
		if want := f.turn(Turn(turn)).hash(); d[turn] != want {
			t.Errorf("%v: %d bits off", Turn(turn), d[turn].Distance(want))
		}
	}
}

func TestHash(t *testing.T) {
	const text = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
	h, err := Parse(strings.ToUpper(text))
	if err != nil || h.String() != text {
		t.Fatalf("Parse: %v, %v", h, err)
	}
	var bit0 Hash
	bit0.set(0)
	bit0.set(255)
	if bit0.String() != "8"+strings.Repeat("0", 62)+"1" {
		t.Errorf("bits 0 and 255 print as %v", bit0)
	}
	if d := h.Distance(h); d != 0 {
		t.Errorf("distance to itself %d", d)
	}
	if d := (Hash{}).Distance(bit0); d != 2 {
		t.Errorf("distance %d, want 2", d)
	}
	for _, bad := range []string{"", text[1:], text + "0", "g" + text[1:]} {
		if got, err := Parse(bad); !errors.Is(err, ErrFormat) || !got.IsZero() {
			t.Errorf("Parse(%q) = %v, %v", bad, got, err)
		}
	}
	var back struct{ H Hash }
	data, err := json.Marshal(struct{ H Hash }{h})
	if err != nil || json.Unmarshal(data, &back) != nil || back.H != h {
		t.Errorf("through JSON: %s, %v, %v", data, back, err)
	}
}
