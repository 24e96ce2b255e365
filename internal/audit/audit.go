// Package audit keeps the log that outsiders can verify: it puts committed events into a hash tree, signs checkpoints over
// it, proves that one event is in it, and checks the whole of it again from the stored bytes.
//
// A leaf is the exact stored bytes of an event. Personal data stands in it only as salted digests; the salt and the value
// lie beside it and can be erased without breaking a proof. Checkpoints are signed notes (golang.org/x/mod/sumdb/note)
// over the tree of golang.org/x/mod/sumdb/tlog (RFC 6962 hashing).
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fail"
)

// Entry is one event as it stands in the log.
type Entry struct {
	Seq    int64 // place in the tree, -1 while not sequenced
	ID     staydown.ID
	At     time.Time
	Actor  staydown.ID // empty for the system, or after erasure
	Salt   string
	Leaf   []byte
	Act    staydown.Act
	Noun   string
	Fields map[string][2]string // name to salt and value, of what is not erased
}

// Checkpoint is a signed statement of the tree's size and root.
type Checkpoint struct {
	Size int64     `json:"size"`
	Note string    `json:"note"`
	At   time.Time `json:"at"`
}

// Store is what this package needs of the store.
type Store interface {
	Sequence(ctx context.Context, limit int) (size int64, added int, err error)
	TreeHashes(ctx context.Context) tlog.HashReader
	LogEntries(ctx context.Context, from int64, limit int) ([]Entry, error)
	LogEntry(ctx context.Context, id staydown.ID) (Entry, error)
	LogCounts(ctx context.Context) (events, sequenced int64, err error)
	KeepCheckpoint(ctx context.Context, c Checkpoint) error
	NewestCheckpoints(ctx context.Context, limit int) ([]Checkpoint, error)
	Now() time.Time
}

// Log is the event log of one installation.
type Log struct {
	Store    Store
	Signer   note.Signer
	Verifier note.Verifier
}

// Sequence puts what is committed into the tree and signs a checkpoint when the tree has grown. It returns the tree's size.
func (l *Log) Sequence(ctx context.Context) (int64, error) {
	var size int64
	grown := false
	for {
		n, added, err := l.Store.Sequence(ctx, 2000)
		if err != nil {
			return 0, err
		}
		size = n
		if added == 0 {
			break
		}
		grown = true
	}
	if !grown && !l.behind(ctx, size) {
		return size, nil
	}
	fail.Point(fail.Checkpoint)
	return size, l.sign(ctx, size)
}

// behind tells whether an earlier run was cut off between growing the tree and signing.
func (l *Log) behind(ctx context.Context, size int64) bool {
	c, err := l.Store.NewestCheckpoints(ctx, 1)
	return err == nil && size > 0 && (len(c) == 0 || c[0].Size < size)
}

