// Package exact makes the fingerprints that only identical bytes share:
// SHA-256, by which exhibits are stored and equal content is judged once, and
// MD5, because most lists of known content that partners exchange still use
// it. Both come from one reading of the bytes.
//
// MD5 is broken: two files can be made to share one. It therefore proposes a
// match and never settles one; where SHA-256 is known too, SHA-256 decides.
package exact

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// SHA256 is a SHA-256 digest (FIPS 180-4).
type SHA256 [sha256.Size]byte

// MD5 is an MD5 digest (RFC 1321).
type MD5 [md5.Size]byte

// String returns 64 lower-case hexadecimal digits.
func (d SHA256) String() string { return hex.EncodeToString(d[:]) }

// String returns 32 lower-case hexadecimal digits.
func (d MD5) String() string { return hex.EncodeToString(d[:]) }

// MarshalText writes the hexadecimal form, for JSON.
func (d SHA256) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseSHA256] reads.
func (d *SHA256) UnmarshalText(b []byte) error { return parse(d[:], string(b)) }

// MarshalText writes the hexadecimal form, for JSON.
func (d MD5) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseMD5] reads.
func (d *MD5) UnmarshalText(b []byte) error { return parse(d[:], string(b)) }

// ErrFormat is returned by the Parse functions for what is not a digest in
// hexadecimal digits.
var ErrFormat = errors.New("not a digest in hexadecimal digits")

// ParseSHA256 reads 64 hexadecimal digits in either case.
func ParseSHA256(s string) (d SHA256, err error) { return d, parse(d[:], s) }

// ParseMD5 reads 32 hexadecimal digits in either case.
func ParseMD5(s string) (d MD5, err error) { return d, parse(d[:], s) }

func parse(dst []byte, s string) error {
	if len(s) != hex.EncodedLen(len(dst)) {
		return fmt.Errorf("reading %d digits where %d belong: %w", len(s), hex.EncodedLen(len(dst)), ErrFormat)
	}
	if _, err := hex.Decode(dst, []byte(s)); err != nil {
		clear(dst)
		return fmt.Errorf("reading a digest: %w", ErrFormat)
	}
	return nil
}

// Digests are the exact fingerprints of one run of bytes.
type Digests struct {
	SHA256 SHA256
	MD5    MD5
	Bytes  int64 // how many bytes were read
}

// Read reads r to its end, once, and returns both digests. It holds 64 KiB,
// whatever the length. The errors are those of r.
func Read(r io.Reader) (Digests, error) {
	h := New()
	if _, err := io.CopyBuffer(h, onlyReader{r}, make([]byte, 64<<10)); err != nil {
		return Digests{}, fmt.Errorf("reading bytes to fingerprint: %w", err)
	}
	return h.Sum(), nil
}

// onlyReader keeps io.CopyBuffer from handing the work to r's WriteTo, which
// may pass all bytes at once.
type onlyReader struct{ io.Reader }

// Of returns both digests of b.
func Of(b []byte) Digests {
	return Digests{SHA256: sha256.Sum256(b), MD5: md5.Sum(b), Bytes: int64(len(b))}
}
