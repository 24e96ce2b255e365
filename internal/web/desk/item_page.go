package desk

import (
	"html/template"
	"time"

	"github.com/staydown/staydown/internal/web/page"
)

// ItemPage is one item under an officer's eyes.
type ItemPage struct {
	ID, Kind, Address string
	Language          string // BCP 47; empty when unknown
	Tags              []string
	Priority          int      // of ten; zero when not in a queue
	Reasons           []string // codes, said as "reason.<code>"
	Description       string   // by the source, before one looks
	Graphic           string   // yes, no, unknown
	Viewer            Viewer
	Text, Translation string
	Seen              SeenBefore
	Posting, Kept     []page.Fact
	Statuses          []Status
	Decide            *Decide // nil when this reader has nothing to decide here
	Closed            string  // why not: a code, said as "closed.<code>"
	TakePath          string  // the form that leases the item
	Checks            []page.Check
	History           []HistoryLine
	Leads             []LeadLine
}

// The labels of the facts about a posting and about what was kept.
const (
	factAccount   = "item.fact.account"
	factCaption   = "item.fact.caption"
	factPublisher = "item.fact.publisher"
	factPosted    = "item.fact.posted"
	factCaptured  = "item.fact.captured"
	factExhibits  = "item.fact.exhibits"
	factSHA256    = "item.fact.sha256"
	factLog       = "item.fact.log"
)

// Viewer is what may be seen of the content: stills that were re-encoded, never the original.
type Viewer struct {
	Still  string   // address of the still; empty when there is none
	Strip  []string // addresses of further stills
	Moving bool     // it is a film: sound is off
	Shown  bool     // the reader asked for it
	Why    string   // why there is no still: a code, said as "no_still.<code>"
}

// SeenBefore is the nearest known content. Its verdict stays hidden until the reader has answered.
type SeenBefore struct {
	Alike            int
	Exact            bool
	Distance, Radius int
	Nearest, Link    string
	Pictures         []string // this one and the nearest
	Verdict          string
}

// Status is one of the two: what the provider says, what we saw.
type Status struct {
	State string
	Saw   bool
	Words template.HTML
}

// Decide is the form of the decision rail.
type Decide struct {
	Path, DraftPath string
	Token           string // of the lease: a decision under a lapsed lease is refused
	Purposes        []Choice
	Grounds         []Choice
	Clauses         []Choice
	NeedsDanger     bool
	Danger, Quote   string
	Reason          string
	Acts            []Act
}

// Choice is a value of a closed list.
type Choice struct {
	Value  string
	Key    string
	Chosen bool
	Words  string // for values that have no words of ours, such as a provider's clause
}

// HistoryLine is an event of the item.
type HistoryLine struct {
	At   time.Time
	Act  string
	Who  string
	Note string
}

// LeadLine is what one unit handed in.
type LeadLine struct {
	Unit, Source, Grade string
	At                  time.Time
}
