package intake

import (
	"errors"

	"github.com/staydown/staydown/internal/location"
)

// canonical gives the one spelling of an address. The error is a sentence for the person who mends the row; it does not
// repeat the address.
func canonical(raw string) (string, error) {
	loc, err := location.Canonical(raw)
	var refused *location.Error
	if errors.As(err, &refused) {
		return "", errors.New(refused.Detail)
	}
	return loc, err
}
