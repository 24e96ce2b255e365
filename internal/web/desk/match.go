package desk

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/locale"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/web/page"
)

// MatchPage is the match debugger: what something is hashed to, what it resembles, and why what nearly counted does not.
type MatchPage struct {
	Kinds       []Choice
	Value, Seed string
	Bypass      bool
	MostFile    int64
	Answer      *MatchAnswer
	Compare     CompareForm
	Trouble     *Trouble
}

// MatchAnswer is what banks know of what was asked.
type MatchAnswer struct {
	Asked           []SignalLine
	MoreAsked       int
	Hits, Good, Not []HitLine
	Cut             bool
}

// HitLine is one resemblance, with what it comes to and why.
type HitLine struct {
	Outcome          staydown.Outcome
	Mark             string
	Bank, BankLink   string
	Negative         bool
	Link, Number     string
	Note, Kind       string
	Value, Turn      string
	Quality          string
	Distance, Radius int
	Measured         bool // there is something between the same and different
	Labels           []LabelLine
	Opinion          staydown.Opinion
	Opinions         []OpinionLine
	Standing         staydown.Standing
	Owner, Source    string
	Pairs            []PairLine
	MorePairs        int
	Video            bool
	Frames, Fits     int
	Why              []ReasonLine
	Bits             *BitsPair // the closest pair, where it is one of pictures
}

// PairLine is one place where the two are alike.
type PairLine struct {
	At, To         time.Duration
	Frame, ToFrame int
	Distance       int
}

// ReasonLine is one reason: in the reader's language by its code, with the exact words of the core beside it where those
// are in another.
type ReasonLine struct {
	Code, Text string
	Own        bool // the text alone says it: the reader reads English, or the catalogue has no word
}

// CompareForm is two hashes to be laid side by side, and what came of it.
type CompareForm struct {
	Kinds   []Choice
	A, B    string
	Result  *bank.Compared
	Why     []ReasonLine
	Percent bool // the distance is one of texts
	Bits    *BitsPair
	Trouble *Trouble
}

var matchView = page.NewView[MatchPage](templates, "match.html")

// autoKind lets the page find out what was pasted.
const autoKind = "auto"

func (v *visit) matchKinds(chosen string) []Choice {
	return choices(append([]string{autoKind}, staydown.SignalKinds()...), chosen)
}

func (v *visit) matchPage() error {
	if err := v.mayAsk(); err != nil {
		return err
	}
	return v.showMatch(http.StatusOK, MatchPage{})
}

// mayAsk refuses who may not see distances and reasons; the API answers such a caller without them, a debugger without
// them is no use.
func (v *visit) mayAsk() error {
	if err := v.caller.May(access.Lookup); err != nil {
		return err
	}
	return v.caller.May(access.Explain)
}

func (v *visit) showMatch(status int, p MatchPage) error {
	p.MostFile = mostFileSaid
	if p.Kinds == nil {
		p.Kinds = v.matchKinds(v.field("kind"))
	}
	if p.Compare.Kinds == nil {
		p.Compare.Kinds = choices(comparedKinds, "")
	}
	return matchView.Render(v.w, status, v.shell("banks", "match.title"), p)
}

// lookUp answers a question. It changes nothing but the log of who asked, and how often each content matched.
func (v *visit) lookUp() error {
	if err := v.mayAsk(); err != nil {
		return err // before a file is read
	}
	if err := v.asks.take(v.caller.Actor.Person); err != nil {
		return err
	}
	data, err := v.upload()
	p := MatchPage{}
	var ask bank.Ask
	if err == nil {
		p = MatchPage{Value: v.field("value"), Seed: v.field("seed"), Bypass: v.field("bypass") == "yes"}
		ask = askOf(v.field("kind"), p.Value)
		ask.Bytes, ask.Seed, ask.Bypass, ask.Why = data, p.Seed, p.Bypass, true
		var a bank.Answer
		if a, err = v.Banks.Lookup(v.ctx(), v.caller, ask); err == nil {
			p.Answer = v.matchAnswer(a)
			return v.showMatch(http.StatusOK, p)
		}
	}
	return v.again(err, func(t *Trouble) error {
		p.Trouble = t
		return v.showMatch(http.StatusUnprocessableEntity, p)
	})
}

