package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/web/page"
)

// Banks is what the pages need of bank. A desk without it has no pages of banks.
type Banks interface {
	Banks(ctx context.Context, c access.Caller) ([]staydown.Bank, error)
	Bank(ctx context.Context, c access.Caller, id staydown.ID) (staydown.Bank, error)
	Open(ctx context.Context, c access.Caller, circle staydown.ID, exchange string, s bank.Settings) (staydown.Bank, error)
	Change(ctx context.Context, c access.Caller, id staydown.ID, s bank.Settings) (staydown.Bank, error)

	Contents(ctx context.Context, c access.Caller, of staydown.ID, f bank.Filter) ([]staydown.BankContent, error)
	Content(ctx context.Context, c access.Caller, of, id staydown.ID) (bank.Whole, error)
	Numbered(ctx context.Context, c access.Caller, of staydown.ID, number int64) (bank.Whole, error)
	Add(ctx context.Context, c access.Caller, to staydown.ID, n bank.New) (staydown.BankContent, error)
	AddFile(ctx context.Context, c access.Caller, to staydown.ID, data []byte, n bank.New) (staydown.BankContent, error)
	Edit(ctx context.Context, c access.Caller, of, id staydown.ID, e bank.Edit) (staydown.BankContent, error)
	Withdraw(ctx context.Context, c access.Caller, of, id staydown.ID, why string) error
	AddAgain(ctx context.Context, c access.Caller, of, id staydown.ID, why string) error
	Confirm(ctx context.Context, c access.Caller, of, id staydown.ID, why string) error
	Reject(ctx context.Context, c access.Caller, of, id staydown.ID, why string) error
	Quarantine(ctx context.Context, c access.Caller, of, id staydown.ID, why string) error
	Release(ctx context.Context, c access.Caller, of, id staydown.ID, why string) error
	Opine(ctx context.Context, c access.Caller, of, id staydown.ID, v bank.Voice) error
	Quarantined(ctx context.Context, c access.Caller, limit int) ([]staydown.BankContent, error)

	Lookup(ctx context.Context, c access.Caller, ask bank.Ask) (bank.Answer, error)
	Compare(c access.Caller, kind, a, b string) (bank.Compared, error)
	Hits(ctx context.Context, c access.Caller, item staydown.ID) ([]bank.Shown, error)
}

// bankPages are the pages of banks and of the match debugger.
func (d *Desk) bankPages() map[string]handler {
	if d.Banks == nil {
		return nil
	}
	return map[string]handler{
		"GET /banks": (*visit).banksPage, "POST /banks": (*visit).openBank,
		"GET /banks/{id}": (*visit).bankPage, "POST /banks/{id}": (*visit).changeBank,
		"POST /banks/{id}/contents":                   (*visit).addContent,
		"GET /banks/{id}/contents/{content}":          (*visit).contentPage,
		"POST /banks/{id}/contents/{content}":         (*visit).editContent,
		"POST /banks/{id}/contents/{content}/opinion": (*visit).giveOpinion,
		"GET /banks/{id}/contents/{content}/{act}":    (*visit).contentActPage,
		"POST /banks/{id}/contents/{content}/{act}":   (*visit).contentAct,
		"GET /quarantine":                             (*visit).quarantinePage,
		"GET /match":                                  (*visit).matchPage, "POST /match": (*visit).lookUp, "POST /match/compare": (*visit).compareTwo,
	}
}

// BanksPage is what is known, bank by bank.
type BanksPage struct {
	Rows       []BankRow
	Waiting    AtLeast // contents put aside for a person
	MayKeep    bool
	MayMatch   bool
	Form       BankForm
	Trouble    *Trouble
	FormIsOpen bool
}

// BankRow is one bank.
type BankRow struct {
	Link, Name, Note, Keeper, Exchange string
	Labels                             []LabelLine
	Negative, Enabled                  bool
	Ratio                              float64
	Radius                             []RadiusLine
	Kinds                              []string // of signals, among the contents that were counted
	Active, Quarantined, Withdrawn     AtLeast
}

// AtLeast is a number that was counted up to a bound only.
type AtLeast struct {
	N    int
	More bool
}

// RadiusLine is how far a signal of a kind may lie.
type RadiusLine struct {
	Kind  string
	N     int
	Usual bool // what a bank counts that names nothing else
	Most  int
	Given string // as it stands in the form
}

// LabelLine is one dimension of labels.
type LabelLine struct {
	Name   string // said as "bank_label.<Name>"
	Values []string
	Given  string // as it stands in the form
}

var banksView = page.NewView[BanksPage](templates, "banks.html")

// The list counts so many contents of a bank, and looks at the signals of so many of them: a bank may hold ten million.
const (
	banksCounted = 200
	banksSampled = 20
)

func (v *visit) banksPage() error { return v.showBanks(http.StatusOK, newBankForm(), nil) }

