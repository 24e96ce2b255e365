package referral

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/fail"
	"github.com/staydown/staydown/internal/law"
)

var system = access.System("send")

// parcel is everything a message needs to leave, loaded in one transaction.
type parcel struct {
	message  staydown.Message
	letter   staydown.Letter
	provider staydown.Provider
	sender   staydown.Authority
	lines    []staydown.Line
	follows  staydown.ID // the message this one follows
	repeat   bool        // an earlier try was cut off: the provider may hold it already
	drop     bool        // nothing to send any more
	wait     time.Time   // not before
	queue    bool        // it waits until no other message is on such a channel
}

// HandleSend puts one message on its wire. The identity was written before; each try is noted before it begins, so that a
// crash in the middle is known to have happened.
func (d *Desk) HandleSend(ctx context.Context, j staydown.Job) error {
	p, err := d.begin(ctx, j.Subject, false)
	if err == nil && p.queue {
		select {
		case d.turn() <- struct{}{}:
			defer func() { <-d.turn() }()
		case <-ctx.Done():
			return d.pass(ctx, j)
		}
		p, err = d.begin(ctx, j.Subject, true)
	}
	if err != nil {
		return err
	}
	if p.drop {
		return d.Store.Finish(ctx, system, j, func(Tx) error { return nil })
	}
	if !p.wait.IsZero() {
		return d.again(ctx, j, p.wait)
	}
	wire, ok := d.Connectors[p.letter.Channel]
	if !ok {
		return d.settle(ctx, j, p, connector.Result{Outcome: connector.Refused, Detail: "no channel " + p.letter.Channel})
	}
	res, err := wire.Send(ctx, d.message(p))
	if err != nil {
		res = connector.Result{Outcome: connector.Refused, Detail: err.Error()}
	}
	if res.Outcome == connector.Accepted || res.Outcome == connector.Delivered {
		fail.Point(fail.Accepted)
		fail.Point(fail.Accepted + "/" + p.letter.Channel)
	}
	if res.Outcome == connector.Unknown && wire.Capabilities().Idempotent {
		res.Outcome = connector.Retry // the same key again has no second effect
	}
	again := res.Outcome == connector.Retry || res.Outcome == connector.Unknown && p.message.Tries < doubtfulTries
	if again && j.Tries < j.MaxTries {
		return d.retry(ctx, j, p, res)
	}
	return d.settle(ctx, j, p, res)
}

// doubtfulTries bounds how often a mail goes out whose server never says whether it took it. RFC 5321, 4.5.4.1 has a sender
// try again, because a lost letter is worse than one that comes twice under one Message-ID (RFC 1047).
const doubtfulTries = 4

// turn is held while a message is on a channel that takes a repeat for a new message, such as mail: one at a time, so that
// a crash leaves at most one in doubt.
func (d *Desk) turn() chan struct{} {
	d.once.Do(func() { d.one = make(chan struct{}, 1) })
	return d.one
}

// pass gives up waiting for the turn. A mail server that takes minutes costs the others no try.
func (d *Desk) pass(ctx context.Context, j staydown.Job) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	return d.again(context.WithoutCancel(ctx), j, d.Store.Now().Add(time.Minute))
}

// begin decides whether the message may leave now and notes that it is being tried. Who has not the turn on a channel that
// wants one is sent to wait for it, and nothing is noted.
func (d *Desk) begin(ctx context.Context, id staydown.ID, mine bool) (p parcel, err error) {
	err = d.Store.Act(ctx, system, func(tx Tx) error {
		p = parcel{}
		if p.message, err = tx.Message(id); err != nil {
			return err
		}
		if s := p.message.State; s != staydown.MessageWritten && s != staydown.MessageTrying {
			p.drop = true
			return nil
		}
		if err := p.load(tx); err != nil {
			return err
		}
		if p.message.Kind == "referral" {
			if done, err := d.stopped(tx, &p); err != nil || done {
				return err
			}
		}
		if p.message.Kind == "reminder" && !p.open() {
			return p.moot(tx)
		}
		if wire, ok := d.Connectors[p.letter.Channel]; ok && !mine && !wire.Capabilities().Idempotent {
			p.queue = true
			return nil
		}
		return p.try(tx, d)
	})
	return p, err
}

