package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/exchange/files"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/signin"
)

func terminal() access.Caller { return signin.Terminal() }

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', -1, 64) + " %" }

// bankRun takes one file into one bank, step by step. How far it has come is kept in the change of each step, under the
// digest of the file: whatever stops it, the same file goes on behind the last step that was kept.
type bankRun struct {
	desk    *bank.Desk
	caller  access.Caller
	bank    staydown.Bank
	file    *os.File
	path    string
	out     *Out
	rejects string // folder
	opt     files.Options
	format  files.Format
	source  string
	began   time.Time

	size    int64
	digest  string
	stands  standing
	resumed bool
	again   bool
	listed  *os.File
	sound   map[int64][]byte // of a bank file: the digest's state at each step, of a file whose signature held
	came    int64            // signals before this start
}

// standing is how far an import has come.
type standing struct {
	Mark     files.Mark     `json:"mark"`
	Format   files.Format   `json:"format"`
	Rows     int64          `json:"rows"`
	Taken    bank.TakenMany `json:"taken"`
	Rejected int            `json:"rejected"`
	Listed   int64          `json:"listed"` // bytes of the list of rejects
	Done     bool           `json:"done"`
}

// stepRows is how many signals make one change.
const stepRows = 4000

func (r *bankRun) told() BankImported {
	t := r.stands.Taken
	d := BankImported{Path: r.path, Format: string(r.format), Rows: r.stands.Rows, Added: t.Added, Changed: t.Changed, Same: t.Same, Stood: t.Stood,
		Rejected: r.stands.Rejected, Again: r.again, Resumed: r.resumed, Seconds: time.Since(r.began).Seconds()}
	if r.stands.Rejected > 0 {
		d.Rejects = r.listName()
	}
	return d
}

func (r *bankRun) all(ctx context.Context) error {
	if err := r.sniff(); err != nil {
		return err
	}
	if err := r.readDigest(ctx); err != nil {
		return err
	}
	if err := r.recall(ctx); err != nil || r.again {
		return err
	}
	if r.format == files.Bank {
		if err := r.prove(ctx); err != nil {
			return err
		}
	}
	if err := r.openList(); err != nil {
		return err
	}
	defer r.closeList()
	return r.steps(ctx, r.keep)
}

// place is where the standing is kept.
func (r *bankRun) place() string {
	return "bank_import/" + string(r.bank.ID) + "/" + r.digest
}

// sniff judges the format by the first line.
func (r *bankRun) sniff() error {
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(r.file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("reading %s: %w", r.path, err)
	}
	if r.format != "" {
		return nil
	}
	line, _, _ := bytes.Cut(head[:n], []byte("\n"))
	line = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))))
	fields := bytes.Split(line, []byte(","))
	switch {
	case bytes.HasPrefix(line, []byte("{")):
		r.format = files.Bank
	case bytes.HasPrefix(line, []byte("signal_type,signal_str")):
		r.format = files.TX
	case len(fields) >= 3 && len(fields) <= 4 && isNumber(fields[0]) && isNumber(fields[1]):
		r.format = files.Frames
	case len(fields) > 1 && !bytes.Contains(line, []byte(" {")):
		r.format = files.Hashes
	default:
		r.format = files.Local
	}
	return nil
}

func isNumber(b []byte) bool {
	_, err := strconv.Atoi(string(bytes.TrimSpace(b)))
	return err == nil
}

// readDigest reads the whole file once: the digest names it.
func (r *bankRun) readDigest(ctx context.Context) error {
	info, err := r.file.Stat()
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.path, err)
	}
	if !info.Mode().IsRegular() {
		return staydown.Errorf(staydown.Usage, "bank.file", "this is no file that can be read twice").At(r.path)
	}
	r.size = info.Size()
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading %s: %w", r.path, err)
	}
	h := sha256.New()
	draw := r.out.Progress("reading " + location.Visible(filepath.Base(r.path)) + ": byte")
	buf := make([]byte, 1<<20)
	for done := int64(0); ; {
		n, err := r.file.Read(buf)
		h.Write(buf[:n])
		done += int64(n)
		draw(done, max(r.size, 1))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", r.path, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	fmt.Fprintf(h, "\n%s %s %s %s", r.format, r.opt.Signal, r.source, r.bank.ID) // read another way it is another import
	r.digest = hex.EncodeToString(h.Sum(nil))
	if r.format == files.Frames {
		r.opt.Content = "video-" + r.digest[:32]
	}
	return nil
}

