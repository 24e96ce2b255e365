package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// BankForm is the settings of a bank as they stand in the form.
type BankForm struct {
	Name, Note, Circle string
	Share, ExpireIn    string // percent of requests; days
	Negative, Enabled  bool
	Radius             []RadiusLine
	Labels             []LabelLine
	Against            []Choice // of a negative bank: what it suppresses
	Circles            []Choice // of a new bank: who may ask it
}

func newBankForm() BankForm {
	return BankForm{Share: "100", ExpireIn: "0", Enabled: true, Radius: radii(staydown.Bank{}), Labels: labelFields(staydown.Labels{})}
}

func bankForm(b staydown.Bank) BankForm {
	return BankForm{Name: b.Name, Note: b.Note, Share: strconv.FormatFloat(100*b.Ratio, 'g', 6, 64), ExpireIn: strconv.Itoa(b.ExpireIn), Negative: b.Negative, Enabled: b.Enabled, Radius: radii(b),
		Labels: labelFields(b.Labels)}
}

// givenBankForm is the form as it was sent, to be shown again.
func (v *visit) givenBankForm() BankForm {
	f := newBankForm()
	f.Name, f.Note, f.Circle, f.Share, f.ExpireIn = v.field("name"), v.field("note"), v.field("circle"), v.field("share"), v.field("expire_days")
	f.Negative, f.Enabled = v.field("negative") == "yes", v.field("enabled") == "yes"
	for i := range f.Radius {
		f.Radius[i].Given = v.field("radius_" + f.Radius[i].Kind)
	}
	for i := range f.Labels {
		f.Labels[i].Given = v.field("label_" + f.Labels[i].Name)
	}
	return f
}

// settings reads what a keeper set. The rules for it are the core's; here is only what no number can be made of.
func (v *visit) settings() (s bank.Settings, err error) {
	f := v.givenBankForm()
	share, err := number(f.Share, "bank.ratio", "share")
	if err != nil {
		return s, err
	}
	ratio := share / 100
	days, err := whole(f.ExpireIn, "bank.expiry", "expire_days")
	if err != nil {
		return s, err
	}
	radius := map[string]int{}
	for _, r := range f.Radius {
		if r.Given == "" {
			continue
		}
		if radius[r.Kind], err = whole(r.Given, "bank.radius", "radius_"+r.Kind); err != nil {
			return s, err
		}
	}
	labels, err := v.labels()
	if err != nil {
		return s, err
	}
	against := []staydown.ID{}
	for _, id := range v.r.Form["against"] {
		if f.Negative && isID(id) && !slices.Contains(against, staydown.ID(id)) {
			against = append(against, staydown.ID(id))
		}
	}
	return bank.Settings{Name: &f.Name, Note: &f.Note, Labels: &labels, Negative: &f.Negative, Against: &against, Radius: &radius, Ratio: &ratio, Enabled: &f.Enabled, ExpireIn: &days}, nil
}

func number(s, code, where string) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "%"), 64)
	if err != nil {
		return 0, staydown.Errorf(staydown.Invalid, code, "%q is no number", s).At(where)
	}
	return x, nil
}

func whole(s, code, where string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, staydown.Errorf(staydown.Invalid, code, "%q is no whole number", s).At(where)
	}
	return n, nil
}

func (v *visit) openBank() error {
	if err := v.parse(); err != nil {
		return err
	}
	s, err := v.settings()
	var b staydown.Bank
	if err == nil {
		b, err = v.Banks.Open(v.ctx(), v.caller, staydown.ID(v.field("circle")), "", s)
	}
	if err != nil {
		return v.again(err, func(t *Trouble) error { return v.showBanks(http.StatusUnprocessableEntity, v.givenBankForm(), t) })
	}
	return v.done("/banks/"+string(b.ID), "bank_opened", b.Name)
}

func (v *visit) changeBank() error {
	if err := v.parse(); err != nil {
		return err
	}
	s, err := v.settings()
	if err == nil {
		_, err = v.Banks.Change(v.ctx(), v.caller, v.id("id"), s)
	}
	if err != nil {
		return v.again(err, func(t *Trouble) error {
			form := v.givenBankForm()
			return v.showBank(http.StatusUnprocessableEntity, bankGiven{settings: &form, trouble: t})
		})
	}
	return v.done("/banks/"+string(v.id("id")), "saved")
}
