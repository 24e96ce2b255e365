package blob

import (
	"context"
	"errors"
	"io"
)

// ErrMissing means that no bytes of this digest are kept.
var ErrMissing = errors.New("not in the store")

// ErrTooLarge means that more bytes came than the caller allowed; nothing was
// kept of them.
var ErrTooLarge = errors.New("more bytes than allowed")

// ErrDamaged means that kept bytes no longer have their digest.
var ErrDamaged = errors.New("bytes do not have their digest")

// Ref names kept bytes and says how many they are.
type Ref struct {
	Digest Digest
	Size   int64
}

// Reader reads kept bytes from any place.
type Reader interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
}

// Store keeps bytes by digest. Errors wrap ErrMissing, ErrTooLarge and
// ErrDamaged where those are the reason.
type Store interface {
	// Put keeps what r gives, at most limit bytes. When Put returns, the bytes
	// are kept for good; putting the same bytes again changes nothing.
	Put(ctx context.Context, r io.Reader, limit int64) (Ref, error)
	// Open reads kept bytes. They are not verified on the way.
	Open(ctx context.Context, d Digest) (Reader, error)
	// Stat tells the size of kept bytes.
	Stat(ctx context.Context, d Digest) (Ref, error)
	// Verify reads kept bytes and compares them with their digest.
	Verify(ctx context.Context, d Digest) error
	// Walk visits what is kept, in order of digest, until visit fails. What is
	// put or removed meanwhile may or may not be visited.
	Walk(ctx context.Context, visit func(Ref) error) error
	// Remove erases kept bytes; when there are none, nothing happens.
	Remove(ctx context.Context, d Digest) error
}