// open tells whether a line still waits for an answer.
func (p *parcel) open() bool {
	for _, ln := range p.lines {
		if ln.State == staydown.LineAsked || ln.State == staydown.LineNeedMore {
			return true
		}
	}
	return false
}

// moot settles a reminder whose lines were all answered before it left.
func (p *parcel) moot(tx Tx) error {
	p.drop = true
	p.message.State, p.message.Detail, p.message.SettledAt = staydown.MessageRefused, "not sent: every line was answered meanwhile", tx.Now()
	if err := tx.PutMessage(p.message); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Act: "drop", Noun: "message", Subject: p.message.ID, Circle: p.letter.Circle, Data: map[string]any{"letter": p.letter.ID}})
}

func (p *parcel) load(tx Tx) (err error) {
	if p.letter, err = tx.Letter(p.message.Letter); err != nil {
		return err
	}
	if p.provider, err = tx.Provider(p.letter.Provider); err != nil {
		return err
	}
	if p.sender, err = tx.Authority(p.letter.Owner); err != nil {
		return err
	}
	if p.lines, err = tx.LinesOf(p.letter.ID); err != nil {
		return err
	}
	all, err := tx.MessagesOf(p.letter.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Kind == "referral" && m.ID != p.message.ID && m.State != staydown.MessageRefused {
			p.follows = m.ID
		}
	}
	return nil
}

// stopped looks once more, at the moment of leaving, at what may stop a referral: embargo, freeze, the provider's capacity,
// and the eleven checks; a hold placed after approval sends the letter back.
func (d *Desk) stopped(tx Tx, p *parcel) (bool, error) {
	if p.letter.State == staydown.LetterWithdrawn || p.letter.State == staydown.LetterDraft {
		p.drop = true
		return true, nil
	}
	if p.letter.Campaign != "" {
		c, err := tx.Campaign(p.letter.Campaign)
		if err != nil {
			return false, err
		}
		if !c.MaySend(tx.Now()) {
			p.wait = later(tx.Now().Add(10*time.Minute), c.ReleaseAt)
			return true, nil
		}
	}
	if !p.unsent() {
		return false, nil
	}
	if cap := p.provider.PerHour; cap > 0 && p.letter.State == staydown.LetterApproved {
		n, err := tx.LinesSentSince(p.provider.ID, tx.Now().Add(-time.Hour))
		if err != nil {
			return false, err
		}
		if n > 0 && n+p.letter.Lines > cap {
			p.wait = tx.Now().Add(10 * time.Minute)
			return true, nil
		}
	}
	f, err := facts(tx, p.letter)
	if err != nil {
		return false, err
	}
	b := p.letter.Blocking(Check(f, d.KnownGood))
	if len(b) == 0 {
		return false, nil
	}
	why := fmt.Sprintf("check %d: %s", b[0].Check, b[0].Text)
	p.drop = true
	if p.letter.State == staydown.LetterApproved {
		return true, sendBack(tx, p.letter, why)
	}
	return true, p.callOff(tx, why)
}

// unsent tells whether nothing of the letter can have reached the provider: it was not tried, or each try was turned away.
func (p *parcel) unsent() bool {
	return p.letter.State == staydown.LetterApproved ||
		p.letter.State == staydown.LetterSent && p.message.State == staydown.MessageWritten && p.message.Detail != maybeTwice
}

// callOff ends a message between two tries, because something stops the letter that did not when it set out. The letter is
// one whose delivery failed: it can be sent again when what stopped it is gone, or withdrawn.
func (p *parcel) callOff(tx Tx, why string) error {
	p.message.State, p.message.Detail, p.message.SettledAt = staydown.MessageRefused, "not sent: "+why, tx.Now()
	if err := tx.PutMessage(p.message); err != nil {
		return err
	}
	if err := tx.Event(staydown.Event{Act: "drop", Noun: "message", Subject: p.message.ID, Circle: p.letter.Circle, Data: map[string]any{"letter": p.letter.ID}}); err != nil {
		return err
	}
	e, err := p.letter.Fail(p.message.Detail)
	if err != nil {
		return err
	}
	if err := tx.PutLetter(p.letter); err != nil {
		return err
	}
	return tx.Event(e)
}

