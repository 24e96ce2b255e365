package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/site"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/match"
)

const (
	mostMaybe  = 50 // new items looked at when one was seen gone
	mostByMark = 20 // items seen gone that share a mark
)

// HandleWatch does the job "watch". Its subject is an item that was seen gone,
// or a new one that resembles such an item; both ways are looked at.
func (d *Desk) HandleWatch(ctx context.Context, j staydown.Job) error {
	system := access.System("watch")
	i, err := d.Store.Item(ctx, j.Subject)
	if staydown.KindOf(err) == staydown.NotFound {
		return d.Store.Finish(ctx, system, j, func(Tx) error { return nil })
	}
	if err != nil {
		return fmt.Errorf("watching item %s: %w", j.Subject, err)
	}
	suspects, err := d.suspects(ctx, i)
	if err != nil {
		return fmt.Errorf("watching item %s: %w", i.ID, err)
	}
	return d.Store.Finish(ctx, system, j, func(tx Tx) error {
		if err := endGeneration(tx, i.ID); err != nil {
			return err
		}
		for _, s := range suspects {
			if err := propose(tx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// suspects finds the likeliest origin of the item, if it is new, and, if it
// was seen gone, of every new item that may be it.
func (d *Desk) suspects(ctx context.Context, i staydown.Item) ([]suspect, error) {
	var out []suspect
	if s, ok, err := d.originOf(ctx, i); err != nil || ok {
		out = append(out, s)
		if err != nil {
			return nil, err
		}
	}
	if i.GoneAt.IsZero() {
		return out, nil
	}
	up, err := d.Store.LastUp(ctx, []staydown.ID{i.ID})
	if err != nil {
		return nil, err
	}
	maybe, err := d.Store.MayBe(ctx, i.ID, up[i.ID], i.GoneAt, mostMaybe)
	if err != nil {
		return nil, err
	}
	for _, id := range maybe {
		n, err := d.Store.Item(ctx, id)
		if err != nil {
			return nil, err
		}
		s, ok, err := d.originOf(ctx, n)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// originOf finds the likeliest thing seen gone that an item is.
func (d *Desk) originOf(ctx context.Context, i staydown.Item) (suspect, bool, error) {
	pairs, err := d.Store.GoneLookalikes(ctx, i.ID)
	if err != nil {
		return suspect{}, false, err
	}
	prints, err := d.Store.FingerprintsOf(ctx, []staydown.ID{i.ID})
	if err != nil {
		return suspect{}, false, err
	}
	if pairs, err = d.byMarks(ctx, i, prints, pairs); err != nil || len(pairs) == 0 {
		return suspect{}, false, err
	}
	ids := make([]staydown.ID, len(pairs))
	for k, p := range pairs {
		ids[k] = p.Other.ID
	}
	up, err := d.Store.LastUp(ctx, ids)
	if err != nil {
		return suspect{}, false, err
	}
	published, err := d.Store.PublishedAt(ctx, []staydown.ID{i.ID})
	if err != nil {
		return suspect{}, false, err
	}
	pages, err := d.pages(ctx, i, prints, pairs, up, published[i.ID])
	if err != nil {
		return suspect{}, false, err
	}
	var all []suspect
	for _, p := range pairs {
		s := suspect{new: i, old: p.Other, lastUp: up[p.Other.ID]}
		e := evidence{published: published[i.ID], distances: p.Distances, before: pages.of[p.Other.ID], now: pages.of[i.ID], common: pages.common}
		if s.weigh(e) {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return suspect{}, false, nil
	}
	likeliest(all)
	return all[0], true, nil
}

// byMarks adds things seen gone on other hosts that carry the same marks.
func (d *Desk) byMarks(ctx context.Context, i staydown.Item, prints []staydown.Fingerprint, pairs []Pair) ([]Pair, error) {
	marks := match.ProbeOf(prints).Marks
	if len(marks) == 0 {
		return pairs, nil
	}
	sharing, err := d.Store.SharingMarks(ctx, i.Circle, i.Host, marks, mostByMark)
	if err != nil {
		return nil, err
	}
	for _, o := range sharing {
		if !slices.ContainsFunc(pairs, func(p Pair) bool { return p.Other.ID == o.ID }) {
			pairs = append(pairs, Pair{Other: o})
		}
	}
	return pairs, nil
}

// pages are the signatures of the pages to be compared.
type pages struct {
	of     map[staydown.ID]*site.Signature
	common site.Commonness
}

// pages reads the signatures of an item and of those in pairs on other hosts.
// Pairs that cannot be a return by their times are spared.
func (d *Desk) pages(ctx context.Context, i staydown.Item, prints []staydown.Fingerprint, pairs []Pair, up map[staydown.ID]time.Time, published time.Time) (pages, error) {
	p := pages{of: map[staydown.ID]*site.Signature{}, common: func(string) int { return 0 }}
	var ids []staydown.ID
	for _, o := range pairs {
		if o.Other.Host != i.Host && match.PostedAfter(published, i.SeenAt, up[o.Other.ID], o.Other.GoneAt) {
			ids = append(ids, o.Other.ID)
		}
	}
	now := pageOf(prints)
	if len(ids) == 0 || now == nil {
		return p, nil
	}
	all, err := d.Store.FingerprintsOf(ctx, ids)
	if err != nil {
		return p, err
	}
	p.of[i.ID] = now
	of := map[staydown.ID][]staydown.Fingerprint{}
	for _, f := range all {
		of[f.Item] = append(of[f.Item], f)
	}
	for id, prints := range of {
		p.of[id] = pageOf(prints)
	}
	return p, d.commonness(ctx, i, now, &p)
}

// commonness counts how many other hosts carry what the page carries.
func (d *Desk) commonness(ctx context.Context, i staydown.Item, now *site.Signature, p *pages) error {
	values := slices.Clone(now.Identifiers)
	for _, m := range now.Media {
		values = append(values, m.SHA256.String())
	}
	hosts, err := d.Store.HostsWith(ctx, i.Circle, values)
	if err != nil {
		return err
	}
	p.common = func(feature string) int {
		if value, ok := cutPrefix(feature, "media:"); ok {
			feature = value
		}
		return max(0, hosts[feature]-2) // beside the two that are compared
	}
	return nil
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return s, false
}

// pageOf puts the signature of a page together again; nil if there is none.
func pageOf(prints []staydown.Fingerprint) *site.Signature {
	var sig *site.Signature
	var words text.Signature
	for _, f := range prints {
		switch f.Kind {
		case fingerprint.Site:
			var s site.Signature
			if json.Unmarshal([]byte(f.Value), &s) == nil && s.Version == site.Version {
				sig = &s
			}
		case fingerprint.Text:
			words, _ = text.Parse(f.Value)
		}
	}
	if sig != nil {
		sig.Text = words
	}
	return sig
}

// propose keeps a suspicion as a candidate return, unless one as likely is
// there or a person has settled what the item is.
func propose(tx Tx, s suspect) error {
	i, err := tx.Item(s.new.ID)
	if err != nil {
		return err
	}
	have, err := tx.ReturnsFrom(i.ID)
	if err != nil {
		return err
	}
	for _, r := range have {
		if r.State == staydown.ReturnConfirmed || r.Of == s.old.ID || r.State == staydown.ReturnCandidate && r.Score >= s.score {
			return nil
		}
	}
	r := staydown.Return{ID: tx.NewID(), Item: i.ID, Of: s.old.ID, Owner: i.Owner, Circle: i.Circle, State: staydown.ReturnCandidate,
		Kind: s.kind, Score: s.score, Signals: s.signals, FoundAt: tx.Now()}
	if err := tx.AddReturn(r); err != nil {
		return err
	}
	match.Raise(&i, "maybe_back", 3)
	if err := tx.SetReturn(i); err != nil {
		return err
	}
	return tx.Event(staydown.Event{Act: "propose", Noun: "return", Subject: r.ID, Owner: i.Owner, Circle: i.Circle,
		Data: map[string]any{"item": r.Item, "of": r.Of, "kind": r.Kind, "score": r.Score, "signals": r.Signals}})
}

// endGeneration notes when a generation of a lineage was seen gone.
func endGeneration(tx Tx, item staydown.ID) error {
	i, err := tx.Item(item)
	if err != nil || i.Lineage == "" || i.GoneAt.IsZero() {
		return err
	}
	all, err := tx.GenerationsOf(i.Lineage)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.Item != item || !g.ToAt.IsZero() {
			continue
		}
		g.ToAt = i.GoneAt
		if err := tx.PutGeneration(g); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "end", Noun: "generation", Subject: g.ID, Owner: g.Owner, Circle: g.Circle,
			Data: map[string]any{"lineage": g.Lineage, "n": g.N, "item": item}})
	}
	return nil
}
