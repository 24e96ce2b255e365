package signin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// How long links stay open, on the machine's clock.
const (
	SetUpLife  = 24 * time.Hour
	EnrolLife  = 72 * time.Hour
	SignInLife = 12 * time.Hour
)

// Invite makes a link with which a person chooses a password and a one-time code,
// for the first time or again. An earlier one stops working; what the person signs
// in with so far works until the new one was used.
func (d *Desk) Invite(ctx context.Context, c access.Caller, person staydown.ID) (token string, err error) {
	token, now := chance(""), staydown.At(d.wall())
	secret := d.seal(person, newTOTP())
	err = d.store.Act(ctx, c, func(tx Tx) error {
		p, err := d.manages(tx, c, person, false)
		if err != nil {
			return err
		}
		if !p.DisabledAt.IsZero() {
			return staydown.Errorf(staydown.Refused, "person.disabled", "this person's access was ended")
		}
		return invite(tx, p, token, secret, now)
	})
	return token, err
}

func invite(tx Tx, p staydown.Person, token, sealed string, now time.Time) error {
	if err := tx.DropLinks(EnrolLink, p.ID); err != nil {
		return err
	}
	l := Link{Hash: hashOf(token), Person: p.ID, Purpose: EnrolLink, TOTP: sealed, CreatedAt: now, ExpiresAt: now.Add(EnrolLife)}
	if err := tx.AddLink(l); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Act: "invite", Noun: "person", Subject: p.ID, Owner: p.Owner, Circle: p.Owner})
}

// shut is the answer to a link that opens nothing (any more).
func shut() error {
	return staydown.Errorf(staydown.NotFound, "signin.link", "this link was used, has run out, or never was: ask for a new one")
}

// open tells whether a link may still be used.
func (l Link) open(purpose Purpose, now time.Time) bool {
	return l.Purpose == purpose && l.UsedAt.IsZero() && now.Before(l.ExpiresAt)
}

func (d *Desk) link(ctx context.Context, token string, purpose Purpose) (Link, error) {
	if token == "" || len(token) > 128 {
		return Link{}, shut()
	}
	l, err := d.store.Link(ctx, hashOf(token))
	if staydown.KindOf(err) == staydown.NotFound {
		return Link{}, shut()
	}
	if err != nil {
		return Link{}, fmt.Errorf("reading a link: %w", err)
	}
	if !l.open(purpose, staydown.At(d.wall())) {
		return Link{}, shut()
	}
	return l, nil
}

// spend uses a link up inside a change, so that of two who try at once one gets in.
func (d *Desk) spend(tx Tx, token string, purpose Purpose, now time.Time) (Link, error) {
	l, err := tx.Link(hashOf(token))
	if staydown.KindOf(err) == staydown.NotFound {
		return l, shut()
	}
	if err != nil {
		return l, err
	}
	if !l.open(purpose, now) {
		return l, shut()
	}
	return l, tx.SpendLink(l.Hash, now)
}

// Enrolment shows what an invitation offers: who is invited, and the secret for
// their authenticator. Looking changes nothing.
func (d *Desk) Enrolment(ctx context.Context, token string) (staydown.Person, Secret, error) {
	l, err := d.link(ctx, token, EnrolLink)
	if err != nil {
		return staydown.Person{}, Secret{}, err
	}
	p, err := d.store.Person(ctx, l.Person)
	if err != nil {
		return p, Secret{}, fmt.Errorf("reading an invitation: %w", err)
	}
	secret, err := d.unseal(p.ID, l.TOTP)
	if err != nil {
		return p, Secret{}, fmt.Errorf("reading an invitation: %w", err)
	}
	return p, describe(secret, "Staydown", p.Login), nil
}

// Enrol takes up an invitation: with a password, and a code that proves that the
// authenticator has the secret. It ends the person's other sessions and begins one.
func (d *Desk) Enrol(ctx context.Context, token, password, given string) (Fresh, error) {
	l, err := d.link(ctx, token, EnrolLink)
	if err != nil {
		return Fresh{}, err
	}
	p, err := d.store.Person(ctx, l.Person)
	if err != nil {
		return Fresh{}, fmt.Errorf("taking up an invitation: %w", err)
	}
	if err := fit(password, p.Login); err != nil {
		return Fresh{}, err
	}
	secret, err := d.unseal(p.ID, l.TOTP)
	if err != nil {
		return Fresh{}, fmt.Errorf("taking up an invitation: %w", err)
	}
	now := staydown.At(d.wall())
	step, ok := stepOf(secret, given, now, 0)
	if !ok {
		return Fresh{}, staydown.Errorf(staydown.Invalid, "signin.code", "this code is not right; check the clock of your authenticator").At("code")
	}
	cookie, phc := chance(""), d.hash(password)
	err = d.store.Act(ctx, itself(), func(tx Tx) error {
		l, err := d.spend(tx, token, EnrolLink, now)
		if err != nil {
			return err
		}
		p, err := tx.Person(l.Person)
		if err != nil {
			return err
		}
		if err := tx.EndSessionsOf(p.ID); err != nil {
			return err
		}
		if err := tx.SetCredential(Credential{Person: p.ID, Password: phc, TOTP: l.TOTP, TOTPLast: step}); err != nil {
			return err
		}
		e := staydown.Event{Act: "enrol", Noun: "person", Subject: p.ID, Owner: p.Owner, Circle: p.Owner, Actor: staydown.Actor{Person: p.ID, Authority: p.Owner}}
		if err := tx.Event(e); err != nil {
			return err
		}
		return d.begin(tx, p, cookie, now, "enrolment")
	})
	if err != nil {
		return Fresh{}, err
	}
	return Fresh{Cookie: cookie, Expires: now.Add(SessionLife), Person: p}, nil
}

