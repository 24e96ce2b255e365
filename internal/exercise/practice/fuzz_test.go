package practice

import (
	"bytes"
	"testing"
)

func FuzzParseMail(f *testing.F) {
	f.Add([]byte("Subject: x\r\nMessage-ID: <a@b>\r\n\r\nCode: 123456\r\n"))
	f.Add([]byte("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhttps://a.example/p/abcdefgh\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := parseMail(raw)
		if err != nil {
			return
		}
		if _, err := m.checkSignature("x"); err == nil {
			t.Error("a mail passed that nobody we know signed")
		}
	})
}

func FuzzParseLetter(f *testing.F) {
	f.Add([]byte(`{"format":"staydown-letter/1","message":"m","kind":"referral","letter":"l","sender":{"authority":"A"},"statement":"s","lines":[{"line":"1","url":"https://relay.example/c/x/1"}]}`))
	f.Add([]byte(`{"format":"staydown-letter/1","lines":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		w, err := ParseLetter(raw)
		if err == nil && (len(w.Lines) == 0 || len(w.Lines) > maxLines || w.Message == "") {
			t.Errorf("accepted %+v", w)
		}
	})
}

func FuzzReadEvents(f *testing.F) {
	f.Add([]byte("{\"n\":1,\"kind\":\"clock\",\"at\":\"2019-11-21T07:00:00Z\"}\n{\"n\":2"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		size, err := ReadEvents(bytes.NewReader(raw), func(Event) error { return nil })
		if err == nil && (size > int64(len(raw)) || size > 0 && raw[size-1] != '\n') {
			t.Errorf("whole lines end at %d of %d", size, len(raw))
		}
	})
}

func FuzzFillSheet(f *testing.F) {
	f.Add([]byte("line,url,status,countries,reason\nl1,https://a.example/,,,\n"))
	f.Add([]byte("\ufeffline,url,status,countries,reason\nl1\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		fillSheet(raw, []LineAnswer{{Line: "l1", Status: "removed"}})
	})
}
