package store

import (
	"context"

	"github.com/staydown/staydown"
)

var personTable = newTable[staydown.Person]("people")

// Person reads one person inside a change.
func (tx *Tx) Person(id staydown.ID) (staydown.Person, error) {
	return get(tx.ctx, tx.q, personTable, id)
}

// AddPerson keeps a new person.
func (tx *Tx) AddPerson(r staydown.Person) error { return add(tx, personTable, r) }

// PutPerson keeps a changed person.
func (tx *Tx) PutPerson(r staydown.Person) error { return put(tx, personTable, r.ID, r) }

// Person reads one person.
func (s *Store) Person(ctx context.Context, id staydown.ID) (staydown.Person, error) {
	return get(ctx, s.pool, personTable, id)
}
