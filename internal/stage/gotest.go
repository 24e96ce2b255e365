package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// goTest runs "go test -json" in random order and counts what became of each
// test. env is added to the environment.
func (s *session) goTest(ctx context.Context, env []string, args ...string) error {
	args = append([]string{"test", "-json", "-shuffle=on"}, args...)
	fmt.Fprintf(s.out, "$ go %s\n", strings.Join(args, " "))
	cmd := start(ctx, "go", args...)
	cmd.Env = environ(env...)
	pr, pw := io.Pipe()
	cmd.Stdout, cmd.Stderr = pw, s.out
	read := make(chan error, 1)
	go func() { read <- s.tests.read(pr, s.out) }()
	err := cmd.Run()
	pw.Close()
	return errors.Join(err, <-read)
}

// mentioning lists, as ./folder, the packages whose tests contain one of the words:
// a variable of the environment, or a suite that reads it.
func mentioning(words ...string) ([]string, error) {
	seen := map[string]bool{}
	var list []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || name == "internal/stage") {
			return fs.SkipDir
		}
		dir := "./" + path.Dir(name)
		if d.IsDir() || !strings.HasSuffix(name, "_test.go") || seen[dir] {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		contains := func(word string) bool { return strings.Contains(string(src), word) }
		if slices.ContainsFunc(words, contains) {
			seen[dir] = true
			list = append(list, dir)
		}
		return nil
	})
	return list, err
}

// existing leaves out patterns (./folder/...) whose folder is not there.
func existing(patterns []string) []string {
	var list []string
	for _, p := range patterns {
		if _, err := os.Stat(strings.TrimSuffix(p, "/...")); err == nil {
			list = append(list, p)
		}
	}
	return list
}
