package referral

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/location"
)

// Facts are what the eleven checks look at, loaded in the transaction of the act that asks.
type Facts struct {
	Letter   staydown.Letter
	Sender   staydown.Authority
	Provider staydown.Provider
	Now      time.Time
	Lines    []LineFacts
}

// LineFacts are the facts of one line.
type LineFacts struct {
	Line           staydown.Line
	Item           staydown.Item
	Assessment     staydown.Assessment
	Query          staydown.Query // zero when nobody asked yet
	AskedElsewhere bool           // an open or successful notice of the same kind exists, in whatever circle
}

// Check runs the eleven checks before anything leaves (docs/design/lifecycle.md). Each gives one finding that names the
// lines concerned.
func Check(f Facts, known KnownGood) []staydown.Finding {
	return []staydown.Finding{
		f.each(1, false, "not viewed by a named person of this authority", "the captured exhibit was viewed, or identical bytes were", notViewed),
		f.each(2, false, "the purpose test is not answered for this posting", "the purpose of every posting is answered", noPurpose),
		f.each(3, true, "the address reaches beyond one posting", "every address is exact", tooBroad),
		f.each(4, true, "the publisher is on the known-good list", "no publisher is on the known-good list", func(l LineFacts) bool { return known.Has(l.Item.Host) }),
		f.deconflicted(),
		f.sender(),
		f.hours(),
		f.batch(),
		f.each(9, true, "an open or successful notice on this address exists", "no address was asked for before", func(l LineFacts) bool { return l.AskedElsewhere }),
		f.twoPeople(),
		f.each(11, false, "the text would show an invite, a session or how we saw it", "no source shows", showsSource),
	}
}

func (f Facts) each(n int, override bool, bad, good string, is func(LineFacts) bool) staydown.Finding {
	var lines []staydown.ID
	for _, l := range f.Lines {
		if is(l) {
			lines = append(lines, l.Line.ID)
		}
	}
	if len(lines) > 0 {
		return staydown.Finding{Check: n, Override: override, Lines: lines, Text: fmt.Sprintf("%s (%d of %d lines)", bad, len(lines), len(f.Lines))}
	}
	return staydown.Finding{Check: n, OK: true, Text: good}
}

func notViewed(l LineFacts) bool {
	a := l.Assessment
	return a.ID == "" || a.Officer == "" || a.Owner != l.Line.Owner || !(a.Viewed || a.Batch != "" && a.Context)
}

func noPurpose(l LineFacts) bool { return l.Assessment.Purpose != staydown.PurposeSpread }

// tooBroad lets an account, channel or site through only where that very thing was captured and judged as such.
func tooBroad(l LineFacts) bool {
	if !location.BreadthOf(l.Line.Location).Wide() {
		return false
	}
	itself := l.Item.Kind == "account" || l.Item.Kind == "channel" || l.Item.Kind == "site"
	return !(itself && !l.Item.CapturedAt.IsZero() && l.Assessment.Viewed)
}

// deconflicted: an active hold is never overridden; silence may be, by a named person.
func (f Facts) deconflicted() staydown.Finding {
	var held, silent []staydown.ID
	for _, l := range f.Lines {
		switch q := l.Query; {
		case q.State == staydown.QueryHeld:
			held = append(held, l.Line.ID)
		case q.State == staydown.QueryPartial && l.Item.Kind == "account":
			held = append(held, l.Line.ID)
		case q.State == staydown.QueryClear, q.State == staydown.QueryPartial, q.State == staydown.QueryNoAnswer && q.DecidedBy != "":
		default:
			silent = append(silent, l.Line.ID)
		}
	}
	switch {
	case len(held) > 0:
		return staydown.Finding{Check: 5, Lines: held, Text: fmt.Sprintf("held for an investigation (%d of %d lines)", len(held), len(f.Lines))}
	case len(silent) > 0:
		return staydown.Finding{Check: 5, Override: true, Lines: silent, Text: fmt.Sprintf("the other authorities have not answered (%d of %d lines)", len(silent), len(f.Lines))}
	}
	return staydown.Finding{Check: 5, OK: true, Text: "nobody holds any address"}
}

