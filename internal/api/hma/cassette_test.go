package hma

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// exchange is one recorded question with its answer.
type exchangeOnTape struct {
	method, uri, contentType, body string
	status                         int
	answerType, answer             string
}

// tapes reads the exchanges that the Ruby client recorded against HMA; the test is
// skipped where they are not.
func tapes(t *testing.T) map[string][]exchangeOnTape {
	t.Helper()
	names, _ := filepath.Glob("../../../../shared/data/hma/*.yml")
	if len(names) == 0 {
		t.Skip("no recorded exchanges: the folder ../shared/data/hma beside the repository is absent")
	}
	out := map[string][]exchangeOnTape{}
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.Trim(strings.TrimSuffix(filepath.Base(n), ".yml"), "_")] = readTape(t, string(data))
	}
	return out
}

// readTape reads the part of YAML that the recorder writes.
func readTape(t *testing.T, text string) (all []exchangeOnTape) {
	t.Helper()
	lines := strings.Split(text, "\n")
	var e *exchangeOnTape
	response := false
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch strings.TrimSuffix(key, ":") {
		case "- request":
			all = append(all, exchangeOnTape{})
			e, response = &all[len(all)-1], false
		case "response":
			response = true
		case "method":
			e.method = strings.ToUpper(value)
		case "uri":
			e.uri = value
		case "code":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			e.status = n
		case "Content-Type":
			ct := strings.TrimPrefix(strings.TrimSpace(lines[i+1]), "- ")
			if response {
				e.answerType = ct
			} else {
				e.contentType = ct
			}
		case "string":
			s := scalar(t, value, lines[i+1:], len(line)-len(strings.TrimLeft(line, " ")))
			if response {
				e.answer = s
			} else {
				e.body = s
			}
		}
	}
	return all
}

// scalar reads a value: plain, quoted, or a block of deeper lines.
func scalar(t *testing.T, value string, rest []string, indent int) string {
	t.Helper()
	switch {
	case strings.HasPrefix(value, "'"):
		return strings.ReplaceAll(strings.Trim(value, "'"), "''", "'")
	case strings.HasPrefix(value, `"`):
		s, err := strconv.Unquote(value)
		if err != nil {
			t.Fatal(err)
		}
		return s
	case !strings.Contains(value, "|"):
		return value
	}
	var block []string
	for _, l := range rest {
		if strings.TrimSpace(l) != "" && len(l)-len(strings.TrimLeft(l, " ")) <= indent {
			break
		}
		block = append(block, strings.TrimPrefix(l, strings.Repeat(" ", indent+2)))
	}
	s := strings.TrimRight(strings.Join(block, "\n"), "\n")
	if strings.HasPrefix(value, "!binary") {
		data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(s, "\n", ""))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if value == "|" {
		s += "\n"
	}
	return s
}
