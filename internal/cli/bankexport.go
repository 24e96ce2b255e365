package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/exchange/files"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/seal"
)

type bankExportCmd struct {
	keeper
	Name string `arg:"" help:"The bank."`
	As   string `help:"bank (ours, signed by the authority), tx (CSV of python-threatexchange) or hashes (CSV with labels)." enum:"bank,tx,hashes" default:"bank" placeholder:"FORMAT"`
	To   string `help:"The new file." name:"output" short:"o" required:"" type:"path" placeholder:"FILE"`
}

// Help says how it is used.
func (bankExportCmd) Help() string {
	return `What may match goes out: nothing that was withdrawn, rejected, put aside, disabled or is expired.
Texts are kept as signatures, which only a file of ours can hold. Turned pictures are left out: whoever looks up turns the picture asked for.

Example:
  staydown bank export EXERCISE_POSTERS -o posters.bank`
}

// Exported is what bank export says when it is through.
type Exported struct {
	File    string `json:"file"`
	Format  string `json:"format"`
	Rows    int    `json:"rows"`
	LeftOut int    `json:"left_out"` // signals that the format cannot hold
}

func (r *bankExportCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	a, c, err := r.keeps(ctx, g, out)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := c.May(access.KeepBanks); err != nil { // known content leaves the house
		return err
	}
	b, err := a.Desks.Banks.Named(ctx, c, r.Name)
	if err != nil {
		return err
	}
	unit, err := r.unit(ctx, a)
	if err != nil {
		return err
	}
	e := exporting{desk: a.Desks.Banks, caller: c, bank: b, now: a.Clock.Now(), as: r.As, draw: out.Progress("exported signals:"),
		done: Exported{File: r.To, Format: r.As}}
	// A unit that has sent no letter yet has no keys.
	if err := a.Keys.Establish(seal.Authority{ID: string(unit.ID), Name: unit.Name, Country: unit.Country, Email: unit.Email}, time.Now()); err != nil {
		return err
	}
	signer := signing{a.Keys, string(unit.ID)}
	if err := whole(r.To, func(f io.Writer) error { return e.write(ctx, f, unit.Name, signer) }); err != nil {
		return err
	}
	return out.Row(e.done, "exported %d signals of %s into %s; %d left out that the format cannot hold", e.done.Rows, b.Name, r.To, e.done.LeftOut)
}

// whole writes a new file that is there whole or not at all.
func whole(name string, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(name); err == nil {
		return staydown.Errorf(staydown.Refused, "bank.exists", "there is a file already; name a new one").At(name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".export-*")
	if err != nil {
		return staydown.Errorf(staydown.Usage, "bank.output", "the file cannot be made: %v", err).At(name)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return os.Rename(f.Name(), name)
}

// signing signs a bank file as an authority.
type signing struct {
	keys *seal.Ring
	unit string
}

// Sign implements files.Signer.
func (s signing) Sign(payload []byte) (string, error) { return s.keys.SignDetached(s.unit, payload) }

// exporting is one export under way.
type exporting struct {
	desk   *bank.Desk
	caller access.Caller
	bank   staydown.Bank
	now    time.Time
	as     string
	draw   func(done, of int64)
	done   Exported
	from   string // who hands it on
}

func (e *exporting) writer(to io.Writer, unit string, s files.Signer) (files.Writer, error) {
	e.from = unit
	switch e.as {
	case "tx":
		return files.NewTX(to)
	case "hashes":
		return files.NewHashes(to)
	}
	head := files.BankHead{Format: files.BankFormat, Bank: e.bank.Name, Threshold: e.bank.RadiusOf(staydown.SignalPDQ), Negative: e.bank.Negative, Source: unit, Created: e.now}
	for _, l := range labelsOf(e.bank.Labels) {
		head.Labels = append(head.Labels, l.String())
	}
	return files.NewBank(to, head, s)
}

func (e *exporting) write(ctx context.Context, to io.Writer, unit string, s files.Signer) error {
	w, err := e.writer(to, unit, s)
	if err != nil {
		return err
	}
	const page = 500
	for after := int64(0); ; {
		contents, err := e.desk.Contents(ctx, e.caller, e.bank.ID, bank.Filter{State: staydown.ContentActive, After: after, Limit: page})
		if err != nil {
			return err
		}
		if err := e.page(ctx, w, contents); err != nil {
			return err
		}
		e.draw(int64(e.done.Rows), 0)
		if len(contents) < page {
			return w.Close()
		}
		after = contents[len(contents)-1].Number
	}
}

func (e *exporting) page(ctx context.Context, w files.Writer, contents []staydown.BankContent) error {
	contents = slices.DeleteFunc(contents, func(c staydown.BankContent) bool {
		return c.Standing == staydown.StandingRejected || c.Disabled(e.now) || c.Expired(e.now)
	})
	ids := make([]staydown.ID, len(contents))
	for i, c := range contents {
		ids[i] = c.ID
	}
	signals, err := e.desk.Store.SignalsOf(ctx, ids)
	if err != nil {
		return err
	}
	opinions, err := e.desk.Store.OpinionsOf(ctx, ids)
	if err != nil {
		return err
	}
	of, said := map[staydown.ID][]staydown.BankSignal{}, map[staydown.ID][]staydown.BankOpinion{}
	for _, s := range signals {
		of[s.Content] = append(of[s.Content], s)
	}
	for _, o := range opinions {
		said[o.Content] = append(said[o.Content], o)
	}
	for _, c := range contents {
		for _, s := range of[c.ID] {
			if err := e.signal(w, c, s, said[c.ID], len(of[c.ID]) > 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *exporting) signal(w files.Writer, c staydown.BankContent, s staydown.BankSignal, said []staydown.BankOpinion, group bool) error {
	switch {
	case s.Turn != "":
		return nil
	case s.Kind == staydown.SignalText && e.as != "bank":
		e.done.LeftOut++
		return nil
	}
	row := files.Row{Signal: s.Kind, Value: s.Value, Quality: s.Quality, Frame: s.Frame, TimeCode: time.Duration(s.AtMS) * time.Millisecond,
		Labels: labelsOf(c.Labels), Opinion: files.Opinion(staydown.Aggregate(said)), Source: e.from, At: c.AddedAt}
	if group || s.Kind == staydown.SignalFrame {
		row.Content = string(c.ID)
	}
	for _, t := range tagsOf(c, said) {
		row.Labels = append(row.Labels, files.Label{Kind: files.Tag, Name: t})
	}
	if row.Check() != nil {
		e.done.LeftOut++
		return nil
	}
	e.done.Rows++
	return w.Write(row)
}

// tagsOf are the free tags of a content: of its sources, and of the file that had no opinion.
func tagsOf(c staydown.BankContent, said []staydown.BankOpinion) []string {
	var extra struct {
		Tags []string `json:"tags"`
	}
	_ = json.Unmarshal([]byte(c.Extra), &extra) // a keeper's own JSON may be anything
	tags := extra.Tags
	for _, o := range said {
		tags = append(tags, o.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func labelsOf(l staydown.Labels) []files.Label {
	var out []files.Label
	for _, part := range []struct {
		kind  string
		names []string
	}{{files.Entity, l.Entity}, {files.Kind, l.Kind}, {files.Behaviour, l.Behaviour}, {files.Incident, l.Incident}, {files.Ideology, l.Ideology}, {files.Language, l.Language}} {
		for _, n := range part.names {
			out = append(out, files.Label{Kind: part.kind, Name: n})
		}
	}
	return out
}
