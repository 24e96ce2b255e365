package files

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseBankRow reads a line of a bank file: quickly if it is written as ours are,
// else as any JSON.
func parseBankRow(rec string) (j bankRowJSON, err error) {
	if quick(rec, &j) {
		return j, nil
	}
	j = bankRowJSON{}
	err = json.Unmarshal([]byte(rec), &j)
	return j, err
}

// quick reads an object of the known fields in plain strings (without escapes),
// numbers and lists of strings. It reports false for everything else, right or
// wrong: tens of millions of rows are worth the second reader.
func quick(rec string, j *bankRowJSON) bool {
	s := scan{rest: rec}
	if !utf8.ValidString(rec) || !s.take('{') {
		return false
	}
	for {
		name, ok := s.text()
		if !ok || !s.take(':') || !s.field(name, j) {
			return false
		}
		if s.take('}') {
			return s.rest == ""
		}
		if !s.take(',') {
			return false
		}
	}
}

type scan struct{ rest string }

func (s *scan) field(name string, j *bankRowJSON) (ok bool) {
	switch name {
	case "signal":
		j.Signal, ok = s.text()
	case "value":
		j.Value, ok = s.text()
	case "content":
		j.Content, ok = s.text()
	case "source":
		j.Source, ok = s.text()
	case "at":
		j.At, ok = s.text()
	case "opinion":
		var o string
		o, ok = s.text()
		j.Opinion = Opinion(o)
	case "quality":
		var n int
		n, ok = s.whole()
		j.Quality = &n
	case "frame":
		j.Frame, ok = s.whole()
	case "seconds":
		j.Seconds, ok = s.decimal()
	case "labels":
		j.Labels, ok = s.texts()
	}
	return ok
}

func (s *scan) take(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *scan) text() (string, bool) {
	if !s.take('"') {
		return "", false
	}
	end := strings.IndexByte(s.rest, '"')
	if end < 0 {
		return "", false
	}
	t := s.rest[:end]
	for i := range len(t) {
		if t[i] < 0x20 || t[i] == '\\' {
			return "", false
		}
	}
	s.rest = s.rest[end+1:]
	return t, true
}

func (s *scan) texts() (list []string, ok bool) {
	if !s.take('[') {
		return nil, false
	}
	for {
		t, ok := s.text()
		if !ok {
			return nil, false
		}
		list = append(list, t)
		if s.take(']') {
			return list, true
		}
		if !s.take(',') {
			return nil, false
		}
	}
}

// digits takes a number as JSON spells it without an exponent.
func (s *scan) digits() string {
	n := 0
	for n < len(s.rest) && (s.rest[n] >= '0' && s.rest[n] <= '9' || s.rest[n] == '.') {
		n++
	}
	d := s.rest[:n]
	if n == 0 || n > 15 || d[0] == '.' || d[n-1] == '.' || n > 1 && d[0] == '0' && d[1] != '.' {
		return ""
	}
	s.rest = s.rest[n:]
	return d
}

func (s *scan) whole() (int, bool) {
	n, err := strconv.Atoi(s.digits())
	return n, err == nil
}

func (s *scan) decimal() (float64, bool) {
	f, err := strconv.ParseFloat(s.digits(), 64)
	return f, err == nil
}
