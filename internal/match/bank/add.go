package bank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// New is a content to be added.
type New struct {
	Number       int64 // its number elsewhere, taken over; 0: the next one
	Note         string
	ContentID    string
	ContentURI   string
	Extra        string // JSON
	Labels       staydown.Labels
	ExpiresAt    time.Time // zero: as the bank says
	DisableUntil *int64    // nil: on
	Signals      []Signal
	// Again brings back what was withdrawn: only where a person adds it.
	Again bool

	// Of what comes from a source only:
	Key       string // its name at the source
	Withdrawn bool   // the source took it back
	Opinions  []Voice
}

// Voice is what a source says of a content.
type Voice struct {
	Source   string
	Mine     bool
	Opinion  staydown.Opinion
	Category string
	Tags     []string
}

// check cleans what comes in.
func (n *New) check(now time.Time) error {
	switch {
	case len(n.Note) > mostNote:
		return staydown.Errorf(staydown.Invalid, "bank.note", "a note has at most %d bytes", mostNote).At("note")
	case len(n.ContentID) > 1024 || len(n.ContentURI) > mostURL || len(n.Extra) > mostText || len(n.Key) > 1024:
		return staydown.Errorf(staydown.Invalid, "bank.metadata", "the metadata are too long").At("metadata")
	case n.Extra != "" && !json.Valid([]byte(n.Extra)):
		return staydown.Errorf(staydown.Invalid, "bank.metadata", "this is no JSON").At("metadata.json")
	case len(n.Signals) == 0 && !n.Withdrawn:
		return staydown.Errorf(staydown.Invalid, "bank.signals", "a content needs a signal to be recognised by").At("signals")
	case n.Number < 0:
		return staydown.Errorf(staydown.Invalid, "bank.number", "numbers are counted from 1").At("bank_content_id")
	}
	for _, v := range n.Opinions {
		if err := staydown.CheckOpinion(v.Opinion); err != nil {
			return err
		}
	}
	if n.DisableUntil != nil {
		if err := staydown.CheckDisable(*n.DisableUntil, now); err != nil {
			return err
		}
	}
	clean, err := cleanAll(n.Signals)
	n.Signals = clean
	return err
}

// Add puts a content into a bank by hand, and leaves the looking back through
// everything seen before. A signal that was withdrawn is refused unless the
// caller says Again.
func (d *Desk) Add(ctx context.Context, c access.Caller, bank staydown.ID, n New) (content staydown.BankContent, err error) {
	if err := n.check(d.Now()); err != nil {
		return content, d.mayFirst(c, err)
	}
	err = d.keep(ctx, c, bank, func(tx Tx, b staydown.Bank) error {
		w := writer{tx: tx, bank: b, source: staydown.SourceOwn, by: c.Actor.Person}
		if err := w.add(n); err != nil {
			return err
		}
		content = w.added[0]
		if err := w.tell(); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "add", Noun: "bank_content", Subject: content.ID, Owner: b.Owner, Circle: b.Circle, Data: map[string]any{
			"bank": b.ID, "number": content.Number, "signals": len(n.Signals), "digest": digest(n.Signals), "again": len(w.lifted)}})
	})
	return content, err
}

// mayFirst lets a missing permission be told before what is wrong with the input.
func (d *Desk) mayFirst(c access.Caller, err error) error {
	if perr := c.May(access.KeepBanks); perr != nil {
		return perr
	}
	return err
}

