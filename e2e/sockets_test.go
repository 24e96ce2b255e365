package e2e

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// socket is one internet socket of a process, as the kernel lists it.
type socket struct {
	network       string // tcp, tcp6, udp, udp6
	local, remote netip.AddrPort
}

// toward tells whether it has another end.
func (s socket) toward() bool { return s.remote.Port() != 0 }

// watch collects the sockets of a process and of its children.
type watch struct {
	mu   sync.Mutex
	seen map[socket]bool
	n    int // samples
}

// look samples until the context ends. What lives shorter than a sample may pass
// unseen: it stands beside the guard's own log, not instead of it.
func (w *watch) look(ctx context.Context, pid int) {
	w.seen = map[socket]bool{}
	for ctx.Err() == nil {
		w.sample(pid)
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (w *watch) sample(pid int) {
	pids := append([]int{pid}, children(pid)...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	for _, p := range pids {
		for _, s := range socketsOf(p) {
			w.seen[s] = true
		}
	}
}

// loopbackOnly wants every other end to be on this machine, and to have seen some.
func (w *watch) loopbackOnly(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/proc/self/net/tcp"); err != nil {
		t.Logf("this kernel does not list its sockets: the guard's log stands alone")
		return
	}
	ends := 0
	for s := range w.seen {
		if !s.toward() {
			continue
		}
		ends++
		if !s.remote.Addr().IsLoopback() {
			t.Errorf("a %s socket reached out to %s", s.network, s.remote)
		}
	}
	if ends == 0 {
		t.Errorf("no connection was seen in %d samples: nothing is proven", w.n)
	}
	t.Logf("%d connections seen in %d samples", ends, w.n)
}

func children(pid int) []int {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, t := range tasks {
		more, _ := os.ReadFile(t)
		raw = append(append(raw, ' '), more...)
	}
	var all []int
	for _, f := range strings.Fields(string(raw)) {
		var n int
		if _, err := fmt.Sscanf(f, "%d", &n); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// socketsOf lists the internet sockets that a process holds open.
func socketsOf(pid int) []socket {
	mine := map[string]bool{}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil {
			if inode, ok := strings.CutPrefix(to, "socket:["); ok {
				mine[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	var all []socket
	for _, network := range []string{"tcp", "tcp6", "udp", "udp6"} {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, network))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(raw)) {
			f := strings.Fields(line)
			if len(f) < 10 || !mine[f[9]] {
				continue
			}
			all = append(all, socket{network, endOf(f[1]), endOf(f[2])})
		}
	}
	return all
}

// endOf reads ADDRESS:PORT as the kernel writes it: words of four bytes, each the
// wrong way round on the machines we run on.
func endOf(text string) netip.AddrPort {
	address, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(address)
	if err != nil {
		return netip.AddrPort{}
	}
	for i := 0; i+4 <= len(raw); i += 4 {
		raw[i], raw[i+1], raw[i+2], raw[i+3] = raw[i+3], raw[i+2], raw[i+1], raw[i]
	}
	addr, ok := netip.AddrFromSlice(raw)
	var n uint16
	if _, err := fmt.Sscanf(port, "%X", &n); err != nil || !ok {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(addr.Unmap(), n)
}
