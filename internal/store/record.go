package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/staydown/staydown"
)

// table maps one struct with `db` tags onto one table. Strings, integers, floats and bytes are stored as they are, truth
// as 0 or 1, times as milliseconds since 1970 (0 for none), everything else as JSON text: both engines give back the same.
type table[T any] struct {
	name   string
	fields []field
	insert string
	update string
	sel    string // "SELECT a, b FROM name "
	work   bool   // working state: may change without an event
}

type field struct {
	index int
	col   string
	kind  cellKind
}

type cellKind int

const (
	plainCell cellKind = iota
	boolCell
	timeCell
	jsonCell
)

var timeType = reflect.TypeFor[time.Time]()

func newTable[T any](name string) *table[T] {
	t := &table[T]{name: name}
	typ := reflect.TypeFor[T]()
	var cols, marks, sets []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		col := f.Tag.Get("db")
		if col == "" {
			continue
		}
		t.fields = append(t.fields, field{i, col, kindOf(f.Type)})
		cols = append(cols, col)
		marks = append(marks, "?")
		if col != "id" {
			sets = append(sets, col+" = ?")
		}
	}
	list := strings.Join(cols, ", ")
	t.insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", name, list, strings.Join(marks, ", "))
	t.update = fmt.Sprintf("UPDATE %s SET %s WHERE id = ?", name, strings.Join(sets, ", "))
	t.sel = fmt.Sprintf("SELECT %s FROM %s ", list, name)
	return t
}

func newWork[T any](name string) *table[T] {
	t := newTable[T](name)
	t.work = true
	return t
}

func kindOf(t reflect.Type) cellKind {
	switch {
	case t == timeType:
		return timeCell
	case t.Kind() == reflect.Bool:
		return boolCell
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return plainCell
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Struct:
		return jsonCell
	}
	return plainCell
}

func (t *table[T]) args(rec *T, withID bool) ([]any, error) {
	v := reflect.ValueOf(rec).Elem()
	args := make([]any, 0, len(t.fields)+1)
	for _, f := range t.fields {
		if f.col == "id" && !withID {
			continue
		}
		a, err := cell(v.Field(f.index), f.kind)
		if err != nil {
			return nil, fmt.Errorf("column %s.%s: %w", t.name, f.col, err)
		}
		args = append(args, a)
	}
	return args, nil
}

func cell(v reflect.Value, k cellKind) (any, error) {
	switch k {
	case boolCell:
		if v.Bool() {
			return int64(1), nil
		}
		return int64(0), nil
	case timeCell:
		return millis(v.Interface().(time.Time)), nil
	case jsonCell:
		if (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0 {
			return "", nil
		}
		b, err := json.Marshal(v.Interface())
		return string(b), err
	}
	switch v.Kind() {
	case reflect.String:
		return clean(v.String()), nil
	case reflect.Int, reflect.Int64, reflect.Int32:
		return v.Int(), nil
	}
	return v.Interface(), nil
}

// clean keeps text that both engines can hold: PostgreSQL takes neither NUL nor broken UTF-8.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return staydown.At(time.UnixMilli(ms))
}

// scan reads one row whose columns are those of the table, in its order, with more destinations behind them.
func (t *table[T]) scan(rows *sql.Rows, more ...any) (T, error) {
	var rec T
	err := rows.Scan(append(t.dest(&rec), more...)...)
	return rec, err
}

// dest is where the columns of one row go.
func (t *table[T]) dest(rec *T) []any {
	v := reflect.ValueOf(rec).Elem()
	dest := make([]any, 0, len(t.fields)+4)
	for _, f := range t.fields {
		fv := v.Field(f.index)
		switch f.kind {
		case plainCell:
			dest = append(dest, fv.Addr().Interface())
		default:
			dest = append(dest, &target{fv, f.kind})
		}
	}
	return dest
}

// columnsUnder lists a table's columns under the name it has in a question.
func columnsUnder[T any](t *table[T], as string) string {
	names := make([]string, len(t.fields))
	for i, f := range t.fields {
		names[i] = as + "." + f.col
	}
	return strings.Join(names, ", ")
}

type target struct {
	v    reflect.Value
	kind cellKind
}

// Scan sets a truth, time or JSON field from what the driver gives.
func (t *target) Scan(src any) error {
	switch t.kind {
	case boolCell, timeCell:
		n, ok := src.(int64)
		if !ok {
			return fmt.Errorf("want a whole number, got %T", src)
		}
		if t.kind == boolCell {
			t.v.SetBool(n != 0)
			return nil
		}
		t.v.Set(reflect.ValueOf(fromMillis(n)))
		return nil
	}
	var b []byte
	switch s := src.(type) {
	case string:
		b = []byte(s)
	case []byte:
		b = s
	default:
		return fmt.Errorf("want text, got %T", src)
	}
	if len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, t.v.Addr().Interface())
}

// rebind turns ? into $1, $2 for PostgreSQL.
var rebound sync.Map

func rebind(q string) string {
	if r, ok := rebound.Load(q); ok {
		return r.(string)
	}
	var b strings.Builder
	n := 0
	inText := false
	for i := range len(q) {
		switch c := q[i]; {
		case c == '\'':
			inText = !inText
			b.WriteByte(c)
		case c == '?' && !inText:
			n++
			fmt.Fprintf(&b, "$%d", n)
		default:
			b.WriteByte(c)
		}
	}
	rebound.Store(q, b.String())
	return b.String()
}
