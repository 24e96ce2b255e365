package page

import (
	"bytes"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"
)

// maxGrowth bounds how much longer a page may become by being turned into
// UTF-8: no character set maps one byte to more.
const maxGrowth = 4

// decode turns a page into UTF-8, by its byte order mark, the server's word, its
// own meta element or a guess, in that order.
func decode(body []byte, contentType string) []byte {
	e, name, _ := charset.DetermineEncoding(body, contentType)
	if name == "utf-8" {
		return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	}
	out, _, err := transform.Bytes(e.NewDecoder(), body)
	if err != nil || len(out) > maxGrowth*len(body)+16 {
		return body
	}
	return out
}
