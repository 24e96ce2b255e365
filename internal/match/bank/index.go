package bank

import (
	"context"
	"fmt"
	"sync"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/tlsh"
	"github.com/staydown/staydown/internal/fingerprint/trend"
	"github.com/staydown/staydown/internal/match/hamming"
	"github.com/staydown/staydown/internal/match/neartext"
)

// Feed is what a copy of the signals follows.
type Feed interface {
	// BankChanges lists the changes behind a number, oldest first.
	BankChanges(ctx context.Context, after int64, limit int) ([]Change, error)
	// LastBankChange is the number of the newest change; 0 before the first.
	LastBankChange(ctx context.Context) (int64, error)
	// NearHashes lists, by number, the hashes behind a number up to another that are compared by likeness: pictures, frames,
	// texts and queries.
	NearHashes(ctx context.Context, after, upTo int64, limit int) ([]Hash, error)
}

// Index is a copy, in this process's memory, of the signals that are compared by
// likeness; those that are the same or not are asked of the database. Each
// different value of a bank lies in it once. What may not match lies aside, and
// is searched only to say why not. The database is the truth: a new copy is read
// from it. It is safe for use by several goroutines.
type Index struct {
	live  shelf
	aside shelf

	following sync.Mutex // one goroutine brings the copy up to date at a time
	at        int64      // the last change taken in
	read      bool       // whether the copy was read from the database
}

// shelf is one of the two parts of the copy.
type shelf struct {
	pictures *hamming.Index
	texts    *neartext.Index[uint64]
	mu       sync.RWMutex
	queries  map[uint64]*trend.Query
	tlsh     map[uint64]tlsh.Hash // few: compared one by one
}

func newShelf() shelf {
	return shelf{pictures: hamming.New(), texts: neartext.New[uint64](), queries: map[uint64]*trend.Query{}, tlsh: map[uint64]tlsh.Hash{}}
}

// NewIndex returns an empty copy.
func NewIndex() *Index { return &Index{live: newShelf(), aside: newShelf()} }

// hashBits is how much of a key is the number of the hash; above it stands the
// number of its bank, so that hits of other banks are told by their key.
const hashBits = 40

func keyOf(bankNo, hash int64) uint64 { return uint64(bankNo)<<hashBits | uint64(hash) }

func bankOf(key uint64) int64 { return int64(key >> hashBits) }

func hashOf(key uint64) int64 { return int64(key & (1<<hashBits - 1)) }

// Len tells how many different values may match, and how many lie aside.
func (x *Index) Len() (live, aside int) { return x.live.len(), x.aside.len() }

func (s *shelf) len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.pictures.Len() + s.texts.Len() + len(s.queries) + len(s.tlsh)
}

// Follow takes in all changes committed so far.
func (x *Index) Follow(ctx context.Context, feed Feed) error {
	x.following.Lock()
	defer x.following.Unlock()
	if !x.read {
		if err := x.begin(ctx, feed); err != nil {
			return fmt.Errorf("reading the banks: %w", err)
		}
		x.read = true
	}
	const atOnce = 200
	for {
		changes, err := feed.BankChanges(ctx, x.at, atOnce)
		if err != nil {
			return fmt.Errorf("following the banks: %w", err)
		}
		for _, c := range changes {
			if err := x.take(ctx, feed, c.Range); err != nil {
				return fmt.Errorf("following the banks: %w", err)
			}
			x.at = c.N
		}
		if len(changes) < atOnce {
			return nil
		}
	}
}

// begin reads all there is. What changes meanwhile is taken in again by its
// number.
func (x *Index) begin(ctx context.Context, feed Feed) error {
	at, err := feed.LastBankChange(ctx)
	if err != nil {
		return err
	}
	x.at = at
	if at == 0 {
		return nil
	}
	return x.take(ctx, feed, Range{First: 1, Last: 1<<hashBits - 1})
}

// take takes in the hashes of a range as they are now.
func (x *Index) take(ctx context.Context, feed Feed, r Range) error {
	const atOnce = 5000
	after := r.First - 1
	for {
		hashes, err := feed.NearHashes(ctx, after, r.Last, atOnce)
		if err != nil {
			return err
		}
		for _, h := range hashes {
			x.set(h)
			after = h.N
		}
		if len(hashes) < atOnce {
			return nil
		}
	}
}

func (x *Index) set(h Hash) {
	to, from := &x.live, &x.aside
	if h.Live <= 0 {
		to, from = from, to
	}
	key := keyOf(h.BankNo, h.N)
	switch h.Kind {
	case staydown.SignalPDQ, staydown.SignalFrame:
		if p, err := pdq.Parse(h.Value); err == nil {
			to.pictures.Put(key, p)
			from.pictures.Withdraw(key)
		}
	case staydown.SignalText:
		if sig, err := text.Parse(h.Value); err == nil {
			to.texts.Put(key, sig)
			from.texts.Withdraw(key)
		}
	case staydown.SignalTrend:
		if q, err := trend.Parse([]byte(h.Value)); err == nil {
			move(to, from, key, q, func(s *shelf) map[uint64]*trend.Query { return s.queries })
		}
	case staydown.SignalTLSH:
		if t, err := tlsh.Parse(h.Value); err == nil {
			move(to, from, key, t, func(s *shelf) map[uint64]tlsh.Hash { return s.tlsh })
		}
	}
}

// move puts a value on one shelf and takes it off the other.
func move[T any](to, from *shelf, key uint64, value T, of func(*shelf) map[uint64]T) {
	to.mu.Lock()
	of(to)[key] = value
	to.mu.Unlock()
	from.mu.Lock()
	delete(of(from), key)
	from.mu.Unlock()
}

// near is a value of the copy within reach of a signal asked for.
type near struct {
	hash     int64
	bankNo   int64
	distance int
	asked    int // which of the signals
}

// pictures lists the values within a radius, nearest first. Where most cut the
// list and other banks may have been crowded out, all are read.
func (s *shelf) picture(h pdq.Hash, radius int, banks map[int64]bool, asked int) []near {
	const usual = 2000
	found := s.pictures.Find(h, radius, usual)
	if len(found) == usual {
		found = s.pictures.Find(h, radius, 0)
	}
	var out []near
	for _, m := range found {
		if no := bankOf(m.Key); banks[no] {
			out = append(out, near{hashOf(m.Key), no, m.Distance, asked})
		}
	}
	return out
}

func (s *shelf) text(sig text.Signature, radius int, banks map[int64]bool, asked int) []near {
	var out []near
	for _, m := range s.texts.Find(sig, 1-float64(radius)/100, 0) {
		if no := bankOf(m.Key); banks[no] {
			out = append(out, near{hashOf(m.Key), no, int(100*(1-m.Similarity) + 0.5), asked})
		}
	}
	return out
}

// digest lists the TLSH values within a radius.
func (s *shelf) digest(h tlsh.Hash, radius int, banks map[int64]bool, asked int) []near {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []near
	for key, have := range s.tlsh {
		if no := bankOf(key); banks[no] {
			if d := h.Distance(have); d <= radius {
				out = append(out, near{hashOf(key), no, d, asked})
			}
		}
	}
	return out
}

// query lists the queries that a text fits.
func (s *shelf) query(words string, banks map[int64]bool, asked int) []near {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []near
	for key, q := range s.queries {
		if no := bankOf(key); banks[no] && q.Match(words) {
			out = append(out, near{hashOf(key), no, 0, asked})
		}
	}
	return out
}
