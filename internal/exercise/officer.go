package exercise

import (
	"context"
	"hash/fnv"
	"net/url"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/exercise/world"
)

// An officer of the exercise is a function: of the seed, the address and the turn, so that the same run gives the same
// findings on every machine and after every stop. It reads the captured text as a careful person would, needs minutes for
// it, and errs now and then.

// errorPermille is how often a careful officer reads a lawful posting as one to refer, or the other way round. Most errors
// are caught: the second officer errs independently.
const errorPermille = 15

// shiftFrom and shiftTo bound the officers' day, in UTC.
const (
	shiftFrom = 7
	shiftTo   = 20
)

// onShift tells whether officers work at a time.
func onShift(at time.Time) bool { return at.Hour() >= shiftFrom && at.Hour() < shiftTo }

// opened is what an officer has before them.
type opened struct {
	Item       staydown.ID        `json:"item"`
	Location   string             `json:"location"`
	State      staydown.ItemState `json:"state"`
	Reason     string             `json:"reason"`
	Title      string             `json:"title"`
	Text       string             `json:"text"`
	Language   string             `json:"language"`
	Turn       staydown.Turn      `json:"turn"`
	Candidates []struct {
		Item     staydown.ID `json:"item"`
		Kind     string      `json:"kind"`
		Distance int         `json:"distance"`
	} `json:"candidates"`
}

// finding is what an officer gives.
type finding struct {
	Verdict    staydown.Verdict `json:"verdict"`
	Ground     staydown.Ground  `json:"ground,omitempty"`
	Passage    string           `json:"passage,omitempty"`
	Danger     string           `json:"danger,omitempty"`
	Purpose    staydown.Purpose `json:"purpose"`
	PurposeWhy string           `json:"purpose_why,omitempty"`
	Clause     string           `json:"clause,omitempty"`
	Language   string           `json:"language,omitempty"`
	Public     bool             `json:"public,omitempty"`
	Seconds    int              `json:"seconds"`
}

// judge is what an officer makes of an item.
func judge(seed uint64, o opened) finding {
	f := finding{Purpose: staydown.PurposeCannotTell, Language: "read by the officer", Public: true, Seconds: seconds(seed, o)}
	if o.State == staydown.ItemNotCaptured {
		f.Verdict, f.Public = staydown.OutOfScope, false
		f.PurposeWhy = "nothing could be captured: " + o.Reason
		return f
	}
	r, ok := world.Read(o.Title + "\n" + o.Text)
	if !ok {
		f.Verdict = staydown.Unclear
		if o.Turn == staydown.Third {
			f.Verdict = staydown.OutOfScope
		}
		return f
	}
	f.Passage = r.Passage
	switch wrong := errs(seed, o); {
	case r.Class == world.Terrorist && !wrong:
		f.Verdict, f.Ground, f.Purpose = staydown.TerroristContent, staydown.Ground(r.Ground), staydown.PurposeSpread
	case r.Class == world.TermsOnly && !wrong:
		f.Verdict, f.Purpose, f.Clause = staydown.TermsOnly, staydown.PurposeSpread, "Exercise terms, violent extremism"
	case r.Class == world.Lawful && wrong:
		f.Verdict, f.Ground, f.Purpose = staydown.TerroristContent, staydown.Recruits, staydown.PurposeSpread
	case r.Class == world.Lawful:
		f.Verdict, f.Purpose = staydown.Protected, purposeOf(r.Purpose)
	case r.Class == world.Unclear:
		f.Verdict = staydown.Unclear
		if o.Turn == staydown.Third {
			f.Verdict = staydown.Lawful
		}
	default:
		f.Verdict, f.Purpose = staydown.Lawful, staydown.PurposeDebate
	}
	if f.Ground == staydown.Incites {
		f.Danger = "Exercise: posted in a channel with many followers, days after a planted event."
	}
	return f
}

func purposeOf(p world.Purpose) staydown.Purpose {
	switch p {
	case world.News:
		return staydown.PurposeJournalism
	case world.Document, world.Research:
		return staydown.PurposeResearch
	case world.Satire:
		return staydown.PurposeArt
	case world.Sermon:
		return staydown.PurposeDebate
	}
	return staydown.PurposeEducation
}

// errs draws whether this officer's look at this address goes wrong.
func errs(seed uint64, o opened) bool {
	return draw(seed, "err", string(o.Turn), o.Location)%1000 < errorPermille
}

// seconds draws how long a look takes: two to six minutes, less for a second look.
func seconds(seed uint64, o opened) int {
	s := 120 + int(draw(seed, "seconds", string(o.Turn), o.Location)%240)
	if o.Turn != staydown.First {
		s /= 2
	}
	return s
}

