package evidence

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/blob"
)

func newVault(t *testing.T) (*Vault, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := blob.OpenFolder(dir, blob.Unsynced())
	if err != nil {
		t.Fatal(err)
	}
	return Open(f), dir
}

func keep(t *testing.T, v *Vault, text string) Kept {
	t.Helper()
	k, err := v.Keep(t.Context(), strings.NewReader(text), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeepAndRead(t *testing.T) {
	v, _ := newVault(t)
	got := keep(t, v, "abc")
	want := Kept{ // the test vectors of FIPS 180-2 and RFC 1321
		SHA256:    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		MD5:       "900150983cd24fb0d6963f7d28e17f72",
		Bytes:     3,
		MediaType: "text/plain",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if again := keep(t, v, "abc"); again != got {
		t.Errorf("kept again as %+v", again)
	}
	r, err := v.Read(t.Context(), got.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, _ := io.ReadAll(r); string(b) != "abc" {
		t.Errorf("read %q", b)
	}
	text := strings.Repeat("x", 700_000)
	long := keep(t, v, text)
	if sum := md5.Sum([]byte(text)); long.Bytes != 700_000 || long.MD5 != hex.EncodeToString(sum[:]) {
		t.Errorf("%+v", long)
	}
}

func TestLimitAndErase(t *testing.T) {
	v, _ := newVault(t)
	if _, err := v.Keep(t.Context(), strings.NewReader("four"), 3); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too much: %v", err)
	}
	k := keep(t, v, "to be erased")
	if err := v.Erase(t.Context(), k.SHA256); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Read(t.Context(), k.SHA256); !errors.Is(err, ErrMissing) {
		t.Errorf("after erasing: %v", err)
	}
	if _, err := v.Read(t.Context(), "../etc/passwd"); err == nil {
		t.Error("a path was read")
	}
	if err := v.Erase(t.Context(), "../x"); err == nil {
		t.Error("a path was erased")
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]string{
		"":                             "text/plain",
		"<!DOCTYPE html><title>x":      "text/html",
		"\xff\xd8\xff\xe0":             "image/jpeg",
		"\x89PNG\r\n\x1a\n":            "image/png",
		"GIF89a":                       "image/gif",
		"RIFF\x10\x00\x00\x00WEBPVP8 ": "image/webp",
		"\x00\x00\x00\x20ftypavif":     "image/avif",
		"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41": "video/mp4",
		"\x1a\x45\xdf\xa3\x9fB\x86\x81":                            "video/webm",
		"%PDF-1.7":                                                 "application/pdf",
		"WARC/1.1\r\n":                                             "application/warc",
		"\x1f\x8b\x08":                                             "application/x-gzip",
		"<?xml version=\"1.0\"?><svg onload=x":                     "image/svg+xml",
		"<SVG xmlns=":                                              "image/svg+xml",
		"just words":                                               "text/plain",
		"\x00\x01\x02\x03":                                         "application/octet-stream",
	} {
		if got := Sniff([]byte(head)); got != want {
			t.Errorf("%q is %s, want %s", head, got, want)
		}
	}
}

func listing(list ...Listed) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		for _, l := range list {
			if !yield(l, nil) {
				return
			}
		}
	}
}

func inOrder(list []Listed) []Listed {
	slices.SortFunc(list, func(a, b Listed) int { return strings.Compare(a.SHA256, b.SHA256) })
	return list
}

func TestCheck(t *testing.T) {
	v, dir := newVault(t)
	var list []Listed
	kept := map[string]Kept{}
	for _, name := range []string{"sound", "damaged", "missing", "resized", "unlisted"} {
		k := keep(t, v, name)
		kept[name] = k
		if name != "unlisted" {
			list = append(list, Listed{k.SHA256, k.Bytes}, Listed{k.SHA256, k.Bytes})
		}
	}
	tally, err := v.Check(t.Context(), listing(inOrder(list)...), func(f Finding) {
		if f.Fault != Unlisted {
			t.Errorf("a sound vault: %+v", f)
		}
	})
	if err != nil || !tally.Sound() || tally != (Tally{Exhibits: 4, Bytes: 34, Unlisted: 1}) {
		t.Errorf("%+v %v", tally, err)
	}

	path := func(name string) string {
		d := kept[name].SHA256
		return filepath.Join(dir, d[:2], d[2:3], d)
	}
	if err := os.Remove(path("missing")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path("damaged"), []byte("DAMAGED"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if list[i].SHA256 == kept["resized"].SHA256 {
			list[i].Bytes++
		}
	}
	got := map[string]Fault{}
	tally, err = v.Check(t.Context(), listing(list...), func(f Finding) { got[f.SHA256] = f.Fault })
	if err != nil || tally.Sound() {
		t.Errorf("%+v %v", tally, err)
	}
	want := map[string]Fault{}
	for name, f := range map[string]Fault{"damaged": Damaged, "missing": Missing, "resized": Resized, "unlisted": Unlisted} {
		want[kept[name].SHA256] = f
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if tally.Missing != 1 || tally.Damaged != 1 || tally.Resized != 1 || tally.Unlisted != 1 {
		t.Errorf("%+v", tally)
	}
}

func TestCheckOfBadListing(t *testing.T) {
	v, _ := newVault(t)
	keep(t, v, "x")
	broken := errors.New("broken")
	failing := func(yield func(Listed, error) bool) { yield(Listed{}, broken) }
	if _, err := v.Check(t.Context(), failing, func(Finding) {}); !errors.Is(err, broken) {
		t.Errorf("a failing list: %v", err)
	}
	if _, err := v.Check(t.Context(), listing(Listed{"b", 1}, Listed{"a", 1}), func(Finding) {}); err == nil {
		t.Error("a list out of order was believed")
	}
	tally, err := v.Check(t.Context(), listing(), func(Finding) {})
	if err != nil || tally.Unlisted != 1 {
		t.Errorf("an empty list: %+v %v", tally, err)
	}
}

func TestCustody(t *testing.T) {
	e := staydown.Exhibit{ID: "E", Item: "I", Circle: "C", SHA256: "s", URL: "https://relay.example/c/x/1"}
	in := Collected(e, Origin{Tool: "staydown 1", Vantage: "direct", Why: "lead"})
	if in.Stream != staydown.Acts || in.Subject != "E" || in.Data["sha256"] != "s" || in.Personal["url"] == "" {
		t.Errorf("%+v", in)
	}
	if _, open := in.Data["url"]; open {
		t.Error("an address that can name a person cannot be erased")
	}
	if Viewed(e, Grey).Stream != staydown.Access || Exported(e, "court").Stream != staydown.Access || Erased(e, "due").Stream != staydown.Acts {
		t.Error("acts and access are mixed")
	}
}
