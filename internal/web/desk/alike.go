package desk

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/web/page"
)

// AlikePage is a decision over postings of the same bytes, without their being displayed. The finding on the content
// carries over; publisher, caption and purpose are of each posting, so each context is opened before it can be ticked.
type AlikePage struct {
	Item, SHA256 string
	Since        int64
	Accounts     []AlikeAccount
	OpenIDs      []string // postings whose context was opened
	Verdicts     []Choice
	Grounds      []Choice
	Purposes     []string
	Trouble      *Trouble
}

// AlikeAccount is the postings of one account: their contexts open together.
type AlikeAccount struct {
	Account, Host string
	Rows          []AlikeRow
	Closed        int // contexts not yet opened
}

// AlikeRow is one posting.
type AlikeRow struct {
	ID, Address, Title string
	Opened             bool
	Author, Text       string
	Language           string
	Held               string // a colleague holds it
}

var alikeView = page.NewView[AlikePage](templates, "alike.html")

func (v *visit) alikePage() error { return v.showAlike(http.StatusOK, nil, nil) }

// openContexts opens the contexts of the postings named in the form, beside those opened before.
func (v *visit) openContexts() error {
	if err := v.parse(); err != nil {
		return err
	}
	return v.showAlike(http.StatusOK, v.r.PostForm["open"], nil)
}

func (v *visit) showAlike(status int, open []string, t *Trouble) error {
	item, err := v.seenItem()
	if err != nil {
		return err
	}
	rows, err := v.Findings.Alike(v.ctx(), v.caller, item.ID)
	if err != nil {
		return err
	}
	p := AlikePage{Item: string(item.ID), SHA256: item.MediaSHA256, Since: time.Now().Unix(), Trouble: t, Verdicts: choices(texts(staydown.Verdicts), v.field("verdict")),
		Grounds: choices(texts(staydown.Grounds), v.field("ground")), Purposes: texts(staydown.Purposes)}
	p.Accounts = v.accounts(rows)
	for n := range p.Accounts {
		if err := v.openAccount(&p.Accounts[n], open); err != nil {
			return err
		}
		for _, r := range p.Accounts[n].Rows {
			if r.Opened {
				p.OpenIDs = append(p.OpenIDs, r.ID)
			}
		}
	}
	return alikeView.Render(v.w, status, v.shell("queue", "alike.title"), p)
}

// accounts puts postings under their account; where none is known, each stands alone.
func (v *visit) accounts(rows []assess.QueueRow) []AlikeAccount {
	var out []AlikeAccount
	for _, r := range rows {
		row := AlikeRow{ID: string(r.Item), Address: r.Location, Title: r.Title, Language: r.Language}
		if r.Until.After(v.now()) && r.Holder != v.caller.Actor.Person {
			row.Held = v.who(r.Holder)
		}
		n := slices.IndexFunc(out, func(a AlikeAccount) bool { return r.Account != "" && a.Account == r.Account && a.Host == r.Host })
		if n < 0 {
			out = append(out, AlikeAccount{Account: r.Account, Host: r.Host})
			n = len(out) - 1
		}
		out[n].Rows = append(out[n].Rows, row)
		out[n].Closed++
	}
	return out
}

// openAccount opens the contexts of an account's postings that are asked for, and shows them. Each leaves an access
// event and a note in the officer's draft.
func (v *visit) openAccount(a *AlikeAccount, open []string) error {
	var wanted []staydown.ID
	for _, r := range a.Rows {
		if slices.Contains(open, r.ID) && r.Held == "" {
			wanted = append(wanted, staydown.ID(r.ID))
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	contexts, err := v.Findings.Contexts(v.ctx(), v.caller, wanted)
	if err != nil {
		return err
	}
	for _, c := range contexts {
		n := slices.IndexFunc(a.Rows, func(r AlikeRow) bool { return r.ID == string(c.Item) })
		if n < 0 {
			continue
		}
		r := &a.Rows[n]
		r.Opened, r.Author, r.Text, r.Language = true, c.Author, c.Text, c.Language
		if c.Title != "" {
			r.Title = c.Title
		}
		a.Closed--
	}
	return nil
}

// decideGroup gives one finding for each ticked posting: all of them, or none.
func (v *visit) decideGroup() error {
	if err := v.parse(); err != nil {
		return err
	}
	g := assess.Group{SHA256: v.field("sha256"), Verdict: staydown.Verdict(v.field("verdict")), Ground: staydown.Ground(v.field("ground")), Danger: v.field("danger"),
		Clause: v.field("clause"), Public: v.field("public") == "yes", Note: v.field("note"), Seconds: v.attention()}
	if g.Verdict != staydown.TerroristContent {
		g.Ground = ""
	}
	for _, id := range v.r.PostForm["item"] {
		g.Items = append(g.Items, assess.GroupItem{Item: staydown.ID(id), Purpose: staydown.Purpose(v.field("purpose-" + id)), PurposeWhy: v.field("why-" + id)})
	}
	given, err := v.Findings.GiveGroup(v.ctx(), v.caller, g)
	if err != nil {
		return v.again(err, func(t *Trouble) error { return v.showAlike(http.StatusUnprocessableEntity, v.r.PostForm["open"], t) })
	}
	return v.done("/queue/new", "given_group", strconv.Itoa(len(given)))
}
