package pdq

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// scene is a picture drawn from a seed.
func scene(width, height int, seed uint64) *image.Gray {
	p := patches(width, height, seed)
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i, v := range p.Pix {
		img.Pix[i] = uint8(v)
	}
	return img
}

func encode(t testing.TB, format string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, img)
	case "jpeg":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 92})
	case "bmp":
		err = bmp.Encode(&b, img)
	case "tiff":
		err = tiff.Encode(&b, img, &tiff.Options{Compression: tiff.Deflate})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadFormats(t *testing.T) {
	img := scene(320, 200, 1)
	want, _ := Sum(FromImage(img))
	for format, allowed := range map[string]int{"png": 0, "bmp": 0, "tiff": 0, "jpeg": 10} {
		f, err := Read(encode(t, format, img), Limits{})
		if err != nil || f.Format != format || f.Width != 320 || f.Height != 200 || len(f.Frames) != 1 || f.Total != 1 {
			t.Errorf("%s: %+v, %v", format, f, err)
			continue
		}
		if d := f.Frames[0].Hashes[Original].Distance(want); d > allowed {
			t.Errorf("%s: %d bits from the pixels' hash", format, d)
		}
	}
}

func TestReadWebP(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "drawn.webp"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(data, Limits{})
	if err != nil || f.Format != "webp" || f.Width != 301 || f.Height != 203 {
		t.Fatalf("%+v, %v", f, err)
	}
	twin := readFile(t, filepath.Join("testdata", "rgb-301x203.png"))
	if f.Frames[0].Hashes != twin.Frames[0].Hashes {
		t.Error("the lossless WebP and the PNG of one picture differ")
	}
}

func TestFromImageKinds(t *testing.T) {
	src := image.NewNRGBA(image.Rect(3, 5, 203, 155)) // an origin other than zero
	for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
		for x := src.Rect.Min.X; x < src.Rect.Max.X; x++ {
			src.SetNRGBA(x, y, color.NRGBA{uint8(x * y), uint8(x + 2*y), uint8(x ^ y), 255})
		}
	}
	want, quality := Sum(FromImage(src))
	for _, dst := range []draw.Image{image.NewRGBA(src.Rect), image.NewRGBA64(src.Rect), image.NewNRGBA64(src.Rect)} {
		draw.Draw(dst, src.Rect, src, src.Rect.Min, draw.Src)
		if got, q := Sum(FromImage(dst)); got != want || q != quality {
			t.Errorf("%T: %d bits off, quality %d for %d", dst, got.Distance(want), q, quality)
		}
	}
	grey, grey16 := image.NewGray(src.Rect), image.NewGray16(src.Rect)
	draw.Draw(grey, src.Rect, src, src.Rect.Min, draw.Src)
	draw.Draw(grey16, src.Rect, grey, src.Rect.Min, draw.Src)
	a, _ := Sum(FromImage(grey))
	if b, _ := Sum(FromImage(grey16)); a != b {
		t.Error("8 and 16 bits of grey differ")
	}
	cmyk := image.NewCMYK(src.Rect)
	draw.Draw(cmyk, src.Rect, src, src.Rect.Min, draw.Src)
	if got, _ := Sum(FromImage(cmyk)); got.Distance(want) > 10 {
		t.Errorf("CMYK: %d bits off", got.Distance(want))
	}
}

func TestFromImageYCbCr(t *testing.T) {
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		whole := image.NewYCbCr(image.Rect(0, 0, 90, 70), ratio)
		for i := range whole.Y {
			whole.Y[i] = uint8(i * 7)
		}
		for i := range whole.Cb {
			whole.Cb[i], whole.Cr[i] = uint8(i*11), uint8(i*13)
		}
		img := whole.SubImage(image.Rect(5, 3, 88, 69)).(*image.YCbCr)
		p, row := FromImage(img), make([]float32, 83)
		for y := range 66 {
			p.Luma(y, row)
			for x, v := range row {
				if c := img.YCbCrAt(5+x, 3+y); v != luma(color.YCbCrToRGB(c.Y, c.Cb, c.Cr)) {
					t.Fatalf("%v: at %d,%d %v", ratio, x, y, v)
				}
			}
		}
	}
}

