package bank

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// Batch is one step of a long import.
type Batch struct {
	Contents []New // those without a key and with one signal are told by that signal
	// Place names where the import keeps how far it has come; it is kept in the same change as the contents, so that a stop at
	// any moment neither loses nor doubles anything. "" keeps nothing.
	Place string
	// Stands is what is kept there, told what became of this batch. It may be called more than once.
	Stands func(TakenMany) string
}

// Bad is a content of a batch that cannot be kept.
type Bad struct {
	Index int
	Err   error
}

// TakenMany says what became of a batch.
type TakenMany struct {
	Taken
	Same int // known, and nothing new said of it
}

// Load is what one batch adds to the tables.
type Load struct {
	Contents []staydown.BankContent
	Signals  []staydown.BankSignal
	Hashes   []Hash
	Opinions []staydown.BankOpinion
}

// At tells what an import kept at a place; "" where it kept nothing.
func (d *Desk) At(ctx context.Context, c access.Caller, place string) (string, error) {
	if err := c.May(access.KeepBanks); err != nil {
		return "", err
	}
	return d.Store.Setting(ctx, place)
}

// TakeMany is Take for long files: the same outcome, with a question for many
// rows in place of one for each, and with the place that the file was read to.
// What is malformed is left out and listed; the rest goes in. One event tells of
// the batch: its sum, its digest and the numbers of its contents.
func (d *Desk) TakeMany(ctx context.Context, c access.Caller, bank staydown.ID, source string, b Batch) (t TakenMany, bad []Bad, err error) {
	if source == "" || source == staydown.SourceOwn || len(source) > 255 {
		return t, nil, d.mayFirst(c, staydown.Errorf(staydown.Invalid, "bank.source", "say where this comes from").At("source"))
	}
	if len(b.Contents) > MostAtOnce {
		return t, nil, d.mayFirst(c, staydown.Errorf(staydown.Invalid, "bank.too_many", "at most %d contents at once", MostAtOnce))
	}
	var good []New
	for i, n := range b.Contents {
		n.Again = false
		if n.Withdrawn {
			return t, nil, d.mayFirst(c, staydown.Errorf(staydown.Invalid, "bank.many", "a file adds, it takes nothing back"))
		}
		if err := n.check(d.Now()); err != nil {
			bad = append(bad, Bad{i, err})
			continue
		}
		good = append(good, n)
	}
	digest := digestMany(good)
	err = d.keep(ctx, c, bank, func(tx Tx, into staydown.Bank) error {
		m := many{writer: writer{tx: tx, bank: into, source: source, by: c.Actor.Person}, all: good}
		if err := m.run(); err != nil {
			return err
		}
		t = m.taken
		if b.Place != "" {
			if err := tx.SetSetting(b.Place, b.Stands(t)); err != nil {
				return err
			}
		}
		if t.Added+t.Changed == 0 {
			return nil
		}
		if err := m.tell(); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "take", Noun: "bank", Subject: into.ID, Owner: into.Owner, Circle: into.Circle, Data: map[string]any{"source": source,
			"added": t.Added, "changed": t.Changed, "same": t.Same, "stood": t.Stood, "first": m.first, "last": m.first + int64(t.Added) - 1, "digest": digest}})
	})
	return t, bad, err
}

