package bank_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// all tells what a bank holds, without identifiers, numbers and times.
func (r *rig) all(b staydown.Bank) []string {
	r.Helper()
	contents, err := r.desk.Contents(r.ctx, r.lead, b.ID, bank.Filter{Limit: 1000})
	r.must(err)
	var out []string
	for _, c := range contents {
		w, err := r.desk.Content(r.ctx, r.lead, b.ID, c.ID)
		r.must(err)
		line := fmt.Sprintf("%s %s %s %v", c.Source, c.SourceKey, c.State, c.Labels.Entity)
		var signals []string
		for _, s := range w.Signals {
			signals = append(signals, fmt.Sprintf(" %s/%s/%d/%v", s.Kind, s.Value, s.Frame, s.Live))
		}
		slices.Sort(signals)
		line += strings.Join(signals, "")
		for _, o := range w.Opinions {
			line += fmt.Sprintf(" %s:%s", o.Source, o.Opinion)
		}
		out = append(out, line)
	}
	return out
}

// drawn makes a batch in which keys, values and words come again.
func (r *rig) drawn(values []bank.Signal) []bank.New {
	var out []bank.New
	for range 40 {
		n := bank.New{Key: fmt.Sprint("k", r.rnd.IntN(30))}
		for range 1 + r.rnd.IntN(3) {
			n.Signals = append(n.Signals, values[r.rnd.IntN(len(values))])
		}
		if r.rnd.IntN(2) == 0 {
			n.Labels.Entity = []string{fmt.Sprint("e", r.rnd.IntN(2))}
		}
		if r.rnd.IntN(2) == 0 {
			n.Opinions = []bank.Voice{{Source: "somebody", Opinion: []staydown.Opinion{staydown.OpinionPositive, staydown.OpinionNegative}[r.rnd.IntN(2)]}}
		}
		out = append(out, n)
	}
	return out
}

// TestManyComesToTheSame: the way for long files and the way row by row leave the same behind.
func TestManyComesToTheSame(t *testing.T) {
	each(t, func(r *rig) {
		one, many := r.open("ONE", bank.Settings{}), r.open("MANY", bank.Settings{})
		var values []bank.Signal
		for i := range 25 {
			s := picture(r.hash())
			s.Quality = []int{staydown.UnknownQuality, 20, 90}[i%3]
			values = append(values, s, md5Of(i))
		}
		for round := range 6 {
			batch := r.drawn(values)
			want, err := r.desk.Take(r.ctx, r.lead, one.ID, "list", slices.Clone(batch))
			r.must(err)
			got, bad, err := r.desk.TakeMany(r.ctx, r.lead, many.ID, "list", bank.Batch{Contents: batch})
			r.must(err)
			if len(bad) > 0 || got.Added != want.Added || got.Stood != want.Stood || got.Changed+got.Same != want.Changed {
				t.Fatalf("round %d: %+v, row by row %+v (%v)", round, got, want, bad)
			}
			a, b := r.all(one), r.all(many)
			slices.Sort(a) // what is known comes after what is new
			slices.Sort(b)
			r.same(b, a)
			for _, s := range values {
				r.same(in("MANY", r.look(s)), in("ONE", r.look(s)))
			}
			r.withdrawSame(one, many)
		}
	})
}

// withdrawSame withdraws the first content that may match of one bank, and that of the same name of the other.
func (r *rig) withdrawSame(one, other staydown.Bank) {
	r.Helper()
	first, err := r.desk.Contents(r.ctx, r.lead, one.ID, bank.Filter{Limit: 1, State: staydown.ContentActive})
	r.must(err)
	r.must(r.desk.Withdraw(r.ctx, r.lead, one.ID, first[0].ID, "taken by mistake"))
	all, err := r.desk.Contents(r.ctx, r.lead, other.ID, bank.Filter{Limit: 1000})
	r.must(err)
	i := slices.IndexFunc(all, func(c staydown.BankContent) bool { return c.SourceKey == first[0].SourceKey })
	r.must(r.desk.Withdraw(r.ctx, r.lead, other.ID, all[i].ID, "taken by mistake"))
}

// in keeps what is said of one bank, and takes its name and the content's number off.
func in(name string, hits []string) []string {
	var out []string
	for _, h := range hits {
		if strings.HasPrefix(h, name) {
			out = append(out, strings.Join(strings.Fields(h)[2:], " "))
		}
	}
	return out
}

// TestManyOfTheSame: what names no key is told by its only signal; saying it again changes nothing and leaves no event.
func TestManyOfTheSame(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("LIST", bank.Settings{})
		var batch []bank.New
		for i := range 300 {
			batch = append(batch, bank.New{Signals: []bank.Signal{md5Of(i)}, Labels: staydown.Labels{Incident: []string{"drill"}}})
		}
		batch = append(batch, batch[7], bank.New{Signals: []bank.Signal{signal(staydown.SignalMD5, "no digest")}}, bank.New{})
		stands := func(t bank.TakenMany) string { return fmt.Sprint("added ", t.Added) }
		got, bad, err := r.desk.TakeMany(r.ctx, r.lead, b.ID, "list", bank.Batch{Contents: batch, Place: "import/x", Stands: stands})
		r.must(err)
		if got != (bank.TakenMany{Taken: bank.Taken{Added: 300, Changed: 1}}) || len(bad) != 2 || bad[0].Index != 301 || bad[1].Index != 302 {
			t.Fatalf("%+v, %v", got, bad)
		}
		if at, err := r.desk.At(r.ctx, r.lead, "import/x"); err != nil || at != "added 300" {
			t.Fatalf("stands at %q, %v", at, err)
		}
		before, _, err := r.store.LogCounts(r.ctx)
		r.must(err)
		got, _, err = r.desk.TakeMany(r.ctx, r.lead, b.ID, "list", bank.Batch{Contents: batch[:300]})
		r.must(err)
		after, _, err := r.store.LogCounts(r.ctx)
		r.must(err)
		if got != (bank.TakenMany{Same: 300}) || after != before {
			t.Fatalf("again: %+v, %d events more", got, after-before)
		}
		if n := len(r.all(b)); n != 300 {
			t.Fatalf("%d contents", n)
		}
		if hits := r.look(md5Of(299)); len(hits) != 1 {
			t.Fatalf("the last: %v", hits)
		}
	})
}

func TestManyIsForKeepers(t *testing.T) {
	each(t, func(r *rig) {
		b := r.open("LIST", bank.Settings{})
		_, _, err := r.desk.TakeMany(r.ctx, caller("analyst", "unit", staydown.RoleAnalyst), b.ID, "list", bank.Batch{Contents: []bank.New{{Signals: []bank.Signal{md5Of(1)}}}})
		r.refused(err, "access.permission")
		_, _, err = r.desk.TakeMany(r.ctx, caller("other", "elsewhere", staydown.RoleLead), b.ID, "list", bank.Batch{Contents: []bank.New{{Signals: []bank.Signal{md5Of(1)}}}})
		r.refused(err, "access.circle")
		if n := len(r.all(b)); n != 0 {
			t.Fatalf("%d contents", n)
		}
	})
}
