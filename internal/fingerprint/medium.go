package fingerprint

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/site"
)

const (
	mostBytes  = 64 << 20 // of a picture file that is decoded
	largeBytes = 1 << 20  // from which pictures are decoded one at a time
	mostFrames = 8        // frames of an animation that are kept
	alike      = 16       // bits within which a further frame adds nothing
)

// medium makes the fingerprints of one medium, or takes over those that are
// known: the same bytes give the same ones.
func (d *Desk) medium(ctx context.Context, x staydown.Exhibit, known []staydown.Fingerprint, m *made) ([]staydown.Fingerprint, error) {
	if len(known) > 0 {
		return known, nil
	}
	prints := []staydown.Fingerprint{{Exhibit: x.ID, Kind: SHA256, Value: x.SHA256}}
	if d.isVideo(ctx, x) {
		frames, err := d.stills(ctx, x)
		if err != nil {
			return nil, err
		}
		if len(frames) == 0 {
			m.unread++
		}
		for _, f := range frames {
			prints = append(prints, staydown.Fingerprint{Exhibit: x.ID, Kind: PDQ, Value: f.Hash.String(), Quality: f.Quality, Frame: f.N})
		}
		return prints, nil
	}
	if !strings.HasPrefix(x.MediaType, "image/") || x.Bytes > mostBytes {
		return prints, nil
	}
	frames, ok := d.seen.get(x.SHA256)
	if !ok {
		var err error
		if frames, err = d.decode(ctx, x); err != nil {
			return nil, err
		}
		d.seen.put(x.SHA256, frames)
	}
	if len(frames) == 0 {
		m.unread++
		return prints, nil
	}
	for k, f := range frames {
		prints = append(prints, staydown.Fingerprint{Exhibit: x.ID, Kind: PDQ, Value: f.Hashes[pdq.Original].String(), Quality: f.Quality, Frame: f.Index})
		if k == 0 {
			prints = append(prints, staydown.Fingerprint{Exhibit: x.ID, Kind: Turned, Value: joinTurns(f.Hashes), Quality: f.Quality, Frame: f.Index})
		}
	}
	return prints, nil
}

// decode reads a picture's frames; none where the file cannot be read, which is
// said and is no error of ours.
func (d *Desk) decode(ctx context.Context, x staydown.Exhibit) ([]pdq.Frame, error) {
	if x.Bytes >= largeBytes {
		d.large.Lock()
		defer d.large.Unlock()
	}
	data, err := d.read(ctx, x.SHA256, mostBytes)
	if err != nil {
		return nil, err
	}
	f, err := pdq.Read(data, pdq.Limits{})
	if err != nil {
		if d.Log != nil {
			d.Log.Info("a picture cannot be read", "exhibit", x.SHA256, "media_type", x.MediaType, "code", pdq.Code(err), "why", err)
		}
		return nil, nil
	}
	return distinct(f.Frames), nil
}

// distinct keeps the first frame and those that differ from all kept before.
func distinct(frames []pdq.Frame) []pdq.Frame {
	var out []pdq.Frame
	for _, f := range frames {
		new := len(out) < mostFrames
		for _, have := range out {
			new = new && have.Hashes[pdq.Original].Distance(f.Hashes[pdq.Original]) > alike
		}
		if new {
			out = append(out, f)
		}
	}
	return out
}

func joinTurns(d pdq.Dihedral) string {
	all := make([]string, len(d))
	for t, h := range d {
		all[t] = h.String()
	}
	return strings.Join(all, " ")
}

// ParseTurned reads the value of a fingerprint of kind [Turned].
func ParseTurned(value string) (d pdq.Dihedral, err error) {
	fields := strings.Fields(value)
	if len(fields) != len(d) {
		return pdq.Dihedral{}, pdq.ErrFormat
	}
	for t, f := range fields {
		if d[t], err = pdq.Parse(f); err != nil {
			return pdq.Dihedral{}, err
		}
	}
	return d, nil
}

// pictureOf is a medium as the signature of a site keeps it.
func pictureOf(prints []staydown.Fingerprint) (p site.Media) {
	for _, f := range prints {
		switch {
		case f.Kind == SHA256:
			p.SHA256, _ = exact.ParseSHA256(f.Value)
		case f.Kind == PDQ && p.PDQ.IsZero():
			p.PDQ, _ = pdq.Parse(f.Value)
			p.Quality = f.Quality
		}
	}
	return p
}

// memory remembers what was made of bytes seen lately: the same picture is
// posted many times. It forgets all when it is full, which costs little and is
// simple.
type memory[T any] struct {
	mu    sync.Mutex
	known map[string]T
}

const mostRemembered = 4096

func (m *memory[T]) get(sha256 string) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.known[sha256]
	return v, ok
}

func (m *memory[T]) put(sha256 string, v T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= mostRemembered {
		m.known = map[string]T{}
	}
	m.known[sha256] = v
}

func readAll(r io.Reader, most int64) ([]byte, error) { return io.ReadAll(io.LimitReader(r, most)) }
