package audit_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/seal"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// exported is a log of n events, exported; and the log's public key.
func exported(t *testing.T, s *store.Store, n int) (string, string) {
	t.Helper()
	for range n {
		err := s.Act(t.Context(), access.System("test"), func(tx *store.Tx) error {
			id := tx.NewID()
			if err := tx.AddItem(staydown.Item{ID: id, Circle: "c", Location: string(id), State: staydown.ItemSeen}); err != nil {
				return err
			}
			return tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: id, Personal: map[string]string{"name": "somebody by name"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ring, err := seal.Open(t.TempDir() + "/keys")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ring.EstablishLog("staydown-log")
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(key.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	l := &audit.Log{Store: s.Audit(), Signer: key.Signer, Verifier: v}
	if _, err := l.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := l.Export(t.Context(), &file, key.Verifier, nil); err != nil {
		t.Fatal(err)
	}
	return file.String(), key.Verifier
}

func TestExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		file, key := exported(t, s, 9)
		if strings.Contains(file, "somebody by name") || strings.Contains(file, base64.StdEncoding.EncodeToString([]byte("somebody by name"))) {
			t.Error("the export holds personal data in clear")
		}
		h, r, err := audit.VerifyExport(strings.NewReader(file), key, nil)
		if err != nil || !r.OK || r.Sequenced != 9 || h.Size != 9 {
			t.Fatalf("a true export: %+v %+v %v", h, r, err)
		}
		lines := strings.SplitAfter(file, "\n")
		other, _ := exported(t, s, 1)
		for _, c := range []struct{ name, file, key, want string }{
			{"an entry changed", strings.Replace(file, lines[4], strings.Replace(lines[4], `"leaf":"`, `"leaf":"AAAA`, 1), 1), key, "do not give the root"},
			{"an entry left out", strings.Replace(file, lines[4], "", 1), key, "stands where"},
			{"two entries exchanged", lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""), key, "stands where"},
			{"the end cut off", strings.Join(lines[:8], ""), key, "the file has 7"},
			{"the checkpoint changed", strings.Replace(file, `"checkpoint":"staydown-log\n9`, `"checkpoint":"staydown-log\n8`, 1), key, "does not verify"},
			{"another log's key", file, keyOf(t, other), "does not verify"},
			{"a line too long", file + `{"place":9,"leaf":"` + strings.Repeat("A", 1<<20) + `"}`, key, "longer than"},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, r, err := audit.VerifyExport(strings.NewReader(c.file), c.key, nil)
				if err != nil || r.OK || !strings.Contains(strings.Join(r.Faults, "\n"), c.want) {
					t.Errorf("found %q, %v; want %q", r.Faults, err, c.want)
				}
			})
		}
	})
}

func keyOf(t *testing.T, file string) string {
	t.Helper()
	_, rest, _ := strings.Cut(file, `"key":"`)
	key, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("the export names no key")
	}
	return key
}

func TestVerifyExportOfSomethingElse(t *testing.T) {
	for _, file := range []string{"", "{}", `{"format":"staydown-log/2"}`, "\x00\x01", `{"format":"staydown-log/1","key":"nonsense"}`} {
		if _, _, err := audit.VerifyExport(strings.NewReader(file), "", nil); staydown.KindOf(err) != staydown.Invalid {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func FuzzVerifyExport(f *testing.F) {
	f.Add([]byte(`{"format":"staydown-log/1","key":"log+00000000+AAAA","size":1,"checkpoint":"log\n1\nAAAA\n"}` + "\n" + `{"place":0,"leaf":"AA=="}`))
	f.Add([]byte("{}\n{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, r, err := audit.VerifyExport(bytes.NewReader(data), "", nil); err == nil && r.OK && r.Sequenced > 0 && !bytes.Contains(data, []byte("checkpoint")) {
			t.Errorf("verified %q", data)
		}
	})
}
