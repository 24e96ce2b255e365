package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// places lists the arguments of a message, over all its forms, in order.
func places(m message) []int {
	seen := map[int]bool{}
	collect := func(pieces []piece) {
		for _, p := range pieces {
			if p.arg >= 0 {
				seen[p.arg] = true
			}
		}
	}
	collect(m.plain)
	for _, pieces := range m.forms {
		collect(pieces)
	}
	var list []int
	for n := range seen {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

func TestLanguagesHaveTheSameMessages(t *testing.T) {
	en, ar := loaded()[English], loaded()[Arabic]
	for key, m := range en {
		other, ok := ar[key]
		if !ok {
			t.Errorf("Arabic lacks %s", key)
			continue
		}
		if diff := cmp.Diff(places(m), places(other)); diff != "" {
			t.Errorf("%s has other places in Arabic: %s", key, diff)
		}
		if (m.forms == nil) != (other.forms == nil) {
			t.Errorf("%s has plural forms in one language only", key)
		}
	}
	for key := range ar {
		if _, ok := en[key]; !ok {
			t.Errorf("English lacks %s", key)
		}
	}
}

// The same area is one file in each language, so that a translator finds the way.
func TestLanguagesHaveTheSameFiles(t *testing.T) {
	names := func(l Lang) []string {
		list, err := fs.Glob(catalogues, "catalogue/"+string(l)+"/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			list[i] = filepath.Base(list[i])
		}
		return list
	}
	if diff := cmp.Diff(names(English), names(Arabic)); diff != "" {
		t.Error(diff)
	}
}

// Arabic is written in Arabic letters and Western digits, without the marks of a machine.
func TestArabicIsArabic(t *testing.T) {
	eastern := regexp.MustCompile(`[٠-٩۰-۹%٪]`)
	latin := regexp.MustCompile(`[A-Za-z]{2,}`)
	allowed := regexp.MustCompile(`SHA-256|UTC|Annex|Staydown|URL|CSV|JSON|TOTP|SMTP|WARC|DSA|TCO|LED|PDQ|HTTP|staydown\S*|TLS|DNS|S/MIME|API`)
	names, err := fs.Glob(catalogues, "catalogue/ar/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		body, err := fs.ReadFile(catalogues, name)
		if err != nil {
			t.Fatal(err)
		}
		var entries map[string]json.RawMessage
		if err := json.Unmarshal(body, &entries); err != nil {
			t.Fatal(err)
		}
		for key, raw := range entries {
			text := allowed.ReplaceAllString(string(raw), "")
			text = regexp.MustCompile(`"(zero|one|two|few|many|other)":`).ReplaceAllString(text, "")
			if eastern.MatchString(text) || latin.MatchString(text) {
				t.Errorf("%s: %s: %s", filepath.Base(name), key, raw)
			}
		}
	}
}

// used finds the keys that pages name: in templates as {{t "key"}}, {{tn "key"}} and {{word "list" ...}}, in Go as any
// quoted text that is a key. A list may be named in Go by a quoted text that ends in a dot ("verdict.").
func used(t *testing.T) (keys, lists map[string][]string) {
	t.Helper()
	keys, lists = map[string][]string{}, map[string][]string{}
	inTemplate := regexp.MustCompile(`\b(?:t|tn|\$key :=) "([^"]+)"`)
	listInTemplate := regexp.MustCompile(`\bword "([a-z_.]+)"|\bprint "([a-z_.]+)\."`)
	quoted := regexp.MustCompile(`"([a-z][a-z0-9_.]*[a-z0-9_.])"`)
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == "catalogue") {
				return filepath.SkipDir
			}
			return err
		}
		switch {
		case strings.HasSuffix(path, ".html"):
			text := read(t, path)
			for _, m := range inTemplate.FindAllStringSubmatch(text, -1) {
				keys[m[1]] = append(keys[m[1]], path)
			}
			for _, m := range listInTemplate.FindAllStringSubmatch(text, -1) {
				lists[m[1]+m[2]] = append(lists[m[1]+m[2]], path)
			}
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			for _, m := range quoted.FindAllStringSubmatch(read(t, path), -1) {
				if list, ok := strings.CutSuffix(m[1], "."); ok {
					lists[list] = append(lists[list], path)
				} else {
					keys[m[1]] = append(keys[m[1]], path)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, lists
}

func read(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestNoKeyIsUnusedAndNoneIsMissing(t *testing.T) {
	keys, lists := used(t)
	en := loaded()[English]
	for key := range en {
		list := key[:strings.LastIndexByte(key, '.')]
		if keys[key] == nil && lists[list] == nil && lists[key[:strings.IndexByte(key, '.')]] == nil {
			t.Errorf("no page says %s", key)
		}
	}
	for key, where := range keys {
		for _, path := range where {
			if _, ok := en[key]; !ok && strings.HasSuffix(path, ".html") {
				t.Errorf("%s says %s, which is in no catalogue", path, key)
			}
		}
	}
	for list, where := range lists {
		some := false
		for key := range en {
			some = some || strings.HasPrefix(key, list+".")
		}
		for _, path := range where {
			if !some && strings.HasSuffix(path, ".html") {
				t.Errorf("%s says words of the list %s, which is in no catalogue", path, list)
			}
		}
	}
}

func TestPluralForms(t *testing.T) {
	source := fstest.MapFS{
		"catalogue/en/a.json": {Data: []byte(`{"x.units": {"one": "{0} unit", "other": "{0} units"}}`)},
		"catalogue/ar/a.json": {Data: []byte(`{"x.units": {"zero": "0", "one": "1", "two": "2", "few": "{0}f", "many": "{0}m", "other": "{0}o"}}`)},
	}
	for _, c := range []struct {
		lang Lang
		n    int
		want string
	}{
		{English, 0, "0 units"}, {English, 1, "1 unit"}, {English, 2, "2 units"}, {English, 21, "21 units"},
		{Arabic, 0, "0"}, {Arabic, 1, "1"}, {Arabic, 2, "2"}, {Arabic, 3, "3f"}, {Arabic, 10, "10f"}, {Arabic, 11, "11m"},
		{Arabic, 99, "99m"}, {Arabic, 100, "100o"}, {Arabic, 102, "102o"}, {Arabic, 103, "103f"}, {Arabic, 31_480, "31,480m"},
	} {
		messages, err := load(source, c.lang)
		if err != nil {
			t.Fatal(err)
		}
		p := &Printer{lang: c.lang, messages: messages}
		if got := p.N("x.units", c.n); got != c.want {
			t.Errorf("%s, %d: %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

func TestLoadRefusesFaults(t *testing.T) {
	for text, want := range map[string]string{
		`{"a.b": "{x}"}`:        "no place",
		`{"a.b": "{12}"}`:       "no place",
		`{"a.b": "open {0"}`:    "no place",
		`{"a.b": "shut 0}"}`:    "closing brace",
		`{"a.b": {"one": "x"}}`: `form "other" is missing`,
		`{"a.b": {"one": "x", "other": "y", "few": "z"}}`: `no form "few"`,
		`{"a.b": 7}`: "neither a text",
		`[]`:         "cannot unmarshal",
	} {
		_, err := load(fstest.MapFS{"catalogue/en/a.json": {Data: []byte(text)}}, English)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	_, err := load(fstest.MapFS{"catalogue/en/a.json": {Data: []byte(`{"a.b": "x"}`)}, "catalogue/en/b.json": {Data: []byte(`{"a.b": "y"}`)}}, English)
	if err == nil || !strings.Contains(err.Error(), "another file") {
		t.Errorf("a key in two files: %v", err)
	}
}

func TestArgumentsAreIsolatedWhereTheirDirectionCouldDisturb(t *testing.T) {
	messages, err := load(fstest.MapFS{"catalogue/en/a.json": {Data: []byte(`{"a.b": "on {0}, {1} of {2}"}`)}}, English)
	if err != nil {
		t.Fatal(err)
	}
	english := &Printer{lang: English, messages: messages}
	if got := english.T("a.b", "relay.example", 1234, 5000); got != "on relay.example, 1,234 of 5,000" {
		t.Errorf("got %q", got)
	}
	if got := english.T("a.b", "الشمال", 1, 2); got != "on \u2068الشمال\u2069, 1 of 2" {
		t.Errorf("got %q", got)
	}
	arabic := &Printer{lang: Arabic, messages: messages}
	if got := arabic.T("a.b", "relay.example", 1, 2); got != "on \u2068relay.example\u2069, 1 of 2" {
		t.Errorf("got %q", got)
	}
	if got := english.T("a.none"); got != "⟦a.none⟧" {
		t.Errorf("got %q", got)
	}
	if got := english.T("a.b", "x"); got != "on x, ⟦1⟧ of ⟦2⟧" {
		t.Errorf("got %q", got)
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]Lang{
		"": English, "ar": Arabic, "ar-MA,fr;q=0.8": Arabic, "fr,de": English, "de, ar;q=0.5, en;q=0.4": Arabic,
		"en-GB,en;q=0.9,ar;q=0.1": English, "!!!": English, strings.Repeat("ar,", 1000): English,
	} {
		if got := Negotiate(header); got != want {
			t.Errorf("Negotiate(%.40q) = %s, want %s", header, got, want)
		}
	}
	for code, want := range map[string]bool{"ar": true, "AR": true, "en": true, "fr": false, "": false} {
		if _, ok := Parse(code); ok != want {
			t.Errorf("Parse(%q) = %v", code, ok)
		}
	}
}

func TestNumbersAndTimes(t *testing.T) {
	at := time.Date(2019, 11, 23, 15, 20, 7, 0, time.FixedZone("CET", 3600))
	en, ar := For(English), For(Arabic)
	for _, c := range []struct{ got, want string }{
		{en.Number(31480), "31,480"}, {en.Number(0), "0"}, {en.Number(999), "999"}, {en.Number(-1000), "−1,000"}, {ar.Number(1234567), "1,234,567"},
		{en.Percent(0.836), "83.6%"}, {en.Percent(1), "100%"}, {en.Percent(0.99999), "99.9%"}, {en.Percent(0.00001), "0.1%"}, {en.Percent(0), "0%"},
		{en.Percent(zero() / zero()), "–"},
		{en.Bytes(512), "512 B"}, {en.Bytes(4_200_000), "4.2 MB"}, {en.Bytes(999_999), "1.0 MB"}, {en.Bytes(15_300), "15 kB"},
		{en.Day(at), "23 Nov 2019"}, {en.DayShort(at), "23 Nov"}, {en.When(at), "23 Nov 2019, 14:20 UTC"}, {en.Clock(at), "14:20 UTC"},
		{en.Exact(at), "2019-11-23 14:20:07 UTC"}, {en.When(time.Time{}), "–"}, {en.Day(time.Time{}), "–"}, {en.Clock(time.Time{}), "–"}, {en.Exact(time.Time{}), "–"},
		{ar.When(at), "23 نوفمبر 2019، 14:20 بالتوقيت العالمي"}, {ar.Exact(at), "2019-11-23 14:20:07 UTC"},
		{en.Duration(20 * time.Second), "20 s"}, {en.Duration(55 * time.Minute), "55 m"}, {en.Duration(3*time.Hour + 10*time.Minute), "3 h 10 m"},
		{en.Duration(31 * time.Hour), "31 h"}, {en.Duration(6 * 24 * time.Hour), "6 d"}, {en.Duration(50 * time.Hour), "2 d 2 h"}, {en.Duration(-time.Minute), "−1 m"},
		{ar.Duration(3*time.Hour + 10*time.Minute), "3 س 10 د"},
		{en.Countdown(8*time.Minute + 41*time.Second), "8:41"}, {en.Countdown(-time.Second), "0:00"}, {en.Countdown(time.Hour + 2*time.Minute + 5*time.Second), "1:02:05"},
		{en.Countdown(500 * time.Millisecond), "0:01"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if For("xx").Lang() != English {
		t.Error("an unknown language is not English")
	}
}

func zero() float64 { return 0 }

func ExamplePrinter_N() {
	fmt.Println(For(English).N("board.units", 1))
	fmt.Println(For(English).N("board.units", 12))
	// Output:
	// 1 unit
	// 12 units
}
