package practice

import "time"

// Event is one line of truth.jsonl.
type Event struct {
	N    int64     `json:"n"` // counts from 1 without gaps
	Kind string    `json:"kind"`
	At   time.Time `json:"at"` // simulated

	Provider  string   `json:"provider,omitempty"`
	Item      *int     `json:"item,omitempty"`
	Of        *int     `json:"of,omitempty"` // what a return goes back to
	URL       string   `json:"url,omitempty"`
	Class     string   `json:"class,omitempty"`
	Ground    string   `json:"ground,omitempty"`
	Purpose   string   `json:"purpose,omitempty"`
	Held      bool     `json:"held,omitempty"`
	Family    *int     `json:"family,omitempty"`
	Transform string   `json:"transform,omitempty"`
	Unit      string   `json:"unit,omitempty"`
	Cause     string   `json:"cause,omitempty"` // provider, author, timer
	Countries []string `json:"countries,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Line      string   `json:"line,omitempty"`

	// Of an account closed: all postings that went with it, and how many
	// everyday postings nobody had asked about.
	Account    *int  `json:"account,omitempty"`
	Generation int   `json:"generation,omitempty"`
	Items      []int `json:"items,omitempty"`
	Others     int   `json:"others,omitempty"`

	// Of a letter and its answers.
	Channel    string       `json:"channel,omitempty"`
	Message    string       `json:"message,omitempty"`
	Key        string       `json:"key,omitempty"`
	Letter     string       `json:"letter,omitempty"`
	LetterKind string       `json:"letter_kind,omitempty"`
	Reference  string       `json:"reference,omitempty"`
	AnswerURL  string       `json:"answer_url,omitempty"`
	Door       string       `json:"door,omitempty"`
	Receipt    string       `json:"receipt,omitempty"`
	Signed     bool         `json:"signed,omitempty"`
	Lines      []LineAsked  `json:"lines,omitempty"`
	Answers    []LineAnswer `json:"answers,omitempty"`
	Via        string       `json:"via,omitempty"` // api, door, sheet
	Status     int          `json:"status,omitempty"`

	// Due names the planned act this event carries out, so that it is carried
	// out once, whatever happens to the process.
	Due string `json:"due,omitempty"`
}

// LineAsked is one line of a letter as it came in.
type LineAsked struct {
	Line   string `json:"line"`
	URL    string `json:"url"`
	Item   *int   `json:"item,omitempty"` // nil: no posting of ours lies there
	Ground string `json:"ground,omitempty"`
}

// LineAnswer is what a provider says about a line.
type LineAnswer struct {
	Line      string   `json:"line"`
	Status    string   `json:"status"`
	Countries []string `json:"countries,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	At        string   `json:"at,omitempty"`
}

// The kinds of events.
const (
	KindWorld             = "world"              // the first line: seed and size
	KindPlanted           = "planted"            // a posting that is there from the start
	KindLetter            = "letter"             // a letter taken in
	KindDuplicateDelivery = "duplicate_delivery" // the same message once more; no effect
	KindTurnedAway        = "turned_away"        // a letter not taken in, to be offered again (429, 503, 451)
	KindBounced           = "bounced"            // a letter refused for good by the mail server
	KindCut               = "cut"                // taken in, but the connection broke before the receipt was out
	KindRemoved           = "removed"            // a posting taken down
	KindDisabled          = "disabled"           // shut off in some countries
	KindRefused           = "refused"
	KindNeedMore          = "need_more"
	KindMisdirected       = "wrong_addressee"
	KindAlreadyGone       = "already_gone"   // nothing left to do
	KindLied              = "lied"           // says removed, leaves it up
	KindUnknownLine       = "unknown_line"   // a line about a place where nothing ever was
	KindAccountClosed     = "account_closed" // asked for one URL, took down all
	KindAuthorDeleted     = "author_deleted"
	KindTimerDeleted      = "timer_deleted"
	KindReuploaded        = "reuploaded" // Item is new and goes back to Of
	KindRebuilt           = "rebuilt"    // a page of the site under its next name
	KindFound             = "found"      // a unit has come upon a return
	KindRestored          = "restored"   // put back after a withdrawal
	KindAnswered          = "answered"   // the desk has taken the answers
	KindAnswerRefused     = "answer_refused"
	KindMail              = "mail"  // other mail to a contact point (codes, notices)
	KindClock             = "clock" // everything due up to here is done
)

func number(n int) *int { return &n }
