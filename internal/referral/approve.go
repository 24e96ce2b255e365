package referral

import (
	"context"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Checks runs the eleven checks on a letter as it stands now.
func (d *Desk) Checks(ctx context.Context, c access.Caller, letter staydown.ID) (out []staydown.Finding, err error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	err = d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := tx.Letter(letter)
		if err != nil {
			return err
		}
		if err := c.Sees(l.Circle); err != nil {
			return err
		}
		f, err := facts(tx, l)
		if err != nil {
			return err
		}
		out = Check(f, d.KnownGood)
		return nil
	})
	return out, err
}

func facts(tx Tx, l staydown.Letter) (Facts, error) {
	f := Facts{Letter: l, Now: tx.Now()}
	var err error
	if f.Sender, err = tx.Authority(l.Owner); err != nil {
		return f, err
	}
	if f.Provider, err = tx.Provider(l.Provider); err != nil {
		return f, err
	}
	all, err := tx.LinesOf(l.ID)
	if err != nil {
		return f, err
	}
	var itemIDs []staydown.ID
	var places []string
	for _, ln := range all {
		if ln.State != staydown.LineWithdrawn {
			f.Lines = append(f.Lines, LineFacts{Line: ln})
			itemIDs = append(itemIDs, ln.Item)
			places = append(places, ln.Location)
		}
	}
	items, err := tx.Items(itemIDs)
	if err != nil {
		return f, err
	}
	found, err := assessmentsOf(tx, items)
	if err != nil {
		return f, err
	}
	queries, err := tx.LatestQueries(itemIDs)
	if err != nil {
		return f, err
	}
	asked, err := tx.AskedElsewhere(l.ID, l.Instrument, places)
	if err != nil {
		return f, err
	}
	byID := make(map[staydown.ID]staydown.Item, len(items))
	for _, i := range items {
		byID[i.ID] = i
	}
	for n := range f.Lines {
		x := &f.Lines[n]
		x.Item = byID[x.Line.Item]
		x.Assessment = found[x.Item.Assessment]
		x.Query = queries[x.Line.Item]
		x.AskedElsewhere = asked[x.Line.Location]
	}
	return f, nil
}

// Override lets a second person send in spite of a finding that may be overridden, with a reason the overseer sees.
func (d *Desk) Override(ctx context.Context, c access.Caller, letter staydown.ID, check int, reason string) error {
	if err := c.May(access.Approve); err != nil {
		return err
	}
	if reason == "" {
		return staydown.Errorf(staydown.Invalid, "letter.reason", "give the reason; the overseer reads it").At("reason")
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := own(tx, c, letter)
		if err != nil {
			return err
		}
		if l.State != staydown.LetterDraft {
			return staydown.Errorf(staydown.Refused, "letter.state", "a finding is overridden before approval")
		}
		if l.DraftedBy == c.Actor.Person {
			return staydown.Errorf(staydown.Refused, "letter.same_officer", "who drafted a letter cannot override a finding on it")
		}
		f, err := facts(tx, l)
		if err != nil {
			return err
		}
		for _, x := range Check(f, d.KnownGood) {
			if x.Check == check && !x.OK && !x.Override && !x.Warning {
				return staydown.Errorf(staydown.Refused, "letter.never", "check %d can never be overridden: %s", check, x.Text)
			}
		}
		l.Overrides = append(l.Overrides, staydown.Override{Check: check, By: c.Actor.Person, Reason: reason, At: tx.Now()})
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "override", Noun: "letter", Subject: l.ID, Circle: l.Circle, Data: map[string]any{"check": check, "reason": reason}})
	})
}

// Approve lets a letter go out: by another person than the drafter, and only when no check stands against it. The message's
// identity is written in the same transaction; it leaves at the campaign's hour at the earliest.
func (d *Desk) Approve(ctx context.Context, c access.Caller, letter staydown.ID) (l staydown.Letter, err error) {
	if err := c.May(access.Approve); err != nil {
		return l, err
	}
	err = d.Store.Act(ctx, c, func(tx Tx) error {
		if l, err = own(tx, c, letter); err != nil {
			return err
		}
		f, err := facts(tx, l)
		if err != nil {
			return err
		}
		if len(f.Lines) == 0 {
			return staydown.Errorf(staydown.Refused, "letter.empty", "a letter without lines goes nowhere")
		}
		e, err := l.Approve(c.Actor.Person, tx.Now(), Check(f, d.KnownGood))
		if err != nil {
			return err
		}
		if l.SendAfter, err = earliest(tx, l); err != nil {
			return err
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		if err := tx.Event(e); err != nil {
			return err
		}
		return post(tx, l, f.Provider, "referral", 1, l.SendAfter)
	})
	return l, err
}

// earliest is the campaign's hour, or now.
func earliest(tx Tx, l staydown.Letter) (time.Time, error) {
	if l.Campaign == "" {
		return tx.Now(), nil
	}
	camp, err := tx.Campaign(l.Campaign)
	if err != nil || camp.ReleaseAt.Before(tx.Now()) {
		return tx.Now(), err
	}
	return camp.ReleaseAt, nil
}

// post writes down a message before it leaves, and leaves the job that sends it.
func post(tx Tx, l staydown.Letter, p staydown.Provider, kind string, n int, at time.Time) error {
	to := p.Email
	if l.Channel == "webhook" {
		to = p.Webhook
	}
	m := staydown.Message{ID: tx.NewID(), Letter: l.ID, Owner: l.Owner, Circle: l.Circle, Kind: kind, N: n, Channel: l.Channel, Recipient: to,
		State: staydown.MessageWritten, WrittenAt: tx.Now()}
	if err := tx.AddMessage(m); err != nil {
		return err
	}
	if err := tx.Event(staydown.Event{Act: "write", Noun: "message", Subject: m.ID, Circle: l.Circle, Data: map[string]any{"letter": l.ID, "kind": kind, "n": n}}); err != nil {
		return err
	}
	return tx.Job(staydown.Job{Kind: "send", Key: string(m.ID), Subject: m.ID, RunAt: at, MaxTries: 40})
}

// Return sends an approved letter back to its drafter, before it has left.
func (d *Desk) Return(ctx context.Context, c access.Caller, letter staydown.ID, why string) error {
	if err := c.May(access.Approve); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := own(tx, c, letter)
		if err != nil {
			return err
		}
		return sendBack(tx, l, why)
	})
}

// sendBack returns a letter and refuses its unsent message, so that its send job finds nothing to do.
func sendBack(tx Tx, l staydown.Letter, why string) error {
	e, err := l.Return(why)
	if err != nil {
		return err
	}
	if err := tx.PutLetter(l); err != nil {
		return err
	}
	all, err := tx.MessagesOf(l.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.State == staydown.MessageWritten {
			m.State, m.Detail, m.SettledAt = staydown.MessageRefused, "returned before sending: "+why, tx.Now()
			if err := tx.PutMessage(m); err != nil {
				return err
			}
		}
	}
	return tx.Event(e)
}
