package fingerprint

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/video"
	"github.com/staydown/staydown/internal/sandbox"
)

// The kinds of fingerprint, as in staydown.Fingerprint.Kind.
const (
	SHA256 = "sha256"     // of a medium, or of the text where there is none: 64 hexadecimal digits
	PDQ    = "pdq"        // of a picture or one frame: 64 hexadecimal digits
	Turned = "pdq_turned" // of the first frame laid down in all eight ways, in the order of pdq.Turn, separated by spaces
	Text   = "text"       // text.Signature of the main part of the page or message
	Site   = "site"       // site.Signature without its text, as JSON
	Mark   = "mark"       // an identifier of a site's makers, "kind:value"
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	Item(staydown.ID) (staydown.Item, error)
	// SetMedia keeps the item's MediaSHA256 and nothing else of it.
	SetMedia(staydown.Item) error
	// SetFingerprints makes these the fingerprints of an item, notes when its content says it appeared (zero: it does not say),
	// and tells the copies of the match index. It reports whether anything of the record changed.
	SetFingerprints(item staydown.ID, all []staydown.Fingerprint, published time.Time) (changed bool, err error)
	// NewestCapture names the newest capture of an item that got content; "" if none did.
	NewestCapture(item staydown.ID) (staydown.ID, error)
}

// Material is what is there of an item to make fingerprints of.
type Material struct {
	Item     staydown.Item
	Captures []staydown.Capture     // that got content, newest first, a few
	Exhibits []staydown.Exhibit     // of these captures and files handed in
	Known    []staydown.Fingerprint // made before
	PostedAt time.Time              // when it was posted, as a lead says; zero: none does
}

// Store is what this package needs of the store.
type Store interface {
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error
	Material(ctx context.Context, item staydown.ID) (Material, error)
}

// Desk makes fingerprints.
type Desk struct {
	Store Store
	// Open opens the bytes of an exhibit by its SHA-256.
	Open func(ctx context.Context, sha256 string) (io.ReadCloser, error)
	Log  *slog.Logger // nil: nothing is said of what could not be read

	// Box walls off the decoders of videos and documents; nil takes a box that
	// starts this program again. Where it cannot, or a decoder is not installed,
	// videos and PDFs are kept without these fingerprints, and the log says so.
	Box *sandbox.Box

	large    sync.Mutex // held while a large picture is decoded, so that only one is at a time
	decoding sync.Once
	decoders decoders

	// What was made of bytes seen lately.
	seen   memory[[]pdq.Frame]
	films  memory[[]video.Frame]
	papers memory[text.Signature]
}

// HandleFingerprint does the job "fingerprint". Its subject is the item; all
// captures of the item that got content are looked at, for a second one may
// have come while the job for the first still waited.
func (d *Desk) HandleFingerprint(ctx context.Context, j staydown.Job) error {
	m, err := d.Store.Material(ctx, j.Subject)
	if staydown.KindOf(err) == staydown.NotFound {
		return d.Store.Finish(ctx, access.System("fingerprint"), j, func(Tx) error { return nil })
	}
	if err != nil {
		return fmt.Errorf("fingerprinting item %s: %w", j.Subject, err)
	}
	made, err := d.make(ctx, m)
	if err != nil {
		return fmt.Errorf("fingerprinting item %s: %w", j.Subject, err)
	}
	return d.Store.Finish(ctx, access.System("fingerprint"), j, func(tx Tx) error { return made.keep(tx, m) })
}

// keep puts what was made into the record.
func (m made) keep(tx Tx, from Material) error {
	i, err := tx.Item(from.Item.ID)
	if err != nil {
		return err
	}
	newest, err := tx.NewestCapture(i.ID)
	if err != nil {
		return err
	}
	if newest != from.newest() { // one came while this was made
		if err := tx.Job(staydown.Job{Kind: "fingerprint", Key: string(i.ID), Subject: i.ID}); err != nil {
			return err
		}
	}
	for k := range m.prints {
		f := &m.prints[k]
		if f.ID == "" {
			f.ID = tx.NewID()
		}
		f.Item, f.Owner, f.Circle = i.ID, i.Owner, i.Circle
	}
	changed, err := tx.SetFingerprints(i.ID, m.prints, m.published)
	if err != nil {
		return err
	}
	if i.MediaSHA256 == "" && m.medium != "" {
		i.MediaSHA256, changed = m.medium, true
		if err := tx.SetMedia(i); err != nil {
			return err
		}
	}
	if changed {
		e := staydown.Event{Act: "fingerprint", Noun: "item", Subject: i.ID, Owner: i.Owner, Circle: i.Circle, Data: m.counts()}
		if err := tx.Event(e); err != nil {
			return err
		}
	}
	return tx.Job(staydown.Job{Kind: "match", Key: string(i.ID), Subject: i.ID})
}

func (m Material) newest() staydown.ID {
	if len(m.Captures) == 0 {
		return ""
	}
	return m.Captures[0].ID
}
