package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
	"sync"
)

//go:embed css/*.css js/*.js font/*.woff2 vendor/*.js mark.svg
var files embed.FS

// Prefix is the path under which the desk, the door and the public pages serve the set.
const Prefix = "/assets/"

// Names of the files a page links to; see [Path].
const (
	Style  = "desk.css" // every file of css/, joined
	Script = "desk.js"  // every file of js/, joined
	HTMX   = "htmx.js"  // htmx 2.0.10, 0BSD; kept at 2.x because forms must work without it anyway
	Mark   = "mark.svg" // the site's icon: what they say is an outline, what we saw is filled
)

// file is one servable file: its bytes, the same bytes compressed where that helps, and its media type.
type file struct {
	body, packed []byte
	kind         string
}

// set is the built collection: served name to file, and plain name to served name.
type set struct {
	byServed map[string]file
	served   map[string]string
}

// built is made once per process; the files are part of the binary, so an error in them is found by any test.
var built = sync.OnceValue(func() *set {
	s, err := build(files)
	if err != nil {
		panic(fmt.Sprintf("assets: building the embedded set: %v", err))
	}
	return s
})

// Path gives the address of a file of the set ("desk.css" -> "/assets/desk.3f9c2a7d10be.css").
// It panics on an unknown name: the names are constants in templates, and a test renders them all.
func Path(name string) string {
	served, ok := built().served[name]
	if !ok {
		panic("assets: no file named " + name)
	}
	return Prefix + served
}

// build reads the source files and gives each its digest name. Fonts come first, because the style sheet names them.
func build(source fs.FS) (*set, error) {
	s := &set{byServed: map[string]file{}, served: map[string]string{}}
	fonts, err := fs.Glob(source, "font/*.woff2")
	if err != nil {
		return nil, err
	}
	for _, name := range fonts {
		body, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, err
		}
		s.add(path.Base(name), body)
	}
	style, err := join(source, "css/*.css")
	if err != nil {
		return nil, err
	}
	style, err = s.rewriteURLs(style)
	if err != nil {
		return nil, err
	}
	s.add(Style, style)
	script, err := join(source, "js/*.js")
	if err != nil {
		return nil, err
	}
	s.add(Script, script)
	for name, at := range map[string]string{HTMX: "vendor/htmx-2.0.10.min.js", Mark: "mark.svg"} {
		body, err := fs.ReadFile(source, at)
		if err != nil {
			return nil, err
		}
		s.add(name, body)
	}
	return s, nil
}

// join puts the files of a pattern behind one another in the order of their names.
func join(source fs.FS, pattern string) ([]byte, error) {
	names, err := fs.Glob(source, pattern)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no file matches %s", pattern)
	}
	sort.Strings(names)
	var all bytes.Buffer
	for _, name := range names {
		body, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, err
		}
		all.Write(body)
		all.WriteByte('\n')
	}
	return all.Bytes(), nil
}

// cssURL matches url("name") in the style sheet; only files of the set may be named.
var cssURL = regexp.MustCompile(`url\("([^"]*)"\)`)

// rewriteURLs replaces each url("name") by the digest name beside which the style sheet is served.
func (s *set) rewriteURLs(style []byte) ([]byte, error) {
	var missing []string
	out := cssURL.ReplaceAllFunc(style, func(match []byte) []byte {
		name := string(cssURL.FindSubmatch(match)[1])
		served, ok := s.served[name]
		if !ok {
			missing = append(missing, name)
		}
		return []byte(`url("` + served + `")`)
	})
	if len(missing) > 0 {
		return nil, fmt.Errorf("the style sheet names files that are not in the set: %s", strings.Join(missing, ", "))
	}
	return out, nil
}

// kinds are the media types served; anything else in the set would be a mistake.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2",
}

// add files a body under its digest name. Twelve hex digits are enough to tell versions apart; nobody but us writes them.
func (s *set) add(name string, body []byte) {
	digest := sha256.Sum256(body)
	ext := path.Ext(name)
	served := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(digest[:6]) + ext
	f := file{body: body, kind: kinds[ext]}
	if ext != ".woff2" { // woff2 is compressed already
		f.packed = pack(body)
	}
	s.served[name], s.byServed[served] = served, f
}

// pack compresses a body once, when the set is built.
func pack(body []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is a constant of the package, so no error
	z.Write(body)                                           // a bytes.Buffer does not fail
	z.Close()
	return out.Bytes()
}
