package capture

import (
	"bytes"
	"strings"
	"testing"
)

// hear gives a listener a response in pieces.
func hear(raw []byte, piece int, limit int64) (*listener, *bytes.Buffer) {
	var sink bytes.Buffer
	l := &listener{sink: &sink, left: limit}
	for len(raw) > 0 {
		n := min(piece, len(raw))
		l.received(raw[:n])
		raw = raw[n:]
	}
	return l, &sink
}

func TestListener(t *testing.T) {
	final := "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\nmore"
	for name, c := range map[string]struct{ in, head, all string }{
		"plain":        {final, "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", final},
		"interim":      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nL: x\r\n\r\n" + final, "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", final},
		"bare LF":      {"HTTP/1.0 200 OK\nA: b\n\nbody", "HTTP/1.0 200 OK\nA: b\n\n", "HTTP/1.0 200 OK\nA: b\n\nbody"},
		"no header":    {"HTTP/1.1 200 OK\r\n\r\nx", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nx"},
		"switching":    {"HTTP/1.1 101 Switching\r\n\r\nx", "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\nx"},
		"never ending": {"HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n", ""},
	} {
		for piece := 1; piece <= len(c.in); piece++ {
			l, sink := hear([]byte(c.in), piece, 1000)
			if string(l.head) != c.head || sink.String() != c.all || l.whole != (c.all != "") || l.cut {
				t.Fatalf("%s in pieces of %d: head %q, all %q", name, piece, l.head, sink)
			}
		}
	}
}

func TestListenerIsBounded(t *testing.T) {
	l, sink := hear([]byte("HTTP/1.1 200 OK\r\n\r\n"+strings.Repeat("x", 100)), 7, 10)
	if !l.cut || !strings.HasSuffix(sink.String(), "\r\n\r\nxxxxxxxxxx") {
		t.Errorf("cut %v, %q", l.cut, sink)
	}
	l, sink = hear(bytes.Repeat([]byte("A: b\r\n"), 1<<16), 4096, 10)
	if !l.cut || l.whole || len(l.head) > 2*maxHead || sink.Len() > 0 {
		t.Errorf("a header without end: %d bytes, whole %v", len(l.head), l.whole)
	}
	l = &listener{sink: &bytes.Buffer{}}
	for range 100 {
		l.sent(make([]byte, 4096))
	}
	if l.request.Len() != maxHead || !l.cut {
		t.Errorf("a request of %d bytes", l.request.Len())
	}
}

// However the network cuts a response into pieces, the same bytes are kept.
func FuzzListener(f *testing.F) {
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody"), 3)
	f.Add([]byte("HTTP/1.1 200 OK\n\n\r\n\r\n"), 1)
	f.Add([]byte("\r\n\r\n\n\n 1\n\n"), 2)
	f.Fuzz(func(t *testing.T, raw []byte, piece int) {
		if piece < 1 || piece > 1<<20 {
			return
		}
		a, whole := hear(raw, len(raw)+1, 1<<20)
		b, pieces := hear(raw, piece, 1<<20)
		if !bytes.Equal(whole.Bytes(), pieces.Bytes()) || !bytes.Equal(a.head, b.head) || a.whole != b.whole {
			t.Errorf("at once %q, in pieces of %d %q", whole, piece, pieces)
		}
		if !bytes.HasSuffix(raw, whole.Bytes()) {
			t.Errorf("%q is not the end of %q", whole, raw)
		}
		headerLines(a.head)
	})
}
