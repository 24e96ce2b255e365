package desk

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/web/page"
)

// BankPage is one bank: its settings, and its contents page by page.
type BankPage struct {
	ID                     string
	Row                    BankRow
	Circle                 string
	ExpireIn               int
	State                  staydown.ContentState
	States                 []Choice
	Rows                   []ContentRow
	From, To               string // numbers of the first and last on this page
	First, Next            string // addresses
	MayKeep                bool   // this reader keeps this bank
	Settings               BankForm
	Kinds                  []Choice
	Kind, Value, Note      string // of a content that was not taken
	Labels                 []LabelLine
	Again                  bool
	Trouble                *Trouble
	OpenSettings, OpenForm bool
	MostFile               int64
}

// ContentRow is one content in a list.
type ContentRow struct {
	Link, Note, Source string
	Number             string
	State              staydown.ContentState
	Mark               string // the state whose colour and shape it has
	Standing           staydown.Standing
	Labels             []LabelLine
	Off                string // why it does not match though it is active: a code, said as "bank_off.<code>"
	Who                string
	AddedAt            time.Time
}

// bankGiven is what was sent and not accepted.
type bankGiven struct {
	settings *BankForm
	content  bool
	trouble  *Trouble
}

var bankView = page.NewView[BankPage](templates, "bank.html")

const contentsShown = 50

// contentStates are the states of a content, in the order of the filter.
var contentStates = []staydown.ContentState{staydown.ContentActive, staydown.ContentQuarantined, staydown.ContentWithdrawn}

func (v *visit) bankPage() error {
	if n := v.field("number"); n != "" {
		return v.findContent(n)
	}
	return v.showBank(http.StatusOK, bankGiven{})
}

// findContent goes to the content of a number: in a bank of millions nobody pages to it.
func (v *visit) findContent(given string) error {
	number, err := strconv.ParseInt(given, 10, 64)
	if err != nil || number <= 0 {
		return v.showBank(http.StatusUnprocessableEntity, bankGiven{trouble: v.trouble(staydown.Errorf(staydown.Invalid, "bank.number", "numbers are counted from 1"))})
	}
	w, err := v.Banks.Numbered(v.ctx(), v.caller, v.id("id"), number)
	if err != nil {
		return err
	}
	return v.goTo(contentPath(w.BankContent))
}

func contentPath(c staydown.BankContent) string {
	return "/banks/" + string(c.Bank) + "/contents/" + string(c.ID)
}

// keeps tells whether this person keeps the bank: somebody of the authority that owns it, with the permission.
func (v *visit) keeps(owner staydown.ID, p access.Permission) bool {
	return owner == v.caller.Actor.Authority && v.caller.May(p) == nil
}

func (v *visit) showBank(status int, g bankGiven) error {
	b, err := v.Banks.Bank(v.ctx(), v.caller, v.id("id"))
	if err != nil {
		return err
	}
	row, err := v.bankRow(b, nil)
	if err != nil {
		return err
	}
	p := BankPage{ID: string(b.ID), Row: row, Circle: v.circleName(b), ExpireIn: b.ExpireIn, State: staydown.ContentState(v.field("state")), MayKeep: v.keeps(b.Owner, access.KeepBanks),
		Settings: bankForm(b), Labels: labelFields(staydown.Labels{}), Trouble: g.trouble, MostFile: mostFileSaid, Kind: staydown.SignalPDQ}
	if v.r.Method == http.MethodPost {
		p.State = ""
	}
	if g.settings != nil {
		p.Settings, p.OpenSettings = *g.settings, true
	}
	if g.content {
		p.Kind, p.Value, p.Note, p.Again, p.OpenForm = v.field("kind"), v.field("value"), v.field("note"), v.field("again") == "yes", true
		p.Labels = v.givenBankForm().Labels
	}
	p.Kinds = choices(staydown.SignalKinds(), p.Kind)
	p.States = choices(append([]string{""}, texts(contentStates)...), string(p.State))
	if p.MayKeep {
		if p.Settings.Against, err = v.against(b); err != nil {
			return err
		}
	}
	if err := v.fillContents(&p, b); err != nil {
		return err
	}
	return bankView.Render(v.w, status, v.shell("banks", "bank.title", b.Name), p)
}

