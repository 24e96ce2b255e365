package desk

import (
	"context"
	"sync"

	"github.com/staydown/staydown/internal/evidence"
)

// thumbSide is the longest side of the still in a row of a queue, in pixels: enough to tell a poster from a clip. It is
// blurred and grey whatever the reader has chosen for a still that was opened.
const thumbSide = 96

// mostThumbs bounds the small stills that are kept in memory, some 3 KiB each.
const mostThumbs = 2000

// thumbs keeps the small stills that were drawn: a queue is looked at again and again, a browser is told to keep nothing of
// it, and each drawing decodes a hostile picture anew.
type thumbs struct {
	mu    sync.Mutex
	drawn map[string]evidence.Picture // by SHA-256 of the original
}

// of draws a small still, or gives the one that was drawn before.
func (t *thumbs) of(ctx context.Context, vault Vault, sha256 string) (evidence.Picture, error) {
	t.mu.Lock()
	p, ok := t.drawn[sha256]
	t.mu.Unlock()
	if ok {
		return p, nil
	}
	p, err := vault.Still(ctx, sha256, evidence.BlurredGrey, thumbSide)
	if err != nil {
		return p, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.drawn == nil || len(t.drawn) >= mostThumbs {
		t.drawn = map[string]evidence.Picture{}
	}
	t.drawn[sha256] = p
	return p, nil
}
