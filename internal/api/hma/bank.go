package hma

import (
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
)

// bankRow is a bank: a disabled one has the ratio 0.
type bankRow struct {
	Ratio ratio  `json:"matching_enabled_ratio"`
	Name  string `json:"name"`
}

func rowOf(b staydown.Bank) bankRow {
	if !b.Enabled {
		return bankRow{0, b.Name}
	}
	return bankRow{ratio(b.Ratio), b.Name}
}

func (s *Surface) banks(q *call) (answer, error) {
	all, err := s.Banks.Banks(q.Context(), q.caller)
	if err != nil {
		return answer{}, err
	}
	out := []bankRow{}
	for _, b := range all {
		out = append(out, rowOf(b))
	}
	return ok(out)
}

// named finds the bank of the path.
func (s *Surface) named(q *call) (staydown.Bank, error) {
	b, err := s.Banks.Named(q.Context(), q.caller, q.args[0])
	if staydown.KindOf(err) == staydown.NotFound && err != nil {
		return b, problem{http.StatusNotFound, "bank '" + q.args[0] + "' not found"}
	}
	return b, err
}

func (s *Surface) bank(q *call) (answer, error) {
	b, err := s.named(q)
	return answer{http.StatusOK, rowOf(b)}, err
}

// settings reads what may be set of a bank. The ratio goes by two names, and comes as
// a number or as text; enabled comes as true or as text.
func (q *call) settings() (set bank.Settings, err error) {
	f, err := q.object()
	if err != nil {
		return set, err
	}
	if f.has("name") {
		name, err := f.text("name")
		if err != nil {
			return set, err
		}
		set.Name = &name
	}
	if set.Ratio, err = f.share("enabled_ratio"); err != nil {
		return set, err
	}
	if set.Enabled, err = f.truth("enabled"); err != nil {
		return set, err
	}
	if set.Ratio == nil {
		if set.Ratio, err = f.share("matching_enabled_ratio"); err != nil {
			return set, err
		}
	}
	if set.Ratio != nil && set.Enabled == nil {
		on := *set.Ratio > 0
		set.Enabled = &on
	}
	return set, nil
}

func (s *Surface) openBank(q *call) (answer, error) {
	set, err := q.settings()
	if err != nil {
		return answer{}, err
	}
	if set.Name == nil {
		return answer{}, bad("Field `name` is required")
	}
	b, err := s.Banks.Open(q.Context(), q.caller, "", "", set)
	return answer{http.StatusCreated, rowOf(b)}, err
}

func (s *Surface) changeBank(q *call) (answer, error) {
	set, err := q.settings()
	if err != nil {
		return answer{}, err
	}
	b, err := s.named(q)
	if err != nil {
		return answer{}, err
	}
	if set.Enabled != nil && *set.Enabled && set.Ratio == nil && b.Ratio == 0 {
		all := 1.0 // switched on again after a ratio of 0
		set.Ratio = &all
	}
	b, err = s.Banks.Change(q.Context(), q.caller, b.ID, set)
	if staydown.CodeOf(err) == "bank.name_taken" {
		return answer{}, problem{http.StatusForbidden, "Bank name already exists"}
	}
	return answer{http.StatusOK, rowOf(b)}, err
}

// closeBank says the same whether or not there was a bank, as HMA does.
func (s *Surface) closeBank(q *call) (answer, error) {
	b, err := s.Banks.Named(q.Context(), q.caller, q.args[0])
	switch {
	case err != nil && staydown.KindOf(err) == staydown.NotFound:
	case err != nil:
		return answer{}, err
	default:
		if err := s.Banks.Close(q.Context(), q.caller, b.ID); err != nil {
			return answer{}, err
		}
	}
	return ok(message{"Done"})
}
