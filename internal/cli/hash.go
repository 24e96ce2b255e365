package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/location"
)

type hashCmd struct {
	Path  []string      `arg:"" help:"Files and folders; a folder is walked; - is standard input."`
	Every time.Duration `help:"Of videos: the time between frames that are hashed, such as 1s; 0 hashes each." default:"1s" placeholder:"TIME"`
	Turns bool          `help:"Of pictures: the hashes of all eight ways to lay them down, too."`
}

// Help says how it is used.
func (hashCmd) Help() string {
	return `Nothing is kept, and no data directory is needed. Videos and documents are decoded walled off from the rest of the machine; where that cannot be, they have their digests and an error that says why.

Examples:
  staydown hash poster.jpg
  staydown hash --json folder/ > hashes.jsonl
  staydown hash --every 250ms clip.mp4
  cat poster.jpg | staydown hash -`
}

// HashedFile is what hash says of one file.
type HashedFile struct {
	Path       string          `json:"path"`
	Bytes      int64           `json:"bytes"`
	Kind       string          `json:"kind"` // picture, video, document, text or file
	SHA256     string          `json:"sha256,omitempty"`
	MD5        string          `json:"md5,omitempty"`
	Width      int             `json:"width,omitempty"`
	Height     int             `json:"height,omitempty"`
	PDQ        string          `json:"pdq,omitempty"`
	Quality    *int            `json:"pdq_quality,omitempty"`
	Reading    string          `json:"pdq_reading,omitempty"`
	Alt        string          `json:"pdq_alt,omitempty"` // HMA's reading, where it differs
	Turned     []TurnedHash    `json:"turns,omitempty"`
	Frames     []HashedFrame   `json:"frames,omitempty"`
	Cut        string          `json:"cut,omitempty"` // what limit left the rest out
	TextDigest string          `json:"text_digest,omitempty"`
	Signature  string          `json:"text_signature,omitempty"`
	TLSH       string          `json:"tlsh,omitempty"`
	Error      *staydown.Error `json:"error,omitempty"`
}

// TurnedHash is the hash of a picture laid down another way.
type TurnedHash struct {
	Turn string `json:"turn"`
	PDQ  string `json:"pdq"`
}

// HashedFrame is one frame of a video or an animation.
type HashedFrame struct {
	Frame   int     `json:"frame"`
	Seconds float64 `json:"t"`
	PDQ     string  `json:"pdq"`
	Quality int     `json:"quality"`
}

func (r *hashCmd) Run(ctx context.Context, out *Out, s Streams) error {
	h := hasher{every: r.Every, turns: r.Turns}
	draw := out.Progress("hashed files:")
	done, failed := int64(0), 0
	one := func(path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		f := h.path(ctx, path, s.In)
		if err := ctx.Err(); err != nil {
			return err
		}
		done++
		if f.Error != nil {
			failed++
		}
		if err := f.say(out); err != nil {
			return err
		}
		draw(done, 0)
		return nil
	}
	for _, p := range r.Path {
		if err := walk(p, one); err != nil {
			return err
		}
	}
	if failed > 0 {
		return staydown.Errorf(staydown.Invalid, "hash.some", "%d of %d files could not be hashed as what they are; see above", failed, done)
	}
	return nil
}

// walk calls one for a file, or for each below a folder. Links in a folder are not followed.
func walk(path string, one func(string) error) error {
	info, err := os.Stat(path)
	if path == "-" || err != nil || !info.IsDir() {
		return one(path)
	}
	return filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.Type().IsRegular() {
			return one(p) // which says what is wrong
		}
		return nil
	})
}

func (f HashedFile) say(out *Out) error {
	if out.JSON {
		return out.Row(f, "")
	}
	text := fmt.Sprintf("%s: %s, %d bytes", location.Visible(f.Path), f.Kind, f.Bytes)
	line := func(name, value string) {
		if value != "" {
			text += fmt.Sprintf("\n  %-10s %s", name, value)
		}
	}
	line("sha256", f.SHA256)
	line("md5", f.MD5)
	if f.Quality != nil {
		line("pdq", fmt.Sprintf("%s  quality %d, %s", f.PDQ, *f.Quality, f.Reading))
	}
	line("pdq, hma", f.Alt)
	for _, t := range f.Turned {
		line(t.Turn, t.PDQ)
	}
	for _, x := range f.Frames {
		line(fmt.Sprintf("%.3fs", x.Seconds), fmt.Sprintf("%s  quality %d, frame %d", x.PDQ, x.Quality, x.Frame))
	}
	line("cut by", f.Cut)
	line("text", f.TextDigest)
	if len(f.Signature) > 64 {
		line("near text", f.Signature[:64]+"… (whole with --json)")
	}
	line("tlsh", f.TLSH)
	if f.Error != nil {
		line("error", f.Error.Error())
	}
	return out.Row(f, "%s", text)
}

// mostRead bounds a file that is read whole; a larger one has its digests, and frames where it is a video.
const mostRead = 256 << 20

// openFile gives a file that can be read from the middle; standard input is put into one without a name.
func openFile(path string, in io.Reader) (*os.File, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			f.Close()
			return nil, unreadable(path, errors.New("this is no file"))
		}
		return f, nil
	}
	f, err := os.CreateTemp("", "staydown-*")
	if err != nil {
		return nil, unreadable(path, err)
	}
	os.Remove(f.Name())
	n, err := io.Copy(f, io.LimitReader(in, mostInput+1))
	if err == nil && n > mostInput {
		err = fmt.Errorf("more than %d bytes", int64(mostInput))
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, unreadable(path, err)
	}
	return f, nil
}

// mostInput bounds standard input, in bytes.
const mostInput = 16 << 30

func unreadable(path string, err error) error {
	return staydown.Errorf(staydown.NotFound, "hash.file", "the file cannot be read: %v", err).At(path)
}