func (l *Log) sign(ctx context.Context, size int64) error {
	root, err := tlog.TreeHash(size, l.Store.TreeHashes(ctx))
	if err != nil {
		return fmt.Errorf("computing the log's root at %d: %w", size, err)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", l.Signer.Name(), size, root)
	signed, err := note.Sign(&note.Note{Text: text}, l.Signer)
	if err != nil {
		return fmt.Errorf("signing checkpoint %d: %w", size, err)
	}
	return l.Store.KeepCheckpoint(ctx, Checkpoint{Size: size, Note: string(signed), At: l.Store.Now()})
}

// Checkpoint gives the newest signed checkpoint, or NotFound while there is none.
func (l *Log) Checkpoint(ctx context.Context) (Checkpoint, error) {
	c, err := l.Store.NewestCheckpoints(ctx, 1)
	if err != nil {
		return Checkpoint{}, err
	}
	if len(c) == 0 {
		return Checkpoint{}, staydown.Errorf(staydown.NotFound, "audit.no_checkpoint", "no checkpoint is signed yet")
	}
	return c[0], nil
}

// open checks a checkpoint's signature and reads its size and root.
func open(c Checkpoint, v note.Verifier) (int64, tlog.Hash, error) {
	n, err := note.Open([]byte(c.Note), note.VerifierList(v))
	if err != nil {
		return 0, tlog.Hash{}, fmt.Errorf("checkpoint %d: %w", c.Size, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 3 || lines[0] != v.Name() {
		return 0, tlog.Hash{}, fmt.Errorf("checkpoint %d: not of this log", c.Size)
	}
	var size int64
	if _, err := fmt.Sscanf(lines[1], "%d", &size); err != nil {
		return 0, tlog.Hash{}, fmt.Errorf("checkpoint %d: no size", c.Size)
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

// Report is what a verification found.
type Report struct {
	Events      int64    `json:"events"`      // in the database
	Sequenced   int64    `json:"sequenced"`   // in the tree
	Unsequenced int64    `json:"unsequenced"` // committed, not in the tree yet
	Checkpoint  int64    `json:"checkpoint"`  // size of the newest signed checkpoint
	Erased      int64    `json:"erased"`      // actors and fields that were erased lawfully
	OK          bool     `json:"ok"`
	Faults      []string `json:"faults,omitempty"`
}

// Verify recomputes the tree from the stored leaves, compares every stored hash and every signed checkpoint with it, and
// checks that each leaf's digests match what lies beside it. progress is told how many entries are done.
func (l *Log) Verify(ctx context.Context, progress func(done, of int64)) (Report, error) {
	var r Report
	var err error
	if r.Events, r.Sequenced, err = l.Store.LogCounts(ctx); err != nil {
		return r, err
	}
	r.Unsequenced = r.Events - r.Sequenced
	checkpoints, err := l.Store.NewestCheckpoints(ctx, 1<<20)
	if err != nil {
		return r, err
	}
	roots := l.signedRoots(checkpoints, &r)
	if err := l.replay(ctx, &r, roots, progress); err != nil {
		return r, err
	}
	for size := range roots {
		if size > r.Sequenced {
			r.fault("checkpoint %d covers entries that are gone: the log has %d", size, r.Sequenced)
		}
	}
	if len(checkpoints) > 0 {
		r.Checkpoint = checkpoints[0].Size
	}
	if r.Sequenced > 0 && r.Checkpoint == 0 {
		r.fault("the tree has %d entries and no checkpoint", r.Sequenced)
	}
	r.OK = len(r.Faults) == 0
	return r, nil
}

func (l *Log) signedRoots(all []Checkpoint, r *Report) map[int64]tlog.Hash {
	roots := map[int64]tlog.Hash{}
	for _, c := range all {
		size, root, err := open(c, l.Verifier)
		if err != nil {
			r.fault("%v", err)
			continue
		}
		if size != c.Size {
			r.fault("checkpoint %d says %d", c.Size, size)
		}
		roots[size] = root
	}
	return roots
}

// replay grows a tree of its own from the leaves, in memory only along its right edge.
func (l *Log) replay(ctx context.Context, r *Report, roots map[int64]tlog.Hash, progress func(done, of int64)) error {
	var edge edgeHashes
	stored := l.Store.TreeHashes(ctx)
	for n := int64(0); n < r.Sequenced; {
		batch, err := l.Store.LogEntries(ctx, n, 2000)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			r.fault("entry %d is missing", n)
			return nil
		}
		for _, e := range batch {
			if e.Seq != n {
				r.fault("entry %d is missing", n)
				return nil
			}
			r.checkDigests(e)
			if err := same(stored, tlog.StoredHashCount(n), edge.add(n, tlog.RecordHash(e.Leaf))); err != nil {
				r.fault("entry %d: %v", n, err)
			}
			n++
			if want, ok := roots[n]; ok {
				if got := edge.root(); got != want {
					r.fault("entries up to %d do not give the root that checkpoint %d signs", n-1, n)
				}
			}
		}
		if progress != nil {
			progress(n, r.Sequenced)
		}
	}
	return nil
}

// same compares the hashes that an entry adds to the tree with those that are stored, from index on.
func same(stored tlog.HashReader, index int64, want []tlog.Hash) error {
	at := make([]int64, len(want))
	for i := range at {
		at[i] = index + int64(i)
	}
	got, err := stored.ReadHashes(at)
	if err != nil {
		return err
	}
	for i := range want {
		if got[i] != want[i] {
			return fmt.Errorf("the stored tree does not match the stored entry at hash %d", at[i])
		}
	}
	return nil
}

func (r *Report) fault(format string, args ...any) {
	if len(r.Faults) < 100 {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// checkDigests compares the digests in the leaf with the erasable values beside it.
func (r *Report) checkDigests(e Entry) {
	var leaf struct {
		Actor    string            `json:"actor"`
		Personal map[string]string `json:"personal"`
	}
	if err := json.Unmarshal(e.Leaf, &leaf); err != nil {
		r.fault("entry %d cannot be read", e.Seq)
		return
	}
	if !strings.HasPrefix(leaf.Actor, "system:") {
		if e.Actor == "" {
			r.Erased++
		} else if Digest(e.Salt, string(e.Actor)) != leaf.Actor {
			r.fault("entry %d: the actor beside it is not the one in it", e.Seq)
		}
	}
	for name, want := range leaf.Personal {
		sv, ok := e.Fields[name]
		if !ok {
			r.Erased++
		} else if Digest(sv[0], sv[1]) != want {
			r.fault("entry %d: field %s beside it is not the one in it", e.Seq, name)
		}
	}
}

// edgeHashes is the right edge of a growing tree: the roots of its full subtrees, largest first (RFC 6962, 2.1).
type edgeHashes struct{ full []tlog.Hash }

// add takes the n-th leaf's hash in and returns the hashes it adds to the stored tree, in the order of storage.
func (e *edgeHashes) add(n int64, h tlog.Hash) []tlog.Hash {
	fresh := []tlog.Hash{h}
	for n&1 == 1 {
		last := len(e.full) - 1
		h = tlog.NodeHash(e.full[last], h)
		e.full = e.full[:last]
		fresh = append(fresh, h)
		n >>= 1
	}
	e.full = append(e.full, h)
	return fresh
}

func (e *edgeHashes) root() tlog.Hash {
	h := e.full[len(e.full)-1]
	for i := len(e.full) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.full[i], h)
	}
	return h
}
