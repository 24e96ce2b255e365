// Package evidence is the vault: it keeps exhibits as they were when they came
// in, says what they are, tells later whether they still are, and makes
// harmless stills of pictures so that no browser ever opens an original.
//
// An exhibit's name is the SHA-256 of its bytes. MD5 is noted beside it only
// because partners' lists still speak it. The media type is read off the bytes:
// what a server or a file name claims is never believed.
//
// What happens to an exhibit (kept, viewed, taken out, erased) becomes an event
// of the log, which is its chain of custody.
package evidence
