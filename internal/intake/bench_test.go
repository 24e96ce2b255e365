package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// BenchmarkImport takes in lists of new addresses on SQLite, on disk.
func BenchmarkImport(b *testing.B) {
	c := &storetest.Clock{}
	s, err := store.Open(b.Context(), b.TempDir(), c.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := &intake.Desk{Store: s.Intake()}
	const rows = 5000
	for n := 0; b.Loop(); n++ {
		var sb strings.Builder
		for i := range rows {
			fmt.Fprintf(&sb, "https://relay.example/v/%d-%d\n", n, i)
		}
		if _, err := d.Import(b.Context(), officer("be"), "", "list.txt", "urls", strings.NewReader(sb.String())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}
