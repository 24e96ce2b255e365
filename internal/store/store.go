// Package store keeps everything, on SQLite and on PostgreSQL, proven by one suite (storetest) that both pass.
//
// There is one way to change anything: Act. Its caller gives a function that loads what it needs, asks the root package for
// the transition, puts the new state back, and leaves events and jobs; all of it commits together or not at all. A change
// that leaves no event is refused. The function touches nothing but the transaction, so that SQLite's one writer can carry
// many waiting changes in one commit, a savepoint each, and PostgreSQL can repeat it when two changes collide.
//
// One file per noun holds its table and its questions. Rules are not here.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Store is one open database.
type Store struct {
	engine engine
	write  *sql.DB
	read   *sql.DB
	pool   *pool
	now    func() time.Time

	changes chan *change // SQLite: to the one writer
	relax   atomic.Bool  // see Relax
	stop    chan struct{}
	stopped sync.WaitGroup
	once    sync.Once

	members members

	seqMu sync.Mutex // one sequencing at a time in this process; the lock row does it across processes
}

// File is the name of the SQLite database in a data directory.
const File = "staydown.db"

// Open opens the database that dsn names: a postgres:// URL, or the path of a data directory or of a file that ends in
// .db. It brings the tables up to date. now is the desk's clock.
func Open(ctx context.Context, dsn string, now func() time.Time) (*Store, error) {
	s := &Store{now: now, stop: make(chan struct{})}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		db, err := openPostgres(dsn)
		if err != nil {
			return nil, err
		}
		s.engine, s.write, s.read = postgresEngine, db, db
	} else {
		if !strings.HasSuffix(dsn, ".db") {
			dsn = filepath.Join(dsn, File)
		}
		w, r, err := openSQLite(dsn)
		if err != nil {
			return nil, err
		}
		s.engine, s.write, s.read = sqliteEngine, w, r
	}
	s.pool = &pool{db: s.read, engine: s.engine}
	if err := s.migrate(ctx); err != nil {
		s.closeDBs()
		return nil, err
	}
	if s.engine == sqliteEngine {
		if err := s.startWriter(ctx); err != nil {
			s.closeDBs()
			return nil, err
		}
	}
	return s, nil
}

// Close waits for the changes under way and closes the database.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.stop)
		s.stopped.Wait()
	})
	return s.closeDBs()
}

func (s *Store) closeDBs() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	return err
}

// Engine names the database: "sqlite" or "postgres".
func (s *Store) Engine() string { return string(s.engine) }

// Now is the desk's clock, rounded as it is stored.
func (s *Store) Now() time.Time { return staydown.At(s.now()) }

// Act carries out one change. fn must do nothing but ask and tell the transaction: it may run more than once. When fn
// returns an error of kind Refused and a person or provider stands behind the caller, everything is rolled back and the
// refusal alone is logged.
func (s *Store) Act(ctx context.Context, c access.Caller, fn func(*Tx) error) error {
	err := s.commit(ctx, c, fn)
	if err == nil || staydown.KindOf(err) != staydown.Refused || !c.SignedIn() {
		return err
	}
	if lerr := s.commit(ctx, c, refusal(err)); lerr != nil {
		return fmt.Errorf("logging a refusal (%s): %w", staydown.CodeOf(err), lerr)
	}
	return err
}

func refusal(err error) func(*Tx) error {
	return func(tx *Tx) error {
		tx.refusal = true
		return tx.Event(staydown.Event{Act: "refuse", Noun: "act", Circle: tx.caller.Actor.Authority, Data: map[string]any{"code": staydown.CodeOf(err)}})
	}
}

func (s *Store) commit(ctx context.Context, c access.Caller, fn func(*Tx) error) error {
	if s.engine == sqliteEngine {
		return s.enqueue(ctx, c, fn)
	}
	return s.commitPostgres(ctx, c, fn)
}

// apply runs one change inside an open transaction and holds it to its duty to leave an event.
func (s *Store) apply(ctx context.Context, q querier, c access.Caller, fn func(*Tx) error) (err error) {
	tx := &Tx{ctx: ctx, s: s, q: q, caller: c, now: s.Now()}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a change broke off: %v", p)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if tx.changed != "" && tx.events == 0 {
		return fmt.Errorf("%w: %s", ErrNoEvent, tx.changed)
	}
	if tx.events > 0 && tx.changed == "" && !tx.refusal && !tx.accessOnly {
		return fmt.Errorf("%w", ErrNoChange)
	}
	return nil
}

// ErrNoEvent refuses a change that would leave no trace.
var ErrNoEvent = errors.New("a change without an event is refused")

// ErrNoChange refuses an event that tells of nothing.
var ErrNoChange = errors.New("an event without a change is refused")

// ErrLeaseLost says that a job was taken over by somebody else: what its handler did is not kept.
var ErrLeaseLost = errors.New("the job's lease is lost")
