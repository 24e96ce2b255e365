package main

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/staydown/staydown/bench/picture"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Each change gives the same copy each time, leaves its original alone, and does
// something unless it says it does nothing.
func TestTransforms(t *testing.T) {
	img := picture.Draw(picture.Scene, 1, 1, 240, 180)
	before := bytes.Clone(img.Pix)
	for _, change := range transforms() {
		one := change.do(img, rand.New(rand.NewPCG(1, 2)))
		again := change.do(img, rand.New(rand.NewPCG(1, 2)))
		if !bytes.Equal(one.Pix, again.Pix) {
			t.Errorf("%s %s: two copies from the same seed", change.name, change.strength)
		}
		if !bytes.Equal(before, img.Pix) {
			t.Fatalf("%s %s changed the original", change.name, change.strength)
		}
		if bytes.Equal(one.Pix, before) && change.name != "none" && change.name != "JPEG" {
			t.Errorf("%s %s changed nothing", change.name, change.strength)
		}
	}
}

// A turned copy is the original in exactly one of the eight turns, and a turn is
// what its name says: its sides change where they should.
func TestTurned(t *testing.T) {
	img := picture.Draw(picture.Scene, 1, 3, 320, 240)
	want, _ := pdq.Sum(pdq.FromImage(img))
	for name, turn := range map[string]struct {
		from  func(x, y, w, h int) (int, int)
		width int
	}{"mirror": {mirror, 320}, "half": {half, 320}, "quarter": {quarter, 240}, "three quarters": {threeQuarters, 240}} {
		got := turned(turn.from)(img, nil)
		if got.Rect.Dx() != turn.width {
			t.Errorf("%s: %d pixels wide", name, got.Rect.Dx())
		}
		turns, _ := pdq.SumTurned(pdq.FromImage(got))
		if d := nearest(turns, want); d > 4 {
			t.Errorf("%s: nearest turn %d bits off", name, d)
		}
		if d := turns[pdq.Original].Distance(want); d <= pdq.Radius {
			t.Errorf("%s: %d bits from the original as it lies", name, d)
		}
	}
}

func TestTally(t *testing.T) {
	var samples []sample
	for i := range 10 {
		samples = append(samples, sample{0, picture.Scene, 10 * i, 5 * i, 10 * i})
	}
	r := tally([]transform{{name: "one"}}, samples)[0]
	if r.Upright != 40 || r.Turned != 70 || r.Median != 20 || r.P90 != 40 || r.BelowGood != 50 || r.Found != 20 {
		t.Errorf("got %+v", r)
	}
}
