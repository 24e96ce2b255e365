package report_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// BenchmarkFigures counts an action day of 26,000 items with eight looks at each of those referred.
func BenchmarkFigures(b *testing.B) {
	c := &storetest.Clock{At: time.Date(2019, 11, 25, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(b.Context(), b.TempDir(), c.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const items, inLetter = 26_000, 100
	for from := 0; from < items; from += inLetter {
		err := s.Act(b.Context(), access.System("test"), func(tx *store.Tx) error {
			letter := staydown.ID(fmt.Sprintf("T%d", from))
			at := c.At
			errs := []error{tx.AddLetter(staydown.Letter{ID: letter, Circle: day, Owner: "be", Provider: staydown.ID(fmt.Sprint("p", from%900/100)), Reference: string(letter), State: staydown.LetterDelivered, SentAt: at, DeliveredAt: at})}
			for n := from; n < from+inLetter; n++ {
				id := staydown.ID(fmt.Sprintf("I%d", n))
				i := staydown.Item{ID: id, Circle: day, Owner: staydown.ID(fmt.Sprint("u", n%12)), Provider: staydown.ID(fmt.Sprint("p", from%900/100)), Location: fmt.Sprint("https://relay.example/", n), State: staydown.ItemAssessed,
					Verdict: staydown.TerroristContent, Line: "L" + id, TheySay: staydown.LineRemoved, WeSaw: staydown.Gone, WeSawCause: "provider", GoneAt: at.Add(time.Duration(n%700) * time.Hour)}
				errs = append(errs, tx.AddItem(i), tx.AddLine(staydown.Line{ID: i.Line, Letter: letter, Item: id, Circle: day, Provider: i.Provider, State: staydown.LineRemoved, AnsweredAt: at.Add(time.Duration(n) * time.Second)}),
					tx.AddLead(staydown.Lead{ID: "D" + id, Circle: day, Owner: i.Owner, Item: id, State: staydown.LeadTaken, Place: string(id)}),
					tx.AddQuery(staydown.Query{ID: "Q" + id, Item: id, Circle: day, State: staydown.QueryClear}))
				for k := range 8 {
					errs = append(errs, tx.AddCheck(staydown.Check{ID: staydown.ID(fmt.Sprintf("C%s-%d", id, k)), Item: id, Line: i.Line, Circle: day, N: k, State: staydown.CheckDone, At: at.Add(time.Duration(k*90+n%90) * time.Hour), Verdict: staydown.Up}))
				}
			}
			return errors.Join(append(errs, tx.Event(staydown.Event{Act: "see", Noun: "item"}))...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	d := &report.Desk{Store: s.Report()}
	b.Run("figures", func(b *testing.B) {
		for b.Loop() {
			d := report.Desk{Store: s.Report()} // counts anew
			if _, err := d.Figures(b.Context(), lead("be"), day); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.Figures(b.Context(), lead("be"), day); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			n := 0
			if err := d.Rows(b.Context(), lead("be"), day, func(report.Row) error { n++; return nil }); err != nil || n != items {
				b.Fatal(n, err)
			}
		}
	})
}
