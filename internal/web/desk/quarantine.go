package desk

import (
	"net/http"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/web/page"
)

// QuarantinePage is what was put aside because it suddenly matched far more than its like, or by hand: for a person to let
// it match again, or to withdraw it.
type QuarantinePage struct {
	Rows []AsideRow
	More bool
}

// AsideRow is one content put aside.
type AsideRow struct {
	ContentRow
	BankName, BankLink string
	Why                string
	Acts               []Act
}

var quarantineView = page.NewView[QuarantinePage](templates, "quarantine.html")

// asideShown bounds the list of what was put aside; it is what bank.Desk gives at the most.
const asideShown = 500

func (v *visit) quarantinePage() error {
	list, err := v.Banks.Quarantined(v.ctx(), v.caller, asideShown)
	if err != nil {
		return err
	}
	banks, err := v.Banks.Banks(v.ctx(), v.caller)
	if err != nil {
		return err
	}
	p := QuarantinePage{More: len(list) == asideShown}
	for _, c := range list {
		n := slices.IndexFunc(banks, func(b staydown.Bank) bool { return b.ID == c.Bank })
		if n < 0 {
			continue
		}
		p.Rows = append(p.Rows, v.asideRow(banks[n], c))
	}
	return quarantineView.Render(v.w, http.StatusOK, v.shell("banks", "quarantine.title"), p)
}

func (v *visit) asideRow(b staydown.Bank, c staydown.BankContent) AsideRow {
	row := AsideRow{ContentRow: v.contentRow(c), BankName: b.Name, BankLink: "/banks/" + string(b.ID), Why: c.QuarantineWhy}
	for _, a := range v.contentActs(b, c) {
		if a.Name == "bank_release" || a.Name == "bank_withdraw" {
			a.Path += "?from=quarantine"
			row.Acts = append(row.Acts, a)
		}
	}
	return row
}
