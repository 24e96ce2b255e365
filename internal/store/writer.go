package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/staydown/staydown/internal/access"
)

// change is one waiting Act.
type change struct {
	ctx    context.Context
	caller access.Caller
	fn     func(*Tx) error
	done   chan error
}

// atOnce is how many waiting changes share one commit of SQLite.
const atOnce = 128

func (s *Store) startWriter(ctx context.Context) error {
	conn, err := s.write.Conn(context.WithoutCancel(ctx))
	if err != nil {
		return fmt.Errorf("opening the writer: %w", err)
	}
	s.changes = make(chan *change, atOnce)
	s.pool.idle = make(chan *question)
	s.stopped.Add(1)
	go s.writer(&lite{conn: conn, stmts: map[string]*sql.Stmt{}})
	return nil
}

func (s *Store) enqueue(ctx context.Context, c access.Caller, fn func(*Tx) error) error {
	ch := &change{ctx, c, fn, make(chan error, 1)}
	select {
	case <-s.stop:
		return errors.New("the store is closed")
	default:
	}
	select {
	case s.changes <- ch:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return errors.New("the store is closed")
	}
	// From here on the change may commit, so its outcome is waited for even when the caller has gone.
	return <-ch.done
}

func (s *Store) writer(l *lite) {
	defer s.stopped.Done()
	defer l.conn.Close()
	batch := make([]*change, 0, atOnce)
	for {
		batch = batch[:0]
		select {
		case ch := <-s.changes:
			batch = append(batch, ch)
		case q := <-s.pool.idle:
			q.answer(l)
			continue
		case <-s.stop:
			s.refuseWaiting()
			return
		}
		batch = s.drain(batch)
		// Whoever is about to hand in a change may do so first: a commit costs the same for one as for many.
		runtime.Gosched()
		batch = s.drain(batch)
		if s.relax.CompareAndSwap(true, false) {
			if _, err := l.conn.ExecContext(context.Background(), "PRAGMA synchronous = OFF"); err != nil {
				for _, ch := range batch {
					ch.done <- fmt.Errorf("relaxing the writer: %w", err)
				}
				continue
			}
		}
		s.commitBatch(l, batch)
	}
}

func (s *Store) drain(batch []*change) []*change {
	for len(batch) < atOnce {
		select {
		case ch := <-s.changes:
			batch = append(batch, ch)
		default:
			return batch
		}
	}
	return batch
}

func (s *Store) refuseWaiting() {
	for {
		select {
		case ch := <-s.changes:
			ch.done <- errors.New("the store is closed")
		case <-time.After(20 * time.Millisecond):
			return
		}
	}
}

// commitBatch gives every change of the batch a savepoint of its own in one transaction: one that fails takes nothing
// with it, and one wait for the disk serves all.
func (s *Store) commitBatch(l *lite, batch []*change) {
	ctx := context.Background()
	results := make([]error, len(batch))
	fail := func(err error) {
		for _, ch := range batch {
			ch.done <- err
		}
	}
	if _, err := l.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		fail(fmt.Errorf("beginning a change: %w", err))
		return
	}
	if len(batch) == 1 {
		s.commitOne(ctx, l, batch[0])
		return
	}
	for i, ch := range batch {
		if _, err := l.exec(ctx, "SAVEPOINT one"); err != nil {
			l.exec(ctx, "ROLLBACK")
			fail(fmt.Errorf("beginning a change: %w", err))
			return
		}
		if results[i] = s.apply(ctx, l, ch.caller, ch.fn); results[i] != nil {
			if _, err := l.exec(ctx, "ROLLBACK TO one"); err != nil {
				l.exec(ctx, "ROLLBACK")
				fail(fmt.Errorf("taking a change back: %w", err))
				return
			}
		}
		if _, err := l.exec(ctx, "RELEASE one"); err != nil {
			l.exec(ctx, "ROLLBACK")
			fail(fmt.Errorf("ending a change: %w", err))
			return
		}
	}
	if _, err := l.exec(ctx, "COMMIT"); err != nil {
		l.exec(ctx, "ROLLBACK")
		fail(fmt.Errorf("committing: %w", err))
		return
	}
	s.members.committed()
	for i, ch := range batch {
		ch.done <- results[i]
	}
}

// commitOne ends a transaction that carries one change: it needs no savepoint.
func (s *Store) commitOne(ctx context.Context, l *lite, ch *change) {
	err := s.apply(ctx, l, ch.caller, ch.fn)
	if err == nil {
		if _, err = l.exec(ctx, "COMMIT"); err == nil {
			s.members.committed()
			ch.done <- nil
			return
		}
		err = fmt.Errorf("committing: %w", err)
	}
	if _, rerr := l.exec(ctx, "ROLLBACK"); rerr != nil {
		err = errors.Join(err, fmt.Errorf("taking a change back: %w", rerr))
	}
	ch.done <- err
}

// commitPostgres runs one change in one serialisable transaction, again when it collided with another.
func (s *Store) commitPostgres(ctx context.Context, c access.Caller, fn func(*Tx) error) error {
	var err error
	for try := range 20 {
		if err = s.tryPostgres(ctx, c, fn); !collided(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try+1) * 3 * time.Millisecond):
		}
	}
	return err
}

func (s *Store) tryPostgres(ctx context.Context, c access.Caller, fn func(*Tx) error) error {
	tx, err := s.write.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return fmt.Errorf("beginning a change: %w", err)
	}
	defer tx.Rollback()
	if err := s.apply(ctx, pgTx{tx}, c, fn); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	s.members.committed()
	return nil
}

func collided(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// Relax lets SQLite leave commits to the operating system instead of waiting for the disk. What was committed still survives
// the death of the process, though not a power cut: enough for an exercise, which can be made again from its seed, and never
// used for a real authority's data.
func (s *Store) Relax(ctx context.Context) error {
	if s.engine != sqliteEngine {
		return nil
	}
	s.relax.Store(true)
	return s.commit(ctx, access.System("store"), func(*Tx) error { return nil }) // wakes the writer, which does it between two transactions
}
