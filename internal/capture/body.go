package capture

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
)

// OpenBody reads a response's body decompressed, at most limit bytes, swelling at
// most ratio times beyond its first MiB. Its errors are *Failure where the bytes
// are at fault.
func OpenBody(resp *http.Response, limit, ratio int64) (io.Reader, error) {
	return openBody(resp, limit, ratio)
}

// body decompresses a response's body, bounded in its length and in how much it
// may swell. Going beyond is a *Failure.
type body struct {
	in    *counter  // as it came
	out   io.Reader // decompressed
	read  int64
	limit int64
	ratio int64
}

// swellFree is how many bytes may come out whatever went in: short pages of one
// letter repeated are no bomb.
const swellFree = 1 << 20

// openBody makes a body of a response.
func openBody(resp *http.Response, limit, ratio int64) (*body, error) {
	b := &body{in: &counter{r: resp.Body}, limit: limit, ratio: ratio}
	var err error
	switch coding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
		b.out = b.in
	case "gzip", "x-gzip":
		b.out, err = gzip.NewReader(b.in)
	case "deflate":
		b.out, err = inflate(b.in)
	default:
		return nil, fail(ReasonEncoding, "the server answered in %q, which was not asked for", bounded(coding))
	}
	if err == io.EOF {
		b.out, err = strings.NewReader(""), nil // an empty body, said to be compressed
	}
	if err != nil {
		return nil, fail(ReasonBadResponse, "decompressing: %v", err)
	}
	return b, nil
}

// inflate reads "deflate", which servers send with a zlib header or without.
func inflate(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && (uint16(head[0])<<8|uint16(head[1]))%31 == 0 {
		return zlib.NewReader(in)
	}
	return flate.NewReader(in), nil
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.out.Read(p)
	b.read += int64(n)
	if b.read > b.limit {
		return 0, fail(ReasonTooLarge, "more than %d bytes", b.limit)
	}
	if b.read > swellFree && b.read > b.ratio*b.in.n {
		return 0, fail(ReasonBomb, "%d bytes became %d", b.in.n, b.read)
	}
	return n, err
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
