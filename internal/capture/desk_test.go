package capture

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// shelf is a store of one item, in memory.
type shelf struct {
	item     staydown.Item
	captures []staydown.Capture
	exhibits []staydown.Exhibit
	events   []staydown.Event
	jobs     []staydown.Job
	n        int
}

func (s *shelf) Item(context.Context, staydown.ID) (staydown.Item, error) { return s.item, nil }
func (s *shelf) Now() time.Time                                           { return noon }
func (s *shelf) NewID() staydown.ID                                       { s.n++; return staydown.ID(fmt.Sprint("id-", s.n)) }
func (s *shelf) Event(e staydown.Event) error                             { s.events = append(s.events, e); return nil }
func (s *shelf) Job(j staydown.Job) error                                 { s.jobs = append(s.jobs, j); return nil }
func (s *shelf) SetCaptured(i staydown.Item) error                        { s.item = i; return nil }
func (s *shelf) AddCapture(c staydown.Capture) error {
	s.captures = append(s.captures, c)
	return nil
}
func (s *shelf) AddExhibit(e staydown.Exhibit) error {
	s.exhibits = append(s.exhibits, e)
	return nil
}

// inTx gives the shelf the transaction's Item, which takes no context.
type inTx struct{ *shelf }

func (t inTx) Item(staydown.ID) (staydown.Item, error) { return t.shelf.item, nil }

type oneItem struct{ *shelf }

func (o oneItem) Finish(_ context.Context, _ access.Caller, _ staydown.Job, fn func(Tx) error) error {
	return fn(inTx{o.shelf})
}

func TestTheDeskCaptures(t *testing.T) {
	const post = `<html lang="ar"><head><meta property="og:title" content="Exercise post"><meta property="og:type" content="article"><meta name="author" content="@north"></head>
		<body><main><h1>Exercise post</h1><p>Exercise sentence one, not real. Exercise sentence two, not real. It is long enough to be a posting of its own.</p></main></body></html>`
	for name, c := range map[string]struct {
		status int
		body   string
		state  staydown.ItemState
		reason string
		jobs   map[string]time.Duration
	}{
		"content":    {200, post, staydown.ItemCaptured, "", map[string]time.Duration{"fingerprint": 0}},
		"trouble":    {503, "busy", staydown.ItemNotCaptured, "http_503", map[string]time.Duration{"capture": 10 * time.Minute}},
		"not there":  {404, "not there", staydown.ItemNotCaptured, "http_404", nil},
		"login wall": {401, "sign in", staydown.ItemNotCaptured, "http_401", nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := openBench(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.WriteHeader(c.status)
				w.Write([]byte(c.body))
			}), nil)
			s := &shelf{item: staydown.Item{ID: "item", Owner: "unit", Circle: "camp", Location: "https://example.com/north/1", State: staydown.ItemSeen}}
			d := Desk{Store: oneItem{s}, Recorder: b.Recorder}
			if err := d.HandleCapture(t.Context(), staydown.Job{Subject: "item"}); err != nil {
				t.Fatal(err)
			}
			if s.item.State != c.state || s.item.Reason != c.reason {
				t.Errorf("state %s, reason %q", s.item.State, s.item.Reason)
			}
			if len(s.captures) != 1 || s.captures[0].WARC == "" || s.captures[0].Status != c.status {
				t.Errorf("captures %+v", s.captures)
			}
			if len(s.jobs) != len(c.jobs) {
				t.Errorf("jobs %+v", s.jobs)
			}
			for _, j := range s.jobs {
				want, ok := c.jobs[j.Kind]
				if !ok || want > 0 && !j.RunAt.Equal(noon.Add(want)) {
					t.Errorf("job %+v", j)
				}
			}
			for _, e := range s.events {
				if e.Owner != "unit" || e.Circle != "camp" {
					t.Errorf("an event of nobody: %+v", e)
				}
			}
			if name == "content" && (s.item.Title != "Exercise post" || s.item.Account != "@north" || s.item.Kind != "post" || s.item.Language != "ar") {
				t.Errorf("described as %+v", s.item)
			}
		})
	}
}

func TestTheDeskGivesUpInTheEnd(t *testing.T) {
	b := openBench(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }), nil)
	s := &shelf{item: staydown.Item{ID: "item", Location: "https://example.com/north/1", State: staydown.ItemNotCaptured}}
	d := Desk{Store: oneItem{s}, Recorder: b.Recorder}
	if err := d.HandleCapture(t.Context(), staydown.Job{Subject: "item", Payload: `{"n":4}`}); err != nil {
		t.Fatal(err)
	}
	if len(s.jobs) != 0 {
		t.Errorf("tried a sixth time: %+v", s.jobs)
	}
}
