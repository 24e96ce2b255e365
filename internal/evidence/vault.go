package evidence

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/staydown/staydown/internal/blob"
)

// Kept is what is known of bytes once they are in the vault.
type Kept struct {
	SHA256    string // 64 lower-case hexadecimal digits; the name of the bytes
	MD5       string // 32 lower-case hexadecimal digits; for partners' lists only
	Bytes     int64
	MediaType string // sniffed, without parameters
}

// The reasons for which the vault gives or takes nothing; errors wrap them.
var (
	ErrMissing  = blob.ErrMissing  // no such bytes
	ErrTooLarge = blob.ErrTooLarge // more bytes came than the caller allowed
	ErrDamaged  = blob.ErrDamaged  // the bytes are no longer what they were
)

// Vault keeps exhibits in a blob store.
type Vault struct {
	blobs blob.Store
}

// Open makes a vault of a blob store.
func Open(blobs blob.Store) *Vault { return &Vault{blobs: blobs} }

// Keep takes in what r gives, at most limit bytes, and says what it is. Once it
// returns, the bytes are kept for good; keeping the same bytes again changes
// nothing. It fails with ErrTooLarge, and keeps nothing, when more comes.
func (v *Vault) Keep(ctx context.Context, r io.Reader, limit int64) (Kept, error) {
	w := &witness{r: r, md5: md5.New()}
	ref, err := v.blobs.Put(ctx, w, limit)
	if err != nil {
		return Kept{}, fmt.Errorf("keeping an exhibit: %w", err)
	}
	return Kept{
		SHA256:    string(ref.Digest),
		MD5:       hex.EncodeToString(w.md5.Sum(nil)),
		Bytes:     ref.Size,
		MediaType: Sniff(w.head),
	}, nil
}

// Read opens the bytes of an exhibit. It fails with ErrMissing when the
// vault has none.
func (v *Vault) Read(ctx context.Context, sha256 string) (blob.Reader, error) {
	d, err := blob.ParseDigest(sha256)
	if err != nil {
		return nil, fmt.Errorf("reading an exhibit: %w", err)
	}
	return v.blobs.Open(ctx, d)
}

// Erase removes the bytes of an exhibit for good. The caller has made sure that
// no other exhibit has the same bytes and that no hold forbids it.
func (v *Vault) Erase(ctx context.Context, sha256 string) error {
	d, err := blob.ParseDigest(sha256)
	if err != nil {
		return fmt.Errorf("erasing an exhibit: %w", err)
	}
	return v.blobs.Remove(ctx, d)
}

// witness looks at bytes as they pass: their beginning, for the media type, and
// their MD5.
type witness struct {
	r    io.Reader
	md5  hash.Hash
	head []byte
}

// sniffBytes is how much of a beginning Sniff looks at.
const sniffBytes = 1024

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if room := sniffBytes - len(w.head); room > 0 {
		w.head = append(w.head, p[:min(n, room)]...)
	}
	w.md5.Write(p[:n])
	return n, err
}
