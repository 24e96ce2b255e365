package arch_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown/internal/arch"
)

// tree reads a made-up module from file names and sources.
func tree(t *testing.T, files map[string]string) (fstest.MapFS, *arch.Tree) {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module " + arch.Module)}}
	for name, src := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(src)}
	}
	read, err := arch.Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return fsys, read
}

// src is a Go file of a package that imports what is named; "~/x" is one of ours.
func src(pkg string, imports ...string) string {
	var b strings.Builder
	b.WriteString("// Package " + pkg + " is made up.\npackage " + pkg + "\n")
	for _, i := range imports {
		b.WriteString("import _ \"" + strings.Replace(i, "~", arch.Module, 1) + "\"\n")
	}
	return b.String()
}

func texts(found []arch.Problem) string {
	var lines []string
	for _, p := range found {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// expect wants no problem (""), or exactly one that contains want.
func expect(t *testing.T, found []arch.Problem, want string) {
	t.Helper()
	if want == "" {
		if len(found) > 0 {
			t.Errorf("found %s, want nothing", texts(found))
		}
		return
	}
	if len(found) != 1 || !strings.Contains(found[0].String(), want) {
		t.Errorf("found %q, want one problem with %q", texts(found), want)
	}
}

func TestImports(t *testing.T) {
	cases := []struct {
		name, file, src, want string
	}{
		{"capability on the root", "internal/intake/a.go", src("intake", "~", "fmt"), ""},
		{"capability on a foundation", "internal/intake/a.go", src("intake", "~/internal/access"), ""},
		{"a listed edge", "internal/capture/a.go", src("capture", "~/internal/evidence"), ""},
		{"no edge", "internal/intake/a.go", src("intake", "~/internal/assess"), "leave a job"},
		{"an edge runs one way", "internal/evidence/a.go", src("evidence", "~/internal/capture"), "leave a job"},
		{"within a room", "internal/web/desk/a.go", src("desk", "~/internal/web/page"), ""},
		{"a capability on a page", "internal/assess/a.go", src("assess", "~/internal/web"), "stands below"},
		{"two parts", "internal/api/a.go", src("api", "~/internal/web"), "stands below"},
		{"a page on the keeper", "internal/web/a.go", src("web", "~/internal/store"), "narrow Store"},
		{"the keeper on a capability", "internal/store/a.go", src("store", "~/internal/assess"), ""},
		{"a capability on the runner", "internal/assess/a.go", src("assess", "~/internal/jobs"), "only the assembly"},
		{"app on all", "internal/app/a.go", src("app", "~/internal/store", "~/internal/web", "~/internal/jobs"), ""},
		{"providers on a capability", "internal/exercise/practice/a.go", src("practice", "~/internal/location"), "nothing of ours but the root"},
		{"providers on the world", "internal/exercise/practice/a.go", src("practice", "~", "~/internal/exercise/world"), ""},
		{"exercise on app", "internal/exercise/a.go", src("exercise", "~/internal/app", "~/internal/exercise/practice"), ""},
		{"app on exercise", "internal/app/a.go", src("app", "~/internal/exercise"), "from outside"},
		{"the root on a module", "a.go", src("staydown", "golang.org/x/net/idna"), "standard library only"},
		{"the root on ours", "a.go", src("staydown", "~/internal/access"), "imports nothing of ours"},
		{"a foundation on a capability", "internal/access/a.go", src("access", "~/internal/assess"), "stands below"},
		{"a kit in a test", "internal/intake/a_test.go", src("intake", "~/internal/testkit", "testing"), ""},
		{"a kit outside of a test", "internal/intake/a.go", src("intake", "~/internal/testkit"), "exists for tests only"},
		{"a suite outside of a test", "internal/intake/a.go", src("intake", "~/internal/store/storetest"), "exists for tests only"},
		{"testing outside of a test", "internal/intake/a.go", src("intake", "testing"), "imports testing"},
		{"a module behind its door", "internal/dial/a.go", src("dial", "code.dny.dev/ssrf"), ""},
		{"a module past its door", "internal/capture/a.go", src("capture", "code.dny.dev/ssrf"), "one guard"},
		{"a vague name", "internal/web/util/a.go", src("util"), "says nothing"},
		{"no room", "internal/surprise/a.go", src("surprise"), "stands in no room"},
	}
	others := map[string]string{
		"internal/testkit/k.go":         src("testkit"),
		"internal/store/storetest/s.go": src("storetest", "testing", "~/internal/store"),
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{c.file: c.src}
			for name, other := range others {
				files[name] = other
			}
			_, read := tree(t, files)
			expect(t, arch.Imports(read), c.want)
		})
	}
}

func TestPurity(t *testing.T) {
	cases := []struct {
		name, file, src, want string
	}{
		{"fingerprint", "internal/fingerprint/pdq/a.go", src("pdq", "image", "math"), ""},
		{"file system", "internal/fingerprint/pdq/a.go", src("pdq", "os"), "may not reach os"},
		{"network", "internal/location/a.go", src("location", "net/http"), "may not reach net/http"},
		{"database in the root", "a.go", src("staydown", "database/sql"), "may not reach database/sql"},
		{"through another of ours", "internal/location/a.go", src("location", "~/internal/htmltext"), "os through internal/htmltext"},
		{"the handler above is not pure", "internal/fingerprint/a.go", src("fingerprint", "os"), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, read := tree(t, map[string]string{c.file: c.src, "internal/htmltext/h.go": src("htmltext", "os")})
			expect(t, arch.Purity(read), c.want)
		})
	}
}

