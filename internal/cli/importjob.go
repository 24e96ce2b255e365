package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/location"
)

// importJob takes in one path after the other.
type importJob struct {
	desk    *intake.Desk
	caller  access.Caller
	out     *Out
	opt     intake.ImportOptions
	in      Streams
	rejects string // folder
	scratch string // folder
}

// mostSpooled bounds what is taken from standard input: it lies on the disk while it is read.
const mostSpooled = 64 << 30

// linesShown is how many rejected rows people are shown; programs get all, and so does the file.
const linesShown = 20

// one imports one path and tells how many of its rows were rejected.
func (j *importJob) one(ctx context.Context, path string) (int, error) {
	src, done, err := j.source(path)
	if err != nil {
		return 0, err
	}
	defer done()
	o := j.opt
	o.Rejects = intake.RejectsIn(j.rejects)
	draw := j.out.Progress("reading " + location.Visible(filepath.Base(path)) + ": byte")
	o.Reading.Progress = func(p intake.Progress) { draw(p.Bytes, max(p.Total, 0)) }
	shown := 0
	o.Each = func(x intake.Outcome) error { return j.row(x, &shown) }
	rep, err := j.desk.ImportSource(ctx, j.caller, src, o)
	for _, n := range rep.Notices {
		j.out.Note("%s", location.Visible(n.Text))
	}
	if err != nil {
		if staydown.CodeOf(err) == "intake.telegram_account" {
			j.listChats(ctx, src)
		}
		return 0, err
	}
	return rep.Import.Rejected, j.sum(path, rep)
}

func (j *importJob) source(path string) (intake.Source, func(), error) {
	if path == "-" {
		return intake.Spool(j.scratch, "standard input", j.in.In, mostSpooled)
	}
	src, err := intake.PathSource(path)
	return src, func() {}, err
}

// row gives a program every row; people see what was rejected, up to a screenful.
func (j *importJob) row(x intake.Outcome, shown *int) error {
	if j.out.JSON {
		return j.out.Row(x, "")
	}
	if x.Result != intake.Rejected {
		return nil
	}
	switch *shown++; {
	case *shown == linesShown+1:
		return j.out.Row(x, "… and more, in the file of rejects")
	case *shown > linesShown:
		return nil
	}
	at := location.Visible(x.Path)
	if x.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, x.Line)
	}
	why := x.Text
	if why == "" {
		why = x.Reason
	}
	return j.out.Row(x, "rejected  %s (byte %d): %s", at, x.Offset, location.Visible(why))
}

// sum says what came of one path.
func (j *importJob) sum(path string, rep intake.Report) error {
	i := rep.Import
	done := Imported{Path: path, Import: i.ID, Format: i.Format, Rows: i.Rows, New: i.New, Known: i.Known, Rejected: i.Rejected, Again: rep.Again,
		Resumed: rep.Resumed, Vanished: rep.Vanished}
	for _, n := range rep.Notices {
		done.Notices = append(done.Notices, n.Text)
	}
	if i.Rejected > 0 {
		done.Rejects = intake.RejectsFile(j.rejects, i.ID)
	}
	what := "imported"
	switch {
	case rep.Again:
		what = "imported before, nothing changed"
	case rep.Resumed:
		what = "imported, from where it was stopped"
	}
	text := fmt.Sprintf("%s: %s (%s): %d leads, %d new items, %d known; %d rows rejected", location.Visible(path), what, i.Format, i.Rows, i.New, i.Known, i.Rejected)
	if done.Rejects != "" {
		text += ", in " + done.Rejects
	}
	for _, v := range rep.Vanished {
		for _, line := range v.Lines() {
			text += fmt.Sprintf("\n  %s: %s", location.Visible(v.Chat.Name), line)
		}
	}
	return j.out.Row(done, "%s", text)
}

// listChats helps the importer to name chats of an account. The names are shown to whoever holds the file, and stored
// nowhere.
func (j *importJob) listChats(ctx context.Context, src intake.Source) {
	chats, _, err := intake.TelegramChats(ctx, src)
	if err != nil {
		return // the refusal says what matters
	}
	const most = 50
	j.out.Note("Its chats; take some with --chat and --basis:")
	for n, c := range chats {
		if n == most {
			j.out.Note("  … and %d more", len(chats)-most)
			return
		}
		j.out.Note("  %-14d %-20s %7d messages  %s", c.ID, c.Type, c.Messages, location.Visible(c.Name))
	}
}
