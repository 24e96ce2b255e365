package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/staydown/staydown"
)

// The test binary plays three parts: the test, the child that confines itself,
// and the decoder that was taken over and tries to break out.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "confine" {
		syscall.Exit(Confine(os.Args[2])) // at once: os.Exit waits a second under the race detector
	}
	if len(os.Args) >= 3 && os.Args[1] == "breakout" {
		breakOut(os.Args[2], os.Args[3:])
		syscall.Exit(0)
	}
	os.Exit(m.Run())
}

// breakOut is the decoder taken over: it does what it was told and says what it
// met on standard output.
func breakOut(what string, args []string) {
	say := func(err error) { fmt.Printf("%s: %v\n", what, err) }
	switch what {
	case "read":
		_, err := os.ReadFile(args[0])
		say(err)
	case "list":
		_, err := os.ReadDir(args[0])
		say(err)
	case "write":
		say(os.WriteFile(args[0], []byte("x"), 0o600))
	case "input":
		in, err := os.ReadFile(Input)
		if err != nil {
			say(err)
			return
		}
		io.Copy(io.Discard, os.Stdin)
		f, err := os.Open(Input)
		if err != nil {
			say(err)
			return
		}
		f.Seek(6, io.SeekStart)
		rest, _ := io.ReadAll(f)
		fmt.Printf("%s|%s", in, rest)
	case "inputwrite":
		_, err := os.OpenFile(Input, os.O_WRONLY, 0)
		say(err)
	case "tcp", "udp":
		c, err := net.Dial(what, args[0])
		if err == nil {
			_, err = c.Write([]byte("x"))
		}
		say(err)
	case "abstract":
		_, err := net.Dial("unix", args[0])
		say(err)
	case "fork":
		say(met2(tryFork()))
	case "exec":
		say(syscall.Exec(args[0], []string{args[0]}, nil))
	case "signal":
		var pid int
		fmt.Sscan(args[0], &pid)
		say(unix.Kill(pid, 0))
	case "setuid":
		say(syscall.Setuid(0))
	case "memory":
		_, err := unix.Mmap(-1, 0, 8<<30, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
		say(err)
	case "files":
		n := 0
		for ; n < 1000; n++ {
			if _, err := os.Open(Input); err != nil {
				break
			}
		}
		fmt.Println(n < 100)
	case "threads":
		hold := make(chan bool)
		for range 500 {
			go func() { unix.Nanosleep(&unix.Timespec{Sec: 3}, nil); <-hold }()
		}
		time.Sleep(5 * time.Second) // the runtime gives up before, loudly
	case "core":
		var r unix.Rlimit
		unix.Getrlimit(unix.RLIMIT_CORE, &r)
		fmt.Println(r.Max)
	case "environment":
		fmt.Println(len(os.Environ()), len(openFiles()))
	case "spin":
		for {
		}
	case "sleep":
		time.Sleep(time.Hour)
	case "flood":
		for {
			if _, err := os.Stdout.Write(make([]byte, 1<<16)); err != nil {
				os.Exit(3)
			}
		}
	case "complain":
		fmt.Fprint(os.Stderr, "no such \x1b[31mcodec\nat all ", strings.Repeat("é", 10_000))
		os.Exit(7)
	case "crash":
		unix.Kill(os.Getpid(), unix.SIGKILL)
		*(*int)(nil) = 1
	}
}

func met2(a attempt) error {
	if a == 0 {
		return nil
	}
	return syscall.Errno(a)
}

func openFiles() (open []int) {
	for fd := 3; fd < 64; fd++ {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			if link, _ := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)); !strings.HasPrefix(link, "anon_inode:") {
				open = append(open, fd)
			}
		}
	}
	return open
}

// box is a box whose children are this test binary.
func box(t *testing.T) *Box {
	t.Helper()
	return &Box{Self: []string{"/proc/self/exe", "confine"}}
}

// decoder is this test binary at a path that nobody, too, can reach.
func decoder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "decoder")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	to := filepath.Join(dir, "decoder")
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return to
}