func TestDials(t *testing.T) {
	const net, http = "package x\nimport \"net\"\nvar _ = ", "package x\nimport \"net/http\"\nvar _ = "
	cases := []struct {
		name, file, src, want string
	}{
		{"a dial function", "internal/verify/a.go", net + "net.Dial", "uses net.Dial"},
		{"under another name", "internal/verify/a.go", "package x\nimport n \"net\"\nvar _ n.Dialer", "uses net.Dialer"},
		{"the default client", "internal/verify/a.go", http + "http.DefaultClient", "uses net/http.DefaultClient"},
		{"a client without transport", "internal/verify/a.go", http + "http.Client{}", "without a Transport"},
		{"a client with one", "internal/verify/a.go", http + "http.Client{Transport: nil}", ""},
		{"a transport without dial", "internal/verify/a.go", http + "http.Transport{}", "without a DialContext"},
		{"a transport with dial", "internal/verify/a.go", http + "http.Transport{DialContext: nil}", ""},
		{"parsing an address", "internal/verify/a.go", net + "net.ParseIP", ""},
		{"the guard itself", "internal/dial/a.go", net + "net.Dial", ""},
		{"a test", "internal/verify/a_test.go", net + "net.Dial", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, read := tree(t, map[string]string{c.file: c.src})
			expect(t, arch.Dials(read), c.want)
		})
	}
}

func TestClock(t *testing.T) {
	const asks = "package x\nimport \"time\"\nfunc f() { _ = time.Now() }"
	cases := []struct{ name, file, want string }{
		{"the root", "a.go", "told the time"},
		{"a pure package", "internal/location/a.go", "told the time"},
		{"a part", "internal/web/a.go", ""},
		{"a test", "a_test.go", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, read := tree(t, map[string]string{c.file: asks})
			expect(t, arch.Clock(read), c.want)
		})
	}
}

func TestRegistries(t *testing.T) {
	_, read := tree(t, map[string]string{"internal/law/a.go": "package law\nfunc init() {}\ntype t int\nfunc (t) init() {}"})
	expect(t, arch.Registries(read), "internal/law/a.go:2: an init function")
}

func TestExplained(t *testing.T) {
	cases := []struct {
		name, src, want string
	}{
		{"no paragraph", "package law", "does not open"},
		{"a paragraph about something else", "// Some words.\npackage law", "does not open"},
		{"a function", src("law") + "func F() {}", "law/a.go:3: exported name F"},
		{"a type", src("law") + "type T int", "exported name T"},
		{"one of a group", src("law") + "const (\n\tA = 1 // one\n\tB = 2\n)", "exported name B"},
		{"a group with one comment", src("law") + "// Both.\nconst (\n\tA = 1\n\tB = 2\n)", ""},
		{"not exported", src("law") + "func f() {}\nvar v int", ""},
		{"explained", src("law") + "// F does.\nfunc F() {}\n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, read := tree(t, map[string]string{"internal/law/a.go": c.src})
			expect(t, arch.Explained(read), c.want)
		})
	}
}

func TestReadLeavesOut(t *testing.T) {
	_, read := tree(t, map[string]string{
		"a.go":                src("staydown"),
		"testdata/x/a.go":     "not go",
		"_old/a.go":           "not go",
		".hidden/a.go":        "not go",
		"bench/peer/go.mod":   "module peer",
		"bench/peer/main.go":  "not go",
		"internal/law/a.go":   src("law"),
		"internal/law/a.html": "not go",
	})
	var dirs []string
	for _, p := range read.Packages {
		dirs = append(dirs, p.Dir)
	}
	if diff := cmp.Diff([]string{"", "internal/law"}, dirs); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	cases := []struct{ name, file, src, want string }{
		{"a type", "internal/match/a.go", "package match\ntype FaceIndex struct{}", "does not search faces"},
		{"a field", "internal/referral/a.go", "package referral\ntype t struct{ autoSend bool }", "by itself"},
		{"a call", "internal/exchange/a.go", "package exchange\nfunc f() { writeBlockList() }", "blocking lists"},
		{"snake case", "internal/network/a.go", "package network\nconst person_search = 1", "search people"},
		{"innocent", "internal/match/a.go", "package match\ntype Interface struct{ blocked, sent bool }\nfunc NotifyPerson() {}\nvar surface, keyword, block int", ""},
		{"a test", "internal/match/a_test.go", "package match\nvar faceSearch int", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, read := tree(t, map[string]string{c.file: c.src})
			expect(t, arch.Refused(read), c.want)
		})
	}
}

func TestPapers(t *testing.T) {
	files := map[string]string{
		"letter.go":      src("staydown"),
		"letter_test.go": "package staydown\nfunc TestLetter() {}",
		"docs/other.md":  "other",
	}
	cases := []struct{ name, text, want string }{
		{"good links", "[a](other.md#part) [b](../letter.go) [c](#here) [d](https://example.org/x)", ""},
		{"good names", "`letter.go` and `letter_test.go:TestLetter`", ""},
		{"dead link", "first\n[a](gone.md)", "docs/a.md:2: links to gone.md"},
		{"dead file", "`order.go`", "names order.go"},
		{"dead test", "`letter_test.go:TestGone`", "names the test letter_test.go:TestGone"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files["docs/a.md"] = c.text
			fsys, read := tree(t, files)
			found, err := arch.Papers(fsys, read)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, found, c.want)
		})
	}
}
