// Package blob keeps bytes by what they are: the SHA-256 of their content is
// their name. The same picture handed in by twelve units is kept once, and a
// changed byte cannot hide, since the name no longer fits.
//
// Bytes are written once and never changed. A Store may be used by several
// processes at the same time; a Folder is one on a local disk.
package blob