func (f Facts) sender() staydown.Finding {
	var lines []staydown.ID
	for _, l := range f.Lines {
		if l.Assessment.Owner != f.Letter.Owner {
			lines = append(lines, l.Line.ID)
		}
	}
	if len(lines) > 0 || f.Sender.ID != f.Letter.Owner || f.Sender.Email == "" {
		return staydown.Finding{Check: 6, Lines: lines, Text: "the sender must be the authority that decided, with its own address"}
	}
	return staydown.Finding{Check: 6, OK: true, Text: "sent by " + f.Sender.Name + ", who decided"}
}

// hours warns outside the recipient's contact hours; it never stops anything.
func (f Facts) hours() staydown.Finding {
	ok, local := withinHours(f.Provider, f.Now)
	if !ok {
		return staydown.Finding{Check: 7, Warning: true, Text: "outside the recipient's contact hours: it is " + local + " there"}
	}
	return staydown.Finding{Check: 7, OK: true, Text: "within the recipient's contact hours, " + local}
}

func withinHours(p staydown.Provider, now time.Time) (bool, string) {
	zone, err := time.LoadLocation(p.TZ)
	if err != nil || p.TZ == "" {
		zone = time.UTC
	}
	local := now.In(zone)
	shown := local.Format("Mon 15:04 MST")
	from, to, ok := strings.Cut(p.ContactHours, "-")
	if !ok {
		return true, shown
	}
	clock := local.Format("15:04")
	weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
	return !weekend && clock >= from && clock < to, shown
}

// batch is the alarm on a batch that looks put together by a machine gone wrong: hosts that are not the recipient's, or
// one title over and over from many accounts. In April 2019 some 550 wrong addresses went to one archive in a week.
func (f Facts) batch() staydown.Finding {
	hosts := append([]string{f.Provider.Host}, f.Provider.Hosts...)
	var foreign []staydown.ID
	titles, accounts := map[string]int{}, map[string]map[string]bool{}
	for _, l := range f.Lines {
		if !slices.Contains(hosts, l.Item.Host) {
			foreign = append(foreign, l.Line.ID)
		}
		if t := strings.TrimSpace(l.Item.Title); t != "" {
			titles[t]++
			if accounts[t] == nil {
				accounts[t] = map[string]bool{}
			}
			accounts[t][l.Item.Account] = true
		}
	}
	if len(foreign) > 0 {
		return staydown.Finding{Check: 8, Override: true, Lines: foreign, Text: fmt.Sprintf("%d addresses are not on a host of this provider", len(foreign))}
	}
	for t, n := range titles {
		if len(f.Lines) >= 20 && n*2 > len(f.Lines) && len(accounts[t])*2 > n {
			return staydown.Finding{Check: 8, Override: true, Text: fmt.Sprintf("%d of %d lines carry one title from many accounts: is it the provider's own page?", n, len(f.Lines))}
		}
	}
	return staydown.Finding{Check: 8, OK: true, Text: "the batch looks like its parts"}
}

func (f Facts) twoPeople() staydown.Finding {
	if f.Letter.ApprovedBy != "" && f.Letter.ApprovedBy == f.Letter.DraftedBy {
		return staydown.Finding{Check: 10, Text: "drafted and approved by the same person"}
	}
	return staydown.Finding{Check: 10, OK: true, Text: "another person than the drafter approves"}
}

var (
	inviteLink = regexp.MustCompile(`(?i)/joinchat/|/\+[a-z0-9_-]{8,}|/invite/|discord\.gg/|chat\.whatsapp\.com/`)
	secretArg  = regexp.MustCompile(`(?i)[?&#;](token|session|sessionid|sid|auth|access_token|key|sig|signature|invite|password|jwt)=`)
	ownWords   = regexp.MustCompile(`(?i)\b(covert account|undercover|sock ?puppet|informant|our (account|vpn|proxy))\b`)
)

func showsSource(l LineFacts) bool {
	for _, text := range []string{l.Line.Location, l.Line.Explanation, l.Line.Clause} {
		if inviteLink.MatchString(text) || secretArg.MatchString(text) {
			return true
		}
	}
	return ownWords.MatchString(l.Assessment.Danger) // the officer's own words; a quoted passage may say what it likes
}

func digestOf(parts []string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}
