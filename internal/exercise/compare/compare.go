package compare

import (
	"fmt"
	"time"

	"github.com/staydown/staydown/internal/exercise/practice"
	"github.com/staydown/staydown/internal/exercise/world"
)

// Result is what a comparison found.
type Result struct {
	Desk, Truth Counts
	Measures    []Measure // of seen things, in a fixed order
	Differences []Difference
	Providers   []ProviderLine
	OK          bool
}

// Measure is how well one kind of thing was seen.
type Measure struct {
	Name  string // "gone", "gone_by_author", "returned", "returned_flipped", ...
	True  int    // how often it was so
	Found int    // of those, seen as such
	Said  int    // how often the desk says so
	Right int    // of those, rightly
	Need  float64
}

// Recall is the share of true cases found; 1 when there was none.
func (m Measure) Recall() float64 { return portion(m.Found, m.True) }

// Precision is the share of said cases that were right; 1 when none was said.
func (m Measure) Precision() float64 { return portion(m.Right, m.Said) }

func portion(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// needed is the least recall of gone. One miss is allowed in an exercise too
// small for a share to mean anything.
const needed = 0.97

func (m Measure) enough() bool {
	return m.Recall() >= m.Need || m.Need < 1 && m.True-m.Found <= 1
}

// ProviderLine is one row of the table per provider.
type ProviderLine struct {
	Name    string `json:"name"`
	Letters int    `json:"in_letters"`       // items in delivered letters
	TheySay int    `json:"they_say_removed"` // removed, says the provider
	WeSaw   int    `json:"we_saw_gone"`      // gone, say our own eyes
	Up      int    `json:"still_up"`         // there at our last look
	Against int    `json:"said_removed_up"`  // of those, the provider says removed
	Unknown int    `json:"cannot_tell"`      // neither
	Back    int    `json:"back"`             // came back after it was gone here
}

// comparison is one under way.
type comparison struct {
	world    *world.World
	truth    *practice.Truth
	pairs    []both
	at       map[int]int // item of the world -> index of pairs
	result   Result
	measures map[string]*Measure
	order    []string
}

// Compare holds rows against the truth of a world.
func Compare(w *world.World, t *practice.Truth, rows []Row, f Figures) Result {
	c := &comparison{world: w, truth: t, at: map[int]int{}, measures: map[string]*Measure{}}
	c.result.Desk.Assessed, c.result.Desk.DeliveryUnknown, c.result.Desk.OfficerMinutes = &f.Assessed, &f.DeliveryUnknown, f.OfficerMinutes
	c.pair(rows)
	c.prepare()
	for _, b := range c.pairs {
		if b.row != nil {
			c.result.Desk.addDesk(b)
		}
		if b.fate == nil {
			continue
		}
		c.result.Truth.addTruth(t, b)
		c.existence(b)
		c.delivery(b)
		c.sight(b)
		c.comeback(b)
	}
	if f.Lost > 0 {
		c.result.Desk.Lost += f.Lost
		c.differ(both{}, Lost, fmt.Sprintf("%d messages have not left and will not", f.Lost), "none is lost", true)
	}
	c.table()
	return c.finish()
}

// pair brings the two sides together by address.
func (c *comparison) pair(rows []Row) {
	for _, f := range c.truth.Items() {
		c.at[f.Item] = len(c.pairs)
		c.pairs = append(c.pairs, both{fate: f})
	}
	for i := range rows {
		r := &rows[i]
		f, ok := c.truth.Find(r.Location)
		switch {
		case !ok:
			c.differ(both{row: r}, Stranger, "an item", "nothing was ever there", true)
			c.pairs = append(c.pairs, both{row: r})
		case c.pairs[c.at[f.Item]].row != nil:
			c.differ(both{f, r}, Split, "a second item at "+r.Location, "one posting", true)
			c.pairs = append(c.pairs, both{row: r})
		default:
			c.pairs[c.at[f.Item]].row = r
		}
	}
}

// prepare fixes the order in which measures are told.
func (c *comparison) prepare() {
	c.measure("gone").Need = needed
	c.measure("gone_by_author")
	c.measure("returned")
	for _, tr := range world.Transforms {
		m := c.measure("returned_" + string(tr))
		if !tr.Crop() {
			m.Need = 1
		}
	}
}

func (c *comparison) measure(name string) *Measure {
	m, ok := c.measures[name]
	if !ok {
		m = &Measure{Name: name}
		c.measures[name] = m
		c.order = append(c.order, name)
	}
	return m
}

func (c *comparison) differ(b both, kind Kind, desk, truth string, hard bool) {
	d := Difference{Kind: kind, Desk: desk, Truth: truth, Hard: hard}
	if b.fate != nil {
		d.URL, d.Provider = b.fate.URL, b.fate.Provider
	} else if b.row != nil {
		d.URL, d.Provider = b.row.Location, b.row.Provider
	}
	c.result.Differences = append(c.result.Differences, d)
}

// existence: what was handed in must be there.
func (c *comparison) existence(b both) {
	if b.row == nil && handedIn(b.fate) {
		c.differ(b, Missing, "no item", "handed in", true)
	}
}

// delivery compares the counted things.
func (c *comparison) delivery(b both) {
	f := b.fate
	switch {
	case b.given() && !b.taken():
		c.differ(b, Lost, "delivered in letter "+b.row.Letter, "never came", true)
		return
	case b.taken() && !b.given():
		c.differ(b, Unsent, "not delivered", "came", true)
	}
	if !b.taken() {
		return
	}
	if f.Class == world.Lawful {
		c.differ(b, WrongReferral, "referred", "lawful: "+string(f.Purpose), false)
	}
	if f.Held {
		c.differ(b, HoldBreached, "referred", "an investigation holds it", true)
	}
	if b.row == nil {
		return
	}
	if twice := c.truth.AskedTwice(f); twice != b.row.Doubled {
		c.differ(b, Doubled, times(b.row.Doubled), times(twice), true)
	}
	if terms := b.row.Verdict == "terms_only"; terms != f.Terms && b.given() {
		c.differ(b, Terms, "verdict "+b.row.Verdict, fmt.Sprintf("a letter on the terms alone: %v", f.Terms), true)
	}
	if told := b.said(c.truth); told != b.row.word() && b.given() {
		c.differ(b, Word, nothing(b.row.word()), nothing(told), true)
	}
}

func times(twice bool) string {
	if twice {
		return "asked about twice"
	}
	return "asked about once"
}

func nothing(s string) string {
	if s == "" {
		return "no answer"
	}
	return s
}

// sight compares what the desk saw with what was so at that moment.
func (c *comparison) sight(b both) {
	if b.row == nil || !b.given() && b.row.WeSaw == "" {
		return
	}
	was := b.moment(c.truth)
	gone, author := was.State == "gone", was.State == "gone" && was.Cause != "provider"
	saidGone := b.row.WeSaw == "gone"
	tally(c.measure("gone"), gone, saidGone)
	switch {
	case saidGone && !gone:
		c.differ(b, CalledGone, "gone, seen "+stamp(b.row.WeSawAt), was.State+countries(was), true)
	case gone && (b.row.WeSaw == "up" || b.row.WeSaw == "changed"):
		c.differ(b, StillThere, b.row.WeSaw+", seen "+stamp(b.row.WeSawAt), "gone since "+stamp(was.At)+" by "+was.Cause, true)
	case gone && !saidGone:
		c.differ(b, NotSeen, nothing(b.row.WeSaw), "gone since "+stamp(was.At)+" by "+was.Cause, false)
	}
	// Whose hand it was can only be known where the platform shows it.
	if !gone || !saidGone || !c.shows(b.fate) {
		return
	}
	saidAuthor := b.row.WeSawCause == "author" || b.row.WeSawCause == "timer"
	tally(c.measure("gone_by_author"), author, saidAuthor)
	if author != saidAuthor && b.row.WeSawCause != "" && b.row.WeSawCause != "unknown" {
		c.differ(b, Cause, b.row.WeSawCause, was.Cause, false)
	}
}

func tally(m *Measure, so, said bool) {
	count(&m.True, so)
	count(&m.Said, said)
	count(&m.Found, so && said)
	count(&m.Right, so && said)
}

func (c *comparison) shows(f *practice.Fate) bool {
	for _, p := range c.world.Providers {
		if p.Name == f.Provider {
			return p.Gone.ShowsCause()
		}
	}
	return false
}

// comeback compares returns. A return counts as missed only when the desk had
// seen its original gone and could still look at it: what nobody watched, or what
// was down again within hours, cannot be missed.
func (c *comparison) comeback(b both) {
	f := b.fate
	claimed := b.row != nil && b.row.ReturnOf != ""
	real := f.Of >= 0
	all := c.measure("returned")
	if claimed {
		all.Said++
		count(&all.Right, real)
		if !real {
			c.differ(b, Invented, "back, after "+b.row.ReturnOf, "another posting, "+string(f.Class), true)
			return
		}
		if of, ok := c.truth.Find(b.row.ReturnOf); !ok || !c.related(of.Item, f.Item) {
			c.differ(b, OtherLineage, "goes back to "+b.row.ReturnOf, "goes back to "+c.truth.Fates[f.Of].URL, false)
		}
	}
	if !real || f.Found.IsZero() || !c.watched(f) {
		return
	}
	all.True++
	count(&all.Found, claimed)
	m := c.measure("returned_" + string(f.Transform))
	m.True++
	count(&m.Found, claimed)
	count(&m.Said, claimed)
	count(&m.Right, claimed)
	if claimed {
		return
	}
	if f.Transform.Crop() {
		c.differ(b, MissedCrop, "not noticed", "back, "+string(f.Transform), false)
		return
	}
	c.differ(b, MissedReturn, "not noticed", "back, "+string(f.Transform)+", after "+c.truth.Fates[f.Of].URL, true)
}

// longEnough is how long a return must stand, once a unit has handed it in, for a
// desk to have had the chance to capture it.
const longEnough = 3 * time.Hour

// watched: the desk has seen the original gone, and the return stood long enough
// to be looked at.
func (c *comparison) watched(f *practice.Fate) bool {
	before := c.pairs[c.at[f.Of]].row
	return before != nil && before.WeSaw == "gone" && before.Delivered && f.At(f.Found.Add(longEnough)).State != "gone"
}

// related: the two share their origin, their media or their words.
func (c *comparison) related(a, b int) bool {
	x, y := c.world.Item(a), c.world.Item(b)
	return x.Origin == y.Origin || x.Family >= 0 && x.Family == y.Family || x.Tract >= 0 && x.Tract == y.Tract
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func countries(c practice.Change) string {
	if len(c.Countries) == 0 {
		return ""
	}
	return fmt.Sprint(" in ", c.Countries)
}

// finish sorts what was found and says whether the exercise holds.
func (c *comparison) finish() Result {
	r := &c.result
	for _, name := range c.order {
		r.Measures = append(r.Measures, *c.measures[name])
	}
	sortDifferences(r.Differences)
	r.OK = true
	for _, d := range r.Differences {
		r.OK = r.OK && !d.Hard
	}
	for _, m := range r.Measures {
		r.OK = r.OK && m.enough()
	}
	return *r
}

// table sums up per provider, in the order of the world.
func (c *comparison) table() {
	lines := map[string]*ProviderLine{}
	for _, p := range c.world.Providers {
		c.result.Providers = append(c.result.Providers, ProviderLine{Name: p.Name})
	}
	for i := range c.result.Providers {
		lines[c.result.Providers[i].Name] = &c.result.Providers[i]
	}
	for _, b := range c.pairs {
		if b.fate == nil || b.row == nil {
			continue
		}
		l := lines[b.fate.Provider]
		if b.fate.Of >= 0 && b.row.ReturnOf != "" {
			lines[c.truth.Fates[b.fate.Of].Provider].Back++
		}
		if !b.given() {
			continue
		}
		l.Letters++
		count(&l.TheySay, b.row.TheySay == "removed")
		switch b.row.WeSaw {
		case "gone":
			l.WeSaw++
		case "up", "changed":
			l.Up++
			count(&l.Against, b.row.TheySay == "removed")
		default:
			l.Unknown++
		}
	}
}
