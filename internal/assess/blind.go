package assess

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Visible lists the findings that an officer may read: the own ones; of the others', those that have settled and wait for
// nobody's blind look. A finding that can still be taken back shows nothing either, so that nobody answers, looks, and takes
// back. overseer says that the reader never gives findings; drafts are their officers' own even then.
func Visible(all []staydown.Assessment, officer staydown.ID, overseer bool) []staydown.Assessment {
	var out []staydown.Assessment
	for _, a := range all {
		switch {
		case a.Officer == officer:
		case a.State == staydown.AssessmentDraft:
			continue
		case !overseer && (a.State == staydown.AssessmentGiven || a.State == staydown.AssessmentSecondAsked):
			continue
		}
		out = append(out, a)
	}
	return out
}

// AssessmentsOf lists the findings on an item that the caller may read, oldest first: who may still be asked for a blind
// second look does not get the first.
func (d *Desk) AssessmentsOf(ctx context.Context, c access.Caller, item staydown.ID) ([]staydown.Assessment, error) {
	all, err := d.looks(ctx, c, item)
	if err != nil {
		return nil, err
	}
	return Visible(all, c.Actor.Person, oversees(c)), nil
}

// Blind reports whether there is a finding on the item which the caller may not read yet. Pages that show more than
// AssessmentsOf, such as the fields of logged events, ask it first.
func (d *Desk) Blind(ctx context.Context, c access.Caller, item staydown.ID) (bool, error) {
	all, err := d.looks(ctx, c, item)
	if err != nil {
		return false, err
	}
	given := 0
	for _, a := range all {
		if a.State != staydown.AssessmentDraft || a.Officer == c.Actor.Person {
			given++
		}
	}
	return len(Visible(all, c.Actor.Person, oversees(c))) < given, nil
}

func (d *Desk) looks(ctx context.Context, c access.Caller, item staydown.ID) ([]staydown.Assessment, error) {
	if err := d.sees(ctx, c, item); err != nil {
		return nil, err
	}
	return d.Store.LooksAt(ctx, item)
}

// sees asks whether the caller may see items, and this one.
func (d *Desk) sees(ctx context.Context, c access.Caller, item staydown.ID) error {
	if err := c.May(access.See); err != nil {
		return err
	}
	s, err := d.Store.SeatOf(ctx, item)
	if err != nil {
		return err
	}
	return c.Sees(s.Item.Circle)
}

func oversees(c access.Caller) bool {
	return c.May(access.ReadLog) == nil && c.May(access.Assess) != nil
}
