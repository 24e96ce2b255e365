package intake

import (
	"fmt"
	"slices"
	"time"
)

// ChatReport tells what is in an export of one chat, and above all what is not: an export proves that things vanished.
type ChatReport struct {
	Chat        ChatHead  `json:"chat"`
	First       int64     `json:"first"` // lowest and highest number seen
	Last        int64     `json:"last"`
	FirstAt     time.Time `json:"first_at,omitzero"`
	LastAt      time.Time `json:"last_at,omitzero"`
	Messages    int64     `json:"messages"`
	Service     int64     `json:"service"`
	Unsupported int64     `json:"unsupported"` // the exporting program was too old for them
	LeftOut     int64     `json:"left_out"`    // without address, file or link: nothing was stored of them
	Rejected    int64     `json:"rejected"`
	Truncated   bool      `json:"truncated"`

	// Numbered tells that the chat numbers its messages for itself, so that a missing number is a message deleted, kept
	// back by the export's settings, or never delivered to this account.
	Numbered bool  `json:"numbered"`
	Missing  int64 `json:"missing"` // numbers missing between First and Last
	Before   int64 `json:"before"`  // numbers below First: deleted, or before the period of the export
	Gaps     []Gap `json:"gaps"`    // where, in their order; at most Limits.Gaps
	MoreGaps int64 `json:"more_gaps"`

	SelfDestruct     int64       `json:"self_destruct"` // messages whose file had a timer
	SelfDestructs    []Vanishing `json:"self_destructs"`
	Timers           []Vanishing `json:"timers"` // when the chat's own timer was set; period 0 switched it off
	Cleared          int64       `json:"cleared"`
	Screenshots      int64       `json:"screenshots"` // notices that somebody took one
	DeletedAuthors   int64       `json:"deleted_authors"`
	FilesUnavailable int64       `json:"files_unavailable"`
	FilesTooBig      int64       `json:"files_too_big"`
	FilesNotIncluded int64       `json:"files_not_included"`
	FilesMissing     int64       `json:"files_missing"`
	FilesUnsafe      int64       `json:"files_unsafe"`
}

// Gap is a range of numbers that are missing, and the times of the messages before and behind it.
type Gap struct {
	From   int64     `json:"from"`
	To     int64     `json:"to"`
	After  time.Time `json:"after,omitzero"`
	Before time.Time `json:"before,omitzero"`
}

// Vanishing is a message with a timer, or the setting of one.
type Vanishing struct {
	ID     int64     `json:"id"`
	At     time.Time `json:"at,omitzero"`
	Period int64     `json:"period"` // seconds
	Media  string    `json:"media,omitempty"`
}

// gapWatch keeps the report while messages pass.
type gapWatch struct {
	report ChatReport
	limit  int
	lastAt time.Time // of the message with the highest number
}

func newGapWatch(c ChatHead, limit int) *gapWatch {
	return &gapWatch{report: ChatReport{Chat: c, Numbered: c.numbered()}, limit: limit}
}

// see takes note of a message.
func (w *gapWatch) see(p post) {
	r := &w.report
	switch p.facts.Type {
	case "service":
		r.Service++
		w.service(p)
	case "unsupported":
		r.Unsupported++
	default:
		r.Messages++
	}
	if p.noAuthor {
		r.DeletedAuthors++
	}
	if p.facts.SelfDestruct > 0 {
		r.SelfDestruct++
		if len(r.SelfDestructs) < w.limit {
			r.SelfDestructs = append(r.SelfDestructs, Vanishing{p.facts.ID, p.at, p.facts.SelfDestruct, p.facts.Media})
		}
	}
	w.number(p.facts.ID, p.at)
}

func (w *gapWatch) service(p post) {
	switch p.action {
	case "set_messages_ttl":
		if len(w.report.Timers) < w.limit {
			w.report.Timers = append(w.report.Timers, Vanishing{ID: p.facts.ID, At: p.at, Period: p.period})
		}
	case "clear_history":
		w.report.Cleared++
	case "take_screenshot", "screenshot_taken":
		w.report.Screenshots++
	}
}

