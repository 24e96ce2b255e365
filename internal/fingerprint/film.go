package fingerprint

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/document"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/video"
	"github.com/staydown/staydown/internal/sandbox"
)

const (
	mostStills  = 256                    // frames of a video that are kept
	stillsEvery = 250 * time.Millisecond // between frames of a video that are looked at
	decodeTime  = 75 * time.Second       // for one video or document; the job has two minutes
	decodeBytes = 1 << 30                // of a video that is decoded
)

// decoders is what turns videos and documents into what can be fingerprinted,
// walled off, at most one for each processor at a time.
type decoders struct {
	box    sandbox.Box
	places chan struct{}
}

// place waits for room to decode. The function it returns gives the room back.
func (d *Desk) place(ctx context.Context) (leave func(), err error) {
	d.decoding.Do(func() { d.decoders.places = make(chan struct{}, runtime.NumCPU()) })
	select {
	case d.decoders.places <- struct{}{}:
		return func() { <-d.decoders.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run runs a tool that decodes, named as its program and the package it comes
// from.
func (d *Desk) run(ctx context.Context, name, from string, t sandbox.Tool, in io.Reader, read func(io.Reader) error) (err error) {
	if t.Path, err = sandbox.Find(name, from); err != nil {
		return err
	}
	leave, err := d.place(ctx)
	if err != nil {
		return err
	}
	defer leave()
	box := d.Box
	if box == nil {
		box = &d.decoders.box
	}
	return box.Run(ctx, t, in, sandbox.Limits{Input: decodeBytes, Output: 1 << 42, Wall: decodeTime, CPU: decodeTime}, read)
}

// stills are the frames of a video that it is recognised by; none where it
// cannot be read, which is said and is no error of ours.
func (d *Desk) stills(ctx context.Context, x staydown.Exhibit) ([]video.Frame, error) {
	if have, ok := d.films.get(x.SHA256); ok {
		return have, nil
	}
	in, err := d.Open(ctx, x.SHA256)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	ffmpeg := video.Runner{Input: sandbox.Input, TimedOut: timedOut, Run: func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error {
		return d.run(ctx, "ffmpeg", "ffmpeg", sandbox.Tool{Args: args}, in, read)
	}}
	p, err := video.Hash(ctx, ffmpeg, in, video.Options{Every: stillsEvery})
	if err != nil {
		return nil, d.unreadable(ctx, "a video", x, err)
	}
	frames := p.Good(pdq.MinQuality).Distinct(alike, mostStills).Frames
	if len(frames) == 0 {
		d.say("a video has no frame worth comparing", x, nil)
	}
	d.films.put(x.SHA256, frames)
	return frames, nil
}

func timedOut(err error) bool {
	code := staydown.CodeOf(err)
	return code == sandbox.CodeTime || code == sandbox.CodeProcessor
}

// unreadable says that something cannot be read. That is no error, unless the
// fault is ours or the work was stopped.
func (d *Desk) unreadable(ctx context.Context, what string, x staydown.Exhibit, err error) error {
	if ctx.Err() != nil || staydown.KindOf(err) == staydown.Internal {
		return err
	}
	d.say(what+" cannot be read", x, err)
	return nil
}

func (d *Desk) say(what string, x staydown.Exhibit, why error) {
	if d.Log != nil {
		d.Log.Info(what, "exhibit", x.SHA256, "media_type", x.MediaType, "why", why)
	}
}

// isVideo tells videos by their sniffed type, and by their first bytes where
// that says nothing.
func (d *Desk) isVideo(ctx context.Context, x staydown.Exhibit) bool {
	switch {
	case strings.HasPrefix(x.MediaType, "video/"), x.MediaType == "application/ogg":
		return true
	case x.MediaType != "application/octet-stream":
		return false
	}
	head, err := d.read(ctx, x.SHA256, 512)
	return err == nil && looksLikeVideo(head)
}

// looksLikeVideo knows the beginnings of what browsers do not play: MPEG's
// program and transport streams, Windows Media, and every kind of MP4.
func looksLikeVideo(head []byte) bool {
	switch {
	case bytes.HasPrefix(head, []byte("\x00\x00\x01\xba")), bytes.HasPrefix(head, []byte("\x00\x00\x01\xb3")):
		return true
	case len(head) > 376 && head[0] == 'G' && head[188] == 'G' && head[376] == 'G':
		return true
	case bytes.HasPrefix(head, []byte("\x30\x26\xb2\x75\x8e\x66\xcf\x11")):
		return true
	}
	return len(head) > 12 && string(head[4:8]) == "ftyp"
}

// document makes the signature of the text of the weightiest document among the
// media, for items that have no text of their own.
func (d *Desk) document(ctx context.Context, media []staydown.Exhibit, m *made) error {
	for _, x := range media {
		if x.MediaType != "application/pdf" && x.MediaType != "application/zip" || x.Bytes > mostBytes {
			continue
		}
		sig, err := d.words(ctx, x)
		if err != nil {
			return err
		}
		if !sig.Weak() {
			m.prints = append(m.prints, staydown.Fingerprint{Exhibit: x.ID, Kind: Text, Value: sig.String()})
			return nil
		}
	}
	return nil
}

// words is the signature of a document's text; a weak one where it has none.
func (d *Desk) words(ctx context.Context, x staydown.Exhibit) (text.Signature, error) {
	if have, ok := d.papers.get(x.SHA256); ok {
		return have, nil
	}
	data, err := d.read(ctx, x.SHA256, mostBytes)
	if err != nil {
		return text.Signature{}, err
	}
	var doc document.Document
	if x.MediaType == "application/pdf" {
		pdftotext := document.Runner{Input: sandbox.Input, Run: func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error {
			return d.run(ctx, "pdftotext", "poppler-utils", sandbox.Tool{Args: args, Reads: document.PDFReads}, in, read)
		}}
		doc, err = document.ReadPDF(ctx, pdftotext, bytes.NewReader(data), document.Limits{})
	} else {
		doc, err = document.ReadOffice(ctx, bytes.NewReader(data), int64(len(data)), document.Limits{})
	}
	if err != nil {
		return text.Signature{}, d.unreadable(ctx, "a document", x, err)
	}
	sig := text.Of(doc.Text)
	d.papers.put(x.SHA256, sig)
	return sig, nil
}
