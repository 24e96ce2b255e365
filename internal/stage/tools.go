package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// tool is a program or file that some tests need and Go does not bring.
type tool struct {
	debian string // the package that brings it
	loss   string // what is not tested without it
	here   func() bool
}

var wanted = []tool{
	{"chromium", "the pages in a browser", func() bool { return chromium() != "" }},
	{"postgresql", "the suites on PostgreSQL", func() bool { return serverPrograms() != "" }},
	{"gcc", "the race detector", program("gcc")},
	{"libc6-dev", "the race detector", file("/usr/include/stdlib.h")},
	{"fonts-noto-core", "screenshots with Arabic in them", file("/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf", "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf")},
	{"openssl", "signatures checked by a stock tool", program("openssl")},
	{"poppler-utils", "documents read back by a stock tool", program("pdftotext")},
}

func program(name string) func() bool { return func() bool { return found(name) != "" } }

func file(paths ...string) func() bool {
	return func() bool {
		for _, p := range paths {
			if _, err := os.Stat(p); err == nil {
				return true
			}
		}
		return false
	}
}

// tools installs what is missing when it may: as root, with apt-get, and unless
// STAYDOWN_NO_INSTALL is set. Otherwise it says what will not be tested.
func tools(ctx context.Context, s *session) error {
	missing := absent()
	if len(missing) == 0 {
		fmt.Fprintln(s.out, "nothing is missing")
		return nil
	}
	if os.Geteuid() != 0 || found("apt-get") == "" || os.Getenv("STAYDOWN_NO_INSTALL") != "" {
		s.lament(missing)
		return nil
	}
	if err := install(ctx, s, missing); err != nil {
		fmt.Fprintf(s.out, "installing: %v\n", err)
	}
	s.lament(absent())
	return nil
}

func absent() []tool {
	var missing []tool
	for _, t := range wanted {
		if !t.here() {
			missing = append(missing, t)
		}
	}
	return missing
}

func (s *session) lament(missing []tool) {
	for _, t := range missing {
		fmt.Fprintf(s.out, "missing: Debian package %s; not tested without it: %s\n", t.debian, t.loss)
	}
}

func install(ctx context.Context, s *session, missing []tool) error {
	if err := os.Setenv("DEBIAN_FRONTEND", "noninteractive"); err != nil {
		return err
	}
	if err := s.silentUnlessFailing(ctx, "apt-get", "update", "-q"); err != nil {
		return err
	}
	args := []string{"install", "-q", "-y", "--no-install-recommends"}
	for _, t := range missing {
		args = append(args, t.debian)
	}
	return s.silentUnlessFailing(ctx, "apt-get", args...)
}

func (s *session) silentUnlessFailing(ctx context.Context, name string, args ...string) error {
	fmt.Fprintf(s.out, "$ %s %s\n", name, strings.Join(args, " "))
	out, err := start(ctx, name, args...).CombinedOutput()
	if err != nil {
		fmt.Fprintf(s.out, "%s", out)
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// chromium is the browser's program, or "".
func chromium() string { return found("chromium", "chromium-browser", "google-chrome") }

// serverPrograms is the folder with initdb and postgres in it, the newest there
// is, or "". Debian keeps them off the path.
func serverPrograms() string {
	best, newest := "", 0
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for _, dir := range folders {
		version := 0
		fmt.Sscan(filepath.Base(filepath.Dir(dir)), &version)
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil && version > newest {
			best, newest = dir, version
		}
	}
	if best == "" {
		if at := found("initdb"); at != "" {
			best = filepath.Dir(at)
		}
	}
	return best
}
