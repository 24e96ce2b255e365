package store

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestBothEnginesHaveTheSameColumns compares what the migrations of both engines give.
func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	if os.Getenv("STAYDOWN_TEST_POSTGRES") == "" {
		t.Skip("STAYDOWN_TEST_POSTGRES is not set: no PostgreSQL to compare with")
	}
	ctx := context.Background()
	lite, err := Open(ctx, t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	pg, err := Open(ctx, emptyDatabase(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer pg.Close()
	a := columnsOf(t, lite, `SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`)
	b := columnsOf(t, pg, `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'`)
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("-sqlite +postgres\n%s", d)
	}
}

func columnsOf(t *testing.T, s *Store, q string) []string {
	t.Helper()
	rows, err := s.pool.query(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// emptyDatabase is set by the outer tests, which may import storetest.
var emptyDatabase func(t *testing.T) string
