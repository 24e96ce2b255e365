package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/evidence"
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	Item(staydown.ID) (staydown.Item, error)
	// SetCaptured keeps what a capture changes of an item, and nothing else of it.
	SetCaptured(staydown.Item) error
	AddCapture(staydown.Capture) error
	AddExhibit(staydown.Exhibit) error
}

// Store is what this package needs of the store.
type Store interface {
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
}

// Desk does the job "capture".
type Desk struct {
	Store    Store
	Recorder *Recorder
}

// retryAfter is how long to wait before the second, third ... try at a location that could not be captured for a reason
// that may pass.
var retryAfter = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// again is the payload of a capture that was tried before.
type again struct {
	N int `json:"n"` // tries so far
}

var system = access.System("capture")

// HandleCapture captures the item that the job is about: evidence first, before anybody decides anything.
func (d *Desk) HandleCapture(ctx context.Context, j staydown.Job) error {
	item, err := d.Store.Item(ctx, j.Subject)
	if staydown.KindOf(err) == staydown.NotFound || err == nil && item.State == staydown.ItemMerged {
		return d.Store.Finish(ctx, system, j, func(Tx) error { return nil })
	}
	if err != nil {
		return fmt.Errorf("capturing item %s: %w", j.Subject, err)
	}
	var before again
	if j.Payload != "" {
		if err := json.Unmarshal([]byte(j.Payload), &before); err != nil {
			return fmt.Errorf("capturing item %s: reading the job: %w", j.Subject, err)
		}
	}
	shot, err := d.Recorder.Record(ctx, Ask{URL: item.Location, Why: "a lead was handed in"})
	if err != nil {
		return err
	}
	facts, err := json.Marshal(shot.Facts)
	if err != nil {
		return fmt.Errorf("capturing item %s: %w", item.ID, err)
	}
	return d.Store.Finish(ctx, system, j, func(tx Tx) error {
		i, err := tx.Item(item.ID)
		if err != nil {
			return err
		}
		c, err := keep(tx, i, shot, string(facts))
		if err != nil {
			return err
		}
		if shot.Judgement.IsContent() {
			return captured(tx, i, c, shot)
		}
		return missed(tx, i, shot, before.N+1)
	})
}

// keep records the attempt and its exhibits, whatever came of it.
func keep(tx Tx, i staydown.Item, shot Shot, facts string) (staydown.Capture, error) {
	c := staydown.Capture{ID: tx.NewID(), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Asked: shot.Asked, Reached: shot.Reached, Outcome: shot.Outcome(),
		Status: shot.Status, Facts: facts, WARC: shot.WARC.SHA256, Tool: shot.Facts.Tool, Vantage: shot.Facts.Vantage, Why: shot.Facts.Why,
		StartedAt: shot.StartedAt, EndedAt: shot.EndedAt}
	if shot.Page != nil {
		c.Title, c.Text = shot.Page.Name(), shot.Page.Text
	}
	if err := tx.AddCapture(c); err != nil {
		return c, err
	}
	for _, x := range shot.Exhibits {
		e := staydown.Exhibit{ID: tx.NewID(), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Capture: c.ID, Kind: x.Kind, URL: x.URL, SHA256: x.SHA256, MD5: x.MD5,
			Bytes: x.Bytes, MediaType: x.MediaType, KeptAt: tx.Now()}
		if err := tx.AddExhibit(e); err != nil {
			return c, err
		}
		event := evidence.Collected(e, evidence.Origin{Tool: c.Tool, Vantage: c.Vantage, Why: c.Why})
		event.Owner = i.Owner
		if err := tx.Event(event); err != nil {
			return c, err
		}
	}
	return c, nil
}

// captured notes that the content is kept and leaves it to be fingerprinted.
func captured(tx Tx, i staydown.Item, c staydown.Capture, shot Shot) error {
	describe(&i, shot)
	if i.State == staydown.ItemAssessed {
		// A later capture of something decided adds evidence; it does not reopen the decision.
		if err := tx.Event(staydown.Event{Act: "capture_again", Noun: "item", Subject: i.ID, Owner: i.Owner, Circle: i.Circle, Data: map[string]any{"capture": c.ID}}); err != nil {
			return err
		}
		return tx.Job(fingerprintJob(i, c))
	}
	e, err := i.Capture(c)
	if err != nil {
		return err
	}
	if err := tx.SetCaptured(i); err != nil {
		return err
	}
	e.Owner = i.Owner
	if err := tx.Event(e); err != nil {
		return err
	}
	return tx.Job(fingerprintJob(i, c))
}

func fingerprintJob(i staydown.Item, c staydown.Capture) staydown.Job {
	return staydown.Job{Kind: "fingerprint", Key: string(i.ID), Subject: i.ID, Payload: `{"capture":"` + string(c.ID) + `"}`}
}

// missed notes why the content is not kept, and comes back where that makes sense.
func missed(tx Tx, i staydown.Item, shot Shot, tries int) error {
	next := shot.Judgement.Retry && tries <= len(retryAfter)
	if i.State == staydown.ItemSeen || i.State == staydown.ItemNotCaptured {
		e, err := i.FailCapture(shot.Outcome())
		if err != nil {
			return err
		}
		if err := tx.SetCaptured(i); err != nil {
			return err
		}
		e.Owner = i.Owner
		e.Data["try"], e.Data["again"] = tries, next
		if err := tx.Event(e); err != nil {
			return err
		}
	} else if err := tx.Event(staydown.Event{Act: "fail_capture", Noun: "item", Subject: i.ID, Owner: i.Owner, Circle: i.Circle, Data: map[string]any{"reason": shot.Outcome()}}); err != nil {
		return err
	}
	if !next {
		return nil
	}
	b, err := json.Marshal(again{tries})
	if err != nil {
		return err
	}
	return tx.Job(staydown.Job{Kind: "capture", Key: string(i.ID), Subject: i.ID, Payload: string(b), RunAt: tx.Now().Add(retryAfter[tries-1])})
}

// describe takes from the page what a queue shows of the item; what a lead said stays where the page says nothing.
func describe(i *staydown.Item, shot Shot) {
	p := shot.Page
	if p == nil {
		if i.Kind == "" {
			i.Kind = kindOfFile(shot)
		}
		return
	}
	if name := p.Name(); name != "" {
		i.Title = short(name, 300)
	}
	if p.Language != "" && len(p.Language) <= 35 {
		i.Language = strings.ToLower(p.Language)
	}
	if a := publisher(p); a != "" {
		i.Account = short(a, 300)
	}
	if i.Kind == "" || i.Kind == "page" {
		i.Kind = kindOfPage(p)
	}
}

// publisher is who the page says published it.
func publisher(p *page.Page) string {
	for _, name := range []string{"profile:username", "article:author", "author", "twitter:creator", "og:article:author"} {
		if v := p.Meta[name]; v != "" {
			return v
		}
	}
	return ""
}

func kindOfPage(p *page.Page) string {
	switch t := p.Meta["og:type"]; {
	case strings.HasPrefix(t, "video"):
		return "video"
	case t == "profile":
		return "account"
	case t == "image", t == "photo":
		return "image"
	case t == "article":
		return "post"
	}
	if p.Meta["og:video"] != "" || p.Meta["og:video:url"] != "" {
		return "video"
	}
	return "page"
}

func kindOfFile(shot Shot) string {
	for _, x := range shot.Exhibits {
		switch kind, _, _ := strings.Cut(x.MediaType, "/"); kind {
		case "image", "video", "audio":
			return kind
		}
	}
	return "file"
}

func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
