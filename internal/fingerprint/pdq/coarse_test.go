package pdq

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq/lumajpeg"
)

// TestCoarseAndSmall shows why coarse and small files are read whole: what
// brightness alone would do to their hashes. Those that [Read] reads by
// brightness it holds to the 6 bits of the others.
func TestCoarseAndSmall(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	bits := map[string][]int{}
	var used []int
	var order []string
	for k := range 4 * *many {
		motif := []string{"saturated", "poster", "collage", "portrait"}[k%4] // where colour leaves its bounds
		width, height := 80+rnd.IntN(200), 80+rnd.IntN(200)
		if k%8 < 4 {
			width, height = 420+rnd.IntN(200), 420+rnd.IntN(200)
		}
		encoded := 1 + rnd.IntN(40)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, coloured(motif, width, height, uint64(k)), &jpeg.Options{Quality: encoded}); err != nil {
			t.Fatal(err)
		}
		full, err := ReadFull(b.Bytes(), Limits{})
		plane, err2 := lumajpeg.Decode(b.Bytes(), lumajpeg.Options{})
		got, err3 := Read(b.Bytes(), Limits{})
		if err != nil || err2 != nil || err3 != nil {
			t.Fatal(err, err2, err3)
		}
		if full.Frames[0].Quality < MinQuality {
			continue
		}
		want := full.Frames[0].Hashes[Original]
		alone, _ := sumPlane(plane)
		band := "step to 64"
		for _, from := range []int{65, 129, 200} {
			if plane.Step >= from {
				band = fmt.Sprintf("step from %d", from)
			}
		}
		if width < 300 {
			band += ", below 280x280"
		}
		if bits[band] == nil {
			order = append(order, band)
		}
		bits[band] = append(bits[band], alone[Original].Distance(want))
		if got.Reading == ReadingLuma {
			used = append(used, got.Frames[0].Hashes[Original].Distance(want))
		} else if got.Frames[0].Hashes != full.Frames[0].Hashes {
			t.Errorf("%s %dx%d: read as %s with other bits", motif, width, height, got.Reading)
		}
	}
	var table strings.Builder
	for _, band := range order {
		row, _ := percentiles(bits[band])
		fmt.Fprintf(&table, "| %s | %s |\n", band, row)
	}
	t.Logf("brightness alone, compared with the full reading\n%s", table.String())
	if row, p99 := percentiles(used); p99 > 6 {
		t.Errorf("read by brightness: %s", row)
	}
}
