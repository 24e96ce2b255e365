package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/staydown/staydown"
)

// Backup writes the whole database into a new SQLite file while work goes on: on SQLite a consistent copy by the engine
// itself, on PostgreSQL row by row. The bytes of exhibits and the keys are not in it. An existing file is refused.
func (s *Store) Backup(ctx context.Context, file string, progress func(table string, rows int64)) error {
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			return staydown.Errorf(staydown.Refused, "db.exists", "%s is there already; a backup never overwrites", file)
		}
		return fmt.Errorf("looking at %s: %w", file, err)
	}
	part := file + ".part.db"
	write := func() error { return s.vacuumInto(ctx, part) }
	if s.engine == postgresEngine {
		write = func() error { return s.backupRows(ctx, part, progress) }
	}
	err := write()
	if err == nil {
		err = os.Chmod(part, 0o600)
	}
	if err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("backing up into %s: %w", file, err)
	}
	return nil
}

func (s *Store) vacuumInto(ctx context.Context, file string) error {
	db, done, err := s.aside(ctx)
	if err != nil {
		return err
	}
	defer done()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, file)
	return err
}

// aside gives a connection beside the one writer and the readers: copying must neither wait behind them nor be held to
// reading.
func (s *Store) aside(ctx context.Context) (db *sql.DB, done func() error, err error) {
	if s.engine == postgresEngine {
		return s.write, func() error { return nil }, nil
	}
	var file string
	if err := s.read.QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		return nil, nil, fmt.Errorf("finding the database's file: %w", err)
	}
	db, err = sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file}).String()+"?_pragma=busy_timeout(60000)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", file, err)
	}
	db.SetMaxOpenConns(1)
	return db, db.Close, nil
}

func (s *Store) backupRows(ctx context.Context, file string, progress func(table string, rows int64)) error {
	to, err := Open(ctx, file, s.now)
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, s, to, progress), to.Close())
}

// Copy puts every row of one database into another that is empty, from one moment and in one transaction: all of it arrives
// or nothing does. It is how a desk moves to another engine and how a backup is restored. progress is told what was copied.
func Copy(ctx context.Context, from, to *Store, progress func(table string, rows int64)) error {
	source, done, err := from.aside(ctx)
	if err != nil {
		return err
	}
	defer done()
	target, done, err := to.aside(ctx)
	if err != nil {
		return err
	}
	defer done()
	out, err := source.BeginTx(ctx, from.snapshot())
	if err != nil {
		return fmt.Errorf("reading the database: %w", err)
	}
	defer out.Rollback()
	in, err := target.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("writing the database: %w", err)
	}
	defer in.Rollback()
	tables, err := sameTables(ctx, from, to, out, in)
	if err != nil {
		return err
	}
	for _, t := range tables {
		rows, err := to.copyTable(ctx, out, in, t)
		if err != nil {
			return fmt.Errorf("copying %s: %w", t.name, err)
		}
		if progress != nil {
			progress(t.name, rows)
		}
	}
	if err := to.renumber(ctx, in); err != nil {
		return err
	}
	if err := in.Commit(); err != nil {
		return fmt.Errorf("writing the database: %w", err)
	}
	return nil
}

// snapshot is a reading transaction that sees one moment.
func (s *Store) snapshot() *sql.TxOptions {
	if s.engine == postgresEngine {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil // SQLite's write-ahead log gives it with the first question
}

// copied is one table with its columns, in the order of their names.
type copied struct {
	name    string
	columns []string
}

// sameTables lists what to copy, and refuses a target that is of another version or that somebody works with.
func sameTables(ctx context.Context, from, to *Store, out, in *sql.Tx) ([]copied, error) {
	ours, err := from.tables(ctx, out)
	if err != nil {
		return nil, err
	}
	theirs, err := to.tables(ctx, in)
	if err != nil {
		return nil, err
	}
	if fmt.Sprint(ours) != fmt.Sprint(theirs) {
		return nil, staydown.Errorf(staydown.Refused, "db.version", "the two databases have different tables: bring both up to date with this version first")
	}
	for _, t := range theirs {
		var n int64
		if err := in.QueryRowContext(ctx, "SELECT count(*) FROM "+t.name).Scan(&n); err != nil {
			return nil, fmt.Errorf("counting %s: %w", t.name, err)
		}
		if n > 0 && t.name != settings {
			return nil, staydown.Errorf(staydown.Refused, "db.not_empty", "the database to copy into has rows in %s; it must be a new one", t.name)
		}
	}
	return ours, nil
}

const (
	settings = "settings"         // has the sequencer's lock row from the start: replaced
	versions = "goose_db_version" // is the migrations' own: left alone
)

func (s *Store) tables(ctx context.Context, tx *sql.Tx) ([]copied, error) {
	q := `SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.name`
	if s.engine == postgresEngine {
		q = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", column_name COLLATE "C"`
	}
	rows, err := tx.QueryContext(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing tables: %w", err)
	}
	defer rows.Close()
	var out []copied
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, fmt.Errorf("listing tables: %w", err)
		}
		if table == versions {
			continue
		}
		if len(out) == 0 || out[len(out)-1].name != table {
			out = append(out, copied{name: table})
		}
		last := &out[len(out)-1]
		last.columns = append(last.columns, column)
	}
	return out, rows.Err()
}

// copyTable copies one table and returns how many rows it had.
func (s *Store) copyTable(ctx context.Context, out, into *sql.Tx, t copied) (int64, error) {
	if t.name == settings {
		if _, err := into.ExecContext(ctx, "DELETE FROM "+settings); err != nil {
			return 0, err
		}
	}
	columns := strings.Join(t.columns, ", ")
	q := "INSERT INTO " + t.name + " (" + columns + ") VALUES " + in(len(t.columns))
	if s.engine == postgresEngine {
		q = rebind(q)
	}
	insert, err := into.PrepareContext(ctx, q)
	if err != nil {
		return 0, err
	}
	defer insert.Close()
	rows, err := out.QueryContext(ctx, "SELECT "+columns+" FROM "+t.name)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n, cells, dest := int64(0), make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return n, err
		}
		if _, err := insert.ExecContext(ctx, cells...); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// renumber lets the log's own numbers go on behind the copied ones.
func (s *Store) renumber(ctx context.Context, tx *sql.Tx) error {
	if s.engine != postgresEngine {
		return nil // SQLite's own table of numbers follows what was inserted
	}
	var next int64
	err := tx.QueryRowContext(ctx, `SELECT setval(pg_get_serial_sequence('events', 'n'), (SELECT COALESCE(max(n), 0) + 1 FROM events), false)`).Scan(&next)
	if err != nil {
		return fmt.Errorf("numbering the log on: %w", err)
	}
	return nil
}
