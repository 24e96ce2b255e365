package practice

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// serveProxy runs a CONNECT proxy that leads to the pages as one country sees
// them. It leads nowhere else: hosts that are not ours are refused.
func (h *House) serveProxy(ip, behind string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		return "", fmt.Errorf("listening for a proxy: %w", err)
	}
	h.serveHTTP(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "this proxy only tunnels", http.StatusMethodNotAllowed)
			return
		}
		host, port, err := net.SplitHostPort(r.Host)
		if err != nil || port != "443" || !slices.Contains(h.hosts(), lower(host)) {
			http.Error(w, "this proxy leads to practice providers only", http.StatusForbidden)
			return
		}
		if err := h.tunnel(w, behind); err != nil {
			h.log.Debug("a tunnel broke", "error", err)
		}
	}), h.ctx)
	return l.Addr().String(), nil
}

func (h *House) tunnel(w http.ResponseWriter, behind string) error {
	there, err := net.DialTimeout("tcp", behind, 10*time.Second)
	if err != nil {
		http.Error(w, "the provider does not answer", http.StatusBadGateway)
		return err
	}
	defer there.Close()
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return errors.New("the connection cannot be taken over")
	}
	here, buffered, err := hijacker.Hijack()
	if err != nil {
		return err
	}
	defer here.Close()
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return err
	}
	var both sync.WaitGroup
	both.Go(func() {
		io.Copy(there, buffered)
		there.(*net.TCPConn).CloseWrite()
	})
	io.Copy(here, there)
	here.Close()
	there.Close()
	both.Wait()
	return nil
}
