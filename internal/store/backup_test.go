package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// filled puts a little of everything that has a type of its own into a store.
func filled(t *testing.T, s *store.Store, c *storetest.Clock) staydown.Item {
	t.Helper()
	i := staydown.Item{ID: staydown.NewID(c.At), Circle: "c", Location: "https://relay.example/\u0627", Host: "relay.example", State: staydown.ItemSeen, PriorityWhy: []string{"a", "b"}, SeenAt: c.At}
	for range 3 {
		if err := addItem(t, s, staydown.Item{ID: staydown.NewID(c.At), Circle: "c", Location: "https://relay.example/" + string(staydown.NewID(c.At)), State: staydown.ItemSeen}); err != nil {
			t.Fatal(err)
		}
	}
	if err := addItem(t, s, i); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSetting(t.Context(), "mode", "exercise"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Sequence(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestBackupAndCopy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		i, ctx := filled(t, s, c), t.Context()
		file := filepath.Join(t.TempDir(), "backup.db")
		if err := s.Backup(ctx, file, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(ctx, file, nil); staydown.CodeOf(err) != "db.exists" {
			t.Errorf("a backup overwrote another: %v", err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the backup is open to others: %v, %v", info.Mode(), err)
		}
		kept, err := store.Open(ctx, file, c.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer kept.Close()
		for name, dsn := range map[string]string{"sqlite": t.TempDir(), "postgres": ""} {
			t.Run("restored to "+name, func(t *testing.T) {
				if name == "postgres" {
					dsn = storetest.Database(t)
				}
				restored(t, kept, dsn, c, i)
			})
		}
	})
}

// restored copies a store into a new one, and looks whether it is the same and can be worked with.
func restored(t *testing.T, from *store.Store, dsn string, c *storetest.Clock, i staydown.Item) {
	ctx := t.Context()
	to, err := store.Open(ctx, dsn, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	rows := map[string]int64{}
	if err := store.Copy(ctx, from, to, func(table string, n int64) { rows[table] = n }); err != nil {
		t.Fatal(err)
	}
	if rows["items"] != 4 || rows["events"] != 4 {
		t.Errorf("copied %v", rows)
	}
	got, err := to.Item(ctx, i.ID)
	if diff := cmp.Diff(i, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if mode, err := to.Setting(ctx, "mode"); mode != "exercise" || err != nil {
		t.Errorf("the mode is %q, %v", mode, err)
	}
	was, err := from.Entries(ctx, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	is, err := to.Entries(ctx, 0, 10)
	if diff := cmp.Diff(was, is); diff != "" || err != nil {
		t.Errorf("the log differs: %v\n%s", err, diff)
	}
	if err := addItem(t, to, staydown.Item{ID: staydown.NewID(c.At), Circle: "c", Location: "l", State: staydown.ItemSeen}); err != nil {
		t.Errorf("the copy cannot be worked with: %v", err)
	}
	if size, added, err := to.Sequence(ctx, 10); size != 5 || added != 1 || err != nil {
		t.Errorf("the log does not go on: %d, %d, %v", size, added, err)
	}
	if err := store.Copy(ctx, from, to, nil); staydown.CodeOf(err) != "db.not_empty" {
		t.Errorf("copied over a database in use: %v", err)
	}
}

func TestIntegrity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		filled(t, s, c)
		var looked int
		if found, err := s.Integrity(t.Context(), func(string) { looked++ }); err != nil || len(found) > 0 {
			t.Errorf("a sound database: %+v, %v", found, err)
		}
		if looked < 20 {
			t.Errorf("looked for %d things", looked)
		}
		letter, line := staydown.NewID(c.At), staydown.NewID(c.At)
		err := s.Act(t.Context(), system, func(tx *store.Tx) error {
			if err := tx.AddLetter(staydown.Letter{ID: letter, Reference: "r", State: staydown.LetterSent, DraftedBy: "p", ApprovedBy: "p", Lines: 2, SentAt: c.At, SendAfter: c.At.Add(1e9)}); err != nil {
				return err
			}
			if err := tx.AddLine(staydown.Line{ID: line, Letter: letter, Item: "nowhere"}); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "break", Noun: "test", Subject: letter})
		})
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.Integrity(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		want := []store.Fault{
			{Check: "every line has its letter and item", N: 1, Some: []string{string(line)}},
			{Check: "every letter has between 1 and 200 lines, and as many as it says", N: 1, Some: []string{string(letter)}},
			{Check: "who drafted a letter did not approve it", N: 1, Some: []string{string(letter)}},
			{Check: "nothing was sent before its hour", N: 1, Some: []string{string(letter)}},
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Error(diff)
		}
		if v, err := s.SchemaVersion(t.Context()); v < 8 || err != nil {
			t.Errorf("the newest migration is %d, %v", v, err)
		}
	})
}
