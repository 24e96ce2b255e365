package desk

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/store"
)

// campaign adds an action day with one delivered letter of n lines, of which the provider says that it removed all, and of
// which we saw gone as many as told.
func (h *house) campaign(n, gone int) staydown.Campaign {
	h.t.Helper()
	now := h.clock()
	c := staydown.Campaign{ID: staydown.NewID(now), Owner: h.unit.ID, Name: "Action days 21–24 November", State: staydown.CampaignReleased, Units: []staydown.ID{h.unit.ID},
		OpensAt: now.Add(-50 * time.Hour), ReleaseAt: now.Add(-30 * time.Hour), EndsAt: now.Add(46 * time.Hour), WatchTo: now.Add(720 * time.Hour), CreatedAt: now}
	asked := now.Add(-24 * time.Hour)
	l := staydown.Letter{ID: staydown.NewID(now), Owner: h.unit.ID, Circle: c.ID, Campaign: c.ID, Provider: h.provider.ID, Instrument: "referral", State: staydown.LetterAnswered, Reference: "BE-2019-90001",
		Channel: "webhook", Lines: n, DraftedBy: h.people["ann"].ID, DraftedAt: asked, ApprovedBy: h.people["lea"].ID, ApprovedAt: asked, SentAt: asked, DeliveredAt: asked, AnsweredAt: asked.Add(time.Hour)}
	h.must(h.s.Act(h.t.Context(), access.System("test"), func(tx *store.Tx) error {
		for _, err := range []error{tx.AddCampaign(c), tx.Join(c.ID, h.unit.ID), tx.AddLetter(l)} {
			if err != nil {
				return err
			}
		}
		for i := range n {
			if err := h.askedFor(tx, c, l, i, i < gone); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "release", Noun: "campaign", Subject: c.ID, Circle: c.ID})
	}))
	return c
}

