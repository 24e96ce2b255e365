package assess

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Group is one person's decision over many postings of the same bytes, without their being displayed. Verdict and ground
// are of the content; purpose and its reason are of each posting.
type Group struct {
	SHA256    string           `json:"sha256"` // of the medium all of them carry
	Items     []GroupItem      `json:"items"`
	Verdict   staydown.Verdict `json:"verdict"`
	Ground    staydown.Ground  `json:"ground"`
	Danger    string           `json:"danger"` // empty: as reasoned in the finding it rests on
	Clause    string           `json:"clause"`
	GroupList string           `json:"group_list"`
	Public    bool             `json:"public"`
	Note      string           `json:"note"`
	Seconds   int              `json:"seconds"` // for all together
}

// GroupItem is one posting of a group.
type GroupItem struct {
	Item       staydown.ID      `json:"item"`
	Purpose    staydown.Purpose `json:"purpose"`
	PurposeWhy string           `json:"purpose_why"`
	Clause     string           `json:"clause,omitempty"` // of this posting's provider, instead of the group's
}

// RestsOn picks, among decided findings of an authority that viewed these bytes, the one a group decision rests on. What can
// lead to a letter has to be what was found before, verdict and ground: another finding on the content needs another look
// at it. What cannot may differ, since purpose and publisher are of the posting.
func (g Group) RestsOn(judged []staydown.Assessment) (staydown.Assessment, error) {
	for _, b := range judged {
		if !g.Verdict.Actionable() || b.SameFinding(staydown.Assessment{Verdict: g.Verdict, Ground: g.Ground}) {
			return b, nil
		}
	}
	if len(judged) == 0 {
		return staydown.Assessment{}, refused("not_judged", "nobody of this authority has viewed and decided these bytes; open one of the items")
	}
	return staydown.Assessment{}, refused("other_finding", "these bytes were found to be something else; open the item and look anew")
}

// finding is the record of one posting: the content as in the finding it rests on, the rest its own.
func (g Group) finding(draft, basis staydown.Assessment, x GroupItem, batch staydown.ID, seconds int) staydown.Assessment {
	in := staydown.Assessment{Verdict: g.Verdict, Ground: g.Ground, Passage: basis.Passage, Danger: g.Danger, Purpose: x.Purpose, PurposeWhy: x.PurposeWhy,
		Clause: x.Clause, GroupList: g.GroupList, Language: basis.Language, Public: g.Public, Note: g.Note, Seconds: seconds}
	if in.Danger == "" {
		in.Danger = basis.Danger
	}
	if in.Clause == "" {
		in.Clause = g.Clause
	}
	if in.GroupList == "" {
		in.GroupList = basis.GroupList
	}
	a := write(draft, in)
	a.Batch = batch
	return a
}

// share is the part of the group's seconds that falls on posting n.
func (g Group) share(n int) int {
	total := min(max(g.Seconds, 0), maxSeconds)
	s := total / len(g.Items)
	if n < total%len(g.Items) {
		s++
	}
	return s
}

func (g Group) check() error {
	if err := some(len(g.Items)); err != nil {
		return err
	}
	if g.SHA256 == "" {
		return invalid("sha256", "say which bytes the group is about")
	}
	seen := map[staydown.ID]bool{}
	for n, x := range g.Items {
		if seen[x.Item] {
			return invalid(fmt.Sprintf("items[%d]", n), "this item is in the group twice")
		}
		seen[x.Item] = true
	}
	return nil
}

// digest names exactly which postings were decided and to what purpose each, in the one event of the group.
func (g Group) digest() string {
	h := sha256.New()
	for _, x := range g.Items {
		fmt.Fprintf(h, "%s %s\n", x.Item, x.Purpose)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// GiveGroup gives one finding for each posting of a group: all of them, or none. Every item has to wait for its first look,
// carry the bytes named, and have had its context opened by the caller (Contexts, Open); the bytes have to have been viewed
// and decided by the caller's authority. Each finding can be taken back by itself, and settles by itself.
// Law: TCO 1(3)
func (d *Desk) GiveGroup(ctx context.Context, c access.Caller, g Group) ([]staydown.Assessment, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	var out []staydown.Assessment
	err := d.act(ctx, c, access.Assess, func(tx Tx) error {
		out = out[:0]
		judged, err := tx.Judged(g.SHA256, c.Actor.Authority)
		if err != nil {
			return err
		}
		basis, err := g.RestsOn(judged)
		if err != nil {
			return err
		}
		batch := tx.NewID()
		for n := range g.Items {
			a, err := g.giveOne(tx, c, basis, batch, n)
			if err != nil {
				return err
			}
			if n > 0 && a.Circle != out[0].Circle {
				return at(refused("other_circle", "a group is decided within one circle"), n)
			}
			out = append(out, a)
		}
		return tx.Event(sealed(staydown.Event{Act: "give_group", Noun: "assessment", Subject: batch, Circle: out[0].Circle, Data: map[string]any{
			"count": len(out), "digest": g.digest(), "sha256": g.SHA256, "rests_on": basis.ID, "verdict": g.Verdict, "ground": g.Ground}}))
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (g Group) giveOne(tx Tx, c access.Caller, basis staydown.Assessment, batch staydown.ID, n int) (staydown.Assessment, error) {
	x := g.Items[n]
	s, p, err := place(tx, c, x.Item)
	if err != nil {
		return staydown.Assessment{}, at(err, n)
	}
	switch {
	case p.Turn != staydown.First:
		err = refused("blind", "a second look is given by looking, never in a group")
	case !s.Captured() || s.Item.MediaSHA256 != g.SHA256:
		err = refused("other_bytes", "this item does not carry the bytes of the group")
	case p.Draft.ID == "" || !p.Draft.Context:
		err = refused("context", "open the context of this posting first: publisher, caption and purpose are its own")
	}
	if err != nil {
		return staydown.Assessment{}, at(err, n)
	}
	draft, _ := p.begin(s, c.Actor.Person, c.Actor.Authority, p.Draft.ID, tx.Now())
	a := g.finding(draft, basis, x, batch, g.share(n))
	// No text is compared: the passage is the one found in these bytes before.
	if err := Check(a, true, ""); err != nil {
		return a, at(err, n)
	}
	_, err = give(tx, &a) // the group leaves one event for all
	return a, err
}

// at says which posting of a group an error is about.
func at(err error, n int) error {
	e, ok := err.(*staydown.Error)
	if !ok {
		return err
	}
	where := fmt.Sprintf("items[%d]", n)
	if e.Where != "" {
		where += "." + e.Where
	}
	return e.At(where)
}
