package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/document"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/tlsh"
	"github.com/staydown/staydown/internal/fingerprint/video"
	"github.com/staydown/staydown/internal/sandbox"
)

// hasher makes all fingerprints of files.
type hasher struct {
	box   sandbox.Box
	every time.Duration
	turns bool
}

// path hashes one file. What goes wrong is said in it.
func (h *hasher) path(ctx context.Context, path string, in io.Reader) HashedFile {
	r := HashedFile{Path: path, Kind: "file"}
	f, err := openFile(path, in)
	if err == nil {
		defer f.Close()
		err = h.file(ctx, f, &r)
	}
	if err != nil {
		r.Error = asError(err, path)
	}
	return r
}

// asError is an error as it is told to programs.
func asError(err error, path string) *staydown.Error {
	var e *staydown.Error
	if errors.As(err, &e) {
		return e
	}
	return staydown.Errorf(staydown.Invalid, "hash.read", "%v", err).At(path)
}

func (h *hasher) file(ctx context.Context, f io.ReadSeeker, r *HashedFile) error {
	d, err := exact.Read(f)
	if err != nil {
		return err
	}
	r.Bytes, r.SHA256, r.MD5 = d.Bytes, d.SHA256.String(), d.MD5.String()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	head = head[:n]
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if isVideo(head) {
		return h.video(ctx, f, r)
	}
	if r.Bytes > mostRead {
		return staydown.Errorf(staydown.Invalid, "hash.large", "a file of more than %d bytes that is no video: only its digests are made", mostRead).At(r.Path)
	}
	data, err := io.ReadAll(io.LimitReader(f, mostRead))
	if err != nil {
		return err
	}
	return h.data(ctx, data, r)
}

// isVideo knows the beginnings of the containers of videos: MP4 and its kin, Matroska, AVI, MPEG, FLV, ASF.
func isVideo(head []byte) bool {
	has := func(at int, s string) bool { return len(head) >= at+len(s) && string(head[at:at+len(s)]) == s }
	if has(4, "ftyp") {
		return !has(8, "avif") && !has(8, "heic") && !has(8, "mif1")
	}
	return has(0, "\x1aE\xdf\xa3") || has(0, "RIFF") && has(8, "AVI ") || has(0, "\x00\x00\x01\xba") || has(0, "\x00\x00\x01\xb3") || has(0, "FLV\x01") ||
		has(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11") || has(0, "G") && has(188, "G") && has(376, "G")
}

// decodeTime bounds the decoding of one file.
const decodeTime = 30 * time.Minute

// tool runs a decoder, walled off.
func (h *hasher) tool(name, from string, t sandbox.Tool) func(context.Context, []string, io.Reader, func(io.Reader) error) error {
	return func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) (err error) {
		if t.Path, err = sandbox.Find(name, from); err != nil {
			return err
		}
		t.Args = args
		return h.box.Run(ctx, t, in, sandbox.Limits{Input: mostInput, Output: 1 << 42, Wall: decodeTime, CPU: 2 * decodeTime}, read)
	}
}

func (h *hasher) video(ctx context.Context, f io.Reader, r *HashedFile) error {
	r.Kind = "video"
	ffmpeg := video.Runner{Input: sandbox.Input, Run: h.tool("ffmpeg", "ffmpeg", sandbox.Tool{}), TimedOut: func(err error) bool {
		code := staydown.CodeOf(err)
		return code == sandbox.CodeTime || code == sandbox.CodeProcessor
	}}
	p, err := video.Hash(ctx, ffmpeg, f, video.Options{Every: h.every})
	r.Width, r.Height, r.Cut = p.Width, p.Height, p.Cut
	for _, x := range p.Frames {
		r.Frames = append(r.Frames, HashedFrame{x.N, x.At.Seconds(), x.Hash.String(), x.Quality})
	}
	return err
}

func (h *hasher) data(ctx context.Context, data []byte, r *HashedFile) error {
	file, err := pdq.Read(data, pdq.Limits{})
	if !errors.Is(err, pdq.ErrNoPicture) {
		r.Kind = "picture"
		if err != nil {
			return staydown.Errorf(staydown.Invalid, "hash."+pdq.Code(err), "%v", err).At(r.Path)
		}
		return h.picture(data, file, r)
	}
	kind := document.Sniff(data)
	if kind == document.PDF || kind == document.Archive {
		return h.document(ctx, data, kind, r)
	}
	if utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 && strings.TrimSpace(string(data)) != "" {
		r.Kind = "text"
		h.words(string(data), r)
		r.tlsh(data)
	}
	return nil
}

func (h *hasher) picture(data []byte, file pdq.File, r *HashedFile) error {
	r.Width, r.Height, r.Reading = file.Width, file.Height, file.Reading
	if len(file.Frames) == 0 {
		return nil
	}
	first := file.Frames[0]
	r.PDQ, r.Quality = first.Hashes[pdq.Original].String(), &first.Quality
	readings, err := pdq.Readings(data, pdq.Limits{})
	if err != nil {
		return staydown.Errorf(staydown.Invalid, "hash."+pdq.Code(err), "%v", err).At(r.Path)
	}
	for _, x := range readings {
		if x.Name == pdq.ReadingHMA {
			sum, _ := pdq.Sum(x.Picture)
			r.Alt = sum.String()
		}
	}
	if h.turns {
		for t, hash := range first.Hashes {
			r.Turned = append(r.Turned, TurnedHash{pdq.Turn(t).String(), hash.String()})
		}
	}
	if len(file.Frames) > 1 {
		for _, x := range file.Frames {
			r.Frames = append(r.Frames, HashedFrame{x.Index, float64(x.AtMS) / 1000, x.Hashes[pdq.Original].String(), x.Quality})
		}
	}
	if file.Total > len(file.Frames) {
		r.Cut = "frames"
	}
	return nil
}

func (h *hasher) document(ctx context.Context, data []byte, kind document.Kind, r *HashedFile) error {
	var d document.Document
	var err error
	if kind == document.PDF {
		pdf := document.Runner{Input: sandbox.Input, Run: h.tool("pdftotext", "poppler-utils", sandbox.Tool{Reads: document.PDFReads})}
		d, err = document.ReadPDF(ctx, pdf, bytes.NewReader(data), document.Limits{})
		r.Kind = "document"
	} else {
		d, err = document.ReadOffice(ctx, bytes.NewReader(data), int64(len(data)), document.Limits{})
		if staydown.CodeOf(err) == document.CodeKind {
			return nil // an archive of something else: its digests are all there is
		}
		r.Kind = "document"
	}
	if err != nil {
		return err
	}
	r.Cut = d.Cut
	h.words(d.Text, r)
	r.tlsh([]byte(d.Text))
	return nil
}

// words adds what a text is recognised by.
func (h *hasher) words(s string, r *HashedFile) {
	r.TextDigest = text.Exact(s)
	if sig := text.Of(s); !sig.Weak() {
		r.Signature = sig.String()
	}
}

// tlsh adds the TLSH value, where there is one.
func (r *HashedFile) tlsh(data []byte) {
	if v, err := tlsh.Of(data); err == nil {
		r.TLSH = v.String()
	}
}
