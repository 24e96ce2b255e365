// Command survive measures what a PDQ hash survives: generated pictures of six
// kinds are changed in the ways re-uploads are changed, saved and read again, and
// the copy's hash is compared with the original's.
//
//	go run ./bench/survive -out bench/results/survive.json -page docs/operate/recognition.md
//
// The same seed gives the same figures; nothing here is a time.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // for -files
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/staydown/staydown/bench/machine"
	"github.com/staydown/staydown/bench/page"
	"github.com/staydown/staydown/bench/picture"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// report is the file of results.
type report struct {
	machine.Place
	Seed      uint64      `json:"seed"`
	Pictures  int         `json:"pictures"`
	Left      int         `json:"pictures_left_out"` // originals below the quality worth comparing
	Radius    int         `json:"radius_bits"`
	Unrelated []unrelated `json:"unrelated_pictures"`
	Rows      []row       `json:"rows"`
}

func main() {
	log.SetFlags(0)
	seed := flag.Uint64("seed", 1, "seed of the pictures")
	each := flag.Int("each", 60, "pictures of each of the six kinds")
	files := flag.String("files", "", "picture files in place of generated ones, separated by commas")
	out := flag.String("out", "", "write a file of all results")
	to := flag.String("page", "", "write the tables into this page, between its marks")
	flag.Parse()
	r := report{Place: machine.Here("go run ./bench/survive"), Seed: *seed, Radius: pdq.Radius}
	var originals []original
	var left int
	if *files != "" {
		originals, left = readAll(strings.Split(*files, ","))
	} else {
		originals, left = drawAll(*seed, *each)
	}
	r.Pictures, r.Left = len(originals), left
	r.Unrelated = compareAll(originals)
	r.Rows = tally(measure(originals, transforms()))
	fmt.Print(tables(r))
	if *to != "" {
		if err := page.Write(*to, "bench/survive", tables(r)); err != nil {
			log.Fatal(err)
		}
	}
	if *out != "" {
		data, _ := json.MarshalIndent(r, "", "  ") //nolint:errcheck // numbers and text
		if err := os.WriteFile(*out, append(data, '\n'), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// original is a picture and its hash as the bank holds it.
type original struct {
	kind   picture.Kind
	number int
	img    *image.RGBA // decoded from the file that was published, as a copier has it
	hash   pdq.Hash
	turns  pdq.Dihedral
}

// sizes are what the pictures are drawn in by turns, pixels.
var sizes = []image.Point{{640, 480}, {600, 600}, {480, 640}, {854, 480}, {800, 532}}

// drawAll draws the pictures whose hashes are good enough to be held, and counts
// the others.
func drawAll(seed uint64, each int) (all []original, left int) {
	slots := make([]*original, each*len(picture.Kinds))
	parallel(len(slots), func(i int) {
		kind, size := picture.Kinds[i%len(picture.Kinds)], sizes[i%len(sizes)]
		data := saved(picture.Draw(kind, seed, i, size.X, size.Y), usual)
		hashes, quality := read(data)
		if quality >= pdq.MinQuality {
			slots[i] = &original{kind, i, decoded(data), hashes[pdq.Original], hashes}
		}
	})
	for _, o := range slots {
		if o == nil {
			left++
			continue
		}
		all = append(all, *o)
	}
	return all, left
}

// readAll takes pictures from files, to see whether what holds for drawn ones
// holds for them.
func readAll(names []string) (all []original, left int) {
	for i, name := range names {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		img, _, err := image.Decode(f)
		f.Close()
		if err != nil {
			log.Fatalf("reading %s: %v", name, err)
		}
		data := saved(img, usual)
		hashes, quality := read(data)
		if quality < pdq.MinQuality {
			left++
			continue
		}
		all = append(all, original{"file", i, decoded(data), hashes[pdq.Original], hashes})
	}
	return all, left
}

// sample is one copy compared with its original.
type sample struct {
	transform       int
	kind            picture.Kind
	upright, turned int // bits from the original: the copy's hash as it lies, the nearest of its eight turns
	quality         int
}

func measure(originals []original, changes []transform) (names []transform, samples []sample) {
	samples = make([]sample, len(originals)*len(changes))
	parallel(len(samples), func(i int) {
		o, at := originals[i/len(changes)], i%len(changes)
		change := changes[at]
		rnd := rand.New(rand.NewPCG(uint64(o.number), uint64(at)))
		quality := change.quality
		if quality == 0 {
			quality = usual
		}
		hashes, good := read(saved(change.do(o.img, rnd), quality))
		samples[i] = sample{at, o.kind, hashes[pdq.Original].Distance(o.hash), nearest(hashes, o.hash), good}
	})
	return changes, samples
}

func nearest(turns pdq.Dihedral, h pdq.Hash) int {
	best := 256
	for _, t := range turns {
		best = min(best, t.Distance(h))
	}
	return best
}

func saved(img image.Image, quality int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		log.Fatal(err)
	}
	return out.Bytes()
}

func decoded(data []byte) *image.RGBA {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		log.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// read reads a file as the product does.
func read(data []byte) (pdq.Dihedral, int) {
	f, err := pdq.Read(data, pdq.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	return f.Frames[0].Hashes, f.Frames[0].Quality
}

// parallel calls do for 0 to n-1 on all processors.
func parallel(n int, do func(int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}
