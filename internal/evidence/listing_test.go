package evidence_test

import (
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/blob"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// The vault is held against what the database lists, each digest once.
func TestCheckAgainstTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		folder, err := blob.OpenFolder(t.TempDir(), blob.Unsynced())
		if err != nil {
			t.Fatal(err)
		}
		v := evidence.Open(folder)
		var kept []evidence.Kept
		for _, text := range []string{"one", "two", "three"} {
			k, err := v.Keep(t.Context(), strings.NewReader(text), 100)
			if err != nil {
				t.Fatal(err)
			}
			kept = append(kept, k)
		}
		err = s.Act(t.Context(), access.System("test"), func(tx *store.Tx) error {
			for _, k := range append(kept, kept[0]) {
				e := staydown.Exhibit{ID: tx.NewID(), Kind: "media", SHA256: k.SHA256, Bytes: k.Bytes, KeptAt: tx.Now()}
				if err := tx.AddExhibit(e); err != nil {
					return err
				}
				if err := tx.Event(evidence.Collected(e, evidence.Origin{Tool: "test"})); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Erase(t.Context(), kept[1].SHA256); err != nil {
			t.Fatal(err)
		}
		var found []evidence.Finding
		tally, err := v.Check(t.Context(), s.ListedExhibits(t.Context()), func(f evidence.Finding) { found = append(found, f) })
		if err != nil || tally.Exhibits != 3 || tally.Missing != 1 || tally.Sound() || len(found) != 1 || found[0].SHA256 != kept[1].SHA256 {
			t.Errorf("%+v %+v %v", tally, found, err)
		}
	})
}
