package store

import (
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
)

// TestPlans: what is asked at every step of every item must not go through all that a circle has. SQLite plans without
// knowing how many rows there are, so the shape of a question decides; this is where a wrong one shows.
func TestPlans(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), func() time.Time { return time.Unix(1_600_000_000, 0) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	free, _ := freeQuery([]staydown.ID{"circle"}, assess.QueueNew, "officer", 0, 2)
	among, _ := inAll([]staydown.ID{"a", "b", "c"})
	for name, c := range map[string]struct{ query, by string }{
		"an item that is watched":      {watchedQuery, "sqlite_autoindex_items_1 (id=?)"},
		"what is ready for a provider": {itemTable.sel + "WHERE " + readyWhere + " AND provider = ? ORDER BY location LIMIT ?", "items_ready (circle=? AND provider=?)"},
		"what an officer can take":     {free, "items_desk (circle=? AND queue=?)"},
		"items by their identifiers":   {"SELECT " + otherColumns + ", i.circle, i.verdict FROM items i WHERE i.id IN " + among, "sqlite_autoindex_items_1 (id=?)"},
		"prints by their items":        {fingerprintTable.sel + "WHERE item IN " + among, "fingerprints_item (item=?)"},
		"items that share a mark":      {sharingQuery(2), "SEARCH i USING INDEX sqlite_autoindex_items_1 (id=?)"},
		"prints by a mark":             {"SELECT item FROM fingerprints WHERE kind = 'mark' AND value IN (?, ?)", "fingerprints_value (kind=? AND value=?)"},
	} {
		t.Run(name, func(t *testing.T) {
			args := make([]any, strings.Count(c.query, "?"))
			for k := range args {
				args[k] = "x"
			}
			rows, err := s.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+stable(c.query), args...)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					t.Fatal(err)
				}
				plan = append(plan, step)
			}
			if !strings.Contains(strings.Join(plan, "\n"), c.by) {
				t.Errorf("not by %s but\n%s", c.by, strings.Join(plan, "\n"))
			}
		})
	}
}
