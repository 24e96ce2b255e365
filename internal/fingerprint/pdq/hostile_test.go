package pdq

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// allocated is how many bytes f sets aside.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// pngOf is a PNG of any head and compressed rows of noughts, as many as told.
func pngOf(width, height int, depth, colours byte, rows, rowBytes int) []byte {
	chunk := func(out []byte, kind string, body []byte) []byte {
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		at := len(out)
		out = append(append(out, kind...), body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[at:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(width)), uint32(height))
	var pixels bytes.Buffer
	z := zlib.NewWriter(&pixels)
	row := make([]byte, 1+rowBytes)
	for range rows {
		z.Write(row)
	}
	z.Close()
	out := chunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", append(head, depth, colours, 0, 0, 0))
	return chunk(chunk(out, "IDAT", pixels.Bytes()), "IEND", nil)
}

func TestHostilePNG(t *testing.T) {
	const grey, rgba = 0, 6
	for name, c := range map[string]struct {
		data []byte
		want error
		most uint64 // bytes set aside
	}{
		"bomb of 10^10 pixels":        {pngOf(100_000, 100_000, 8, grey, 1, 100_000), ErrTooLarge, 1 << 20},
		"40 megapixels of 8 bytes":    {pngOf(8000, 5000, 16, rgba, 1, 64_000), ErrTooLarge, 1 << 20},
		"head that promises too much": {pngOf(6000, 6000, 8, rgba, 1, 24_000), ErrBroken, 1 << 20},
		"half of the rows":            {pngOf(3000, 3000, 8, grey, 1500, 3000), ErrBroken, 20 << 20},
		"blank 36 megapixels":         {pngOf(6000, 6000, 8, grey, 6000, 6000), nil, 50 << 20},
		"100,000 x 1":                 {pngOf(100_000, 1, 8, grey, 1, 100_000), nil, 2 << 20},
		"1 x 100,000":                 {pngOf(1, 100_000, 8, grey, 100_000, 1), nil, 6 << 20},
		"100,000 x 5":                 {pngOf(100_000, 5, 8, grey, 5, 100_000), nil, 64 << 20},
		"5 x 100,000":                 {pngOf(5, 100_000, 8, grey, 100_000, 5), nil, 64 << 20},
		"500,000 x 70":                {pngOf(500_000, 70, 8, grey, 70, 500_000), nil, 400 << 20},
	} {
		var f File
		var err error
		used := allocated(func() { f, err = Read(c.data, Limits{}) })
		if !errors.Is(err, c.want) || (err != nil) != (Code(err) != "") {
			t.Errorf("%s: %v, code %q, want %v", name, err, Code(err), c.want)
		}
		if used > c.most {
			t.Errorf("%s: %d bytes set aside for a file of %d, more than %d", name, used, len(c.data), c.most)
		}
		if err == nil && f.Frames[0].Quality != 0 {
			t.Errorf("%s: quality %d, though there is nothing in it", name, f.Frames[0].Quality)
		}
	}
}

func TestHostileGIF(t *testing.T) {
	g := &gif.GIF{Config: image.Config{Width: 300, Height: 300}}
	for range 400 {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 300, 300), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 1)
	}
	for k := 1; k < len(g.Image); k++ {
		g.Image[k] = g.Image[0]
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	var f File
	var err error
	used := allocated(func() { f, err = Read(b.Bytes(), Limits{Pixels: 5 * 300 * 300}) })
	if err != nil || f.Total != 400 || len(f.Frames) != 5 || used > 12<<20 {
		t.Errorf("%d of %d frames, %d bytes set aside, %v", len(f.Frames), f.Total, used, err)
	}
	lying := bytes.Clone(b.Bytes())
	binary.LittleEndian.PutUint16(lying[6:], 65535)
	binary.LittleEndian.PutUint16(lying[8:], 65535)
	if used := allocated(func() { _, err = Read(lying, Limits{}) }); !errors.Is(err, ErrTooLarge) || used > 1<<20 {
		t.Errorf("a screen of 65535x65535: %v, %d bytes set aside", err, used)
	}
}

