// Package page writes tables of results into pages of the documentation, between
// two marks, so that what is published is what was measured.
package page

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Write replaces what stands between the marks of one measurement, named as its
// command, such as "bench/survive". A page without the marks is an error.
func Write(path, name, text string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the page: %w", err)
	}
	page, err := between(string(data), name, text)
	if err != nil {
		return fmt.Errorf("writing into %s: %w", path, err)
	}
	return os.WriteFile(path, []byte(page), 0o644)
}

func between(page, name, text string) (string, error) {
	begin, end := "<!-- written by "+name+": begin -->", "<!-- written by "+name+": end -->"
	before, rest, ok := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return "", errors.New("the marks of " + name + " are missing")
	}
	return before + begin + "\n\n" + text + "\n" + end + after, nil
}
