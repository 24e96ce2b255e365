package assess

import (
	"context"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Shown is what was captured of an item, as the store has it.
type Shown struct {
	Title, Text, Reached string
	CapturedAt           time.Time
	Author               string // as the leads name it
	Exhibits             []Exhibit
	Candidates           []Candidate
}

// Exhibit is one thing kept of an item.
type Exhibit struct {
	ID        staydown.ID `json:"id"`
	Kind      string      `json:"kind"`
	URL       string      `json:"url"`
	SHA256    string      `json:"sha256"`
	MediaType string      `json:"media_type"`
	Bytes     int64       `json:"bytes"`
}

// Picture tells whether a still can be made of it. The type was read off the bytes, not believed.
func (e Exhibit) Picture() bool {
	switch e.MediaType {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return true
	}
	return false
}

// Candidate is something this item looks like. What was decided about it is told only once this item is decided.
type Candidate struct {
	Item     staydown.ID      `json:"item"`
	Location string           `json:"location"`
	Kind     string           `json:"kind"`     // sha256 | pdq | text
	Distance int              `json:"distance"` // bits for PDQ, 0 for exact, percent unlike for text
	Verdict  staydown.Verdict `json:"verdict,omitempty"`
}

// Opened is an item before an officer's eyes.
type Opened struct {
	Item       staydown.ID        `json:"item"`
	Location   string             `json:"location"`
	Provider   staydown.ID        `json:"provider,omitempty"`
	Kind       string             `json:"kind"`
	Language   string             `json:"language"`
	State      staydown.ItemState `json:"state"`
	Reason     string             `json:"reason,omitempty"` // why it could not be captured
	Title      string             `json:"title"`
	Text       string             `json:"text"`
	Reached    string             `json:"reached,omitempty"`
	Author     string             `json:"author"`
	CapturedAt time.Time          `json:"captured_at"`
	Exhibits   []Exhibit          `json:"exhibits"`
	Candidates []Candidate        `json:"candidates"`

	Turn       staydown.Turn `json:"turn,omitempty"`
	Assessment staydown.ID   `json:"assessment,omitempty"` // the caller's draft
	Viewed     bool          `json:"-"`                    // the caller was shown the exhibit
	Until      time.Time     `json:"until"`                // of the caller's lease; zero when the caller only reads
	Draft      string        `json:"draft,omitempty"`      // the form as the caller left it
	Why        string        `json:"why,omitempty"`        // code of the reason for which the caller may not give a finding
}

// Open shows a captured item. It leaves one access event. When the caller may give a finding, and nobody else holds the item,
// it is leased to the caller, whose draft notes that exhibit and context were opened.
// Law: LED 25
func (d *Desk) Open(ctx context.Context, c access.Caller, item staydown.ID) (Opened, error) {
	return d.open(ctx, c, item, true)
}

// OpenHidden opens an item for a page that keeps its pictures hidden until the reader asks: the exhibit counts as viewed only
// with Looked. An item without pictures is viewed with the page: a text is all there, and of a film the desk can show no more yet.
func (d *Desk) OpenHidden(ctx context.Context, c access.Caller, item staydown.ID) (Opened, error) {
	out, err := d.open(ctx, c, item, false)
	if err != nil || out.Viewed || out.Assessment == "" || slices.ContainsFunc(out.Exhibits, Exhibit.Picture) {
		return out, err
	}
	if err := d.Looked(ctx, c, item); err != nil {
		return Opened{}, err
	}
	out.Viewed = out.State == staydown.ItemCaptured
	return out, nil
}

// Looked notes that the caller, who has the item open, was shown its exhibit.
func (d *Desk) Looked(ctx context.Context, c access.Caller, item staydown.ID) error {
	return d.act(ctx, c, access.View, func(tx Tx) error {
		s, p, err := place(tx, c, item)
		if err != nil || c.May(access.Assess) != nil || p.Draft.ID == "" || p.Draft.Viewed || !s.Captured() {
			return unlessRefused(err) // who only reads needs no note
		}
		if _, err = note(tx, c, s, p, func(a *staydown.Assessment) { a.Viewed = true }); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Stream: staydown.Access, Act: "look", Noun: "item", Subject: item, Circle: s.Item.Circle})
	})
}

func unlessRefused(err error) error {
	if staydown.KindOf(err) == staydown.Refused {
		return nil
	}
	return err
}

func (d *Desk) open(ctx context.Context, c access.Caller, item staydown.ID, shown bool) (Opened, error) {
	var out Opened
	err := d.act(ctx, c, access.View, func(tx Tx) error {
		out = Opened{}
		s, p, err := place(tx, c, item)
		if err != nil && (staydown.KindOf(err) != staydown.Refused || s.Item.ID == "") {
			return err
		}
		if err == nil {
			err = c.May(access.Assess)
		}
		out = shownAs(s)
		if err != nil {
			out.Why = staydown.CodeOf(err)
		} else if err := sit(tx, c, s, p, shown, &out); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Stream: staydown.Access, Act: "view", Noun: "item", Subject: item, Circle: s.Item.Circle})
	})
	if err != nil {
		return Opened{}, err
	}
	return out, d.show(ctx, c, &out)
}

// sit leases the item to the caller and notes in the draft what was opened.
func sit(tx Tx, c access.Caller, s Seat, p Place, shown bool, out *Opened) error {
	var err error
	if out.Until, err = hold(tx, s, p, c); err != nil {
		return err
	}
	a, err := note(tx, c, s, p, func(a *staydown.Assessment) {
		a.Viewed = a.Viewed || shown && s.Captured()
		a.Context = a.Context || s.Captured()
	})
	out.Turn, out.Assessment, out.Viewed = a.Turn, a.ID, a.Viewed
	return err
}

// note begins or changes the caller's draft; a draft that stays as it is is not written again.
func note(tx Tx, c access.Caller, s Seat, p Place, set func(*staydown.Assessment)) (staydown.Assessment, error) {
	a, fresh := p.begin(s, c.Actor.Person, c.Actor.Authority, tx.NewID(), tx.Now())
	set(&a)
	switch {
	case fresh:
		return a, tx.AddAssessment(a)
	case a == p.Draft:
		return a, nil
	}
	return a, tx.PutAssessment(a)
}

func shownAs(s Seat) Opened {
	i := s.Item
	return Opened{Item: i.ID, Location: i.Location, Provider: i.Provider, Kind: i.Kind, Language: i.Language, State: i.State,
		Reason: i.Reason, Title: i.Title, Author: i.Account}
}

// show adds what was captured. It comes after the access was logged.
func (d *Desk) show(ctx context.Context, c access.Caller, out *Opened) error {
	s, err := d.Store.Shown(ctx, out.Item, c.Circles)
	if err != nil {
		return err
	}
	if s.Title != "" {
		out.Title = s.Title
	}
	if out.Author == "" {
		out.Author = s.Author
	}
	out.Text, out.Reached, out.CapturedAt, out.Exhibits = s.Text, s.Reached, s.CapturedAt, s.Exhibits
	for _, x := range s.Candidates {
		if out.State != staydown.ItemAssessed {
			x.Verdict = ""
		}
		out.Candidates = append(out.Candidates, x)
	}
	if out.Assessment != "" {
		out.Draft, err = d.Store.DraftBody(ctx, c.Actor.Person, out.Item)
	}
	return err
}
