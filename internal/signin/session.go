package signin

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// How long a session lives, on the machine's clock.
const (
	SessionLife = 12 * time.Hour   // from signing in
	SessionIdle = 90 * time.Minute // from the last request
	seenEvery   = time.Minute      // how exactly the last request is noted
)

// Fresh is a session just begun. The cookie is known to the browser only.
type Fresh struct {
	Cookie  string
	Expires time.Time
	Person  staydown.Person
}

// wrong is the one answer to every failed try, so that nobody learns which logins
// exist.
func wrong() error {
	return staydown.Errorf(staydown.Refused, "signin.wrong", "login, password or code is wrong; after several tries, wait a few minutes")
}

// gone is the answer to a cookie or token that opens nothing (any more).
func gone() error {
	return staydown.Errorf(staydown.Refused, "signin.required", "sign in first")
}

// SignIn lets a person in with login, password and one-time code. A wrong try
// is noted, and after five in a row the person has to wait, longer each time.
func (d *Desk) SignIn(ctx context.Context, login, password, given string) (Fresh, error) {
	p, err := d.store.PersonByLogin(ctx, normal(login))
	if staydown.KindOf(err) == staydown.NotFound {
		d.matches(password, d.decoy) // as long as a real try takes
		return Fresh{}, wrong()
	}
	if err != nil {
		return Fresh{}, fmt.Errorf("signing in: %w", err)
	}
	cred, err := d.store.Credential(ctx, p.ID)
	if err != nil {
		return Fresh{}, fmt.Errorf("signing in: %w", err)
	}
	phc := cred.Password
	if phc == "" {
		phc = d.decoy
	}
	right := d.matches(password, phc) && cred.Password != "" && p.DisabledAt.IsZero()
	return d.settle(ctx, p, right, given)
}

// settle decides about a try in one change: the code counts once, and failures
// are counted even when tries come side by side.
func (d *Desk) settle(ctx context.Context, p staydown.Person, right bool, given string) (Fresh, error) {
	cookie := chance("")
	let, now := false, staydown.At(d.wall())
	err := d.store.Act(ctx, itself(), func(tx Tx) error {
		let = false
		cred, err := tx.Credential(p.ID)
		if err != nil {
			return err
		}
		step, ok := d.proves(cred, given, now)
		if let = right && ok && !now.Before(cred.LockedUntil); !let {
			return d.refuse(tx, p, cred, now)
		}
		cred.Failures, cred.LockedUntil, cred.TOTPLast = 0, time.Time{}, step
		if err := tx.PutCredential(cred); err != nil {
			return err
		}
		return d.begin(tx, p, cookie, now, "code")
	})
	if err != nil {
		return Fresh{}, fmt.Errorf("signing in: %w", err)
	}
	if !let {
		return Fresh{}, wrong()
	}
	return Fresh{Cookie: cookie, Expires: now.Add(SessionLife), Person: p}, nil
}

func (d *Desk) proves(cred Credential, given string, now time.Time) (int64, bool) {
	if cred.TOTP == "" {
		return 0, false
	}
	secret, err := d.unseal(cred.Person, cred.TOTP)
	if err != nil {
		return 0, false
	}
	return stepOf(secret, given, now, cred.TOTPLast)
}

// refuse counts a failed try and says in the log that there was one.
func (d *Desk) refuse(tx Tx, p staydown.Person, cred Credential, now time.Time) error {
	if now.Before(cred.LockedUntil) {
		return nil // already paused: more tries change nothing and fill no log
	}
	cred.Person = p.ID
	cred.Failures++
	if cred.Failures >= 5 {
		cred.LockedUntil = now.Add(pause(cred.Failures))
	}
	if err := tx.PutCredential(cred); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Stream: staydown.Access, Act: "refuse_sign_in", Noun: "session", Subject: p.ID, Owner: p.Owner, Circle: p.Owner,
		Data: map[string]any{"failures": cred.Failures}})
}

// pause is how long to wait after so many failures in a row: half a minute after
// five, doubled with each one more, an hour at the most.
func pause(failures int) time.Duration {
	wait := 30 * time.Second
	for range failures - 5 {
		if wait *= 2; wait > time.Hour {
			return time.Hour
		}
	}
	return wait
}

// begin keeps a new session and logs it.
func (d *Desk) begin(tx Tx, p staydown.Person, cookie string, now time.Time, how string) error {
	s := Session{Hash: hashOf(cookie), Person: p.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionLife), CSRF: rand.Text()}
	if err := tx.AddSession(s); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Stream: staydown.Access, Act: "sign_in", Noun: "session", Subject: p.ID, Owner: p.Owner, Circle: p.Owner,
		Actor: staydown.Actor{Person: p.ID, Authority: p.Owner}, Data: map[string]any{"how": how}})
}

// Session tells who stands behind a cookie, and notes that the browser was seen.
// It returns an Error of kind Refused when nobody does (any more).
func (d *Desk) Session(ctx context.Context, cookie string) (access.Caller, staydown.Person, error) {
	none := staydown.Person{}
	if cookie == "" || len(cookie) > 128 {
		return access.Caller{}, none, gone()
	}
	s, err := d.store.Session(ctx, hashOf(cookie))
	if staydown.KindOf(err) == staydown.NotFound {
		return access.Caller{}, none, gone()
	}
	if err != nil {
		return access.Caller{}, none, fmt.Errorf("reading a session: %w", err)
	}
	now := staydown.At(d.wall())
	if !now.Before(s.ExpiresAt) || now.Sub(s.SeenAt) > SessionIdle {
		return access.Caller{}, none, gone()
	}
	c, p, err := d.callerFor(ctx, s.Person)
	if err != nil {
		return access.Caller{}, none, err
	}
	if now.Sub(s.SeenAt) >= seenEvery {
		if err := d.store.Act(ctx, itself(), func(tx Tx) error { return tx.SeeSession(s.Hash, now) }); err != nil {
			return access.Caller{}, none, fmt.Errorf("noting a session: %w", err)
		}
	}
	return c, p, nil
}

// callerFor makes the caller of a person who is not disabled.
func (d *Desk) callerFor(ctx context.Context, person staydown.ID) (access.Caller, staydown.Person, error) {
	p, err := d.store.Person(ctx, person)
	if err != nil {
		return access.Caller{}, p, fmt.Errorf("reading who is signed in: %w", err)
	}
	if !p.DisabledAt.IsZero() {
		return access.Caller{}, staydown.Person{}, gone()
	}
	circles, err := d.store.CirclesOf(ctx, p.Owner)
	if err != nil {
		return access.Caller{}, p, fmt.Errorf("reading who is signed in: %w", err)
	}
	return access.Caller{Actor: staydown.Actor{Person: p.ID, Authority: p.Owner}, Roles: p.Roles, Circles: circles}, p, nil
}

// SignOut ends the session of a cookie; one that is over already is no error.
func (d *Desk) SignOut(ctx context.Context, cookie string) error {
	if err := d.store.Act(ctx, itself(), func(tx Tx) error { return tx.EndSession(hashOf(cookie)) }); err != nil {
		return fmt.Errorf("signing out: %w", err)
	}
	return nil
}

// normal is the one spelling of a login.
func normal(login string) string { return strings.ToLower(strings.TrimSpace(login)) }
