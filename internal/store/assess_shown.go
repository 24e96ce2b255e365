package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
)

// newestContent is the capture that officers look at: the newest that got what is there.
const newestContent = `WHERE item = ? AND outcome = 'content' ORDER BY started_at DESC, id DESC`

func (r deskReads) Shown(ctx context.Context, item staydown.ID, circles []staydown.ID) (assess.Shown, error) {
	var out assess.Shown
	c, err := one(ctx, r.s.pool, captureTable, newestContent, string(item))
	if err != nil && staydown.KindOf(err) != staydown.NotFound {
		return out, err
	}
	out.Title, out.Text, out.Reached, out.CapturedAt = c.Title, c.Text, c.Reached, c.EndedAt
	if out.Author, err = r.authorOf(ctx, item); err != nil {
		return out, err
	}
	if out.Exhibits, err = r.exhibitsShown(ctx, item, c.ID); err != nil {
		return out, err
	}
	out.Candidates, err = r.candidatesShown(ctx, item, circles)
	return out, err
}

func (r deskReads) CapturedText(ctx context.Context, item staydown.ID) (string, error) {
	c, err := one(ctx, r.s.pool, captureTable, newestContent, string(item))
	if err != nil && staydown.KindOf(err) != staydown.NotFound {
		return "", err
	}
	return strings.TrimSpace(c.Title + "\n" + c.Text), nil
}

func (r deskReads) authorOf(ctx context.Context, item staydown.ID) (string, error) {
	leads, err := briefly(ctx, r.s.pool, leadTable, `WHERE item = ? AND author <> '' ORDER BY received_at, id LIMIT 1`, string(item))
	if err != nil || len(leads) == 0 {
		return "", err
	}
	return leads[0].Author, nil
}

// exhibitsShown lists what the capture kept, and files that were handed in.
func (r deskReads) exhibitsShown(ctx context.Context, item, capture staydown.ID) ([]assess.Exhibit, error) {
	all, err := briefly(ctx, r.s.pool, exhibitTable, `WHERE item = ? AND (capture = ? OR kind = 'file') ORDER BY kept_at, id LIMIT 100`, string(item), string(capture))
	if err != nil {
		return nil, err
	}
	out := make([]assess.Exhibit, len(all))
	for k, e := range all {
		out[k] = assess.Exhibit{ID: e.ID, Kind: e.Kind, URL: e.URL, SHA256: e.SHA256, MediaType: e.MediaType, Bytes: e.Bytes}
	}
	return out, nil
}

func (r deskReads) candidatesShown(ctx context.Context, item staydown.ID, circles []staydown.ID) ([]assess.Candidate, error) {
	rows, err := r.s.pool.query(ctx, `SELECT c.other, o.location, c.kind, c.distance, o.verdict FROM candidates c JOIN items o ON o.id = c.other
		WHERE c.item = ? AND o.circle IN `+in(len(circles))+` ORDER BY c.distance, c.kind, o.location, c.other LIMIT 20`,
		append([]any{string(item)}, ids(circles)...)...)
	if err != nil {
		return nil, fmt.Errorf("reading candidates: %w", err)
	}
	defer rows.Close()
	var out []assess.Candidate
	for rows.Next() {
		var c assess.Candidate
		if err := rows.Scan(&c.Item, &c.Location, &c.Kind, &c.Distance, &c.Verdict); err != nil {
			return nil, fmt.Errorf("reading candidates: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
