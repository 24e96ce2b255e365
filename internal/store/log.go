package store

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// The hash tree lies in blocks of 512 hashes, in the order of tlog's storage: the last block is rewritten as it grows.
const blockHashes = 512

// Entry is one event as it stands in the log.
type Entry struct {
	N       int64 // order of commit
	Seq     int64 // place in the hash tree, -1 while not sequenced
	ID      staydown.ID
	Stream  staydown.Stream
	At      time.Time
	Owner   staydown.ID
	Circle  staydown.ID
	Act     staydown.Act
	Noun    string
	Subject staydown.ID
	Actor   staydown.ID // erasable; empty for the system or after erasure
	Salt    string
	Leaf    []byte
}

const entryColumns = `n, COALESCE(seq, -1), id, stream, at, owner, circle, act, noun, subject, actor, actor_salt, leaf`

// Entries reads the log in its order, from place seq on, at most limit.
func (s *Store) Entries(ctx context.Context, from int64, limit int) ([]Entry, error) {
	return s.entries(ctx, `SELECT `+entryColumns+` FROM events WHERE seq >= ? ORDER BY seq LIMIT ?`, from, limit)
}

// Unsequenced reads the tail that no checkpoint covers yet.
func (s *Store) Unsequenced(ctx context.Context, limit int) ([]Entry, error) {
	return s.entries(ctx, `SELECT `+entryColumns+` FROM events WHERE seq IS NULL ORDER BY n LIMIT ?`, limit)
}

// EntryOf finds one event.
func (s *Store) EntryOf(ctx context.Context, id staydown.ID) (Entry, error) {
	e, err := s.entries(ctx, `SELECT `+entryColumns+` FROM events WHERE id = ?`, string(id))
	if err != nil {
		return Entry{}, err
	}
	if len(e) == 0 {
		return Entry{}, staydown.Errorf(staydown.NotFound, "event.not_found", "no event has this identifier")
	}
	return e[0], nil
}

// History reads what happened to one subject, oldest first.
func (s *Store) History(ctx context.Context, subject staydown.ID, limit int) ([]Entry, error) {
	return s.entries(ctx, `SELECT `+entryColumns+` FROM events WHERE subject = ? ORDER BY n LIMIT ?`, string(subject), limit)
}

// Latest reads the newest events of the caller's circles, newest first, before place n (0: from the end).
func (s *Store) Latest(ctx context.Context, c access.Caller, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1 << 62
	}
	args := append(append(append([]any{before}, ids(c.Circles)...), string(c.Actor.Authority)), limit)
	return s.entries(ctx, `SELECT `+entryColumns+` FROM events WHERE n < ? AND (circle IN `+in(len(c.Circles))+` OR owner = ?) ORDER BY n DESC LIMIT ?`, args...)
}

func (s *Store) entries(ctx context.Context, q string, args ...any) ([]Entry, error) {
	rows, err := s.pool.query(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the log: %w", err)
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		var e Entry
		var at int64
		if err := rows.Scan(&e.N, &e.Seq, &e.ID, &e.Stream, &at, &e.Owner, &e.Circle, &e.Act, &e.Noun, &e.Subject, &e.Actor, &e.Salt, &e.Leaf); err != nil {
			return nil, fmt.Errorf("reading the log: %w", err)
		}
		e.At = fromMillis(at)
		out = append(out, e)
	}
	return out, rows.Err()
}

// Counts tells how many events there are, and how many are in the tree.
func (s *Store) LogCounts(ctx context.Context) (events, sequenced int64, err error) {
	n, err := count(ctx, s.pool, `SELECT count(*) FROM events`)
	if err != nil {
		return 0, 0, err
	}
	m, err := count(ctx, s.pool, `SELECT COALESCE(max(seq), -1) + 1 FROM events`)
	return int64(n), int64(m), err
}

