package intake

import (
	"time"

	"github.com/staydown/staydown"
)

// Vanished is what the export of one chat showed to be missing, kept with its import: an export proves that something was
// there. It names no person.
type Vanished struct {
	ID     staydown.ID `db:"id" json:"id"`
	Import staydown.ID `db:"import" json:"import"`
	Owner  staydown.ID `db:"owner" json:"owner"`
	Circle staydown.ID `db:"circle" json:"circle"`
	Report ChatReport  `db:"report" json:"report"`
	At     time.Time   `db:"at" json:"at"`
}
