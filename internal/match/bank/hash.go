package bank

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Hashed is what a file can be recognised by, and what could not be made of it.
type Hashed struct {
	Signals []Signal
	Skipped []staydown.Reason
}

// MostFile bounds a file that is hashed, in bytes.
const MostFile = 32 << 20

// HashFile makes signals of a file: its digests; of a picture the PDQ hash, laid
// down in all eight ways, of an animation that of each frame; of plain text its
// signature. A file that is no picture has its digests all the same.
func HashFile(_ context.Context, data []byte) (h Hashed, err error) {
	d := exact.Of(data)
	add := func(kind, value string) {
		h.Signals = append(h.Signals, Signal{Kind: kind, Value: value, Quality: staydown.UnknownQuality})
	}
	add(staydown.SignalSHA256, d.SHA256.String())
	add(staydown.SignalMD5, d.MD5.String())
	if file, err := pdq.Read(data, pdq.Limits{}); err == nil {
		h.picture(file)
		return h, nil
	}
	if utf8.Valid(data) && len(data) <= mostText && strings.TrimSpace(string(data)) != "" {
		if v, err := Clean(staydown.SignalText, string(data)); err == nil {
			add(staydown.SignalText, v)
			return h, nil
		}
	}
	h.Skipped = append(h.Skipped, staydown.Reason{Code: "no_picture", Text: "neither a picture of a known format nor a text: only its bytes are compared"})
	return h, nil
}

func (h *Hashed) picture(file pdq.File) {
	for _, f := range file.Frames {
		for turn, hash := range f.Hashes {
			if turn > 0 && f.Index > 0 || hash.IsZero() {
				continue
			}
			s := Signal{Kind: staydown.SignalPDQ, Value: hash.String(), Quality: f.Quality, Frame: f.Index, AtMS: f.AtMS}
			if turn > 0 {
				s.Turn = pdq.Turn(turn).String()
			}
			h.Signals = append(h.Signals, s)
		}
	}
	if file.Total > len(file.Frames) {
		h.Skipped = append(h.Skipped, staydown.Reason{Code: "frames", Text: "an animation with more frames than are read"})
	}
}

func (d *Desk) hash(ctx context.Context, data []byte) (Hashed, error) {
	if len(data) > MostFile {
		return Hashed{}, staydown.Errorf(staydown.Invalid, "lookup.too_large", "a file has at most %d bytes", MostFile)
	}
	if d.Hasher != nil {
		return d.Hasher(ctx, data)
	}
	return HashFile(ctx, data)
}

// Hash makes signals of a file for a caller who may look up.
func (d *Desk) Hash(ctx context.Context, c access.Caller, data []byte) (Hashed, error) {
	if err := c.May(access.Lookup); err != nil {
		return Hashed{}, err
	}
	return d.hash(ctx, data)
}

// AddFile puts a file into a bank as one content, by all that it can be
// recognised by: turned pictures among it, so that looking back finds them.
func (d *Desk) AddFile(ctx context.Context, c access.Caller, bank staydown.ID, data []byte, n New) (staydown.BankContent, error) {
	if err := c.May(access.KeepBanks); err != nil {
		return staydown.BankContent{}, err
	}
	h, err := d.hash(ctx, data)
	if err != nil {
		return staydown.BankContent{}, err
	}
	n.Signals = append(n.Signals, h.Signals...)
	return d.Add(ctx, c, bank, n)
}

func turnName(t int) string { return pdq.Turn(t).String() }
