// Package law holds instruments as data: each is a file that picks one of three machines (letter, notice, order) and sets
// its terms. A new machine is code; a new instrument is a file.
package law

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
)

//go:embed instruments/*.json
var files embed.FS

// Instrument is one legal way to ask a provider for something.
type Instrument struct {
	Name       string            `json:"name"`
	Machine    string            `json:"machine"` // letter | notice | order
	Binding    bool              `json:"binding"`
	Basis      string            `json:"basis"`      // provision relied on
	Issuers    []string          `json:"issuers"`    // kinds of authority that may use it
	Addressees []string          `json:"addressees"` // kinds of provider it may go to; empty: any
	Verdicts   []string          `json:"verdicts"`   // findings it may rest on
	RemindH    []int             `json:"remind_after_hours"`
	GiveUpH    int               `json:"give_up_after_hours"` // then an unanswered line is no_answer
	Statement  map[string]string `json:"statement"`           // first lines, per language; {authority} and {country} are filled in
}

var all = mustLoad()

func mustLoad() map[string]Instrument {
	m, err := load(files)
	if err != nil {
		panic("law: " + err.Error()) // embedded: a fault here is one of the build
	}
	return m
}

func load(fsys fs.FS) (map[string]Instrument, error) {
	names, err := fs.Glob(fsys, "instruments/*.json")
	if err != nil {
		return nil, err
	}
	out := map[string]Instrument{}
	for _, n := range names {
		b, err := fs.ReadFile(fsys, n)
		if err != nil {
			return nil, err
		}
		var i Instrument
		d := json.NewDecoder(strings.NewReader(string(b)))
		d.DisallowUnknownFields()
		if err := d.Decode(&i); err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		if err := i.valid(); err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		out[i.Name] = i
	}
	return out, nil
}

func (i Instrument) valid() error {
	switch {
	case i.Name == "":
		return fmt.Errorf("name is empty")
	case !slices.Contains([]string{"letter", "notice", "order"}, i.Machine):
		return fmt.Errorf("machine %q does not exist", i.Machine)
	case i.Statement["en"] == "":
		return fmt.Errorf("statement lacks English")
	case !slices.IsSorted(i.RemindH):
		return fmt.Errorf("reminders are out of order")
	case len(i.RemindH) > 0 && i.GiveUpH <= i.RemindH[len(i.RemindH)-1]:
		return fmt.Errorf("it gives up before the last reminder")
	case len(i.Issuers) == 0 || len(i.Verdicts) == 0:
		return fmt.Errorf("issuers or verdicts are empty")
	}
	return nil
}

// Get gives one instrument by name.
func Get(name string) (Instrument, error) {
	i, ok := all[name]
	if !ok {
		return Instrument{}, staydown.Errorf(staydown.Invalid, "law.instrument", "there is no instrument %q", name)
	}
	return i, nil
}

// Names lists the instruments.
func Names() []string {
	var out []string
	for n := range all {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// Text is the statement in a language, English where the language is missing, with who asks filled in.
func (i Instrument) Text(lang string, a staydown.Authority) string {
	t := i.Statement[lang]
	if t == "" {
		t = i.Statement["en"]
	}
	return strings.NewReplacer("{authority}", a.Name, "{country}", a.Country).Replace(t)
}

// MayIssue reports whether this kind of authority may use the instrument towards this kind of provider.
func (i Instrument) MayIssue(a staydown.Authority, p staydown.Provider) error {
	if !slices.Contains(i.Issuers, a.Kind) {
		return staydown.Errorf(staydown.Refused, "law.issuer", "a %s cannot issue a %s", a.Kind, i.Name)
	}
	if len(i.Addressees) > 0 && !slices.Contains(i.Addressees, p.Kind) {
		return staydown.Errorf(staydown.Refused, "law.addressee", "a %s cannot go to a %s", i.Name, p.Kind)
	}
	return nil
}

// Remind tells when the n-th reminder (0 for the first) is due after delivery; ok is false when there is none.
func (i Instrument) Remind(n int, delivered time.Time) (at time.Time, ok bool) {
	if n >= len(i.RemindH) {
		return time.Time{}, false
	}
	return delivered.Add(time.Duration(i.RemindH[n]) * time.Hour), true
}

// GiveUp tells when an unanswered line counts as not answered.
func (i Instrument) GiveUp(delivered time.Time) time.Time {
	return delivered.Add(time.Duration(i.GiveUpH) * time.Hour)
}
