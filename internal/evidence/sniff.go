package evidence

import (
	"bytes"
	"net/http"
	"strings"
)

// Sniff reads the media type off the beginning of a file, without parameters.
// Unknown bytes are application/octet-stream.
//
// It follows the standard library (https://mimesniff.spec.whatwg.org) and adds
// what that leaves out because browsers do not sniff it.
func Sniff(head []byte) string {
	if len(head) > sniffBytes {
		head = head[:sniffBytes]
	}
	for _, m := range magics {
		if m.fits(head) {
			return m.mediaType
		}
	}
	mediaType, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if (mediaType == "text/xml" || mediaType == "text/plain") && isSVG(head) {
		return "image/svg+xml"
	}
	return mediaType
}

// magic is a media type and the bytes that give it away, at an offset.
type magic struct {
	offset    int
	bytes     string
	mediaType string
}

func (m magic) fits(head []byte) bool {
	return len(head) >= m.offset && bytes.HasPrefix(head[m.offset:], []byte(m.bytes))
}

var magics = []magic{
	{0, "WARC/1.", "application/warc"},
	{4, "ftypavif", "image/avif"},
	{4, "ftypavis", "image/avif"},
	{4, "ftypheic", "image/heic"},
	{4, "ftypheix", "image/heic"},
	{4, "ftypmif1", "image/heif"},
	{4, "ftypqt  ", "video/quicktime"},
	{0, "\xff\x0a", "image/jxl"},
	{0, "\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"},
	{0, "II*\x00", "image/tiff"},
	{0, "MM\x00*", "image/tiff"},
	{0, "FLV\x01", "video/x-flv"},
	{0, "\x1a\x45\xdf\xa3", "video/webm"},
}

// isSVG tells whether text is a picture in disguise: SVG runs scripts, so it
// must never pass for harmless text.
func isSVG(head []byte) bool {
	return bytes.Contains(bytes.ToLower(head), []byte("<svg"))
}
