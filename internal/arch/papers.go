package arch

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	source = regexp.MustCompile("`([A-Za-z0-9_./-]+\\.go)(?::(Test[A-Za-z0-9_]+))?`")
)

// Papers follows what the papers (every .md file) point to: relative links, Go
// files and tests named in backquotes. A paper may name a file of the root, or
// give its path from there.
func Papers(fsys fs.FS, t *Tree) ([]Problem, error) {
	var found []Problem
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(fsys, name) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".md") {
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(data), "\n") {
			for _, text := range deadEnds(fsys, t, path.Dir(name), line) {
				found = append(found, Problem{fmt.Sprintf("%s:%d", name, i+1), text})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the papers: %w", err)
	}
	return found, nil
}

func deadEnds(fsys fs.FS, t *Tree, dir, line string) []string {
	var dead []string
	for _, m := range link.FindAllStringSubmatch(line, -1) {
		to, _, _ := strings.Cut(m[1], "#")
		if to == "" || strings.Contains(to, ":") {
			continue // within the page, or another site
		}
		if _, err := fs.Stat(fsys, path.Join(dir, to)); err != nil {
			dead = append(dead, "links to "+m[1]+", which does not exist")
		}
	}
	for _, m := range source.FindAllStringSubmatch(line, -1) {
		if _, err := fs.Stat(fsys, m[1]); err != nil {
			dead = append(dead, "names "+m[1]+", which does not exist")
		} else if m[2] != "" && !t.hasTest(m[1]+":"+m[2]) {
			dead = append(dead, "names the test "+m[1]+":"+m[2]+", which does not exist")
		}
	}
	return dead
}
