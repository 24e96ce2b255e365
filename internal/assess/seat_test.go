package assess

import (
	"testing"
	"time"

	"github.com/staydown/staydown"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestForEveryQueueAndState(t *testing.T) {
	for _, state := range append(staydown.ItemTable.States(), "nonsense") {
		for _, q := range append([]Queue{QueueNone, ""}, Queues...) {
			s := Seat{Item: staydown.Item{ID: "i", State: state}, Queue: q}
			p, err := s.For("b", nil, noon)
			open := state == staydown.ItemCaptured || state == staydown.ItemNotCaptured
			want := open && q.Turn() != ""
			if (err == nil) != want {
				t.Errorf("item %q in queue %q: %v, want allowed %v", state, q, err, want)
			}
			if err == nil && QueueOf(p.Turn) != q {
				t.Errorf("queue %q gives turn %q", q, p.Turn)
			}
			if err != nil && staydown.KindOf(err) != staydown.Refused {
				t.Errorf("item %q in queue %q: kind %s", state, q, staydown.KindOf(err))
			}
		}
	}
}

func TestWhoMayLook(t *testing.T) {
	draft := staydown.Assessment{ID: "d", Officer: "b", State: staydown.AssessmentDraft}
	other := staydown.Assessment{ID: "o", Officer: "a", State: staydown.AssessmentDraft}
	asked := staydown.Assessment{ID: "f", Officer: "a", State: staydown.AssessmentSecondAsked}
	parted := staydown.Assessment{ID: "f", Officer: "a", State: staydown.AssessmentDisagreed}
	old := staydown.Assessment{ID: "x", Officer: "a", State: staydown.AssessmentStanding}
	for name, c := range map[string]struct {
		queue       Queue
		holder      staydown.ID
		until       time.Time
		looks       []staydown.Assessment
		code        string
		first, mine staydown.ID
	}{
		"free":                               {queue: QueueNew},
		"held by a colleague":                {queue: QueueNew, holder: "a", until: noon.Add(time.Second), code: "assess.held"},
		"lapsed lease of a colleague":        {queue: QueueNew, holder: "a", until: noon},
		"held by the officer":                {queue: QueueNew, holder: "b", until: noon.Add(time.Minute)},
		"a colleague's draft is no look":     {queue: QueueNew, looks: []staydown.Assessment{other}},
		"the own draft is found again":       {queue: QueueNew, looks: []staydown.Assessment{other, draft}, mine: "d"},
		"second look":                        {queue: QueueSecond, looks: []staydown.Assessment{asked}, first: "f"},
		"third look":                         {queue: QueueThird, looks: []staydown.Assessment{parted, old}, first: "f"},
		"the first officer is not second":    {queue: QueueSecond, looks: []staydown.Assessment{{Officer: "b", State: staydown.AssessmentSecondAsked}}, code: "assess.same_officer"},
		"the second officer is not third":    {queue: QueueThird, looks: []staydown.Assessment{parted, {Officer: "b", State: staydown.AssessmentStanding}}, code: "assess.same_officer"},
		"who decided does not review":        {queue: QueueNew, looks: []staydown.Assessment{{Officer: "b", State: staydown.AssessmentStanding}}, code: "assess.same_officer"},
		"a colleague reviews what is known":  {queue: QueueNew, looks: []staydown.Assessment{old}},
		"waiting out the sixty seconds":      {queue: QueueNone, looks: []staydown.Assessment{{Officer: "a", State: staydown.AssessmentGiven}}, code: "assess.waiting"},
		"the own finding is not yet settled": {queue: QueueNone, looks: []staydown.Assessment{{Officer: "b", State: staydown.AssessmentGiven}}, code: "assess.waiting"},
	} {
		s := Seat{Item: staydown.Item{ID: "i", State: staydown.ItemCaptured}, Queue: c.queue, Holder: c.holder, Until: c.until}
		p, err := s.For("b", c.looks, noon)
		if c.code == "" && err != nil || c.code != "" && staydown.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
			continue
		}
		if c.code == "" && (p.First.ID != c.first || p.Draft.ID != c.mine) {
			t.Errorf("%s: first %q draft %q, want %q %q", name, p.First.ID, p.Draft.ID, c.first, c.mine)
		}
	}
}

func TestADraftLeftBehindTurnsToWhatIsAskedNow(t *testing.T) {
	s := Seat{Item: staydown.Item{ID: "i", Circle: "c", State: staydown.ItemCaptured}, Queue: QueueSecond}
	draft := staydown.Assessment{ID: "d", Officer: "b", State: staydown.AssessmentDraft, Turn: staydown.First, Viewed: true}
	p, err := s.For("b", []staydown.Assessment{draft, {ID: "f", Officer: "a", State: staydown.AssessmentSecondAsked}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	a, fresh := p.begin(s, "b", "unit", "new", noon)
	if fresh || a.ID != "d" || a.Turn != staydown.Second || a.Answers != "f" || !a.Viewed {
		t.Errorf("got %+v, fresh %v", a, fresh)
	}
	p.Draft = staydown.Assessment{}
	if a, fresh = p.begin(s, "b", "unit", "new", noon); !fresh || a.ID != "new" || a.Owner != "unit" || a.Circle != "c" || a.Viewed {
		t.Errorf("got %+v, fresh %v", a, fresh)
	}
}
