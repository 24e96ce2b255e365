package assets

import (
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, path, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestEveryFileIsServedUnderItsDigestForAYear(t *testing.T) {
	for _, name := range []string{Style, Script, HTMX, Mark} {
		path := Path(name)
		if !regexp.MustCompile(`\.[0-9a-f]{12}\.`).MatchString(path) {
			t.Errorf("%s is served as %s, without a digest", name, path)
		}
		res := get(t, path, "")
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, cache %q", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
	for _, path := range []string{Prefix + Style, Prefix + "desk.000000000000.css", Prefix, Prefix + "../handler.go"} {
		if res := get(t, path, ""); res.StatusCode != http.StatusNotFound || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, cache %q; want 404 and no-store", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, Path(Style), nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST answered %d", w.Code)
	}
	w = httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodHead, Path(Style), nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD answered %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestCompressedBytesAreTheSameBytes(t *testing.T) {
	plain, _ := io.ReadAll(get(t, Path(Style), "").Body)
	for accept, packed := range map[string]bool{"gzip, br": true, "br": false, "gzip;q=0": false, "gzip; q=0.5": true} {
		res := get(t, Path(Style), accept)
		if (res.Header.Get("Content-Encoding") == "gzip") != packed {
			t.Errorf("Accept-Encoding %q: encoding %q", accept, res.Header.Get("Content-Encoding"))
			continue
		}
		if !packed {
			continue
		}
		z, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(z); string(got) != string(plain) {
			t.Errorf("Accept-Encoding %q: other bytes", accept)
		}
	}
}

func TestStyleNamesOnlyServedFonts(t *testing.T) {
	body, _ := io.ReadAll(get(t, Path(Style), "").Body)
	found := cssURL.FindAllStringSubmatch(string(body), -1)
	if len(found) < 10 {
		t.Fatalf("only %d fonts named", len(found))
	}
	for _, f := range found {
		if res := get(t, Prefix+f[1], ""); res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "font/woff2" {
			t.Errorf("font %s: status %d, type %s", f[1], res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

func TestBuildRefusesAMissingFont(t *testing.T) {
	_, err := build(fstest.MapFS{"css/a.css": {Data: []byte(`src: url("gone.woff2")`)}})
	if err == nil || !strings.Contains(err.Error(), "gone.woff2") {
		t.Errorf("got %v", err)
	}
}

// One sheet serves both directions, so it may name no side of the page, only its start and end.
func TestOnlyLogicalProperties(t *testing.T) {
	physical := regexp.MustCompile(`(?m)(?:^|[{;\s])((?:margin|padding|border)-(?:left|right|top|bottom)(?:-\w+)?|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|float|text-align)\s*:\s*([^;}]*)`)
	body, _ := io.ReadAll(get(t, Path(Style), "").Body)
	for _, m := range physical.FindAllStringSubmatch(string(body), -1) {
		if m[1] == "text-align" && !strings.Contains(m[2], "left") && !strings.Contains(m[2], "right") {
			continue
		}
		t.Errorf("physical property %s: %s", m[1], m[2])
	}
	if regexp.MustCompile(`font-style:\s*italic`).Match(body) {
		t.Error("italics: Arabic has none")
	}
}

// WCAG 2.2, 1.4.3: text needs 4.5 to 1. 1.4.11: the edges of controls need 3 to 1.
func TestContrastInBothThemes(t *testing.T) {
	body, _ := io.ReadAll(get(t, Path(Style), "").Body)
	themes := [2]map[string]string{{}, {}}
	for _, m := range regexp.MustCompile(`--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(string(body), -1) {
		themes[0][m[1]], themes[1][m[1]] = m[2], m[3]
	}
	inks := []string{"ink", "soft", "accent", "gone", "up", "unknown", "back", "warn", "held"}
	for i, theme := range themes {
		for _, ink := range inks {
			for _, ground := range []string{"bg", "panel", "accent-soft"} {
				if c := contrast(t, theme[ink], theme[ground]); c < 4.5 {
					t.Errorf("theme %d: %s on %s is %.2f", i, ink, ground, c)
				}
			}
		}
		if c := contrast(t, theme["edge"], theme["panel"]); c < 3 {
			t.Errorf("theme %d: edge on panel is %.2f", i, c)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 7 {
		t.Fatalf("no colour: %q", hex)
	}
	var c [3]float64
	for i := range c {
		v, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		f := float64(v) / 255
		if f <= 0.04045 {
			c[i] = f / 12.92
		} else {
			c[i] = math.Pow((f+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}

func TestPathPanicsOnAnUnknownName(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "no-such.css") {
			t.Errorf("recovered %q", got)
		}
	}()
	Path("no-such.css")
}