// Sequence puts up to limit committed events into the hash tree, in the order of their commit, and returns the new size of
// the tree. It takes what has no place yet, never what lies behind a high-water mark: on PostgreSQL an earlier number may
// commit later. One sequencer at a time: the lock row makes a second one wait.
func (s *Store) Sequence(ctx context.Context, limit int) (size int64, added int, err error) {
	s.seqMu.Lock()
	defer s.seqMu.Unlock()
	err = s.commit(ctx, access.System("sequencer"), func(tx *Tx) error {
		size, added = 0, 0
		if _, err := tx.q.exec(tx.ctx, `UPDATE settings SET value = 'held' WHERE name = 'sequencer'`); err != nil {
			return fmt.Errorf("locking the sequencer: %w", err)
		}
		n, err := count(tx.ctx, tx.q, `SELECT COALESCE(max(seq), -1) + 1 FROM events`)
		if err != nil {
			return err
		}
		size = int64(n)
		todo, err := tx.unsequenced(limit)
		if err != nil {
			return err
		}
		if added = len(todo); added == 0 {
			return nil
		}
		return tx.grow(&size, todo)
	})
	return size, added, err
}

type unseq struct {
	n    int64
	leaf []byte
}

func (tx *Tx) unsequenced(limit int) ([]unseq, error) {
	rows, err := tx.q.query(tx.ctx, `SELECT n, leaf FROM events WHERE seq IS NULL ORDER BY n LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("reading the log's tail: %w", err)
	}
	defer rows.Close()
	var out []unseq
	for rows.Next() {
		var u unseq
		if err := rows.Scan(&u.n, &u.leaf); err != nil {
			return nil, fmt.Errorf("reading the log's tail: %w", err)
		}
		out = append(out, u)
	}
	return out, rows.Err()
}

func (tx *Tx) grow(size *int64, todo []unseq) error {
	start := tlog.StoredHashCount(*size)
	block := start / blockHashes
	tail, err := tx.block(block)
	if err != nil {
		return err
	}
	fresh := append([]byte(nil), tail...)
	base := block * blockHashes
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			if x >= base {
				copy(out[i][:], fresh[(x-base)*tlog.HashSize:])
				continue
			}
			b, err := tx.block(x / blockHashes)
			if err != nil {
				return nil, err
			}
			copy(out[i][:], b[(x%blockHashes)*tlog.HashSize:])
		}
		return out, nil
	})
	for _, u := range todo {
		hashes, err := tlog.StoredHashes(*size, u.leaf, reader)
		if err != nil {
			return fmt.Errorf("growing the log's tree: %w", err)
		}
		for _, h := range hashes {
			fresh = append(fresh, h[:]...)
		}
		if _, err := tx.q.exec(tx.ctx, `UPDATE events SET seq = ? WHERE n = ?`, *size, u.n); err != nil {
			return fmt.Errorf("growing the log's tree: %w", err)
		}
		*size++
	}
	return tx.putBlocks(block, fresh)
}

func (tx *Tx) block(n int64) ([]byte, error) { return readBlock(tx.ctx, tx.q, n) }

func readBlock(ctx context.Context, q querier, n int64) ([]byte, error) {
	rows, err := q.query(ctx, `SELECT hashes FROM tree_blocks WHERE n = ?`, n)
	if err != nil {
		return nil, fmt.Errorf("reading the log's tree: %w", err)
	}
	defer rows.Close()
	var b []byte
	if rows.Next() {
		if err := rows.Scan(&b); err != nil {
			return nil, fmt.Errorf("reading the log's tree: %w", err)
		}
	}
	return b, rows.Err()
}

func (tx *Tx) putBlocks(first int64, hashes []byte) error {
	const size = blockHashes * tlog.HashSize
	for len(hashes) > 0 {
		n := min(size, len(hashes))
		_, err := tx.q.exec(tx.ctx, `INSERT INTO tree_blocks (n, hashes) VALUES (?, ?) ON CONFLICT (n) DO UPDATE SET hashes = excluded.hashes`, first, hashes[:n])
		if err != nil {
			return fmt.Errorf("growing the log's tree: %w", err)
		}
		hashes = hashes[n:]
		first++
	}
	return nil
}

// TreeHashes reads stored hashes of the tree by tlog's index, for roots and proofs.
func (s *Store) TreeHashes(ctx context.Context) tlog.HashReader {
	cache := map[int64][]byte{}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			b, ok := cache[x/blockHashes]
			if !ok {
				var err error
				if b, err = readBlock(ctx, s.pool, x/blockHashes); err != nil {
					return nil, err
				}
				cache[x/blockHashes] = b
			}
			at := (x % blockHashes) * tlog.HashSize
			if int64(len(b)) < at+tlog.HashSize {
				return nil, fmt.Errorf("the log's tree lacks hash %d", x)
			}
			copy(out[i][:], b[at:])
		}
		return out, nil
	})
}

// Checkpoint is a signed statement of the tree's size and root.
type Checkpoint struct {
	Size int64
	Note string // golang.org/x/mod/sumdb/note text
	At   time.Time
}

// AddCheckpoint keeps a signed checkpoint.
func (s *Store) AddCheckpoint(ctx context.Context, c Checkpoint) error {
	return s.commit(ctx, access.System("sequencer"), func(tx *Tx) error {
		_, err := tx.q.exec(tx.ctx, `INSERT INTO checkpoints (size, note, at) VALUES (?, ?, ?) ON CONFLICT (size) DO NOTHING`, c.Size, c.Note, millis(c.At))
		return err
	})
}

// Checkpoints reads the newest signed checkpoints, newest first.
func (s *Store) Checkpoints(ctx context.Context, limit int) ([]Checkpoint, error) {
	rows, err := s.pool.query(ctx, `SELECT size, note, at FROM checkpoints ORDER BY size DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("reading checkpoints: %w", err)
	}
	defer rows.Close()
	var out []Checkpoint
	for rows.Next() {
		var c Checkpoint
		var at int64
		if err := rows.Scan(&c.Size, &c.Note, &at); err != nil {
			return nil, fmt.Errorf("reading checkpoints: %w", err)
		}
		c.At = fromMillis(at)
		out = append(out, c)
	}
	return out, rows.Err()
}

