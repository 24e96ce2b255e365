package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/exercise"
	"github.com/staydown/staydown/internal/exercise/compare"
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
	roomy()
	var say io.Writer = s.Err
	o, err := exercise.Do(ctx, exercise.Options{DataDir: g.Data, Database: g.Database, Listen: c.Listen, Items: c.Items, Seed: c.Seed, Speed: c.Speed,
		Tamper: c.Tamper, File: c.Providers, Say: say, Bar: out.tty, Log: out.logger(g.Verbose)})
	if err != nil {
		return err
	}
	told := c.tell(g, out, o)
	if !c.Serve || told != nil && staydown.KindOf(told) != staydown.Failed {
		return told
	}
	return errors.Join(told, c.serve(ctx, g, out))
}

// serve keeps the desk open for looking at: its clock stands still, and nothing is carried out.
func (c *novemberCmd) serve(ctx context.Context, g *Globals, out *Out) error {
	listen := c.Listen
	if strings.HasSuffix(listen, ":0") {
		listen = "127.0.0.1:8080"
	}
	s := serveCmd{Listen: listen, Role: []string{"web"}, Edition: "authority"}
	return s.Run(ctx, g, out)
}

// tell compares what the desk saw with what the providers did, and says how it went.
func (c *novemberCmd) tell(g *Globals, out *Out, o exercise.Outcome) error {
	res, err := compare.Run(bytes.NewReader(o.Rows), o.Figures, g.Data, c.Seed, c.Items)
	if errors.Is(err, compare.ErrNoTruth) {
		out.Note("The providers keep their truth elsewhere: there is nothing to compare with.")
		return out.Row(json.RawMessage(o.Figures), "%s", o.Figures)
	}
	if err != nil {
		return err
	}
	if out.JSON {
		if err := out.Row(res.Line(o.Took, maxRSS()), ""); err != nil {
			return err
		}
	} else if err := c.tellPeople(g, out, o, res); err != nil {
		return err
	}
	if !res.OK {
		return staydown.Errorf(staydown.Failed, "exercise.differs", "the desk differs from the truth that the providers kept")
	}
	return nil
}

func (c *novemberCmd) tellPeople(g *Globals, out *Out, o exercise.Outcome, res compare.Result) error {
	pen := compare.Pen{Out: out.out, Limit: 20}
	if out.tty && os.Getenv("NO_COLOR") == "" {
		pen.Red = func(s string) string { return "\x1b[31m" + s + "\x1b[0m" }
	}
	if err := pen.Tell(res); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out.out, "\nTook %s, at most %d MiB resident. Nothing left this machine.\n\nLook at the desk:  staydown serve --data %s\nVerify the log:    staydown audit verify --data %s\nTry next:          staydown exercise november --items 500 --tamper --data another-directory\n",
		o.Took.Round(100*time.Millisecond), maxRSS()>>20, g.Data, g.Data)
	return err
}

// maxRSS is the most memory this process and its finished children held at once, in bytes.
func maxRSS() int64 {
	var most int64
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			most += u.Maxrss << 10
		}
	}
	return most
}
