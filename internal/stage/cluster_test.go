package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCluster(t *testing.T) {
	bin := serverPrograms()
	if bin == "" {
		t.Skip("no PostgreSQL on this machine: install the Debian package postgresql")
	}
	c, err := openCluster(t.Context(), bin)
	if err != nil {
		t.Fatal(err)
	}
	out, err := start(t.Context(), filepath.Join(bin, "psql"), "-qAt", c.url, "-c", "select 'b' < 'C', current_setting('server_encoding')").CombinedOutput()
	if err != nil || string(out) != "t|UTF8\n" {
		t.Errorf("the server answered %q, %v; want text sorted by language, in UTF-8", out, err)
	}
	if err := c.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
		t.Errorf("the cluster's folder is still there: %v", err)
	}
}
