package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
)

type doctorCmd struct{}

// Sign is one thing that doctor looked at.
type Sign struct {
	Name  string `json:"name"`
	State string `json:"state"` // ok | missing | bad
	Found string `json:"found"`
	Cost  string `json:"cost,omitempty"` // what does not work without it, and what to do
}

func (doctorCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	signs := append(machine(), g.desk(ctx, out)...)
	bad := 0
	for _, s := range signs {
		cost := ""
		if s.Cost != "" {
			cost = "  (" + s.Cost + ")"
		}
		if s.State == "bad" {
			bad++
		}
		if err := out.Row(s, "%-8s %-22s %s%s", s.State, s.Name, s.Found, cost); err != nil {
			return err
		}
	}
	if bad > 0 {
		return staydown.Errorf(staydown.Failed, "doctor", "%d things are wrong; see above", bad)
	}
	return nil
}

// machine looks at what is outside of the desk. This version needs no other
// program.
func machine() []Sign {
	signs := []Sign{{Name: "program", State: "ok", Found: fmt.Sprintf("staydown %s, %s, %s/%s, %d processors", app.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}}
	roots := Sign{Name: "certificates", State: "ok", Found: "the machine's own"}
	if pool, err := x509.SystemCertPool(); err != nil || pool.Equal(x509.NewCertPool()) {
		roots.State, roots.Found, roots.Cost = "missing", "none", "nothing can be captured over HTTPS: install the package ca-certificates"
	}
	return append(signs, roots)
}

// desk looks at the data directory and the database; it opens nothing that is not
// there.
func (g *Globals) desk(ctx context.Context, out *Out) []Sign {
	if g.Database == "" {
		if _, err := os.Stat(g.Data); errors.Is(err, fs.ErrNotExist) {
			return []Sign{{Name: "data directory", State: "missing", Found: g.Data, Cost: "nothing was set up here: run staydown serve, or staydown exercise november"}}
		}
	}
	signs := []Sign{g.room()}
	a, err := g.open(ctx, out)
	if err != nil {
		return append(signs, Sign{Name: "database", State: "bad", Found: err.Error(), Cost: "the desk cannot be opened"})
	}
	defer a.Close()
	signs = append(signs, opened(ctx, a)...)
	return append(signs, private(filepath.Join(g.Data, "keys")))
}

// enough is how much free space a day of captures should find, in bytes.
const enough = 2 << 30

// room looks at where the data lies.
func (g *Globals) room() Sign {
	s := Sign{Name: "data directory", State: "ok", Found: g.Data}
	var st unix.Statfs_t
	if err := unix.Statfs(g.Data, &st); err != nil {
		return s
	}
	free := st.Bavail * uint64(st.Bsize)
	s.Found = fmt.Sprintf("%s, %.1f GiB free", g.Data, float64(free)/(1<<30))
	if free < enough {
		s.State, s.Cost = "bad", "captures fail when the disk is full: make room"
	}
	return s
}

// opened looks at an open desk.
func opened(ctx context.Context, a *app.App) []Sign {
	var signs []Sign
	version, err := a.Store.SchemaVersion(ctx)
	signs = append(signs, judged("database", err, "%s, tables at version %d", a.Store.Engine(), version))
	signs = append(signs, Sign{Name: "mode", State: "ok", Found: string(a.Mode)})
	need, err := a.Desks.SignIn.NeedsSetUp(ctx)
	admin := judged("administrator", err, "there is one")
	if err == nil && need {
		admin.State, admin.Found, admin.Cost = "missing", "nobody", "open the set-up link that staydown serve prints, or run staydown admin create"
	}
	signs = append(signs, admin)
	events, sealed, err := a.Store.LogCounts(ctx)
	signs = append(signs, judged("event log", err, "%d events, %d sealed", events, sealed))
	return append(signs, backlog(ctx, a))
}

func judged(name string, err error, format string, args ...any) Sign {
	if err != nil {
		return Sign{Name: name, State: "bad", Found: err.Error()}
	}
	return Sign{Name: name, State: "ok", Found: fmt.Sprintf(format, args...)}
}

// backlog looks for work that was given up.
func backlog(ctx context.Context, a *app.App) Sign {
	counts, err := a.Store.JobCounts(ctx)
	waiting, dead, kinds := 0, 0, []string{}
	for _, c := range counts {
		if c.State == "dead" {
			dead += c.N
			kinds = append(kinds, fmt.Sprintf("%d %s", c.N, c.Kind))
		} else {
			waiting += c.N
		}
	}
	s := judged("background work", err, "%d jobs wait", waiting)
	if dead > 0 {
		s.State, s.Found, s.Cost = "bad", fmt.Sprintf("%d jobs wait, %d were given up", waiting, dead), "tries are used up: "+strings.Join(kinds, ", ")
	}
	return s
}

// private looks whether the keys are closed to others.
func private(dir string) Sign {
	s := Sign{Name: "keys", State: "ok", Found: dir}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && !strings.Contains(path, string(filepath.Separator)+"retired"+string(filepath.Separator)) {
			s.State, s.Found, s.Cost = "bad", path, "others on this machine can read it: run chmod go= on it"
		}
		return err
	})
	if err != nil {
		s.State, s.Found, s.Cost = "bad", err.Error(), "letters and checkpoints cannot be signed"
	}
	return s
}
