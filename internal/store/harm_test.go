package store

import (
	"testing"

	"github.com/staydown/staydown/internal/access"
)

// Harm changes rows behind the store's back, as somebody with the file in their hands could.
func Harm(t *testing.T, s *Store, q string) {
	t.Helper()
	err := s.commit(t.Context(), access.System("harm"), func(tx *Tx) error {
		_, err := tx.q.exec(tx.ctx, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// UseDatabase tells the inner tests how to get an empty PostgreSQL database.
func UseDatabase(f func(*testing.T) string) { emptyDatabase = f }
