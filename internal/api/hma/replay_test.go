package hma

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// differ names the recorded exchanges that are answered in another way on purpose.
var differ = map[string]string{
	"create_exchange__creates_an_exchange_successfully":                       noExchanges,
	"exchange_exists___returns_true_if_exchange_exists":                       "not found",
	"get_exchange__retrieves_an_exchange_successfully":                        "not found",
	"get_exchange_api_config__retrieves_exchange_API_config_successfully":     noExchanges,
	"get_exchange_fetch_status__retrieves_exchange_fetch_status_successfully": "not found",
	"list_exchange_apis__lists_exchange_APIs_successfully":                    "[]",
}

// The banks that a recorded exchange finds, with what lies in them.
func (b *bench) prepare(name, answer string) {
	switch {
	case strings.HasPrefix(name, "create_bank__creates"), strings.Contains(name, "name_is_invalid"):
	case strings.HasPrefix(name, "lookup_signal"):
		for _, m := range regexp.MustCompile(`"([A-Z_0-9]+)": \[`).FindAllStringSubmatch(answer, -1) {
			b.want(b.ask("POST", "/c/banks", `{"name":"`+m[1]+`"}`), 201, m[1])
			b.want(b.ask("POST", "/c/bank/"+m[1]+"/signal", `{"pdq":"`+pdqA+`"}`), 200, pdqA)
		}
	default:
		b.want(b.ask("POST", "/c/banks", `{"name":"TEST_BANK"}`), 201, "TEST_BANK")
	}
}

func TestRecordedExchangesReplay(t *testing.T) {
	all := tapes(t)
	photo := bridge(t)
	for name, tape := range all {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			b.prepare(name, tape[0].answer)
			b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "image/jpeg")
				w.Write(photo)
			}))
			if strings.Contains(tape[0].answer, "STALE") {
				b.s.ServeHTTP(discard{}, mustRequest("/status"))
				b.s.tide.now = func() time.Time { return time.Now().Add(time.Hour) }
				b.s.tide.follow = func(context.Context) error { return errors.New("the database is gone") }
			}
			for _, e := range tape {
				u, err := url.Parse(e.uri)
				if err != nil {
					t.Fatal(err)
				}
				v := u.Query()
				if v.Has("url") {
					v.Set("url", "http://media.example/bridge.jpg")
				}
				u.RawQuery = v.Encode()
				got := b.send(e.method, u.RequestURI(), e.contentType, strings.NewReader(e.body))
				if text, other := differ[name]; other {
					if !strings.Contains(got.body, text) && !strings.Contains(got.body, "Exchange 'NEW_BANK_NAME' not found") {
						t.Errorf("%s %s: %d %s", e.method, e.uri, got.status, got.body)
					}
					continue
				}
				same(t, e, got)
			}
		})
	}
}

// same compares an answer with the recorded one: status, type, the layout to the
// byte, with numbers of contents aside, and hashes within what decoders differ by.
func same(t *testing.T, e exchangeOnTape, got reply) {
	t.Helper()
	if got.status != e.status || got.header.Get("Content-Type") != e.answerType {
		t.Fatalf("%s %s: got %d %s, recorded %d %s: %s", e.method, e.uri, got.status, got.header.Get("Content-Type"), e.status, e.answerType, got.body)
	}
	if a, b := blank(got.body), blank(e.answer); a != b {
		t.Errorf("%s %s: got %s, recorded %s", e.method, e.uri, got.body, e.answer)
	}
	was, is := hash.FindAllString(e.answer, -1), hash.FindAllString(got.body, -1)
	for i := range was {
		x, _ := pdq.Parse(was[i])
		y, err := pdq.Parse(is[i])
		if err != nil || x.Distance(y) > 10 {
			t.Errorf("%s: %s lies %d from the recorded %s", e.uri, is[i], x.Distance(y), was[i])
		}
	}
	var x, y any
	if json.Unmarshal([]byte(e.answer), &x) == nil && (json.Unmarshal([]byte(got.body), &y) != nil || reflect.TypeOf(x) != reflect.TypeOf(y)) {
		t.Errorf("%s: %s is of another type than %s", e.uri, got.body, e.answer)
	}
}

var (
	hash   = regexp.MustCompile(`[0-9a-f]{64}`)
	number = regexp.MustCompile(`"(bank_content_id|id)": \d+`)
)

func blank(s string) string {
	return number.ReplaceAllString(hash.ReplaceAllString(s, "HASH"), `"$1": N`)
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

func mustRequest(path string) *http.Request {
	r, err := http.NewRequest("GET", path, bytes.NewReader(nil))
	if err != nil {
		panic(err)
	}
	return r
}
