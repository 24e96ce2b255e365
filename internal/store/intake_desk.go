package store

import (
	"context"
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/intake"
)

// Intake is the store as the desk of leads needs it.
func (s *Store) Intake() intake.Store { return newDesk(s, func(tx *Tx) intake.Tx { return tx }) }

var vanishedTable = newTable[intake.Vanished]("vanished")

// maybe turns "nothing here" into no row.
func maybe[T any](rec T, err error) (T, bool, error) {
	if staydown.KindOf(err) == staydown.NotFound {
		var zero T
		return zero, false, nil
	}
	return rec, err == nil, err
}

// ItemAt finds what stands at a location of a circle.
func (tx *Tx) ItemAt(circle staydown.ID, location string) (staydown.Item, bool, error) {
	return maybe(one(tx.ctx, tx.q, itemTable, "WHERE circle = ? AND location = ?", string(circle), location))
}

// LeadAt finds the lead that one place of an import gave.
func (tx *Tx) LeadAt(imported staydown.ID, place string) (staydown.Lead, bool, error) {
	return maybe(one(tx.ctx, tx.q, leadTable, "WHERE import = ? AND place = ?", string(imported), place))
}

// SameLead finds a lead of the same unit that says the same: of the same item, or of the same unusable address.
func (tx *Tx) SameLead(l staydown.Lead) (staydown.Lead, bool, error) {
	const said = ` AND url = ? AND source = ? AND reference = ? AND author = ? AND note = ? AND kind = ? AND language = ? AND posted_at = ?
		AND reliability = ? AND credibility = ? AND handling = ?`
	args := []any{l.URL, l.Source, l.Reference, l.Author, clean(l.Note), l.Kind, l.Language, millis(l.PostedAt), l.Reliability, l.Credibility, l.Handling}
	if l.Item == "" {
		return maybe(one(tx.ctx, tx.q, leadTable, "WHERE owner = ? AND circle = ? AND state = 'rejected'"+said, append([]any{string(l.Owner), string(l.Circle)}, args...)...))
	}
	return maybe(one(tx.ctx, tx.q, leadTable, "WHERE item = ? AND owner = ? AND state = 'taken'"+said, append([]any{string(l.Item), string(l.Owner)}, args...)...))
}

// LedBy tells whether a unit has handed in a lead to an item.
func (tx *Tx) LedBy(item, owner staydown.ID) (bool, error) {
	n, err := count(tx.ctx, tx.q, `SELECT count(*) FROM leads WHERE item = ? AND owner = ?`, string(item), string(owner))
	return n > 0, err
}

// HasExhibit tells whether an item holds these bytes.
func (tx *Tx) HasExhibit(item staydown.ID, sha256 string) (bool, error) {
	n, err := count(tx.ctx, tx.q, `SELECT count(*) FROM exhibits WHERE item = ? AND sha256 = ?`, string(item), sha256)
	return n > 0, err
}

// ImportOf finds an import of a unit into a circle by its digest.
func (tx *Tx) ImportOf(owner, circle staydown.ID, digest string) (staydown.Import, bool, error) {
	return maybe(one(tx.ctx, tx.q, importTable, "WHERE owner = ? AND circle = ? AND digest = ?", string(owner), string(circle), digest))
}

// AddVanished keeps what an export showed to be missing.
func (tx *Tx) AddVanished(v intake.Vanished) error { return add(tx, vanishedTable, v) }

// LeadsAt finds, for places of an import, the leads they gave.
func (s *Store) LeadsAt(ctx context.Context, imported staydown.ID, places []string) (map[string]staydown.Lead, error) {
	args := []any{string(imported)}
	for _, p := range places {
		if p != "" {
			args = append(args, p)
		}
	}
	out := map[string]staydown.Lead{}
	if len(args) == 1 {
		return out, nil
	}
	leads, err := list(ctx, s.pool, leadTable, "WHERE import = ? AND place IN "+in(len(args)-1), args...)
	if err != nil {
		return nil, fmt.Errorf("reading the leads of import %s: %w", imported, err)
	}
	for _, l := range leads {
		out[l.Place] = l
	}
	return out, nil
}

// Imports lists the latest imports of some circles, the newest first.
func (s *Store) Imports(ctx context.Context, circles []staydown.ID, limit int) ([]staydown.Import, error) {
	if len(circles) == 0 {
		return nil, nil
	}
	return list(ctx, s.pool, importTable, "WHERE circle IN "+in(len(circles))+" ORDER BY started_at DESC, id DESC LIMIT ?", append(ids(circles), limit)...)
}

// VanishedOf reads what an import showed to be missing, chat by chat.
func (s *Store) VanishedOf(ctx context.Context, imported staydown.ID) ([]intake.Vanished, error) {
	return list(ctx, s.pool, vanishedTable, "WHERE import = ? ORDER BY id", string(imported))
}
