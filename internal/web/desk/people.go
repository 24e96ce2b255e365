package desk

import (
	"net/http"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/web/page"
)

// PeoplePage is who works for the reader's authority, and what each may do.
type PeoplePage struct {
	People     []PersonLine
	Roles      []RoleLine
	Login      string
	Name       string
	DeskCode   string
	Invitation string // a link just made; shown once
	For        string // whom it is for
	Trouble    *Trouble
}

// PersonLine is one person.
type PersonLine struct {
	ID, Login, Name, DeskCode string
	Roles                     []Choice
	Ended                     bool
}

// RoleLine is one row of the matrix: what a role may do.
type RoleLine struct {
	Role staydown.Role
	May  []access.Permission
}

var peopleView = page.NewView[PeoplePage](templates, "people.html")

func (v *visit) peoplePage() error { return v.showPeople(http.StatusOK, PeoplePage{}) }

func (v *visit) showPeople(status int, p PeoplePage) error {
	people, err := v.Door.People(v.ctx(), v.caller, v.caller.Actor.Authority)
	if err != nil {
		return err
	}
	for _, one := range people {
		line := PersonLine{ID: string(one.ID), Login: one.Login, Name: one.Name, DeskCode: one.DeskCode, Ended: !one.DisabledAt.IsZero()}
		for _, r := range access.Roles() {
			line.Roles = append(line.Roles, Choice{Value: string(r), Chosen: slices.Contains(one.Roles, r)})
		}
		p.People = append(p.People, line)
	}
	for _, r := range access.Roles() {
		p.Roles = append(p.Roles, RoleLine{Role: r, May: access.Of(r)})
	}
	return peopleView.Render(v.w, status, v.shell("people", "people.title"), p)
}

// roles reads the ticked roles of a form.
func (v *visit) roles() []staydown.Role {
	var roles []staydown.Role
	for _, r := range v.r.PostForm["role"] {
		roles = append(roles, staydown.Role(r))
	}
	return roles
}

func (v *visit) addPerson() error {
	if err := v.parse(); err != nil {
		return err
	}
	p := staydown.Person{Owner: v.caller.Actor.Authority, Login: v.field("login"), Name: v.field("name"), DeskCode: v.field("desk_code"), Roles: v.roles(), Language: string(v.words.Lang())}
	made, err := v.Door.AddPerson(v.ctx(), v.caller, p)
	if err != nil {
		return v.again(err, func(t *Trouble) error {
			return v.showPeople(http.StatusUnprocessableEntity, PeoplePage{Login: p.Login, Name: p.Name, DeskCode: p.DeskCode, Trouble: t})
		})
	}
	return v.showInvitation(made.ID, made.Name)
}

// showInvitation makes an invitation and shows its link. It stands on this one page only: not in a cookie, not in the
// address, not in a log.
func (v *visit) showInvitation(person staydown.ID, name string) error {
	token, err := v.Door.Invite(v.ctx(), v.caller, person)
	if err != nil {
		return err
	}
	scheme := "http://"
	if v.r.TLS != nil || v.Site.Secure {
		scheme = "https://"
	}
	return v.showPeople(http.StatusOK, PeoplePage{Invitation: scheme + v.r.Host + "/enrol/" + token, For: name})
}

func (v *visit) invite() error {
	p, err := v.Keeper.Person(v.ctx(), v.id("id"))
	if err != nil {
		return err
	}
	return v.showInvitation(p.ID, p.Name)
}

func (v *visit) setRoles() error {
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.Door.SetRoles(v.ctx(), v.caller, v.id("id"), v.roles()); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showPeople(http.StatusUnprocessableEntity, PeoplePage{Trouble: t}) })
	}
	return v.done("/people", "saved")
}

func (v *visit) revoke() error {
	if err := v.Door.Revoke(v.ctx(), v.caller, v.id("id")); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showPeople(http.StatusConflict, PeoplePage{Trouble: t}) })
	}
	return v.done("/people", "revoked")
}

// MePage is the reader's own: what they may do, the ledger of exposure that nobody else can see, the shortcuts.
type MePage struct {
	Name, Login, DeskCode, Authority string
	Roles                            []staydown.Role
	Exposure                         assess.Exposure
	KeysOff                          bool
	Switch                           bool // an exercise: one may go on as another officer
}

var meView = page.NewView[MePage](templates, "me.html")

func (v *visit) mePage() error {
	exposure, err := v.Findings.Exposure(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	p := MePage{Name: v.person.Name, Login: v.person.Login, DeskCode: v.person.DeskCode, Authority: v.authorityName(v.person.Owner), Roles: v.person.Roles, Exposure: exposure,
		KeysOff: keysOff(v.r), Switch: v.Site.Exercise}
	return meView.Render(v.w, http.StatusOK, v.shell("", "me.title"), p)
}

// setKeys switches the shortcuts on or off in this browser.
func (v *visit) setKeys() error {
	if err := v.parse(); err != nil {
		return err
	}
	c := &http.Cookie{Name: keysCookie, Value: "off", Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: v.Site.Secure, SameSite: http.SameSiteLaxMode}
	if v.field("keys") != "off" {
		c.Value, c.MaxAge = "", -1
	}
	http.SetCookie(v.w, c)
	return v.done("/me", "saved")
}
