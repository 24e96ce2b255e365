package arch

import (
	"fmt"
	"go/ast"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// LawTable is where the table of provisions of Regulation (EU) 2021/784 lies.
const LawTable = "docs/law/tco.tsv"

// Status says how far the desk goes in what a provision asks.
type Status string

const (
	Yes     Status = "yes"      // done: the row names the code and a test that proves it
	Partial Status = "partial"  // some of it: the row names the code, the text says what is missing
	Planned Status = "planned"  // nothing yet
	NotOurs Status = "not-ours" // asked of somebody else (Member States, the Commission), or of nobody
)

// Provision is one row of the table.
type Provision struct {
	Line   int    // in the table
	Name   string // "3(3)", "Annex I"
	Asks   string // what it asks, in our words
	Status Status
	Code   []string // files, from the module's root, that carry out what it asks
	Tests  []string // file:TestName, that prove it
}

// ReadLaw parses the table. Lines that begin with # are remarks; the first other
// line names the columns.
func ReadLaw(data []byte) ([]Provision, []Problem) {
	var rows []Provision
	var found []Problem
	header := false
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !header {
			header = true
			continue
		}
		row, text := readProvision(line)
		row.Line = i + 1
		if text != "" {
			found = append(found, row.problem(text))
			continue
		}
		rows = append(rows, row)
	}
	return rows, found
}

func readProvision(line string) (Provision, string) {
	cells := strings.Split(line, "\t")
	if len(cells) != 5 {
		return Provision{}, fmt.Sprintf("has %d columns, not 5 (provision, asks, status, code, test)", len(cells))
	}
	row := Provision{Name: cells[0], Asks: cells[1], Status: Status(cells[2]), Code: list(cells[3]), Tests: list(cells[4])}
	if !slices.Contains([]Status{Yes, Partial, Planned, NotOurs}, row.Status) {
		return row, fmt.Sprintf("status %q is not one of yes, partial, planned, not-ours", row.Status)
	}
	if row.Asks == "" {
		return row, "does not say what the provision asks"
	}
	return row, ""
}