// EraseActor forgets who acted in the events of one person: the leaves keep their salted digests, and proofs stay valid.
// Law: LED 5
func (s *Store) EraseActor(ctx context.Context, c access.Caller, person staydown.ID) error {
	return s.Act(ctx, c, func(tx *Tx) error {
		if _, err := tx.q.exec(tx.ctx, `UPDATE events SET actor = '', actor_salt = '' WHERE actor = ?`, string(person)); err != nil {
			return fmt.Errorf("erasing an actor: %w", err)
		}
		tx.touch("events", false)
		return tx.Event(staydown.Event{Act: "erase", Noun: "actor", Circle: c.Actor.Authority})
	})
}

// EraseField forgets one personal field of one event.
func (s *Store) EraseField(ctx context.Context, c access.Caller, event staydown.ID, name string) error {
	return s.Act(ctx, c, func(tx *Tx) error {
		if _, err := tx.q.exec(tx.ctx, `DELETE FROM event_fields WHERE event = ? AND name = ?`, string(event), name); err != nil {
			return fmt.Errorf("erasing a field: %w", err)
		}
		tx.touch("event_fields", false)
		return tx.Event(staydown.Event{Act: "erase", Noun: "field", Subject: event, Circle: c.Actor.Authority, Data: map[string]any{"name": name}})
	})
}

// Fields reads the personal fields of one event that are not erased: name to salt and value.
func (s *Store) Fields(ctx context.Context, event staydown.ID) (map[string][2]string, error) {
	rows, err := s.pool.query(ctx, `SELECT name, salt, value FROM event_fields WHERE event = ?`, string(event))
	if err != nil {
		return nil, fmt.Errorf("reading fields: %w", err)
	}
	defer rows.Close()
	out := map[string][2]string{}
	for rows.Next() {
		var name, salt, value string
		if err := rows.Scan(&name, &salt, &value); err != nil {
			return nil, fmt.Errorf("reading fields: %w", err)
		}
		out[name] = [2]string{salt, value}
	}
	return out, rows.Err()
}
