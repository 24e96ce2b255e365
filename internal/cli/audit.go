package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/audit"
)

type auditCmd struct {
	Verify     auditVerifyCmd     `cmd:"" help:"Recompute the log from its stored bytes, or verify an export with nothing else."`
	Proof      auditProofCmd      `cmd:"" help:"Prove that an event is in the log."`
	Checkpoint auditCheckpointCmd `cmd:"" help:"Give out the newest signed checkpoint."`
	Export     auditExportCmd     `cmd:"" help:"Write the log for outsiders to verify; no personal data is in it."`
}

type auditVerifyCmd struct {
	From string `help:"An export to verify instead of the desk's own log; - is standard input." placeholder:"FILE"`
	Key  string `help:"The log's public key, for an export." placeholder:"KEY"`
}

func (r *auditVerifyCmd) Run(ctx context.Context, g *Globals, out *Out, s Streams) error {
	if r.From != "" {
		return r.export(out, s)
	}
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Audit.Verify(ctx, out.Progress("verified"))
	if err != nil {
		return err
	}
	return verdict(out, report)
}

func (r *auditVerifyCmd) export(out *Out, s Streams) error {
	in, done, err := input(r.From, s)
	if err != nil {
		return err
	}
	defer done()
	h, report, err := audit.VerifyExport(in, r.Key, out.Progress("verified"))
	if err != nil {
		return err
	}
	if r.Key == "" {
		out.Note("verified with the key in the file, %s: compare it with the one the authority publishes, or give it with --key", h.Key)
	}
	return verdict(out, report)
}

// verdict says what a verification found.
func verdict(out *Out, r audit.Report) error {
	for _, fault := range r.Faults {
		out.Note("fault: %s", fault)
	}
	err := out.Row(r, "%d events, %d in the tree, %d not yet; checkpoint over %d; %d erased lawfully; %d faults", r.Events, r.Sequenced, r.Unsequenced, r.Checkpoint, r.Erased, len(r.Faults))
	if err != nil || r.OK {
		return err
	}
	return staydown.Errorf(staydown.Failed, "audit.verify", "the log does not verify: %s", r.Faults[0])
}

// input opens a file, or standard input for "-".
func input(name string, s Streams) (io.Reader, func() error, error) {
	if name == "-" {
		return s.In, func() error { return nil }, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, staydown.Errorf(staydown.NotFound, "file.missing", "there is no such file").At(name)
	}
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

type auditProofCmd struct {
	Event string `arg:"" help:"The event's identifier."`
}

func (r *auditProofCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	return g.withLog(ctx, out, func(a *app.App) error {
		p, err := a.Audit.Proof(ctx, staydown.ID(r.Event))
		if err != nil {
			return err
		}
		if err := audit.VerifyProof(p, a.Audit.Verifier); err != nil {
			return err
		}
		return out.Row(p, "event %s is entry %d, under the checkpoint\n%s%s", p.Event, p.Place, p.Checkpoint, p.Leaf)
	})
}

// withLog opens the desk and seals what is not sealed yet.
func (g *Globals) withLog(ctx context.Context, out *Out, do func(*app.App) error) error {
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Audit.Sequence(ctx); err != nil {
		return err
	}
	return do(a)
}

type auditCheckpointCmd struct{}

func (auditCheckpointCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	return g.withLog(ctx, out, func(a *app.App) error {
		c, err := a.Audit.Checkpoint(ctx)
		if err != nil {
			return err
		}
		key, err := a.Keys.Log()
		if err != nil {
			return err
		}
		return out.Row(map[string]any{"size": c.Size, "note": c.Note, "at": c.At, "key": key.Verifier}, "%s\nkey %s", c.Note, key.Verifier)
	})
}

type auditExportCmd struct {
	Output string `short:"o" help:"The new file; - is standard output." default:"-" placeholder:"FILE"`
}

func (r *auditExportCmd) Run(ctx context.Context, g *Globals, out *Out, s Streams) error {
	return g.withLog(ctx, out, func(a *app.App) error {
		key, err := a.Keys.Log()
		if err != nil {
			return err
		}
		if r.Output == "-" {
			return a.Audit.Export(ctx, s.Out, key.Verifier, out.Progress("exported"))
		}
		f, err := os.OpenFile(r.Output, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			return staydown.Errorf(staydown.Refused, "file.exists", "it is there already; an export never overwrites").At(r.Output)
		}
		if err != nil {
			return err
		}
		if err := errors.Join(a.Audit.Export(ctx, f, key.Verifier, out.Progress("exported")), f.Sync(), f.Close()); err != nil {
			os.Remove(r.Output)
			return err
		}
		return out.Row(map[string]any{"file": r.Output, "key": key.Verifier}, "exported into %s; the log's key is %s", r.Output, key.Verifier)
	})
}
