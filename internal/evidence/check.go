package evidence

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/staydown/staydown/internal/blob"
)

// Listed is one exhibit as the database knows it.
type Listed struct {
	SHA256 string
	Bytes  int64
}

// Fault is what is wrong with bytes of the vault.
type Fault string

const (
	Missing  Fault = "missing"    // listed, but not in the vault
	Damaged  Fault = "damaged"    // in the vault, but no longer what they were
	Resized  Fault = "wrong_size" // the listed size is not that of the bytes
	Unlisted Fault = "unlisted"   // in the vault, listed nowhere: a capture that was cut short, or a list that lost rows
)

// Finding is one fault found by Check.
type Finding struct {
	SHA256 string
	Fault  Fault
	Detail string
}

// Tally is what Check counted. Unlisted bytes are no proof of damage; all other
// faults are.
type Tally struct {
	Exhibits int   // different bytes that are listed
	Bytes    int64 // read and compared
	Missing  int
	Damaged  int
	Resized  int
	Unlisted int
}

// Sound tells whether everything listed is there and unchanged.
func (t Tally) Sound() bool { return t.Missing+t.Damaged+t.Resized == 0 }

// Check reads the whole vault, compares every byte with its digest, and holds
// it against a listing, which must come in order of SHA-256 (one digest may be
// listed several times). Each fault goes to found. Memory does not grow with
// the vault.
func (v *Vault) Check(ctx context.Context, listing iter.Seq2[Listed, error], found func(Finding)) (Tally, error) {
	next, stop := iter.Pull2(distinct(listing))
	defer stop()
	c := &checker{vault: v, next: next, found: found}
	if err := c.advance(); err != nil {
		return c.tally, err
	}
	err := v.blobs.Walk(ctx, func(r blob.Ref) error { return c.visit(ctx, r) })
	if err == nil {
		err = c.missingBefore("")
	}
	if err != nil {
		return c.tally, fmt.Errorf("checking the vault: %w", err)
	}
	return c.tally, nil
}

// checker walks two ordered lists side by side: what is listed and what lies
// there.
type checker struct {
	vault *Vault
	next  func() (Listed, error, bool)
	found func(Finding)
	at    Listed // the listed exhibit not yet met; none when SHA256 is empty
	tally Tally
}

// advance takes the next listed exhibit.
func (c *checker) advance() error {
	l, err, ok := c.next()
	if !ok {
		c.at = Listed{}
		return nil
	}
	if err != nil {
		return fmt.Errorf("listing exhibits: %w", err)
	}
	if l.SHA256 <= c.at.SHA256 {
		return fmt.Errorf("listing exhibits: %s comes after %s, which is not in order", l.SHA256, c.at.SHA256)
	}
	c.tally.Exhibits++
	c.at = l
	return nil
}

// missingBefore reports the listed exhibits that come before a digest (all, for
// "") as missing.
func (c *checker) missingBefore(digest string) error {
	for c.at.SHA256 != "" && (digest == "" || c.at.SHA256 < digest) {
		c.tally.Missing++
		c.found(Finding{c.at.SHA256, Missing, "listed, but the vault has no such bytes"})
		if err := c.advance(); err != nil {
			return err
		}
	}
	return nil
}

// visit judges bytes that lie in the vault.
func (c *checker) visit(ctx context.Context, r blob.Ref) error {
	digest := string(r.Digest)
	if err := c.missingBefore(digest); err != nil {
		return err
	}
	c.tally.Bytes += r.Size
	if err := c.vault.blobs.Verify(ctx, r.Digest); errors.Is(err, blob.ErrDamaged) {
		c.tally.Damaged++
		c.found(Finding{digest, Damaged, err.Error()})
	} else if err != nil && !errors.Is(err, blob.ErrMissing) {
		return err
	}
	if c.at.SHA256 != digest {
		c.tally.Unlisted++
		c.found(Finding{digest, Unlisted, fmt.Sprintf("%d bytes that no exhibit names", r.Size)})
		return nil
	}
	if c.at.Bytes != r.Size {
		c.tally.Resized++
		c.found(Finding{digest, Resized, fmt.Sprintf("%d bytes listed, %d there", c.at.Bytes, r.Size)})
	}
	return c.advance()
}

// distinct drops repetitions that stand side by side.
func distinct(all iter.Seq2[Listed, error]) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		last := ""
		for l, err := range all {
			if err == nil && l.SHA256 == last {
				continue
			}
			last = l.SHA256
			if !yield(l, err) {
				return
			}
		}
	}
}
