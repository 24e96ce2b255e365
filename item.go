package staydown

import "time"

// ItemState is how far an item has come.
type ItemState string

// The states of an item.
const (
	ItemSeen        ItemState = "seen"         // a lead points to it
	ItemCaptured    ItemState = "captured"     // its bytes are kept
	ItemNotCaptured ItemState = "not_captured" // could not be kept; Reason says why; it may be tried again
	ItemAssessed    ItemState = "assessed"     // a verdict stands
	ItemMerged      ItemState = "merged"       // the same thing as another item of the circle
)

// ItemTable is the machine of an item.
var ItemTable = Table[ItemState]{
	{"", "see", ItemSeen},
	{ItemSeen, "capture", ItemCaptured},
	{ItemSeen, "fail_capture", ItemNotCaptured},
	{ItemNotCaptured, "capture", ItemCaptured},
	{ItemNotCaptured, "fail_capture", ItemNotCaptured},
	{ItemCaptured, "capture", ItemCaptured},
	{ItemCaptured, "assess", ItemAssessed},
	{ItemNotCaptured, "assess", ItemAssessed},
	{ItemAssessed, "reopen", ItemCaptured},
	{ItemSeen, "merge", ItemMerged},
	{ItemCaptured, "merge", ItemMerged},
	{ItemNotCaptured, "merge", ItemMerged},
}

// Item is the thing at a location, owned by one circle and unique in it.
type Item struct {
	ID          ID        `db:"id"`
	Circle      ID        `db:"circle"`
	Owner       ID        `db:"owner"` // the authority whose lead made it
	Campaign    ID        `db:"campaign"`
	Location    string    `db:"location"` // canonical URL
	Host        string    `db:"host"`
	Provider    ID        `db:"provider"` // empty when the host is in no register entry
	State       ItemState `db:"state"`
	Reason      string    `db:"reason"` // of not_captured
	Kind        string    `db:"kind"`   // page | image | video | post | account | file | site
	Title       string    `db:"title"`
	Language    string    `db:"language"`
	Account     string    `db:"account"`  // canonical URL or handle of the publisher, where seen
	Priority    int       `db:"priority"` // 0-10
	PriorityWhy []string  `db:"priority_why"`
	Leads       int       `db:"leads"` // how many leads point here
	Known       ID        `db:"known"` // a decided item with the same media SHA-256, when there is one
	SeenAt      time.Time `db:"seen_at"`
	CapturedAt  time.Time `db:"captured_at"`
	// MediaSHA256 is that of the first medium, or of the page's text where there is no medium: what "the same content" means.
	MediaSHA256 string    `db:"media_sha256"`
	Assessment  ID        `db:"assessment"` // the one that stands
	Verdict     Verdict   `db:"verdict"`
	Ground      Ground    `db:"ground"`
	DecidedAt   time.Time `db:"decided_at"`
	Line        ID        `db:"line"`         // the latest line in a letter
	TheySay     LineState `db:"they_say"`     // the provider's word
	WeSaw       Sight     `db:"we_saw"`       // our own last sight
	WeSawCause  string    `db:"we_saw_cause"` // whose doing, where shown
	WeSawAt     time.Time `db:"we_saw_at"`
	GoneAt      time.Time `db:"gone_at"` // first seen gone; zero while never
	Lineage     ID        `db:"lineage"`
	ReturnOf    ID        `db:"return_of"`
	MergedInto  ID        `db:"merged_into"`
}

// Capture notes that the item's bytes are kept.
func (i *Item) Capture(c Capture) (Event, error) {
	return i.act("capture", map[string]any{"capture": c.ID, "warc": c.WARC, "status": c.Status}, func() {
		i.Reason, i.CapturedAt = "", c.EndedAt
	})
}

// FailCapture notes why the item could not be kept.
func (i *Item) FailCapture(reason string) (Event, error) {
	return i.act("fail_capture", map[string]any{"reason": reason}, func() { i.Reason = reason })
}

// Assess lets a standing assessment decide the item.
func (i *Item) Assess(a Assessment, now time.Time) (Event, error) {
	return i.act("assess", map[string]any{"assessment": a.ID, "verdict": a.Verdict, "ground": a.Ground}, func() {
		i.Assessment, i.Verdict, i.Ground, i.DecidedAt = a.ID, a.Verdict, a.Ground, now
	})
}

// Reopen sends an assessed item back to the queue: a complaint, scrutiny or new facts.
func (i *Item) Reopen(why string) (Event, error) {
	return i.act("reopen", map[string]any{"why": why}, func() {
		i.Assessment, i.Verdict, i.Ground, i.DecidedAt = "", "", "", time.Time{}
	})
}

// Merge makes the item a pointer to another of the same circle.
func (i *Item) Merge(into ID) (Event, error) {
	return i.act("merge", map[string]any{"into": into}, func() { i.MergedInto = into })
}

func (i *Item) act(a Act, data map[string]any, set func()) (Event, error) {
	to, err := ItemTable.Next("item", i.State, a)
	if err != nil {
		return Event{}, err
	}
	i.State = to
	set()
	return Event{Act: a, Noun: "item", Subject: i.ID, Circle: i.Circle, Data: data}, nil
}
