package capture

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/nlnwa/gowarc"

	"github.com/staydown/staydown/internal/evidence"
)

// recordBuilder collects the block of one WARC record, in memory up to a point
// and in a temporary file beyond.
type recordBuilder struct {
	gowarc.WarcRecordBuilder
}

// inMemory is how many bytes of a record are kept in memory.
const inMemory = 256 << 10

// newRecord starts a response record. The digests are SHA-256 in hexadecimal,
// so that they can be compared with the vault's.
func newRecord(tempDir string) *recordBuilder {
	return newRecordOf(gowarc.Response, tempDir)
}

// making guards gowarc's constructors: each sets a switch of a library below it,
// which several goroutines must not do at once.
var making sync.Mutex

func newRecordOf(kind gowarc.RecordType, tempDir string) *recordBuilder {
	making.Lock()
	defer making.Unlock()
	return &recordBuilder{gowarc.NewRecordBuilder(kind,
		gowarc.WithVersion(gowarc.V1_1),
		gowarc.WithRecordIdFunc(recordID),
		gowarc.WithDefaultDigestAlgorithm("sha256"),
		gowarc.WithDefaultDigestEncoding(gowarc.Base16),
		gowarc.WithBufferTmpDir(tempDir),
		gowarc.WithBufferMaxMemBytes(inMemory),
	)}
}

