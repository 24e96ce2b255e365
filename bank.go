package staydown

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// The kinds of signal that a bank may hold. Each has one way to be compared.
const (
	SignalPDQ    = "pdq"         // of a picture: bits of 256 that differ
	SignalFrame  = "vpdq"        // PDQ of one frame of a video: the same, with frame and time-code
	SignalText   = "text"        // signature of a text: percent unlike
	SignalSHA256 = "sha256"      // of a file: the same or not
	SignalMD5    = "md5"         // of a file: the same or not; it proposes, since two files can be made to share one
	SignalURL    = "url"         // canonical address: the same or not
	SignalURLMD5 = "url_md5"     // MD5 of an address: the same or not
	SignalTLSH   = "tlsh"        // of a text or document: TLSH's own measure
	SignalTrend  = "trend_query" // regular expressions joined by and, or, not, which a text fits or not
)

// SignalKinds lists the kinds in a fixed order.
func SignalKinds() []string {
	return []string{SignalPDQ, SignalFrame, SignalText, SignalSHA256, SignalMD5, SignalURL, SignalURLMD5, SignalTLSH, SignalTrend}
}

// The radius of a kind whose bank names none, and the widest that a bank may name. PDQ and frames in bits of 256 (31 is what
// ThreatExchange and HMA use), text in percent unlike.
const (
	RadiusPDQ      = 31
	RadiusPDQMost  = 63
	RadiusText     = 40
	RadiusTextMost = 40 // the index of texts files nothing looser
	RadiusTLSH     = 30
	RadiusTLSHMost = 150
	MinQuality     = 50 // below it a picture is near blank and matches by chance
)

// UnknownQuality is that of a hash which came without one: it counts.
const UnknownQuality = -1

// Labels say what a known thing is, in the dimensions that partners use.
type Labels struct {
	Entity    []string `json:"entity,omitempty"`    // who made it or is named: as listed, with the list
	Kind      []string `json:"kind,omitempty"`      // video, poster, manifesto, statement ...
	Behaviour []string `json:"behaviour,omitempty"` // incites, recruits, instructs, glorifies ...
	Incident  []string `json:"incident,omitempty"`
	Ideology  []string `json:"ideology,omitempty"`
	Language  []string `json:"language,omitempty"`
}

// Bank is a collection of known things with rules of its own for when they count. A negative bank holds known-good things:
// what resembles one of them is no match of the others.
type Bank struct {
	ID        ID             `db:"id"`
	No        int64          `db:"no"` // short number within this installation, for the index
	Owner     ID             `db:"owner"`
	Circle    ID             `db:"circle"`
	Name      string         `db:"name"`
	Note      string         `db:"note"` // what it is for
	Labels    Labels         `db:"labels"`
	Negative  bool           `db:"negative"`
	Against   []ID           `db:"against"` // of a negative bank: the banks it suppresses; empty: all of its circle
	Radius    map[string]int `db:"radius"`  // by kind, where it is not the usual one
	Ratio     float64        `db:"ratio"`   // share of requests it takes part in: 0 none, 1 all
	Enabled   bool           `db:"enabled"`
	ExpireIn  int            `db:"expire_days"` // days after which a new content expires; 0: never
	Flood     FloodRule      `db:"flood"`
	Exchange  string         `db:"exchange"` // the partner that fills it; empty for one's own
	CreatedAt time.Time      `db:"created_at"`
	ClosedAt  time.Time      `db:"closed_at"` // it is kept, matches nothing, and its name is free again; zero while it is open
}

var bankName = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// Check says what is wrong with the settings of a bank: an Error of kind Invalid.
func (b Bank) Check() error {
	switch {
	case len(b.Name) > 255 || !bankName.MatchString(b.Name):
		return Errorf(Invalid, "bank.name", "a bank's name is UPPER_WITH_UNDERSCORE: capital letters, digits and _, a digit not first").At("name")
	case !(b.Ratio >= 0 && b.Ratio <= 1): // so that no number at all is refused, too
		return Errorf(Invalid, "bank.ratio", "the share of requests lies between 0 and 1").At("ratio")
	case b.ExpireIn < 0 || b.ExpireIn > 36500:
		return Errorf(Invalid, "bank.expiry", "contents expire after 0 (never) to 36500 days").At("expire_days")
	case !b.Negative && len(b.Against) > 0:
		return Errorf(Invalid, "bank.against", "only a negative bank suppresses others").At("against")
	case !b.Flood.sound():
		return Errorf(Invalid, "bank.flood", "the rule for setting aside needs numbers from 0 on").At("flood")
	}
	for kind, r := range b.Radius {
		if most, ok := mostRadius(kind); !ok || r < 0 || r > most {
			return Errorf(Invalid, "bank.radius", "the radius of %s lies between 0 and %d", kind, most).At("radius." + kind)
		}
	}
	return nil
}

