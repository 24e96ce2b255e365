package video

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/sandbox"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "confine" {
		syscall.Exit(sandbox.Confine(os.Args[2])) // at once: os.Exit waits a second under the race detector
	}
	os.Exit(m.Run())
}

const clipDir = "../../../../shared/data/vpdq"

// walled is the sandbox with ffmpeg in it; tests skip where either is absent.
func walled(t testing.TB) Runner {
	t.Helper()
	path, err := sandbox.Find("ffmpeg", "ffmpeg")
	if err != nil {
		t.Skip(err)
	}
	box := &sandbox.Box{Self: []string{"/proc/self/exe", "confine"}}
	if c := box.Probe(context.Background()); !c.Files.Stands || !c.Network.Stands {
		t.Skipf("decoders cannot be walled off here: %s %s", c.Files.Why, c.Network.Why)
	}
	l := sandbox.Limits{Output: 1 << 40}
	return Runner{Input: sandbox.Input, Run: func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error {
		return box.Run(ctx, sandbox.Tool{Path: path, Args: args}, in, l, read)
	}}
}

func clip(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(clipDir, name))
	if err != nil {
		t.Skipf("the reference's clips are absent: %v", err)
	}
	return data
}

var clips = []string{"doorknob-hd-no-bar", "pattern-hd-no-bar", "pattern-sd-with-small-logo-bar"}

// The reference's own hashes, frame by frame. Its documentation asks other
// decoders to be within 10 bits where the quality is at least 80.
func TestReferenceClips(t *testing.T) {
	run := walled(t)
	for _, name := range clips {
		t.Run(name, func(t *testing.T) {
			want, err := ReadText(bytes.NewReader(clip(t, name+".txt")))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Hash(t.Context(), run, bytes.NewReader(clip(t, name+".mp4")), Options{AsStored: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Frames) != len(want.Frames) {
				t.Fatalf("%d frames, want %d", len(got.Frames), len(want.Frames))
			}
			worst, sum, worstQuality := 0, 0, 0
			for i, f := range got.Frames {
				w := want.Frames[i]
				if f.N != w.N || (f.At-w.At).Abs() > time.Millisecond {
					t.Errorf("frame %d at %s, want %d at %s", f.N, f.At, w.N, w.At)
				}
				d := f.Hash.Distance(w.Hash)
				if w.Quality >= 80 && d > 10 {
					t.Errorf("frame %d is %d bits off", f.N, d)
				}
				worst, sum, worstQuality = max(worst, d), sum+d, max(worstQuality, max(f.Quality-w.Quality, w.Quality-f.Quality))
			}
			t.Logf("%d frames: worst %d bits off, mean %.2f; quality at most %d off", len(got.Frames), worst, float64(sum)/float64(len(got.Frames)), worstQuality)
			if m := Compare(got, want, Same); !m.Matches || m.OfQuery < 98 || m.OfKnown < 98 || len(m.Segments) == 0 {
				t.Errorf("compares as %+v", m)
			}
		})
	}
}

// One clip is a smaller copy of the other with a bar and a logo on it.
func TestClipsAmongEachOther(t *testing.T) {
	read := func(name string) Print {
		p, err := ReadText(bytes.NewReader(clip(t, name+".txt")))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if m := Compare(read(clips[0]), read(clips[1]), Contains); m.Matches || m.OfQuery != 0 || m.Segments != nil {
		t.Errorf("different videos: %+v", m)
	}
	t.Logf("a bar and a logo: %+v", Compare(read(clips[2]), read(clips[1]), Contains))
}

func TestEvery(t *testing.T) {
	run := walled(t)
	data := clip(t, clips[0]+".mp4")
	all, err := Hash(t.Context(), run, bytes.NewReader(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	some, err := Hash(t.Context(), run, bytes.NewReader(data), Options{Every: time.Second, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if some.Counted != 120 || len(some.Frames) != 4 || some.Width != 1280 || some.Height != 720 || some.Duration.Round(time.Millisecond) != 3967*time.Millisecond {
		t.Fatalf("got %d of %d frames, %dx%d, %s", len(some.Frames), some.Counted, some.Width, some.Height, some.Duration)
	}
	for i, f := range some.Frames {
		if f != all.Frames[30*i] {
			t.Errorf("frame %d is %+v, want %+v", i, f, all.Frames[30*i])
		}
	}
}

func TestNoVideo(t *testing.T) {
	run := walled(t)
	for name, data := range map[string]string{"empty": "", "text": strings.Repeat("no video at all\n", 100), "playlist": "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "concat": "ffconcat version 1.0\nfile /etc/passwd\n"} {
		p, err := Hash(t.Context(), run, strings.NewReader(data), Options{})
		if err == nil || len(p.Frames) > 0 {
			t.Errorf("%s: got %d frames, %v", name, len(p.Frames), err)
		}
		t.Log(name, err)
	}
}

func TestLimitsCut(t *testing.T) {
	run := walled(t)
	data := clip(t, clips[0]+".mp4")
	p, err := Hash(t.Context(), run, bytes.NewReader(data), Options{Limits: Limits{MaxFrames: 10}})
	if err != nil || p.Cut != "frames" || len(p.Frames) != 10 {
		t.Errorf("got %d frames, cut by %q, %v", len(p.Frames), p.Cut, err)
	}
	p, err = Hash(t.Context(), run, bytes.NewReader(data), Options{Limits: Limits{MaxDuration: time.Second}})
	if err != nil || p.Cut != "duration" || len(p.Frames) != 31 {
		t.Errorf("got %d frames, cut by %q, %v", len(p.Frames), p.Cut, err)
	}
	if _, err = Hash(t.Context(), run, bytes.NewReader(data), Options{Limits: Limits{MaxSide: 1000}}); err == nil {
		t.Error("frames wider than the limit were read")
	}
	p, err = Hash(t.Context(), run, bytes.NewReader(data[:len(data)/2]), Options{})
	t.Logf("half a file: %d frames, cut %q, %v", len(p.Frames), p.Cut, err)
}

// BenchmarkClip hashes every frame of the reference's clips, decoding and
// sandbox included. Compare with ffmpeg's decoding alone:
//
//	go test -run - -bench Clip -benchtime 5x ./internal/fingerprint/video
//	time ffmpeg -v error -nostdin -threads 1 -i CLIP -map 0:V:0 -f null -
func BenchmarkClip(b *testing.B) {
	run := walled(b)
	for _, name := range clips {
		data := clip(b, name+".mp4")
		b.Run(name, func(b *testing.B) {
			frames := 0
			for b.Loop() {
				p, err := Hash(b.Context(), run, bytes.NewReader(data), Options{})
				if err != nil {
					b.Fatal(err)
				}
				frames += len(p.Frames)
			}
			b.ReportMetric(float64(frames)/b.Elapsed().Seconds(), "frames/s")
		})
	}
}
