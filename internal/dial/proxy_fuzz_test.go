package dial

import (
	"bytes"
	"testing"
)

// A proxy's answer is foreign bytes: nothing of what follows its header may be
// swallowed, and no answer may take more than its bound.
func FuzzConnectAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 Connection established\r\n\r\nwhat follows"))
	f.Add([]byte("HTTP/1.0 403 no\r\nX: y\r\n\r\n"))
	f.Add([]byte("\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := bytes.NewReader(raw)
		status, err := readConnectAnswer(r)
		read := raw[:len(raw)-r.Len()]
		if err == nil && !bytes.HasSuffix(read, []byte("\r\n\r\n")) {
			t.Errorf("status %d after %q", status, read)
		}
		if len(read) > maxProxyHead {
			t.Errorf("%d bytes were read", len(read))
		}
	})
}
