package arch

import (
	"fmt"
	"slices"
)

// Imports checks every import of every package that is not a test against the
// tables of rooms, edges, gates and doors.
func Imports(t *Tree) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		from, ok := roomOf(p.Dir)
		if !ok {
			found = append(found, Problem{p.Files[0].Path, fmt.Sprintf("package %s stands in no room of internal/arch/rooms.go: add a row that says what it holds", p.Name)})
			continue
		}
		if vague[p.Name] {
			found = append(found, Problem{p.Files[0].Path, fmt.Sprintf("package name %q says nothing about what is inside", p.Name)})
		}
		for _, f := range p.code() {
			for _, in := range f.imports() {
				if text := judge(t, p, from, in); text != "" {
					found = append(found, Problem{t.at(in.spec), text})
				}
			}
		}
	}
	return found
}

// judge says what is wrong with one import, or "".
func judge(t *Tree, p *Package, from room, in imported) string {
	switch {
	case in.ours:
		return judgeOurs(t, p, from, in)
	case standard(in.path):
		if in.path == "testing" && !isKit(p) {
			return "imports testing outside of a test"
		}
		return ""
	default:
		return judgeForeign(from, in)
	}
}

func judgeForeign(from room, in imported) string {
	if from.layer == vocabulary {
		return fmt.Sprintf("the root imports the standard library only, not %s", in.path)
	}
	d, ok := doorOf(in.path)
	if ok && !slices.Contains(d.by, from.dir) {
		return fmt.Sprintf("%s is used by %v only: %s", in.path, d.by, d.why)
	}
	return ""
}

func judgeOurs(t *Tree, p *Package, from room, in imported) string {
	to, ok := roomOf(in.dir)
	if !ok {
		return "" // its own package is reported already
	}
	if from.layer == proof || from.dir == to.dir {
		return ""
	}
	if other := t.find(in.dir); other != nil && isKit(other) && !isKit(p) {
		return fmt.Sprintf("%s exists for tests only", in.dir)
	}
	if isKit(p) {
		return "" // a suite may open what it proves
	}
	if g, ok := gateOf(to.dir); ok && !slices.Contains(g.by, from.dir) {
		return fmt.Sprintf("%s is imported by %v only: %s", to.dir, g.by, g.why)
	}
	return judgeLayers(from, to)
}

func judgeLayers(from, to room) string {
	switch {
	case to.layer == vocabulary:
		return ""
	case from.layer == vocabulary:
		return fmt.Sprintf("the root imports nothing of ours, not %s", to.dir)
	case from.layer == island && to.layer != island:
		return fmt.Sprintf("%s imports nothing of ours but the root, not %s", from.dir, to.dir)
	case from.layer == foundation && to.layer == foundation, from.layer == island:
		return ""
	case from.layer == capability && to.layer == capability:
		if edgeAllowed(from.dir, to.dir) {
			return ""
		}
		return fmt.Sprintf("%s may not import %s: leave a job, or argue an edge in internal/arch/edges.go", from.dir, to.dir)
	case from.layer <= to.layer:
		return fmt.Sprintf("imports run one way: %s stands below %s", from.dir, to.dir)
	}
	return ""
}

func (t *Tree) find(dir string) *Package {
	for _, p := range t.Packages {
		if p.Dir == dir {
			return p
		}
	}
	return nil
}

// Purity checks that pure packages reach no input or output, through our own
// packages included.
func Purity(t *Tree) []Problem {
	var found []Problem
	for _, p := range t.Packages {
		if !isPure(p.Dir) || isKit(p) {
			continue
		}
		for _, f := range p.code() {
			for _, in := range f.imports() {
				if via := t.reaches(in, map[string]bool{}); via != "" {
					found = append(found, Problem{t.at(in.spec), fmt.Sprintf("package %s is pure and may not reach %s", p.Name, via)})
				}
			}
		}
	}
	return found
}

// reaches names the impure package that an import leads to, or "".
func (t *Tree) reaches(in imported, seen map[string]bool) string {
	if !in.ours {
		if impure[in.path] {
			return in.path
		}
		return ""
	}
	p := t.find(in.dir)
	if p == nil || seen[in.dir] {
		return ""
	}
	seen[in.dir] = true
	for _, f := range p.code() {
		for _, next := range f.imports() {
			if via := t.reaches(next, seen); via != "" {
				return via + " through " + in.dir
			}
		}
	}
	return ""
}
