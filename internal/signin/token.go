package signin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// TokenPrefix begins every token, so that one that leaked into a file is
// recognised by people and scanners.
const TokenPrefix = "staydown_"

// useEvery is how exactly the last use of a token is noted.
const useEvery = time.Hour

// NewToken makes a token with which a program acts for a person. scopes narrow what
// it may do; none means all that the person may. The caller is that person, or one
// who manages the person's authority. The token is shown once and kept as a hash.
func (d *Desk) NewToken(ctx context.Context, c access.Caller, person staydown.ID, name string, scopes []access.Permission) (string, error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	for _, s := range scopes {
		if !slices.Contains(permissions(), s) {
			return "", staydown.Errorf(staydown.Invalid, "signin.scope", "%q is no permission", s).At("scopes")
		}
	}
	if c.Scopes != nil { // a token makes none that carries more than itself
		if len(scopes) == 0 {
			scopes = c.Scopes
		}
		for _, s := range scopes {
			if !slices.Contains(c.Scopes, s) {
				return "", staydown.Errorf(staydown.Refused, "signin.scope", "this token does not carry %s, so it cannot hand it on", s)
			}
		}
	}
	token := chance(TokenPrefix)
	err := d.store.Act(ctx, c, func(tx Tx) error {
		p, err := d.manages(tx, c, person, true)
		if err != nil {
			return err
		}
		if !p.DisabledAt.IsZero() {
			return staydown.Errorf(staydown.Refused, "signin.disabled", "this person's access was ended")
		}
		id := tx.NewID()
		t := Token{Hash: hashOf(token), ID: id, Person: p.ID, Owner: p.Owner, Name: name, Scopes: scopes, CreatedAt: tx.Now()}
		if err := tx.AddToken(t); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "issue", Noun: "token", Subject: id, Owner: p.Owner, Circle: p.Owner,
			Data: map[string]any{"person": p.ID, "scopes": scopes}, Personal: map[string]string{"name": name}})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// Bearer tells for whom a token acts, narrowed to its scopes. It returns an Error
// of kind Refused when the token opens nothing (any more).
func (d *Desk) Bearer(ctx context.Context, token string) (c access.Caller, err error) {
	if !strings.HasPrefix(token, TokenPrefix) || len(token) > 128 {
		return access.Caller{}, gone()
	}
	hash, wall := hashOf(token), d.wall()
	var wiped int
	var ok bool
	c, wiped, ok = d.tokens.recall(hash, wall)
	if ok {
		if c.Circles, err = d.store.CirclesOf(ctx, c.Actor.Authority); err != nil {
			return access.Caller{}, fmt.Errorf("reading for whom a token acts: %w", err)
		}
		return c, nil
	}
	t, err := d.store.TokenByHash(ctx, hash)
	if staydown.KindOf(err) == staydown.NotFound {
		return access.Caller{}, gone()
	}
	if err != nil {
		return access.Caller{}, fmt.Errorf("reading a token: %w", err)
	}
	if !t.RevokedAt.IsZero() {
		return access.Caller{}, gone()
	}
	if c, _, err = d.callerFor(ctx, t.Person); err != nil {
		return access.Caller{}, err
	}
	if len(t.Scopes) > 0 {
		c.Scopes = t.Scopes
	}
	if now := staydown.At(wall); now.Sub(t.UsedAt) >= useEvery {
		if err := d.plain.Act(ctx, itself(), func(tx Tx) error { return tx.UseToken(t.Hash, now) }); err != nil {
			return access.Caller{}, fmt.Errorf("noting the use of a token: %w", err)
		}
	}
	d.tokens.keep(hash, c, wiped, wall)
	return c, nil
}

// Tokens lists a person's tokens, revoked ones included, newest first.
func (d *Desk) Tokens(ctx context.Context, c access.Caller, person staydown.ID) ([]Token, error) {
	if c.Actor.Person != person {
		if err := c.May(access.Manage); err != nil {
			return nil, err
		}
	}
	list, err := d.store.TokensOf(ctx, person)
	if err != nil {
		return nil, fmt.Errorf("listing tokens: %w", err)
	}
	return slices.DeleteFunc(list, func(t Token) bool { return !c.IsSystem() && t.Owner != c.Actor.Authority }), nil
}

// RevokeToken ends one token of a person.
func (d *Desk) RevokeToken(ctx context.Context, c access.Caller, person, token staydown.ID) error {
	list, err := d.Tokens(ctx, c, person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(t Token) bool { return t.ID == token }) {
		return staydown.Errorf(staydown.NotFound, "token.not_found", "no token has this identifier")
	}
	return d.store.Act(ctx, c, func(tx Tx) error {
		p, err := d.manages(tx, c, person, true)
		if err != nil {
			return err
		}
		if err := tx.RevokeToken(token, tx.Now()); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "revoke", Noun: "token", Subject: token, Owner: p.Owner, Circle: p.Owner, Data: map[string]any{"person": p.ID}})
	})
}

// permissions is every permission that some role holds.
func permissions() []access.Permission {
	var all []access.Permission
	for _, r := range access.Roles() {
		all = append(all, access.Of(r)...)
	}
	return all
}

func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n == 0 || n > 100 || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return staydown.Errorf(staydown.Invalid, "signin.name", "a name has 1 to 100 characters, on one line").At("name")
	}
	return nil
}
