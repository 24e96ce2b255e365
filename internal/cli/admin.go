package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/signin"
)

type adminCmd struct {
	Create adminCreateCmd `cmd:"" help:"Add a person, and their authority when it is new; prints an invitation."`
	List   adminListCmd   `cmd:"" help:"Authorities and people."`
	Invite adminInviteCmd `cmd:"" help:"Invite a person again: another password, another authenticator."`
	Token  adminTokenCmd  `cmd:"" help:"Make a token with which a program acts for a person."`
	Revoke adminRevokeCmd `cmd:"" help:"End a person's access at once."`
}

type adminCreateCmd struct {
	Login     string   `arg:"" help:"What the person signs in with."`
	Name      string   `help:"The person's name; the login when left out." placeholder:"NAME"`
	Role      []string `help:"What they may do: analyst, officer, legal, lead, investigator, admin, overseer." default:"admin" enum:"analyst,officer,legal,lead,investigator,admin,overseer"`
	Authority string   `help:"The authority's name; the only one there is when left out." placeholder:"NAME"`
	Country   string   `help:"Of a new authority: two letters." placeholder:"CC"`
	Kind      string   `help:"Of a new authority." default:"police" enum:"police,prosecutor,flagger,overseer"`
	Email     string   `help:"Of a new authority: the address it signs with." placeholder:"ADDRESS"`
	TZ        string   `help:"Of a new authority." default:"UTC" placeholder:"ZONE"`
	DeskCode  string   `help:"What outsiders see instead of the person's name." placeholder:"CODE"`
	Language  string   `help:"en or ar." default:"en" enum:"en,ar"`
	URL       string   `help:"The desk's address, for the link that is printed." default:"http://127.0.0.1:8080" placeholder:"URL"`
}

// Invited is what admin create and admin invite say.
type Invited struct {
	Person    staydown.ID `json:"person"`
	Login     string      `json:"login"`
	Authority staydown.ID `json:"authority"`
	Link      string      `json:"link"` // to choose a password and a code; opens once
	Until     time.Time   `json:"until"`
}

func (r *adminCreateCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, err := app.Open(ctx, g.options(out)) // makes the data directory: this may be the first command
	if err != nil {
		return err
	}
	defer a.Close()
	desk := a.Desks.SignIn
	unit, err := r.authority(ctx, desk)
	if err != nil {
		return err
	}
	var roles []staydown.Role
	for _, role := range r.Role {
		roles = append(roles, staydown.Role(role))
	}
	if r.Name == "" {
		r.Name = r.Login
	}
	p, err := desk.AddPerson(ctx, signin.Terminal(), staydown.Person{Owner: unit.ID, Login: r.Login, Name: r.Name, DeskCode: r.DeskCode, Roles: roles, Language: r.Language})
	if err != nil {
		return err
	}
	return invite(ctx, desk, p, r.URL, out)
}

// authority finds the authority that was named, or makes it.
func (r *adminCreateCmd) authority(ctx context.Context, desk *signin.Desk) (staydown.Authority, error) {
	all, err := desk.Authorities(ctx, signin.Terminal())
	if err != nil {
		return staydown.Authority{}, err
	}
	if r.Authority == "" {
		if len(all) == 1 {
			return all[0], nil
		}
		return staydown.Authority{}, staydown.Errorf(staydown.Usage, "admin.authority", "say which authority: there are %d", len(all)).At("--authority")
	}
	if i := slices.IndexFunc(all, func(a staydown.Authority) bool { return a.Name == r.Authority }); i >= 0 {
		return all[i], nil
	}
	return desk.AddAuthority(ctx, signin.Terminal(), staydown.Authority{Name: r.Authority, Country: r.Country, Kind: r.Kind, Email: r.Email, TZ: r.TZ, Language: r.Language})
}

func invite(ctx context.Context, desk *signin.Desk, p staydown.Person, url string, out *Out) error {
	token, err := desk.Invite(ctx, signin.Terminal(), p.ID)
	if err != nil {
		return err
	}
	i := Invited{Person: p.ID, Login: p.Login, Authority: p.Owner, Link: strings.TrimSuffix(url, "/") + "/enrol/" + token, Until: staydown.At(time.Now().Add(signin.EnrolLife))}
	return out.Row(i, "%s was invited. The link opens once, until %s, to choose a password and a one-time code:\n  %s", i.Login, i.Until.Format(time.RFC3339), i.Link)
}

