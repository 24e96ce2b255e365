package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/fail"
)

// Tx is one change under way. It is valid only inside the function given to Act.
type Tx struct {
	ctx        context.Context
	s          *Store
	q          querier
	caller     access.Caller
	now        time.Time
	changed    string // name of a record table that was changed
	events     int
	refusal    bool
	accessOnly bool
}

// Now is the desk's clock, the same for the whole change.
func (tx *Tx) Now() time.Time { return tx.now }

// Caller is who asked for the change.
func (tx *Tx) Caller() access.Caller { return tx.caller }

// NewID makes an identifier at the desk's time.
func (tx *Tx) NewID() staydown.ID { return staydown.NewID(tx.now) }

// leaf is what is hashed into the log: the exact stored bytes. Personal data is there only as salted digests.
type leaf struct {
	V        int               `json:"v"`
	ID       staydown.ID       `json:"id"`
	Stream   staydown.Stream   `json:"stream"`
	At       string            `json:"at"`
	Owner    staydown.ID       `json:"owner"`
	Circle   staydown.ID       `json:"circle"`
	Actor    string            `json:"actor"` // salted digest of the person, or the system part in clear
	Act      staydown.Act      `json:"act"`
	Noun     string            `json:"noun"`
	Subject  staydown.ID       `json:"subject"`
	Data     map[string]any    `json:"data,omitempty"`
	Personal map[string]string `json:"personal,omitempty"`
}

// Event leaves an event in the log. The store fills in time, owner and actor where the event does not name them.
// Law: LED 25
func (tx *Tx) Event(e staydown.Event) error {
	if e.Stream == "" {
		e.Stream = staydown.Acts
	}
	if e.Stream == staydown.Access && tx.changed == "" {
		tx.accessOnly = true
	}
	if e.Actor == (staydown.Actor{}) {
		e.Actor = tx.caller.Actor
	}
	if e.Owner == "" {
		e.Owner = e.Actor.Authority
	}
	e.ID, e.At = tx.NewID(), tx.now
	tx.events++
	fail.Event()
	return tx.insertEvent(e)
}

func (tx *Tx) insertEvent(e staydown.Event) error {
	actor, salt, person := "system:"+e.Actor.System, "", ""
	if e.Actor.Person != "" {
		salt, person = newSalt(), string(e.Actor.Person)
		actor = audit.Digest(salt, person)
	}
	l := leaf{V: 1, ID: e.ID, Stream: e.Stream, At: e.At.Format("2006-01-02T15:04:05.000Z"), Owner: e.Owner, Circle: e.Circle,
		Actor: actor, Act: e.Act, Noun: e.Noun, Subject: e.Subject, Data: e.Data}
	personal := map[string][2]string{}
	for k, v := range e.Personal {
		s := newSalt()
		if l.Personal == nil {
			l.Personal = map[string]string{}
		}
		l.Personal[k] = audit.Digest(s, v)
		personal[k] = [2]string{s, v}
	}
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("writing event %s %s: %w", e.Act, e.Noun, err)
	}
	_, err = tx.q.exec(tx.ctx, `INSERT INTO events (id, stream, at, owner, circle, act, noun, subject, actor, actor_salt, leaf)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(e.ID), string(e.Stream), millis(e.At), string(e.Owner), string(e.Circle), string(e.Act), e.Noun,
		string(e.Subject), person, salt, b)
	if err != nil {
		return fmt.Errorf("logging %s %s: %w", e.Act, e.Noun, err)
	}
	for k, sv := range personal {
		if _, err := tx.q.exec(tx.ctx, `INSERT INTO event_fields (event, name, salt, value) VALUES (?, ?, ?, ?)`,
			string(e.ID), k, sv[0], clean(sv[1])); err != nil {
			return fmt.Errorf("logging %s %s: %w", e.Act, e.Noun, err)
		}
	}
	return nil
}

func newSalt() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// touch notes that a record was changed, so that an event is owed.
func (tx *Tx) touch(name string, work bool) {
	if !work {
		tx.changed = name
	}
}

func add[T any](tx *Tx, t *table[T], rec T) error {
	args, err := t.args(&rec, true)
	if err != nil {
		return err
	}
	if _, err := tx.q.exec(tx.ctx, t.insert, args...); err != nil {
		return fmt.Errorf("adding to %s: %w", t.name, err)
	}
	tx.touch(t.name, t.work)
	return nil
}

func put[T any](tx *Tx, t *table[T], id staydown.ID, rec T) error {
	args, err := t.args(&rec, false)
	if err != nil {
		return err
	}
	res, err := tx.q.exec(tx.ctx, t.update, append(args, string(id))...)
	if err != nil {
		return fmt.Errorf("changing %s %s: %w", t.name, id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("changing %s %s: %d rows (%w)", t.name, id, n, errors.Join(err))
	}
	tx.touch(t.name, t.work)
	return nil
}

// list reads all rows of a table that a clause ("WHERE ... ORDER BY ... LIMIT ...") selects.
func list[T any](ctx context.Context, q querier, t *table[T], clause string, args ...any) ([]T, error) {
	rows, err := q.query(ctx, t.sel+clause, args...)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", t.name, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		rec, err := t.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", t.name, err)
		}
		out = append(out, rec)
	}
	return out, rows.Err()
}

// one reads the only row that a clause selects, or gives NotFound.
func one[T any](ctx context.Context, q querier, t *table[T], clause string, args ...any) (T, error) {
	recs, err := briefly(ctx, q, t, clause+" LIMIT 1", args...)
	if err != nil {
		var zero T
		return zero, err
	}
	if len(recs) == 0 {
		var zero T
		return zero, staydown.Errorf(staydown.NotFound, t.name+".not_found", "nothing here by that name")
	}
	return recs[0], nil
}

func get[T any](ctx context.Context, q querier, t *table[T], id staydown.ID) (T, error) {
	return one(ctx, q, t, "WHERE id = ?", string(id))
}

// count reads one whole number.
func count(ctx context.Context, q querier, query string, args ...any) (int, error) {
	rows, err := q.query(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("counting: %w", err)
	}
	defer rows.Close()
	var n int64
	if rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, fmt.Errorf("counting: %w", err)
		}
	}
	return int(n), rows.Err()
}

// ids turns identifiers into arguments.
func ids(list []staydown.ID) []any {
	out := make([]any, len(list))
	for i, id := range list {
		out[i] = string(id)
	}
	return out
}
