package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/exchange/files"
	"github.com/staydown/staydown/internal/match/bank"
)

// grouping makes contents of the rows of one step.
type grouping struct {
	source   string
	contents []bank.New
	at       map[string]int // by what the file calls them
}

// mostSignals is how many signals one content takes at once; a longer one is taken in parts.
const mostSignals = 4096

// add takes one row. The error says why no bank can hold it.
func (g *grouping) add(r files.Row) error {
	value, err := bank.Clean(r.Signal, r.Value)
	if err != nil {
		return err
	}
	s := bank.Signal{Kind: r.Signal, Value: value, Quality: r.Quality, Frame: r.Frame, AtMS: r.TimeCode.Milliseconds()}
	if i, known := g.at[r.Content]; known && r.Content != "" {
		g.contents[i].Signals = append(g.contents[i].Signals, s)
		return nil
	}
	n := bank.New{Key: r.Content, Signals: []bank.Signal{s}}
	tags := labelled(&n.Labels, r.Labels)
	n.Opinions = voices(r, g.source, tags)
	if len(n.Opinions) == 0 && len(tags) > 0 {
		extra, err := json.Marshal(map[string][]string{"tags": tags})
		if err != nil {
			return err
		}
		n.Extra = string(extra)
	}
	if g.at == nil {
		g.at = map[string]int{}
	}
	g.at[r.Content] = len(g.contents)
	g.contents = append(g.contents, n)
	return nil
}

// take gives the contents to a step and begins anew.
func (g *grouping) take(s step) step {
	for _, n := range g.contents {
		if strings.HasPrefix(n.Key, "line-") { // a place in the file names nothing in its next version
			n.Key = nameOf(n.Signals)
		}
		for all := n.Signals; len(all) > 0; {
			part := n
			part.Signals = all[:min(len(all), mostSignals)]
			all = all[len(part.Signals):]
			s.contents = append(s.contents, part)
		}
	}
	g.contents, g.at = nil, nil
	return s
}

// nameOf names a content by its signals.
func nameOf(all []bank.Signal) string {
	h := sha256.New()
	for _, s := range all {
		fmt.Fprintf(h, "%s %s %d\n", s.Kind, s.Value, s.Frame)
	}
	return "signals-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// labelled puts labels where they belong, and gives back the free tags.
func labelled(to *staydown.Labels, all []files.Label) (tags []string) {
	for _, l := range all {
		switch l.Kind {
		case files.Entity:
			to.Entity = append(to.Entity, l.Name)
		case files.Kind:
			to.Kind = append(to.Kind, l.Name)
		case files.Behaviour:
			to.Behaviour = append(to.Behaviour, l.Name)
		case files.Incident:
			to.Incident = append(to.Incident, l.Name)
		case files.Ideology:
			to.Ideology = append(to.Ideology, l.Name)
		case files.Language:
			to.Language = append(to.Language, l.Name)
		default:
			tags = append(tags, l.Name)
		}
	}
	return tags
}

// voices are what the file says the source thinks. A dispute is of at least two.
func voices(r files.Row, source string, tags []string) []bank.Voice {
	who := r.Source
	if who == "" {
		who = source
	}
	switch r.Opinion {
	case files.Positive:
		return []bank.Voice{{Source: who, Opinion: staydown.OpinionPositive, Tags: tags}}
	case files.Negative:
		return []bank.Voice{{Source: who, Opinion: staydown.OpinionNegative, Tags: tags}}
	case files.Seed:
		return []bank.Voice{{Source: who, Opinion: staydown.OpinionSeed, Tags: tags}}
	case files.Disputed:
		return []bank.Voice{{Source: who, Opinion: staydown.OpinionPositive, Tags: tags}, {Source: who + " (others)", Opinion: staydown.OpinionNegative}}
	}
	return nil
}

func (r *bankRun) listName() string {
	return filepath.Join(r.rejects, "bank-"+r.digest[:26]+".jsonl")
}

// openList opens the list of rejected rows, cut to what was kept: a step that did not happen may have left more.
func (r *bankRun) openList() (err error) {
	if err := os.MkdirAll(r.rejects, 0o700); err != nil {
		return fmt.Errorf("making a place for rejects: %w", err)
	}
	if r.listed, err = os.OpenFile(r.listName(), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return fmt.Errorf("opening the list of rejects: %w", err)
	}
	if err := r.listed.Truncate(r.stands.Listed); err != nil {
		return fmt.Errorf("opening the list of rejects: %w", err)
	}
	return nil
}

// closeList closes the list, and takes it away where nothing is in it.
func (r *bankRun) closeList() {
	r.listed.Close()
	if r.stands.Listed == 0 {
		os.Remove(r.listName())
	}
}

// RejectedRow is one line of the list of rejects.
type RejectedRow struct {
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// list writes the rejects of a step before it is kept, and tells how long the list is then.
func (r *bankRun) list(s step) (int64, error) {
	if len(s.bad) == 0 {
		return r.stands.Listed, nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, bad := range s.bad {
		if err := enc.Encode(RejectedRow{r.path, bad.Line, bad.Reason}); err != nil {
			return 0, err
		}
	}
	if _, err := r.listed.WriteAt(b.Bytes(), r.stands.Listed); err != nil {
		return 0, fmt.Errorf("writing rejects: %w", err)
	}
	if err := r.listed.Sync(); err != nil {
		return 0, fmt.Errorf("writing rejects: %w", err)
	}
	return r.stands.Listed + int64(b.Len()), nil
}
