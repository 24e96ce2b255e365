package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"time"
)

// Probe tells which walls stand on this machine. It starts a few children that
// try to get through, each behind one kind of wall alone, and remembers the
// answer: the first call takes some 50 ms.
//
// Limits of processor time, time, output and file size are the kernel's and our
// own on every machine, and not tried.
func (b *Box) Probe(ctx context.Context) Confinement {
	b.once.Do(func() { b.found = b.probe(context.WithoutCancel(ctx)) })
	return b.found
}

func (b *Box) probe(ctx context.Context) Confinement {
	var c Confinement
	spaces, noSpaces := b.try(ctx, apart, order{})
	filtered, noFilter := b.try(ctx, none, order{Filter: true})
	locked, noLock := attempts{}, error(nil)
	if version := landlockVersion(); version > 0 {
		if locked, noLock = b.try(ctx, none, order{Landlock: true}); noLock == nil && locked.File.refused() && locked.Write.refused() {
			c.landlock = version
		}
	}
	if noSpaces == nil {
		c.walls = apart
	}
	c.filter = noFilter == nil
	c.Files = wall(
		held{c.landlock > 0, "landlock", says("this kernel has no landlock (Linux 5.13 has), or it is switched off", noLock)})
	c.Network = wall(
		held{noSpaces == nil && spaces.TCP.refused() && spaces.UDP.refused(), "a network of its own without interfaces", says("namespaces are not allowed here", noSpaces)},
		held{c.filter && filtered.TCP.refused() && filtered.UDP.refused(), "no system calls for sockets", says("system calls cannot be filtered", noFilter)},
		held{c.landlock >= landlockTCP && locked.TCP.refused(), "landlock on TCP", "this kernel's landlock does not know TCP (Linux 6.7 does)"})
	c.Processes = wall(
		held{c.filter && filtered.Fork.refused(), "no system calls that make processes", says("system calls cannot be filtered", noFilter)},
		held{noSpaces == nil && spaces.Signal.refused(), "processes of its own only", says("namespaces are not allowed here", noSpaces)})
	one := firstOf(noFilter, filtered, noSpaces, spaces, noLock, locked)
	c.Memory = wall(held{one.Memory.refused(), "a limit on address space", "the kernel gave more than the limit"})
	c.Privileges = wall(held{one.Fixed && !one.Root, "no new privileges, not the administrator", "it keeps the rights of who runs this program"})
	return c
}

// firstOf is the first trial that could be made.
func firstOf(e1 error, a1 attempts, e2 error, a2 attempts, e3 error, a3 attempts) attempts {
	switch {
	case e1 == nil:
		return a1
	case e2 == nil:
		return a2
	case e3 == nil:
		return a3
	}
	return attempts{}
}

func says(text string, err error) string {
	if err != nil {
		text += ": " + err.Error()
	}
	return text
}

// held is one means of holding a wall.
type held struct {
	holds bool
	how   string
	why   string // why it does not
}

// wall stands when one of its means holds.
func wall(all ...held) Wall {
	var w Wall
	var how, why []string
	for _, h := range all {
		if h.holds {
			w.Stands, how = true, append(how, h.how)
		} else {
			why = append(why, h.why)
		}
	}
	w.How, w.Why = strings.Join(how, "; "), strings.Join(why, "; ")
	return w
}

// try starts a child behind some walls that tries to get through them.
func (b *Box) try(ctx context.Context, w walls, o order) (attempts, error) {
	var found attempts
	in, err := os.Open(os.DevNull)
	if err != nil {
		return found, err
	}
	defer in.Close()
	o.Trial, o.Memory, o.CPU = true, trialMemory, 5
	l := Limits{Wall: 10 * time.Second, CPU: 5 * time.Second, Output: 64 << 10}.orDefault()
	err = b.start(ctx, o, w, in, l, func(r io.Reader) error {
		said, err := io.ReadAll(r)
		if err != nil || len(bytes.TrimSpace(said)) == 0 {
			return err
		}
		return json.Unmarshal(said, &found)
	})
	if err == nil && !found.Made {
		err = errNoTrial
	}
	return found, err
}
