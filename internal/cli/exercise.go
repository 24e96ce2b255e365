package cli

import (
	"context"
	"io"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/exercise"
)

// exerciseCmd is everything synthetic.
type exerciseCmd struct {
	November  novemberCmd  `cmd:"" help:"A Referral Action Day: four simulated days and thirty of watching, on this machine alone."`
	Providers providersCmd `cmd:"" help:"Only the practice providers, until stopped."`
}

// novemberCmd runs the action day, or goes on with one that was stopped.
type novemberCmd struct {
	Items     int     `help:"How many distinct items." default:"26000" placeholder:"N"`
	Seed      uint64  `help:"What the world is drawn from: same seed, same items, same figures." default:"1" placeholder:"S"`
	Speed     float64 `help:"Simulated seconds a second at the most, for watching; 0 is as fast as it goes." default:"0" placeholder:"X"`
	Serve     bool    `help:"Keep the desk open afterwards, for looking at."`
	Listen    string  `help:"Where the desk listens." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Providers string  `help:"A providers file of other practice providers, as 'exercise providers' prints it." type:"path" placeholder:"FILE"`
	Tamper    bool    `help:"Falsify the record on purpose: the comparison must find it, and the command ends with 6."`
}

func (c *novemberCmd) Run(ctx context.Context, g *Globals, out *Out, s Streams) error {
	if c.Items < 1 || c.Items > 200000 {
		return staydown.Errorf(staydown.Usage, "exercise.items", "an exercise has 1 to 200000 items").At("--items")
	}
	var say io.Writer = s.Err
	o, err := exercise.Do(ctx, exercise.Options{DataDir: g.Data, Database: g.Database, Listen: c.Listen, Items: c.Items, Seed: c.Seed, Speed: c.Speed,
		Tamper: c.Tamper, File: c.Providers, Say: say, Bar: out.tty, Log: out.logger(g.Verbose)})
	if err != nil {
		return err
	}
	return c.tell(ctx, g, out, o)
}

func (c *novemberCmd) tell(ctx context.Context, g *Globals, out *Out, o exercise.Outcome) error {
	return out.Row(map[string]any{"took": o.Took.String(), "figures": string(o.Figures)}, "%s", o.Figures)
}
