package bank

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/tlsh"
	"github.com/staydown/staydown/internal/fingerprint/trend"
	"github.com/staydown/staydown/internal/location"
)

// The bounds of what comes from outside.
const (
	mostText    = 64 << 10 // of a text, bytes
	mostQuery   = 16 << 10 // of a trend_query, bytes
	mostURL     = 8 << 10
	mostSignals = 4096 // of one content, or of one lookup
)

// Signal is one fingerprint as it comes in: to be kept, or to be looked up.
type Signal struct {
	Kind    string
	Value   string
	Quality int // 0-100; staydown.UnknownQuality
	Frame   int
	AtMS    int64
	Turn    string
}

// Clean gives the one form of a value of this kind, so that what is kept can be
// compared and a malformed value never reaches an index. A text that is not a
// signature yet becomes one. The error is a staydown.Error of kind Invalid.
func Clean(kind, value string) (string, error) {
	value = strings.TrimSpace(value)
	clean, err := clean(kind, value)
	if err != nil {
		return "", staydown.Errorf(staydown.Invalid, "bank.signal", "this is no signal of kind %s: %v", kind, err)
	}
	return clean, nil
}

func clean(kind, value string) (string, error) {
	switch kind {
	case staydown.SignalPDQ, staydown.SignalFrame:
		h, err := pdq.Parse(value)
		if err == nil && h.IsZero() {
			err = fmt.Errorf("the hash of a picture too small to have one")
		}
		return h.String(), err
	case staydown.SignalSHA256:
		d, err := exact.ParseSHA256(value)
		return d.String(), err
	case staydown.SignalMD5:
		d, err := exact.ParseMD5(value)
		return d.String(), err
	case staydown.SignalText:
		return cleanText(value)
	case staydown.SignalURL:
		if len(value) > mostURL {
			return "", fmt.Errorf("longer than %d bytes", mostURL)
		}
		return location.Canonical(value)
	case staydown.SignalTLSH:
		h, err := tlsh.Parse(value)
		if err != nil {
			return "", err
		}
		return h.String(), nil
	case staydown.SignalURLMD5:
		d, err := exact.ParseMD5(value)
		return d.String(), err
	case staydown.SignalTrend:
		return cleanTrend(value)
	}
	return "", fmt.Errorf("the kinds are %s", strings.Join(staydown.SignalKinds(), ", "))
}

func cleanText(value string) (string, error) {
	if len(value) > mostText {
		return "", fmt.Errorf("longer than %d bytes", mostText)
	}
	sig, err := text.Parse(value)
	if err != nil {
		sig = text.Of(value)
	}
	if sig.Weak() {
		return "", fmt.Errorf("shorter than %d runs of words: it would match by chance", text.MinShingles)
	}
	return sig.String(), nil
}

func cleanTrend(value string) (string, error) {
	if len(value) > mostQuery {
		return "", fmt.Errorf("longer than %d bytes", mostQuery)
	}
	if _, err := trend.Parse([]byte(value)); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(value)); err != nil {
		return "", fmt.Errorf("not JSON")
	}
	return b.String(), nil
}

// cleanAll cleans the signals of one content; equal ones are kept once. Where
// says which one is at fault.
func cleanAll(all []Signal) ([]Signal, error) {
	if len(all) > mostSignals {
		return nil, staydown.Errorf(staydown.Invalid, "bank.signals", "at most %d signals at once", mostSignals)
	}
	type id struct {
		kind, value string
		frame       int
	}
	seen := map[id]bool{}
	out := make([]Signal, 0, len(all))
	for i, s := range all {
		v, err := Clean(s.Kind, s.Value)
		if err != nil {
			return nil, at(err, fmt.Sprintf("signals[%d]", i))
		}
		if s.Quality < staydown.UnknownQuality || s.Quality > 100 || s.Frame < 0 || s.AtMS < 0 {
			return nil, staydown.Errorf(staydown.Invalid, "bank.signal", "quality lies between 0 and 100, frame and time-code from 0 on").At(fmt.Sprintf("signals[%d]", i))
		}
		s.Value = v
		k := id{s.Kind, v, s.Frame}
		if !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out, nil
}

func at(err error, where string) error {
	if e, ok := err.(*staydown.Error); ok {
		return e.At(where)
	}
	return err
}
