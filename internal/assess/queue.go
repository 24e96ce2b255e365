package assess

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Mine is the name of the list of what the caller holds.
const Mine = "mine"

// QueueRow is one line of a queue. Nothing in it tells of any finding.
type QueueRow struct {
	Taken                   // Until is that of the holder's lease
	Leads       int         `json:"leads"`
	Source      string      `json:"source"` // of the best lead
	Reliability string      `json:"reliability"`
	Credibility string      `json:"credibility"`
	Alike       int         `json:"alike"` // other items of the circle with the same bytes
	Holder      staydown.ID `json:"holder,omitempty"`
	Picture     staydown.ID `json:"picture,omitempty"` // exhibit that a still can be made of: the item's main medium, if it is a picture
}

// Filter narrows a queue; the zero value narrows nothing.
type Filter struct {
	Campaign staydown.ID
	Provider staydown.ID
	Host     string
	Kind     string
	Language string
	Known    bool   // only what has the same bytes as something decided
	Limit    int    // rows a page, 50 unless told, 200 at the most
	After    string // the cursor of the last row of the page before
}

// Tab is one queue with how much waits in it and since when.
type Tab struct {
	Name   string    `json:"name"` // new | mine | second | third
	N      int       `json:"n"`
	Oldest time.Time `json:"oldest"` // when the longest waiting was seen; zero when nothing waits
}

// The size of a page.
const (
	usualPage = 50
	mostPage  = 200
)

// Queue lists one queue (new, second, third, mine) in its order, a page at a time.
func (d *Desk) Queue(ctx context.Context, c access.Caller, name string, f Filter) ([]QueueRow, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	if name != Mine && Queue(name).Turn() == "" {
		return nil, staydown.Errorf(staydown.NotFound, "assess.queue", "there is no queue %q", name)
	}
	circles, err := circlesOf(c, f.Campaign)
	if err != nil {
		return nil, err
	}
	if f.After != "" {
		if _, err := ParseCursor(f.After); err != nil {
			return nil, err
		}
	}
	if f.Limit <= 0 {
		f.Limit = usualPage
	}
	f.Limit = min(f.Limit, mostPage)
	return d.Store.QueueRows(ctx, circles, c.Actor.Person, name, f)
}

// Tabs counts the queues. It reads whole queues and is for a page, not for every take.
func (d *Desk) Tabs(ctx context.Context, c access.Caller) ([]Tab, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	return d.Store.QueueTabs(ctx, c.Circles, c.Actor.Person)
}

// Alike lists what waits for a first look and carries the same bytes as an item, for a decision over the group.
func (d *Desk) Alike(ctx context.Context, c access.Caller, item staydown.ID) ([]QueueRow, error) {
	if err := d.sees(ctx, c, item); err != nil {
		return nil, err
	}
	s, err := d.Store.SeatOf(ctx, item)
	if err != nil || s.Item.MediaSHA256 == "" {
		return nil, err
	}
	return d.Store.AlikeRows(ctx, c.Circles, c.Actor.Person, s.Item.MediaSHA256, AtOnce)
}

// Cursor is a place in the order of a queue.
type Cursor struct {
	Priority int
	SeenAt   time.Time
	Location string
	Item     staydown.ID
}

// Cursor is the place of the row, to go on behind it.
func (r QueueRow) Cursor() string {
	return strings.Join([]string{strconv.Itoa(r.Priority), strconv.FormatInt(r.SeenAt.UnixMilli(), 10), string(r.Item), r.Location}, " ")
}

// ParseCursor reads what QueueRow.Cursor wrote.
func ParseCursor(s string) (Cursor, error) {
	p := strings.SplitN(s, " ", 4)
	bad := staydown.Errorf(staydown.Usage, "assess.cursor", "this is no place in a queue").At("after")
	if len(p) != 4 {
		return Cursor{}, bad
	}
	priority, err := strconv.Atoi(p[0])
	if err != nil {
		return Cursor{}, bad
	}
	ms, err := strconv.ParseInt(p[1], 10, 64)
	if err != nil {
		return Cursor{}, bad
	}
	return Cursor{priority, staydown.At(time.UnixMilli(ms)), p[3], staydown.ID(p[2])}, nil
}
