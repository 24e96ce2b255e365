package signin

import (
	"context"

	"github.com/staydown/staydown"
)

// NeedsSetUp tells whether nobody can administer the installation yet.
func (d *Desk) NeedsSetUp(ctx context.Context) (bool, error) {
	n, err := d.store.Administrators(ctx)
	return n == 0, err
}

// SetUpSecret makes the secret with which the first authority and its
// administrator are made; earlier ones stop working. It is refused once there is
// an administrator. Whoever starts the program shows it on the terminal, so that
// whoever finds the page first gets nothing.
func (d *Desk) SetUpSecret(ctx context.Context) (string, error) {
	token, now := chance(""), staydown.At(d.wall())
	err := d.store.Act(ctx, itself(), func(tx Tx) error {
		if err := unset(tx); err != nil {
			return err
		}
		if err := tx.DropLinks(SetUpLink, ""); err != nil {
			return err
		}
		if err := tx.AddLink(Link{Hash: hashOf(token), Purpose: SetUpLink, CreatedAt: now, ExpiresAt: now.Add(SetUpLife)}); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "offer", Noun: "set_up"})
	})
	return token, err
}

func unset(tx Tx) error {
	n, err := tx.Administrators()
	if err != nil {
		return err
	}
	if n > 0 {
		return staydown.Errorf(staydown.Refused, "signin.set_up", "this installation is set up: ask its administrator, or use staydown admin")
	}
	return nil
}

// SetUpOpen tells whether a set-up secret can be used. Looking changes nothing.
func (d *Desk) SetUpOpen(ctx context.Context, secret string) error {
	_, err := d.link(ctx, secret, SetUpLink)
	return err
}

// SetUp uses the set-up secret: it makes the first authority and a person who
// administers it, and gives the token of the person's invitation. The caller goes
// on with [Desk.Enrol].
func (d *Desk) SetUp(ctx context.Context, secret string, a staydown.Authority, login, name string) (staydown.Authority, string, error) {
	p := staydown.Person{Login: normal(login), Name: name, Roles: []staydown.Role{staydown.RoleAdmin}, Language: a.Language}
	if err := d.SetUpOpen(ctx, secret); err != nil {
		return a, "", err
	}
	if err := checkAuthority(&a); err != nil {
		return a, "", err
	}
	if err := checkPerson(p); err != nil {
		return a, "", err
	}
	token, now := chance(""), staydown.At(d.wall())
	var made staydown.Authority
	err := d.store.Act(ctx, Terminal(), func(tx Tx) error {
		if _, err := d.spend(tx, secret, SetUpLink, now); err != nil {
			return err
		}
		if err := unset(tx); err != nil {
			return err
		}
		made = a
		if err := addAuthority(tx, &made); err != nil {
			return err
		}
		first := p
		first.Owner = made.ID
		if err := addPerson(tx, &first); err != nil {
			return err
		}
		return invite(tx, first, token, d.seal(first.ID, newTOTP()), now)
	})
	return made, token, err
}