// recordID makes the name of a record: a random UUID (RFC 9562 5.4).
func recordID() (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("naming a record: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// discard frees what a record that will not be written holds.
func (r *recordBuilder) discard() { r.Close() }

// archive writes one WARC file: version 1.1, each record a gzip member of its
// own, straight into the vault.
//
// ISO 28500:2017, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
type archive struct {
	tempDir string
	pipe    *io.PipeWriter
	kept    chan keptResult
	info    string             // id of the warcinfo record
	earlier map[string]Earlier // by payload digest
	told    map[string]bool    // hosts whose DNS answer and certificates were written
	err     error              // the first error; nothing is written after it
}

type keptResult struct {
	evidence.Kept
	err error
}

// Earlier is a response that was kept before; a new one with the same payload
// refers to it instead of repeating it.
type Earlier struct {
	Record string    // its WARC-Record-ID
	URL    string    // its WARC-Target-URI
	At     time.Time // its WARC-Date
}

// newArchive starts a file and writes who wrote it, and how.
func newArchive(ctx context.Context, v *evidence.Vault, tempDir, tool string, h Headers, now time.Time) *archive {
	r, w := io.Pipe()
	a := &archive{tempDir: tempDir, pipe: w, kept: make(chan keptResult, 1), earlier: map[string]Earlier{}, told: map[string]bool{}}
	go func() {
		k, err := v.Keep(ctx, r, maxArchive)
		r.CloseWithError(err) // a full or broken vault must not leave the writer waiting
		a.kept <- keptResult{k, err}
	}()
	info := fmt.Sprintf("software: %s\r\nformat: WARC File Format 1.1\r\n"+
		"conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"+
		"robots: ignored, since evidence is preserved\r\nhttp-header-user-agent: %s\r\n", tool, h.UserAgent)
	a.info = a.write(gowarc.Warcinfo, "", now, gowarc.ApplicationWarcFields, []byte(info), nil)
	return a
}

// maxArchive bounds a WARC file. The parts are bounded already; this is the
// belt to those braces.
const maxArchive = 1 << 30

// add writes an exchange: what DNS and TLS said, the request, the response.
func (a *archive) add(x *fetched) {
	if x.heard == nil {
		return
	}
	if !x.heard.whole {
		x.record.discard()
		return
	}
	a.tellConnection(x)
	response := a.response(x)
	a.write(gowarc.Request, x.URL, x.Start, gowarc.ApplicationHttp+";msgtype=request", x.heard.request.Bytes(), func(r *recordBuilder) {
		r.AddWarcHeader(gowarc.WarcConcurrentTo, "<"+response+">")
	})
}

// tellConnection writes the DNS answer and the certificates of a host, once.
func (a *archive) tellConnection(x *fetched) {
	u, err := url.Parse(x.URL)
	if err != nil || a.told[u.Host] {
		return
	}
	a.told[u.Host] = true
	if len(x.Answers) > 0 {
		var b bytes.Buffer
		for _, answer := range x.Answers {
			kind := "A"
			if ip := net.ParseIP(answer); ip != nil && ip.To4() == nil {
				kind = "AAAA"
			}
			fmt.Fprintf(&b, "%s. IN %s %s\n", u.Hostname(), kind, answer) // RFC 4027
		}
		a.write(gowarc.Resource, "dns:"+u.Hostname(), x.Start, "text/dns", b.Bytes(), nil)
	}
	if x.conn.tls != nil {
		a.chain(u.Hostname(), x.Start, x.conn.tls.PeerCertificates)
	}
}

// chain writes the certificates that a host presented.
func (a *archive) chain(host string, at time.Time, chain []*x509.Certificate) {
	a.write(gowarc.Resource, "urn:tls-chain:"+host, at, "application/pem-certificate-chain", pemChain(chain), nil)
}

// response writes a response, or that it is the same as an earlier one, and
// returns its id.
func (a *archive) response(x *fetched) string {
	record, err := a.build(x.record, x.URL, x.Start, gowarc.ApplicationHttp+";msgtype=response", func(r *recordBuilder) {
		if ip := directIP(x.Exchange); ip != "" {
			r.AddWarcHeader(gowarc.WarcIPAddress, ip)
		}
		if x.Cut != "" {
			r.AddWarcHeader(gowarc.WarcTruncated, x.Cut)
		}
	})
	if err != nil {
		a.fail(err)
		return ""
	}
	defer record.Close()
	x.Record, x.Payload = record.RecordId(), record.WarcHeader().Get(gowarc.WarcPayloadDigest)
	a.marshal(a.known(record, x))
	return x.Record
}

// known turns a response whose payload was kept before into a revisit.
func (a *archive) known(record gowarc.WarcRecord, x *fetched) gowarc.WarcRecord {
	if x.Bytes == 0 || x.Cut != "" {
		return record
	}
	e, ok := a.earlier[x.Payload]
	if !ok {
		a.earlier[x.Payload] = Earlier{Record: x.Record, URL: x.URL, At: x.Start}
		return record
	}
	revisit, err := record.ToRevisitRecord(&gowarc.RevisitRef{
		Profile: gowarc.ProfileIdenticalPayloadDigestV1_1, TargetRecordId: e.Record, TargetUri: e.URL, TargetDate: warcTime(e.At),
	})
	if err != nil {
		return record // the whole response is never wrong
	}
	return revisit
}

// metadata writes what is known of the capture beside its bytes.
func (a *archive) metadata(address string, now time.Time, facts any) {
	b, err := json.Marshal(facts)
	if err != nil {
		a.fail(fmt.Errorf("writing WARC: %w", err))
		return
	}
	a.write(gowarc.Metadata, address, now, "application/json", b, nil)
}

// write writes a record of bytes at hand and returns its id.
func (a *archive) write(kind gowarc.RecordType, address string, at time.Time, contentType string, block []byte, more func(*recordBuilder)) string {
	r := newRecordOf(kind, a.tempDir)
	if _, err := r.Write(block); err != nil {
		r.discard()
		a.fail(fmt.Errorf("writing WARC: %w", err))
		return ""
	}
	record, err := a.build(r, address, at, contentType, more)
	if err != nil {
		a.fail(err)
		return ""
	}
	defer record.Close()
	a.marshal(record)
	return record.RecordId()
}

// build finishes a record.
func (a *archive) build(r *recordBuilder, address string, at time.Time, contentType string, more func(*recordBuilder)) (gowarc.WarcRecord, error) {
	r.AddWarcHeader(gowarc.WarcDate, warcTime(at))
	r.AddWarcHeader(gowarc.ContentType, contentType)
	if address != "" {
		r.AddWarcHeader(gowarc.WarcTargetURI, address)
	}
	if a.info != "" {
		r.AddWarcHeader(gowarc.WarcWarcinfoID, "<"+a.info+">")
	}
	if more != nil {
		more(r)
	}
	record, _, err := r.Build()
	if err != nil {
		r.discard()
		return nil, fmt.Errorf("writing WARC: %w", err)
	}
	return record, nil
}

// compressors are kept for reuse: one holds most of a megabyte.
var compressors = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

// marshal writes a record as one gzip member.
func (a *archive) marshal(record gowarc.WarcRecord) {
	if a.err != nil {
		return
	}
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(a.pipe)
	_, _, err := gowarc.NewMarshaler().Marshal(z, record, 0)
	if err = errors.Join(err, z.Close()); err != nil {
		a.fail(fmt.Errorf("writing WARC: %w", err))
	}
}

// fail notes the first error.
func (a *archive) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// close ends the file and waits until the vault has it. After an error nothing
// is kept: half of a file proves nothing.
func (a *archive) close() (evidence.Kept, error) {
	a.pipe.CloseWithError(a.err) // nil ends the file
	k := <-a.kept
	return k.Kept, cmp.Or(a.err, k.err)
}

// directIP is the address a response came from, as far as it can be known: what
// lies behind a proxy cannot.
func directIP(e Exchange) string {
	if e.Via != "" {
		return ""
	}
	host, _, err := net.SplitHostPort(e.Remote)
	if err != nil {
		return ""
	}
	return host
}

// warcTime writes a time as WARC 1.1 has it.
func warcTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
