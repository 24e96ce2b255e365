// Package fingerprint turns what was captured into what it can be recognised
// by. Its handler does the job "fingerprint", which a capture leaves: it reads
// the exhibits of an item and keeps, for each medium in it, the SHA-256 and for
// pictures the PDQ hashes, and for the page the signature of its text, of the
// site, and the identifiers its makers carry along. Then it leaves the job
// "match".
//
// The fingerprints themselves are made below, in packages that do no input and
// output: exact, pdq, text, site. Everything kept here can be made again from
// the exhibits.
package fingerprint
