package hma

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

// match is one content that is meant. The distance is a string, as HMA writes it; it
// is left out for callers who may not see distances.
type match struct {
	Content  int64   `json:"bank_content_id"`
	Distance *string `json:"distance,omitempty"`
}

// mostHits bounds the contents of one answer.
const mostHits = 1000

// look asks the banks. Only matches are told: what is disputed, or merely suspected
// by its source, is for a person, and HMA's clients act by themselves.
func (s *Surface) look(q *call, signals []bank.Signal, ask bank.Ask) (bank.Answer, error) {
	if err := q.caller.May(access.Lookup); err != nil {
		return bank.Answer{}, err
	}
	if len(signals) == 0 {
		return bank.Answer{}, nil
	}
	if names := listOf(q.URL.Query().Get("banks")); len(names) > 0 {
		all, err := s.Banks.Banks(q.Context(), q.caller)
		if err != nil {
			return bank.Answer{}, err
		}
		for _, b := range all {
			if slices.Contains(names, b.Name) {
				ask.Banks = append(ask.Banks, b.ID)
			}
		}
		if len(ask.Banks) == 0 {
			return bank.Answer{}, nil
		}
	}
	if ask.Seed == "" { // one coin for all that is asked at once
		ask.Seed = rand.Text()
	}
	ask.Signals, ask.Most = signals, mostHits
	a, err := s.Banks.Lookup(q.Context(), q.caller, ask)
	a.Hits = slices.DeleteFunc(a.Hits, func(h bank.Hit) bool { return h.Outcome != staydown.OutcomeMatch })
	return a, err
}

// matches lists the hits of one type, each content once, the closest first.
func matches(a bank.Answer, t signalType) map[string][]match {
	out := map[string][]match{}
	seen := map[int64]bool{}
	for _, h := range a.Hits { // the closest first
		if !t.fits(h.Kind) || seen[h.Content.Number] {
			continue
		}
		seen[h.Content.Number] = true
		m := match{Content: h.Content.Number}
		if !a.Blunt {
			d := strconv.Itoa(h.Distance)
			m.Distance = &d
		}
		out[h.Bank.Name] = append(out[h.Bank.Name], m)
	}
	return out
}

// signal reads the signal that a question names. An empty one is what hashing gives
// for a picture too plain to be told from others: it resembles nothing.
func (q *call) signal() (signalType, []bank.Signal, error) {
	v := q.URL.Query()
	if v.Get("signal_type") == "" {
		return signalType{}, nil, bad("Missing 'signal_type' request parameter")
	}
	t, err := typeNamed(v.Get("signal_type"))
	if err != nil {
		return t, nil, err
	}
	if !v.Has("signal") {
		return t, nil, bad("Missing 'signal' request parameter")
	}
	if v.Get("signal") == "" && t.content != "" {
		return t, nil, nil
	}
	clean, err := bank.Clean(t.kind, v.Get("signal"))
	return t, []bank.Signal{{Kind: t.kind, Value: clean, Quality: staydown.UnknownQuality}}, err
}

func (s *Surface) lookup(q *call) (answer, error) {
	if q.URL.Query().Has("url") && !q.URL.Query().Has("signal") {
		return s.lookupURL(q)
	}
	t, signals, err := q.signal()
	if err != nil {
		return answer{}, err
	}
	a, err := s.look(q, signals, bank.Ask{Seed: q.URL.Query().Get("seed")})
	if err != nil {
		return answer{}, err
	}
	return ok(matches(a, t))
}

// lookupURL fetches, hashes and looks up. With signal_type= the answer is that of one
// type, without its name around it.
func (s *Surface) lookupURL(q *call) (answer, error) {
	v := q.URL.Query()
	asked, one := v.Get("types"), v.Get("signal_type")
	if one != "" {
		asked = one
	}
	if _, err := typesFor("", asked); err != nil {
		return answer{}, err
	}
	if err := mayHash(q.caller); err != nil {
		return answer{}, err
	}
	f, err := s.fetched(q)
	if err != nil {
		return answer{}, err
	}
	out, err := s.lookAt(q, f, asked, bank.Ask{Seed: v.Get("seed")})
	if err != nil || one == "" {
		return answer{200, out}, err
	}
	if out[one] == nil {
		return ok(map[string][]match{})
	}
	return ok(out[one])
}

func (s *Surface) lookupFile(q *call) (answer, error) {
	if err := mayHash(q.caller); err != nil {
		return answer{}, err
	}
	f, _, err := s.upload(q)
	if err != nil {
		return answer{}, err
	}
	v := q.URL.Query()
	out, err := s.lookAt(q, f, v.Get("types"), bank.Ask{Seed: v.Get("seed"), Bypass: q.yes("bypass_coinflip")})
	return answer{200, out}, err
}