// askOf makes a question of what was pasted.
func askOf(kind, value string) bank.Ask {
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return bank.Ask{}
	case kind == staydown.SignalText:
		return bank.Ask{Text: value}
	case kind != "" && kind != autoKind:
		return bank.Ask{Signals: signalsOf(kind, value)}
	}
	var all []bank.Signal
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		found := guess(line)
		if found == nil {
			return bank.Ask{Text: value}
		}
		all = append(all, found...)
	}
	return bank.Ask{Signals: all}
}

// guess says what a line may be: 64 digits are a PDQ or a SHA-256, 32 an MD5 of a file or of an address. Nil: a text.
func guess(line string) []bank.Signal {
	var kinds []string
	switch {
	case isHex(line, 64):
		kinds = []string{staydown.SignalPDQ, staydown.SignalSHA256}
	case isHex(line, 32):
		kinds = []string{staydown.SignalMD5, staydown.SignalURLMD5}
	case len(line) == 72 && strings.HasPrefix(strings.ToUpper(line), "T1") && isHex(line[2:], 70):
		kinds = []string{staydown.SignalTLSH}
	case !strings.ContainsAny(line, " \t") && (strings.HasPrefix(strings.ToLower(line), "http://") || strings.HasPrefix(strings.ToLower(line), "https://")):
		return ofAddress(line)
	}
	var out []bank.Signal
	for _, kind := range kinds {
		if _, err := bank.Clean(kind, line); err == nil { // a digest of zeros is no PDQ
			out = append(out, bank.Signal{Kind: kind, Value: line, Quality: staydown.UnknownQuality})
		}
	}
	return out
}