func (v *visit) showBanks(status int, form BankForm, t *Trouble) error {
	list, err := v.Banks.Banks(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	aside, err := v.Banks.Quarantined(v.ctx(), v.caller, 0)
	if err != nil {
		return err
	}
	p := BanksPage{MayKeep: v.caller.May(access.KeepBanks) == nil, MayMatch: v.mayMatch(), Form: form, Trouble: t, FormIsOpen: t != nil || len(list) == 0, Waiting: AtLeast{N: len(aside), More: len(aside) == asideShown}}
	if p.MayKeep {
		if p.Form.Circles, err = v.circles(form.Circle); err != nil {
			return err
		}
	}
	for _, b := range list {
		row, err := v.bankRow(b, aside)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	return banksView.Render(v.w, status, v.shell("banks", "banks.title"), p)
}

// circles are those a bank can be made in: the own authority, and its campaigns.
func (v *visit) circles(chosen string) ([]Choice, error) {
	campaigns, err := v.Letters.Campaigns(v.ctx(), v.caller)
	if err != nil {
		return nil, err
	}
	out := []Choice{{Value: "", Words: v.authorityName(v.caller.Actor.Authority), Chosen: chosen == ""}}
	for _, c := range campaigns {
		out = append(out, Choice{Value: string(c.ID), Words: c.Name, Chosen: chosen == string(c.ID)})
	}
	return out, nil
}

func (v *visit) bankRow(b staydown.Bank, aside []staydown.BankContent) (BankRow, error) {
	row := BankRow{Link: "/banks/" + string(b.ID), Name: b.Name, Note: b.Note, Keeper: v.authorityName(b.Owner), Exchange: b.Exchange, Labels: said(b.Labels), Negative: b.Negative, Enabled: b.Enabled,
		Ratio: b.Ratio}
	first, err := v.Banks.Contents(v.ctx(), v.caller, b.ID, bank.Filter{Limit: banksCounted})
	if err != nil {
		return row, err
	}
	row.count(first)
	if whole := len(first) < banksCounted; !whole { // those put aside are few, and were listed whole
		row.Quarantined = AtLeast{More: len(aside) == asideShown}
		for _, c := range aside {
			if c.Bank == b.ID {
				row.Quarantined.N++
			}
		}
	}
	var ids []staydown.ID
	for _, c := range first[:min(len(first), banksSampled)] {
		ids = append(ids, c.ID)
	}
	signals, err := v.Keeper.SignalsOf(v.ctx(), ids)
	if err != nil {
		return row, err
	}
	for _, kind := range staydown.SignalKinds() {
		if slices.ContainsFunc(signals, func(s staydown.BankSignal) bool { return s.Kind == kind }) {
			row.Kinds = append(row.Kinds, kind)
		}
	}
	for _, r := range radii(b) {
		if !r.Usual || slices.Contains(row.Kinds, r.Kind) {
			row.Radius = append(row.Radius, r)
		}
	}
	return row, nil
}

func (row *BankRow) count(list []staydown.BankContent) {
	for _, c := range list {
		switch c.State {
		case staydown.ContentActive:
			row.Active.N++
		case staydown.ContentQuarantined:
			row.Quarantined.N++
		case staydown.ContentWithdrawn:
			row.Withdrawn.N++
		}
	}
	more := len(list) == banksCounted
	row.Active.More, row.Withdrawn.More = more, more
}

// mayMatch tells whether this person is offered the match debugger: it shows distances and reasons, which teach how to get
// around a match.
func (v *visit) mayMatch() bool {
	return v.Banks != nil && v.caller.May(access.Lookup) == nil && v.caller.May(access.Explain) == nil
}

// measured are the kinds of signal with a radius, in the order of the form.
var measured = []struct {
	kind string
	most int
}{{staydown.SignalPDQ, staydown.RadiusPDQMost}, {staydown.SignalFrame, staydown.RadiusPDQMost}, {staydown.SignalText, staydown.RadiusTextMost}, {staydown.SignalTLSH, staydown.RadiusTLSHMost}}

func radii(b staydown.Bank) []RadiusLine {
	var out []RadiusLine
	for _, m := range measured {
		n, own := b.Radius[m.kind]
		line := RadiusLine{Kind: m.kind, N: b.RadiusOf(m.kind), Usual: !own, Most: m.most}
		if own {
			line.Given = strconv.Itoa(n)
		}
		out = append(out, line)
	}
	return out
}

// dimensions are the labels by name, with where they are kept.
func dimensions(l *staydown.Labels) []struct {
	name string
	of   *[]string
} {
	return []struct {
		name string
		of   *[]string
	}{{"entity", &l.Entity}, {"kind", &l.Kind}, {"behaviour", &l.Behaviour}, {"incident", &l.Incident}, {"ideology", &l.Ideology}, {"language", &l.Language}}
}

// said are the labels that say something; labelFields are all, for a form.
func said(l staydown.Labels) []LabelLine {
	return slices.DeleteFunc(labelFields(l), func(x LabelLine) bool { return len(x.Values) == 0 })
}

func labelFields(l staydown.Labels) []LabelLine {
	var out []LabelLine
	for _, d := range dimensions(&l) {
		out = append(out, LabelLine{Name: d.name, Values: *d.of, Given: strings.Join(*d.of, ", ")})
	}
	return out
}

// The bounds of labels in a form.
const (
	mostLabels = 50
	longLabel  = 200
)

// labels reads the labels of a form: several in a field are parted by commas, in either script.
func (v *visit) labels() (staydown.Labels, error) {
	var l staydown.Labels
	for _, d := range dimensions(&l) {
		for _, one := range strings.FieldsFunc(v.field("label_"+d.name), func(r rune) bool { return r == ',' || r == '،' || r == '\n' }) {
			if one = strings.TrimSpace(one); one != "" && !slices.Contains(*d.of, one) {
				*d.of = append(*d.of, one)
			}
			if len(one) > longLabel || len(*d.of) > mostLabels {
				return l, staydown.Errorf(staydown.Invalid, "bank.labels", "at most %d labels of %d bytes in a field", mostLabels, longLabel).At("label_" + d.name)
			}
		}
	}
	return l, nil
}
