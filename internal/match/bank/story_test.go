package bank_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// rig is a desk on an empty store, with a lead of the authority "unit".
type rig struct {
	*testing.T
	ctx   context.Context
	store *store.Store
	clock *storetest.Clock
	desk  *bank.Desk
	match *match.Desk
	lead  access.Caller
	rnd   *rand.Rand
	n     int
}

func each(t *testing.T, story func(r *rig)) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		m := &match.Desk{Store: s.Match()}
		r := &rig{T: t, ctx: t.Context(), store: s, clock: c, match: m, rnd: rand.New(rand.NewPCG(1, 1)), lead: caller("lead", "unit", staydown.RoleLead)}
		r.desk = r.another()
		story(r)
	})
}

// another is the desk of another process on the same store.
func (r *rig) another() *bank.Desk {
	return &bank.Desk{Store: r.store.Banks(), Seen: r.match, Now: r.clock.Now, Coin: func() float64 { return 0.5 }}
}

func caller(person, unit staydown.ID, role staydown.Role) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: person, Authority: unit}, Roles: []staydown.Role{role}, Circles: []staydown.ID{unit}}
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) refused(err error, code string) {
	r.Helper()
	if staydown.CodeOf(err) != code {
		r.Fatalf("got %v, want %s", err, code)
	}
}

func ptr[T any](v T) *T { return &v }

func (r *rig) open(name string, s bank.Settings) staydown.Bank {
	r.Helper()
	s.Name = &name
	b, err := r.desk.Open(r.ctx, r.lead, "", "", s)
	r.must(err)
	return b
}

func (r *rig) add(b staydown.Bank, signals ...bank.Signal) staydown.BankContent {
	r.Helper()
	c, err := r.desk.Add(r.ctx, r.lead, b.ID, bank.New{Signals: signals})
	r.must(err)
	return c
}

func (r *rig) hash() (h pdq.Hash) {
	for i := range h {
		h[i] = byte(r.rnd.Uint32())
	}
	return h
}

func (r *rig) near(h pdq.Hash, n int) pdq.Hash {
	for _, k := range r.rnd.Perm(256)[:n] {
		h[k/8] ^= 1 << (k % 8)
	}
	return h
}

func picture(h pdq.Hash) bank.Signal {
	return bank.Signal{Kind: staydown.SignalPDQ, Value: h.String(), Quality: 100}
}

func signal(kind, value string) bank.Signal {
	return bank.Signal{Kind: kind, Value: value, Quality: staydown.UnknownQuality}
}

func md5Of(n int) bank.Signal    { return signal(staydown.SignalMD5, fmt.Sprintf("%032x", n)) }
func sha256Of(n int) bank.Signal { return signal(staydown.SignalSHA256, fmt.Sprintf("%064x", n)) }

// look asks and says what came: "BANK number kind distance outcome".
func (r *rig) look(signals ...bank.Signal) []string {
	r.Helper()
	return r.ask(bank.Ask{Signals: signals})
}

func (r *rig) ask(a bank.Ask) []string {
	r.Helper()
	out, err := r.desk.Lookup(r.ctx, r.lead, a)
	r.must(err)
	return said(out.Hits)
}

func said(hits []bank.Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%s %d %s %d %s", h.Bank.Name, h.Content.Number, h.Kind, h.Distance, h.Outcome))
	}
	return out
}

// whyNot asks and says why what did not count did not: "BANK number code".
func (r *rig) whyNot(signals ...bank.Signal) []string {
	r.Helper()
	out, err := r.desk.Lookup(r.ctx, r.lead, bank.Ask{Signals: signals, Why: true})
	r.must(err)
	said := []string{}
	for _, h := range out.Not {
		said = append(said, fmt.Sprintf("%s %d %s", h.Bank.Name, h.Content.Number, h.Why[0].Code))
	}
	return said
}

func (r *rig) same(got, want []string) {
	r.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		r.Errorf("-want +got\n%s", diff)
	}
}

// item puts an item with fingerprints into a circle and lets the chain of jobs run.
func (r *rig) item(circle staydown.ID, prints ...staydown.Fingerprint) staydown.ID {
	r.Helper()
	r.n++
	id := staydown.ID(fmt.Sprintf("item%04d", r.n))
	r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		i := staydown.Item{ID: id, Circle: circle, Owner: circle, Location: fmt.Sprintf("https://relay.example/c/%d", r.n), Host: "relay.example", State: staydown.ItemCaptured,
			Kind: "post", SeenAt: tx.Now(), CapturedAt: tx.Now()}
		if err := tx.AddItem(i); err != nil {
			return err
		}
		if err := tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: id, Circle: circle}); err != nil {
			return err
		}
		mine := slices.Clone(prints)
		for k := range mine {
			mine[k].ID, mine[k].Item, mine[k].Owner, mine[k].Circle = tx.NewID(), id, circle, circle
		}
		if _, err := tx.SetFingerprints(id, mine, time.Time{}); err != nil {
			return err
		}
		return tx.Job(staydown.Job{Kind: "match", Key: string(id), Subject: id})
	}))
	return id
}

