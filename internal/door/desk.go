package door

import (
	"context"
	"crypto/hmac"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// The door's limits, on the desk's clock.
const (
	CodeLife    = 15 * time.Minute // from sending
	CodeTries   = 5                // for one code
	knockLife   = time.Hour        // of a session whose code was not typed in
	SessionLife = 8 * time.Hour    // of a proven session
	CodesADay   = 10               // for a letter, not counting those that were typed in
	CodesInAll  = 60               // the same over a letter's life; then its sender must be asked
)

// Desk keeps the door.
type Desk struct {
	Store Store
	Key   []byte // of the door (seal.Ring.DoorKey)
}

// The refusals. Unknown, expired and revoked links are one: a stranger learns
// nothing from the answer.
func unknown() error {
	return staydown.Errorf(staydown.NotFound, "door.unknown", "this link opens nothing, or nothing any more; ask the sender of the letter for a new one")
}

func noSession() error {
	return staydown.Errorf(staydown.Refused, "door.session", "open the link in the letter again")
}

func caller(provider staydown.ID) access.Caller {
	return access.Caller{Actor: staydown.Actor{System: "provider:" + string(provider)}}
}

// Look tells which letter a token is for. It changes nothing and proves no receipt.
func (d *Desk) Look(ctx context.Context, token string) (Pass, error) {
	if len(token) != tokenLength {
		return Pass{}, unknown()
	}
	p, err := d.Store.DoorPass(ctx, TokenHash(token))
	return opens(p, err, d.Store.Now())
}

func opens(p Pass, err error, now time.Time) (Pass, error) {
	if staydown.KindOf(err) == staydown.NotFound {
		return Pass{}, unknown()
	}
	if err != nil {
		return Pass{}, err
	}
	if !p.RevokedAt.IsZero() || !now.Before(p.ExpiresAt) {
		return Pass{}, unknown()
	}
	return p, nil
}

// Knock opens a session for the holder of a token. The caller mails code to the
// letter's registered contact and gives cookie to the visitor; neither is kept
// readable. It is refused when too many codes were sent that nobody
// typed in: a contact that uses its codes is never shut out.
func (d *Desk) Knock(ctx context.Context, token string) (cookie, code string, p Pass, err error) {
	if p, err = d.Look(ctx, token); err != nil {
		return "", "", Pass{}, err
	}
	if code, err = newCode(); err != nil {
		return "", "", Pass{}, err
	}
	cookie = newCookie()
	hash := TokenHash(cookie)
	err = d.Store.Act(ctx, caller(p.Provider), func(tx Tx) error {
		now := tx.Now()
		held, err := tx.DoorPass(p.Hash)
		if _, err = opens(held, err, now); err != nil {
			return err
		}
		sent, err := tx.CodesSent(p.Letter, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if err := sent.another(); err != nil {
			return err
		}
		return tx.AddDoorSession(Session{Hash: hash, Letter: p.Letter, Provider: p.Provider,
			CodeHash: codeHash(d.Key, hash, code), CodeSent: now, CodeExpires: now.Add(CodeLife), CreatedAt: now, ExpiresAt: now.Add(knockLife)})
	})
	if err != nil {
		return "", "", Pass{}, err
	}
	return cookie, code, p, nil
}

// another tells whether one more code may be sent.
func (s Sent) another() error {
	switch {
	case s.All >= CodesInAll:
		return staydown.Errorf(staydown.Refused, "door.closed", "too many codes were asked for with this link; ask the sender of the letter")
	case s.Day >= CodesADay:
		return staydown.Errorf(staydown.Refused, "door.day", "%d codes were sent for this letter today and not used; try again tomorrow, or ask its sender", CodesADay)
	}
	return nil
}

// Forget ends a session whose code could not be mailed: it counts for nothing.
func (d *Desk) Forget(ctx context.Context, cookie string) error {
	return d.Store.Act(ctx, access.System("door"), func(tx Tx) error { return tx.DropDoorSession(TokenHash(cookie)) })
}

// End ends a visit. A session whose code was not typed in stays, so that its
// tries go on counting.
func (d *Desk) End(ctx context.Context, cookie string) error {
	hash := TokenHash(cookie)
	return d.Store.Act(ctx, access.System("door"), func(tx Tx) error {
		s, err := tx.DoorSession(hash)
		if staydown.KindOf(err) == staydown.NotFound || err == nil && s.ProvenAt.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.DropDoorSession(hash)
	})
}

// Enter tells which letter a proven session is for.
func (d *Desk) Enter(ctx context.Context, cookie string) (Session, error) {
	s, err := d.Waiting(ctx, cookie)
	if err == nil && s.ProvenAt.IsZero() {
		return Session{}, noSession()
	}
	return s, err
}

// Waiting tells which letter a session is for, proven or not.
func (d *Desk) Waiting(ctx context.Context, cookie string) (Session, error) {
	if cookie == "" {
		return Session{}, noSession()
	}
	s, err := d.Store.DoorSession(ctx, TokenHash(cookie))
	return lives(s, err, d.Store.Now())
}

func lives(s Session, err error, now time.Time) (Session, error) {
	if staydown.KindOf(err) == staydown.NotFound || err == nil && !now.Before(s.ExpiresAt) {
		return Session{}, noSession()
	}
	return s, err
}

// Keep keeps answers that the visitor looks over before filing them.
func (d *Desk) Keep(ctx context.Context, cookie, draft string) error {
	hash := TokenHash(cookie)
	return d.Store.Act(ctx, access.System("door"), func(tx Tx) error {
		s, err := tx.DoorSession(hash)
		if s, err = lives(s, err, tx.Now()); err != nil {
			return err
		}
		if s.ProvenAt.IsZero() {
			return noSession()
		}
		s.Draft = draft
		return tx.PutDoorSession(hash, s)
	})
}

// Prove takes the code. When it is right the session is proven and goes on under
// a new cookie, so that nobody who knew the old one comes in with it. A wrong code
// counts; after [CodeTries] the session is of no use.
func (d *Desk) Prove(ctx context.Context, cookie, code string) (fresh string, s Session, err error) {
	hash, next := TokenHash(cookie), newCookie()
	var verdict error
	err = d.Store.Act(ctx, access.System("door"), func(tx Tx) error {
		fresh, verdict = "", nil
		if s, err = tx.DoorSession(hash); err != nil {
			s, err = lives(s, err, tx.Now())
			return err
		}
		if s, err = lives(s, nil, tx.Now()); err != nil {
			return err
		}
		if !s.ProvenAt.IsZero() {
			fresh = cookie
			return nil
		}
		if s.CodeTries >= CodeTries || !tx.Now().Before(s.CodeExpires) {
			verdict = staydown.Errorf(staydown.Refused, "door.spent", "this code is of no use any more; open the link again for a new one")
			return nil
		}
		if !hmac.Equal([]byte(s.CodeHash), []byte(codeHash(d.Key, hash, code))) {
			verdict, err = wrong(tx, hash, s)
			return err
		}
		fresh = next
		s.Hash, s.ProvenAt, s.ExpiresAt, s.CodeHash = TokenHash(next), tx.Now(), tx.Now().Add(SessionLife), ""
		if err := tx.PutDoorSession(hash, s); err != nil {
			return err
		}
		return note(tx, "open", s)
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return "", Session{}, err
	}
	return fresh, s, nil
}

// wrong counts a wrong code. The last try leaves a line in the log of access, one
// for each code and not one for each guess, so that guessing does not fill the log.
func wrong(tx Tx, hash string, s Session) (verdict, err error) {
	s.CodeTries++
	if err := tx.PutDoorSession(hash, s); err != nil {
		return nil, err
	}
	left := CodeTries - s.CodeTries
	verdict = staydown.Errorf(staydown.Refused, "door.code", "this is not the code; %d tries are left", left)
	if left > 0 {
		return verdict, nil
	}
	return verdict, note(tx, "refuse", s)
}

// note leaves a line in the log of access. Law: LED 25
func note(tx Tx, act staydown.Act, s Session) error {
	l, err := tx.Letter(s.Letter)
	if err != nil {
		return err
	}
	return tx.Event(staydown.Event{Stream: staydown.Access, Act: act, Noun: "door", Subject: s.Letter, Owner: l.Owner, Circle: l.Circle,
		Actor: staydown.Actor{System: "provider:" + string(s.Provider)}, Data: map[string]any{"tries": s.CodeTries}})
}
