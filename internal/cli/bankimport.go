package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/exchange/files"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/seal"
)

type bankImportCmd struct {
	keeper
	Name string   `arg:"" help:"The bank."`
	Path []string `arg:"" help:"Files." type:"existingfile"`

	As       string `help:"tx (CSV of tx dataset), local (a signal a line), vpdq (one video's frames), hashes (CSV with a column for each thing said) or bank (ours, signed); judged by the file's beginning when left out." enum:",tx,local,vpdq,hashes,bank" default:"" placeholder:"FORMAT"`
	Kind     string `help:"The kind of the signals, where the file does not say it: pdq, sha256, md5 ..." placeholder:"KIND"`
	Source   string `help:"Who says so; the name of the file when left out. Files of one source continue each other: say the same name for the next version of a list." placeholder:"TEXT"`
	Trust    string `help:"bank: public keys (a JSON Web Key Set) of a partner whose signature counts, besides those of the authorities here." type:"existingfile" placeholder:"FILE"`
	Unsigned bool   `help:"bank: take a file that nobody trusted has signed."`
}

// Help says how it is used.
func (bankImportCmd) Help() string {
	return `Rows that cannot be read are left out and listed in a file, with line and reason.
What is known already is not doubled, what was withdrawn here stays withdrawn.
Of a file of ours nothing goes in before the signature over all of it holds.

Examples:
  staydown bank import EXERCISE_POSTERS list.csv --source partner-a
  staydown bank import EXERCISE_POSTERS hashes.txt --as local --kind pdq
  staydown bank import FROM_UNIT_B unit-b.bank --trust unit-b-keys.json`
}

// BankImported is what bank import says of one file when it is through.
type BankImported struct {
	Path     string          `json:"path"`
	Format   string          `json:"format,omitempty"`
	Rows     int64           `json:"rows"` // signals read
	Added    int             `json:"added"`
	Changed  int             `json:"changed"`
	Same     int             `json:"same"`
	Stood    int             `json:"withdrawn_before"`
	Rejected int             `json:"rejected"`
	Rejects  string          `json:"rejects,omitempty"`
	Again    bool            `json:"again,omitempty"`
	Resumed  bool            `json:"resumed,omitempty"`
	Seconds  float64         `json:"seconds"`
	Error    *staydown.Error `json:"error,omitempty"`
}

func (r *bankImportCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, c, err := r.keeps(ctx, g, out)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := a.Desks.Banks.Named(ctx, c, r.Name)
	if err != nil {
		return err
	}
	trust, err := r.trust(ctx, a)
	if err != nil {
		return err
	}
	rejected := 0
	var failed error
	for _, path := range r.Path {
		done, err := r.one(ctx, a, c, b, trust, path, filepath.Join(g.Data, "rejects"), out)
		rejected += done.Rejected
		var e *staydown.Error
		switch {
		case err == nil:
		case errors.As(err, &e) && len(r.Path) > 1:
			failed, done.Error = err, e
			if err := out.Row(done, "%s: %s", location.Visible(path), e); err != nil {
				return err
			}
			continue
		default:
			return err
		}
		if err := done.say(out); err != nil {
			return err
		}
	}
	if failed != nil {
		return staydown.Errorf(staydown.KindOf(failed), "bank.import_some", "not every file could be imported; what could is in")
	}
	if rejected > 0 {
		return staydown.Errorf(staydown.Invalid, "bank.rejects", "%d rows were rejected; the rest is in", rejected)
	}
	return nil
}

func (r *bankImportCmd) one(ctx context.Context, a *app.App, c access.Caller, b staydown.Bank, trust files.Verifier, path, rejects string, out *Out) (BankImported, error) {
	f, err := os.Open(path)
	if err != nil {
		return BankImported{Path: path}, staydown.Errorf(staydown.NotFound, "bank.file", "the file cannot be opened: %v", err).At(path)
	}
	defer f.Close()
	run := bankRun{desk: a.Desks.Banks, caller: c, bank: b, file: f, path: path, out: out, rejects: rejects, began: time.Now(),
		opt: files.Options{Signal: r.Kind, Source: r.Source, Verifier: trust}, format: files.Format(r.As), source: r.Source}
	if run.source == "" {
		run.source = filepath.Base(path)
	}
	err = run.all(ctx)
	return run.told(), err
}

func (d BankImported) say(out *Out) error {
	what := "imported"
	switch {
	case d.Again:
		what = "imported before, nothing changed"
	case d.Resumed:
		what = "imported, from where it was stopped"
	}
	text := fmt.Sprintf("%s: %s (%s): %d signals, %d contents new, %d changed, %d the same, %d withdrawn before; %d rows rejected",
		location.Visible(d.Path), what, d.Format, d.Rows, d.Added, d.Changed, d.Same, d.Stood, d.Rejected)
	if d.Rejects != "" {
		text += ", in " + d.Rejects
	}
	return out.Row(d, "%s", text)
}

// trustedKeys are the keys whose signature under a bank file counts.
type trustedKeys seal.Keys

// Verify implements files.Verifier.
func (t trustedKeys) Verify(payload []byte, signature string) error {
	_, err := seal.VerifyDetached(seal.Keys(t), signature, payload)
	return err
}

// trust collects the keys of the authorities here, and those of --trust.
func (r *bankImportCmd) trust(ctx context.Context, a *app.App) (files.Verifier, error) {
	if r.Unsigned {
		return nil, nil
	}
	all, err := a.Desks.SignIn.Authorities(ctx, terminal())
	if err != nil {
		return nil, err
	}
	keys := trustedKeys{}
	add := func(set []byte) error {
		more, err := seal.ParseKeys(set)
		for name, k := range more {
			keys[name] = k
		}
		return err
	}
	for _, u := range all {
		set, err := a.Keys.PublicKeys(string(u.ID))
		if err != nil {
			continue // no keys were made for it: it signs nothing
		}
		if err := add(set); err != nil {
			return nil, err
		}
	}
	if r.Trust == "" {
		return keys, nil
	}
	set, err := os.ReadFile(r.Trust)
	if err == nil {
		err = add(set)
	}
	if err != nil {
		return nil, staydown.Errorf(staydown.Usage, "bank.trust", "these are no public keys: %v", err).At("--trust")
	}
	return keys, nil
}