// whole skips on a machine where not every wall stands.
func whole(t *testing.T, b *Box) Confinement {
	t.Helper()
	c := b.Probe(t.Context())
	for name, w := range map[string]Wall{"files": c.Files, "network": c.Network, "processes": c.Processes, "memory": c.Memory, "privileges": c.Privileges} {
		if !w.Stands {
			t.Skipf("this machine cannot wall off %s: %s", name, w.Why)
		}
	}
	return c
}

// roomy leaves a Go program, whose runtime reserves much, room to start.
var roomy = Limits{Memory: 4 << 30, Wall: 20 * time.Second, CPU: 10 * time.Second}

func run(t *testing.T, b *Box, path string, l Limits, args ...string) (string, error) {
	t.Helper()
	var said []byte
	err := b.Run(t.Context(), Tool{Path: path, Args: append([]string{"breakout"}, args...)}, strings.NewReader("foreign bytes"), l, func(r io.Reader) (err error) {
		said, err = io.ReadAll(r)
		return err
	})
	return strings.TrimSpace(string(said)), err
}

func TestBreakOut(t *testing.T) {
	b := box(t)
	c := whole(t, b)
	path := decoder(t)
	public := filepath.Join(filepath.Dir(path), "public")
	if err := os.WriteFile(public, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(filepath.Dir(path), "open")
	os.Mkdir(open, 0o777)
	os.Chmod(open, 0o777)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	unixSocket, err := net.Listen("unix", "@staydown-sandbox-test")
	if err != nil {
		t.Fatal(err)
	}
	defer unixSocket.Close()
	tests := []struct {
		name string
		args []string
		want string // in what it says
	}{
		{"reads a file all may read", []string{"read", public}, "permission denied"},
		{"reads the list of users", []string{"read", "/etc/passwd"}, "permission denied"},
		{"reads another process's environment", []string{"read", fmt.Sprintf("/proc/%d/environ", os.Getpid())}, "permission denied"},
		{"lists a folder", []string{"list", "/etc"}, "permission denied"},
		{"writes where all may write", []string{"write", filepath.Join(open, "x")}, "permission denied"},
		{"writes beside itself", []string{"write", filepath.Join(filepath.Dir(path), "y")}, "permission denied"},
		{"writes to its input", []string{"inputwrite"}, "permission denied"},
		{"connects", []string{"tcp", tcp.Addr().String()}, "operation not permitted"},
		{"sends a datagram", []string{"udp", udp.LocalAddr().String()}, "operation not permitted"},
		{"connects to an abstract socket", []string{"abstract", "@staydown-sandbox-test"}, "operation not permitted"},
		{"makes a process", []string{"fork"}, "operation not permitted"},
		{"becomes a shell", []string{"exec", "/bin/sh"}, "permission denied"},
		{"signals its parent", []string{"signal", fmt.Sprint(os.Getpid())}, "no such process"},
		{"becomes the administrator", []string{"setuid"}, "invalid argument"},
		{"takes memory", []string{"memory"}, "cannot allocate memory"},
		{"opens many files", []string{"files"}, "true"},
		{"leaves a core", []string{"core"}, "0"},
		{"reads environment and files left open", []string{"environment"}, "0 0"},
		{"reads its input twice, and from the middle", []string{"input"}, "foreign bytes|n bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			said, err := run(t, b, path, roomy, tt.args...)
			if err != nil || !strings.Contains(said, tt.want) {
				t.Errorf("got %q, %v; want %q; confined by %+v", said, err, tt.want, c)
			}
		})
	}
}

// The same attempts succeed outside of the box: the tests above can fail.
func TestBreakOutWithoutWalls(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	for _, args := range [][]string{{"read", "/etc/passwd"}, {"tcp", tcp.Addr().String()}, {"fork"}, {"signal", fmt.Sprint(os.Getpid())}} {
		said, err := outside(t, args...)
		if err != nil || !strings.HasSuffix(said, ": <nil>") {
			t.Errorf("%v outside of the box: %q, %v", args, said, err)
		}
	}
}

