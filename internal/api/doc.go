// Package api is the desk for programs: JSON over HTTP under /api/v1, described by
// an OpenAPI document that the same code gives out (/api/v1/openapi.json).
//
// A program shows a bearer token: one of a person, narrowed by its scopes
// (internal/signin), or, at the doors for providers, the key of a provider's
// system. Each route does three things: it reads what was asked, lets the desk of
// a capability decide, and puts the answer into words of its own. The names on the
// wire are written here, not taken from the inner nouns, so that inner names may
// change and what must not leave never does.
//
// Every error has one shape:
//
//	{"error":{"kind":"refused","code":"letter.same_officer","text":"...","where":"..."}}
//
// with the status of its kind. What is not meant for users is logged and shown as a
// reference number.
package api