// OneTime makes a link that starts one session without a password: for one person,
// or, in an exercise only and with no person given, for whichever officer the
// visitor chooses. Only the terminal makes them.
func (d *Desk) OneTime(ctx context.Context, c access.Caller, person staydown.ID) (string, error) {
	if !c.IsSystem() {
		return "", staydown.Errorf(staydown.Refused, "signin.terminal", "sign-in links are made on the terminal only")
	}
	if err := c.May(access.Manage); err != nil {
		return "", err
	}
	if !d.exercise {
		return "", staydown.Errorf(staydown.Refused, "signin.exercise", "sign-in links exist in an exercise only: invite the person instead")
	}
	token, now := chance(""), staydown.At(d.wall())
	err := d.store.Act(ctx, c, func(tx Tx) error {
		if person != "" {
			if _, err := tx.Person(person); err != nil {
				return err
			}
		}
		l := Link{Hash: hashOf(token), Person: person, Purpose: SignInLink, CreatedAt: now, ExpiresAt: now.Add(SignInLife)}
		if err := tx.AddLink(l); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "issue", Noun: "sign_in_link", Subject: person})
	})
	return token, err
}

// Choices lists as whom a one-time link lets its visitor sign in. Looking changes
// nothing.
func (d *Desk) Choices(ctx context.Context, token string) ([]staydown.Person, error) {
	l, err := d.link(ctx, token, SignInLink)
	if err != nil {
		return nil, err
	}
	if l.Person != "" {
		p, err := d.store.Person(ctx, l.Person)
		return []staydown.Person{p}, err
	}
	return d.Officers(ctx)
}

// Officers lists everybody who can be stepped in as, in an exercise; elsewhere it
// is refused.
func (d *Desk) Officers(ctx context.Context) ([]staydown.Person, error) {
	if !d.exercise {
		return nil, staydown.Errorf(staydown.Refused, "signin.exercise", "this is no exercise")
	}
	authorities, err := d.store.Authorities(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing officers: %w", err)
	}
	var all []staydown.Person
	for _, a := range authorities {
		people, err := d.store.PeopleOf(ctx, a.ID)
		if err != nil {
			return nil, fmt.Errorf("listing officers: %w", err)
		}
		all = append(all, slices.DeleteFunc(people, func(p staydown.Person) bool { return !p.DisabledAt.IsZero() })...)
	}
	return all, nil
}

// Redeem uses a one-time link up and signs in as one of its choices.
func (d *Desk) Redeem(ctx context.Context, token string, person staydown.ID) (Fresh, error) {
	choices, err := d.Choices(ctx, token)
	if err != nil {
		return Fresh{}, err
	}
	if !slices.ContainsFunc(choices, func(p staydown.Person) bool { return p.ID == person }) {
		return Fresh{}, staydown.Errorf(staydown.NotFound, "person.not_found", "nobody here by that name")
	}
	return d.stepIn(ctx, person, "link", func(tx Tx, now time.Time) error {
		_, err := d.spend(tx, token, SignInLink, now)
		return err
	})
}

// Switch lets whoever is signed in to an exercise go on as another officer. The
// session so far ends.
func (d *Desk) Switch(ctx context.Context, cookie string, person staydown.ID) (Fresh, error) {
	if !d.exercise {
		return Fresh{}, staydown.Errorf(staydown.Refused, "signin.exercise", "this is no exercise")
	}
	if _, _, err := d.Session(ctx, cookie); err != nil {
		return Fresh{}, err
	}
	return d.stepIn(ctx, person, "switch", func(tx Tx, _ time.Time) error { return tx.EndSession(hashOf(cookie)) })
}

func (d *Desk) stepIn(ctx context.Context, person staydown.ID, how string, first func(Tx, time.Time) error) (Fresh, error) {
	cookie, now := chance(""), staydown.At(d.wall())
	var p staydown.Person
	err := d.store.Act(ctx, itself(), func(tx Tx) error {
		var err error
		if err := first(tx, now); err != nil {
			return err
		}
		if p, err = tx.Person(person); err != nil {
			return err
		}
		if !p.DisabledAt.IsZero() {
			return gone()
		}
		return d.begin(tx, p, cookie, now, how)
	})
	if err != nil {
		return Fresh{}, err
	}
	return Fresh{Cookie: cookie, Expires: now.Add(SessionLife), Person: p}, nil
}