func list(cell string) []string {
	if cell == "" || cell == "-" {
		return nil
	}
	parts := strings.Split(cell, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (p Provision) problem(text string) Problem {
	return Problem{fmt.Sprintf("%s:%d", LawTable, p.Line), text}
}

// Citation is a provision of the Regulation cited in a comment of a Go file.
type Citation struct {
	Where string // file:line
	File  string
	Name  string // "3(3)"
}

var (
	lawMark   = regexp.MustCompile(`Law:(.*)`)
	otherLaw  = regexp.MustCompile(`\b(DSA|LED|GDPR|Directive|Regulation)\b`)
	provision = regexp.MustCompile(`Annex [IVX]+|\d+(?:\([0-9a-z]+\))*(?:-(?:\([0-9a-z]+\))+)?`)
)

// Citations collects what comments of the form "Law: TCO 3(3), 4(3)-(4)" cite.
// Tests that cite are counted too.
func Citations(t *Tree) []Citation {
	var all []Citation
	for _, p := range t.Packages {
		for _, f := range p.Files {
			if f.Path == "internal/arch/law.go" || f.Path == "internal/arch/law_test.go" {
				continue // the examples here cite nothing
			}
			for _, group := range f.AST.Comments {
				for _, c := range group.List {
					for _, name := range cited(c.Text) {
						all = append(all, Citation{Where: t.at(c), File: f.Path, Name: name})
					}
				}
			}
		}
	}
	return all
}

// cited lists the provisions of the Regulation in one comment.
func cited(comment string) []string {
	var names []string
	for _, m := range lawMark.FindAllStringSubmatch(comment, -1) {
		for _, piece := range strings.Split(m[1], "TCO ")[1:] {
			if at := otherLaw.FindStringIndex(piece); at != nil {
				piece = piece[:at[0]]
			}
			if at := strings.IndexAny(piece, ".;:"); at >= 0 {
				piece = piece[:at]
			}
			for _, p := range provision.FindAllString(piece, -1) {
				names = append(names, expand(p)...)
			}
		}
	}
	return names
}

// expand turns "4(3)-(4)" into its two ends; a longer range is written out by
// whoever cites it.
func expand(p string) []string {
	first, last, ranged := strings.Cut(p, "-")
	if !ranged {
		return []string{first}
	}
	at := strings.LastIndex(first, "(")
	if at < 0 {
		return []string{first}
	}
	return []string{first, first[:at] + last}
}

// Law compares table and code in both directions: what the code cites must have
// a row, and what a row names must exist and cite the provision back.
func Law(fsys fs.FS, t *Tree, rows []Provision) []Problem {
	var found []Problem
	citations := Citations(t)
	for _, c := range citations {
		if _, ok := rowOf(rows, c.Name); !ok {
			found = append(found, Problem{c.Where, fmt.Sprintf("cites TCO %s, which has no row in %s", c.Name, LawTable)})
		}
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[row.Name] {
			found = append(found, row.problem("TCO "+row.Name+" has two rows"))
		}
		seen[row.Name] = true
		found = append(found, row.check(fsys, t, rows, citations)...)
	}
	return found
}

func (p Provision) check(fsys fs.FS, t *Tree, rows []Provision, citations []Citation) []Problem {
	var found []Problem
	if (p.Status == Yes || p.Status == Partial) && len(p.Code) == 0 {
		found = append(found, p.problem("TCO "+p.Name+" is "+string(p.Status)+" but names no code"))
	}
	if p.Status == Yes && len(p.Tests) == 0 {
		found = append(found, p.problem("TCO "+p.Name+" is yes but names no test"))
	}
	for _, file := range p.Code {
		if _, err := fs.Stat(fsys, file); err != nil {
			found = append(found, p.problem(file+" does not exist"))
			continue
		}
		if strings.HasSuffix(file, ".go") && !p.citedIn(file, rows, citations) {
			found = append(found, p.problem(fmt.Sprintf("%s does not cite it (// Law: TCO %s)", file, p.Name)))
		}
	}
	for _, test := range p.Tests {
		if !t.hasTest(test) {
			found = append(found, p.problem("test "+test+" does not exist"))
		}
	}
	return found
}

func (p Provision) citedIn(file string, rows []Provision, citations []Citation) bool {
	for _, c := range citations {
		if row, ok := rowOf(rows, c.Name); ok && c.File == file && (row.Name == p.Name || strings.HasPrefix(p.Name, c.Name+"(")) {
			return true
		}
	}
	return false
}

// rowOf finds the row for a citation: its own; else that of the paragraph it is a
// point of, unless the table lists that paragraph's points; else, for a whole
// article, the first row of the article.
func rowOf(rows []Provision, name string) (Provision, bool) {
	for ancestor := name; ancestor != ""; {
		for _, r := range rows {
			if r.Name == ancestor && (ancestor == name || !divided(rows, ancestor)) {
				return r, true
			}
		}
		at := strings.LastIndex(ancestor, "(")
		if at < 0 {
			break
		}
		ancestor = ancestor[:at]
	}
	for _, r := range rows {
		if strings.HasPrefix(r.Name, name+"(") {
			return r, true
		}
	}
	return Provision{}, false
}

func divided(rows []Provision, name string) bool {
	for _, r := range rows {
		if strings.HasPrefix(r.Name, name+"(") {
			return true
		}
	}
	return false
}

// hasTest tells whether a test named as file:TestName is in the tree.
func (t *Tree) hasTest(name string) bool {
	file, fn, ok := strings.Cut(name, ":")
	if !ok {
		return false
	}
	for _, p := range t.Packages {
		for _, f := range p.Files {
			if f.Path == file && f.Test && declares(f, fn) {
				return true
			}
		}
	}
	return false
}

func declares(f *File, name string) bool {
	for _, d := range f.AST.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == name {
			return true
		}
	}
	return false
}
