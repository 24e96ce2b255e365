package cli

import (
	"context"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
)

type dbCmd struct {
	Check   dbCheckCmd   `cmd:"" help:"Read the whole database and list what is wrong with it."`
	Backup  dbBackupCmd  `cmd:"" help:"Write the database into a new file, while work goes on."`
	Restore dbRestoreCmd `cmd:"" help:"Fill a new data directory or database from a backup."`
	Migrate dbMigrateCmd `cmd:"" help:"Bring the tables up to date."`
	Move    dbMoveCmd    `cmd:"" help:"Copy the database to another engine."`
}

type dbCheckCmd struct{}

func (dbCheckCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	looked := 0
	found, err := a.Store.Integrity(ctx, func(check string) {
		looked++
		out.Doing(check)
	})
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := out.Row(f, "broken: %s (%d): %s", f.Check, f.N, strings.Join(f.Some, ", ")); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		return staydown.Errorf(staydown.Failed, "db.check", "%d of %d things that must hold of the database do not", len(found), looked)
	}
	return out.Row(map[string]any{"ok": true, "checks": looked, "engine": a.Store.Engine()}, "sound: %d things hold (%s)", looked, a.Store.Engine())
}

type dbBackupCmd struct {
	File string `arg:"" type:"path" help:"The new file."`
}

func (r *dbBackupCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	out.Doing("backing up")
	if err := a.Store.Backup(ctx, r.File, copying(out)); err != nil {
		return err
	}
	out.Note("the backup holds the database; exhibits (vault/) and keys (keys/) in the data directory are kept by copying them")
	return out.Row(map[string]any{"file": r.File}, "backed up into %s", r.File)
}

// copying draws which table was copied.
func copying(out *Out) func(string, int64) {
	return func(table string, rows int64) { out.Progress("copied "+table)(rows, 0) }
}

type dbRestoreCmd struct {
	File string `arg:"" type:"path" help:"A backup."`
}

func (r *dbRestoreCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	rows := int64(0)
	draw := copying(out)
	err := app.Restore(ctx, g.options(out), r.File, func(table string, n int64) {
		rows += n
		draw(table, n)
	})
	if err != nil {
		return err
	}
	out.Note("put vault/ and keys/ back into the data directory before you open the desk")
	return out.Row(map[string]any{"file": r.File, "rows": rows}, "restored %d rows from %s", rows, r.File)
}

type dbMigrateCmd struct{}

func (dbMigrateCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, err := g.open(ctx, out) // opening does it
	if err != nil {
		return err
	}
	defer a.Close()
	v, err := a.Store.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	return out.Row(map[string]any{"version": v, "engine": a.Store.Engine()}, "the tables are at version %d (%s)", v, a.Store.Engine())
}

type dbMoveCmd struct {
	To string `help:"The new database: a postgres:// URL without password (give it in PGPASSWORD), or a new data directory." required:"" placeholder:"URL"`
}

func (r *dbMoveCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, err := g.open(ctx, out)
	if err != nil {
		return err
	}
	defer a.Close()
	rows := int64(0)
	draw := copying(out)
	if err := a.MoveTo(ctx, r.To, func(table string, n int64) { rows += n; draw(table, n) }); err != nil {
		return err
	}
	if !strings.HasPrefix(r.To, "postgres") {
		out.Note("copy vault/ and keys/ into the new data directory before you open the desk there")
		return out.Row(map[string]any{"rows": rows, "to": r.To}, "copied %d rows; open the desk with --data %s from now on", rows, r.To)
	}
	return out.Row(map[string]any{"rows": rows, "to": r.To}, "copied %d rows; open the desk with --database %s from now on, and the data directory as before", rows, r.To)
}
