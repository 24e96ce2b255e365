package hma

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/match/bank"
)

// file is what became of an uploaded or fetched file.
type file struct {
	content string // photo or video
	signals []bank.Signal
}

// value is the signal of a type as HMA writes it: of the picture as it is, of the
// first frame. A picture too plain to be told from others has "".
func (f file) value(t signalType) string {
	for _, x := range f.signals {
		if x.Kind == t.kind && x.Turn == "" && x.Frame == 0 {
			if !staydown.Worth(x.Kind, x.Quality) {
				return ""
			}
			return x.Value
		}
	}
	return ""
}

// values writes the signals of some types.
func (f file) values(types []signalType) map[string]string {
	out := map[string]string{}
	for _, t := range types {
		if t.content == f.content {
			out[t.name] = f.value(t)
		}
	}
	return out
}

// of keeps the signals of some types: all turns, all frames.
func (f file) of(types []signalType) (out []bank.Signal) {
	for _, x := range f.signals {
		for _, t := range types {
			if x.Kind == t.kind {
				out = append(out, x)
			}
		}
	}
	return out
}

// busy waits until this process has a hand free for one more file, so that a crowd of
// large ones cannot fill the memory.
func (s *Surface) busy(ctx context.Context) (free func(), err error) {
	select {
	case s.hands <- struct{}{}:
		return func() { <-s.hands }, nil
	case <-ctx.Done():
		return nil, problem{http.StatusServiceUnavailable, "too busy"}
	}
}

// read reads a file of known kind and hashes it. Of a video larger than what is
// decoded, the digests are made while it passes by.
func (s *Surface) read(q *call, r io.Reader, content string) (file, error) {
	f := file{content: content}
	data, err := io.ReadAll(io.LimitReader(r, min(s.MostFile, bank.MostFile)+1))
	switch {
	case err != nil:
		return f, unread(err)
	case len(data) == 0:
		return f, bad("the file is empty")
	case int64(len(data)) > s.MostFile:
		return f, tooLarge
	case len(data) > bank.MostFile:
		f.signals, err = digests(data, r, s.MostFile, content)
		return f, err
	}
	h, err := s.Banks.Hash(q.Context(), q.caller, data)
	f.signals = h.Signals
	return f, err
}

func digests(head []byte, rest io.Reader, most int64, content string) ([]bank.Signal, error) {
	if content != video {
		return nil, tooLarge
	}
	h := exact.New()
	h.Write(head)
	left := most - int64(len(head))
	n, err := io.Copy(h, io.LimitReader(rest, left+1))
	switch {
	case err != nil:
		return nil, unread(err)
	case n > left:
		return nil, tooLarge
	}
	d := h.Sum()
	return []bank.Signal{{Kind: staydown.SignalSHA256, Value: d.SHA256.String(), Quality: staydown.UnknownQuality},
		{Kind: staydown.SignalMD5, Value: d.MD5.String(), Quality: staydown.UnknownQuality}}, nil
}

// usable refuses a photo that is no picture: it would be kept, or looked up, by
// nothing that a likeness has.
func (f file) usable() error {
	if f.content != photo {
		return nil
	}
	for _, x := range f.signals {
		if x.Kind == staydown.SignalPDQ {
			return nil
		}
	}
	return bad("this is no picture of a known format")
}

// The bounds of an upload's form.
const (
	mostParts = 16
	mostField = 64 << 10 // bytes of a field that is no file
)

// upload reads a form with one file in it, under the name of its kind, and the other
// fields.
func (s *Surface) upload(q *call) (f file, form map[string]string, err error) {
	if !isMultipart(q.Request) {
		return f, nil, bad("Missing multipart/form-data file upload")
	}
	free, err := s.busy(q.Context())
	if err != nil {
		return f, nil, err
	}
	defer free()
	q.Body = http.MaxBytesReader(q.w, q.Body, s.MostFile+mostJSON)
	parts, err := q.MultipartReader()
	if err != nil {
		return f, nil, bad("the form cannot be read")
	}
	form = map[string]string{}
	for n := 0; ; n++ {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, nil, unread(err)
		}
		if n == mostParts {
			return f, nil, bad("too many parts in the form")
		}
		if err := s.part(q, p, &f, form); err != nil {
			return f, nil, err
		}
	}
	if f.content == "" {
		return f, nil, bad("Missing file: one is needed, in a field named photo or video")
	}
	return f, form, f.usable()
}

func (s *Surface) part(q *call, p *multipart.Part, f *file, form map[string]string) error {
	if p.FileName() == "" {
		data, err := io.ReadAll(io.LimitReader(p, mostField+1))
		if err != nil {
			return unread(err)
		}
		if len(data) > mostField {
			return tooLarge
		}
		form[p.FormName()] = string(data)
		return nil
	}
	if f.content != "" {
		return bad("Only one file can be sent at a time")
	}
	content, err := contentType(p.FormName())
	if err != nil {
		return err
	}
	*f, err = s.read(q, p, content)
	return err
}

// fetched reads the file that url= points at.
func (s *Surface) fetched(q *call) (f file, err error) {
	v := q.URL.Query()
	content := v.Get("content_type")
	if content != "" {
		if content, err = contentType(content); err != nil {
			return f, err
		}
	}
	free, err := s.busy(q.Context())
	if err != nil {
		return f, err
	}
	defer free()
	body, media, err := s.Fetch.open(q.Context(), v.Get("url"), s.MostFile)
	if err != nil {
		return f, err
	}
	defer body.Close()
	if content == "" {
		if content = contentOf(media); content == "" {
			return f, bad("what is there is neither a photo nor a video; say content_type=")
		}
	}
	if f, err = s.read(q, body, content); err != nil {
		return f, err
	}
	return f, f.usable()
}