// askedFor adds one item of a letter, with a look that saw it gone or up.
func (h *house) askedFor(tx *store.Tx, c staydown.Campaign, l staydown.Letter, n int, gone bool) error {
	seen := l.SentAt.Add(time.Duration(n+1) * 20 * time.Minute)
	i := staydown.Item{ID: tx.NewID(), Circle: c.ID, Owner: h.unit.ID, Campaign: c.ID, Location: fmt.Sprintf("https://relay.example/day/%d", n), Host: "relay.example", Provider: h.provider.ID,
		State: staydown.ItemAssessed, Kind: "post", Verdict: staydown.TerroristContent, Ground: staydown.Recruits, SeenAt: l.SentAt.Add(-time.Hour), CapturedAt: l.SentAt.Add(-time.Hour),
		DecidedAt: l.SentAt, TheySay: staydown.LineRemoved, WeSaw: staydown.Up, WeSawAt: seen}
	ln := staydown.Line{ID: tx.NewID(), Letter: l.ID, Owner: h.unit.ID, Circle: c.ID, Item: i.ID, Provider: h.provider.ID, Location: i.Location, Kind: "post", Ground: "c", State: staydown.LineRemoved,
		MeasureAt: seen, AnsweredAt: l.AnsweredAt, WeSaw: staydown.Up, WeSawAt: seen}
	check := staydown.Check{ID: tx.NewID(), Item: i.ID, Line: ln.ID, Letter: l.ID, Owner: h.unit.ID, Circle: c.ID, State: staydown.CheckDone, N: 1, DueAt: seen, At: seen, Verdict: staydown.Up, Signal: "content",
		Places: []staydown.Place{{From: "direct", Country: "BE", Verdict: staydown.Up, Signal: "content"}}}
	if gone {
		i.WeSaw, i.GoneAt, ln.WeSaw, ln.GoneAt, check.Verdict, check.Signal, check.Cause = staydown.Gone, seen, staydown.Gone, seen, staydown.Gone, "404", "unknown"
	}
	i.Line = ln.ID
	for _, err := range []error{tx.AddItem(i), tx.AddLine(ln), tx.AddCheck(check)} {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestTheBoardShowsWhatTheySayBesideWhatWeSaw(t *testing.T) {
	h := newHouse(t, 0)
	c := h.campaign(20, 12)
	lea := h.browserOf("lea")
	board := lea.get("/campaigns/"+string(c.ID)).want(200).says("Action days 21–24 November", "Day 3 of 4", "they say removed", "we saw gone", "says removed, still up", "Freeze sends")
	for name, want := range map[string]string{"say": "20", "gone": "12", "referred": "20"} {
		if !strings.Contains(board.body, `data-live="`+name+`">`+want+"<") {
			t.Errorf("%s is not %s", name, want)
		}
	}
	for _, link := range []string{"/items?campaign=" + string(c.ID) + "&amp;saw=gone", "/letters?campaign=" + string(c.ID)} {
		if !strings.Contains(board.body, link) {
			t.Errorf("no link to %s", link)
		}
	}
	if rows := strings.Count(lea.get("/items?campaign="+string(c.ID)+"&saw=gone").want(200).body, `class="what"`); rows != 12 {
		t.Errorf("%d rows stand behind the 12", rows)
	}
	lea.get("/providers/"+string(h.provider.ID)).want(200).says("says removed, still up", "Action days")
	lea.get("/campaigns/"+string(c.ID)+"/providers").want(200).says("Relay", "8")
	lea.get("/campaigns/" + string(c.ID) + "?wall=1").want(200).says("Back to the desk")

	lea.get("/campaigns/" + string(c.ID) + "/freeze").want(200).says("No letter leaves any more")
	lea.post("/campaigns/"+string(c.ID)+"/freeze", nil).want(303)
	lea.get("/campaigns/"+string(c.ID)).want(200).says("Frozen", "Let sends go on")
	h.browserOf("ann").post("/campaigns/"+string(c.ID)+"/thaw", nil).want(403)
	h.browserOf("far").get("/campaigns/" + string(c.ID)).want(404)
}

// The stream says the figures at once, and says when they have changed; one poller serves all watchers and ends with the
// last.
func TestTheBoardIsLive(t *testing.T) {
	h := newHouse(t, 0)
	c := h.campaign(4, 1)
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, "GET", h.server.URL+"/campaigns/"+string(c.ID)+"/live", nil)
	h.must(err)
	res, err := h.browserOf("lea").client.Do(r)
	h.must(err)
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", want, lines.Err())
	}
	next(`"gone":"1"`)
	letters, err := h.s.Letters(t.Context(), []staydown.ID{c.ID}, referral.Filter{Limit: 1})
	h.must(err)
	h.must(h.s.Act(t.Context(), access.System("test"), func(tx *store.Tx) error {
		if err := h.askedFor(tx, c, letters[0], 9, true); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "look", Noun: "check", Subject: c.ID, Circle: c.ID})
	}))
	next(`"gone":"2"`)
	next("event: stale")
	stop()
	for range 100 {
		h.d.boards.mu.Lock()
		left := len(h.d.boards.pollers)
		h.d.boards.mu.Unlock()
		if left == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the poller goes on without a watcher")
}

func TestWhoLies(t *testing.T) {
	for _, c := range []struct {
		say, up int
		want    bool
	}{{0, 0, false}, {1622, 1002, true}, {1000, 20, false}, {2, 1, false}, {2, 2, true}, {100, 19, false}, {100, 20, true}} {
		if got := lies(report.Count{SayRemoved: c.say, SaidRemovedUp: c.up}); got != c.want {
			t.Errorf("says %d, up %d: %v", c.say, c.up, got)
		}
	}
}

func TestDaysOfACampaign(t *testing.T) {
	at := time.Date(2019, 11, 21, 8, 0, 0, 0, time.UTC)
	c := staydown.Campaign{OpensAt: at, EndsAt: at.Add(96 * time.Hour)}
	for hours, want := range map[int][2]int{-1: {0, 0}, 0: {1, 4}, 23: {1, 4}, 24: {2, 4}, 95: {4, 4}, 96: {0, 0}} {
		day, days := dayOf(c, at.Add(time.Duration(hours)*time.Hour))
		if diff := cmp.Diff(want, [2]int{day, days}); diff != "" {
			t.Errorf("%d hours: %s", hours, diff)
		}
	}
}
