// Package hma answers programs that were written for Meta's
// Hasher-Matcher-Actioner: the same addresses (/h, /m, /c, /status), the same
// field names with their oddities, the same status codes, the texts that clients
// look for. Behind it stand our banks, so what HMA gets wrong is not wrong here:
// withdrawals count at once, disputed signals are no matches, a content is reached
// through its own bank only, an address to be fetched goes through the guarded
// dialer. docs/guide/hma.md tells operators how to point a client at it and lists
// the differences.
//
// Nobody asks unknown: a person's token as bearer or as the first part of the path
// (/hma/{key}/m/lookup), for clients that cannot send a header, or an address that
// the operator trusts. The key is taken out of the request before anything else
// sees it, so that it reaches no log.
//
// Written against the behaviour of HMA 1.1.7, and tested with the exchanges that
// its Ruby client recorded.
package hma