// circleName is who may ask a bank: an authority, or those who take part in a campaign.
func (v *visit) circleName(b staydown.Bank) string {
	if b.Circle == b.Owner {
		return v.authorityName(b.Circle)
	}
	if c, err := v.Letters.Campaign(v.ctx(), v.caller, b.Circle); err == nil {
		return c.Name
	}
	return v.authorityName(b.Circle)
}

// against are the banks that a bank could keep from counting.
func (v *visit) against(b staydown.Bank) ([]Choice, error) {
	all, err := v.Banks.Banks(v.ctx(), v.caller)
	if err != nil {
		return nil, err
	}
	chosen := map[staydown.ID]bool{}
	for _, id := range b.Against {
		chosen[id] = true
	}
	var out []Choice
	for _, other := range all {
		if other.ID != b.ID && other.Circle == b.Circle && !other.Negative {
			out = append(out, Choice{Value: string(other.ID), Words: other.Name, Chosen: chosen[other.ID]})
		}
	}
	return out, nil
}

func (v *visit) fillContents(p *BankPage, b staydown.Bank) error {
	after, _ := strconv.ParseInt(v.field("after"), 10, 64) // what is no number begins at the first
	list, err := v.Banks.Contents(v.ctx(), v.caller, b.ID, bank.Filter{State: p.State, After: max(after, 0), Limit: contentsShown + 1})
	if err != nil {
		return err
	}
	path := "/banks/" + p.ID + "?state=" + string(p.State)
	if after > 0 {
		p.First = path
	}
	if len(list) > contentsShown {
		list = list[:contentsShown]
		p.Next = path + "&after=" + strconv.FormatInt(list[contentsShown-1].Number, 10)
	}
	for _, c := range list {
		p.Rows = append(p.Rows, v.contentRow(c))
	}
	if len(list) > 0 {
		p.From, p.To = strconv.FormatInt(list[0].Number, 10), strconv.FormatInt(list[len(list)-1].Number, 10)
	}
	return nil
}

func (v *visit) contentRow(c staydown.BankContent) ContentRow {
	row := ContentRow{Link: contentPath(c), Number: strconv.FormatInt(c.Number, 10), Note: c.Note, Source: c.Source, State: c.State, Mark: contentMark(c.State), Standing: c.Standing, Labels: said(c.Labels),
		Who: v.who(c.AddedBy), AddedAt: c.AddedAt}
	switch now := v.now(); {
	case c.Disabled(now):
		row.Off = "disabled"
	case c.Expired(now):
		row.Off = "expired"
	}
	return row
}

// contentMark is the colour and shape of a state: what may match is known, what was put aside is held, the rest is gone.
func contentMark(s staydown.ContentState) string {
	switch s {
	case staydown.ContentQuarantined:
		return page.StateHeld
	case staydown.ContentWithdrawn:
		return page.StateUnknown
	}
	return page.StateGone
}

// addContent puts one known thing into the bank, by signals or by a file. The file is hashed and not kept.
func (v *visit) addContent() error {
	if err := v.caller.May(access.KeepBanks); err != nil {
		return err // before a file is read
	}
	data, err := v.upload()
	if err != nil {
		return err
	}
	again := func(err error) error {
		return v.again(err, func(t *Trouble) error {
			return v.showBank(http.StatusUnprocessableEntity, bankGiven{content: true, trouble: t})
		})
	}
	n := bank.New{Note: v.field("note"), Again: v.field("again") == "yes"}
	if n.Labels, err = v.labels(); err != nil {
		return again(err)
	}
	if value := v.field("value"); value != "" {
		n.Signals = signalsOf(v.field("kind"), value)
	}
	var c staydown.BankContent
	if len(data) > 0 {
		c, err = v.Banks.AddFile(v.ctx(), v.caller, v.id("id"), data, n)
	} else {
		c, err = v.Banks.Add(v.ctx(), v.caller, v.id("id"), n)
	}
	if err != nil {
		return again(err)
	}
	return v.done(contentPath(c), "bank_added", strconv.FormatInt(c.Number, 10))
}

// signalsOf reads what was typed as signals of one kind: one a line, but for texts and queries, which run over lines.
func signalsOf(kind, value string) []bank.Signal {
	lines := strings.Split(value, "\n")
	if kind == staydown.SignalText || kind == staydown.SignalTrend {
		lines = []string{value}
	}
	var out []bank.Signal
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, bank.Signal{Kind: kind, Value: line, Quality: staydown.UnknownQuality})
		}
	}
	return out
}
