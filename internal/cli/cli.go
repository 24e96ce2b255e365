// Package cli is the command line of the one binary: one file per subcommand. A
// command reads its arguments, opens the desk through internal/app, and says what
// came of it: for people in lines, for programs as JSON, one object a line, the
// last one the result or the error. What scripts rely on (names, exit codes, the
// shape of errors) is a contract, told in docs/design/doors.md.
//
// Messages and progress go to standard error, results to standard output.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
)

// commands is every subcommand, in the order of the help.
type commands struct {
	Globals

	Exercise   exerciseCmd   `cmd:"" help:"Synthetic, harmless action days, and the practice providers."`
	Serve      serveCmd      `cmd:"" help:"Run the desk: pages, API and background work."`
	Import     importCmd     `cmd:"" help:"Take leads in from files and folders."`
	Hash       hashCmd       `cmd:"" help:"The fingerprints of files: pictures, videos, documents, texts."`
	Match      matchCmd      `cmd:"" help:"What banks know of files or hashes, and how two of them compare."`
	Bank       bankCmd       `cmd:"" help:"Known content: make banks, fill them from files, hand them on."`
	Admin      adminCmd      `cmd:"" help:"People and authorities, from the terminal."`
	Audit      auditCmd      `cmd:"" help:"The event log: verify it, prove an event, give out a checkpoint."`
	DB         dbCmd         `cmd:"" name:"db" help:"The database: check, back up, restore, move."`
	Doctor     doctorCmd     `cmd:"" help:"What is there, what is missing, and what that costs."`
	Version    versionCmd    `cmd:"" help:"Version, commit, Go, formats."`
	Completion completionCmd `cmd:"" help:"A completion script for bash, zsh or fish."`
	Confine    confineCmd    `cmd:"" hidden:""`
}

// Globals are the flags of every command; they may stand before or after it.
type Globals struct {
	Data     string          `help:"Data directory." default:"./staydown-data" env:"STAYDOWN_DATA" type:"path" placeholder:"DIR"`
	Database string          `help:"A postgres:// URL instead of the file in the data directory; put its password into STAYDOWN_DATABASE or the configuration." env:"STAYDOWN_DATABASE" placeholder:"URL"`
	Config   kong.ConfigFlag `help:"A JSON file with flags by name." env:"STAYDOWN_CONFIG" placeholder:"FILE"`
	JSON     bool            `name:"json" help:"One JSON object per line on standard output, and nothing else there."`
	Verbose  bool            `help:"Say more on standard error." short:"v"`
}

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Run carries out one command line and returns its exit code: 0 done, 1 internal
// error, 2 wrong use, 3 invalid input, 4 not found, 5 refused, 6 a check failed,
// 130 interrupted.
func Run(args []string, s Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, s)
}

// left is what kong's own exits (help) are carried out with.
type left struct{ code int }

func run(ctx context.Context, args []string, s Streams) (code int) {
	out := newOut(s, asksJSON(args))
	defer func() {
		if p := recover(); p != nil {
			l, ok := p.(left)
			if !ok {
				panic(p)
			}
			code = l.code
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("staydown"), kong.Description("An Internet Referral Unit in a box."),
		kong.Configuration(configuration), kong.Writers(s.Out, s.Err), kong.Exit(func(code int) { panic(left{code}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(out), kong.Bind(s))
	if err != nil {
		return out.fail(fmt.Errorf("reading the command line: %w", err))
	}
	if err := noPassword(args); err != nil {
		return out.fail(err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return out.fail(wrongUse(err))
	}
	out.JSON = c.JSON
	return out.end(ctx, parsed.Run(&c.Globals, parser.Model))
}

// wrongUse makes an error of ours out of what kong says about a command line.
func wrongUse(err error) error {
	var e *staydown.Error
	if errors.As(err, &e) {
		return e
	}
	return staydown.Errorf(staydown.Usage, "usage", "%v; see staydown --help", err)
}

func asksJSON(args []string) bool {
	for _, a := range args {
		if a == "--json" || a == "--json=true" {
			return true
		}
	}
	return false
}

// noPassword refuses a database password among the arguments, where every user of
// the machine could read it.
func noPassword(args []string) error {
	for _, a := range args {
		_, rest, ok := strings.Cut(a, "postgres")
		if !ok {
			continue
		}
		u, err := url.Parse("postgres" + rest)
		if err != nil || u.User == nil {
			continue
		}
		if _, has := u.User.Password(); has {
			return staydown.Errorf(staydown.Usage, "usage.password", "a password among the arguments can be read by everybody on this machine: put the address into STAYDOWN_DATABASE, or into the file of --config")
		}
	}
	return nil
}

// open opens a desk that is there already.
func (g *Globals) open(ctx context.Context, out *Out) (*app.App, error) {
	if g.Database == "" {
		if _, err := os.Stat(g.Data); errors.Is(err, os.ErrNotExist) {
			return nil, staydown.Errorf(staydown.NotFound, "data.missing", "there is no data directory; name another with --data, or make one with staydown serve").At(g.Data)
		}
	}
	return app.Open(ctx, g.options(out))
}

func (g *Globals) options(out *Out) app.Options {
	return app.Options{DataDir: g.Data, Database: g.Database, Log: out.logger(g.Verbose)}
}