// number follows the numbering. Messages taken over from a smaller group have numbers below one and do not count.
func (w *gapWatch) number(id int64, at time.Time) {
	r := &w.report
	if id <= 0 {
		return
	}
	switch {
	case r.Last == 0:
		r.First, r.Last, r.FirstAt, r.LastAt, w.lastAt = id, id, at, at, at
		if r.Numbered {
			r.Before = id - 1
		}
	case id > r.Last:
		if r.Numbered && id > r.Last+1 {
			w.gap(Gap{r.Last + 1, id - 1, w.lastAt, at})
		}
		r.Last, r.LastAt, w.lastAt = id, at, at
	default:
		w.late(id, at)
	}
}

func (w *gapWatch) gap(g Gap) {
	w.report.Missing += g.To - g.From + 1
	if len(w.report.Gaps) < w.limit {
		w.report.Gaps = append(w.report.Gaps, g)
	} else {
		w.report.MoreGaps++
	}
}

// late fills a gap with a message that comes out of order.
func (w *gapWatch) late(id int64, at time.Time) {
	r := &w.report
	if !r.Numbered {
		return
	}
	if id < r.First {
		if id+1 < r.First {
			g := Gap{id + 1, r.First - 1, at, r.FirstAt}
			r.Missing += g.To - g.From + 1
			if len(r.Gaps) < w.limit {
				r.Gaps = slices.Insert(r.Gaps, 0, g)
			} else {
				r.MoreGaps++
			}
		}
		r.First, r.FirstAt, r.Before = id, at, id-1
		return
	}
	i, found := slices.BinarySearchFunc(r.Gaps, id, func(g Gap, id int64) int {
		if g.To < id {
			return -1
		}
		if g.From > id {
			return 1
		}
		return 0
	})
	if !found {
		return // seen twice
	}
	r.Missing--
	g := r.Gaps[i]
	low, high := Gap{g.From, id - 1, g.After, at}, Gap{id + 1, g.To, at, g.Before}
	var rest []Gap
	for _, part := range []Gap{low, high} {
		if part.From <= part.To {
			rest = append(rest, part)
		}
	}
	if len(rest) == 2 && len(r.Gaps) >= w.limit {
		rest = rest[:1]
		r.MoreGaps++
	}
	r.Gaps = slices.Replace(r.Gaps, i, i+1, rest...)
}

// file counts what became of files.
func (w *gapWatch) file(state FileState) {
	switch r := &w.report; state {
	case FileUnavailable:
		r.FilesUnavailable++
	case FileTooBig:
		r.FilesTooBig++
	case FileNotIncluded:
		r.FilesNotIncluded++
	case FileMissing:
		r.FilesMissing++
	case FileUnsafe:
		r.FilesUnsafe++
	}
}

// Lines says in sentences what vanished; none when nothing did.
func (r ChatReport) Lines() []string {
	var out []string
	say := func(n int64, text string) {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, text))
		}
	}
	say(r.Missing, fmt.Sprintf("numbers missing between message %d and %d: deleted, or kept back by the export's settings", r.First, r.Last))
	say(r.Before, fmt.Sprintf("numbers before message %d: deleted, or before the period of the export", r.First))
	say(r.SelfDestruct, "messages with a timer of their own; their files are in no export")
	say(int64(len(r.Timers)), "times the chat's own timer was set or switched off")
	say(r.Cleared, "times the history was cleared")
	say(r.Screenshots, "notices that somebody took a screenshot")
	say(r.DeletedAuthors, "messages whose account is deleted")
	say(r.Unsupported, "messages the exporting program could not read")
	say(r.FilesUnavailable, "files that could not be fetched")
	say(r.FilesTooBig, "files left out for their size")
	say(r.FilesNotIncluded, "files left out by the export's settings")
	say(r.FilesMissing, "files named in the export but not in its folder")
	say(r.FilesUnsafe, "files named outside of the export's folder, not opened")
	if r.Truncated {
		out = append(out, "the export ends before its end")
	}
	return out
}