// TestHostileJPEG: bombs of the kinds that the standard library is to decode
// are refused before it sees them.
func TestHostileJPEG(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("lumajpeg", "testdata", "progressive-1x1.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	from := bytes.Index(data, []byte{0xFF, 0xDA}) + 2
	from += bytes.Index(data[from:], []byte{0xFF, 0xDA})
	to := from + 2 + bytes.Index(data[from+2:], []byte{0xFF, 0xC4})
	bomb := bytes.Clone(data[:from])
	for range 3000 {
		bomb = append(bomb, data[from:to]...)
	}
	bomb = append(bomb, data[to:]...)
	for name, read := range map[string]func([]byte, Limits) (File, error){"luma": Read, "full": ReadFull} {
		var err error
		if used := allocated(func() { _, err = read(bomb, Limits{}) }); !errors.Is(err, ErrTooOften) || Code(err) == "" || used > 1<<20 {
			t.Errorf("%s: %v, %d bytes set aside", name, err, used)
		}
	}
	if _, err := Readings(bomb, Limits{}); !errors.Is(err, ErrTooOften) {
		t.Errorf("readings: %v", err)
	}
	whole := encode(t, "jpeg", scene(1200, 1100, 2))
	if f, err := Read(whole, Limits{}); err != nil || f.Reading != ReadingLuma {
		t.Fatalf("%s, %v", f.Reading, err)
	}
	for _, cut := range []int{3, 100, 700, len(whole) / 2, len(whole) - 40} {
		if _, err := Read(whole[:cut], Limits{}); !errors.Is(err, ErrBroken) || Code(err) != "picture.broken" {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

func hashOf(t *testing.T, p Picture) Hash {
	t.Helper()
	h, _ := Sum(p)
	return h
}

// TestReadings: what HMA reads otherwise has a second reading, and nothing
// else has.
func TestReadings(t *testing.T) {
	grey := scene(300, 200, 8)
	shuffled, spread16 := image.NewPaletted(grey.Rect, nil), image.NewGray16(grey.Rect)
	for i := range 256 {
		shuffled.Palette = append(shuffled.Palette, color.Gray{uint8(i * 77)}) // 77 and 256 have no divisor in common
	}
	indices, bright := image.NewGray(grey.Rect), image.NewGray(grey.Rect)
	clear, dropped := image.NewNRGBA(grey.Rect), image.NewNRGBA(grey.Rect)
	for i, v := range grey.Pix {
		shuffled.Pix[i] = v * 5 // 5 * 77 = 385 = 1 + 128*3: the colours stay varied
		indices.Pix[i] = v * 5
		binary.BigEndian.PutUint16(spread16.Pix[2*i:], uint16(v)*4)
		bright.Pix[i] = uint8(min(int(v)*4, 255))
		copy(clear.Pix[4*i:], []byte{v, v, v, uint8(i)})
		copy(dropped.Pix[4*i:], []byte{v, v, v, 255})
	}
	encoded := func(img image.Image) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	animated := animation(t, 2)
	jpg := encode(t, "jpeg", grey)
	plain, err := Readings(jpg, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		hma  Picture // nil: the same as a person's
	}{
		"grey":          {encoded(grey), nil},
		"palette":       {encoded(shuffled), FromImage(indices)},
		"16 bits":       {encoded(spread16), FromImage(bright)},
		"opacity":       {encoded(clear), FromImage(dropped)},
		"opaque":        {encoded(dropped), nil},
		"upright JPEG":  {jpg, nil},
		"turned JPEG":   {withEXIF(jpg, binary.BigEndian, 6), plain[0].Picture},
		"grey GIF":      {animated, nil},
		"webp lossless": {mustRead(t, filepath.Join("testdata", "drawn.webp")), nil},
	} {
		got, err := Readings(c.data, Limits{})
		if err != nil || got[0].Name != ReadingFull || (len(got) == 2) != (c.hma != nil) {
			t.Errorf("%s: %d readings, %v", name, len(got), err)
			continue
		}
		whole, err := ReadFull(c.data, Limits{})
		if err != nil || whole.Frames[0].Hashes[Original] != hashOf(t, got[0].Picture) {
			t.Errorf("%s: the first reading is not that of a person, %v", name, err)
		}
		if c.hma == nil {
			continue
		}
		if hma := hashOf(t, got[1].Picture); got[1].Name != ReadingHMA || hma != hashOf(t, c.hma) || hma == hashOf(t, got[0].Picture) {
			t.Errorf("%s: %s is %v, want %v", name, got[1].Name, hma, hashOf(t, c.hma))
		}
	}
	cmyk := image.NewCMYK(image.Rect(0, 0, 90, 80))
	for i := range cmyk.Pix {
		cmyk.Pix[i] = uint8(i * i / 300)
	}
	asRGB := image.NewRGBA(cmyk.Rect)
	copy(asRGB.Pix, cmyk.Pix)
	for i := 3; i < len(asRGB.Pix); i += 4 {
		asRGB.Pix[i] = 255
	}
	if got, want := hashOf(t, hmaPicture(cmyk)), hashOf(t, FromImage(asRGB)); got != want {
		t.Errorf("four colours: %v, want %v", got, want)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPublishedModes: one photograph in seven pixel formats is one picture to
// a person, and within a match's radius; HMA's reading of the palette is not.
func TestPublishedModes(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "pdq", "modes")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the published pictures are not beside the repository (../shared/data/pdq)")
	}
	want := readFile(t, filepath.Join(dir, "RGB.jpg")).Frames[0].Hashes[Original]
	for name, readings := range map[string]int{"1.png": 1, "CMYK.jpg": 2, "L.png": 1, "LA.png": 1, "P.png": 2, "RGB.jpg": 1, "RGBA.png": 1} {
		got, err := Readings(mustRead(t, filepath.Join(dir, name)), Limits{})
		if err != nil || len(got) != readings {
			t.Errorf("%s: %d readings, want %d; %v", name, len(got), readings, err)
			continue
		}
		if d := hashOf(t, got[0].Picture).Distance(want); d > 10 {
			t.Errorf("%s: %d bits from the photograph", name, d)
		}
		if name == "P.png" {
			if d := hashOf(t, got[1].Picture).Distance(want); d <= Radius {
				t.Errorf("palette indices lie %d bits from the photograph: then there is no need for a second hash", d)
			}
		}
		for _, r := range got {
			t.Logf("%s as %s: %d bits", name, r.Name, hashOf(t, r.Picture).Distance(want))
		}
	}
}
