package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/signin"
)

type importCmd struct {
	Path []string `arg:"" help:"Files and folders to take leads from; - is standard input."`

	As       string `help:"urls, csv (also 4cat, tsv, log), folder or telegram; detected when left out." placeholder:"FORMAT"`
	Unit     string `help:"Whose leads they are: an authority's name, desk code or identifier; the only one there is when left out." placeholder:"UNIT"`
	By       string `help:"Who hands them in: a login of the unit. Left out, the log says that it was done at the terminal." placeholder:"LOGIN"`
	Campaign string `help:"The action day they belong to, by name or identifier." placeholder:"CAMPAIGN"`

	Source      string `help:"Where the unit has them from; the file's name when left out." placeholder:"TEXT"`
	Reliability string `help:"Of the source: A, B, C or X." placeholder:"LETTER" enum:",A,B,C,X" default:""`
	Credibility string `help:"Of the information: 1, 2, 3 or 4." placeholder:"NUMBER" enum:",1,2,3,4" default:""`
	Handling    string `help:"Handling code." placeholder:"CODE"`
	Consent     bool   `help:"The originator agrees to further use."`

	Encoding string `help:"Of text, such as windows-1256; judged by its bytes when left out." placeholder:"NAME"`
	Zone     string `help:"Of times that name none, such as Europe/Brussels; UTC when left out." placeholder:"ZONE"`

	Chat        []string          `help:"Telegram: take this chat, by name or number. Without it an export of a whole account is refused." sep:"none" placeholder:"CHAT"`
	Basis       string            `help:"Telegram: the legal basis for taking chats out of an account's export." placeholder:"TEXT"`
	PublicName  map[string]string `help:"Telegram: the public name of a chat, as CHAT=NAME: exports carry none." placeholder:"CHAT=NAME"`
	KeepAuthors bool              `help:"Telegram: keep the names of persons instead of pseudonyms."`
	NoLinks     bool              `help:"Telegram: leave out the links in messages."`
	NoMessages  bool              `help:"Telegram: leave out the messages themselves, take their links only."`
}

// Imported is what import says of one file or folder when it is through.
type Imported struct {
	Path     string              `json:"path"`
	Import   staydown.ID         `json:"import,omitempty"`
	Format   string              `json:"format,omitempty"`
	Rows     int                 `json:"rows"`
	New      int                 `json:"new"`
	Known    int                 `json:"known"`
	Rejected int                 `json:"rejected"`
	Rejects  string              `json:"rejects,omitempty"` // the file in which they are
	Again    bool                `json:"again,omitempty"`   // had been imported before: nothing changed
	Resumed  bool                `json:"resumed,omitempty"` // went on where it had been stopped
	Vanished []intake.ChatReport `json:"vanished,omitempty"`
	Error    *staydown.Error     `json:"error,omitempty"`
	Notices  []string            `json:"notices,omitempty"`
}

func (r *importCmd) Run(ctx context.Context, g *Globals, out *Out, s Streams) error {
	opt, err := r.options()
	if err != nil {
		return err
	}
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	c, err := r.caller(ctx, a)
	if err != nil {
		return err
	}
	if opt.Campaign, err = r.campaign(ctx, a, c); err != nil {
		return err
	}
	job := importJob{desk: a.Desks.Intake, caller: c, out: out, opt: opt, in: s, rejects: filepath.Join(g.Data, "rejects"), scratch: filepath.Join(g.Data, "scratch")}
	rejected := 0
	var failed error
	for _, path := range r.Path {
		n, err := job.one(ctx, path)
		rejected += n
		var e *staydown.Error
		switch {
		case err == nil:
		case errors.As(err, &e) && len(r.Path) > 1: // the others go in
			failed = err
			if err := out.Row(Imported{Path: path, Error: e}, "%s", e); err != nil {
				return err
			}
		default:
			return err
		}
	}
	switch {
	case failed != nil:
		return staydown.Errorf(staydown.KindOf(failed), "import.some", "not everything could be imported; what could is in")
	case rejected > 0:
		return staydown.Errorf(staydown.Invalid, "import.rejects", "not every row could be read (%d rejected); the rest is in. What was rejected, and why, is listed under %s: mend those rows in the file that was handed in and import it again, what is in already is left alone", rejected, job.rejects)
	}
	return nil
}

