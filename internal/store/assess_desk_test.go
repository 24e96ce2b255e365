package store

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
)

// fillDesk puts n captured items into a circle in one change.
func fillDesk(t *testing.T, s *Store, circle staydown.ID, n int) {
	t.Helper()
	err := s.Act(t.Context(), access.System("test"), func(tx *Tx) error {
		for k := range n {
			it := staydown.Item{ID: tx.NewID(), Circle: circle, Owner: circle, Location: fmt.Sprintf("https://relay.example/%s/%06d", circle, k), Host: "relay.example",
				State: staydown.ItemCaptured, Kind: "post", Priority: k % 11, SeenAt: tx.Now(), MediaSHA256: fmt.Sprint(k % 100)}
			if err := tx.AddItem(it); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "see", Noun: "item", Circle: circle})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// counter counts the statements of a change.
type counter struct {
	querier
	n *int
}

func (c counter) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	*c.n++
	return c.querier.query(ctx, q, args...)
}

func (c counter) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	*c.n++
	return c.querier.exec(ctx, q, args...)
}

// counted is the desk's store with its statements counted.
type counted struct {
	assess.Store
	s *Store
	n *int
}

func (c counted) Act(ctx context.Context, by access.Caller, fn func(assess.Tx) error) error {
	return c.s.Act(ctx, by, func(tx *Tx) error {
		tx.q = counter{tx.q, c.n}
		return fn(deskTx{tx})
	})
}

func deskOfficer(name string) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID(name), Authority: "u"}, Roles: []staydown.Role{staydown.RoleOfficer}, Circles: []staydown.ID{"u", "c"}}
}

func openSQLiteStore(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir(), func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A take is one question and one lease of all, whatever the length of the queue.
func TestATakeIsTwoStatementsHoweverLongTheQueue(t *testing.T) {
	s := openSQLiteStore(t)
	n := 0
	desk := &assess.Desk{Store: counted{s.Assess(), s, &n}}
	for _, more := range []int{60, 6000} {
		fillDesk(t, s, staydown.ID(fmt.Sprint("c", more)), more)
		by := deskOfficer("ann")
		by.Circles = []staydown.ID{"u", staydown.ID(fmt.Sprint("c", more))}
		n = 0
		got, err := desk.Take(t.Context(), by, "new", "", 50)
		if err != nil || len(got) != 50 {
			t.Fatalf("took %d: %v", len(got), err)
		}
		if n != 2 {
			t.Errorf("%d statements to take 50 of %d", n, more)
		}
	}
}

// plan is how SQLite would answer a question.
func plan(t *testing.T, s *Store, query string, args []any) string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		b.WriteString(detail + "\n")
	}
	return b.String()
}

// scans finds a table of the query that is read from end to end.
var scans = regexp.MustCompile(`SCAN [ialj]\b.*`)

func TestATakeReadsOnlyTheHeadOfItsIndex(t *testing.T) {
	s := openSQLiteStore(t)
	for _, circles := range [][]staydown.ID{{"u"}, {"u", "c"}} {
		query, args := freeQuery(circles, assess.QueueNew, "ann", 1, 50)
		p := plan(t, s, query, args)
		if n := strings.Count(p, "USING INDEX items_desk (circle=? AND queue=?)"); n != len(circles) {
			t.Errorf("%d circles, %d of them read from the index of the desk:\n%s", len(circles), n, p)
		}
		if whole := scans.FindString(p); whole != "" {
			t.Errorf("reads a whole table: %s\n%s", whole, p)
		}
		if !strings.Contains(p, "SEARCH a USING INDEX assessments_looked (item=? AND officer=?)") {
			t.Errorf("whether an officer has looked is not read from its index:\n%s", p)
		}
		// The heads of several circles are merged by sorting them; one circle comes in order.
		if sorted := strings.Count(p, "USE TEMP B-TREE"); sorted > 0 && len(circles) == 1 || sorted > len(circles) {
			t.Errorf("%d circles, sorted %d times:\n%s", len(circles), sorted, p)
		}
	}
}

// A hold on one item is placed while others wait for the writer: it may not read the items of a whole host.
func TestPlacingAHoldOnAnItemReadsNoWholeHost(t *testing.T) {
	s := openSQLiteStore(t)
	h := staydown.Hold{Scope: staydown.HoldItem, Location: "https://relay.example/marker/1", Host: "relay.example"}
	seen := &plans{pool: s.pool, t: t, s: s}
	if _, err := nearHold(t.Context(), seen, h); err != nil {
		t.Fatal(err)
	}
	if len(seen.list) != 2 {
		t.Fatalf("%d questions", len(seen.list))
	}
	for n, want := range []string{"SEARCH i USING INDEX sqlite_autoindex_items_2 (circle=? AND location=?)", "SEARCH i USING INDEX items_by_host (host=? AND kind=?)"} {
		if p := seen.list[n]; !strings.Contains(p, want) || scans.MatchString(p) {
			t.Errorf("want %s, got\n%s", want, p)
		}
	}
}

// plans notes how each question would be answered.
type plans struct {
	*pool
	t    *testing.T
	s    *Store
	list []string
}

func (p *plans) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	p.list = append(p.list, plan(p.t, p.s, q, args))
	return p.pool.query(ctx, q, args...)
}
