// Package signin knows who is asking. It keeps people of authorities, their
// passwords (argon2id) and one-time codes (TOTP), the sessions of browsers, the
// tokens of programs, and the links that open a door once: to set the desk up, to
// choose a password, to step in as an officer of an exercise.
//
// It turns a cookie or a bearer token into an [access.Caller]; what that caller
// may do is decided elsewhere. Nothing here is guessable or readable at rest:
// cookies, tokens and links are 160 bits of chance or more, kept only as their
// SHA-256; passwords only as their argon2id hash; the secret of one-time codes is
// sealed with a key that lies outside the database.
//
// Sessions, codes and pauses follow the machine's clock, not the desk's: in an
// exercise the desk's clock stands still or jumps, a phone's does not.
package signin
