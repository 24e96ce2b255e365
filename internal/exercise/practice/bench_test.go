package practice

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/staydown/staydown/internal/exercise/world"
)

// BenchmarkPage is one page without the network around it.
func BenchmarkPage(b *testing.B) {
	w, err := world.New(1, 2000)
	if err != nil {
		b.Fatal(err)
	}
	h, err := Start(context.Background(), Config{World: w, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	requests := make([]*http.Request, len(w.Items))
	for i, it := range w.Items {
		requests[i] = httptest.NewRequest(http.MethodGet, it.URL(), nil)
	}
	b.ResetTimer()
	for i := range b.N {
		h.pages(httptest.NewRecorder(), requests[i%len(requests)])
	}
}

func TestMediaStoreStaysWithinItsBound(t *testing.T) {
	w, err := world.New(1, 400)
	if err != nil {
		t.Fatal(err)
	}
	const limit = 60 << 10
	m := newMediaStore(w, limit)
	for i := range w.Families {
		for _, tr := range []world.Transform{world.Exact, world.Captioned} {
			first, err := m.get(mediaKey{i, tr, false})
			if err != nil {
				t.Fatal(err)
			}
			again, _ := m.get(mediaKey{i, tr, false})
			if len(first.Body) == 0 || &first.Body[0] != &again.Body[0] {
				t.Fatalf("family %d was encoded twice in a row", i)
			}
			if m.bytes > limit || m.order.Len() != len(m.kept) {
				t.Fatalf("%d bytes kept, %d and %d entries", m.bytes, m.order.Len(), len(m.kept))
			}
		}
	}
}

func TestMediaPathsLeadBack(t *testing.T) {
	w, err := world.New(99, 300)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range w.Items {
		if it.Family < 0 {
			continue
		}
		for _, clip := range []bool{false, w.Families[it.Family].Clip} {
			n, gif, ok := mediaItem(w, mediaPath(w, it, clip))
			if !ok || n != it.Number || gif != clip {
				t.Fatalf("item %d, clip %v: %s leads to %d, %v, %v", it.Number, clip, mediaPath(w, it, clip), n, gif, ok)
			}
		}
	}
}