// drain does the jobs until none is left, and counts them by kind.
func (r *rig) drain() map[string]int {
	r.Helper()
	done := map[string]int{}
	for {
		jobs, err := r.store.TakeJobs(r.ctx, []string{"match", "bank", "rematch"}, 50, "token", time.Minute)
		r.must(err)
		if len(jobs) == 0 {
			return done
		}
		for _, j := range jobs {
			done[j.Kind]++
			switch j.Kind {
			case "match":
				err = r.match.HandleMatch(r.ctx, j)
			case "bank":
				err = r.desk.HandleBank(r.ctx, j)
			case "rematch":
				err = r.desk.HandleRematch(r.ctx, j)
			}
			r.must(err)
		}
	}
}

// hits says what an item hit: "BANK number kind distance", with "back" where it was found by looking back.
func (r *rig) hits(item staydown.ID) []string {
	r.Helper()
	all, err := r.desk.Hits(r.ctx, r.lead, item)
	r.must(err)
	out := []string{}
	for _, h := range all {
		s := fmt.Sprintf("%s %d %s %d", h.BankName, h.Number, h.Kind, h.Distance)
		if h.Back {
			s += " back"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func print(kind, value string) staydown.Fingerprint {
	return staydown.Fingerprint{Kind: kind, Value: value, Quality: 100}
}

func TestAKnownPictureIsFoundByAllThatItIsKnownBy(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("POSTERS", bank.Settings{Labels: &staydown.Labels{Kind: []string{"poster"}}})
		r.add(b, picture(h), md5Of(1), sha256Of(2), signal(staydown.SignalURL, "HTTPS://Relay.example:443/a"), signal(staydown.SignalText, words))
		r.same(r.look(picture(h)), []string{"POSTERS 1 pdq 0 match"})
		r.same(r.look(picture(r.near(h, 31))), []string{"POSTERS 1 pdq 31 match"})
		r.same(r.look(picture(r.near(h, 32))), []string{})
		r.same(r.look(md5Of(1)), []string{"POSTERS 1 md5 0 match"})
		r.same(r.look(signal(staydown.SignalMD5, strings.ToUpper(md5Of(1).Value))), []string{"POSTERS 1 md5 0 match"})
		r.same(r.look(sha256Of(2)), []string{"POSTERS 1 sha256 0 match"})
		r.same(r.look(sha256Of(3)), []string{})
		r.same(r.look(signal(staydown.SignalURL, "https://relay.example/a")), []string{"POSTERS 1 url 0 match"})
		r.same(r.ask(bank.Ask{Text: words}), []string{"POSTERS 1 text 0 match"})
		if got := r.ask(bank.Ask{Text: words + " Come early."}); len(got) != 1 {
			r.Errorf("a text with two words more: %v", got)
		}
	})
}

const words = "The exercise begins at nine in the yard behind the old mill and everybody who takes part brings a white scarf and a lamp for the way home"

func TestTheNewestSettingsCountAtOnceInEveryProcess(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		b := r.open("WIDE", bank.Settings{})
		other := r.another()
		ask := func() []string {
			a, err := other.Lookup(r.ctx, r.lead, bank.Ask{Signals: []bank.Signal{picture(r.near(h, 40))}})
			r.must(err)
			return said(a.Hits)
		}
		r.same(ask(), []string{})
		r.add(b, picture(h))
		r.same(ask(), []string{})
		set := func(s bank.Settings) {
			_, err := r.desk.Change(r.ctx, r.lead, b.ID, s)
			r.must(err)
		}
		set(bank.Settings{Radius: &map[string]int{staydown.SignalPDQ: 63}})
		r.same(ask(), []string{"WIDE 1 pdq 40 match"})
		set(bank.Settings{Radius: &map[string]int{staydown.SignalPDQ: 10}})
		r.same(ask(), []string{})
		r.same(r.whyNot(picture(r.near(h, 20))), []string{"WIDE 1 radius"})
		set(bank.Settings{Radius: &map[string]int{}, Enabled: ptr(false)})
		r.same(r.whyNot(picture(h)), []string{"WIDE 1 bank_disabled"})
		set(bank.Settings{Enabled: ptr(true)})
		r.must(r.desk.Close(r.ctx, r.lead, b.ID))
		r.same(r.look(picture(h)), []string{})
		r.same(r.whyNot(picture(h)), []string{})
		r.open("WIDE", bank.Settings{}) // its name is free
	})
}