// recall finds out how far an earlier start has come.
func (r *bankRun) recall(ctx context.Context) error {
	kept, err := r.desk.At(ctx, r.caller, r.place())
	if err != nil || kept == "" {
		return err
	}
	if err := json.Unmarshal([]byte(kept), &r.stands); err != nil {
		return fmt.Errorf("reading how far the import of %s has come: %w", r.path, err)
	}
	r.again = r.stands.Done
	r.resumed = !r.again
	r.came = r.stands.Rows
	return nil
}

// prove reads a bank file to its end, before anything of it is kept, and notes what each step was read as, so that a file
// changed afterwards is noticed before its step is kept.
func (r *bankRun) prove(ctx context.Context) error {
	r.sound = map[int64][]byte{}
	was := r.stands
	r.stands = standing{}
	err := r.steps(ctx, func(_ context.Context, s step) error {
		r.sound[s.mark.Offset] = s.mark.Digest
		return nil
	})
	r.stands = was
	return err
}

// step is what one change takes in.
type step struct {
	contents []bank.New
	rows     int64 // signals
	bad      []*files.BadRow
	mark     files.Mark
	last     bool
}

// steps reads the file from where it stands. The steps of a file are always the same.
func (r *bankRun) steps(ctx context.Context, keep func(context.Context, step) error) error {
	o := r.opt
	o.From = r.stands.Mark
	if o.From.Offset == 0 {
		if _, err := r.file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("reading %s: %w", r.path, err)
		}
	}
	x, err := files.Open(r.file, r.format, o)
	if err != nil {
		return err
	}
	if head := x.Bank(); head != nil && head.Negative != r.bank.Negative {
		return staydown.Errorf(staydown.Refused, "bank.negative", "the file and the bank %s are not of one mind: one holds what is known to be lawful, the other what is not", r.bank.Name).At(r.path)
	}
	s := step{mark: x.Mark()}
	g := grouping{source: r.source}
	for row, err := range x.Rows() {
		var bad *files.BadRow
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		if at := x.Mark(); at.Offset != s.mark.Offset && s.rows+int64(len(s.bad)) >= stepRows {
			if err := keep(ctx, g.take(s)); err != nil {
				return err
			}
			s = step{}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		s.mark = x.Mark()
		if bad != nil {
			s.bad = append(s.bad, bad)
			continue
		}
		s.rows++
		if err := g.add(row); err != nil {
			s.rows--
			s.bad = append(s.bad, &files.BadRow{Line: max(1, s.mark.Line-1), Reason: err.Error()})
		}
	}
	s.mark, s.last = x.Mark(), true
	return keep(ctx, g.take(s))
}

// keep keeps one step.
func (r *bankRun) keep(ctx context.Context, s step) error {
	if r.sound != nil && !bytes.Equal(r.sound[s.mark.Offset], s.mark.Digest) {
		return staydown.Errorf(staydown.Failed, "bank.changed", "the file changed while it was read; what was proven before is in, the rest is not").At(r.path)
	}
	length, err := r.list(s)
	if err != nil {
		return err
	}
	next := r.stands
	stands := func(t bank.TakenMany) string {
		next = r.stands
		next.Mark, next.Format, next.Listed, next.Done = s.mark, r.format, length, s.last
		next.Rows += s.rows
		next.Rejected += len(s.bad)
		next.Taken.Added += t.Added
		next.Taken.Changed += t.Changed
		next.Taken.Same += t.Same
		next.Taken.Stood += t.Stood
		b, _ := json.Marshal(next)
		return string(b)
	}
	_, bad, err := r.desk.TakeMany(ctx, r.caller, r.bank.ID, r.source, bank.Batch{Contents: s.contents, Place: r.place(), Stands: stands})
	if err != nil {
		return err
	}
	if len(bad) > 0 { // each signal of it was looked at before
		return fmt.Errorf("taking in %s: %w", r.path, bad[0].Err)
	}
	r.stands = next
	r.draw()
	return nil
}

// draw tells how far it is, how fast, and how long it will take.
func (r *bankRun) draw() {
	spent := time.Since(r.began)
	speed := float64(r.stands.Rows-r.came) / max(spent.Seconds(), 0.001)
	share := float64(r.stands.Mark.Offset) / float64(max(r.size, 1))
	left := ""
	if share > 0.01 && r.came == 0 {
		left = ", about " + (time.Duration(float64(spent) * (1 - share) / share)).Round(time.Second).String() + " left"
	}
	r.out.Doing(fmt.Sprintf("%s: %d signals (%d %%), %.0f a second%s", location.Visible(filepath.Base(r.path)), r.stands.Rows, int(share*100), speed, left))
}