func TestTransparencyIsSeenOverWhite(t *testing.T) {
	clear, solid := image.NewNRGBA(image.Rect(0, 0, 90, 90)), image.NewNRGBA(image.Rect(0, 0, 90, 90))
	for i := range 90 * 90 {
		shade := uint8(i % 200)
		solid.Pix[4*i], solid.Pix[4*i+1], solid.Pix[4*i+2], solid.Pix[4*i+3] = shade, shade, 0, 255
		copy(clear.Pix[4*i:], solid.Pix[4*i:4*i+4])
		if i%90 > 45 {
			copy(solid.Pix[4*i:], []byte{255, 255, 255, 255})
			clear.Pix[4*i+3] = 0
		}
	}
	premultiplied := image.NewRGBA(clear.Rect)
	draw.Draw(premultiplied, clear.Rect, clear, image.Point{}, draw.Src)
	want, _ := Sum(FromImage(solid))
	for _, img := range []image.Image{clear, premultiplied} {
		if got, _ := Sum(FromImage(img)); got != want {
			t.Errorf("%T: %d bits off", img, got.Distance(want))
		}
	}
}

// withEXIF puts an orientation note into a JPEG.
func withEXIF(jpg []byte, order binary.AppendByteOrder, value uint16) []byte {
	tiff := []byte("MM")
	if order == binary.LittleEndian {
		tiff = []byte("II")
	}
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, value)
	tiff = order.AppendUint16(tiff, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xFF, 0xE1, byte((len(body)+2)>>8), byte(len(body)+2))
	return append(append(out, body...), jpg[2:]...)
}

func TestOrientation(t *testing.T) {
	for reading, size := range map[string][2]int{ReadingFull: {240, 150}, ReadingLuma: {1100, 1061}} {
		t.Run(reading, func(t *testing.T) { testOrientation(t, reading, size[0], size[1]) })
	}
}

func testOrientation(t *testing.T, reading string, width, height int) {
	jpg := encode(t, "jpeg", scene(width, height, 4))
	plain, err := Read(jpg, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if plain.Reading != reading {
		t.Fatalf("read as %s", plain.Reading)
	}
	turnOf := map[uint16]Turn{1: Original, 2: FlipY, 3: Rotate180, 4: FlipX, 5: FlipPlus, 6: Rotate270, 7: FlipMinus, 8: Rotate90}
	for note, turn := range turnOf {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			f, err := Read(withEXIF(jpg, order, note), Limits{})
			if err != nil || f.Orientation != int(note) {
				t.Fatalf("note %d: %+v, %v", note, f, err)
			}
			if wide := note < 5; (f.Width == width) != wide || (f.Height == height) != wide {
				t.Errorf("note %d: %dx%d", note, f.Width, f.Height)
			}
			if d := f.Frames[0].Hashes[Original].Distance(plain.Frames[0].Hashes[turn]); d > 2 {
				t.Errorf("note %d: %d bits from the turn %v", note, d, turn)
			}
			if order == binary.LittleEndian {
				continue
			}
			whole, err := ReadFull(withEXIF(jpg, order, note), Limits{}) // pixels really moved
			if err != nil || whole.Width != f.Width {
				t.Fatal(err)
			}
			for other := range whole.Frames[0].Hashes {
				if d := f.Frames[0].Hashes[other].Distance(whole.Frames[0].Hashes[other]); d > 6 {
					t.Errorf("note %d: %v lies %d bits from the pixels moved", note, Turn(other), d)
				}
			}
		}
	}
	if f, err := Read(withEXIF(jpg, binary.BigEndian, 99), Limits{}); err != nil || f.Orientation != 1 {
		t.Errorf("a nonsense note: %+v, %v", f, err)
	}
}

