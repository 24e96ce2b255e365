package hma

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/match/bank"
)

// added is a content that was put in.
type added struct {
	ID      int64             `json:"id"`
	Signals map[string]string `json:"signals"`
}

// told is what a client says of a content.
type told struct {
	note, id, uri, extra string
}

// metadata reads the keeper's metadata. HMA knows three keys (and drops collab); what
// has others is the keeper's own JSON as a whole, as Coop sends it.
func (t *told) metadata(raw []byte) error {
	var f fields
	if err := json.Unmarshal(raw, &f); err != nil || f == nil {
		return bad("Invalid metadata: it is no JSON object")
	}
	for key := range f {
		if !slices.Contains([]string{"content_id", "content_uri", "json", "collab"}, key) {
			t.extra = string(raw)
			return nil
		}
	}
	id, err := f.text("content_id")
	if err != nil {
		return bad("Invalid metadata: content_id must be a string")
	}
	uri, err := f.text("content_uri")
	if err != nil {
		return bad("Invalid metadata: content_uri must be a string")
	}
	t.id, t.uri = or(id, t.id), or(uri, t.uri)
	if f.has("json") {
		t.extra = string(f["json"])
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// fill reads what a client says from named texts: those of the query or of the form.
func (t *told) fill(get func(string) string) error {
	t.note, t.id, t.uri = or(get("note"), t.note), or(get("content_id"), t.id), or(get("content_uri"), t.uri)
	if m := get("metadata"); m != "" {
		return t.metadata([]byte(m))
	}
	return nil
}

// body reads it from a JSON body, which may be left out.
func (t *told) body(q *call) error {
	f, err := q.object()
	if err != nil {
		return err
	}
	for name, to := range map[string]*string{"note": &t.note, "content_id": &t.id, "content_uri": &t.uri} {
		v, err := f.text(name)
		if err != nil {
			return err
		}
		*to = or(v, *to)
	}
	if !f.has("metadata") {
		return nil
	}
	raw := []byte(f["metadata"])
	if s, err := f.text("metadata"); err == nil { // JSON within JSON
		raw = []byte(s)
	}
	return t.metadata(raw)
}

// addContent puts a file into a bank: an upload, or what url= points at.
func (s *Surface) addContent(q *call) (answer, error) {
	if err := q.caller.May(access.KeepBanks); err != nil {
		return answer{}, err
	}
	b, err := s.named(q)
	if err != nil {
		return answer{}, err
	}
	var t told
	if err := t.fill(q.URL.Query().Get); err != nil {
		return answer{}, err
	}
	var f file
	if isMultipart(q.Request) {
		f, err = s.uploadWith(q, &t)
	} else {
		f, err = s.fetchedWith(q, &t)
	}
	if err != nil {
		return answer{}, err
	}
	asked := q.URL.Query().Get("types")
	types, err := typesFor(f.content, asked)
	if err != nil {
		return answer{}, err
	}
	signals := f.signals
	if asked != "" {
		signals = f.of(types)
	}
	return s.add(q, b, t, signals, f.values(types), http.StatusOK)
}

func (s *Surface) uploadWith(q *call, t *told) (file, error) {
	f, form, err := s.upload(q)
	if err != nil {
		return f, err
	}
	return f, t.fill(func(name string) string { return form[name] })
}

func (s *Surface) fetchedWith(q *call, t *told) (file, error) {
	if err := t.body(q); err != nil {
		return file{}, err
	}
	t.uri = or(t.uri, q.URL.Query().Get("url"))
	return s.fetched(q)
}

// add keeps a content. A person brings back what was withdrawn by adding it again; a
// trusted address, behind which nobody is known, does not.
func (s *Surface) add(q *call, b staydown.Bank, t told, signals []bank.Signal, values map[string]string, status int) (answer, error) {
	c, err := s.Banks.Add(q.Context(), q.caller, b.ID, bank.New{Note: t.note, ContentID: t.id, ContentURI: t.uri, Extra: t.extra, Signals: signals, Again: q.caller.SignedIn()})
	return answer{status, added{c.Number, values}}, err
}

// addSignals puts signals into a bank, as one content.
func (s *Surface) addSignals(q *call) (answer, error) {
	if err := q.caller.May(access.KeepBanks); err != nil {
		return answer{}, err
	}
	b, err := s.named(q)
	if err != nil {
		return answer{}, err
	}
	f, err := q.object()
	if err != nil {
		return answer{}, err
	}
	var t told
	if t.note, err = f.text("note"); err != nil {
		return answer{}, err
	}
	if f.has("metadata") {
		if err := t.metadata(f["metadata"]); err != nil {
			return answer{}, err
		}
	}
	var signals []bank.Signal
	values := map[string]string{}
	for name := range f {
		if name == "note" || name == "metadata" {
			continue
		}
		kind, err := typeNamed(name)
		if err != nil {
			return answer{}, err
		}
		value, err := f.text(name)
		if err != nil {
			return answer{}, err
		}
		if value, err = bank.Clean(kind.kind, value); err != nil {
			return answer{}, err
		}
		values[name] = value
		signals = append(signals, bank.Signal{Kind: kind.kind, Value: value, Quality: staydown.UnknownQuality})
	}
	if len(signals) == 0 {
		return answer{}, bad("Missing a signal: one field per signal type is needed")
	}
	return s.add(q, b, t, signals, values, http.StatusOK)
}

// contentRow is a content as GET shows it.
type contentRow struct {
	Bank     bankRow           `json:"bank"`
	Disable  int64             `json:"disable_until_ts"`
	ID       int64             `json:"id"`
	Metadata *metadata         `json:"metadata,omitempty"`
	Note     string            `json:"note,omitempty"`
	URI      *string           `json:"original_media_uri"`
	Signals  map[string]string `json:"signals,omitempty"`
}

// metadata is what the keeper and the exchanges say of a content.
type metadata struct {
	Collab map[string][]string `json:"collab,omitempty"`
	userMetadata
}

type userMetadata struct {
	ID   string          `json:"content_id,omitempty"`
	URI  string          `json:"content_uri,omitempty"`
	JSON json.RawMessage `json:"json,omitempty"`
}

func collab(c staydown.BankContent) map[string][]string {
	if c.Source == staydown.SourceOwn {
		return nil
	}
	return map[string][]string{c.Source: {c.SourceKey}}
}

func userOf(c staydown.BankContent) userMetadata {
	return userMetadata{ID: c.ContentID, URI: c.ContentURI, JSON: json.RawMessage(c.Extra)}
}

// whole finds the content of the path in the bank of the path. What lies in another
// bank, or was withdrawn, is not there.
func (s *Surface) whole(q *call) (staydown.Bank, bank.Whole, error) {
	b, err := s.named(q)
	if err != nil {
		return b, bank.Whole{}, err
	}
	missing := problem{http.StatusNotFound, "content '" + q.args[1] + "' not found"}
	number, err := strconv.ParseInt(q.args[1], 10, 64)
	if err != nil {
		return b, bank.Whole{}, missing
	}
	w, err := s.Banks.Numbered(q.Context(), q.caller, b.ID, number)
	if err != nil && staydown.KindOf(err) == staydown.NotFound || err == nil && w.State == staydown.ContentWithdrawn {
		return b, w, missing
	}
	return b, w, err
}

func (s *Surface) content(q *call) (answer, error) {
	b, w, err := s.whole(q)
	if err != nil {
		return answer{}, err
	}
	row := contentRow{Bank: rowOf(b), Disable: w.DisableUntil, ID: w.Number, Note: w.Note, URI: uriOf(w.BankContent)}
	if q.yes("include_signals") {
		row.Signals = signalsOf(w)
	}
	if !q.URL.Query().Has("include_metadata") || q.yes("include_metadata") {
		if c, u := collab(w.BankContent), userOf(w.BankContent); c != nil || u.ID+u.URI+string(u.JSON) != "" {
			row.Metadata = &metadata{c, u}
		}
	}
	return ok(row)
}

func uriOf(c staydown.BankContent) *string {
	if c.ContentURI == "" {
		return nil
	}
	return &c.ContentURI
}

// signalsOf gives one signal of each type, as HMA keeps them: that of the picture as
// it is, of the first frame.
func signalsOf(w bank.Whole) map[string]string {
	out := map[string]string{}
	for _, t := range signalTypes {
		for _, x := range w.Signals {
			if x.Kind == t.kind && x.Turn == "" && out[t.name] == "" {
				out[t.name] = x.Value
			}
		}
	}
	if out["pdq"] != "" { // a photo's digests have no names of HMA's
		delete(out, "video_md5")
		delete(out, "video_sha256")
	}
	return out
}

// changed is a content as PUT shows it, under the names of HMA's own table.
type changed struct {
	Bank    bankRow             `json:"bank"`
	Collab  map[string][]string `json:"collab_metadata"`
	Disable int64               `json:"disable_until_ts"`
	ID      int64               `json:"id"`
	Note    string              `json:"note"`
	URI     *string             `json:"original_media_uri"`
	User    userMetadata        `json:"user_metadata"`
}

func (s *Surface) changeContent(q *call) (answer, error) {
	if err := q.caller.May(access.KeepBanks); err != nil {
		return answer{}, err
	}
	b, w, err := s.whole(q)
	if err != nil {
		return answer{}, err
	}
	f, err := q.object()
	if err != nil {
		return answer{}, err
	}
	var e bank.Edit
	if e.DisableUntil, err = f.whole("disable_until_ts"); err != nil {
		return answer{}, err
	}
	if f.has("note") {
		note, err := f.text("note")
		if err != nil {
			return answer{}, err
		}
		e.Note = &note
	}
	c, err := s.Banks.Edit(q.Context(), q.caller, b.ID, w.ID, e)
	if err != nil {
		return answer{}, err
	}
	from := collab(c)
	if from == nil {
		from = map[string][]string{}
	}
	return ok(changed{Bank: rowOf(b), Collab: from, Disable: c.DisableUntil, ID: c.Number, Note: c.Note, URI: uriOf(c), User: userOf(c)})
}

type deleted struct {
	N int `json:"deleted"`
}

// deleteContent withdraws: it matches nothing from the next lookup on, in no process,
// and no fetch brings it back.
func (s *Surface) deleteContent(q *call) (answer, error) {
	if err := q.caller.May(access.KeepBanks); err != nil {
		return answer{}, err
	}
	b, w, err := s.whole(q)
	if err != nil {
		return answer{}, err
	}
	if err := s.Banks.Withdraw(q.Context(), q.caller, b.ID, w.ID, "deleted by a program, through HMA's interface"); err != nil {
		return answer{}, err
	}
	return ok(deleted{1})
}
