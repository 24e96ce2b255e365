package picture_test

import (
	"bytes"
	"testing"

	"github.com/staydown/staydown/bench/picture"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// The same number is the same picture, another number another one, and each kind
// has enough in it to be worth comparing.
func TestDraw(t *testing.T) {
	for _, kind := range picture.Kinds {
		one, again, other := picture.Draw(kind, 1, 1, 320, 240), picture.Draw(kind, 1, 1, 320, 240), picture.Draw(kind, 1, 2, 320, 240)
		if !bytes.Equal(one.Pix, again.Pix) {
			t.Errorf("%s: drawn twice, two pictures", kind)
		}
		a, quality := pdq.Sum(pdq.FromImage(one))
		b, _ := pdq.Sum(pdq.FromImage(other))
		if quality < pdq.MinQuality {
			t.Errorf("%s: quality %d", kind, quality)
		}
		if a.Distance(b) <= pdq.Radius {
			t.Errorf("%s: two pictures %d bits apart", kind, a.Distance(b))
		}
	}
}
