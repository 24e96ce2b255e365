package bank

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match"
)

// Hash is one value of a bank, with its number. Equal values of a bank share it.
type Hash struct {
	N      int64
	Bank   staydown.ID
	BankNo int64
	Kind   string
	Value  string
	Live   int64 // signals with this value that may match
}

// Range is a run of hash numbers, both ends included.
type Range struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// Change says that the standing of these hashes changed.
type Change struct {
	N int64 // rises in the order of commits, without gaps
	Range
}

// Row is a signal with its content, and its tombstone where one stands.
type Row struct {
	Signal  staydown.BankSignal
	Content staydown.BankContent
	Stone   *staydown.Tombstone
}

// Material is what an item is looked up by.
type Material struct {
	Item   staydown.Item
	Prints []staydown.Fingerprint
	MD5    []string // of the media and files among its exhibits
	Text   string   // of its newest capture
}

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error

	Bank(staydown.ID) (staydown.Bank, error)
	// BankNamed finds an open bank by its name; NotFound where there is none.
	BankNamed(circle staydown.ID, name string) (staydown.Bank, error)
	AddBank(staydown.Bank) error
	PutBank(staydown.Bank) error
	// BankNumbers gives the first of n numbers in a row of a named counter; from, where above zero, pushes the counter to at
	// least that number first.
	BankNumbers(counter string, n int, from int64) (int64, error)

	BankContent(staydown.ID) (staydown.BankContent, error)
	// BankContentByKey finds a content by its name at its source; NotFound where there is none.
	BankContentByKey(bank staydown.ID, source, key string) (staydown.BankContent, error)
	// NumberTaken reports whether a circle has a content of this number.
	NumberTaken(circle staydown.ID, number int64) (bool, error)
	AddBankContent(staydown.BankContent) error
	PutBankContent(staydown.BankContent) error
	SignalsOf(content staydown.ID) ([]staydown.BankSignal, error)
	AddBankSignal(staydown.BankSignal) error
	// SetLive says of all signals of a content whether they may match, and counts it in their hashes.
	SetLive(content staydown.ID, live bool) error
	// HashOf finds the number of a value in a bank; 0 where it is new there.
	HashOf(bank staydown.ID, kind, value string) (int64, error)
	AddHash(Hash) error
	// CountLive adds to the number of signals with a hash that may match.
	CountLive(hash int64, by int) error
	// LiveOf tells how many signals with a hash may match.
	LiveOf(hash int64) (int64, error)
	// StoneOn gives the tombstone that stands on a hash, or nil.
	StoneOn(hash int64) (*staydown.Tombstone, error)
	StonesOf(content staydown.ID) ([]staydown.Tombstone, error)
	AddTombstone(staydown.Tombstone) error
	PutTombstone(staydown.Tombstone) error
	// TellIndexes numbers a change of these hashes, so that copies of the index find it.
	TellIndexes([]Range) (n int64, err error)

	// Those of many at once, for long files.
	HashesAmong(bank staydown.ID, kind string, values []string) (map[string]int64, error)
	// StonesAmong tells on which of these hashes a tombstone stands.
	StonesAmong(hashes []int64) (map[int64]bool, error)
	ContentsByKeys(bank staydown.ID, source string, keys []string) (map[string]staydown.BankContent, error)
	// ContentsByHashes finds contents of a source, without a name there, by the hash of a signal.
	ContentsByHashes(source string, hashes []int64) (map[int64]staydown.BankContent, error)
	SignalsAmong(contents []staydown.ID) ([]staydown.BankSignal, error)
	OpinionsAmong(contents []staydown.ID) ([]staydown.BankOpinion, error)
	AddLoad(Load) error
	// SetSetting keeps how far an import has come.
	SetSetting(name, value string) error

	OpinionsOf(content staydown.ID) ([]staydown.BankOpinion, error)
	// SetOpinion keeps an opinion in place of the one that the same source gave by the same way.
	SetOpinion(staydown.BankOpinion) error
	DropOpinion(staydown.ID) error

	// NewBankHits keeps those hits that are not there yet (by item, content and kind), and lists them.
	NewBankHits([]staydown.BankHit) ([]staydown.BankHit, error)
	// HitsOfContent counts the items that a content matched.
	HitsOfContent(bank, content staydown.ID) (int, error)
	// HitsByContent lists how many items the contents of a bank matched, but one.
	HitsByContent(bank, but staydown.ID) ([]int, error)
	Item(staydown.ID) (staydown.Item, error)
	SetKnown(staydown.Item) error
	SetSwitch(staydown.SignalSwitch) error
}