func TestLimits(t *testing.T) {
	b := box(t)
	whole(t, b)
	path := decoder(t)
	tests := []struct {
		what string
		l    Limits
		code string
	}{
		{"spin", Limits{Memory: 4 << 30, CPU: time.Second, Wall: 30 * time.Second}, CodeProcessor},
		{"sleep", Limits{Memory: 4 << 30, Wall: 200 * time.Millisecond}, CodeTime},
		{"flood", Limits{Memory: 4 << 30, Output: 1 << 20}, CodeOutput},
		{"complain", Limits{Memory: 4 << 30}, CodeTool},
		{"threads", Limits{Memory: 4 << 30, Threads: 30}, CodeTool},
		{"crash", Limits{Memory: 4 << 30}, ""},
		{"core", Limits{Memory: 4 << 30, Input: 5}, CodeInput},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			said, err := run(t, b, path, tt.l, tt.what)
			if tt.code == "" { // the first of its namespace cannot be killed from inside; it breaks all the same
				if code := staydown.CodeOf(err); code != CodeCrash && code != CodeTool {
					t.Errorf("got %q, %v", said, err)
				}
				return
			}
			if staydown.CodeOf(err) != tt.code {
				t.Errorf("got %v (%s), want %s", err, staydown.CodeOf(err), tt.code)
			}
			if tt.what == "complain" && (!strings.Contains(err.Error(), "no such [31mcodec at all") || len([]rune(err.Error())) > 400) {
				t.Errorf("reason is told badly: %q", err)
			}
		})
	}
}

func TestReaderEndsTheTool(t *testing.T) {
	b := box(t)
	whole(t, b)
	path := decoder(t)
	own := errors.New("seen enough")
	for _, want := range []error{nil, own} {
		err := b.Run(t.Context(), Tool{Path: path, Args: []string{"breakout", "flood"}}, bytes.NewReader(nil), roomy, func(r io.Reader) error {
			if _, err := io.CopyN(io.Discard, r, 1000); err != nil {
				return err
			}
			return want
		})
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

func TestCancelled(t *testing.T) {
	b := box(t)
	whole(t, b)
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, stop)
	err := b.Run(ctx, Tool{Path: decoder(t), Args: []string{"breakout", "sleep"}}, bytes.NewReader(nil), roomy, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Without a child that can confine itself nothing runs.
func TestRefusesUnconfined(t *testing.T) {
	b := &Box{Self: []string{"/nonexistent"}}
	err := b.Run(t.Context(), Tool{Path: "/bin/true"}, bytes.NewReader(nil), Limits{}, func(io.Reader) error { t.Error("it ran"); return nil })
	if staydown.CodeOf(err) != CodeUnconfined {
		t.Errorf("got %v", err)
	}
	if c := b.Probe(t.Context()); c.Files.Stands || c.Network.Stands || c.Files.Why == "" || c.Network.Why == "" {
		t.Errorf("told of walls that do not stand: %+v", c)
	}
}

func TestProbeTellsWhatStands(t *testing.T) {
	c := box(t).Probe(t.Context())
	t.Logf("%+v", c)
	for name, w := range map[string]Wall{"files": c.Files, "network": c.Network, "processes": c.Processes, "memory": c.Memory, "privileges": c.Privileges} {
		if w.Stands == (w.How == "") || !w.Stands && w.Why == "" {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

func TestFind(t *testing.T) {
	if _, err := Find("no-such-decoder", "no-such-package"); staydown.CodeOf(err) != CodeMissing {
		t.Errorf("got %v", err)
	}
	if path, err := Find("true", "coreutils"); err != nil || !filepath.IsAbs(path) {
		t.Errorf("got %q, %v", path, err)
	}
}

func TestNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	os.Chmod(dir, 0o755)
	b := box(t)
	b.Dir = dir
	whole(t, b)
	if _, err := run(t, b, decoder(t), roomy, "core"); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