func draw(seed uint64, parts ...string) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for i := range b {
		b[i] = byte(seed >> (8 * i))
	}
	h.Write(b[:])
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	// FNV spreads its high bits badly over short inputs: mix once more.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}

// look takes up to n items of a queue, reads each and gives a finding. It returns how many were taken.
func (r *Run) look(ctx context.Context, d desk, queue string, n int) (int, error) {
	var got struct {
		Taken []struct {
			Item staydown.ID `json:"item"`
		} `json:"taken"`
	}
	if err := d.post(ctx, "/queues/"+queue+"/take", map[string]any{"campaign": r.camp.ID, "n": n}, &got); err != nil {
		return 0, err
	}
	for _, t := range got.Taken {
		if err := r.finding(ctx, d, t.Item, turnOf(queue)); err != nil {
			return 0, err
		}
	}
	return len(got.Taken), nil
}

// finding opens an item that an officer holds, reads it and says what it is.
func (r *Run) finding(ctx context.Context, d desk, item staydown.ID, turn staydown.Turn) error {
	var o opened
	if err := d.post(ctx, "/items/"+string(item)+"/open", nil, &o); err != nil {
		return err
	}
	if o.Turn == "" {
		o.Turn = turn
	}
	return d.post(ctx, "/items/"+string(item)+"/assessments", judge(r.Seed, o), nil)
}

// takeUp lets everybody finish what they held when the run was stopped: otherwise it would lie until their leases end, and
// leave later than in a run that was not.
func (r *Run) takeUp(ctx context.Context) (int, error) {
	n := 0
	for _, u := range r.units {
		for _, d := range u.officers {
			var mine struct {
				Rows []struct {
					Item staydown.ID   `json:"item"`
					Turn staydown.Turn `json:"turn"`
				} `json:"rows"`
			}
			if err := d.get(ctx, "/queues/mine?campaign="+string(r.camp.ID), &mine); err != nil {
				return n, err
			}
			for _, row := range mine.Rows {
				if err := r.finding(ctx, d, row.Item, row.Turn); err != nil {
					return n, err
				}
				n++
			}
		}
	}
	return n, nil
}

func turnOf(queue string) staydown.Turn {
	switch queue {
	case "second":
		return staydown.Second
	case "third":
		return staydown.Third
	}
	return staydown.First
}

// returnRow is one suspicion that something is back.
type returnRow struct {
	ID   staydown.ID `json:"id"`
	Item struct {
		ID staydown.ID `json:"id"`
	} `json:"item"`
}

// confirmReturns lets an officer look at what may be back: news that uses the clip, or a lawful posting that only resembles,
// is dismissed.
func (r *Run) confirmReturns(ctx context.Context, d desk) (int, error) {
	var got struct {
		Rows []returnRow `json:"rows"`
	}
	if err := d.get(ctx, "/returns?state=candidate&limit=200", &got); err != nil {
		return 0, err
	}
	for _, row := range got.Rows {
		var o opened
		if err := d.post(ctx, "/items/"+string(row.Item.ID)+"/open", nil, &o); err != nil {
			return 0, err
		}
		reading, ok := world.Read(o.Title + "\n" + o.Text)
		path, in := "/returns/"+string(row.ID)+"/confirm", any(nil)
		if !ok || reading.Class == world.Lawful {
			path, in = "/returns/"+string(row.ID)+"/dismiss", map[string]any{"reason": "another posting: it reports, or only resembles"}
		}
		if err := d.post(ctx, path, in, nil); err != nil {
			return 0, err
		}
	}
	return len(got.Rows), nil
}

// handInFinds hands in returns that units have come upon since the last look, each as the unit that found it.
func (r *Run) handInFinds(ctx context.Context) (int, error) {
	n := 0
	for {
		var got struct {
			Finds []find `json:"finds"`
		}
		if err := r.providers.get(ctx, "/finds?after="+strconv.Itoa(r.finds), &got); err != nil {
			return n, err
		}
		if len(got.Finds) == 0 {
			return n, nil
		}
		for _, f := range got.Finds {
			u := r.units[r.byCode[f.Unit]]
			lead := map[string]any{"url": f.URL, "source": "own watch of what was removed", "reliability": "B", "credibility": "2", "reference": "find-" + strconv.Itoa(f.N)}
			if err := u.officers[0].post(ctx, "/leads", map[string]any{"campaign": r.camp.ID, "leads": []any{lead}}, nil); err != nil {
				return n, err
			}
			n++
		}
		r.finds += len(got.Finds)
	}
}

