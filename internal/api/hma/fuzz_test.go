package hma

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzBodies sends foreign bytes as every kind of body: whatever they are, the answer
// is one of HMA's, and nothing breaks off.
func FuzzBodies(f *testing.F) {
	f.Add("application/json", `{"name":"X","enabled_ratio":"0.5","enabled":"true"}`)
	f.Add("application/json", `{"pdq":["`+pdqA+`","`+pdqB+`"]}`)
	f.Add("application/json", `{"metadata":{"content_id":1,"json":[[[]]]},"note":null}`)
	f.Add("application/json", `{"disable_until_ts":"1e9"}`)
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"x\"\r\n\r\nGIF89a\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"a\":1}\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=", "--\r\n\r\n")
	f.Add("multipart/form-data", "")
	b := open(f)
	if r := b.ask("POST", "/c/banks", `{"name":"X"}`); r.status != 201 {
		f.Fatal(r.body)
	}
	if r := b.ask("POST", "/c/bank/X/signal", `{"pdq":"`+pdqA+`"}`); r.status != 200 {
		f.Fatal(r.body)
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		for _, r := range []struct{ method, path string }{{"POST", "/h/hash"}, {"POST", "/m/lookup"}, {"POST", "/m/compare"}, {"POST", "/c/banks"}, {"PUT", "/c/bank/X"},
			{"POST", "/c/bank/X/content"}, {"POST", "/c/bank/X/signal"}, {"PUT", "/c/bank/X/content/1"}, {"PUT", "/c/signal_type/pdq"}} {
			got := b.send(r.method, r.path, contentType, strings.NewReader(body))
			if got.status >= http.StatusInternalServerError {
				t.Fatalf("%s %s with %q: %d %s\n%s", r.method, r.path, body, got.status, got.body, b.logged.String())
			}
		}
	})
}

// FuzzPaths asks for foreign paths: an unknown caller learns nothing but that they
// are unknown, and a key is never echoed.
func FuzzPaths(f *testing.F) {
	f.Add("//c/banks", "x=1")
	f.Add("/hma/staydown_secret/m/lookup", "signal=x&signal_type=pdq")
	f.Add("/c/bank/../../status", "")
	f.Add("/hma/", "")
	f.Add("/m/lookup", "signal_type=pdq&signal=%zz&banks=,,")
	b := open(f)
	b.as("")
	f.Fuzz(func(t *testing.T, path, query string) {
		r, err := http.NewRequest("GET", "http://desk.example/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.URL.Path, r.URL.RawQuery = path, query; !Has(path) {
			return
		}
		w := &spy{header: http.Header{}}
		b.s.ServeHTTP(w, r)
		if w.status >= 500 && w.status != http.StatusServiceUnavailable || w.status == 200 && !strings.Contains(path, "status") && !strings.Contains(path, "site-map") {
			t.Fatalf("%q: %d", path, w.status)
		}
	})
}

type spy struct {
	header http.Header
	status int
}

func (s *spy) Header() http.Header         { return s.header }
func (s *spy) Write(b []byte) (int, error) { return len(b), nil }
func (s *spy) WriteHeader(status int)      { s.status = status }
