package rules

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/staydown/staydown"
)

//go:embed data/*.json
var data embed.FS

// Book is the rules of all platforms that have some. It is read-only.
type Book struct {
	files []*File
}

// File is what is known of one platform, as it is written down.
type File struct {
	Format   string   `json:"format"`
	Platform string   `json:"platform"`
	Version  string   `json:"version"`
	Source   string   `json:"source"` // where the facts come from
	Hosts    []string `json:"hosts"`  // exact, or "*.example.com"; "*" for software that many hosts run
	Kinds    []*Kind  `json:"kinds"`
}

// Kind is one kind of location on a platform: a post, a channel, a video.
type Kind struct {
	Name    string `json:"name"`
	Path    string `json:"path"`              // regular expression over path and query
	Probe   string `json:"probe,omitempty"`   // where to look instead; $1 stands for a group of Path, {host} for the host
	Missing string `json:"missing,omitempty"` // an address that surely does not exist; same placeholders
	Signals []Rule `json:"signals"`           // the first that fits decides

	// Examples are pages written for the test of these rules; each rule needs one.
	Examples []Example `json:"examples"`

	path *regexp.Regexp
}

// Rule is one signal and what it means.
type Rule struct {
	Verdict staydown.Sight `json:"verdict"`
	Signal  string         `json:"signal"`
	Cause   string         `json:"cause,omitempty"`
	Hidden  bool           `json:"hidden,omitempty"` // it may be shown in another country
	Source  string         `json:"source,omitempty"` // when it differs from the file's
	When    When           `json:"when"`
}

// bookFormat names the shape of the files.
const bookFormat = "staydown-rules/1"

// Standard returns the rules that are part of the program.
func Standard() *Book { return standard() }

// standard reads the embedded rules once. A test reads them too, so that a fault
// in them cannot reach a user.
var standard = sync.OnceValue(func() *Book {
	sub, err := fs.Sub(data, "data")
	if err != nil {
		panic(err)
	}
	b, err := ReadBook(sub)
	if err != nil {
		panic(err)
	}
	return b
})

// ReadBook reads every .json file of a folder.
func ReadBook(fsys fs.FS) (*Book, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("reading rules: %w", err)
	}
	b := &Book{}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading rules: %w", err)
		}
		f, err := ReadFile(raw)
		if err != nil {
			return nil, fmt.Errorf("reading rules %s: %w", name, err)
		}
		b.files = append(b.files, f)
	}
	return b, nil
}

// ReadFile reads the rules of one platform. What it does not understand is an
// error: a condition that is passed over makes a rule fit too often.
func ReadFile(raw []byte) (*File, error) {
	f := &File{}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		return nil, err
	}
	if f.Format != bookFormat || f.Platform == "" || f.Version == "" || f.Source == "" || len(f.Hosts) == 0 || len(f.Kinds) == 0 {
		return nil, errors.New("format, platform, version, source, hosts and kinds are needed")
	}
	for _, k := range f.Kinds {
		if err := k.prepare(); err != nil {
			return nil, fmt.Errorf("kind %q: %w", k.Name, err)
		}
	}
	return f, nil
}

// prepare checks a kind and makes it ready for use.
func (k *Kind) prepare() error {
	var err error
	if k.path, err = regexp.Compile(k.Path); err != nil {
		return err
	}
	if k.Name == "" || k.Path == "" || len(k.Signals) == 0 {
		return errors.New("name, path and signals are needed")
	}
	for _, address := range []string{k.Probe, k.Missing} {
		if address != "" && !strings.HasPrefix(address, "https://") {
			return fmt.Errorf("%q is not an https address", address)
		}
	}
	for i := range k.Signals {
		if err := k.Signals[i].prepare(); err != nil {
			return fmt.Errorf("signal %d: %w", i+1, err)
		}
	}
	return nil
}

// prepare checks a rule.
func (r *Rule) prepare() error {
	switch r.Verdict {
	case staydown.Up, staydown.Gone, staydown.Changed, staydown.Unseen:
	default:
		return fmt.Errorf("verdict %q is not known", r.Verdict)
	}
	if r.Signal == "" {
		return errors.New("a signal is needed")
	}
	if !slices.Contains([]string{"", CauseProvider, CauseAuthor, CauseTimer, CauseHost, CauseUnknown}, r.Cause) {
		return fmt.Errorf("cause %q is not known", r.Cause)
	}
	if r.Hidden && r.Verdict != staydown.Unseen {
		return errors.New("only what is unknown can be hidden")
	}
	return r.When.prepare()
}

// Match is the kind of location that an address is, with the groups of its path.
type Match struct {
	File   *File
	Kind   *Kind
	host   string
	groups []string
}

// Find tells which rules hold for an address; false when only the general ones
// do. A platform's own host comes before software that many run.
func (b *Book) Find(address string) (Match, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return Match{}, false
	}
	host := trim(u.Hostname())
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	for _, any := range []bool{false, true} {
		for _, f := range b.files {
			if slices.Contains(f.Hosts, "*") != any || !any && !f.serves(host) {
				continue
			}
			for _, k := range f.Kinds {
				if g := k.path.FindStringSubmatch(path); g != nil {
					return Match{File: f, Kind: k, host: u.Hostname(), groups: g}, true
				}
			}
		}
	}
	return Match{}, false
}

// serves tells whether a host belongs to the platform.
func (f *File) serves(host string) bool {
	for _, h := range f.Hosts {
		if tail, ok := strings.CutPrefix(h, "*."); ok && (host == tail || strings.HasSuffix(host, "."+tail)) || h == host {
			return true
		}
	}
	return false
}

// Probe is where to look for the match; the address itself when the platform has
// no better place.
func (m Match) Probe() string { return m.fill(m.Kind.Probe) }

// Missing is an address of the same kind that surely does not exist; "" when
// none is known.
func (m Match) Missing() string { return m.fill(m.Kind.Missing) }

// Name names the rules, with their version.
func (m Match) Name() string { return m.File.Platform + "/" + m.Kind.Name + "@" + m.File.Version }

// fill puts the groups of a match into an address. Groups come from a hostile
// address: they are escaped, so that they stay within their place.
func (m Match) fill(address string) string {
	if address == "" {
		return ""
	}
	for i := len(m.groups) - 1; i > 0; i-- {
		group, err := url.PathUnescape(m.groups[i])
		if err != nil {
			group = m.groups[i]
		}
		address = strings.ReplaceAll(address, fmt.Sprintf("$%d", i), url.QueryEscape(group))
	}
	return strings.ReplaceAll(address, "{host}", m.host)
}

// BookOf makes a book of files that were read one by one.
func BookOf(files ...*File) *Book { return &Book{files: files} }
