package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"runtime/debug"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/exercise/practice"
	"github.com/staydown/staydown/internal/exercise/world"
)

// providersCmd runs the practice providers of an exercise and nothing else.
type providersCmd struct {
	Listen string `help:"Loopback address to listen on; every door gets a free port of it." default:"127.0.0.1" placeholder:"ADDR"`
	Items  int    `help:"How many postings are planted." default:"26000" placeholder:"N"`
	Seed   uint64 `help:"What the world is drawn from: same seed, same world." default:"1" placeholder:"S"`
	Tamper bool   `help:"Falsify the truth on purpose, to see that the comparison finds it."`
	Leash  bool   `help:"Stop when standard input ends." hidden:""`
}

// practiceMemory bounds the providers' memory softly, in bytes: they share the
// machine with the desk they test.
const practiceMemory = 320 << 20

// Run prints the providers file as one line on standard output and serves until
// it is stopped. The truth lies in the data directory.
func (c *providersCmd) Run(ctx context.Context, g *Globals, out *Out, s Streams) error {
	ip := c.Listen
	if host, _, err := net.SplitHostPort(ip); err == nil {
		ip = host
	}
	if parsed := net.ParseIP(ip); parsed == nil || !parsed.IsLoopback() {
		return staydown.Errorf(staydown.Usage, "exercise.listen", "practice providers listen on loopback only, such as 127.0.0.1").At("--listen")
	}
	w, err := world.New(c.Seed, c.Items)
	if err != nil {
		return staydown.Errorf(staydown.Usage, "exercise.items", "%v", err).At("--items")
	}
	debug.SetMemoryLimit(practiceMemory)
	house, err := practice.Start(ctx, practice.Config{World: w, Dir: g.Data, Listen: ip, Tamper: c.Tamper, Log: out.logger(g.Verbose)})
	if err != nil {
		return err
	}
	defer house.Close()
	if err := json.NewEncoder(s.Out).Encode(house.File()); err != nil {
		return fmt.Errorf("printing the providers file: %w", err)
	}
	if !c.Leash {
		out.Note("nine practice providers are up; the truth is kept in %s; stop with Ctrl-C", g.Data)
	}
	select {
	case <-ctx.Done():
	case <-house.Done():
	case <-ended(s.In, c.Leash):
	}
	return house.Close()
}

// ended is closed when the input ends; never without a leash.
func ended(in io.Reader, leash bool) <-chan struct{} {
	if !leash {
		return nil
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = io.Copy(io.Discard, in) // however it ends, it has ended
	}()
	return over
}
