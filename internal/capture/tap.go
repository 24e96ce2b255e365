package capture

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"sync"
)

// tap is a connection that can be listened to: while a listener is set, it is
// given every byte as it was sent and received, above TLS. One request at a
// time is on a connection, so one listener hears exactly one exchange.
type tap struct {
	net.Conn
	tls *tls.ConnectionState // nil for plain HTTP

	mu       sync.Mutex
	listener *listener
}

// NetConn is the connection below.
func (t *tap) NetConn() net.Conn { return t.Conn }

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	if n > 0 {
		t.mu.Lock()
		if t.listener != nil {
			t.listener.received(p[:n])
		}
		t.mu.Unlock()
	}
	return n, err
}

// Write tells the listener first: the answer may be here, and the listener gone,
// before a write returns.
func (t *tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	if t.listener != nil {
		t.listener.sent(p)
	}
	t.mu.Unlock()
	return t.Conn.Write(p)
}

// listen sets the listener.
func (t *tap) listen(l *listener) {
	t.mu.Lock()
	t.listener = l
	t.mu.Unlock()
}

// leave takes the listener off again, unless the connection serves another
// exchange by now. After it returns, the listener hears nothing more.
func (t *tap) leave(l *listener) {
	t.mu.Lock()
	if t.listener == l {
		t.listener = nil
	}
	t.mu.Unlock()
}

// listener keeps one exchange: the request and the response's header in memory,
// the whole response in a sink.
type listener struct {
	request bytes.Buffer
	head    []byte    // of the response, up to and with the empty line
	whole   bool      // the header is complete
	sink    io.Writer // takes the header, and what follows it
	left    int64     // bytes the sink may still take
	cut     bool      // more came than was taken
	failed  error     // the sink's error
}

// sent takes bytes of the request.
func (l *listener) sent(p []byte) {
	if room := maxHead - l.request.Len(); len(p) > room {
		p = p[:max(room, 0)]
		l.cut = true
	}
	l.request.Write(p)
}

// received takes bytes of the response. Interim answers (RFC 9110 15.2) come
// before the one that counts and are left out.
func (l *listener) received(p []byte) {
	for !l.whole && len(p) > 0 {
		n := min(len(p), 2*maxHead-len(l.head))
		if n <= 0 {
			l.cut = true // no header is this long: the client gives up too
			return
		}
		before := len(l.head)
		l.head = append(l.head, p[:n]...)
		end := headEnd(l.head, before)
		if end < 0 {
			p = p[n:]
			continue
		}
		p = p[end-before:]
		l.head = l.head[:end]
		if interim(l.head) {
			l.head = l.head[:0]
			continue
		}
		l.whole = true
		l.write(l.head)
	}
	l.take(p)
}

// write hands bytes to the sink until it fails.
func (l *listener) write(p []byte) {
	if len(p) > 0 && l.failed == nil {
		_, l.failed = l.sink.Write(p)
	}
}

// take hands bytes of the body on, up to the limit.
func (l *listener) take(p []byte) {
	if int64(len(p)) > l.left {
		p = p[:l.left]
		l.cut = true
	}
	l.left -= int64(len(p))
	l.write(p)
}

// headEnd finds the end of a header, looking from just before an offset; -1 when
// it has not come yet. Lines may end in LF alone, as servers do and clients
// accept.
func headEnd(head []byte, from int) int {
	from = max(from-3, 0)
	crlf, lf := bytes.Index(head[from:], []byte("\r\n\r\n")), bytes.Index(head[from:], []byte("\n\n"))
	switch {
	case crlf < 0 && lf < 0:
		return -1
	case lf >= 0 && (crlf < 0 || lf < crlf):
		return from + lf + 2
	}
	return from + crlf + 4
}

// interim tells whether a header is that of an interim answer (1xx).
func interim(head []byte) bool {
	_, rest, ok := bytes.Cut(head, []byte(" "))
	return ok && len(rest) > 0 && rest[0] == '1' && !bytes.HasPrefix(rest, []byte("101"))
}
