package files

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown"
)

// columns says which field of a CSV record means what.
type columns struct {
	at   map[string]int
	many int
}

// meanings are the names of columns, as programmes write them, and what each
// means. Those of python-threatexchange's CSV are among them.
var meanings = map[string]string{
	"value": "value", "signal_str": "value", "hash": "value", "hash_value": "value", "hash_digest": "value", "digest": "value", "signal": "value", "indicator": "value",
	"signal_type": "signal", "algorithm": "signal", "hash_type": "signal", "hash_algorithm": "signal", "type": "signal",
	"quality": "quality",
	"content": "content", "content_id": "content", "id": "content", "group": "content",
	"entity": Entity, "terrorist_entity": Entity, "terrorist entity": Entity, "organisation": Entity, "organization": Entity,
	"kind": Kind, "content_type": Kind, "content type": Kind, "content_kind": Kind,
	"behaviour": Behaviour, "behavior": Behaviour, "behavioural_elements": Behaviour, "behavioral_elements": Behaviour, "behavioral elements": Behaviour,
	"incident": Incident, "ideology": Ideology, "language": Language, "lang": Language,
	"tags": Tag, "tag": Tag, "labels": Tag, "label": Tag,
	"category": "opinion", "opinion": "opinion", "feedback": "opinion",
	"collab": "source", "source": "source", "owner": "source", "member": "source",
	"updated_on": "at", "at": "at", "timestamp": "at", "created_on": "at", "added_on": "at", "last_updated": "at",
	"frame": "frame", "seconds": "seconds", "time": "seconds",
}

// head reads the line of column names, or takes it from the mark.
func (x *Reader) head(needed []string) error {
	text := x.opt.From.Head
	if x.opt.From.Offset == 0 {
		rec, _, bad, err := x.src.record(true)
		if err != nil || bad != nil {
			return staydown.Errorf(staydown.Invalid, "files.head", "the file has no line of column names")
		}
		text = string(rec)
	}
	fields, err := split(strings.TrimPrefix(text, "\uFEFF"))
	if err != nil || len(text) > 64<<10 {
		return staydown.Errorf(staydown.Invalid, "files.head", "the first line is no line of column names").At("line 1")
	}
	c := &columns{at: map[string]int{}, many: len(fields)}
	for i, f := range fields {
		if m, ok := meanings[strings.ToLower(strings.TrimSpace(f))]; ok {
			if _, twice := c.at[m]; !twice {
				c.at[m] = i
			}
		}
	}
	for _, n := range needed {
		if _, ok := c.at[n]; !ok {
			return staydown.Errorf(staydown.Invalid, "files.column", "the file has no column for the %s of a signal", n).At("line 1")
		}
	}
	if _, ok := c.at["signal"]; !ok && x.opt.Signal == "" {
		return staydown.Errorf(staydown.Usage, "files.signal", "the file does not say the type of its signals: name it").At("line 1")
	}
	x.columns, x.mark.Head = c, text
	return nil
}

// get is a field by its meaning, empty if there is no such column.
func (c *columns) get(fields []string, meaning string) string {
	if i, ok := c.at[meaning]; ok {
		return fields[i]
	}
	return ""
}

// split takes a record of CSV apart (RFC 4180).
func split(rec string) ([]string, error) {
	fields := make([]string, 0, 8)
	for {
		if strings.HasPrefix(rec, `"`) {
			end := closing(rec)
			if end < 0 {
				return nil, errors.New("a quoted field has no end")
			}
			fields = append(fields, strings.ReplaceAll(rec[1:end], `""`, `"`))
			if rec = rec[end+1:]; rec == "" {
				return fields, nil
			}
			if rec[0] != ',' {
				return nil, errors.New("something stands behind a quoted field")
			}
			rec = rec[1:]
			continue
		}
		field, rest, more := strings.Cut(rec, ",")
		fields = append(fields, field)
		if !more {
			return fields, nil
		}
		rec = rest
	}
}

// closing is where a quoted field ends: at a quote that is not doubled.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return i
	}
	return -1
}

func (x *Reader) fields(rec string) ([]string, error) {
	fields, err := split(rec)
	if err == nil && len(fields) != x.columns.many {
		err = fmt.Errorf("%d fields where the first line has %d", len(fields), x.columns.many)
	}
	return fields, err
}

// txRow reads a record of python-threatexchange's CSV, in whatever order its
// columns stand (it has changed), tags by spaces.
func (x *Reader) txRow(rec string, line int, out []Row) ([]Row, error) {
	if rec == "" {
		return out, nil
	}
	fields, err := x.fields(rec)
	if err != nil {
		return out, err
	}
	c := x.columns
	r := Row{Value: c.get(fields, "value"), Source: c.get(fields, "source"), Quality: NotGiven}
	if r.Signal, err = parseSignal(c.get(fields, "signal")); err != nil {
		return out, err
	}
	if r.Opinion, err = parseOpinion(c.get(fields, "opinion")); err != nil {
		return out, err
	}
	for tag := range strings.FieldsSeq(c.get(fields, Tag)) {
		r.Labels = append(r.Labels, parseLabel(tag))
	}
	return expand(r, line, out)
}

// hashesRow reads a record whose columns are named in the first line. Several
// names of one kind are parted by ; or |.
func (x *Reader) hashesRow(rec string, line int, out []Row) ([]Row, error) {
	if rec == "" {
		return out, nil
	}
	fields, err := x.fields(rec)
	if err != nil {
		return out, err
	}
	c := x.columns
	r := Row{Signal: x.opt.Signal, Value: c.get(fields, "value"), Content: c.get(fields, "content"), Source: c.get(fields, "source"), Quality: NotGiven}
	if name := c.get(fields, "signal"); name != "" {
		if r.Signal, err = parseSignal(name); err != nil {
			return out, err
		}
	}
	if r.Opinion, err = parseOpinion(c.get(fields, "opinion")); err != nil {
		return out, err
	}
	if r.At, err = parseTime(c.get(fields, "at")); err != nil {
		return out, err
	}
	if r.Quality, err = number(c.get(fields, "quality"), NotGiven); err != nil {
		return out, err
	}
	if r.Frame, err = number(c.get(fields, "frame"), 0); err != nil {
		return out, err
	}
	if r.TimeCode, err = seconds(c.get(fields, "seconds")); err != nil {
		return out, err
	}
	for _, kind := range labelKinds {
		r.Labels = appendNames(r.Labels, kind, c.get(fields, kind))
	}
	return expand(r, line, out)
}

func appendNames(labels []Label, kind, names string) []Label {
	if names == "" {
		return labels
	}
	for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ';' || r == '|' }) {
		l := Label{kind, strings.TrimSpace(name)}
		if kind == Tag {
			l = parseLabel(l.Name)
		}
		if l.Name != "" && !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	return labels
}

func number(s string, absent int) (int, error) {
	if s == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fmt.Errorf("%.40q is no whole number", s)
	}
	return n, nil
}

// seconds reads a time within a video.
func seconds(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0 && f < 1e8) {
		return 0, fmt.Errorf("%.40q is no time in seconds", s)
	}
	return time.Duration(math.Round(f*1e6)) * time.Microsecond, nil
}

// parseTime reads RFC 3339, a date and time without zone (taken as UTC), a date,
// or seconds since 1970.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0 && f < 1e11) {
		return time.Time{}, fmt.Errorf("%.40q is no time", s)
	}
	return time.UnixMicro(int64(math.Round(f * 1e6))).UTC(), nil
}
