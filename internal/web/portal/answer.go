package portal

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/referral"
)

// given is an answer as somebody wrote it, in the form or in a row of a
// spreadsheet.
type given struct {
	Row                       int // of the spreadsheet; zero for the form
	Line, URL                 string
	Status, Countries, Reason string
}

// Fault is what is wrong with an answer: a code, said as "door.fault.<code>", and
// where.
type Fault struct {
	Row  int    // of the spreadsheet; zero for the form
	What string // the line's address, or what was written
	Code string
}

// Bounds of an answer, as referral.Desk has them.
const (
	maxReason    = 4096
	maxCountries = 60
)

// statuses are the answers a provider can give, in the order the form offers them.
var statuses = []staydown.LineState{staydown.LineRemoved, staydown.LineDisabled, staydown.LineRefused,
	staydown.LineAlreadyGone, staydown.LineNeedMore, staydown.LineWrongAddressee}

// sayable lists the answers that a line's state allows.
func sayable(l staydown.Line) []staydown.LineState {
	allowed := staydown.LineTable.Allowed(l.State)
	var out []staydown.LineState
	for _, s := range statuses {
		if slices.Contains(allowed, staydown.LineActs[s]) {
			out = append(out, s)
		}
	}
	return out
}

// fromForm collects the answers of the form. Only lines of the letter count: a
// field for another line is a fault.
func fromForm(form url.Values) []given {
	var out []given
	for name := range form {
		line, ok := strings.CutPrefix(name, "status-")
		if !ok {
			if line, ok = strings.CutPrefix(name, "reason-"); !ok || form.Has("status-"+line) {
				continue
			}
		}
		out = append(out, given{Line: line, Status: form.Get("status-" + line), Countries: form.Get("countries-" + line), Reason: form.Get("reason-" + line)})
	}
	slices.SortFunc(out, func(a, b given) int { return strings.Compare(a.Line, b.Line) })
	return out
}

// judged is what came of answers looked at against their letter.
type judged struct {
	answers []referral.LineAnswer // what is new
	same    int                   // what is on file already
	faults  []Fault
}

// judge checks answers against the letter's lines.
func judge(lines []staydown.Line, said []given) judged {
	var out judged
	byID := make(map[string]staydown.Line, len(lines))
	for _, l := range lines {
		byID[string(l.ID)] = l
	}
	seen := make(map[string]bool)
	for _, g := range said {
		g.tidy()
		if g.Status == "" && g.Reason == "" && g.Countries == "" {
			continue
		}
		l, known := byID[g.Line]
		switch {
		case !known:
			out.fault(g, g.Line, "line")
		case seen[g.Line]:
			out.fault(g, l.Location, "twice")
		case g.URL != "" && g.URL != l.Location:
			out.fault(g, l.Location, "url")
		default:
			seen[g.Line] = true
			out.take(l, g)
		}
	}
	return out
}

func (j *judged) fault(g given, what, code string) {
	j.faults = append(j.faults, Fault{Row: g.Row, What: what, Code: code})
}

// take checks one answer to a line that exists.
func (j *judged) take(l staydown.Line, g given) {
	status := staydown.LineState(g.Status)
	countries, ok := countriesOf(g.Countries)
	switch {
	case g.Status == "":
		j.fault(g, l.Location, "empty")
	case g.Status == string(l.State) && slices.Equal(countries, l.Countries) && g.Reason == l.Reason:
		j.same++ // also when the line allows no answer any more
	case !slices.Contains(statuses, status):
		j.fault(g, l.Location, "status")
	case !slices.Contains(sayable(l), status):
		j.fault(g, l.Location, "closed")
	case !ok:
		j.fault(g, l.Location, "countries")
	case len(countries) > 0 && status != staydown.LineDisabled:
		j.fault(g, l.Location, "countries_only")
	case status == staydown.LineRefused && g.Reason == "":
		j.fault(g, l.Location, "reason")
	case len(g.Reason) > maxReason:
		j.fault(g, l.Location, "long")
	default:
		j.answers = append(j.answers, referral.LineAnswer{Line: l.ID, Status: status, Countries: countries, Reason: g.Reason})
	}
}

// tidy brings what people type into the form the desk keeps.
func (g *given) tidy() {
	g.Line, g.URL = strings.TrimSpace(g.Line), strings.TrimSpace(g.URL)
	g.Status = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(g.Status)), " ", "_")
	g.Countries = strings.TrimSpace(g.Countries)
	g.Reason = strings.TrimSpace(connector.Plain(g.Reason))
	if !utf8.ValidString(g.Line) || len(g.Line) > maxReason {
		g.Line = "?"
	}
}

// countriesOf reads a list of two-letter country codes, sorted, each once.
func countriesOf(s string) ([]string, bool) {
	words := strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return strings.ContainsRune(" ,;/|\t\r\n", r) })
	for _, w := range words {
		if len(w) != 2 || strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return nil, false
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) == 0 {
		return nil, true
	}
	return words, len(words) <= maxCountries
}
