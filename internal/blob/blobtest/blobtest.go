// Package blobtest is the suite that every kind of blob.Store passes.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/staydown/staydown/internal/blob"
)

// Run puts a kind of store to the test; fresh must give an empty one each time.
func Run(t *testing.T, fresh func(t *testing.T) blob.Store) {
	for name, test := range map[string]func(*testing.T, blob.Store){
		"put and open":  putAndOpen,
		"limit":         limit,
		"missing":       missing,
		"bad digest":    badDigest,
		"walk":          walk,
		"remove":        remove,
		"at once":       atOnce,
		"broken reader": brokenReader,
		"cancelled":     cancelled,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// content makes n bytes that depend on the seed.
func content(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 0))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func digestOf(b []byte) blob.Digest {
	sum := sha256.Sum256(b)
	return blob.Digest(hex.EncodeToString(sum[:]))
}

// sizes lie on both sides of every boundary that a store may have.
var sizes = []int{0, 1, 4096, 256<<10 - 1, 256 << 10, 256<<10 + 1, 1 << 20}

func putAndOpen(t *testing.T, s blob.Store) {
	for _, n := range sizes {
		b := content(uint64(n), n)
		for range 2 {
			ref, err := s.Put(t.Context(), bytes.NewReader(b), int64(n))
			if err != nil || ref != (blob.Ref{Digest: digestOf(b), Size: int64(n)}) {
				t.Fatalf("%d bytes: %v %v", n, ref, err)
			}
		}
		r, err := s.Open(t.Context(), digestOf(b))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes: other bytes came back (%v)", n, err)
		}
		if n > 10 {
			part := make([]byte, 5)
			if _, err := r.ReadAt(part, 5); err != nil || !bytes.Equal(part, b[5:10]) {
				t.Errorf("%d bytes: reading in the middle: %v", n, err)
			}
		}
		r.Close()
		if err := s.Verify(t.Context(), digestOf(b)); err != nil {
			t.Error(err)
		}
		if ref, err := s.Stat(t.Context(), digestOf(b)); err != nil || ref.Size != int64(n) {
			t.Errorf("stat: %v %v", ref, err)
		}
	}
}

func limit(t *testing.T, s blob.Store) {
	for _, n := range sizes[1:] {
		b := content(7, n)
		if _, err := s.Put(t.Context(), bytes.NewReader(b), int64(n-1)); !errors.Is(err, blob.ErrTooLarge) {
			t.Errorf("%d bytes where %d are allowed: %v", n, n-1, err)
		}
		if _, err := s.Stat(t.Context(), digestOf(b)); !errors.Is(err, blob.ErrMissing) {
			t.Errorf("%d bytes were kept: %v", n, err)
		}
	}
}

func missing(t *testing.T, s blob.Store) {
	d := digestOf([]byte("never kept"))
	_, openErr := s.Open(t.Context(), d)
	_, statErr := s.Stat(t.Context(), d)
	for name, err := range map[string]error{"open": openErr, "stat": statErr, "verify": s.Verify(t.Context(), d)} {
		if !errors.Is(err, blob.ErrMissing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func badDigest(t *testing.T, s blob.Store) {
	for _, d := range []blob.Digest{"", "../../etc/passwd", "AB", blob.Digest(bytes.Repeat([]byte("A"), 64)), blob.Digest(bytes.Repeat([]byte("/"), 64))} {
		if _, err := s.Open(t.Context(), d); err == nil || errors.Is(err, blob.ErrMissing) {
			t.Errorf("%q was taken for a digest: %v", d, err)
		}
		if err := s.Remove(t.Context(), d); err == nil {
			t.Errorf("%q was taken for a digest", d)
		}
	}
}

func walk(t *testing.T, s blob.Store) {
	var want []blob.Digest
	for i := range 40 {
		ref, err := s.Put(t.Context(), bytes.NewReader(content(uint64(i), 100+i)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, ref.Digest)
	}
	slices.Sort(want)
	var got []blob.Digest
	if err := s.Walk(t.Context(), func(r blob.Ref) error { got = append(got, r.Digest); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("visited %d in order, want %d", len(got), len(want))
	}
	stop := errors.New("stop")
	visited := 0
	err := s.Walk(t.Context(), func(blob.Ref) error { visited++; return stop })
	if !errors.Is(err, stop) || visited != 1 {
		t.Errorf("stopping: %d visited, %v", visited, err)
	}
}

func remove(t *testing.T, s blob.Store) {
	ref, err := s.Put(t.Context(), bytes.NewReader(content(3, 99)), 99)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Remove(t.Context(), ref.Digest); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Stat(t.Context(), ref.Digest); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("after removing: %v", err)
	}
}

func atOnce(t *testing.T, s blob.Store) {
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	for i := range 64 {
		wg.Go(func() {
			b := content(uint64(i%4), 300<<10)
			ref, err := s.Put(context.Background(), bytes.NewReader(b), 1<<20)
			if err == nil && ref.Digest != digestOf(b) {
				err = fmt.Errorf("wrong digest %s", ref.Digest)
			}
			errs <- errors.Join(err, s.Verify(context.Background(), digestOf(b)))
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func brokenReader(t *testing.T, s blob.Store) {
	broken := errors.New("broken")
	for _, n := range []int{10, 300 << 10} {
		r := io.MultiReader(bytes.NewReader(content(1, n)), iotest.ErrReader(broken))
		if _, err := s.Put(t.Context(), r, 1<<20); !errors.Is(err, broken) {
			t.Errorf("%d bytes, then an error: %v", n, err)
		}
	}
	if err := s.Walk(t.Context(), func(r blob.Ref) error { return fmt.Errorf("kept %s", r.Digest) }); err != nil {
		t.Error(err)
	}
}

func cancelled(t *testing.T, s blob.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, bytes.NewReader(content(1, 10)), 10); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
}
