package email

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// maxReplies bounds, in bytes, everything a mail server may say in one session.
// The client library reads lines and multi-line answers without a bound.
const maxReplies = 256 << 10

var errTooMuch = errors.New("the mail server talks without end")

// line is the one connection of a try: it bounds what is read from it, remembers
// whether writing failed, and can be cut at any time.
type line struct {
	mu     sync.Mutex
	conn   net.Conn
	isCut  bool
	failed atomic.Bool
}

// hold takes over a connection just opened.
func (l *line) hold(conn net.Conn) net.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	if l.isCut {
		_ = conn.Close()
	}
	return &held{Conn: conn, line: l, left: maxReplies}
}

// cut ends the connection, also one that is about to be opened.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = true
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// broken tells whether something could not be written. What ends a mail is written
// last: when writing failed, the server did not get it.
func (l *line) broken() bool { return l.failed.Load() }

// bye ends a session in good order, as far as the server goes along.
func (l *line) bye(client *smtp.Client) {
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	_ = conn.SetDeadline(time.Now().Add(farewell))
	_ = client.Quit() // the outcome is known; a server that does not part politely changes nothing
	l.cut()
}

// held is the connection as the client library sees it.
type held struct {
	net.Conn
	line *line
	left int
}

func (h *held) Read(p []byte) (int, error) {
	if h.left <= 0 {
		return 0, errTooMuch
	}
	if len(p) > h.left {
		p = p[:h.left]
	}
	n, err := h.Conn.Read(p)
	h.left -= n
	return n, err
}

func (h *held) Write(p []byte) (int, error) {
	n, err := h.Conn.Write(p)
	if err != nil {
		h.line.failed.Store(true)
	}
	return n, err
}
