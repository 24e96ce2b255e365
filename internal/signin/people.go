package signin

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// loginShape is what a login may look like: it is typed, read aloud and shown in
// both directions of writing.
var loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]$`)

// AddAuthority adds a unit. Later its first administrator is added by the same
// caller, and from then on it manages its people itself.
func (d *Desk) AddAuthority(ctx context.Context, c access.Caller, a staydown.Authority) (staydown.Authority, error) {
	if err := c.May(access.Administer); err != nil {
		return a, err
	}
	if err := checkAuthority(&a); err != nil {
		return a, err
	}
	var added staydown.Authority
	err := d.store.Act(ctx, c, func(tx Tx) error {
		added = a
		return addAuthority(tx, &added)
	})
	return added, err
}

func addAuthority(tx Tx, a *staydown.Authority) error {
	a.ID, a.CreatedAt = tx.NewID(), tx.Now()
	if err := tx.AddAuthority(*a); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Act: "add", Noun: "authority", Subject: a.ID, Owner: a.ID, Circle: a.ID,
		Data: map[string]any{"name": a.Name, "country": a.Country, "kind": a.Kind}})
}

func checkAuthority(a *staydown.Authority) error {
	if err := checkName(a.Name); err != nil {
		return err
	}
	a.Country = strings.ToUpper(a.Country)
	if len(a.Country) != 2 || strings.ContainsFunc(a.Country, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return staydown.Errorf(staydown.Invalid, "authority.country", "a country has two letters, such as BE").At("country")
	}
	if a.Kind == "" {
		a.Kind = "police"
	}
	if !slices.Contains([]string{"police", "prosecutor", "flagger", "overseer"}, a.Kind) {
		return staydown.Errorf(staydown.Invalid, "authority.kind", "a kind is police, prosecutor, flagger or overseer").At("kind")
	}
	if a.Email != "" {
		if addr, err := mail.ParseAddress(a.Email); err != nil || addr.Address != a.Email {
			return staydown.Errorf(staydown.Invalid, "authority.email", "%q is no mail address", a.Email).At("email")
		}
	}
	if a.TZ == "" {
		a.TZ = "UTC"
	}
	if _, err := time.LoadLocation(a.TZ); err != nil {
		return staydown.Errorf(staydown.Invalid, "authority.tz", "%q is no time zone, such as Europe/Brussels", a.TZ).At("tz")
	}
	if a.Language == "" {
		a.Language = "en"
	}
	if a.DeskCode == "" {
		a.DeskCode = a.Country
	}
	return nil
}

// Authorities lists every unit of the installation.
func (d *Desk) Authorities(ctx context.Context, c access.Caller) ([]staydown.Authority, error) {
	if err := c.May(access.Manage); err != nil {
		return nil, err
	}
	return d.store.Authorities(ctx)
}

// AddPerson adds somebody to an authority: the caller's own, or one that has
// nobody yet when the caller administers the installation. The person cannot sign
// in before they were invited and chose a password.
func (d *Desk) AddPerson(ctx context.Context, c access.Caller, p staydown.Person) (staydown.Person, error) {
	if err := c.May(access.Manage); err != nil {
		return p, err
	}
	if p.Owner == "" {
		p.Owner = c.Actor.Authority
	}
	p.Login = normal(p.Login)
	if err := checkPerson(p); err != nil {
		return p, err
	}
	var added staydown.Person
	err := d.store.Act(ctx, c, func(tx Tx) error {
		added = p
		if err := d.mayAdd(tx, c, p.Owner); err != nil {
			return err
		}
		return addPerson(tx, &added)
	})
	return added, err
}

func checkPerson(p staydown.Person) error {
	if !loginShape.MatchString(p.Login) {
		return staydown.Errorf(staydown.Invalid, "person.login", "a login has 3 to 64 characters of a-z, 0-9, dot, dash, underscore and @").At("login")
	}
	if err := checkName(p.Name); err != nil {
		return err
	}
	return checkRoles(p.Roles)
}

// checkRoles keeps apart what one person must not hold together.
func checkRoles(roles []staydown.Role) error {
	if len(roles) == 0 {
		return staydown.Errorf(staydown.Invalid, "person.roles", "a person needs at least one role").At("roles")
	}
	for _, r := range roles {
		if !slices.Contains(access.Roles(), r) {
			return staydown.Errorf(staydown.Invalid, "person.role", "%q is no role", r).At("roles")
		}
	}
	for _, alone := range []staydown.Role{staydown.RoleAdmin, staydown.RoleOverseer} {
		if len(roles) > 1 && slices.Contains(roles, alone) {
			return staydown.Errorf(staydown.Invalid, "person.roles", "who is %s holds no other role: an administrator has no powers over items, an overseer changes nothing", alone).At("roles")
		}
	}
	return nil
}

// mayAdd lets a caller add people to their own authority, and the first person to
// one that has nobody. An overseer's authority is thereby out of the hands of
// whoever made it.
func (d *Desk) mayAdd(tx Tx, c access.Caller, owner staydown.ID) error {
	if _, err := tx.Authority(owner); err != nil {
		return err
	}
	if owner == c.Actor.Authority {
		return nil
	}
	if err := c.May(access.Administer); err != nil {
		return err
	}
	people, err := tx.PeopleOf(owner)
	if err != nil {
		return err
	}
	if len(people) > 0 && !c.IsSystem() {
		return staydown.Errorf(staydown.Refused, "person.other_authority", "this authority manages its people itself")
	}
	return nil
}

func addPerson(tx Tx, p *staydown.Person) error {
	_, err := tx.PersonByLogin(p.Login)
	if err == nil {
		return staydown.Errorf(staydown.Invalid, "person.login_taken", "the login %s is taken", p.Login).At("login")
	}
	if staydown.KindOf(err) != staydown.NotFound {
		return err
	}
	p.ID, p.CreatedAt = tx.NewID(), tx.Now()
	if p.Language == "" {
		p.Language = "en"
	}
	if err := tx.AddPerson(*p); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Act: "add", Noun: "person", Subject: p.ID, Owner: p.Owner, Circle: p.Owner,
		Data: map[string]any{"roles": p.Roles, "desk_code": p.DeskCode}, Personal: map[string]string{"login": p.Login, "name": p.Name}})
}

// People lists the people of an authority the caller manages.
func (d *Desk) People(ctx context.Context, c access.Caller, authority staydown.ID) ([]staydown.Person, error) {
	if err := c.May(access.Manage); err != nil {
		return nil, err
	}
	if !c.IsSystem() && authority != c.Actor.Authority {
		return nil, staydown.Errorf(staydown.NotFound, "authority.not_found", "nothing here by that name")
	}
	return d.store.PeopleOf(ctx, authority)
}

// SetRoles changes what a person may do.
func (d *Desk) SetRoles(ctx context.Context, c access.Caller, person staydown.ID, roles []staydown.Role) error {
	if err := checkRoles(roles); err != nil {
		return err
	}
	return d.changePerson(ctx, c, person, func(tx Tx, p *staydown.Person) (staydown.Event, error) {
		p.Roles = roles
		return staydown.Event{Act: "set_roles", Data: map[string]any{"roles": roles}}, nil
	})
}

// Revoke ends a person's access at once: their sessions, tokens and links with it.
// What they did stays theirs.
func (d *Desk) Revoke(ctx context.Context, c access.Caller, person staydown.ID) error {
	return d.changePerson(ctx, c, person, func(tx Tx, p *staydown.Person) (staydown.Event, error) {
		if !p.DisabledAt.IsZero() {
			return staydown.Event{}, staydown.Errorf(staydown.Refused, "person.disabled", "this person's access was ended already")
		}
		p.DisabledAt = tx.Now()
		if err := tx.EndSessionsOf(p.ID); err != nil {
			return staydown.Event{}, err
		}
		if err := tx.RevokeTokensOf(p.ID, tx.Now()); err != nil {
			return staydown.Event{}, err
		}
		for _, purpose := range []Purpose{EnrolLink, SignInLink} {
			if err := tx.DropLinks(purpose, p.ID); err != nil {
				return staydown.Event{}, err
			}
		}
		return staydown.Event{Act: "revoke"}, nil
	})
}

// changePerson changes a person the caller manages, and never leaves the
// installation without an administrator.
func (d *Desk) changePerson(ctx context.Context, c access.Caller, person staydown.ID, change func(Tx, *staydown.Person) (staydown.Event, error)) error {
	return d.store.Act(ctx, c, func(tx Tx) error {
		p, err := d.manages(tx, c, person, false)
		if err != nil {
			return err
		}
		e, err := change(tx, &p)
		if err != nil {
			return err
		}
		if err := tx.PutPerson(p); err != nil {
			return err
		}
		if n, err := tx.Administrators(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			return staydown.Errorf(staydown.Refused, "person.last_admin", "nobody could administer the installation any more: add another administrator first")
		}
		e.Noun, e.Subject, e.Owner, e.Circle = "person", p.ID, p.Owner, p.Owner
		return tx.Event(e)
	})
}

// manages loads a person whom the caller may manage: of the own authority, or any
// from the terminal. With self, everybody may manage themselves.
func (d *Desk) manages(tx Tx, c access.Caller, person staydown.ID, self bool) (staydown.Person, error) {
	none := staydown.Errorf(staydown.NotFound, "person.not_found", "nobody here by that name")
	if !self || c.Actor.Person != person {
		if err := c.May(access.Manage); err != nil {
			return staydown.Person{}, err
		}
	}
	p, err := tx.Person(person)
	if staydown.KindOf(err) == staydown.NotFound {
		return staydown.Person{}, none
	}
	if err != nil {
		return staydown.Person{}, fmt.Errorf("reading a person: %w", err)
	}
	if !c.IsSystem() && p.Owner != c.Actor.Authority {
		return staydown.Person{}, none
	}
	return p, nil
}

// Find gives the person with a login, to somebody who manages people.
func (d *Desk) Find(ctx context.Context, c access.Caller, login string) (staydown.Person, error) {
	if err := c.May(access.Manage); err != nil {
		return staydown.Person{}, err
	}
	p, err := d.store.PersonByLogin(ctx, normal(login))
	if err == nil && !c.IsSystem() && p.Owner != c.Actor.Authority {
		return staydown.Person{}, staydown.Errorf(staydown.NotFound, "person.not_found", "nobody here by that name")
	}
	return p, err
}
