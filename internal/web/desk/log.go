package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/audit"
	"github.com/staydown/staydown/internal/web/page"
)

// LogPage is the log: its newest events, narrowed by what one looks for, and the way to verify it.
type LogPage struct {
	Rows       []LogRow
	Pages      page.Pages
	Noun, Act  string
	Subject    string
	Nouns      []Choice
	Checkpoint audit.Checkpoint // the newest; zero while there is none
}

// LogRow is one event.
type LogRow struct {
	ID, Noun, Act string
	At            time.Time
	Subject       string
	SubjectLink   string
	Who, Owner    string
	Access        bool  // somebody read something: it feeds no figure
	Place         int64 // in the tree, -1 while not sequenced
	Link          string
}

var logView = page.NewView[LogPage](templates, "log.html")

const logPageSize = 100

// nouns are the subjects of events that a filter offers.
var nouns = []string{"lead", "item", "assessment", "query", "hold", "letter", "line", "message", "check", "return", "campaign", "provider", "person", "token", "exhibit", "act"}

// leafFacts is what the stored bytes of an event say in clear.
type leafFacts struct {
	Stream  staydown.Stream `json:"stream"`
	Owner   staydown.ID     `json:"owner"`
	Circle  staydown.ID     `json:"circle"`
	Subject staydown.ID     `json:"subject"`
	Actor   string          `json:"actor"`
}

func (v *visit) logPage() error {
	if err := v.caller.May(access.ReadLog); err != nil {
		return err
	}
	p := LogPage{Noun: v.field("noun"), Act: v.field("act"), Subject: v.field("subject")}
	list, err := v.Keeper.LogPage(v.ctx(), v.caller, p.Noun, staydown.Act(p.Act), staydown.ID(p.Subject), staydown.ID(v.field("after")), logPageSize+1)
	if err != nil {
		return err
	}
	more := len(list) > logPageSize
	if more {
		list = list[:logPageSize]
	}
	for _, e := range list {
		p.Rows = append(p.Rows, v.logRow(e))
	}
	p.Nouns = choices(nouns, p.Noun)
	p.Pages = v.pagesAfter(v.field("after") != "", more, len(list), func() string { return string(list[len(list)-1].ID) })
	if p.Checkpoint, err = v.Journal.Checkpoint(v.ctx()); err != nil && staydown.KindOf(err) != staydown.NotFound {
		return err
	}
	if err := v.Reading.Note(v.ctx(), v.caller, staydown.Event{Act: "read", Noun: "log", Circle: v.caller.Actor.Authority}); err != nil {
		return err
	}
	return logView.Render(v.w, http.StatusOK, v.shell("log", "log.title"), p)
}

func (v *visit) logRow(e audit.Entry) LogRow {
	var f leafFacts
	_ = json.Unmarshal(e.Leaf, &f) // our own bytes; a row that cannot be read shows what the columns say
	row := LogRow{ID: string(e.ID), Noun: e.Noun, Act: string(e.Act), At: e.At, Subject: string(f.Subject), Owner: v.authorityName(f.Owner), Access: f.Stream == staydown.Access,
		Place: e.Seq, Who: v.who(e.Actor), Link: "/log/events/" + string(e.ID), SubjectLink: linkTo(e.Noun, f.Subject)}
	if row.Who == "" && len(f.Actor) > len("system:") && f.Actor[:len("system:")] == "system:" {
		row.Who = f.Actor[len("system:"):]
	}
	return row
}

// linkTo is the page of an event's subject, where there is one.
func linkTo(noun string, subject staydown.ID) string {
	if !isID(string(subject)) {
		return ""
	}
	switch noun {
	case "item":
		return "/items/" + string(subject)
	case "letter":
		return "/letters/" + string(subject)
	case "campaign":
		return "/campaigns/" + string(subject)
	case "provider":
		return "/providers/" + string(subject)
	}
	return ""
}

