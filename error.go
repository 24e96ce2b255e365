package staydown

import (
	"errors"
	"fmt"
)

// Kind is the family of an error that a user may see; each has one HTTP status and one exit code.
type Kind string

// The kinds of error.
const (
	Invalid  Kind = "invalid"   // the input cannot be used: 422, exit 3
	Usage    Kind = "usage"     // the command or request is put wrongly: 400, exit 2
	NotFound Kind = "not_found" // nothing there, or not yours to see: 404, exit 4
	Refused  Kind = "refused"   // permission, hold, conflict, state: 409 or 403, exit 5
	Failed   Kind = "failed"    // a check found a difference: 422, exit 6
	Internal Kind = "internal"  // ours: 500, exit 1, shown as a reference number
)

// Error is an error that a user may see. It wraps nothing, so that no inner detail leaks; clients and translators key on
// Code, which is stable, while Text may change.
type Error struct {
	Kind  Kind   `json:"kind"`
	Code  string `json:"code"`            // such as "letter.same_officer"
	Text  string `json:"text"`            // what, and what to do, in English
	Where string `json:"where,omitempty"` // file and line, or field
}

// Error gives the text with its place.
func (e *Error) Error() string {
	if e.Where != "" {
		return e.Where + ": " + e.Text
	}
	return e.Text
}

// Errorf makes an error that a user may see. It takes no %w on purpose.
func Errorf(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Text: fmt.Sprintf(format, args...)}
}

// At puts the place of the fault into a copy of the error.
func (e *Error) At(where string) *Error {
	c := *e
	c.Where = where
	return &c
}

// KindOf tells the family of any error; what is not an Error is internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf gives the stable code of an error, or "internal".
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "internal"
}

// ExitCode is what the command line returns for an error; nil gives 0.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	switch KindOf(err) {
	case Usage:
		return 2
	case Invalid:
		return 3
	case NotFound:
		return 4
	case Refused:
		return 5
	case Failed:
		return 6
	}
	return 1
}

// HTTPStatus is what the web surfaces answer for an error.
func HTTPStatus(err error) int {
	switch KindOf(err) {
	case Usage:
		return 400
	case Invalid, Failed:
		return 422
	case NotFound:
		return 404
	case Refused:
		return 409
	}
	return 500
}
