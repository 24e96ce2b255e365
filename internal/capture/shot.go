package capture

import (
	"strconv"
	"time"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/evidence"
)

// Ask is what is to be captured.
type Ask struct {
	URL     string
	Why     string             // who asked and what for
	Earlier map[string]Earlier // earlier responses by payload digest, from Facts.Kept of earlier captures
}

// Shot is one capture.
type Shot struct {
	Asked     string
	Reached   string // after redirects
	Status    int    // of the last response; 0 when none came
	Judgement Judgement
	Page      *page.Page // nil when there is none
	Exhibits  []Exhibit
	WARC      evidence.Kept // empty when nothing was received
	Facts     Facts
	StartedAt time.Time
	EndedAt   time.Time
}

// Outcome is "content", or the reason there is none.
func (s Shot) Outcome() string { return s.Judgement.Reason }

// Exhibit is bytes that a capture put into the vault.
type Exhibit struct {
	Kind  string // page | media | file | warc
	URL   string
	Shown bool // a medium that stands in the main part of the page
	evidence.Kept
}

// Facts are what is told of a capture beside its bytes, as JSON.
type Facts struct {
	Format    string         `json:"format"` // staydown-capture/1
	Asked     string         `json:"asked"`
	Reached   string         `json:"reached"`
	Tool      string         `json:"tool"`
	Vantage   string         `json:"vantage"`
	Country   string         `json:"country,omitempty"`
	Why       string         `json:"why,omitempty"`
	Judgement Judgement      `json:"judgement"`
	Exchanges []Exchange     `json:"exchanges"`
	Media     []MediaFact    `json:"media,omitempty"`
	Likeness  *page.Likeness `json:"likeness,omitempty"`
}

// FactsFormat names the shape of Facts.
const FactsFormat = "staydown-capture/1"

// MediaFact is what became of one medium of the page.
type MediaFact struct {
	URL     string   `json:"url"`
	From    string   `json:"from"`
	Shown   bool     `json:"shown,omitempty"`
	SHA256  string   `json:"sha256,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
}

// Kept lists the responses of a capture by payload digest, for a later capture
// to refer to.
func (f Facts) Kept() map[string]Earlier {
	out := map[string]Earlier{}
	for _, x := range f.Exchanges {
		if x.Payload != "" && x.Bytes > 0 && x.Cut == "" {
			out[x.Payload] = Earlier{Record: x.Record, URL: x.URL, At: x.Start}
		}
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
