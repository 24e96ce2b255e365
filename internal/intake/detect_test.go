package intake

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/staydown/staydown"
)

func TestDetect(t *testing.T) {
	tests := []struct {
		name, text string
		want       Format
	}{
		{"list.txt", "https://relay.example/1\n", URLs},
		{"list", "# leads\nrelay.example/v/1\n", URLs},
		{"mail.txt", "nothing in sight yet\n", URLs},
		{"list", "https://relay.example/1, https://relay.example/2\nhttps://relay.example/3, https://relay.example/4\n", URLs},
		{"list", string(wideBytes("https://relay.example/1\n", 2, false, true)), URLs},
		{"t.csv", "a,b\n", CSV},
		{"t", "url;author\nhttps://relay.example/1;A\n", CSV},
		{"t.txt", "id,thread_id,author,body,timestamp\n1,1,a,b,c\n", CSV},
		{"t.txt", "1\thttps://relay.example/1\tA\n2\thttps://relay.example/2\tB\n", CSV},
		{"result (1).json", "{\n \"name\": \"Example room\",\n \"type\": \"public_channel\",\n \"id\": 7,\n \"messages\": [\n", Telegram},
		{"x", `{"about":"x","personal_information":{}}`, Telegram},
		{"wall", strings.Repeat("a", sniffBytes+1), URLs},
	}
	for _, tt := range tests {
		got, err := Detect(textSource(tt.name, tt.text))
		if err != nil || got != tt.want {
			t.Errorf("%s %.40q: %q, %v; want %q", tt.name, tt.text, got, err, tt.want)
		}
	}
	dir := t.TempDir()
	if got, _ := Detect(Source{Name: dir, Dir: dir}); got != Folder {
		t.Errorf("a folder is %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, exportName), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, _ := Detect(Source{Name: dir, Dir: dir}); got != Telegram {
		t.Errorf("a folder with %s is %q", exportName, got)
	}
}

// Twenty megabytes in a few kilobytes: an archive is refused by its first bytes, whatever format is asked for.
func zipBomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create("list.txt")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 20 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRefused(t *testing.T) {
	var packed bytes.Buffer
	g := gzip.NewWriter(&packed)
	g.Write([]byte("https://relay.example/1\n"))
	g.Close()
	tests := []struct {
		name, text, code, word string
	}{
		{"a.zip", string(zipBomb(t)), "intake.archive", "ZIP"},
		{"a.xlsx", "PK\x03\x04....[Content_Types].xml", "intake.archive", "CSV"},
		{"a.wacz", "PK\x03\x04....datapackage.json", "intake.archive", "WACZ"},
		{"a.gz", packed.String(), "intake.archive", "unpack"},
		{"a.tar", strings.Repeat("\x00", 257) + "ustar\x00", "intake.archive", "tar"},
		{"a.pdf", "%PDF-1.7\n", "intake.archive", "PDF"},
		{"a.warc", "WARC/1.1\r\n", "intake.archive", "web archive"},
		{"a.png", "\x89PNG\r\n\x1a\n", "intake.media", "folder"},
		{"messages.html", "<!DOCTYPE html>\n<title>Exported Data</title>", "intake.html", "JSON"},
		{"a.html", "<html><body>", "intake.html", "web page"},
		{"empty.txt", "", "intake.empty", "empty"},
		{"a.json", `{"type":"bundle","objects":[]}`, "intake.json_unknown", "JSON"},
		{"letter", "Dear colleague,\nnothing to report.\n", "intake.unknown", "no addresses"},
	}
	for _, tt := range tests {
		wantError(t, textSource(tt.name, tt.text), Options{}, staydown.Invalid, tt.code)
		_, err := Detect(textSource(tt.name, tt.text))
		if !strings.Contains(err.Error(), tt.word) {
			t.Errorf("%s: %q does not say %q", tt.name, err, tt.word)
		}
	}
	for _, f := range []Format{URLs, CSV, Telegram} {
		wantError(t, bytesSource("a.zip", zipBomb(t)), Options{Format: f}, staydown.Invalid, "intake.archive")
	}
	if _, err := PathSource(filepath.Join(t.TempDir(), "none")); staydown.KindOf(err) != staydown.NotFound {
		t.Errorf("no file: %v", err)
	}
}

func TestParseFormat(t *testing.T) {
	for name, want := range map[string]Format{"": "", "auto": "", "urls": URLs, "4cat": CSV, "TSV": CSV, "telegram": Telegram, "folder": Folder} {
		if got, err := ParseFormat(name); err != nil || got != want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if _, err := ParseFormat("docx"); staydown.KindOf(err) != staydown.Usage {
		t.Errorf("an unknown format: %v", err)
	}
}

func FuzzDetect(f *testing.F) {
	seeds(f, "*")
	f.Fuzz(func(t *testing.T, b []byte) {
		tryAll(t, bytesSource("fuzz", b), Options{Limits: Limits{Line: 4096, Record: 8192}})
	})
}