// digest stands in the log for signals that themselves are no business of it.
func digest(all []Signal) string {
	h := sha256.New()
	for _, s := range all {
		fmt.Fprintf(h, "%s %s %d\n", s.Kind, s.Value, s.Frame)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// writer puts contents into one bank within one change.
type writer struct {
	tx     Tx
	bank   staydown.Bank
	source string
	by     staydown.ID

	added   []staydown.BankContent
	lifted  []staydown.Tombstone
	changed []int64 // numbers of the hashes whose standing changed

	next  int64 // the next number for a new value
	spare int   // how many in a row from there are reserved
}

// reserve takes numbers for n new values at once; those not used leave a gap.
func (w *writer) reserve(n int) (err error) {
	w.next, err = w.tx.BankNumbers("bank_hash", n, 0)
	w.spare = n
	return err
}

// add adds one content with its signals.
func (w *writer) add(n New) error {
	number, err := w.number(n.Number)
	if err != nil {
		return err
	}
	c := w.contentOf(n, number)
	for _, s := range n.Signals {
		if err := w.signal(c, s, n.Again); err != nil {
			return err
		}
	}
	if err := w.tx.AddBankContent(c); err != nil {
		return err
	}
	w.added = append(w.added, c)
	return w.voices(c, n.Opinions)
}

// contentOf is a new content of this number.
func (w *writer) contentOf(n New, number int64) staydown.BankContent {
	now := w.tx.Now()
	c := staydown.BankContent{ID: w.tx.NewID(), Bank: w.bank.ID, Owner: w.bank.Owner, Circle: w.bank.Circle, Number: number, Note: n.Note, ContentID: n.ContentID,
		ContentURI: n.ContentURI, Extra: n.Extra, Source: w.source, SourceKey: n.Key, Labels: n.Labels, State: staydown.ContentActive,
		DisableUntil: staydown.EnabledNow, ExpiresAt: staydown.At(n.ExpiresAt), AddedBy: w.by, AddedAt: now}
	if n.DisableUntil != nil {
		c.DisableUntil = *n.DisableUntil
	}
	if c.ExpiresAt.IsZero() {
		c.ExpiresAt = w.bank.ExpiryOf(now)
	}
	return c
}

// signalOf is a new signal of a content, under the number of its value.
func (w *writer) signalOf(c staydown.BankContent, s Signal, hash int64) staydown.BankSignal {
	return staydown.BankSignal{ID: w.tx.NewID(), Bank: c.Bank, Content: c.ID, Owner: c.Owner, Circle: c.Circle, Hash: hash, Kind: s.Kind, Value: s.Value,
		Quality: s.Quality, Frame: s.Frame, AtMS: s.AtMS, Turn: s.Turn, Live: staydown.Worth(s.Kind, s.Quality)}
}

// opinionOf is what a source says of a content.
func (w *writer) opinionOf(c staydown.BankContent, v Voice) staydown.BankOpinion {
	return staydown.BankOpinion{ID: w.tx.NewID(), Content: c.ID, Bank: c.Bank, Owner: c.Owner, Circle: c.Circle, Via: w.source, Source: v.Source, Mine: v.Mine,
		Opinion: v.Opinion, Category: v.Category, Tags: v.Tags, At: w.tx.Now()}
}

// number gives the next number, or takes over one that is free.
func (w *writer) number(wanted int64) (int64, error) {
	counter := "bank_content/" + string(w.bank.Circle)
	if wanted == 0 {
		return w.tx.BankNumbers(counter, 1, 0)
	}
	taken, err := w.tx.NumberTaken(w.bank.Circle, wanted)
	if err != nil {
		return 0, err
	}
	if taken {
		return 0, staydown.Errorf(staydown.Refused, "bank.number_taken", "there is a content %d already", wanted).At("bank_content_id")
	}
	_, err = w.tx.BankNumbers(counter, 0, wanted)
	return wanted, err
}

// signal keeps one signal of a content under the number of its value.
func (w *writer) signal(c staydown.BankContent, s Signal, again bool) error {
	n, err := w.hash(s)
	if err != nil {
		return err
	}
	if err := w.stone(n, again); err != nil {
		return err
	}
	x := w.signalOf(c, s, n)
	if x.Live {
		if err := w.tx.CountLive(n, 1); err != nil {
			return err
		}
	}
	w.changed = append(w.changed, n)
	return w.tx.AddBankSignal(x)
}

func (w *writer) hash(s Signal) (int64, error) {
	n, err := w.tx.HashOf(w.bank.ID, s.Kind, s.Value)
	if err != nil || n > 0 {
		return n, err
	}
	if w.spare == 0 {
		if err := w.reserve(1); err != nil {
			return 0, err
		}
	}
	n = w.next
	w.next, w.spare = w.next+1, w.spare-1
	return n, w.tx.AddHash(Hash{N: n, Bank: w.bank.ID, BankNo: w.bank.No, Kind: s.Kind, Value: s.Value})
}

// stone refuses a value on which a tombstone stands, or lifts it where a person
// adds the value again.
func (w *writer) stone(hash int64, again bool) error {
	stone, err := w.tx.StoneOn(hash)
	if err != nil || stone == nil {
		return err
	}
	if !again {
		return staydown.Errorf(staydown.Refused, "bank.withdrawn", "a signal of this was withdrawn at %s (%s); a person may add it again", stone.At.Format(time.RFC3339), stone.Why)
	}
	stone.LiftedAt, stone.LiftedBy = w.tx.Now(), w.by
	w.lifted = append(w.lifted, *stone)
	return w.tx.PutTombstone(*stone)
}

// voices keeps what sources say; what they said before by the same way, and no
// longer say, is dropped. What people here said is left alone.
func (w *writer) voices(c staydown.BankContent, all []Voice) error {
	have, err := w.tx.OpinionsOf(c.ID)
	if err != nil {
		return err
	}
	for _, o := range have {
		if o.Via == w.source && !slices.ContainsFunc(all, func(v Voice) bool { return v.Source == o.Source }) {
			if err := w.tx.DropOpinion(o.ID); err != nil {
				return err
			}
		}
	}
	for _, v := range all {
		if err := w.tx.SetOpinion(w.opinionOf(c, v)); err != nil {
			return err
		}
	}
	return nil
}

// tell numbers the change for the indexes and leaves the looking back.
func (w *writer) tell() error {
	_, err := tell(w.tx, w.bank, w.changed, true)
	return err
}

// tell numbers a change of hashes, and leaves the looking back through what was
// seen before where something may match now that did not.
func tell(tx Tx, b staydown.Bank, hashes []int64, back bool) (int64, error) {
	ranges := rangesOf(hashes)
	if len(ranges) == 0 {
		return 0, nil
	}
	n, err := tx.TellIndexes(ranges)
	if err != nil || !back {
		return n, err
	}
	return n, leaveRematch(tx, b.ID, n, look{Ranges: ranges})
}

// rangesOf joins numbers to runs.
func rangesOf(hashes []int64) []Range {
	all := slices.Clone(hashes)
	slices.Sort(all)
	var out []Range
	for _, n := range slices.Compact(all) {
		if k := len(out) - 1; k >= 0 && out[k].Last+1 == n {
			out[k].Last = n
			continue
		}
		out = append(out, Range{n, n})
	}
	return out
}

// Taken says what became of what a source sent.
type Taken struct {
	Added     int
	Changed   int // known by its key: what the source says of it was replaced
	Withdrawn int // taken back by the source
	Stood     int // skipped: withdrawn here before, and no fetch brings it back
}

// MostAtOnce bounds one Take.
const MostAtOnce = 5000

// Take puts what an exchange or a file brings into a bank: one act, one event with
// count and digest, and an event of its own for each withdrawal. What is known by
// its key gets the source's new word in place of its old one; our own word on it,
// and a tombstone of ours, are never touched.
func (d *Desk) Take(ctx context.Context, c access.Caller, bank staydown.ID, source string, all []New) (t Taken, err error) {
	if source == "" || source == staydown.SourceOwn || len(source) > 255 {
		return t, d.mayFirst(c, staydown.Errorf(staydown.Invalid, "bank.source", "say where this comes from").At("source"))
	}
	if len(all) > MostAtOnce {
		return t, d.mayFirst(c, staydown.Errorf(staydown.Invalid, "bank.too_many", "at most %d contents at once", MostAtOnce))
	}
	for i := range all {
		all[i].Again = false
		if err := all[i].check(d.Now()); err != nil {
			return t, d.mayFirst(c, at(err, fmt.Sprintf("contents[%d]", i)))
		}
	}
	run := func(tx Tx, b staydown.Bank) error {
		t = Taken{}
		w := writer{tx: tx, bank: b, source: source, by: c.Actor.Person}
		if err := w.reserve(signalsOf(all)); err != nil {
			return err
		}
		for _, n := range all {
			if err := w.take(n, &t); err != nil {
				return err
			}
		}
		if t.Added+t.Changed+t.Withdrawn == 0 {
			return nil
		}
		if err := w.tell(); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "take", Noun: "bank", Subject: b.ID, Owner: b.Owner, Circle: b.Circle, Data: map[string]any{"source": source,
			"added": t.Added, "changed": t.Changed, "withdrawn": t.Withdrawn, "stood": t.Stood, "digest": digestOf(all)}})
	}
	if c.IsSystem() { // a fetch that a person ordered
		return t, d.Store.Act(ctx, c, func(tx Tx) error {
			b, err := tx.Bank(bank)
			if err != nil {
				return err
			}
			if err := kept(c, b); err != nil {
				return err
			}
			return run(tx, b)
		})
	}
	return t, d.keep(ctx, c, bank, run)
}

