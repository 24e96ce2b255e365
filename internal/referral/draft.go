package referral

import (
	"context"
	"fmt"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/law"
)

// MaxLines is how many locations one letter may carry.
const MaxLines = 200

// Draft puts up to max items of one provider that wait for a letter of the caller's authority into a new letter, ordered
// by location. The sender is the authority that decided, always.
func (d *Desk) Draft(ctx context.Context, c access.Caller, campaign, provider staydown.ID, max int) (staydown.Letter, error) {
	return d.draft(ctx, c, provider, func(tx Tx, p staydown.Provider) ([]staydown.Item, error) {
		if err := c.Sees(circleOf(c, campaign)); err != nil {
			return nil, err
		}
		return tx.ReadyItems(c.Actor.Authority, circleOf(c, campaign), provider, batchOf(p, max))
	})
}

// DraftItems puts chosen items, all of one provider, into a new letter.
func (d *Desk) DraftItems(ctx context.Context, c access.Caller, provider staydown.ID, items []staydown.ID) (staydown.Letter, error) {
	return d.draft(ctx, c, provider, func(tx Tx, p staydown.Provider) ([]staydown.Item, error) {
		found, err := tx.Items(items)
		if err != nil {
			return nil, err
		}
		if len(found) != len(items) {
			return nil, staydown.Errorf(staydown.NotFound, "item.not_found", "%d of %d items are not here", len(items)-len(found), len(items))
		}
		for _, i := range found {
			if err := c.Sees(i.Circle); err != nil {
				return nil, err
			}
			if err := mayBeAsked(i, p); err != nil {
				return nil, err
			}
		}
		return found, nil
	})
}

func mayBeAsked(i staydown.Item, p staydown.Provider) error {
	switch {
	case !i.Verdict.Actionable():
		return staydown.Errorf(staydown.Refused, "item.not_actionable", "no finding stands that a letter could rest on").At(i.Location)
	case i.Line != "":
		return staydown.Errorf(staydown.Refused, "item.in_letter", "it is in a letter already").At(i.Location)
	case i.Provider != p.ID:
		return staydown.Errorf(staydown.Refused, "item.other_provider", "it is not hosted by %s", p.Name).At(i.Location)
	}
	return nil
}

func batchOf(p staydown.Provider, max int) int {
	n := MaxLines
	if p.Batch > 0 && p.Batch < n {
		n = p.Batch
	}
	if max > 0 && max < n {
		n = max
	}
	return n
}

func (d *Desk) draft(ctx context.Context, c access.Caller, provider staydown.ID, pick func(Tx, staydown.Provider) ([]staydown.Item, error)) (l staydown.Letter, err error) {
	if err := c.May(access.Draft); err != nil {
		return l, err
	}
	err = d.Store.Act(ctx, c, func(tx Tx) error {
		p, err := tx.Provider(provider)
		if err != nil {
			return err
		}
		items, err := pick(tx, p)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return staydown.Errorf(staydown.NotFound, "letter.empty", "nothing waits for a letter to %s", p.Name)
		}
		if len(items) > MaxLines {
			return staydown.Errorf(staydown.Invalid, "letter.too_long", "a letter carries at most %d lines", MaxLines)
		}
		l, err = write(tx, c, p, items)
		return err
	})
	return l, err
}

func write(tx Tx, c access.Caller, p staydown.Provider, items []staydown.Item) (staydown.Letter, error) {
	a, err := tx.Authority(c.Actor.Authority)
	if err != nil {
		return staydown.Letter{}, err
	}
	who, err := tx.Person(c.Actor.Person)
	if err != nil {
		return staydown.Letter{}, err
	}
	instrument, err := law.Get("referral")
	if err != nil {
		return staydown.Letter{}, err
	}
	if err := instrument.MayIssue(a, p); err != nil {
		return staydown.Letter{}, err
	}
	ref, err := reference(tx, a)
	if err != nil {
		return staydown.Letter{}, err
	}
	l := staydown.Letter{ID: tx.NewID(), Owner: a.ID, Circle: items[0].Circle, Campaign: items[0].Campaign, Provider: p.ID, Instrument: instrument.Name,
		State: staydown.LetterDraft, Reference: ref, Channel: p.Channel, Lines: len(items), DeskCode: deskCode(who, a), DraftedBy: who.ID, DraftedAt: tx.Now()}
	if err := tx.AddLetter(l); err != nil {
		return l, err
	}
	return l, lines(tx, l, p, items)
}

// deskCode stands in a letter in the place of a person's name: the officer's own code, or the desk's.
func deskCode(who staydown.Person, a staydown.Authority) string {
	if who.DeskCode != "" {
		return who.DeskCode
	}
	return a.DeskCode
}

