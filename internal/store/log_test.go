package store_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

func newLog(t *testing.T, s *store.Store) *audit.Log {
	t.Helper()
	priv, pub, err := note.GenerateKey(rand.Reader, "test.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(pub)
	if err != nil {
		t.Fatal(err)
	}
	return &audit.Log{Store: s.Audit(), Signer: signer, Verifier: verifier}
}

func happen(t *testing.T, s *store.Store, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range n / 4 {
				err := s.Act(t.Context(), person("p"), func(tx *store.Tx) error {
					id := tx.NewID()
					e := see(id)
					e.Personal = map[string]string{"note": fmt.Sprintf("secret %d %d", w, i)}
					return errors.Join(tx.AddItem(staydown.Item{ID: id, Circle: "c", Location: string(id)}), tx.Event(e))
				})
				if err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
}

func verify(t *testing.T, l *audit.Log) audit.Report {
	t.Helper()
	r, err := l.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheLogVerifiesAndProves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		l := newLog(t, s)
		happen(t, s, 400)
		if _, err := l.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		happen(t, s, 204)
		size, err := l.Sequence(t.Context())
		if err != nil || size != 604 {
			t.Fatalf("size %d: %v", size, err)
		}
		happen(t, s, 4)
		r := verify(t, l)
		if !r.OK || r.Sequenced != 604 || r.Unsequenced != 4 || r.Checkpoint != 604 {
			t.Errorf("report %+v", r)
		}
		all, err := s.Entries(t.Context(), 0, 1000)
		if err != nil || len(all) != 604 {
			t.Fatalf("%d entries: %v", len(all), err)
		}
		for _, n := range []int{0, 1, 399, 400, 511, 512, 603} {
			p, err := l.Proof(t.Context(), all[n].ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := audit.VerifyProof(p, l.Verifier); err != nil {
				t.Errorf("entry %d: %v", n, err)
			}
			p.Leaf = append([]byte(nil), p.Leaf...)
			p.Leaf[10] ^= 1
			if err := audit.VerifyProof(p, l.Verifier); staydown.KindOf(err) != staydown.Failed {
				t.Errorf("a forged entry %d verified: %v", n, err)
			}
		}
	})
}

func TestNoNameStandsInALeafAndErasureKeepsProofs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		l := newLog(t, s)
		happen(t, s, 8)
		if _, err := l.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := s.Entries(t.Context(), 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if strings.Contains(string(e.Leaf), "secret") {
				t.Fatalf("a leaf tells: %s", e.Leaf)
			}
			var leaf map[string]any
			if err := json.Unmarshal(e.Leaf, &leaf); err != nil || leaf["actor"] == "p" {
				t.Fatalf("a leaf names: %s %v", e.Leaf, err)
			}
		}
		if err := s.EraseActor(t.Context(), person("dpo"), "p"); err != nil {
			t.Fatal(err)
		}
		if err := s.EraseField(t.Context(), person("dpo"), all[0].ID, "note"); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, l); !r.OK || r.Erased != 9 {
			t.Errorf("after erasure: %+v", r)
		}
		p, err := l.Proof(t.Context(), all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := audit.VerifyProof(p, l.Verifier); err != nil {
			t.Error(err)
		}
	})
}

func TestTamperingIsFound(t *testing.T) {
	for name, harm := range map[string]string{
		"a leaf changed":       `UPDATE events SET leaf = (SELECT leaf FROM events WHERE seq = 3) WHERE seq = 2`,
		"an actor changed":     `UPDATE events SET actor = 'somebody' WHERE seq = 2`,
		"an entry removed":     `DELETE FROM events WHERE seq = 2`,
		"the tail removed":     `DELETE FROM events WHERE seq >= 6`,
		"the tree changed":     `UPDATE tree_blocks SET hashes = (SELECT hashes FROM tree_blocks WHERE n = 1) WHERE n = 0`,
		"a checkpoint changed": `UPDATE checkpoints SET note = replace(note, '600', '599')`,
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
				l := newLog(t, s)
				happen(t, s, 600)
				if _, err := l.Sequence(t.Context()); err != nil {
					t.Fatal(err)
				}
				if r := verify(t, l); !r.OK {
					t.Fatalf("before: %+v", r)
				}
				store.Harm(t, s, harm)
				if r := verify(t, l); r.OK {
					t.Error("not found")
				}
			})
		})
	}
}
