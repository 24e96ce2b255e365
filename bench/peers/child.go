package main

import (
	"bufio"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// sources are the peers' programs, built when they are needed: the product links
// with none of them.
//
//go:embed peer.h faiss jpeg openssl
var sources embed.FS

// errAbsent is wrapped by what a row says when its peer is not there. Such a row
// has no figures.
var errAbsent = errors.New("not installed")

// program is a peer's source and what it needs.
type program struct {
	source  string   // below this folder
	header  string   // that is there when the peer is installed
	from    string   // the Debian package it comes from
	libs    []string // to link with
	version string   // a macro expression for its version, or ""
}

var (
	faissProgram   = program{"faiss/index.cpp", "faiss/IndexBinaryHash.h", "libfaiss-dev", []string{"-fopenmp", "-lfaiss", "-llapack", "-lblas"}, "faiss FAISS_VERSION_MAJOR.FAISS_VERSION_MINOR.FAISS_VERSION_PATCH"}
	jpegProgram    = program{"jpeg/decode.cpp", "jpeglib.h", "libjpeg62-turbo-dev", []string{"-ljpeg"}, "libjpeg-turbo LIBJPEG_TURBO_VERSION"}
	opensslProgram = program{"openssl/digest.cpp", "openssl/evp.h", "libssl-dev", []string{"-lcrypto"}, "OPENSSL_VERSION_TEXT"}
)

// build compiles a program into dir and returns its path and the peer's version.
func build(p program, dir string) (path, version string, err error) {
	compiler, err := exec.LookPath("g++")
	if err != nil {
		return "", "", fmt.Errorf("g++: %w", errAbsent)
	}
	if err := unpack(dir); err != nil {
		return "", "", err
	}
	probe := "#include <stddef.h>\n#include <stdio.h>\n#include <" + p.header + ">\nVERSION " + p.version + "\n"
	cmd := exec.Command(compiler, "-x", "c++", "-E", "-P", "-")
	cmd.Stdin = strings.NewReader(probe)
	said, err := cmd.Output()
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", p.from, errAbsent)
	}
	path = filepath.Join(dir, strings.ReplaceAll(strings.TrimSuffix(p.source, ".cpp"), "/", "-"))
	args := append([]string{"-std=c++17", "-O3", "-I", dir, "-o", path, filepath.Join(dir, p.source)}, p.libs...)
	if out, err := exec.Command(compiler, args...).CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("building %s: %w: %s", p.source, err, firstLine(string(out)))
	}
	return path, versionOf(string(said)), nil
}

// versionOf takes the version from what the preprocessor made of the probe: its
// last line, without quotes and blanks between numbers.
func versionOf(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	version, found := strings.CutPrefix(lines[len(lines)-1], "VERSION ")
	if !found {
		return ""
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(version, `"`, ""), " .", "."), ". ", ".")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func unpack(dir string) error {
	return fs.WalkDir(sources, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return errors.Join(err, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		}
		data, err := sources.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, name)
		return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, data, 0o644))
	})
}

// answer is a line that a peer prints.
type answer struct {
	Clock  float64 `json:"clock_seconds"`
	Thread float64 `json:"thread_seconds"`
	Count  int64   `json:"count"`
	Bytes  float64 `json:"bytes"`
}

func (a answer) cost() cost { return cost{a.Clock, a.Thread} }

func parseAnswer(line string) (a answer, err error) {
	if err := json.Unmarshal([]byte(line), &a); err != nil {
		return a, fmt.Errorf("reading the peer's answer %q: %w", firstLine(line), err)
	}
	if a.Clock < 0 || a.Thread < 0 {
		return a, fmt.Errorf("reading the peer's answer %q: time below zero", firstLine(line))
	}
	return a, nil
}

// child is a peer that runs and waits for lines.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	Ready answer // what preparing cost
}

func start(path string, args ...string) (*child, error) {
	c := &child{cmd: exec.Command(path, args...)}
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(path), err)
	}
	c.out = bufio.NewReader(out)
	if c.Ready, err = c.read(); err != nil {
		c.end()
		return nil, err
	}
	return c, nil
}

// ask sends a line and returns what the round cost.
func (c *child) ask(line string) (answer, error) {
	if _, err := fmt.Fprintln(c.in, line); err != nil {
		return answer{}, fmt.Errorf("asking the peer: %w", err)
	}
	return c.read()
}

func (c *child) read() (answer, error) {
	line, err := c.out.ReadString('\n')
	if err != nil {
		return answer{}, fmt.Errorf("the peer ended early: %w", err)
	}
	return parseAnswer(line)
}

// end lets the peer come to its end; nothing it says then counts.
func (c *child) end() {
	c.in.Close()
	c.cmd.Wait() //nolint:errcheck // its work is done
}
