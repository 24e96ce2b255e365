package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/staydown/staydown"
)

// folderSource writes files into a new folder.
func folderSource(t testing.TB, files map[string]string) Source {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	for name, content := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	src, err := PathSource(dir)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestFolder(t *testing.T) {
	src := folderSource(t, map[string]string{
		"video/clip.mp4":       "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
		"video/clip.mp4.url":   "[InternetShortcut]\r\nURL=https://relay.example/1\r\n",
		"pic.png":              "\x89PNG\r\n\x1a\n rest",
		"pic.info.json":        `{"webpage_url":"https://relay.example/2","title":"A picture","uploader":"Example account","upload_date":"20191121","url":"https://cdn.relay.example/x"}`,
		"plain.txt":            "words",
		"link.url":             "\xff\xfe[\x00I\x00]\x00\n\x00U\x00R\x00L\x00=\x00h\x00t\x00t\x00p\x00s\x00:\x00/\x00/\x00a\x00.\x00e\x00x\x00a\x00m\x00p\x00l\x00e\x00/\x00",
		"lost.url":             "[InternetShortcut]\nURL=\n",
		"bad.txt":              "words",
		"bad.txt.json":         "not json",
		"empty":                "",
		".DS_Store":            "x",
		"deep/er/..name":       "dots are no way out",
		"alone.json":           `{"a":1}`,
		"back\\slash\\..\\x.t": "x",
	})
	if err := os.Symlink("/etc/hostname", filepath.Join(src.Dir, "a-link")); err != nil {
		t.Skipf("no links on this file system: %v", err)
	}
	if err := os.Symlink("..", filepath.Join(src.Dir, "deep", "up")); err != nil {
		t.Fatal(err)
	}
	reader, err := Open(context.Background(), src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	g := drain(t, reader)
	type line struct{ Path, URL, From, Kind, Title string }
	var have []line
	for _, r := range g.rows {
		have = append(have, line{r.Path[len(src.Name)+1:], r.URL, r.From, r.Kind, r.Title})
	}
	want := []line{
		{"alone.json", "", FromFile, "file", "alone.json"},
		{`back\slash\..\x5Cx.t`, "", FromFile, "file", `back\slash\..\x5Cx.t`},
		{"bad.txt", "", FromFile, "file", "bad.txt"},
		{"deep/er/..name", "", FromFile, "file", "..name"},
		{"link.url", "https://a.example/", FromSidecar, "", "link"},
		{"pic.png", "https://relay.example/2", FromSidecar, "image", "A picture"},
		{"plain.txt", "", FromFile, "file", "plain.txt"},
		{"video/clip.mp4", "https://relay.example/1", FromSidecar, "video", "clip.mp4"},
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	var rejects []string
	for _, r := range g.rejects {
		rejects = append(rejects, r.Path[len(src.Name)+1:]+" "+string(r.Reason))
	}
	if d := cmp.Diff([]string{"a-link symlink", "deep/up symlink", "empty empty", "lost.url no_address"}, rejects); d != "" {
		t.Errorf("rejects (-want +got):\n%s", d)
	}
	for _, r := range g.rows {
		if r.File == nil {
			continue
		}
		f, err := r.File.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		f.Close()
		if sum := sha256.Sum256(b); err != nil || hex.EncodeToString(sum[:]) != r.File.SHA256 || r.Hashes[0] != r.File.SHA256 || r.File.Size != int64(len(b)) {
			t.Errorf("%s: %v, hash %s", r.Path, err, r.File.SHA256)
		}
	}
	if !g.said("intake.litter") {
		t.Error("files passed over are not said")
	}
	for _, r := range g.rows {
		if r.Title == "A picture" && (r.Author != "Example account" || r.Posted.IsZero()) {
			t.Errorf("the sidecar was not read: %+v", r)
		}
		if r.Title == "bad.txt" && (len(r.Notes) != 1 || r.Notes[0] != NoteSidecar) {
			t.Errorf("a bad sidecar is not noted: %+v", r)
		}
	}
}

func TestFolderLimits(t *testing.T) {
	files := map[string]string{"big": strings.Repeat("x", 101), "small": strings.Repeat("x", 100), "a/b/c/d": "deep", "many/1": "1", "many/2": "2", "many/3": "3", "many/4": "4", "many/5": "5"}
	g := readAll(t, folderSource(t, files), Options{Limits: Limits{FileBytes: 100, Names: 4, Depth: 3}})
	var have []string
	for _, r := range g.rejects {
		have = append(have, filepath.Base(r.Path)+" "+string(r.Reason))
	}
	if d := cmp.Diff([]string{"c too_deep", "big too_big", "many too_long"}, have); d != "" {
		t.Errorf("rejects (-want +got):\n%s", d)
	}
	if len(g.rows) != 1 || g.rows[0].Title != "small" {
		t.Errorf("rows %+v", g.rows)
	}
}

func TestFolderSpecialFiles(t *testing.T) {
	src := folderSource(t, map[string]string{"a": "x"})
	socket, err := net.Listen("unix", filepath.Join(src.Dir, "s"))
	if err != nil {
		t.Skipf("no sockets on this file system: %v", err)
	}
	defer socket.Close()
	g := readAll(t, src, Options{})
	if len(g.rows) != 1 || len(g.rejects) != 1 || g.rejects[0].Reason != Special {
		t.Errorf("rows %+v, rejects %+v", g.rows, g.rejects)
	}
	if _, err := PathSource(filepath.Join(src.Dir, "s")); staydown.CodeOf(err) != "intake.special" {
		t.Errorf("a socket as the source: %v", err)
	}
}

// A file exchanged between the look at it and its reading is not taken for the one that was looked at.
func TestFileExchanged(t *testing.T) {
	src := folderSource(t, map[string]string{"a": "one", "b": "two"})
	r, err := Open(context.Background(), src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(src.Dir, "a")
	if err := errors.Join(os.Rename(at, at+".old"), os.Symlink("b", at)); err != nil {
		t.Fatal(err)
	}
	if f, err := e.Row.File.Open(); err == nil {
		f.Close()
		t.Error("the exchanged file was opened")
	}
}

// Names that are no UTF-8 come out as text, and no two of them alike.
func TestPathText(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"plain", "قائمة", "a\xffb", `a\xFFb`, `a\x5CxFFb`, "a\\b", "\xff", `\xFF`} {
		text := pathText(name)
		if other, twice := seen[text]; twice {
			t.Errorf("%q and %q both become %q", name, other, text)
		}
		seen[text] = name
		if !utf8.ValidString(text) {
			t.Errorf("%q becomes %q", name, text)
		}
	}
}

func FuzzSidecar(f *testing.F) {
	seeds(f, "sidecar*")
	root, err := os.OpenRoot(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	defer root.Close()
	f.Fuzz(func(t *testing.T, b []byte) {
		shortcutTarget(b)
		v, _, err := parseLoose(b, 64)
		if m, ok := v.(map[string]any); ok && err == nil {
			row := Row{Path: "x", From: FromFile, File: &File{SHA256: "00"}}
			row.sidecarFacts(m, &Reader{})
			checkRow(t, row)
		}
	})
}
