package location

import "fmt"

// Reason names why an address was refused, in a word that programs can key on.
type Reason string

const (
	ReasonEmpty    Reason = "empty"    // nothing but white space
	ReasonTooLong  Reason = "too_long" // more than MaxLength bytes
	ReasonScheme   Reason = "scheme"   // neither http nor https
	ReasonUserinfo Reason = "userinfo" // carries a name or password before the host
	ReasonHost     Reason = "host"     // no host, or one that no resolver would take
	ReasonPort     Reason = "port"     // not a number from 1 to 65535
	ReasonControl  Reason = "control"  // holds control characters
	ReasonEncoding Reason = "encoding" // is not valid UTF-8
)

// Error is a refused address. It does not repeat the address, which may hold
// a password or an invite.
type Error struct {
	Reason Reason
	Detail string // what was wrong, for a person; holds at most the host
}

func (e *Error) Error() string {
	return fmt.Sprintf("address refused (%s): %s", e.Reason, e.Detail)
}

func refuse(r Reason, format string, args ...any) error {
	return &Error{Reason: r, Detail: fmt.Sprintf(format, args...)}
}
