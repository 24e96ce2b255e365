package bank

import (
	"cmp"
	"context"
	"slices"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/fingerprint/tlsh"
)

// search is one question on its way through the banks.
type search struct {
	d     *Desk
	banks []staydown.Bank
	asked []Asked
	text  string
	why   bool // what may not match is searched, too
	cut   bool
}

// run finds everything that lies within reach, with all that is needed to weigh it.
func (s *search) run(ctx context.Context) ([]found, error) {
	var all []found
	var likely []near
	x := s.d.Index()
	for _, live := range []bool{true, false} {
		if !live && !s.why {
			continue
		}
		shelf := &x.live
		if !live {
			shelf = &x.aside
		}
		nears := append(s.alike(shelf), likely...) // a value that may match may have signals that may not
		likely = slices.Clone(nears)
		exact, err := s.exact(ctx, live)
		if err != nil {
			return nil, err
		}
		rows, err := s.rows(ctx, s.closest(append(nears, exact...)), live)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, s.opinions(ctx, all)
}

// alike finds what lies near in memory. Where the caller wants to know why
// something does not count, what lies a little beyond a bank's radius is found
// as well.
func (s *search) alike(shelf *shelf) []near {
	banks := map[int64]bool{}
	for _, b := range s.banks {
		banks[b.No] = true
	}
	var out []near
	for i, a := range s.asked {
		if a.Skipped != nil {
			continue
		}
		switch a.Kind {
		case staydown.SignalPDQ, staydown.SignalFrame:
			if h, err := pdq.Parse(a.Value); err == nil {
				out = append(out, shelf.picture(h, s.widest(), banks, i)...)
			}
		case staydown.SignalText:
			if sig, err := text.Parse(a.Value); err == nil {
				out = append(out, shelf.text(sig, staydown.RadiusTextMost, banks, i)...)
			}
		case staydown.SignalTLSH:
			if h, err := tlsh.Parse(a.Value); err == nil {
				out = append(out, shelf.digest(h, staydown.RadiusTLSHMost, banks, i)...)
			}
		}
	}
	if s.text != "" {
		out = append(out, shelf.query(s.text, banks, -1)...)
	}
	return out
}

// widest is the radius of the widest of the banks.
func (s *search) widest() int {
	r := 0
	for _, b := range s.banks {
		r = max(r, b.RadiusOf(staydown.SignalPDQ), b.RadiusOf(staydown.SignalFrame))
	}
	if s.why {
		r = max(r, staydown.RadiusPDQ)
	}
	return r
}

// exact asks the database for what is the same.
func (s *search) exact(ctx context.Context, live bool) ([]near, error) {
	values := map[string][]string{}
	at := map[string]int{}
	for i, a := range s.asked {
		if a.Skipped == nil && staydown.IsExact(a.Kind) {
			values[a.Kind] = append(values[a.Kind], a.Value)
			at[a.Kind+" "+a.Value] = i
		}
	}
	ids := make([]staydown.ID, len(s.banks))
	for i, b := range s.banks {
		ids[i] = b.ID
	}
	var out []near
	for _, kind := range staydown.SignalKinds() {
		if len(values[kind]) == 0 {
			continue
		}
		hashes, err := s.d.Store.ExactHashes(ctx, ids, kind, values[kind])
		if err != nil {
			return nil, err
		}
		for _, h := range hashes {
			if (h.Live > 0) == live || s.why && !live {
				out = append(out, near{hash: h.N, bankNo: h.BankNo, asked: at[kind+" "+h.Value]})
			}
		}
	}
	return out, nil
}

// closest keeps the closest of every bank, so that a bank in which everything
// resembles everything does not crowd out the others.
func (s *search) closest(all []near) []near {
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	n := map[int64]int{}
	return slices.DeleteFunc(all, func(x near) bool {
		n[x.bankNo]++
		if n[x.bankNo] > mostBank {
			s.cut = true
			return true
		}
		return false
	})
}

// rows reads the signals and contents behind the values.
func (s *search) rows(ctx context.Context, all []near, live bool) ([]found, error) {
	banks := map[int64]staydown.Bank{}
	for _, b := range s.banks {
		banks[b.No] = b
	}
	read := map[int64][]Row{}
	var out []found
	for _, n := range all {
		rows, ok := read[n.hash]
		if !ok {
			var err error
			if rows, err = s.d.Store.SignalRows(ctx, n.hash, live, mostRows+1); err != nil {
				return nil, err
			}
			if len(rows) > mostRows {
				rows, s.cut = rows[:mostRows], true
			}
			read[n.hash] = rows
		}
		for _, r := range rows {
			f := found{Found: staydown.Found{Bank: banks[n.bankNo], Content: r.Content, Signal: r.Signal, Distance: n.distance, Stone: r.Stone}}
			f.pair = Pair{Asked: n.asked, ToFrame: r.Signal.Frame, ToAtMS: r.Signal.AtMS, Distance: n.distance}
			if n.asked >= 0 {
				a := s.asked[n.asked]
				f.pair.Frame, f.pair.AtMS, f.turn = a.Frame, a.AtMS, a.Turn
			}
			out = append(out, f)
		}
	}
	return out, nil
}

// opinions reads what the sources say of everything found.
func (s *search) opinions(ctx context.Context, all []found) error {
	var ids []staydown.ID
	for _, f := range all {
		ids = append(ids, f.Content.ID)
	}
	slices.Sort(ids)
	list, err := s.d.Store.OpinionsOf(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	of := map[staydown.ID][]staydown.BankOpinion{}
	for _, o := range list {
		of[o.Content] = append(of[o.Content], o)
	}
	for i := range all {
		all[i].Opinions = of[all[i].Content.ID]
	}
	return nil
}