// Store is what this package needs of the store.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error

	Feed
	// Setting reads what SetSetting kept; "" where nothing was.
	Setting(ctx context.Context, name string) (string, error)
	BanksOf(ctx context.Context, circles []staydown.ID) ([]staydown.Bank, error)
	Bank(ctx context.Context, id staydown.ID) (staydown.Bank, error)
	BankContent(ctx context.Context, id staydown.ID) (staydown.BankContent, error)
	// BankContents lists contents of a bank by number.
	BankContents(ctx context.Context, bank staydown.ID, f Filter) ([]staydown.BankContent, error)
	BankContentNumbered(ctx context.Context, circle staydown.ID, number int64) (staydown.BankContent, error)
	// Quarantined lists the contents put aside, the oldest number first.
	Quarantined(ctx context.Context, circles []staydown.ID, limit int) ([]staydown.BankContent, error)
	SignalsOf(ctx context.Context, contents []staydown.ID) ([]staydown.BankSignal, error)
	OpinionsOf(ctx context.Context, contents []staydown.ID) ([]staydown.BankOpinion, error)
	StonesOf(ctx context.Context, content staydown.ID) ([]staydown.Tombstone, error)
	// Proofs lists the acts on a content in the log, oldest first.
	Proofs(ctx context.Context, content staydown.ID) ([]Proof, error)
	// ExactHashes finds the hashes of these banks with one of these values.
	ExactHashes(ctx context.Context, banks []staydown.ID, kind string, values []string) ([]Hash, error)
	// SignalRows lists the signals of a hash that may match, or those that may not, with their contents; the oldest first.
	SignalRows(ctx context.Context, hash int64, live bool, limit int) ([]Row, error)
	Switches(ctx context.Context, circles []staydown.ID) ([]staydown.SignalSwitch, error)

	Material(ctx context.Context, item staydown.ID) (Material, error)
	// ItemsCarrying lists items of a circle that have an exhibit with this MD5, or stand at this address.
	ItemsCarrying(ctx context.Context, circle staydown.ID, kind, value string) ([]staydown.ID, error)
	BankHitsOf(ctx context.Context, item staydown.ID, circles []staydown.ID) ([]staydown.BankHit, error)
	Item(ctx context.Context, id staydown.ID) (staydown.Item, error)
}

// Seen searches everything seen before: the fingerprints of the items.
type Seen interface {
	// ItemsNear lists the items of a circle that carry the same bytes or whose pictures or text lie within the radius.
	ItemsNear(ctx context.Context, circle staydown.ID, p match.Probe, radius int) ([]match.Near, error)
}

// Desk keeps banks and answers lookups.
type Desk struct {
	Store Store
	Seen  Seen             // nil: nothing is looked back through
	Now   func() time.Time // the desk's clock
	// Hasher makes signals of a file; nil: [HashFile].
	Hasher func(ctx context.Context, data []byte) (Hashed, error)
	// Coin is drawn for a request without a seed; nil: chance.
	Coin func() float64
	Log  *slog.Logger

	once  sync.Once
	index *Index
	tide  tide
}

// Index is this process's copy of the signals.
func (d *Desk) Index() *Index {
	d.once.Do(func() { d.index = NewIndex() })
	return d.index
}

func (d *Desk) coin(seed string) float64 {
	switch {
	case seed != "":
		return staydown.Coin(seed)
	case d.Coin != nil:
		return d.Coin()
	}
	return rand.Float64()
}

func (d *Desk) log() *slog.Logger {
	if d.Log != nil {
		return d.Log
	}
	return slog.New(slog.DiscardHandler)
}