// digestMany stands in the log for all signals of a batch.
func digestMany(all []New) string {
	h := sha256.New()
	for _, n := range all {
		fmt.Fprintf(h, "%s\n", n.Key)
		for _, s := range n.Signals {
			fmt.Fprintf(h, "%s %s %d\n", s.Kind, s.Value, s.Frame)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// value is a signal as one bank knows it.
type value struct{ kind, value string }

// many puts one batch into one bank within one change.
type many struct {
	writer
	all   []New
	taken TakenMany
	first int64 // number of the first content added

	hashes map[value]int64                        // of the batch's values, those that are in the bank
	stones map[int64]bool                         // hashes on which a tombstone stands
	byKey  map[string]staydown.BankContent        // known by their name at the source
	bySig  map[int64]staydown.BankContent         // known by their only signal: its hash
	have   map[staydown.ID]map[value]bool         // signals of what is known
	said   map[staydown.ID][]staydown.BankOpinion // by this source, of what is known

	load  Load
	live  map[int64]int // signals to be counted on hashes that were there before
	fresh map[int64]int // place in load.Hashes of those that were not
}

func (m *many) run() error {
	if err := m.know(); err != nil {
		return err
	}
	later, err := m.sort()
	if err != nil {
		return err
	}
	if err := m.tx.AddLoad(m.load); err != nil {
		return err
	}
	for _, n := range slices.Sorted(maps.Keys(m.live)) {
		if err := m.tx.CountLive(n, m.live[n]); err != nil {
			return err
		}
	}
	for _, n := range later {
		if err := m.one(n); err != nil {
			return err
		}
	}
	return nil
}

// know asks for all that the batch may meet.
func (m *many) know() (err error) {
	values := map[string][]string{}
	var keys []string
	for _, n := range m.all {
		if n.Key != "" {
			keys = append(keys, n.Key)
		}
		for _, s := range n.Signals {
			values[s.Kind] = append(values[s.Kind], s.Value)
		}
	}
	m.hashes = map[value]int64{}
	var numbers []int64
	for _, kind := range slices.Sorted(maps.Keys(values)) {
		found, err := m.tx.HashesAmong(m.bank.ID, kind, values[kind])
		if err != nil {
			return err
		}
		for v, n := range found {
			m.hashes[value{kind, v}] = n
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	if m.stones, err = m.tx.StonesAmong(numbers); err != nil {
		return err
	}
	if m.byKey, err = m.tx.ContentsByKeys(m.bank.ID, m.source, keys); err != nil {
		return err
	}
	if m.bySig, err = m.tx.ContentsByHashes(m.source, numbers); err != nil {
		return err
	}
	return m.recall()
}

// recall asks what is said of what is known, to tell what is new of it.
func (m *many) recall() error {
	var known []staydown.ID
	for _, c := range m.byKey {
		known = append(known, c.ID)
	}
	for _, c := range m.bySig {
		known = append(known, c.ID)
	}
	slices.Sort(known)
	m.have, m.said = map[staydown.ID]map[value]bool{}, map[staydown.ID][]staydown.BankOpinion{}
	signals, err := m.tx.SignalsAmong(known)
	if err != nil {
		return err
	}
	for _, s := range signals {
		if m.have[s.Content] == nil {
			m.have[s.Content] = map[value]bool{}
		}
		m.have[s.Content][value{s.Kind, s.Value}] = true
	}
	opinions, err := m.tx.OpinionsAmong(known)
	for _, o := range opinions {
		if o.Via == m.source {
			m.said[o.Content] = append(m.said[o.Content], o)
		}
	}
	return err
}

// sort makes rows of what is new, and gives back what must be done one by one:
// what is known and said anew, and what is named twice in the batch.
func (m *many) sort() (later []New, err error) {
	m.live, m.fresh = map[int64]int{}, map[int64]int{}
	var adds []New
	named, alone := map[string]bool{}, map[value]bool{}
	for _, n := range m.all {
		have, known := m.known(n)
		again := m.again(n, named, alone)
		switch {
		case known && have.State == staydown.ContentWithdrawn:
			m.taken.Stood++
			continue
		case known && !again && m.same(have, n):
			m.taken.Same++
			continue
		case known || again:
			later = append(later, n)
			continue
		}
		n.Signals = m.standing(n.Signals)
		if len(n.Signals) == 0 {
			m.taken.Stood++
			continue
		}
		adds = append(adds, n)
	}
	return later, m.build(adds)
}

// again reports whether the batch named this before: then what stands in the database is not the last word.
func (m *many) again(n New, named map[string]bool, alone map[value]bool) (was bool) {
	switch {
	case n.Key != "":
		was, named[n.Key] = named[n.Key], true
	case m.single(n):
		was, alone[m.signal1(n)] = alone[m.signal1(n)], true
	}
	return was
}

func (m *many) single(n New) bool { return n.Key == "" && len(n.Signals) == 1 }

func (m *many) signal1(n New) value { return value{n.Signals[0].Kind, n.Signals[0].Value} }

// known finds what the source said before of the same thing.
func (m *many) known(n New) (staydown.BankContent, bool) {
	if n.Key != "" {
		c, ok := m.byKey[n.Key]
		return c, ok
	}
	if m.single(n) {
		if h := m.hashes[m.signal1(n)]; h > 0 {
			c, ok := m.bySig[h]
			return c, ok
		}
	}
	return staydown.BankContent{}, false
}

// same reports whether nothing new is said of a known content.
func (m *many) same(c staydown.BankContent, n New) bool {
	for _, s := range n.Signals {
		v := value{s.Kind, s.Value}
		if !m.have[c.ID][v] && !m.stones[m.hashes[v]] {
			return false
		}
	}
	said := m.said[c.ID]
	if len(said) != len(n.Opinions) || plainLabels(c.Labels) != plainLabels(n.Labels) {
		return false
	}
	for _, v := range n.Opinions {
		if !slices.ContainsFunc(said, func(o staydown.BankOpinion) bool {
			return o.Source == v.Source && o.Mine == v.Mine && o.Opinion == v.Opinion && o.Category == v.Category && slices.Equal(o.Tags, v.Tags)
		}) {
			return false
		}
	}
	return n.ExpiresAt.IsZero() || staydown.At(n.ExpiresAt).Equal(c.ExpiresAt)
}

// plainLabels lets no list and an empty list be the same.
func plainLabels(l staydown.Labels) [6]string {
	var out [6]string
	for i, names := range [][]string{l.Entity, l.Kind, l.Behaviour, l.Incident, l.Ideology, l.Language} {
		out[i] = fmt.Sprintf("%q", names)
	}
	return out
}

// standing leaves out signals on which a tombstone stands.
func (m *many) standing(all []Signal) []Signal {
	return slices.DeleteFunc(all, func(s Signal) bool { return m.stones[m.hashes[value{s.Kind, s.Value}]] })
}

// build makes the rows of what is new.
func (m *many) build(adds []New) (err error) {
	if len(adds) == 0 {
		return nil
	}
	if m.first, err = m.tx.BankNumbers("bank_content/"+string(m.bank.Circle), len(adds), 0); err != nil {
		return err
	}
	values := 0
	fresh := map[value]bool{}
	for _, n := range adds {
		for _, s := range n.Signals {
			v := value{s.Kind, s.Value}
			if m.hashes[v] == 0 && !fresh[v] {
				fresh[v] = true
				values++
			}
		}
	}
	if values > 0 {
		if err := m.reserve(values); err != nil {
			return err
		}
	}
	for i, n := range adds {
		c := m.contentOf(n, m.first+int64(i))
		m.load.Contents = append(m.load.Contents, c)
		for _, s := range n.Signals {
			m.row(c, s)
		}
		for _, v := range n.Opinions {
			m.load.Opinions = append(m.load.Opinions, m.opinionOf(c, v))
		}
		m.taken.Added++
	}
	return nil
}

// row makes the rows of one signal.
func (m *many) row(c staydown.BankContent, s Signal) {
	v := value{s.Kind, s.Value}
	n, there := m.hashes[v]
	if !there {
		n = m.next
		m.next, m.spare = m.next+1, m.spare-1
		m.hashes[v], m.fresh[n] = n, len(m.load.Hashes)
		m.load.Hashes = append(m.load.Hashes, Hash{N: n, Bank: m.bank.ID, BankNo: m.bank.No, Kind: s.Kind, Value: s.Value})
	}
	x := m.signalOf(c, s, n)
	if i, fresh := m.fresh[n]; x.Live && fresh {
		m.load.Hashes[i].Live++
	} else if x.Live {
		m.live[n]++
	}
	m.changed = append(m.changed, n)
	m.load.Signals = append(m.load.Signals, x)
}

// one does what Take does for one content: it is known, or named twice.
func (m *many) one(n New) error {
	if !m.single(n) {
		return m.take(n, &m.taken.Taken)
	}
	h, err := m.tx.HashOf(m.bank.ID, n.Signals[0].Kind, n.Signals[0].Value)
	if err != nil {
		return err
	}
	found, err := m.tx.ContentsByHashes(m.source, []int64{h})
	if err != nil {
		return err
	}
	c, ok := found[h]
	if !ok {
		return m.take(n, &m.taken.Taken)
	}
	m.taken.Changed++
	return m.renew(c, n)
}