// handIn imports the lists whose hour has come, each as its unit, from the very bytes of the list. The same list twice
// changes nothing.
func (r *Run) handIn(ctx context.Context, now time.Time) (int, error) {
	n := 0
	for r.lists < len(r.programme.Lists) && !r.programme.Lists[r.lists].At.After(now) {
		l := r.programme.Lists[r.lists]
		var raw []byte
		if err := r.providers.get(ctx, "/world/lists/"+url.PathEscape(l.Name), &raw); err != nil {
			return n, err
		}
		u := r.units[r.byCode[l.Unit]]
		q := url.Values{"campaign": {string(r.camp.ID)}, "name": {l.Name}, "as": {l.Format}}
		var res struct {
			Rejected int `json:"rejected"`
		}
		if err := u.officers[0].do(ctx, "POST", "/imports?"+q.Encode(), "application/octet-stream", raw, &res); err != nil {
			return n, err
		}
		r.lists++
		n += l.Leads
	}
	return n, nil
}

// letters drafts what is ready in every unit and has it approved by somebody else.
func (r *Run) letters(ctx context.Context, u unit, atLeast int) (int, error) {
	var ready struct {
		Rows []struct {
			Provider staydown.ID `json:"provider"`
			N        int         `json:"n"`
		} `json:"rows"`
	}
	if err := u.lead.get(ctx, "/ready?campaign="+string(r.camp.ID), &ready); err != nil {
		return 0, err
	}
	n := 0
	for _, row := range ready.Rows {
		for left := row.N; left >= atLeast && left > 0; {
			var l letterRow
			err := u.officers[1].post(ctx, "/letters", map[string]any{"campaign": r.camp.ID, "provider": row.Provider}, &l)
			if staydown.CodeOf(err) == "letter.empty" {
				break
			}
			if err != nil {
				return n, err
			}
			if err := r.approve(ctx, u, l.ID); err != nil {
				return n, err
			}
			left -= l.Lines
			n++
		}
	}
	return n, nil
}

type letterRow struct {
	ID    staydown.ID          `json:"id"`
	Lines int                  `json:"lines"`
	State staydown.LetterState `json:"state"`

	SentAt time.Time `json:"sent_at"`
}

// approve lets the lead look at a draft: what can never be overridden is taken out, what may be is overridden with a reason,
// and the letter is approved. A draft of which nothing is left is discarded.
func (r *Run) approve(ctx context.Context, u unit, letter staydown.ID) error {
	var sheet struct {
		Letter   letterRow          `json:"letter"`
		Findings []staydown.Finding `json:"findings"`
		Lines    []struct {
			ID staydown.ID `json:"id"`
		} `json:"lines"`
	}
	path := "/letters/" + string(letter)
	if err := u.lead.get(ctx, path, &sheet); err != nil {
		return err
	}
	out := map[staydown.ID]bool{}
	for _, f := range sheet.Findings {
		switch {
		case f.OK || f.Warning:
		case f.Override && f.Check != 9 && f.Check != 5:
			if err := u.lead.post(ctx, path+"/override", map[string]any{"check": f.Check, "reason": "Exercise: looked at by a second person"}, nil); err != nil {
				return err
			}
		default:
			for _, l := range f.Lines {
				out[l] = true
			}
		}
	}
	if len(out) >= sheet.Letter.Lines {
		return u.officers[1].post(ctx, path+"/discard", map[string]any{"reason": "nothing in it may leave"}, nil)
	}
	for l := range out {
		if err := u.officers[1].post(ctx, "/lines/"+string(l)+"/remove", nil, nil); err != nil {
			return err
		}
	}
	return u.lead.post(ctx, path+"/approve", nil, nil)
}

// finishDrafts approves drafts that a stopped run left behind, and sends again what a channel refused.
func (r *Run) finishDrafts(ctx context.Context, u unit) error {
	var got struct {
		Rows []letterRow `json:"rows"`
	}
	if err := u.lead.get(ctx, "/letters?state=draft&limit=500&owner="+string(u.authority.ID), &got); err != nil {
		return err
	}
	for _, l := range got.Rows {
		if err := r.approve(ctx, u, l.ID); err != nil && staydown.CodeOf(err) != "letter.check" {
			return err
		}
	}
	if err := u.lead.get(ctx, "/letters?state=delivery_failed&limit=500&owner="+string(u.authority.ID), &got); err != nil {
		return err
	}
	for _, l := range got.Rows {
		// What failed this very hour waits for the next: a run that was stopped and does the hour again sends no earlier.
		if !l.SentAt.Before(r.app.Now()) {
			continue
		}
		if err := u.lead.post(ctx, "/letters/"+string(l.ID)+"/resend", nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// failed tells whether a channel has refused a letter that waits to be sent again.
func (r *Run) failed(ctx context.Context) (bool, error) {
	var got struct {
		Rows []letterRow `json:"rows"`
	}
	err := r.units[0].lead.get(ctx, "/letters?state=delivery_failed&limit=1&campaign="+string(r.camp.ID), &got)
	return len(got.Rows) > 0, err
}
