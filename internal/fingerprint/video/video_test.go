package video

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// small.nut is a synthetic test picture, ten frames of 32x24 at 0.1 s, the last
// three 0.5 s apart:
//
//	ffmpeg -f lavfi -i testsrc2=s=32x24:r=10:d=1 -vf "setpts=if(lt(N\,7)\,N\,7+(N-7)*5),format=yuv420p,extractplanes=y" \
//	  -vsync passthrough -enc_time_base -1 -c:v rawvideo -fflags +bitexact -f nut small.nut
const afterFrames = 27 // bytes of small.nut behind the last frame

func small(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/small.nut")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRead(t *testing.T) {
	p, err := Read(bytes.NewReader(small(t)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != 32 || p.Height != 24 || p.Counted != 10 || len(p.Frames) != 10 || p.Duration != 1700*time.Millisecond {
		t.Fatalf("got %dx%d, %d frames, %s", p.Width, p.Height, p.Counted, p.Duration)
	}
	var at []time.Duration
	for _, f := range p.Frames {
		at = append(at, f.At/time.Millisecond)
	}
	if diff := cmp.Diff([]time.Duration{0, 100, 200, 300, 400, 500, 600, 700, 1200, 1700}, at); diff != "" {
		t.Error(diff)
	}
	data := small(t)
	pix := data[len(data)-afterFrames-32*24 : len(data)-afterFrames]
	if want, _ := pdq.Sum(&pdq.Gray{Width: 32, Height: 24, Stride: 32, Pix: pix}); p.Frames[9].Hash != want {
		t.Error("the last frame's hash is not that of its bytes")
	}
	some, err := Read(bytes.NewReader(small(t)), Options{Every: 450 * time.Millisecond})
	if err != nil || len(some.Frames) != 4 || some.Counted != 10 || some.Frames[1].N != 5 {
		t.Errorf("one frame each 450 ms: %+v, %v", some.Frames, err)
	}
}

// Every beginning of a stream gives an error or fewer frames, and never more.
func TestReadBreaksOff(t *testing.T) {
	data := small(t)
	for n := 0; n < len(data)-afterFrames; n += 7 {
		p, err := Read(bytes.NewReader(data[:n]), Options{})
		if err == nil && (p.Counted == 0 || p.Counted >= 10) {
			t.Fatalf("of %d bytes: %d frames", n, p.Counted)
		}
		if err != nil && staydown.KindOf(err) != staydown.Invalid {
			t.Fatalf("of %d bytes: %v", n, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(small(f))
	f.Add(small(f)[:200])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read(bytes.NewReader(data), Options{Limits: Limits{MaxSide: 256, MaxPixels: 1 << 12, MaxFrames: 100}})
		if err != nil && staydown.KindOf(err) != staydown.Invalid {
			t.Errorf("an error of ours: %v", err)
		}
		if err == nil && (p.Counted == 0 || p.Counted > 100 || len(p.Frames) > p.Counted) {
			t.Errorf("%d frames of %d", len(p.Frames), p.Counted)
		}
		for i, f := range p.Frames {
			if f.At < 0 || f.At > p.Duration || i > 0 && f.N <= p.Frames[i-1].N {
				t.Errorf("frame %d of %s at %s", f.N, p.Duration, f.At)
			}
		}
	})
}

func TestHashOfDamaged(t *testing.T) {
	complains := staydown.Errorf(staydown.Invalid, "sandbox.tool", "it is damaged")
	late := staydown.Errorf(staydown.Invalid, "sandbox.time", "too long")
	for _, tt := range []struct {
		name   string
		stream []byte
		err    error
		frames int
		cut    string
	}{
		{"whole, and complains", small(t), complains, 10, "damaged"},
		{"whole, and runs late", small(t), late, 10, "time"},
		{"half, and runs late", small(t)[:len(small(t))/2], late, 4, "time"},
		{"half, and complains", small(t)[:len(small(t))/2], complains, 0, ""},
		{"nothing, and runs late", nil, late, 0, ""},
		{"whole, and our own error", small(t), errors.New("no disk"), 0, ""},
	} {
		run := Runner{TimedOut: func(err error) bool { return staydown.CodeOf(err) == "sandbox.time" }}
		run.Run = fixed(tt.stream, tt.err)
		p, err := Hash(t.Context(), run, nil, Options{})
		if (err != nil) != (tt.frames == 0) || len(p.Frames) != tt.frames || p.Cut != tt.cut {
			t.Errorf("%s: %d frames, cut %q, %v", tt.name, len(p.Frames), p.Cut, err)
		}
	}
}

const sample = "0,100,dadb999c25266273529cadac89cb52c22324ad3bce99726c38668d93c799f07c,0.000\n" +
	"30,7,dadb999c25266273529cadac8dcb52c22324ad3bce99726c38660d93c799f07c,1.001\n"

func TestText(t *testing.T) {
	p, err := ReadText(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	if p.Counted != 31 || p.Duration != 1001*time.Millisecond || p.Frames[1].Quality != 7 {
		t.Errorf("got %+v", p)
	}
	var out strings.Builder
	if err := p.WriteText(&out); err != nil || out.String() != sample {
		t.Errorf("wrote %q, %v", out.String(), err)
	}
	for _, bad := range []string{"x", "0,101," + strings.Repeat("0", 64), "-1,1," + strings.Repeat("0", 64), "0,1,00", "0,1," + strings.Repeat("0", 64) + ",NaN", "0,1," + strings.Repeat("0", 64) + ",1,2", strings.Repeat("0", 300)} {
		if _, err := ReadText(strings.NewReader(sample + bad)); staydown.CodeOf(err) != CodeText {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(sample)
	f.Add("5,49,dadb999c25266273529cadac89cb52c22324ad3bce99726c38668d93c799f07c\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ReadText(strings.NewReader(text))
		if err != nil {
			return
		}
		var out strings.Builder
		p.WriteText(&out)
		again, err := ReadText(strings.NewReader(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Error(diff)
		}
	})
}
