package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// check is everything that can be said about the sources without running them.
func check(ctx context.Context, s *session) error {
	return errors.Join(
		s.silent(ctx, "gofmt would change the files above", "gofmt", "-l", "."),
		s.show(ctx, "go", "vet", "./..."),
		s.silent(ctx, "go.mod is not tidy", "go", "mod", "tidy", "-diff"),
		s.show(ctx, "go", "mod", "verify"),
	)
}

// unit runs every package as a newcomer would, with only Go on the machine: the
// variables that open the later stages are empty.
func unit(ctx context.Context, s *session) error {
	none := []string{"STAYDOWN_TEST_POSTGRES=", "STAYDOWN_E2E=", "STAYDOWN_CHROMIUM="}
	return s.goTest(ctx, none, "-timeout", "9m", "./...")
}

// postgres runs the packages whose tests know STAYDOWN_TEST_POSTGRES, or the suite
// that does, against a throw-away cluster.
func postgres(ctx context.Context, s *session) error {
	packages, err := mentioning("STAYDOWN_TEST_POSTGRES", "store/storetest")
	if err != nil {
		return err
	}
	bin := serverPrograms()
	if len(packages) == 0 || bin == "" {
		fmt.Fprintln(s.out, "nothing to run: no PostgreSQL on this machine, or no test that needs it")
		return nil
	}
	c, err := openCluster(ctx, bin)
	if err != nil {
		return err
	}
	err = s.goTest(ctx, []string{"STAYDOWN_TEST_POSTGRES=" + c.url}, append([]string{"-timeout", "5m"}, packages...)...)
	return errors.Join(err, c.close())
}

// raced lists the packages where goroutines share memory. The engine is 6 to 15
// times slower under the detector, and hashing as slow as it is meant to be, so
// that the rest runs without.
var raced = []string{
	"./internal/api/...", "./internal/assess/...", "./internal/audit/...", "./internal/blob/...", "./internal/capture/...",
	"./internal/connector/...", "./internal/deconflict/...", "./internal/dial/...", "./internal/door/...", "./internal/evidence/...",
	"./internal/exercise/practice/...", "./internal/jobs/...", "./internal/match/...", "./internal/referral/...", "./internal/store/...",
	"./internal/verify/...", "./internal/watch/...", "./internal/web/...",
}

// race runs them under the detector, and a small exercise: the whole desk at once.
func race(ctx context.Context, s *session) error {
	if found("gcc") == "" {
		fmt.Fprintln(s.out, "nothing to run: the race detector needs a C compiler")
		return nil
	}
	err := s.goTest(ctx, []string{"CGO_ENABLED=1"}, append([]string{"-race", "-short", "-timeout", "11m"}, existing(raced)...)...)
	return errors.Join(err, racedExercise(ctx, s))
}

func racedExercise(ctx context.Context, s *session) error {
	dir, err := os.MkdirTemp("", "staydown-race-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "staydown")
	if err := s.show(ctx, "go", "build", "-race", "-o", binary, "./cmd/staydown"); err != nil {
		return err
	}
	return s.show(ctx, binary, "exercise", "november", "--items", "30", "--data", filepath.Join(dir, "data"))
}

// endToEnd runs the stories that build the binary and live with it.
func endToEnd(ctx context.Context, s *session) error {
	packages, err := mentioning("STAYDOWN_E2E")
	if err != nil || len(packages) == 0 {
		return err
	}
	return s.goTest(ctx, []string{"STAYDOWN_E2E=1", "CGO_ENABLED=0"}, append([]string{"-timeout", "14m"}, packages...)...)
}

// browser runs the tests that open pages in Chromium.
func browser(ctx context.Context, s *session) error {
	packages, err := mentioning("STAYDOWN_CHROMIUM")
	if err != nil {
		return err
	}
	program := chromium()
	if len(packages) == 0 || program == "" {
		fmt.Fprintln(s.out, "nothing to run: no Chromium on this machine, or no test that needs it")
		return nil
	}
	return s.goTest(ctx, []string{"STAYDOWN_CHROMIUM=" + program}, append([]string{"-timeout", "7m"}, packages...)...)
}