// ofAddress asks for an address as it is, and for both digests of it that lists carry.
func ofAddress(line string) []bank.Signal {
	if _, err := bank.Clean(staydown.SignalURL, line); err != nil {
		return nil
	}
	out := []bank.Signal{{Kind: staydown.SignalURL, Value: line, Quality: staydown.UnknownQuality}}
	for _, digest := range []func(string) (string, error){location.MD5, location.PartnerMD5} {
		if value, err := digest(line); err == nil {
			out = append(out, bank.Signal{Kind: staydown.SignalURLMD5, Value: value, Quality: staydown.UnknownQuality})
		}
	}
	return out
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// The debugger lists so many signals of a question and pairs of a hit.
const (
	askedShown = 100
	pairsShown = 10
)

func (v *visit) matchAnswer(a bank.Answer) *MatchAnswer {
	m := &MatchAnswer{Cut: a.Cut, MoreAsked: max(len(a.Asked)-askedShown, 0)}
	for _, s := range a.Asked[:min(len(a.Asked), askedShown)] {
		line := signalLine(s.Kind, s.Value, s.Quality, s.Frame, s.AtMS, s.Turn)
		if s.Skipped != nil {
			why := v.reason(*s.Skipped)
			line.Skipped = &why
		}
		m.Asked = append(m.Asked, line)
	}
	lines := func(hits []bank.Hit) (out []HitLine) {
		for _, h := range hits {
			out = append(out, v.hitLine(a, h))
		}
		return out
	}
	m.Hits, m.Good, m.Not = lines(a.Hits), lines(a.Good), lines(a.Not)
	return m
}

func (v *visit) hitLine(a bank.Answer, h bank.Hit) HitLine {
	l := HitLine{Outcome: h.Outcome, Mark: outcomeMark(h.Outcome), Bank: h.Bank.Name, BankLink: "/banks/" + string(h.Bank.ID), Negative: h.Bank.Negative, Link: contentPath(h.Content),
		Number: strconv.FormatInt(h.Content.Number, 10), Note: h.Content.Note, Kind: h.Kind, Value: h.Value, Turn: h.Turn, Distance: h.Distance, Radius: h.Radius,
		Measured: !staydown.IsExact(h.Kind) && h.Kind != staydown.SignalTrend, Labels: said(h.Content.Labels), Opinion: h.Opinion, Standing: h.Content.Standing, Owner: v.authorityName(h.Bank.Owner), Source: h.Content.Source,
		Frames: h.Frames, Fits: h.Fits, Why: v.reasons(h.Why), Quality: signalLine(h.Kind, "", h.Quality, 0, 0, "").Quality, MorePairs: max(len(h.Pairs)-pairsShown, 0)}
	if h.Content.Source == staydown.SourceOwn {
		l.Source = ""
	}
	for _, o := range h.Opinions {
		l.Opinions = append(l.Opinions, v.opinionLine(o))
	}
	for _, p := range h.Pairs[:min(len(h.Pairs), pairsShown)] {
		l.Pairs = append(l.Pairs, PairLine{At: time.Duration(p.AtMS) * time.Millisecond, To: time.Duration(p.ToAtMS) * time.Millisecond, Frame: p.Frame, ToFrame: p.ToFrame, Distance: p.Distance})
		l.Video = l.Video || p.AtMS > 0 || p.ToAtMS > 0 || p.Frame > 0 || p.ToFrame > 0
	}
	if len(h.Pairs) > 0 && (h.Kind == staydown.SignalPDQ || h.Kind == staydown.SignalFrame) {
		if n := h.Pairs[0].Asked; n >= 0 && n < len(a.Asked) {
			l.Bits = v.bits(a.Asked[n].Value, h.Value)
		}
	}
	return l
}

func (v *visit) bits(a, b string) *BitsPair {
	return bitsPair(a, b, v.words.T("match.bits.asked"), v.words.T("match.bits.known"))
}

// outcomeMark is the colour and shape of an outcome.
func outcomeMark(o staydown.Outcome) string {
	switch o {
	case staydown.OutcomeMatch:
		return page.StateUp
	case staydown.OutcomeReview:
		return page.StateWarn
	}
	return page.StateUnknown
}

func (v *visit) reasons(all []staydown.Reason) (out []ReasonLine) {
	for _, r := range all {
		out = append(out, v.reason(r))
	}
	return out
}

func (v *visit) reason(r staydown.Reason) ReasonLine {
	return ReasonLine{Code: r.Code, Text: r.Text, Own: r.Text != "" && (v.words.Lang() == locale.English || !v.words.Has("bank_why."+r.Code))}
}

// comparedKinds are the kinds that two values of can be laid side by side.
var comparedKinds = []string{staydown.SignalPDQ, staydown.SignalText, staydown.SignalTLSH, staydown.SignalURL, staydown.SignalSHA256, staydown.SignalMD5}

func (v *visit) compareTwo() error {
	if err := v.mayAsk(); err != nil {
		return err
	}
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.asks.take(v.caller.Actor.Person); err != nil {
		return err
	}
	kind := v.field("compare_kind")
	f := CompareForm{Kinds: choices(comparedKinds, kind), A: v.field("a"), B: v.field("b")}
	r, err := v.Banks.Compare(v.caller, kind, f.A, f.B)
	if err != nil {
		return v.again(err, func(t *Trouble) error {
			f.Trouble = t
			return v.showMatch(http.StatusUnprocessableEntity, MatchPage{Compare: f})
		})
	}
	f.Result, f.Why, f.Percent = &r, v.reasons(r.Why), kind == staydown.SignalText
	if kind == staydown.SignalPDQ {
		f.Bits = bitsPair(r.A, r.B, v.words.T("match.bits.a"), v.words.T("match.bits.b"))
	}
	return v.showMatch(http.StatusOK, MatchPage{Compare: f})
}