func TestNewItemsAreLookedUp(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		r.item("unit", print(fingerprint.PDQ, h.String()))
		if done := r.drain(); done["bank"] != 0 {
			r.Fatalf("without banks: %v", done)
		}
		b := r.open("POSTERS", bank.Settings{})
		r.add(b, picture(h))
		r.drain()
		near := r.item("unit", print(fingerprint.PDQ, r.near(h, 12).String()))
		turned := r.item("unit", print(fingerprint.PDQ, r.hash().String()), print(fingerprint.Turned, r.turns(5, r.near(h, 9))))
		poor := r.item("unit", staydown.Fingerprint{Kind: fingerprint.PDQ, Value: h.String(), Quality: 20})
		foreign := r.item("other", print(fingerprint.PDQ, h.String()))
		if done := r.drain(); done["bank"] != 3 {
			r.Errorf("jobs: %v, want three of bank", done)
		}
		r.same(r.hits(near), []string{"POSTERS 1 pdq 12"})
		r.same(r.hits(turned), []string{"POSTERS 1 pdq 9"})
		r.same(r.hits(poor), []string{})
		_, err := r.desk.Hits(r.ctx, r.lead, foreign)
		r.refused(err, "access.circle")
		i, err := r.store.Item(r.ctx, near)
		r.must(err)
		if !slices.Contains(i.PriorityWhy, "known_content") {
			r.Errorf("priority for %v", i.PriorityWhy)
		}
	})
}

// turns are the hashes of a picture in eight ways, of which one is h.
func (r *rig) turns(at int, h pdq.Hash) string {
	all := make([]string, 8)
	for i := range all {
		all[i] = r.hash().String()
	}
	all[at] = h.String()
	return strings.Join(all, " ")
}

func TestEverythingSeenBeforeIsLookedThrough(t *testing.T) {
	each(t, func(r *rig) {
		h, md5 := r.hash(), "00000000000000000000000000000abc"
		old := r.item("unit", print(fingerprint.PDQ, r.near(h, 20).String()))
		bytes := r.item("unit", print(fingerprint.SHA256, sha256Of(7).Value))
		filed := r.item("unit")
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			if err := tx.AddExhibit(staydown.Exhibit{ID: tx.NewID(), Item: filed, Owner: "unit", Circle: "unit", Kind: "media", MD5: md5}); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "keep", Noun: "exhibit", Subject: filed, Circle: "unit"})
		}))
		foreign := r.item("other", print(fingerprint.PDQ, h.String()))
		r.drain()
		b := r.open("LATE", bank.Settings{})
		r.add(b, picture(h), sha256Of(7))
		r.add(b, signal(staydown.SignalMD5, md5))
		place, err := r.store.Item(r.ctx, old)
		r.must(err)
		r.add(b, signal(staydown.SignalURL, place.Location))
		if done := r.drain(); done["rematch"] != 3 {
			r.Errorf("jobs: %v", done)
		}
		r.same(r.hits(old), []string{"LATE 1 pdq 20 back", "LATE 3 url 0 back"})
		r.same(r.hits(bytes), []string{"LATE 1 sha256 0 back"})
		r.same(r.hits(filed), []string{"LATE 2 md5 0 back"})
		found, err := r.store.BankHitsOf(r.ctx, foreign, []staydown.ID{"unit", "other"})
		r.must(err)
		if len(found) > 0 {
			r.Errorf("another circle's item was matched: %v", found)
		}
	})
}

// More items than one job takes, and more values, go on in further jobs; nothing is left out or told twice.
func TestLookingBackGoesOnInBatches(t *testing.T) {
	each(t, func(r *rig) {
		h := r.hash()
		var all []staydown.ID
		for range 120 {
			all = append(all, r.item("unit", print(fingerprint.PDQ, r.near(h, 10).String())))
		}
		r.drain()
		b := r.open("MANY", bank.Settings{Flood: &staydown.FloodRule{Off: true}})
		var list []bank.New
		for range 600 {
			list = append(list, bank.New{Signals: []bank.Signal{picture(r.hash())}})
		}
		list[599].Signals = []bank.Signal{picture(h)}
		taken, err := r.desk.Take(r.ctx, r.lead, b.ID, "list.csv", list)
		r.must(err)
		if taken.Added != 600 {
			r.Fatalf("taken: %+v", taken)
		}
		if done := r.drain(); done["rematch"] < 4 {
			r.Errorf("jobs: %v", done)
		}
		for _, id := range all {
			r.same(r.hits(id), []string{"MANY 600 pdq 10 back"})
		}
	})
}
