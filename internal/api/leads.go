package api

import (
	"context"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/intake"
)

// LeadForm is what a unit hands in.
type LeadForm struct {
	URL         string      `json:"url" minLength:"1" maxLength:"8192" doc:"As found; defanged spellings are understood."`
	Kind        string      `json:"kind,omitempty" maxLength:"40" doc:"page, image, video, post, account, file, site."`
	Language    string      `json:"language,omitempty" maxLength:"35"`
	Source      string      `json:"source,omitempty" maxLength:"1024" doc:"Where the unit has it from."`
	Reliability string      `json:"reliability,omitempty" enum:"A,B,C,X" doc:"Of the source, 4x4."`
	Credibility string      `json:"credibility,omitempty" enum:"1,2,3,4" doc:"Of the information, 4x4."`
	Handling    string      `json:"handling,omitempty" maxLength:"1024" doc:"Handling code."`
	Consent     bool        `json:"consent,omitempty" doc:"The originator agrees to further use."`
	Reference   string      `json:"reference,omitempty" maxLength:"1024" doc:"The unit's own."`
	Author      string      `json:"author,omitempty" maxLength:"1024"`
	Note        string      `json:"note,omitempty" maxLength:"4096"`
	PostedAt    time.Time   `json:"posted_at,omitzero"`
	Import      staydown.ID `json:"import,omitempty" maxLength:"200" doc:"What the unit calls the list it comes from."`
	Place       string      `json:"place,omitempty" maxLength:"1024" doc:"Its place in that list: the same place again changes nothing."`
}

func (f LeadForm) lead() staydown.Lead {
	return staydown.Lead{URL: f.URL, Kind: f.Kind, Language: f.Language, Source: f.Source, Reliability: f.Reliability, Credibility: f.Credibility, Handling: f.Handling,
		Consent: f.Consent, Reference: f.Reference, Author: f.Author, Note: f.Note, PostedAt: staydown.At(f.PostedAt), Import: f.Import, Place: f.Place}
}

type leadsIn struct {
	Body struct {
		Campaign staydown.ID `json:"campaign,omitempty"`
		Leads    []LeadForm  `json:"leads" minItems:"1" maxItems:"200"`
	}
}

// Results say what became of each lead, in the order they came.
type Results struct {
	Results []intake.Result `json:"results"`
}

type importIn struct {
	Campaign string `query:"campaign"`
	Name     string `query:"name" required:"true" minLength:"1" maxLength:"255" doc:"The file's name."`
	As       string `query:"as" maxLength:"40" doc:"Its format; detected when left out."`
}

// Import is what became of a file.
type Import struct {
	ID        staydown.ID `json:"id"`
	Name      string      `json:"name"`
	Digest    string      `json:"digest"`
	Format    string      `json:"format"`
	Campaign  staydown.ID `json:"campaign,omitempty"`
	Rows      int         `json:"rows"`
	New       int         `json:"new"`
	Known     int         `json:"known"`
	Rejected  int         `json:"rejected"`
	Done      bool        `json:"done" doc:"False when it was stopped; the same file goes on."`
	StartedAt time.Time   `json:"started_at"`
	EndedAt   time.Time   `json:"ended_at,omitzero"`
}

func importOf(i staydown.Import) Import {
	return Import{ID: i.ID, Name: i.Name, Digest: i.Digest, Format: i.Format, Campaign: i.Campaign, Rows: i.Rows, New: i.New, Known: i.Known, Rejected: i.Rejected,
		Done: i.Done, StartedAt: i.StartedAt, EndedAt: i.EndedAt}
}

type listIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// leads adds how a unit's findings come in.
func (a *API) leads() {
	const tag = "leads"
	forPeople(a, route{method: "POST", path: "/leads", id: "hand-in-leads", summary: "Hand in leads; a lead that was handed in before changes nothing", tag: tag, body: 8 << 20}, func(ctx context.Context, c access.Caller, in *leadsIn) (*reply[Results], error) {
		list, err := a.Intake.HandIn(ctx, c, in.Body.Campaign, each(in.Body.Leads, LeadForm.lead))
		return &reply[Results]{Results{some(list)}}, err
	})
	forPeople(a, route{method: "GET", path: "/imports", id: "list-imports", summary: "Files that were handed in, newest first", tag: tag}, func(ctx context.Context, c access.Caller, in *listIn) (*reply[Page[Import]], error) {
		list, err := a.Intake.Imports(ctx, c, in.Limit)
		return &reply[Page[Import]]{Page[Import]{Rows: each(list, importOf)}}, err
	})
	a.importFile(tag)
}

type bodyKey struct{}

// importFile adds the one route whose body is no JSON: it is handed on as it comes,
// never held in memory.
func (a *API) importFile(tag string) {
	op := route{method: "POST", path: "/imports", id: "import-file", summary: "Hand in a file: a list, a table, an export", tag: tag}.operation("token")
	op.Middlewares = huma.Middlewares{a.person, func(ctx huma.Context, next func(huma.Context)) {
		next(huma.WithValue(ctx, bodyKey{}, ctx.BodyReader()))
	}}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	huma.Register(a.huma, op, func(ctx context.Context, in *importIn) (*reply[Import], error) {
		c := callerOf(ctx)
		body, _ := ctx.Value(bodyKey{}).(io.Reader)
		i, err := a.Intake.Import(ctx, c, staydown.ID(in.Campaign), in.Name, in.As, body)
		if err != nil {
			return nil, a.fail(ctx, a.noteRefusal(ctx, c, err))
		}
		return &reply[Import]{importOf(i)}, nil
	})
}
