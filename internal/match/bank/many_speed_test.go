package bank_test

import (
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// BenchmarkTakeMany puts 4,000 pictures a step into one bank on SQLite, which grows with every step.
//
//	go test -run - -bench TakeMany -benchtime 50x ./internal/match/bank
func BenchmarkTakeMany(b *testing.B) {
	clock := &storetest.Clock{At: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	s, err := store.Open(b.Context(), b.TempDir(), clock.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	desk, lead, name := &bank.Desk{Store: s.Banks(), Now: clock.Now}, caller("lead", "unit", staydown.RoleLead), "LIST"
	list, err := desk.Open(b.Context(), lead, "", "", bank.Settings{Name: &name})
	if err != nil {
		b.Fatal(err)
	}
	const step = 4000
	for n := 0; b.Loop(); n++ {
		batch := make([]bank.New, step)
		for i := range batch {
			batch[i] = bank.New{Signals: []bank.Signal{sha256Of(n*step + i)}, Opinions: []bank.Voice{{Source: "somebody", Opinion: staydown.OpinionPositive}}}
		}
		if _, _, err := desk.TakeMany(b.Context(), lead, list.ID, "list", bank.Batch{Contents: batch}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(step*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