// lookAt looks a file up, by each type that is made of it.
func (s *Surface) lookAt(q *call, f file, asked string, ask bank.Ask) (map[string]map[string][]match, error) {
	types, err := typesFor(f.content, asked)
	if err != nil {
		return nil, err
	}
	a, err := s.look(q, f.of(types), ask)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string][]match{}
	for _, t := range types {
		out[t.name] = matches(a, t)
	}
	return out, nil
}

// rawLookup gives numbers of contents alone, whatever the roll-out of their banks.
func (s *Surface) rawLookup(q *call) (answer, error) {
	t, signals, err := q.signal()
	if err != nil {
		return answer{}, err
	}
	a, err := s.look(q, signals, bank.Ask{Bypass: true})
	if err != nil {
		return answer{}, err
	}
	var all []match
	for _, list := range matches(a, t) {
		all = append(all, list...)
	}
	slices.SortFunc(all, func(x, y match) int { return int(x.Content - y.Content) })
	type rows[T any] struct {
		Matches []T `json:"matches"`
	}
	if q.yes("include_distance") {
		return ok(rows[match]{append([]match{}, all...)})
	}
	ids := []int64{}
	for _, m := range all {
		ids = append(ids, m.Content)
	}
	return ok(rows[int64]{ids})
}

// compare tells how far two signals lie apart. The distance is a number here, though
// a string in lookups.
func (s *Surface) compare(q *call) (answer, error) {
	f, err := q.object()
	if err != nil {
		return answer{}, err
	}
	if len(f) > len(signalTypes) {
		return answer{}, bad("too many signal types")
	}
	type apart struct {
		Distance int `json:"distance"`
	}
	out := map[string][2]any{}
	for name, raw := range f {
		t, err := typeNamed(name)
		if err != nil {
			return answer{}, err
		}
		var pair []string
		if err := json.Unmarshal(raw, &pair); err != nil || len(pair) != 2 {
			return answer{}, bad("Field '" + name + "' must be a list of two signals")
		}
		r, err := s.Banks.Compare(q.caller, t.kind, pair[0], pair[1])
		if err != nil {
			return answer{}, err
		}
		out[name] = [2]any{r.Matches, apart{r.Distance}}
	}
	return ok(out)
}

type indexRow struct {
	BuiltTo int64 `json:"built_to"`
	Present bool  `json:"present"`
	Size    int   `json:"size"`
}

// indexStatus tells of the copy that this process keeps in memory. Digests and
// addresses are in none: they are asked of the database.
func (s *Surface) indexStatus(q *call) (answer, error) {
	if err := q.caller.May(access.Lookup); err != nil {
		return answer{}, err
	}
	types := signalTypes
	if one := q.URL.Query().Get("signal_type"); one != "" {
		t, err := typeNamed(one)
		if err != nil {
			return answer{}, err
		}
		types = []signalType{t}
	}
	s.tide.rise(q.Context())
	out := map[string]indexRow{}
	for _, t := range types {
		out[t.name] = s.index(t)
	}
	return ok(out)
}

func (s *Surface) index(t signalType) indexRow {
	_, last := s.tide.state()
	if t.kind != staydown.SignalPDQ || last.IsZero() {
		return indexRow{BuiltTo: -1}
	}
	n, _ := s.Banks.Index().Len()
	return indexRow{BuiltTo: last.Unix(), Present: true, Size: n}
}

type indexFacts struct {
	Size      int   `json:"db_size"`
	BuiltTo   int64 `json:"index_built_to"`
	OutOfDate bool  `json:"index_out_of_date"`
	IndexSize int   `json:"index_size"`
	Newest    int64 `json:"newest_db_item"`
}

// signalIndexes is the same for curators. The copy follows the database before every
// lookup, so that the two are as large and as new.
func (s *Surface) signalIndexes(q *call) (answer, error) {
	if err := q.caller.May(access.See); err != nil {
		return answer{}, err
	}
	s.tide.rise(q.Context())
	state, _ := s.tide.state()
	out := map[string]indexFacts{}
	for _, t := range signalTypes {
		if i := s.index(t); i.Present {
			out[t.name] = indexFacts{Size: i.Size, BuiltTo: i.BuiltTo, OutOfDate: state != alive, IndexSize: i.Size, Newest: i.BuiltTo}
		}
	}
	return ok(out)
}