func (p *parcel) try(tx Tx, d *Desk) error {
	p.repeat = p.message.State == staydown.MessageTrying
	p.message.State = staydown.MessageTrying
	p.message.Tries++
	if err := tx.PutMessage(p.message); err != nil {
		return err
	}
	if p.letter.State == staydown.LetterApproved {
		e, err := p.letter.Send(p.message.ID, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLetter(p.letter); err != nil {
			return err
		}
		if err := tx.Event(e); err != nil {
			return err
		}
		if d.DoorHash != nil {
			if err := tx.AddDoorToken(d.DoorHash(p.letter.ID), p.letter.ID, p.provider.ID, tx.Now().AddDate(0, 0, 90)); err != nil {
				return err
			}
		}
	}
	return tx.Event(staydown.Event{Act: "try", Noun: "message", Subject: p.message.ID, Circle: p.letter.Circle,
		Data: map[string]any{"letter": p.letter.ID, "try": p.message.Tries, "repeat": p.repeat}})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (d *Desk) again(ctx context.Context, j staydown.Job, at time.Time) error {
	return d.Store.Finish(ctx, system, j, func(tx Tx) error {
		return tx.Job(staydown.Job{Kind: j.Kind, Key: j.Key, Subject: j.Subject, Payload: j.Payload, RunAt: at, MaxTries: j.MaxTries})
	})
}

// retry waits as long as the other side asks; the message keeps its identity.
func (d *Desk) retry(ctx context.Context, j staydown.Job, p parcel, res connector.Result) error {
	wait := res.After
	if wait == 0 {
		wait = time.Duration(min(p.message.Tries, 6)) * 10 * time.Minute
	}
	return d.Store.Finish(ctx, system, j, func(tx Tx) error {
		m, err := tx.Message(p.message.ID)
		if err != nil {
			return err
		}
		if p.repeat || res.Outcome == connector.Unknown {
			m.Detail = maybeTwice
		}
		m.State = staydown.MessageWritten
		if err := tx.PutMessage(m); err != nil {
			return err
		}
		if err := tx.Event(outcome(m, p.letter, res)); err != nil {
			return err
		}
		return tx.Job(staydown.Job{Kind: j.Kind, Key: j.Key, Subject: j.Subject, RunAt: tx.Now().Add(wait), MaxTries: j.MaxTries - 1})
	})
}

const maybeTwice = "an earlier try was cut off: the provider may hold it twice, under one Message-ID"

func outcome(m staydown.Message, l staydown.Letter, res connector.Result) staydown.Event {
	return staydown.Event{Act: "settle", Noun: "message", Subject: m.ID, Circle: l.Circle,
		Data: map[string]any{"letter": l.ID, "outcome": res.Outcome, "state": m.State, "code": res.Code, "receipt": res.Receipt, "detail": res.Detail}}
}

// settle commits what became of the message, and leaves what follows from delivery: reminders, and our own looks.
func (d *Desk) settle(ctx context.Context, j staydown.Job, p parcel, res connector.Result) error {
	fail.Point(fail.Commit)
	return d.Store.Finish(ctx, system, j, func(tx Tx) error {
		m, err := tx.Message(p.message.ID)
		if err != nil {
			return err
		}
		l, err := tx.Letter(p.letter.ID)
		if err != nil {
			return err
		}
		m.SettledAt, m.Receipt, m.Detail = tx.Now(), res.Receipt, res.Detail
		m.State = stateOf(res.Outcome)
		if m.State == staydown.MessageTaken && !d.Connectors[l.Channel].Capabilities().Idempotent && (p.repeat || p.message.Detail == maybeTwice) {
			m.State, m.Detail = staydown.MessageUnknown, maybeTwice
		}
		if err := tx.PutMessage(m); err != nil {
			return err
		}
		if err := tx.Event(outcome(m, l, res)); err != nil {
			return err
		}
		if m.Kind != "referral" {
			return nil
		}
		return delivered(tx, l, m, res)
	})
}

func stateOf(o connector.Outcome) staydown.MessageState {
	switch o {
	case connector.Accepted, connector.Delivered:
		return staydown.MessageTaken
	case connector.Unknown:
		return staydown.MessageUnknown
	}
	return staydown.MessageRefused
}

// delivered moves the letter. An answer may have come in while the message was settling: then the letter is past this.
func delivered(tx Tx, l staydown.Letter, m staydown.Message, res connector.Result) error {
	if l.State == staydown.LetterSent {
		if err := moveLetter(tx, &l, m, res); err != nil {
			return err
		}
	}
	if m.State == staydown.MessageRefused {
		return nil
	}
	if err := follow(tx, l); err != nil {
		return err
	}
	instrument, err := law.Get(l.Instrument)
	if err != nil {
		return err
	}
	at, ok := instrument.Remind(0, tx.Now())
	if !ok {
		at = instrument.GiveUp(tx.Now())
	}
	return tx.Job(staydown.Job{Kind: "remind", Key: string(l.ID), Subject: l.ID, RunAt: at})
}

func moveLetter(tx Tx, l *staydown.Letter, m staydown.Message, res connector.Result) error {
	var events []staydown.Event
	step := func(e staydown.Event, err error) error {
		events = append(events, e)
		return err
	}
	var err error
	switch {
	case m.State == staydown.MessageRefused:
		err = step(l.Fail(res.Detail))
	case m.State == staydown.MessageUnknown:
		err = step(l.LoseSight(m.Detail))
	default:
		err = step(l.Deliver(res.Receipt, tx.Now()))
		if err == nil && res.Outcome == connector.Accepted {
			err = step(l.Acknowledge("receipt", tx.Now()))
		}
	}
	if err != nil {
		return err
	}
	if err := tx.PutLetter(*l); err != nil {
		return err
	}
	for _, e := range events {
		if err := tx.Event(e); err != nil {
			return err
		}
	}
	return nil
}

// FirstLook is how long after delivery we look for ourselves the first time.
const FirstLook = time.Hour

// follow leaves the first of our own looks for every line.
func follow(tx Tx, l staydown.Letter) error {
	all, err := tx.LinesOf(l.ID)
	if err != nil {
		return err
	}
	for _, ln := range all {
		if ln.State == staydown.LineWithdrawn {
			continue
		}
		b, err := json.Marshal(map[string]any{"n": 1, "line": ln.ID, "letter": l.ID, "sent": tx.Now()})
		if err != nil {
			return err
		}
		if err := tx.Job(staydown.Job{Kind: "verify", Key: string(ln.Item), Subject: ln.Item, Payload: string(b), RunAt: tx.Now().Add(FirstLook)}); err != nil {
			return err
		}
	}
	return nil
}

// Resend sends a letter that the channel refused once more, as a new message.
func (d *Desk) Resend(ctx context.Context, c access.Caller, letter staydown.ID) error {
	if err := c.May(access.Approve); err != nil {
		return err
	}
	return d.Store.Act(ctx, c, func(tx Tx) error {
		l, err := own(tx, c, letter)
		if err != nil {
			return err
		}
		if l.State != staydown.LetterFailed {
			return staydown.Errorf(staydown.Refused, "letter.state", "only a letter whose delivery failed is sent again")
		}
		all, err := tx.MessagesOf(l.ID)
		if err != nil {
			return err
		}
		p, err := tx.Provider(l.Provider)
		if err != nil {
			return err
		}
		l.Channel = p.Channel
		n := 1
		for _, m := range all {
			if m.Kind == "referral" && m.N >= n {
				n = m.N + 1
			}
		}
		if err := post(tx, l, p, "referral", n, tx.Now()); err != nil {
			return err
		}
		e, err := l.Send("", tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutLetter(l); err != nil {
			return err
		}
		return tx.Event(e)
	})
}
