package portal

import (
	"errors"
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/web/page"
)

// told turns the core's errors that a user may see into problems with words; the
// rest stays internal and is shown as a reference number.
func told(h page.HandlerFunc) page.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		var e *staydown.Error
		if !errors.As(err, &e) {
			return err
		}
		return page.Problem{Status: status(e), Code: e.Code, Text: e.Text, Where: e.Where}
	}
}

// status is what the door answers for an error; a limit says so, so that a client
// comes back later.
func status(e *staydown.Error) int {
	switch e.Code {
	case "door.day", "door.closed":
		return http.StatusTooManyRequests
	case "door.session", "door.spent":
		return http.StatusForbidden
	}
	return staydown.HTTPStatus(e)
}
