package exact

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// The digests of "abc" are the examples of FIPS 180-4 and RFC 1321.
func TestRead(t *testing.T) {
	for _, tt := range []struct{ in, sha256, md5 string }{
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "d41d8cd98f00b204e9800998ecf8427e"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "900150983cd24fb0d6963f7d28e17f72"},
	} {
		got, err := Read(iotest.OneByteReader(strings.NewReader(tt.in)))
		if err != nil || got.SHA256.String() != tt.sha256 || got.MD5.String() != tt.md5 || got.Bytes != int64(len(tt.in)) {
			t.Errorf("Read(%q) = %v %v %d, %v", tt.in, got.SHA256, got.MD5, got.Bytes, err)
		}
		if got != Of([]byte(tt.in)) {
			t.Errorf("Of(%q) differs from Read", tt.in)
		}
	}
}

func TestReadOfManyBuffers(t *testing.T) {
	data := bytes.Repeat([]byte("staydown exercise "), 20_000)
	got, err := Read(iotest.HalfReader(bytes.NewReader(data)))
	if err != nil || got != Of(data) {
		t.Errorf("Read in pieces = %v, %v; want %v", got, err, Of(data))
	}
}

func TestReadReportsTheReader(t *testing.T) {
	broken := errors.New("disk gone")
	if _, err := Read(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

func TestParse(t *testing.T) {
	d := Of([]byte("abc"))
	if got, err := ParseSHA256(strings.ToUpper(d.SHA256.String())); err != nil || got != d.SHA256 {
		t.Errorf("ParseSHA256: %v, %v", got, err)
	}
	if got, err := ParseMD5(d.MD5.String()); err != nil || got != d.MD5 {
		t.Errorf("ParseMD5: %v, %v", got, err)
	}
	for _, bad := range []string{"", "ab", strings.Repeat("g", 64), strings.Repeat("a", 65), strings.Repeat("a", 62) + "zz"} {
		if got, err := ParseSHA256(bad); !errors.Is(err, ErrFormat) || got != (SHA256{}) {
			t.Errorf("ParseSHA256(%q): %v, %v", bad, got, err)
		}
	}
}
