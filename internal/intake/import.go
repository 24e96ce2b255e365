package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/evidence"
)

// ImportOptions say how a source is imported.
type ImportOptions struct {
	Reading  Options // Resume is set here and need not be
	Campaign staydown.ID
	Given    Given
	// Rejects opens the file for what gave no row, cut back to the length it had when the import was stopped (0 at its
	// beginning). nil: the desk's own way.
	Rejects func(imported staydown.ID, length int64) (io.WriteCloser, error)
	// Each is told what became of every entry, once it is kept. nil: nobody is.
	Each func(Outcome) error
}

// Outcome says what became of one entry of a source.
type Outcome struct {
	Path     string      `json:"path"`
	Line     int64       `json:"line,omitempty"`
	Offset   int64       `json:"offset"`
	Location string      `json:"location,omitempty"`
	Result   string      `json:"result"`
	Item     staydown.ID `json:"item,omitempty"`
	Lead     staydown.ID `json:"lead,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Text     string      `json:"text,omitempty"` // the reason in words
}

// Report is what an import came to.
type Report struct {
	Import   staydown.Import
	Resumed  bool // it was begun before and went on
	Again    bool // it was done before: nothing changed
	Notices  []Notice
	Vanished []ChatReport
}

// ImportSource reads a source and hands in what it says, up to MostAtOnce rows in one change, together with the place it has
// come to: stopped at any moment, the same call goes on behind the last change. The same import again changes nothing and
// tells what every row came to. A row that cannot be read goes to the rejects; the rest goes in.
func (d *Desk) ImportSource(ctx context.Context, c access.Caller, src Source, o ImportOptions) (Report, error) {
	if err := c.May(access.HandIn); err != nil {
		return Report{}, err
	}
	circle, err := circleOf(c, o.Campaign)
	if err != nil {
		return Report{}, err
	}
	if o.Reading.Format == "" {
		if o.Reading.Format, err = Detect(src); err != nil {
			return Report{}, err
		}
	}
	if o.Reading.Telegram.Pseudonym == nil && len(d.PseudonymKey) > 0 {
		o.Reading.Telegram.Pseudonym = d.pseudonym
	}
	if src, err = settleSource(src, o.Reading.Format); err != nil {
		return Report{}, err
	}
	digest, err := digestOf(ctx, src, o.Reading, o.Reading.Progress)
	if err != nil {
		return Report{}, err
	}
	if o.Rejects == nil {
		o.Rejects = d.Rejects
	}
	run := importRun{desk: d, caller: c, src: src, opt: o, circle: circle, digest: digest}
	return run.run(ctx)
}

// importRun is one import under way.
type importRun struct {
	desk     *Desk
	caller   access.Caller
	src      Source
	opt      ImportOptions
	circle   staydown.ID
	digest   string
	imported staydown.Import
	reader   *Reader
	rejects  io.WriteCloser
	length   int64 // of the rejects file
	report   Report
}

// position is where an import stands: in the source, and in its rejects file.
type position struct {
	At      Checkpoint `json:"at"`
	Rejects int64      `json:"rejects_bytes"`
}

// run opens the source first: what cannot be read at all leaves no trace.
func (r *importRun) run(ctx context.Context) (Report, error) {
	begun, found, err := r.find(ctx)
	if err != nil {
		return Report{}, err
	}
	reading := r.opt.Reading
	var from position
	if found && !begun.Done && begun.Position != "" {
		if err := json.Unmarshal([]byte(begun.Position), &from); err != nil {
			return Report{}, fmt.Errorf("reading where import %s stands: %w", begun.ID, err)
		}
		from.At.rename(r.src.Name) // the digest says that it is the same source, whatever it is called now
		reading.Resume, r.report.Resumed = &from.At, true
	}
	if r.reader, err = Open(ctx, r.src, reading); err != nil {
		return Report{}, err
	}
	defer r.reader.Close()
	if !found {
		if err := r.begin(ctx); err != nil {
			return Report{}, err
		}
	} else {
		r.imported = begun
	}
	if found && begun.Done {
		return r.again(ctx)
	}
	if r.opt.Rejects != nil {
		if r.rejects, err = r.opt.Rejects(r.imported.ID, from.Rejects); err != nil {
			return Report{}, fmt.Errorf("opening the rejects of import %s: %w", r.imported.ID, err)
		}
		r.length = from.Rejects
		defer r.rejects.Close()
	}
	if err := r.all(ctx); err != nil {
		return r.so(), err
	}
	err = r.end(ctx)
	return r.so(), err
}

// so is the report as far as it goes.
func (r *importRun) so() Report {
	r.report.Import, r.report.Notices, r.report.Vanished = r.imported, r.reader.Notices(), r.reader.Vanished()
	return r.report
}

func (r *importRun) find(ctx context.Context) (begun staydown.Import, found bool, err error) {
	err = r.desk.Store.Act(ctx, r.caller, func(tx Tx) error {
		if err := takesLeads(tx, r.opt.Campaign); err != nil {
			return err
		}
		begun, found, err = tx.ImportOf(r.caller.Actor.Authority, r.circle, r.digest)
		return err
	})
	return begun, found, err
}

func (r *importRun) begin(ctx context.Context) error {
	return r.desk.Store.Act(ctx, r.caller, func(tx Tx) error {
		r.imported = staydown.Import{
			ID: tx.NewID(), Owner: r.caller.Actor.Authority, Circle: r.circle, Campaign: r.opt.Campaign, Name: cutText(path.Base(r.src.Name), maxField),
			Digest: r.digest, Format: string(r.reader.Format()), StartedAt: tx.Now(),
		}
		if err := tx.AddImport(r.imported); err != nil {
			return err
		}
		personal := map[string]string{"name": r.imported.Name}
		if b := r.opt.Reading.Telegram.Basis; b != "" {
			personal["basis"] = cutText(b, maxField)
		}
		return tx.Event(staydown.Event{Act: "begin", Noun: "import", Subject: r.imported.ID, Circle: r.circle,
			Data: map[string]any{"digest": r.digest, "format": r.imported.Format}, Personal: personal})
	})
}

// all reads the source batch by batch.
func (r *importRun) all(ctx context.Context) error {
	for {
		b, err := r.fill(ctx)
		if len(b.entries) > 0 && (err == nil || errors.Is(err, io.EOF)) {
			if err := r.commit(ctx, b); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// batch is entries read and made ready, to be kept in one change.
type batch struct {
	entries []Entry
	handed  []handed // parallel to entries; empty for a reject
	at      Checkpoint
}

// fill reads up to MostAtOnce entries and keeps the bytes of their files.
func (r *importRun) fill(ctx context.Context) (batch, error) {
	var b batch
	for len(b.entries) < MostAtOnce {
		e, err := r.reader.Next()
		if err != nil {
			b.at = r.reader.Checkpoint()
			return b, err
		}
		var h handed
		if e.Row != nil {
			if h, err = r.ready(ctx, &e); err != nil {
				return b, err
			}
		}
		b.entries, b.handed = append(b.entries, e), append(b.handed, h)
	}
	b.at = r.reader.Checkpoint()
	return b, nil
}

// ready makes a lead of a row, with its file in the vault; a file that cannot be kept makes a reject of it.
func (r *importRun) ready(ctx context.Context, e *Entry) (handed, error) {
	row := e.Row
	l := leadOf(*row, r.opt.Given, placeOf(*row, r.src.Name, r.reader.Checkpoint().Same))
	l.Owner, l.Circle, l.Campaign, l.Import = r.caller.Actor.Authority, r.circle, r.opt.Campaign, r.imported.ID
	h := prepare(l)
	h.title, h.came = row.Title, cameWith(*row)
	if h.came == nil || row.File == nil {
		return h, nil
	}
	reason, text, err := h.came.fetch(ctx, r.desk.Vault, row.File)
	if err != nil {
		return h, err
	}
	if reason != "" {
		*e = Entry{Reject: &Reject{Path: row.Path, Line: row.Line, Offset: row.Offset, Length: row.Length, Reason: reason, Text: text}}
		return handed{}, nil
	}
	return h, nil
}

// fetch puts the bytes of a file into the vault.
func (c *came) fetch(ctx context.Context, v Vault, f *File) (Reason, string, error) {
	if v == nil {
		return "", "", errors.New("files came, and there is no vault to keep them in")
	}
	in, err := f.Open()
	if err != nil {
		return Unreadable, "the file cannot be read: " + plainError(err), nil
	}
	defer in.Close()
	watched := &watchedReader{r: in}
	kept, err := v.Keep(ctx, watched, f.Size)
	switch {
	case errors.Is(err, evidence.ErrTooLarge):
		return Changed, "the file changed while it was read", nil
	case err != nil && watched.err != nil:
		return Unreadable, "the file cannot be read: " + plainError(watched.err), nil
	case err != nil:
		return "", "", fmt.Errorf("keeping %s: %w", f.Path, err)
	}
	if kept.SHA256 != f.SHA256 {
		return Changed, "the file changed while it was read", nil
	}
	c.file = &kept
	return "", "", nil
}

// watchedReader remembers what went wrong at the source, to tell it from what goes wrong in the vault.
type watchedReader struct {
	r   io.Reader
	err error
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// commit keeps a batch in one change, with the place it leads to.
func (r *importRun) commit(ctx context.Context, b batch) error {
	length, err := r.writeRejects(b)
	if err != nil {
		return err
	}
	var results []Result
	after := r.imported
	err = r.desk.Store.Act(ctx, r.caller, func(tx Tx) error {
		results, after = results[:0], r.imported
		for i, e := range b.entries {
			res := Result{Result: Rejected}
			if e.Reject != nil {
				res.Reason = string(e.Reject.Reason)
			} else if res, err = receive(tx, b.handed[i]); err != nil {
				return fmt.Errorf("taking in %s: %w", placeOf(*e.Row, r.src.Name, 0), err)
			}
			results = append(results, res)
			count(&after, res)
		}
		stands, err := json.Marshal(position{b.at, length})
		if err != nil {
			return fmt.Errorf("writing where the import stands: %w", err)
		}
		after.Position = string(stands)
		if err := tx.PutImport(after); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "read", Noun: "import", Subject: after.ID, Circle: after.Circle,
			Data: map[string]any{"rows": after.Rows, "rejected": after.Rejected}})
	})
	if err != nil {
		return err
	}
	r.imported, r.length = after, length
	return r.tell(b, results)
}

func count(i *staydown.Import, r Result) {
	switch r.Result {
	case Rejected:
		i.Rejected++
		return
	case New:
		i.New++
	default:
		i.Known++
	}
	i.Rows++
}

// writeRejects writes before the change commits: a change that does not happen leaves bytes behind the length it would
// have recorded, and they are cut off when the import goes on.
func (r *importRun) writeRejects(b batch) (int64, error) {
	if r.rejects == nil {
		return r.length, nil
	}
	counted := &countingWriter{w: r.rejects}
	w := NewRejectWriter(counted)
	for _, e := range b.entries {
		if e.Reject != nil {
			if err := w.Write(*e.Reject); err != nil {
				return 0, err
			}
		}
	}
	if s, ok := r.rejects.(interface{ Sync() error }); ok && w.Count() > 0 {
		if err := s.Sync(); err != nil {
			return 0, fmt.Errorf("writing rejects: %w", err)
		}
	}
	return r.length + counted.n, nil
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

func (r *importRun) tell(b batch, results []Result) error {
	if r.opt.Each == nil {
		return nil
	}
	for i, e := range b.entries {
		if err := r.opt.Each(outcomeOf(e, results[i])); err != nil {
			return err
		}
	}
	return nil
}

func outcomeOf(e Entry, res Result) Outcome {
	o := Outcome{Result: res.Result, Item: res.Item, Lead: res.Lead, Reason: res.Reason}
	if e.Reject != nil {
		o.Path, o.Line, o.Offset, o.Text = e.Reject.Path, e.Reject.Line, e.Reject.Offset, e.Reject.Text
	} else {
		o.Path, o.Line, o.Offset, o.Location = e.Row.Path, e.Row.Line, e.Row.Offset, locationOf(*e.Row)
	}
	return o
}

// end closes the import and keeps what it showed to be missing.
func (r *importRun) end(ctx context.Context) error {
	gone := r.reader.Vanished()
	after := r.imported
	err := r.desk.Store.Act(ctx, r.caller, func(tx Tx) error {
		after = r.imported
		after.Done, after.EndedAt = true, tx.Now()
		for _, g := range gone {
			v := Vanished{ID: tx.NewID(), Import: after.ID, Owner: after.Owner, Circle: after.Circle, Report: g, At: tx.Now()}
			if err := tx.AddVanished(v); err != nil {
				return err
			}
		}
		if err := tx.PutImport(after); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "finish", Noun: "import", Subject: after.ID, Circle: after.Circle,
			Data: map[string]any{"rows": after.Rows, "new": after.New, "known": after.Known, "rejected": after.Rejected, "chats": len(gone)}})
	})
	if err == nil {
		r.imported = after
	}
	return err
}

// again reads a source that was imported before and tells what its rows came to, changing nothing.
func (r *importRun) again(ctx context.Context) (Report, error) {
	r.report.Again = true
	for {
		var entries []Entry
		var places []string
		var err error
		for len(entries) < MostAtOnce && err == nil {
			var e Entry
			if e, err = r.reader.Next(); err == nil {
				entries = append(entries, e)
				if e.Row != nil {
					places = append(places, placeOf(*e.Row, r.src.Name, r.reader.Checkpoint().Same))
				} else {
					places = append(places, "")
				}
			}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return r.so(), err
		}
		if terr := r.tellAgain(ctx, entries, places); terr != nil {
			return r.so(), terr
		}
		if err != nil {
			return r.so(), nil
		}
	}
}

func (r *importRun) tellAgain(ctx context.Context, entries []Entry, places []string) error {
	if r.opt.Each == nil || len(entries) == 0 {
		return nil
	}
	leads, err := r.desk.Store.LeadsAt(ctx, r.imported.ID, places)
	if err != nil {
		return err
	}
	for i, e := range entries {
		res := Result{Result: Known} // without a lead: one of this unit had said the same before
		if e.Reject != nil {
			res = Result{Result: Rejected, Reason: string(e.Reject.Reason)}
		} else if l, ok := leads[places[i]]; ok {
			res = resultOf(l)
		}
		if err := r.opt.Each(outcomeOf(e, res)); err != nil {
			return err
		}
	}
	return nil
}