type adminInviteCmd struct {
	Login string `arg:"" help:"Whom."`
	URL   string `help:"The desk's address, for the link that is printed." default:"http://127.0.0.1:8080" placeholder:"URL"`
}

func (r *adminInviteCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	return g.withPerson(ctx, out, r.Login, func(desk *signin.Desk, p staydown.Person) error { return invite(ctx, desk, p, r.URL, out) })
}

// withPerson opens the desk and finds a person by login.
func (g *Globals) withPerson(ctx context.Context, out *Out, login string, do func(*signin.Desk, staydown.Person) error) error {
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := a.Desks.SignIn.Find(ctx, signin.Terminal(), login)
	if staydown.KindOf(err) == staydown.NotFound {
		return staydown.Errorf(staydown.NotFound, "person.not_found", "nobody has the login %q", login)
	}
	if err != nil {
		return err
	}
	return do(a.Desks.SignIn, p)
}

type adminTokenCmd struct {
	Login string   `arg:"" help:"For whom the program acts."`
	Name  string   `help:"What the token is for." required:"" placeholder:"TEXT"`
	Scope []string `help:"What it may do, such as hand_in,see; all that the person may when left out." placeholder:"PERMISSION"`
}

// Issued is what admin token says; the token is shown this once.
type Issued struct {
	Person staydown.ID         `json:"person"`
	Name   string              `json:"name"`
	Scopes []access.Permission `json:"scopes,omitempty"`
	Token  string              `json:"token"`
}

func (r *adminTokenCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	var scopes []access.Permission
	for _, s := range r.Scope {
		scopes = append(scopes, access.Permission(s))
	}
	return g.withPerson(ctx, out, r.Login, func(desk *signin.Desk, p staydown.Person) error {
		token, err := desk.NewToken(ctx, signin.Terminal(), p.ID, r.Name, scopes)
		if err != nil {
			return err
		}
		return out.Row(Issued{Person: p.ID, Name: r.Name, Scopes: scopes, Token: token}, "%s", token)
	})
}

type adminRevokeCmd struct {
	Login string `arg:"" help:"Whose access ends."`
}

func (r *adminRevokeCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	return g.withPerson(ctx, out, r.Login, func(desk *signin.Desk, p staydown.Person) error {
		if err := desk.Revoke(ctx, signin.Terminal(), p.ID); err != nil {
			return err
		}
		return out.Row(map[string]any{"person": p.ID, "login": p.Login, "revoked": true}, "%s has no access any more; sessions, tokens and links are ended", p.Login)
	})
}

type adminListCmd struct{}

// Listed is one line of admin list.
type Listed struct {
	Authority string          `json:"authority"`
	Country   string          `json:"country"`
	Kind      string          `json:"kind"`
	Person    staydown.ID     `json:"person,omitempty"`
	Login     string          `json:"login,omitempty"`
	Name      string          `json:"name,omitempty"`
	Roles     []staydown.Role `json:"roles,omitempty"`
	Ended     time.Time       `json:"ended,omitzero"` // when access was ended
}

func (adminListCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	units, err := a.Desks.SignIn.Authorities(ctx, signin.Terminal())
	if err != nil {
		return err
	}
	for _, u := range units {
		people, err := a.Desks.SignIn.People(ctx, signin.Terminal(), u.ID)
		if err != nil {
			return err
		}
		if err := listUnit(out, u, people); err != nil {
			return err
		}
	}
	return nil
}

func listUnit(out *Out, u staydown.Authority, people []staydown.Person) error {
	row := Listed{Authority: u.Name, Country: u.Country, Kind: u.Kind}
	if len(people) == 0 {
		return out.Row(row, "%-30s %s  %-10s  (nobody)", u.Name, u.Country, u.Kind)
	}
	for _, p := range people {
		row.Person, row.Login, row.Name, row.Roles, row.Ended = p.ID, p.Login, p.Name, p.Roles, p.DisabledAt
		ended := ""
		if !p.DisabledAt.IsZero() {
			ended = "  access ended " + p.DisabledAt.Format(time.RFC3339)
		}
		if err := out.Row(row, "%-30s %s  %-10s  %-20s %s%s", u.Name, u.Country, u.Kind, p.Login, fmt.Sprint(p.Roles), ended); err != nil {
			return err
		}
	}
	return nil
}
