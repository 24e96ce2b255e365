package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/staydown/staydown"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// engine is which database stands behind a store.
type engine string

const (
	sqliteEngine   engine = "sqlite"
	postgresEngine engine = "postgres"
)

// querier is what both a transaction and a pool of readers can do.
type querier interface {
	query(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	exec(ctx context.Context, q string, args ...any) (sql.Result, error)
}

// openSQLite opens one writer connection and a pool of readers. A reader's cache is small, because every commit empties it.
// Write-ahead log with full synchronisation: a commit that
// was acknowledged survives a power cut. No memory map: a truncated file must be an error, not a crash.
func openSQLite(file string) (write, read *sql.DB, err error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", file, err)
	}
	dsn := func(extra string) string {
		return (&url.URL{Scheme: "file", Path: abs}).String() +
			"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(OFF)" +
			"&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(4000)" + extra
	}
	if write, err = sql.Open("sqlite", dsn("&_pragma=cache_size(-65536)&_txlock=immediate")); err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", file, err)
	}
	write.SetMaxOpenConns(1)
	if read, err = sql.Open("sqlite", dsn("&_pragma=cache_size(-2048)&_pragma=query_only(1)")); err != nil {
		write.Close()
		return nil, nil, fmt.Errorf("opening %s: %w", file, err)
	}
	n := max(4, runtime.NumCPU())
	read.SetMaxOpenConns(n)
	read.SetMaxIdleConns(n)
	return write, read, nil
}

func openPostgres(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	return db, nil
}

// pool reads outside of any change.
type pool struct {
	db     *sql.DB
	engine engine
	stmts  sync.Map       // string -> *sql.Stmt, SQLite only: pgx keeps its own
	idle   chan *question // to SQLite's writer while it has nothing to do, see ask
}

func (p *pool) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if p.engine == postgresEngine {
		return p.db.QueryContext(ctx, rebind(q), args...)
	}
	s, err := p.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p *pool) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	return nil, fmt.Errorf("a reader cannot change anything")
}

// stable keeps SQLite from planning a prepared statement anew on every run: it looks through a bound LIMIT at its number, and
// so expires the plan whenever one is bound. A sum hides the number.
func stable(q string) string { return strings.ReplaceAll(q, "LIMIT ?", "LIMIT (0 + ?)") }

func (p *pool) prepare(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := p.stmts.Load(q); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.db.PrepareContext(ctx, stable(q))
	if err != nil {
		return nil, err
	}
	if old, loaded := p.stmts.LoadOrStore(q, s); loaded {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

// lite is SQLite's one writing connection with its prepared statements.
type lite struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (l *lite) prepare(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := l.stmts[q]; ok {
		return s, nil
	}
	s, err := l.conn.PrepareContext(ctx, stable(q))
	if err != nil {
		return nil, err
	}
	l.stmts[q] = s
	return s, nil
}

func (l *lite) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	s, err := l.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (l *lite) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	s, err := l.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// pgTx is one PostgreSQL transaction.
type pgTx struct{ tx *sql.Tx }

func (p pgTx) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	return p.tx.QueryContext(ctx, rebind(q), args...)
}

func (p pgTx) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	return p.tx.ExecContext(ctx, rebind(q), args...)
}

// inAll makes a list of identifiers to look for. Its length is rounded up, by naming the last one again, so that a handful of
// prepared questions serves lists of any length.
func inAll(all []staydown.ID) (list string, args []any) {
	n := 1
	for n < len(all) {
		n *= 2
	}
	args = ids(all)
	for len(args) < n && len(all) > 0 {
		args = append(args, args[len(all)-1])
	}
	return in(len(args)), args
}

// in makes "(?, ?, ?)" for a list, and "(NULL)" for an empty one, which nothing is in.
func in(n int) string {
	if n == 0 {
		return "(NULL)"
	}
	return "(" + strings.TrimSuffix(strings.Repeat("?, ", n), ", ") + ")"
}
