package store

import (
	"context"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/audit"
)

// Audit is the store as the log's keeper needs it.
func (s *Store) Audit() audit.Store { return auditStore{s} }

type auditStore struct{ *Store }

// LogEntries reads the log in its order with what lies beside each leaf.
func (a auditStore) LogEntries(ctx context.Context, from int64, limit int) ([]audit.Entry, error) {
	all, err := a.Entries(ctx, from, limit)
	if err != nil {
		return nil, err
	}
	fields, err := a.fieldsBetween(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make([]audit.Entry, len(all))
	for i, e := range all {
		out[i] = entryOf(e)
		out[i].Fields = fields[e.ID]
	}
	return out, nil
}

// LogEntry reads one event.
func (a auditStore) LogEntry(ctx context.Context, id staydown.ID) (audit.Entry, error) {
	e, err := a.EntryOf(ctx, id)
	if err != nil {
		return audit.Entry{}, err
	}
	out := entryOf(e)
	out.Fields, err = a.Fields(ctx, id)
	return out, err
}

func entryOf(e Entry) audit.Entry {
	return audit.Entry{Seq: e.Seq, ID: e.ID, At: e.At, Actor: e.Actor, Salt: e.Salt, Leaf: e.Leaf, Act: e.Act, Noun: e.Noun}
}

func (a auditStore) fieldsBetween(ctx context.Context, all []Entry) (map[staydown.ID]map[string][2]string, error) {
	out := map[staydown.ID]map[string][2]string{}
	if len(all) == 0 {
		return out, nil
	}
	rows, err := a.pool.query(ctx, `SELECT f.event, f.name, f.salt, f.value FROM event_fields f JOIN events e ON e.id = f.event WHERE e.seq >= ? AND e.seq <= ?`,
		all[0].Seq, all[len(all)-1].Seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id staydown.ID
		var name, salt, value string
		if err := rows.Scan(&id, &name, &salt, &value); err != nil {
			return nil, err
		}
		if out[id] == nil {
			out[id] = map[string][2]string{}
		}
		out[id][name] = [2]string{salt, value}
	}
	return out, rows.Err()
}

// KeepCheckpoint keeps a signed checkpoint.
func (a auditStore) KeepCheckpoint(ctx context.Context, c audit.Checkpoint) error {
	return a.AddCheckpoint(ctx, Checkpoint{Size: c.Size, Note: c.Note, At: c.At})
}

// NewestCheckpoints reads signed checkpoints, newest first.
func (a auditStore) NewestCheckpoints(ctx context.Context, limit int) ([]audit.Checkpoint, error) {
	all, err := a.Checkpoints(ctx, limit)
	if err != nil {
		return nil, err
	}
	out := make([]audit.Checkpoint, len(all))
	for i, c := range all {
		out[i] = audit.Checkpoint(c)
	}
	return out, nil
}