func lines(tx Tx, l staydown.Letter, p staydown.Provider, items []staydown.Item) error {
	found, err := assessmentsOf(tx, items)
	if err != nil {
		return err
	}
	places := make([]string, 0, len(items))
	for _, i := range items {
		if i.Circle != l.Circle {
			return staydown.Errorf(staydown.Refused, "letter.circle", "a letter stays within one circle").At(i.Location)
		}
		a, ok := found[i.Assessment]
		if !ok || a.Owner != l.Owner {
			return staydown.Errorf(staydown.Refused, "letter.sender", "another authority decided this item; it sends its own letter").At(i.Location)
		}
		line := lineOf(tx.NewID(), l, p, i, a)
		if err := tx.AddLine(line); err != nil {
			return err
		}
		i.Line, i.TheySay = line.ID, line.State
		if err := tx.PutItem(i); err != nil {
			return err
		}
		places = append(places, string(i.ID))
	}
	return tx.Event(staydown.Event{Act: "draft", Noun: "letter", Subject: l.ID, Circle: l.Circle,
		Data: map[string]any{"provider": p.ID, "lines": len(items), "items": digestOf(places)}})
}

func lineOf(id staydown.ID, l staydown.Letter, p staydown.Provider, i staydown.Item, a staydown.Assessment) staydown.Line {
	line := staydown.Line{ID: id, Letter: l.ID, Owner: l.Owner, Circle: l.Circle, Item: i.ID, Provider: p.ID, Location: i.Location, Kind: i.Kind,
		Ground: string(a.Ground), Clause: a.Clause, State: staydown.LineAsked, WeSaw: i.WeSaw, WeSawAt: i.WeSawAt}
	if line.Clause == "" {
		line.Clause = p.Clause
	}
	if a.Verdict == staydown.TermsOnly {
		line.Ground = "terms"
	}
	line.Explanation = explanation(a)
	return line
}

// explanation is what the provider reads beside the address: the ground and the quoted passage, nothing about how it was
// found or by whom (check 11).
func explanation(a staydown.Assessment) string {
	var parts []string
	if a.Verdict == staydown.TerroristContent {
		parts = append(parts, fmt.Sprintf("Article 2(7)(%s) of Regulation (EU) 2021/784.", a.Ground))
	} else {
		parts = append(parts, "Against your terms.")
	}
	if a.Passage != "" {
		parts = append(parts, "Passage: “"+a.Passage+"”.")
	}
	if a.Danger != "" {
		parts = append(parts, "Danger: "+a.Danger)
	}
	return strings.Join(parts, " ")
}

func reference(tx Tx, a staydown.Authority) (string, error) {
	year := tx.Now().Year()
	n, err := tx.NextNumber(fmt.Sprintf("letter/%s/%d", a.ID, year))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%d-%05d", a.DeskCode, year, n), nil
}

// RemoveLine takes one location out of a draft; its item is free for another letter.
func (d *Desk) RemoveLine(ctx context.Context, c access.Caller, line staydown.ID) error {
	if err := c.May(access.Draft); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		ln, err := tx.Line(line)
		if err != nil {
			return err
		}
		l, err := own(tx, c, ln.Letter)
		if err != nil {
			return err
		}
		if l.State != staydown.LetterDraft {
			return staydown.Errorf(staydown.Refused, "letter.state", "lines can be taken out of a draft only")
		}
		if err := freeLine(tx, ln, "taken out of the draft"); err != nil {
			return err
		}
		l.Lines--
		return tx.PutLetter(l)
	})
}

// Discard gives up a draft.
func (d *Desk) Discard(ctx context.Context, c access.Caller, letter staydown.ID, why string) error {
	if err := c.May(access.Draft); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := own(tx, c, letter)
		if err != nil {
			return err
		}
		e, err := l.Discard(why, tx.Now())
		if err != nil {
			return err
		}
		all, err := tx.LinesOf(l.ID)
		if err != nil {
			return err
		}
		for _, ln := range all {
			if ln.State != staydown.LineWithdrawn {
				if err := freeLine(tx, ln, why); err != nil {
					return err
				}
			}
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// freeLine withdraws a line that never left and frees its item.
func freeLine(tx Tx, ln staydown.Line, why string) error {
	e, err := ln.Say(staydown.LineWithdrawn, nil, why, tx.Now())
	if err != nil {
		return err
	}
	if err := tx.PutLine(ln); err != nil {
		return err
	}
	i, err := tx.Item(ln.Item)
	if err != nil {
		return err
	}
	if i.Line == ln.ID {
		i.Line, i.TheySay = "", ""
		if err := tx.PutItem(i); err != nil {
			return err
		}
	}
	return tx.Event(e)
}

func assessmentsOf(tx Tx, items []staydown.Item) (map[staydown.ID]staydown.Assessment, error) {
	var want []staydown.ID
	for _, i := range items {
		if i.Assessment != "" {
			want = append(want, i.Assessment)
		}
	}
	found, err := tx.Assessments(want)
	if err != nil {
		return nil, err
	}
	out := make(map[staydown.ID]staydown.Assessment, len(found))
	for _, a := range found {
		out[a.ID] = a
	}
	return out, nil
}