// animation makes a GIF whose frames are scenes; the second covers only a part
// of the screen.
func animation(t testing.TB, frames int) []byte {
	t.Helper()
	g := &gif.GIF{Config: image.Config{Width: 120, Height: 90}}
	for i := range frames {
		area := image.Rect(0, 0, 120, 90)
		if i == 1 {
			area = image.Rect(30, 20, 90, 70)
		}
		var grey color.Palette
		for v := range 256 {
			grey = append(grey, color.Gray{uint8(v)})
		}
		frame := image.NewPaletted(area, grey)
		draw.Draw(frame, area, scene(120, 90, uint64(i)), area.Min, draw.Src)
		g.Image, g.Delay, g.Disposal = append(g.Image, frame), append(g.Delay, 7), append(g.Disposal, gif.DisposalNone)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadGIF(t *testing.T) {
	data := animation(t, 5)
	f, err := Read(data, Limits{})
	if err != nil || f.Format != "gif" || f.Total != 5 || len(f.Frames) != 5 {
		t.Fatalf("%d of %d frames, %v", len(f.Frames), f.Total, err)
	}
	both := image.NewGray(image.Rect(0, 0, 120, 90))
	draw.Draw(both, both.Rect, scene(120, 90, 0), image.Point{}, draw.Src)
	for i, want := range []*image.Gray{0: scene(120, 90, 0), 2: scene(120, 90, 2)} {
		if i == 1 {
			draw.Draw(both, image.Rect(30, 20, 90, 70), scene(120, 90, 1), image.Pt(30, 20), draw.Src)
			want = both
		}
		h, _ := Sum(FromImage(want))
		if d := f.Frames[i].Hashes[Original].Distance(h); d > 2 || f.Frames[i].AtMS != int64(i)*70 {
			t.Errorf("frame %d at %d ms: %d bits from what is on the screen", i, f.Frames[i].AtMS, d)
		}
	}
}

func TestReadGIFBounds(t *testing.T) {
	data := animation(t, 9)
	for _, tt := range []struct {
		limits Limits
		frames int
	}{
		{Limits{Frames: 3}, 3},
		{Limits{Pixels: 4 * 120 * 90}, 4},
		{Limits{}, 9},
	} {
		f, err := Read(data, tt.limits)
		if err != nil || f.Total != 9 || len(f.Frames) != tt.frames {
			t.Errorf("%+v: %d of %d frames, %v", tt.limits, len(f.Frames), f.Total, err)
		}
	}
	if f, err := Read(data[:len(data)*2/3], Limits{}); err != nil || len(f.Frames) == 0 || len(f.Frames) > 8 {
		t.Errorf("a truncated animation: %d frames, %v; the whole ones count", len(f.Frames), err)
	}
	if _, err := Read(data[:100], Limits{}); !errors.Is(err, ErrBroken) {
		t.Errorf("an animation without a whole frame: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	whole := encode(t, "png", scene(300, 300, 1))
	huge := bytes.Clone(whole)
	binary.BigEndian.PutUint32(huge[16:], 100_000)
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	binary.BigEndian.PutUint32(huge[29:], crcOf(huge[12:29]))
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"empty":       {nil, ErrNoPicture},
		"text":        {[]byte("not a picture"), ErrNoPicture},
		"SVG":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), ErrNoPicture},
		"bomb":        {huge, ErrTooLarge},
		"half":        {whole[:len(whole)/2], ErrBroken},
		"head only":   {whole[:20], ErrBroken},
		"JPEG start":  {[]byte("\xff\xd8\xff\xe0"), ErrBroken},
		"WebP start":  {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), ErrBroken},
		"small limit": {whole, ErrTooLarge},
	} {
		limits := Limits{}
		if name == "small limit" {
			limits.Pixels = 1000
		}
		if _, err := Read(tt.data, limits); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	small := scene(24, 16, 1)
	for _, format := range []string{"png", "jpeg", "bmp", "tiff"} {
		f.Add(encode(f, format, small))
	}
	f.Add(animation(f, 2))
	f.Add(withEXIF(encode(f, "jpeg", small), binary.LittleEndian, 6))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data, Limits{Pixels: 1 << 16, Frames: 3})
		if err != nil {
			if !errors.Is(err, ErrNoPicture) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrBroken) {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		if len(file.Frames) == 0 || len(file.Frames) > 3 || file.Total < len(file.Frames) {
			t.Fatal(fmt.Sprintf("%d frames of %d", len(file.Frames), file.Total))
		}
	})
}

func crcOf(chunk []byte) uint32 { return crc32.ChecksumIEEE(chunk) }
