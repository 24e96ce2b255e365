package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/staydown/staydown"
)

// Proof shows that one event is in the log that a checkpoint signs. Anybody can verify it with the log's public key alone.
type Proof struct {
	Event      staydown.ID `json:"event"`
	Place      int64       `json:"place"`
	Leaf       []byte      `json:"leaf"` // base64 of the exact bytes
	Path       []string    `json:"path"` // sibling hashes, from the leaf up
	Checkpoint string      `json:"checkpoint"`
}

// Digest is the salted commitment that stands in a leaf for personal data: SHA-256 of salt, a zero byte and the value.
func Digest(salt, value string) string {
	h := sha256.New()
	h.Write([]byte(salt))
	h.Write([]byte{0})
	h.Write([]byte(value))
	return hex.EncodeToString(h.Sum(nil))
}

// Proof proves one event against the newest checkpoint.
func (l *Log) Proof(ctx context.Context, event staydown.ID) (Proof, error) {
	e, err := l.Store.LogEntry(ctx, event)
	if err != nil {
		return Proof{}, err
	}
	c, err := l.Checkpoint(ctx)
	if err != nil {
		return Proof{}, err
	}
	if e.Seq < 0 || e.Seq >= c.Size {
		return Proof{}, staydown.Errorf(staydown.NotFound, "audit.not_sequenced", "no checkpoint covers this event yet; try again in a second")
	}
	path, err := tlog.ProveRecord(c.Size, e.Seq, l.Store.TreeHashes(ctx))
	if err != nil {
		return Proof{}, fmt.Errorf("proving event %s: %w", event, err)
	}
	p := Proof{Event: event, Place: e.Seq, Leaf: e.Leaf, Checkpoint: c.Note}
	for _, h := range path {
		p.Path = append(p.Path, h.String())
	}
	return p, nil
}

// VerifyProof checks a proof with nothing but the log's public key.
func VerifyProof(p Proof, v note.Verifier) error {
	size, root, err := open(Checkpoint{Note: p.Checkpoint}, v)
	if err != nil {
		return staydown.Errorf(staydown.Failed, "audit.checkpoint", "the checkpoint does not verify: %v", err)
	}
	var path tlog.RecordProof
	for _, s := range p.Path {
		h, err := tlog.ParseHash(s)
		if err != nil {
			return staydown.Errorf(staydown.Failed, "audit.proof", "the proof holds something that is no hash")
		}
		path = append(path, h)
	}
	if err := tlog.CheckRecord(path, size, root, p.Place, tlog.RecordHash(p.Leaf)); err != nil {
		return staydown.Errorf(staydown.Failed, "audit.proof", "the event is not in the log that the checkpoint signs")
	}
	return nil
}