// options are those that hold for every path.
func (r *importCmd) options() (intake.ImportOptions, error) {
	f, err := intake.ParseFormat(r.As)
	if err != nil {
		return intake.ImportOptions{}, err
	}
	var zone *time.Location
	if r.Zone != "" {
		if zone, err = time.LoadLocation(r.Zone); err != nil {
			return intake.ImportOptions{}, staydown.Errorf(staydown.Usage, "usage.zone", "there is no time zone %q", r.Zone).At("--zone")
		}
	}
	return intake.ImportOptions{
		Reading: intake.Options{Format: f, Encoding: r.Encoding, Zone: zone, Telegram: intake.TelegramOptions{
			Chats: r.Chat, Basis: r.Basis, PublicNames: r.PublicName, KeepAuthors: r.KeepAuthors, NoLinks: r.NoLinks, NoMessages: r.NoMessages}},
		Given: intake.Given{Source: r.Source, Reliability: r.Reliability, Credibility: r.Credibility, Handling: r.Handling, Consent: r.Consent},
	}, nil
}

// caller is the person named, or the terminal on behalf of the unit.
func (r *importCmd) caller(ctx context.Context, a *app.App) (access.Caller, error) {
	unit, err := r.unit(ctx, a)
	if err != nil {
		return access.Caller{}, err
	}
	circles, err := a.Store.CirclesOf(ctx, unit.ID)
	if err != nil {
		return access.Caller{}, err
	}
	if r.By == "" {
		actor := staydown.Actor{System: signin.Terminal().Actor.System, Authority: unit.ID}
		return access.Caller{Actor: actor, Roles: []staydown.Role{staydown.RoleAnalyst}, Circles: circles}, nil
	}
	p, err := a.Desks.SignIn.Find(ctx, signin.Terminal(), r.By)
	if staydown.KindOf(err) == staydown.NotFound || err == nil && (p.Owner != unit.ID || !p.DisabledAt.IsZero()) {
		return access.Caller{}, staydown.Errorf(staydown.NotFound, "person.not_found", "nobody in %s has the login %q", unit.Name, r.By).At("--by")
	}
	return access.Caller{Actor: staydown.Actor{Person: p.ID, Authority: unit.ID}, Roles: p.Roles, Circles: circles}, err
}

func (r *importCmd) unit(ctx context.Context, a *app.App) (staydown.Authority, error) {
	all, err := a.Desks.SignIn.Authorities(ctx, signin.Terminal())
	if err != nil {
		return staydown.Authority{}, err
	}
	if r.Unit == "" {
		if len(all) == 1 {
			return all[0], nil
		}
		return staydown.Authority{}, staydown.Errorf(staydown.Usage, "import.unit", "say whose leads they are: there are %d authorities", len(all)).At("--unit")
	}
	i := slices.IndexFunc(all, func(u staydown.Authority) bool {
		return string(u.ID) == r.Unit || strings.EqualFold(u.Name, r.Unit) || u.DeskCode != "" && strings.EqualFold(u.DeskCode, r.Unit)
	})
	if i < 0 {
		return staydown.Authority{}, staydown.Errorf(staydown.NotFound, "import.unit", "there is no authority %q", r.Unit).At("--unit")
	}
	return all[i], nil
}

func (r *importCmd) campaign(ctx context.Context, a *app.App, c access.Caller) (staydown.ID, error) {
	if r.Campaign == "" {
		return "", nil
	}
	all, err := a.Desks.Referral.Campaigns(ctx, c)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(p staydown.Campaign) bool {
		return slices.Contains(c.Circles, p.ID) && (string(p.ID) == r.Campaign || strings.EqualFold(p.Name, r.Campaign))
	})
	if i < 0 {
		return "", staydown.Errorf(staydown.NotFound, "import.campaign", "the unit takes part in no campaign %q", r.Campaign).At("--campaign")
	}
	return all[i].ID, nil
}
