package pdq

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// table reads tab-separated rows, without those that begin with #.
func table(t *testing.T, path string, fields int) [][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(row) != fields {
			t.Fatalf("%s: %d fields in %q", path, len(row), line)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s holds no rows", path)
	}
	return rows
}

func readFile(t *testing.T, path string) File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return f
}

func readImage(t *testing.T, path string) image.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func mustParse(t *testing.T, s string) Hash {
	t.Helper()
	h, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestPublishedVectors holds every row of the hashes published for
// photographs: to the bit for PNG, within ten for JPEG of good quality, whose
// decoders differ (the criterion of pdq/README).
func TestPublishedVectors(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "pdq")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the published pictures are not beside the repository (../shared/data/pdq); testdata/reference.tsv is held all the same")
	}
	for _, row := range table(t, filepath.Join(dir, "vectors.tsv"), 3) {
		name, want, rule := row[0], mustParse(t, row[1]), row[2]
		t.Run(name, func(t *testing.T) {
			f := readFile(t, filepath.Join(dir, name)).Frames[0]
			allowed := map[string]int{"exact": 0, "near": 10}[rule]
			if d := f.Hashes[Original].Distance(want); d > allowed || f.Quality < 80 {
				t.Errorf("%d bits from the published hash, %d allowed; quality %d", d, allowed, f.Quality)
			}
		})
	}
}

// TestPublishedTurns compares the hashes of the turns, computed from one
// picture, with those published for the pictures turned one by one.
func TestPublishedTurns(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "pdq")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the published pictures are not beside the repository (../shared/data/pdq)")
	}
	d := readFile(t, filepath.Join(dir, "dih", "bridge-1-original.jpg")).Frames[0].Hashes
	for _, row := range table(t, filepath.Join(dir, "vectors.tsv"), 3) {
		for turn, mark := range map[Turn]string{Rotate180: "rotate-180", FlipX: "flipx", FlipY: "flipy", FlipMinus: "flip-minus"} {
			if strings.Contains(row[0], mark) {
				if dist := d[turn].Distance(mustParse(t, row[1])); dist > Radius {
					t.Errorf("%v: %d bits from the hash published for %s", turn, dist, row[0])
				}
			}
		}
	}
}

// TestReferenceVectors holds our own generated pictures to the hashes that the
// compiled reference gives, all eight turns, without any data from outside.
func TestReferenceVectors(t *testing.T) {
	for _, row := range table(t, filepath.Join("testdata", "reference.tsv"), 10) {
		t.Run(row[0], func(t *testing.T) {
			path := filepath.Join("testdata", row[0])
			f := readFile(t, path).Frames[0]
			if want, _ := strconv.Atoi(row[1]); f.Quality != want || f.Hashes[Original] != mustParse(t, row[2]) {
				t.Errorf("%v quality %d, want %s and %d", f.Hashes[Original], f.Quality, row[2], want)
			}
			d, _ := SumDihedral(FromImage(readImage(t, path)))
			for turn, h := range d {
				if want := mustParse(t, row[2+turn]); h != want {
					t.Errorf("%v: %v, want %v (%d bits)", Turn(turn), h, want, h.Distance(want))
				}
			}
		})
	}
}
