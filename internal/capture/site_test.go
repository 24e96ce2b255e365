package capture

import (
	"bytes"
	"crypto/x509"
	"image"
	"image/color"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlnwa/gowarc"

	"github.com/staydown/staydown/internal/blob"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/evidence"
)

// noon is when every test capture happens, by the desk's clock.
var noon = time.Date(2019, 11, 21, 12, 0, 0, 0, time.UTC)

// bench is a recorder, its vault, and a site it may reach under the name
// example.com (the name in the test server's certificate) and, without TLS, as
// plain.example.
type bench struct {
	*Recorder
	vault *evidence.Vault
	used  atomic.Int64 // dials that an admission let through
}

// openBench starts a site and a recorder that may reach it and nothing else.
func openBench(t testing.TB, site http.Handler, change func(*Recorder)) *bench {
	t.Helper()
	secure := httptest.NewTLSServer(site)
	plain := httptest.NewServer(site)
	t.Cleanup(func() { secure.Close(); plain.Close() })
	return benchFor(t, secure, plain.Listener.Addr(), change)
}

func benchFor(t testing.TB, secure *httptest.Server, plain net.Addr, change func(*Recorder)) *bench {
	t.Helper()
	b := &bench{}
	policy := dial.Policy{
		Only: true,
		Used: func(dial.Use) { b.used.Add(1) },
		Admit: []dial.Admission{
			{Purpose: dial.Capture, Name: "plain.example:80", Pair: netip.MustParseAddrPort(plain.String())},
		},
	}
	if secure != nil {
		policy.Roots = []*x509.Certificate{secure.Certificate()}
		policy.Admit = append(policy.Admit, dial.Admission{
			Purpose: dial.Capture, Name: "example.com:443", Pair: netip.MustParseAddrPort(secure.Listener.Addr().String()),
		})
	}
	g, err := dial.New(policy)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := blob.OpenFolder(t.TempDir(), blob.Unsynced())
	if err != nil {
		t.Fatal(err)
	}
	b.vault = evidence.Open(folder)
	r := Recorder{
		Vault: b.vault, Route: Route{Name: "direct", Country: "BE", Transport: g.Transport(dial.Capture, dial.Options{})},
		Headers: Headers{UserAgent: "Staydown/test (exercise)", AcceptLanguage: "ar, en"},
		Tool:    "staydown test", Now: func() time.Time { return noon }, TempDir: t.TempDir(),
	}
	if change != nil {
		change(&r)
	}
	b.Recorder = NewRecorder(r)
	t.Cleanup(b.Recorder.Close)
	return b
}

// capture takes one capture that must not fail by our own fault.
func (b *bench) capture(t *testing.T, address string) Shot {
	t.Helper()
	s, err := b.Record(t.Context(), Ask{URL: address, Why: "a test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bytesOf reads an exhibit back.
func (b *bench) bytesOf(t *testing.T, sha256 string) []byte {
	t.Helper()
	r, err := b.vault.Read(t.Context(), sha256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// warcRecord is a record as it was read back.
type warcRecord struct {
	kind   string
	header map[string]string
	block  string
}

// readWARC reads a WARC back with every validation on.
func readWARC(t *testing.T, raw []byte) []warcRecord {
	t.Helper()
	making.Lock()
	r, err := gowarc.NewWarcFileReaderFromStream(bytes.NewReader(raw), 0, gowarc.WithStrictValidation())
	making.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []warcRecord
	for {
		rec, _, validation, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatalf("record %d: %v", len(out), err)
		}
		if err := rec.ValidateDigest(validation); err != nil {
			t.Errorf("record %d: %v", len(out), err)
		}
		if !validation.Valid() {
			t.Errorf("record %d: %v", len(out), validation)
		}
		block, err := rec.Block().RawBytes()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(block)
		if err != nil {
			t.Fatal(err)
		}
		w := warcRecord{kind: rec.Type().String(), block: string(b), header: map[string]string{}}
		for _, key := range []string{
			gowarc.WarcRecordID, gowarc.WarcTargetURI, gowarc.WarcDate, gowarc.WarcConcurrentTo, gowarc.WarcIPAddress, gowarc.WarcTruncated,
			gowarc.WarcPayloadDigest, gowarc.WarcBlockDigest, gowarc.ContentType, gowarc.WarcRefersTo, gowarc.WarcRefersToTargetURI, gowarc.WarcProfile, gowarc.WarcWarcinfoID,
		} {
			w.header[key] = rec.WarcHeader().Get(key)
		}
		if rec.Version().String() != "WARC/1.1" {
			t.Errorf("version %s", rec.Version())
		}
		out = append(out, w)
	}
}

// find returns the first record of a kind for an address.
func find(t *testing.T, records []warcRecord, kind, address string) warcRecord {
	t.Helper()
	for _, r := range records {
		if r.kind == kind && (address == "" || r.header[gowarc.WarcTargetURI] == address) {
			return r
		}
	}
	t.Fatalf("no %s of %s", kind, address)
	return warcRecord{}
}

// picture is a small PNG of one colour.
func picture(c color.Color) []byte {
	p := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		p.Set(i%64, i/64, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// rawSite answers every connection with the same bytes, then does what then
// says.
func rawSite(t *testing.T, answer string, then func(net.Conn)) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.Read(make([]byte, 4096))
				io.WriteString(c, answer)
				if then != nil {
					then(c)
				}
			}()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr()
}

// html writes a page.
func html(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, body)
}

// article is a page that nobody takes for a notice.
func article(title string) string {
	return "<title>" + title + "</title><main><article><h1>" + title + "</h1><time>2019</time><p>" +
		strings.Repeat("Exercise sentence, not real. ", 20) + "</article></main>"
}
