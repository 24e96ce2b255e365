package files

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/staydown/staydown/internal/fingerprint/tlsh"
	"github.com/staydown/staydown/internal/fingerprint/trend"
	"github.com/staydown/staydown/internal/location"
)

// Kinds of signal.
const (
	PDQ        = "pdq"         // of a picture: 64 hexadecimal digits
	VPDQ       = "vpdq"        // of one frame of a video: likewise, with frame and time code
	SHA256     = "sha256"      // 64 hexadecimal digits
	MD5        = "md5"         // 32
	Text       = "text"        // the text itself
	URL        = "url"         // the address as given
	URLMD5     = "url_md5"     // 32 hexadecimal digits, as ThreatExchange makes them
	TrendQuery = "trend_query" // JSON, see package trend
	TLSH       = "tlsh"        // T1 and 70 hexadecimal digits
)

// names are the spellings under which partners write the kinds of signal.
var names = map[string]string{
	"pdq": PDQ, "hash_pdq": PDQ, "imagepdq": PDQ, "vpdq": VPDQ, "video_vpdq": VPDQ,
	"sha256": SHA256, "sha-256": SHA256, "video_sha256": SHA256, "hash_sha256": SHA256, "hash_video_sha256": SHA256,
	"md5": MD5, "video_md5": MD5, "hash_md5": MD5, "hash_video_md5": MD5, "videomd5": MD5,
	"text": Text, "raw_text": Text, "text_string": Text,
	"url": URL, "uri": URL, "raw_uri": URL, "url_md5": URLMD5, "hash_url_md5": URLMD5,
	"trend_query": TrendQuery, "tlsh": TLSH, "text_tlsh": TLSH, "hash_text_tlsh": TLSH,
}

// txNames are python-threatexchange's names. It knows exact hashes of videos
// only.
var txNames = map[string]string{
	PDQ: "pdq", VPDQ: "vpdq", SHA256: "video_sha256", MD5: "video_md5", Text: "raw_text", URL: "url", URLMD5: "url_md5", TrendQuery: "trend_query", TLSH: "text_tlsh",
}

func parseSignal(s string) (string, error) {
	if name, ok := names[s]; ok {
		return name, nil
	}
	if name, ok := names[strings.ToLower(strings.TrimSpace(s))]; ok {
		return name, nil
	}
	return "", fmt.Errorf("signals of type %.40q are not kept", s)
}

// Check brings the value into its canonical spelling and tells what is wrong with
// a row. What has passed cannot make the building of an index fail.
func (r *Row) Check() (err error) {
	switch r.Signal {
	case PDQ, VPDQ, SHA256:
		r.Value, err = hexDigits(r.Value, 64)
	case MD5, URLMD5:
		r.Value, err = hexDigits(r.Value, 32)
	case Text:
		err = checkText(r.Value)
	case URL:
		err = checkURL(r.Value)
	case TrendQuery:
		_, err = trend.Parse([]byte(r.Value))
	case TLSH:
		var h tlsh.Hash
		if h, err = tlsh.Parse(r.Value); err == nil {
			r.Value = h.String()
		}
	default:
		_, err = parseSignal(r.Signal)
		if err == nil {
			err = fmt.Errorf("signal type %q is not in its own spelling", r.Signal)
		}
	}
	if err != nil {
		return err
	}
	return r.checkRest()
}

func (r *Row) checkRest() error {
	switch {
	case r.Quality < NotGiven || r.Quality > 100:
		return fmt.Errorf("the quality %d is not between 0 and 100", r.Quality)
	case r.Frame < 0 || r.TimeCode < 0:
		return errors.New("a frame's number or time is negative")
	case len(r.Labels) > maxLabels:
		return fmt.Errorf("more than %d labels", maxLabels)
	case len(r.Content) > maxName || len(r.Source) > maxName:
		return fmt.Errorf("the name of a content or source is longer than %d bytes", maxName)
	case !plain(r.Content) || !plain(r.Source):
		return errors.New("the name of a content or source has control characters or is not UTF-8")
	}
	for _, l := range r.Labels {
		if l.Name == "" || len(l.Name) > maxName || !plain(l.Name) {
			return fmt.Errorf("the label %.40q is empty, longer than %d bytes or has control characters", l.Name, maxName)
		}
	}
	return nil
}

func hexDigits(s string, n int) (string, error) {
	if len(s) != n {
		return s, fmt.Errorf("%d characters where %d hexadecimal digits belong", len(s), n)
	}
	lower := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
		case c >= 'A' && c <= 'F':
			lower = false
		default:
			return s, errors.New("not hexadecimal digits")
		}
	}
	if lower {
		return s, nil
	}
	raw, err := hex.DecodeString(s)
	return hex.EncodeToString(raw), err
}

// maxText bounds a text, in bytes: written as JSON, with everything escaped, it
// still fits into [MaxRow].
const maxText = 512 << 10

func checkText(s string) error {
	switch {
	case len(s) > maxText:
		return fmt.Errorf("a text longer than %d bytes", maxText)
	case strings.TrimSpace(s) == "":
		return errors.New("an empty text")
	case !utf8.ValidString(s):
		return errors.New("a text that is not UTF-8")
	}
	return nil
}

// checkURL takes addresses as they are: partners' lists match as they are
// spelled, and hold some without scheme.
func checkURL(s string) error {
	switch {
	case s == "" || len(s) > location.MaxLength:
		return fmt.Errorf("an address is empty or longer than %d bytes", location.MaxLength)
	case !plain(s):
		return errors.New("an address with control characters or not in UTF-8")
	}
	return nil
}

// plain reports UTF-8 without control characters.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}