func signalsOf(all []New) int {
	n := 0
	for _, x := range all {
		n += len(x.Signals)
	}
	return n
}

func digestOf(all []New) string {
	var b strings.Builder
	for _, n := range all {
		fmt.Fprintf(&b, "%s %v %s\n", n.Key, n.Withdrawn, digest(n.Signals))
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// take puts one thing of a source into the bank.
func (w *writer) take(n New, t *Taken) error {
	have, err := staydown.BankContent{}, error(nil)
	if n.Key != "" {
		have, err = w.tx.BankContentByKey(w.bank.ID, w.source, n.Key)
		if staydown.KindOf(err) == staydown.NotFound && err != nil {
			have, err = staydown.BankContent{}, nil
		}
		if err != nil {
			return err
		}
	}
	switch {
	case n.Withdrawn:
		if have.ID == "" || have.State == staydown.ContentWithdrawn {
			return nil
		}
		t.Withdrawn++
		return withdraw(w.tx, w.bank, &have, "", "taken back by "+w.source)
	case have.ID != "" && have.State == staydown.ContentWithdrawn:
		t.Stood++
		return nil
	case have.ID != "":
		t.Changed++
		return w.renew(have, n)
	}
	kept, err := w.standing(n.Signals)
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		t.Stood++
		return nil
	}
	n.Signals = kept
	t.Added++
	return w.add(n)
}

// standing leaves out signals on which a tombstone stands.
func (w *writer) standing(all []Signal) ([]Signal, error) {
	var kept []Signal
	for _, s := range all {
		n, err := w.tx.HashOf(w.bank.ID, s.Kind, s.Value)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			stone, err := w.tx.StoneOn(n)
			if err != nil {
				return nil, err
			}
			if stone != nil {
				continue
			}
		}
		kept = append(kept, s)
	}
	return kept, nil
}

// renew replaces what the source says of a content: labels and opinions, and
// signals that are new. Standing, note and switch are the keeper's.
func (w *writer) renew(c staydown.BankContent, n New) error {
	c.Labels = n.Labels
	if !n.ExpiresAt.IsZero() {
		c.ExpiresAt = staydown.At(n.ExpiresAt)
	}
	if err := w.tx.PutBankContent(c); err != nil {
		return err
	}
	have, err := w.tx.SignalsOf(c.ID)
	if err != nil {
		return err
	}
	kept, err := w.standing(n.Signals)
	if err != nil {
		return err
	}
	for _, s := range kept {
		known := slices.ContainsFunc(have, func(h staydown.BankSignal) bool { return h.Kind == s.Kind && h.Value == s.Value && h.Frame == s.Frame })
		if known || c.State != staydown.ContentActive {
			continue
		}
		if err := w.signal(c, s, false); err != nil {
			return err
		}
	}
	return w.voices(c, n.Opinions)
}
