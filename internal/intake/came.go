package intake

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/evidence"
)

// Tool is how captures made of what was handed in name their maker.
const Tool = "staydown import/1"

// came is what came along with a lead: a file, a message of an export, or both.
type came struct {
	file    *evidence.Kept // nil without one
	name    string         // of the file, as the source has it
	title   string
	text    string   // of the message
	facts   *Message // nil for a folder
	hashes  []string // that the source claims
	missing string   // why nothing of the content came: what became of the message's file
}

// urnPrefix makes a location of a file that came without an address: it is known by its bytes alone. No letter can be
// written about it until somebody finds where it stands.
const urnPrefix = "urn:sha256:"

// closedPrefix is where messages of rooms stand that only members can open: looking from outside shows a sign-in page.
const closedPrefix = "https://t.me/c/"

// alone tells that the location cannot be fetched, so that what came along is all there will be.
func (h handed) alone() bool {
	return h.came != nil && (strings.HasPrefix(h.lead.Location, urnPrefix) || strings.HasPrefix(h.lead.Location, closedPrefix))
}

// arrive makes the capture of what came along and, where nothing else will come, lets it decide the new item's state.
func (h handed) arrive(tx Tx, i *staydown.Item) (*staydown.Capture, error) {
	if h.came == nil || h.came.missing != "" && !h.alone() {
		return nil, nil
	}
	c, err := h.capture(tx, *i)
	if err != nil || !h.alone() {
		return c, err
	}
	return c, h.decide(tx, i, *c)
}

// arriveLate does the same for an item that is there already: a first content may still decide it.
func (h handed) arriveLate(tx Tx, i *staydown.Item) (*staydown.Capture, error) {
	if h.came == nil {
		return nil, nil
	}
	if h.came.file != nil {
		if has, err := tx.HasExhibit(i.ID, h.came.file.SHA256); err != nil || has {
			return nil, err
		}
	} else if i.State == staydown.ItemCaptured || i.State == staydown.ItemAssessed {
		return nil, nil // a message without a file says nothing new
	}
	return h.arrive(tx, i)
}

func (h handed) capture(tx Tx, i staydown.Item) (*staydown.Capture, error) {
	facts, err := json.Marshal(struct {
		File    string   `json:"file,omitempty"`
		Claimed []string `json:"claimed_hashes,omitempty"`
		Message *Message `json:"message,omitempty"`
	}{h.came.name, h.came.hashes, h.came.facts})
	if err != nil {
		return nil, fmt.Errorf("writing the facts of %s: %w", i.ID, err)
	}
	c := staydown.Capture{
		ID: tx.NewID(), Item: i.ID, Owner: h.lead.Owner, Circle: i.Circle, Asked: i.Location, Outcome: "content", Title: cutText(h.came.title, maxField),
		Text: h.came.text, Facts: string(facts), Tool: Tool, Vantage: "handed in", Why: "lead", StartedAt: tx.Now(), EndedAt: tx.Now(),
	}
	if h.came.missing != "" {
		c.Outcome = h.came.missing
	}
	return &c, nil
}

// decide moves an item that cannot be fetched: captured by what came along, or not captured, since that had vanished.
func (h handed) decide(tx Tx, i *staydown.Item, c staydown.Capture) error {
	if i.State == staydown.ItemAssessed || i.State == staydown.ItemCaptured && c.Outcome != "content" {
		return nil
	}
	var e staydown.Event
	var err error
	if c.Outcome == "content" {
		e, err = i.Capture(c)
		if h.came.file != nil && i.MediaSHA256 == "" {
			i.MediaSHA256 = h.came.file.SHA256
		}
	} else {
		e, err = i.FailCapture(c.Outcome)
	}
	if err != nil {
		return err
	}
	return tx.Event(e)
}

// keep adds the capture and the exhibit once the item stands, and leaves their fingerprinting.
func (h handed) keep(tx Tx, i staydown.Item, c *staydown.Capture) error {
	if c == nil {
		return nil
	}
	if err := tx.AddCapture(*c); err != nil {
		return err
	}
	if k := h.came.file; k != nil {
		x := staydown.Exhibit{ID: tx.NewID(), Item: i.ID, Owner: h.lead.Owner, Circle: i.Circle, Capture: c.ID, Kind: exhibitKind(k.MediaType),
			URL: h.lead.URL, SHA256: k.SHA256, MD5: k.MD5, Bytes: k.Bytes, MediaType: k.MediaType, KeptAt: tx.Now()}
		if err := tx.AddExhibit(x); err != nil {
			return err
		}
		if err := tx.Event(evidence.Collected(x, evidence.Origin{Tool: Tool, Why: "handed in: " + h.came.name})); err != nil {
			return err
		}
	}
	if c.Outcome != "content" {
		return nil
	}
	payload, err := json.Marshal(map[string]staydown.ID{"capture": c.ID})
	if err != nil {
		return fmt.Errorf("leaving a fingerprint of %s: %w", i.ID, err)
	}
	// A key of its own: the item's key belongs to what capture fetches, and neither may swallow the other.
	key := string(i.ID)
	if !h.alone() {
		key += "/" + string(c.ID)
	}
	return tx.Job(staydown.Job{Kind: "fingerprint", Key: key, Subject: i.ID, Payload: string(payload)})
}

// exhibitKind tells a medium, which is fingerprinted as one, from any other file.
func exhibitKind(mediaType string) string {
	switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
	case "image", "video", "audio":
		return "media"
	}
	return "file"
}