func mostRadius(kind string) (int, bool) {
	switch kind {
	case SignalPDQ, SignalFrame:
		return RadiusPDQMost, true
	case SignalText:
		return RadiusTextMost, true
	case SignalTLSH:
		return RadiusTLSHMost, true
	}
	return 0, slices.Contains(SignalKinds(), kind)
}

// RadiusOf is how far a signal of this kind may lie from the one asked for; 0 for kinds that are the same or not.
func (b Bank) RadiusOf(kind string) int {
	if r, ok := b.Radius[kind]; ok {
		return r
	}
	switch kind {
	case SignalPDQ, SignalFrame:
		return RadiusPDQ
	case SignalText:
		return RadiusText
	case SignalTLSH:
		return RadiusTLSH
	}
	return 0
}

// Suppresses reports whether what lies in this bank keeps another bank from matching.
func (b Bank) Suppresses(other Bank) bool {
	return b.Negative && !other.Negative && b.Circle == other.Circle && (len(b.Against) == 0 || slices.Contains(b.Against, other.ID))
}

// ExpiryOf is when a content that is added now expires; zero: never.
func (b Bank) ExpiryOf(now time.Time) time.Time {
	if b.ExpireIn == 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(b.ExpireIn) * 24 * time.Hour)
}

// BankSignal is one thing that a content can be recognised by.
type BankSignal struct {
	ID      ID     `db:"id"`
	Bank    ID     `db:"bank"`
	Content ID     `db:"content"`
	Owner   ID     `db:"owner"`
	Circle  ID     `db:"circle"`
	Hash    int64  `db:"hash"` // number of this value within the bank: equal values share it
	Kind    string `db:"kind"`
	Value   string `db:"value"`   // in the one form of its kind
	Quality int    `db:"quality"` // 0-100; UnknownQuality
	Frame   int    `db:"frame"`
	AtMS    int64  `db:"at_ms"` // milliseconds into the video
	Turn    string `db:"turn"`  // how the picture was laid down; empty: as it is
	Live    bool   `db:"live"`  // whether its content is active, so that it may match
}

// Worth reports whether a signal of this kind and quality is worth comparing.
func Worth(kind string, quality int) bool {
	return kind != SignalPDQ && kind != SignalFrame || quality == UnknownQuality || quality >= MinQuality
}

// BankHit says that an item resembles something in a bank. It proposes; it never decides.
type BankHit struct {
	ID       ID        `db:"id"`
	Item     ID        `db:"item"`
	Bank     ID        `db:"bank"`
	Content  ID        `db:"content"`
	Owner    ID        `db:"owner"`
	Circle   ID        `db:"circle"`
	Kind     string    `db:"kind"`
	Distance int       `db:"distance"`
	Outcome  Outcome   `db:"outcome"` // match or review
	Why      []Reason  `db:"why"`
	AtMS     int64     `db:"at_ms"` // of the closest frame
	Back     bool      `db:"back"`  // found by looking back, after the item had been matched
	At       time.Time `db:"at"`
}

// SignalSwitch turns a kind of signal off, or down to a share of requests, for a circle.
type SignalSwitch struct {
	ID     ID      `db:"id"`
	Owner  ID      `db:"owner"`
	Circle ID      `db:"circle"`
	Kind   string  `db:"kind"`
	Ratio  float64 `db:"ratio"` // 0: off
}

// Reason is one thing that made a match count, or not, with a stable code.
type Reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Say puts reasons into one line.
func Say(all []Reason) string {
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = r.Text
	}
	return strings.Join(texts, "; ")
}