// ProofPage shows that one event is in the log that a checkpoint signs: everything an outsider needs to verify it.
type ProofPage struct {
	Event      string
	Place      int64
	Leaf       string
	Path       []string
	Checkpoint string
	Waiting    bool // committed, but no checkpoint covers it yet
}

var proofView = page.NewView[ProofPage](templates, "proof.html")

func (v *visit) proofPage() error {
	if err := v.caller.May(access.ReadLog); err != nil {
		return err
	}
	id := v.id("id")
	proof, err := v.Journal.Proof(v.ctx(), id)
	if err != nil {
		if code := staydown.CodeOf(err); code == "audit.not_sequenced" || code == "audit.no_checkpoint" {
			return proofView.Render(v.w, http.StatusOK, v.shell("log", "proof.title"), ProofPage{Event: string(id), Waiting: true})
		}
		return err
	}
	var f leafFacts
	if err := json.Unmarshal(proof.Leaf, &f); err != nil {
		return err
	}
	if f.Owner != v.caller.Actor.Authority {
		if err := v.caller.Sees(f.Circle); err != nil {
			return err
		}
	}
	p := ProofPage{Event: string(id), Place: proof.Place, Leaf: indented(proof.Leaf), Path: proof.Path, Checkpoint: proof.Checkpoint}
	return proofView.Render(v.w, http.StatusOK, v.shell("log", "proof.title"), p)
}

// checkpoint gives the newest signed checkpoint as it stands, for whoever keeps a copy outside.
func (v *visit) checkpoint() error {
	if err := v.caller.May(access.ReadLog); err != nil {
		return err
	}
	c, err := v.Journal.Checkpoint(v.ctx())
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.w.Header().Set("Content-Disposition", "attachment; filename=checkpoint.txt")
	_, _ = v.w.Write([]byte(c.Note))
	return nil
}

// VerifyPage is a recomputation of the whole log: under way, or what it found.
type VerifyPage struct {
	Running  bool
	Done, Of int64
	Report   *audit.Report
	Failed   bool // it broke off; the log of the server says why
	EndedAt  time.Time
	Faults   []string
}

var verifyView = page.NewView[VerifyPage](templates, "verify.html")

// recount is the one recomputation that runs at a time in this process. It is no truth: whoever doubts it runs
// "staydown audit verify".
type recount struct {
	mu   sync.Mutex
	page VerifyPage
}

func (r *recount) state() VerifyPage {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.page
}

func (v *visit) verifyPage() error {
	if err := v.caller.May(access.ReadLog); err != nil {
		return err
	}
	return verifyView.Render(v.w, http.StatusOK, v.shell("log", "verify.title"), v.recount.state())
}

// verifyProgress is the part of the page that is asked for again and again while it runs.
func (v *visit) verifyProgress() error {
	if err := v.caller.May(access.ReadLog); err != nil {
		return err
	}
	return verifyView.Part(v.w, v.words.Lang(), "progress", v.recount.state())
}

func (v *visit) startVerify() error {
	if err := v.caller.May(access.ReadLog); err != nil {
		return err
	}
	if err := v.Reading.Note(v.ctx(), v.caller, staydown.Event{Act: "verify", Noun: "log", Circle: v.caller.Actor.Authority}); err != nil {
		return err
	}
	v.recount.start(context.WithoutCancel(v.ctx()), v.Desk)
	return v.goTo("/log/verify")
}

// start begins a recomputation, unless one is under way.
func (r *recount) start(ctx context.Context, d *Desk) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.page.Running {
		return
	}
	r.page = VerifyPage{Running: true}
	go func() {
		report, err := d.Journal.Verify(ctx, func(done, of int64) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.page.Done, r.page.Of = done, of
		})
		r.mu.Lock()
		defer r.mu.Unlock()
		r.page = VerifyPage{Done: report.Events, Of: report.Events, Report: &report, EndedAt: d.now(), Faults: report.Faults}
		if err != nil {
			d.Site.Log.Error("verifying the log broke off", "err", err)
			r.page = VerifyPage{Failed: true, EndedAt: d.now()}
		}
	}()
}
