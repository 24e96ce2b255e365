package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/signin"
)

type bankCmd struct {
	List   bankListCmd   `cmd:"" help:"The banks of an authority, and how much is in them."`
	Create bankCreateCmd `cmd:"" help:"Make an empty bank."`
	Import bankImportCmd `cmd:"" help:"Take known signals in from files; the same command goes on where it was stopped."`
	Export bankExportCmd `cmd:"" help:"Write what may match into one file, for a partner."`
}

// keeper says for whom a command acts on banks.
type keeper struct {
	Unit string `help:"Whose banks: an authority's name, desk code or identifier; the only one there is when left out." placeholder:"UNIT"`
	By   string `help:"Who does it: a login of the unit, with the permissions of that person. Left out, the log says that it was done at the terminal." placeholder:"LOGIN"`
}

// caller is the person named, or the terminal on behalf of the unit with the rights of its lead.
func (k keeper) caller(ctx context.Context, a *app.App) (access.Caller, error) {
	unit, err := k.unit(ctx, a)
	if err != nil {
		return access.Caller{}, err
	}
	c, err := (&importCmd{Unit: string(unit.ID), By: k.By}).caller(ctx, a)
	if err == nil && k.By == "" {
		c.Roles = []staydown.Role{staydown.RoleLead}
	}
	return c, err
}

func (k keeper) unit(ctx context.Context, a *app.App) (staydown.Authority, error) {
	all, err := a.Desks.SignIn.Authorities(ctx, signin.Terminal())
	if err != nil {
		return staydown.Authority{}, err
	}
	if k.Unit == "" && len(all) == 1 {
		return all[0], nil
	}
	if k.Unit == "" {
		return staydown.Authority{}, staydown.Errorf(staydown.Usage, "bank.unit", "say whose banks: there are %d authorities", len(all)).At("--unit")
	}
	i := slices.IndexFunc(all, func(u staydown.Authority) bool {
		return string(u.ID) == k.Unit || strings.EqualFold(u.Name, k.Unit) || u.DeskCode != "" && strings.EqualFold(u.DeskCode, k.Unit)
	})
	if i < 0 {
		return staydown.Authority{}, staydown.Errorf(staydown.NotFound, "bank.unit", "there is no authority %q", k.Unit).At("--unit")
	}
	return all[i], nil
}

// keeps opens the desk and finds out for whom.
func (k keeper) keeps(ctx context.Context, g *Globals, out *Out) (*app.App, access.Caller, error) {
	a, err := g.open(ctx, out)
	if err != nil {
		return nil, access.Caller{}, err
	}
	c, err := k.caller(ctx, a)
	if err != nil {
		a.Close()
		return nil, c, err
	}
	return a, c, nil
}

// Bank is a bank as the commands tell it.
type Bank struct {
	ID       staydown.ID    `json:"id"`
	Name     string         `json:"name"`
	Note     string         `json:"note,omitempty"`
	Negative bool           `json:"negative,omitempty"`
	Enabled  bool           `json:"enabled"`
	Ratio    float64        `json:"ratio"`
	Radius   map[string]int `json:"radius,omitempty"` // by kind, where it is not the usual one
	Exchange string         `json:"exchange,omitempty"`
}

func told(b staydown.Bank) Bank {
	return Bank{b.ID, b.Name, b.Note, b.Negative, b.Enabled, b.Ratio, b.Radius, b.Exchange}
}

func (b Bank) say(out *Out) error {
	what := "known content"
	if b.Negative {
		what = "known good, suppresses"
	}
	if !b.Enabled {
		what += ", disabled"
	}
	if b.Ratio < 1 {
		what += ", takes part in " + percent(b.Ratio) + " of requests"
	}
	return out.Row(b, "%-24s %-30s pictures within %d bits  %s", b.Name, what, staydown.Bank{Radius: b.Radius}.RadiusOf(staydown.SignalPDQ), b.Note)
}

type bankListCmd struct {
	keeper
}

func (r *bankListCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, c, err := r.keeps(ctx, g, out)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Desks.Banks.Banks(ctx, c)
	if err != nil {
		return err
	}
	for _, b := range all {
		if err := told(b).say(out); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		out.Note("there is no bank yet; make one with staydown bank create NAME")
	}
	return nil
}

type bankCreateCmd struct {
	keeper
	Name     string `arg:"" help:"CAPITAL_LETTERS, digits and _, such as EXERCISE_POSTERS."`
	Note     string `help:"What it is for." placeholder:"TEXT"`
	Negative bool   `help:"It holds what is known to be lawful: what resembles it is no match of the other banks."`
	Radius   int    `help:"Bits of 256 within which its pictures and frames count, 0 to 63; 31 when left out." default:"-1" placeholder:"N"`
}

// Help says how it is used.
func (bankCreateCmd) Help() string {
	return `Examples:
  staydown bank create EXERCISE_POSTERS --note "posters of the autumn exercise"
  staydown bank create KNOWN_NEWS --negative --radius 10`
}

func (r *bankCreateCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, c, err := r.keeps(ctx, g, out)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := a.Desks.Banks.Open(ctx, c, "", "", r.settings())
	if err != nil {
		return err
	}
	return told(b).say(out)
}

func (r *bankCreateCmd) settings() bank.Settings {
	s := bank.Settings{Name: &r.Name, Note: &r.Note, Negative: &r.Negative}
	if r.Radius >= 0 {
		s.Radius = &map[string]int{staydown.SignalPDQ: r.Radius, staydown.SignalFrame: r.Radius}
	}
	return s
}
