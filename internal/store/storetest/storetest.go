// Package storetest opens fresh stores for tests: one on SQLite in a folder of the test's own, one in a PostgreSQL database
// of the test's own where STAYDOWN_TEST_POSTGRES names a server. What the store does is proven once, by tests that run on
// each.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/staydown/staydown/internal/store"
)

// Server is the environment variable that names a PostgreSQL server whose user may create databases.
const Server = "STAYDOWN_TEST_POSTGRES"

// Clock is a clock that tests move.
type Clock struct{ At time.Time }

// Now tells the time it was set to.
func (c *Clock) Now() time.Time { return c.At }

// Each runs a test on every engine there is, each time on an empty store.
func Each(t *testing.T, run func(t *testing.T, s *store.Store, c *Clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		c := &Clock{At: time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC)}
		run(t, open(t, t.TempDir(), c), c)
	})
	t.Run("postgres", func(t *testing.T) {
		c := &Clock{At: time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC)}
		run(t, open(t, Database(t), c), c)
	})
}

func open(t *testing.T, dsn string, c *Clock) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dsn, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Database makes an empty PostgreSQL database for one test and drops it afterwards; it skips the test without a server.
func Database(t *testing.T) string {
	t.Helper()
	server := os.Getenv(Server)
	if server == "" {
		t.Skipf("%s is not set: no PostgreSQL to test on", Server)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	var b [6]byte
	rand.Read(b[:])
	name := "staydown_" + hex.EncodeToString(b[:])
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
		admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
