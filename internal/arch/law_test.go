package arch_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown/internal/arch"
)

const columns = "# a remark\nprovision\tasks\tstatus\tcode\ttest\n"

func TestReadLaw(t *testing.T) {
	rows, found := arch.ReadLaw([]byte(columns + "3(3)\tone hour\tyes\ta.go, b.go\tx_test.go:TestX\n9\tremedies\tnot-ours\t-\t-\n"))
	expect(t, found, "")
	want := []arch.Provision{
		{Line: 3, Name: "3(3)", Asks: "one hour", Status: arch.Yes, Code: []string{"a.go", "b.go"}, Tests: []string{"x_test.go:TestX"}},
		{Line: 4, Name: "9", Asks: "remedies", Status: arch.NotOurs},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	for name, c := range map[string]struct{ line, want string }{
		"columns": {"3(3)\tone hour\tyes\ta.go", "tco.tsv:3: has 4 columns"},
		"status":  {"3(3)\tone hour\tdone\ta.go\tx", `status "done"`},
		"asks":    {"3(3)\t\tplanned\t-\t-", "does not say"},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := arch.ReadLaw([]byte(columns + c.line))
			expect(t, found, c.want)
		})
	}
}

func TestCitations(t *testing.T) {
	_, read := tree(t, map[string]string{"order.go": `package staydown
// Law: TCO 3(3).
// Law: TCO 4(3)-(4), Annex I; LED 7(3)
var a int // Law: DSA 16, TCO 2(7)(a) and DSA 17
// Law: LED 25
// TCO 9 without the mark is talk, not a citation.
`})
	var names []string
	for _, c := range arch.Citations(read) {
		names = append(names, c.Where+" "+c.Name)
	}
	want := []string{"order.go:2 3(3)", "order.go:3 4(3)", "order.go:3 4(4)", "order.go:3 Annex I", "order.go:4 2(7)(a)"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestLaw(t *testing.T) {
	const cites = "package staydown\n// Law: TCO 3(3)\nvar hour int\n"
	files := map[string]string{
		"order.go":      cites,
		"other.go":      "package staydown\n",
		"order_test.go": "package staydown\nimport \"testing\"\nfunc TestHour(*testing.T) {}\n",
	}
	cases := []struct{ name, rows, want string }{
		{"both ways", "3(3)\tone hour\tyes\torder.go\torder_test.go:TestHour", ""},
		{"cited as a paragraph of an undivided article", "3\torders\tyes\torder.go\torder_test.go:TestHour", ""},
		{"no row", "4(1)\tcopy\tplanned\t-\t-", "order.go:2: cites TCO 3(3), which has no row"},
		{"the article is divided, the paragraph missing", "3\torders\tplanned\t-\t-\n3(1)\tpower\tplanned\t-\t-", "cites TCO 3(3)"},
		{"no such file", "3(3)\tone hour\tyes\tgone.go\torder_test.go:TestHour", "gone.go does not exist"},
		{"a file that does not cite it", "3(3)\tone hour\tyes\tother.go\torder_test.go:TestHour", "other.go does not cite it"},
		{"no such test", "3(3)\tone hour\tyes\torder.go\torder_test.go:TestDay", "test order_test.go:TestDay does not exist"},
		{"yes without a test", "3(3)\tone hour\tyes\torder.go\t-", "names no test"},
		{"partial without code", "3(3)\tone hour\tpartial\t-\t-", "names no code"},
		{"partial without a test", "3(3)\tone hour\tpartial\torder.go\t-", ""},
		{"two rows", "3(3)\tone hour\tplanned\t-\t-\n3(3)\tone hour\tplanned\t-\t-", "has two rows"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fsys, read := tree(t, files)
			rows, found := arch.ReadLaw([]byte(columns + c.rows))
			expect(t, found, "")
			expect(t, arch.Law(fsys, read, rows), c.want)
		})
	}
}
