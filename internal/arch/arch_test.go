package arch_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/staydown/staydown/internal/arch"
)

// house is the module this test stands in, read once for each test: the files it
// opens are what the test cache watches.
func house(t *testing.T) (fs.FS, *arch.Tree) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	fsys := os.DirFS(root)
	if _, err := fs.Stat(fsys, "go.mod"); err != nil {
		t.Fatalf("the module's root is not where it was thought to be: %v", err)
	}
	tree, err := arch.Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Packages) < 2 {
		t.Fatalf("read %d packages: the rules below would hold of nothing", len(tree.Packages))
	}
	return fsys, tree
}

func report(t *testing.T, found []arch.Problem) {
	t.Helper()
	for _, p := range found {
		t.Error(p)
	}
}

func TestHouse(t *testing.T) {
	_, tree := house(t)
	rules := []struct {
		name  string
		check func(*arch.Tree) []arch.Problem
	}{
		{"imports run one way", arch.Imports},
		{"pure packages stay pure", arch.Purity},
		{"one dialer", arch.Dials},
		{"rules are told the time", arch.Clock},
		{"no import is a side effect", arch.Registries},
		{"everything exported is explained", arch.Explained},
		{"nothing refused is built", arch.Refused},
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) { report(t, r.check(tree)) })
	}
}

func TestLawIsAccountedFor(t *testing.T) {
	fsys, tree := house(t)
	data, err := fs.ReadFile(fsys, arch.LawTable)
	if err != nil {
		t.Fatal(err)
	}
	rows, found := arch.ReadLaw(data)
	report(t, found)
	if len(rows) < 60 {
		t.Errorf("%s has %d rows; the Regulation has more provisions than that", arch.LawTable, len(rows))
	}
	report(t, arch.Law(fsys, tree, rows))
}

func TestPapersPointSomewhere(t *testing.T) {
	fsys, tree := house(t)
	found, err := arch.Papers(fsys, tree)
	if err != nil {
		t.Fatal(err)
	}
	report(t, found)
}
