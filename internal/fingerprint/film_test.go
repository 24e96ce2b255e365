package fingerprint_test

import (
	"archive/zip"
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/sandbox"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "confine" {
		syscall.Exit(sandbox.Confine(os.Args[2])) // at once: os.Exit waits a second under the race detector
	}
	os.Exit(m.Run())
}

// filmed makes a synthetic clip: five seconds of a test picture that moves.
func filmed(t *testing.T) []byte {
	t.Helper()
	path, err := sandbox.Find("ffmpeg", "ffmpeg")
	if err != nil {
		t.Skip(err)
	}
	name := filepath.Join(t.TempDir(), "clip.mp4")
	if said, err := exec.Command(path, "-v", "error", "-f", "lavfi", "-i", "mandelbrot=s=320x240:r=10:start_scale=0.4:end_scale=0.001:end_pts=50", "-t", "5", "-pix_fmt", "yuv420p", name).CombinedOutput(); err != nil {
		t.Skipf("no clip can be made: %v: %s", err, said)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func walledBox(t *testing.T) *sandbox.Box {
	t.Helper()
	box := &sandbox.Box{Self: []string{"/proc/self/exe", "confine"}}
	if c := box.Probe(t.Context()); !c.Files.Stands || !c.Network.Stands {
		t.Skipf("decoders cannot be walled off here: %s %s", c.Files.Why, c.Network.Why)
	}
	return box
}

func TestVideo(t *testing.T) {
	clip, box := filmed(t), walledBox(t)
	each(t, func(r *rig) {
		r.desk.Box = box
		r.newItem("video")
		r.capture("", file{kind: "media", mediaType: "application/octet-stream", data: clip}) // its beginning tells
		r.must(r.work())
		p := r.prints()
		frames := p[fingerprint.PDQ]
		if len(frames) < 2 || len(frames) > 20 || len(p[fingerprint.Turned]) != 0 {
			r.Fatalf("%d frames, %d turned", len(frames), len(p[fingerprint.Turned]))
		}
		seen := map[int]bool{}
		for _, f := range frames {
			if f.Quality < pdq.MinQuality || f.Frame > 50 || seen[f.Frame] {
				r.Errorf("frame %+v", f)
			}
			seen[f.Frame] = true
		}
	})
}

// Without a box that can wall off, a video is kept by its bytes, and the log
// says why.
func TestVideoRefused(t *testing.T) {
	clip := filmed(t)
	each(t, func(r *rig) {
		var said bytes.Buffer
		r.desk.Log = slog.New(slog.NewTextHandler(&said, nil))
		r.newItem("video")
		r.capture("", file{kind: "media", mediaType: "video/mp4", data: clip})
		r.must(r.work())
		if p := r.prints(); len(p[fingerprint.PDQ]) != 0 || len(p[fingerprint.SHA256]) != 1 {
			r.Errorf("got %+v", p)
		}
		if !strings.Contains(said.String(), "a video cannot be read") || !strings.Contains(said.String(), "foreign files are not decoded here") {
			r.Errorf("the log says %s", &said)
		}
	})
}

func TestDocument(t *testing.T) {
	words := strings.Repeat(sentence+" ", 3) + "It ends with a few more words, so that there is enough to compare it by."
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	e, err := w.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	e.Write([]byte(`<w:document xmlns:w="w"><w:p><w:t>` + words + `</w:t></w:p></w:document>`))
	w.Close()
	each(t, func(r *rig) {
		r.newItem("file")
		r.capture("", file{kind: "file", mediaType: "application/zip", data: b.Bytes()}, file{kind: "file", mediaType: "application/zip", data: []byte("PK\x03\x04 damaged")})
		r.must(r.work())
		if p := r.prints()[fingerprint.Text]; len(p) != 1 || p[0].Value != text.Of(words).String() || p[0].Exhibit == "" {
			r.Errorf("got %+v", p)
		}
	})
}
