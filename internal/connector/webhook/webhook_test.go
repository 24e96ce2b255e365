package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/connector/connectortest"
	"github.com/staydown/staydown/internal/connector/webhook"
	"github.com/staydown/staydown/internal/seal"
)

func ring(t testing.TB) *seal.Ring {
	t.Helper()
	r, err := seal.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	unit := seal.Authority{ID: "unit-a", Name: "Practice unit A", Country: "BE", Email: "desk@unit-a.example"}
	if err := r.Establish(unit, connectortest.SentAt); err != nil {
		t.Fatal(err)
	}
	return r
}

func publicKeys(t testing.TB, r *seal.Ring) seal.Keys {
	t.Helper()
	set, err := r.PublicKeys("unit-a")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.ParseKeys(set)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func wire(t testing.TB, client *http.Client) (*webhook.Webhook, *seal.Ring) {
	t.Helper()
	r := ring(t)
	now := func() time.Time { return connectortest.SentAt }
	return webhook.New(webhook.Options{Client: client, Signer: r, Now: now}), r
}

func TestConformance(t *testing.T) {
	connectortest.Run(t, func(t *testing.T) (connector.Connector, connectortest.Provider) {
		p := connectortest.NewHTTPS(t)
		w, _ := wire(t, p.Client())
		return w, p
	})
}

// TestWhatLeaves reads a letter as a provider does.
func TestWhatLeaves(t *testing.T) {
	p := connectortest.NewHTTPS(t)
	w, r := wire(t, p.Client())
	m := connectortest.Letter()
	p.Address(&m)
	got, err := w.Send(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	want := connector.Result{Outcome: connector.Accepted, Receipt: "R-" + m.IdempotencyKey, Code: 202,
		ReceivedAt: time.Date(2019, 11, 22, 8, 31, 0, 0, time.UTC), At: connectortest.SentAt}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	exact, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	body := p.Taken()[0].Body
	if !bytes.Equal(body, exact) {
		t.Errorf("left:\n%s\nwanted:\n%s", body, exact)
	}
	letter, kid, err := webhook.Verify(p.Header(), body, publicKeys(t, r))
	if err != nil || kid == "" || letter.Lines[0].URL != m.Lines[0].URL {
		t.Errorf("the provider cannot verify it: %v", err)
	}
	if key := p.Header().Get("Idempotency-Key"); key != m.IdempotencyKey {
		t.Errorf("key %q", key)
	}
	if bytes.Contains(body, []byte(connectortest.Token)) {
		t.Error("the letter to a system holds the door's token, which is for a person")
	}
}

// TestTampering alters each part of a verified letter.
func TestTampering(t *testing.T) {
	r := ring(t)
	keys := publicKeys(t, r)
	m := connectortest.Letter()
	body, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	signature, err := r.SignDetached("unit-a", body)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Staydown-Signature": {signature}, "Idempotency-Key": {m.IdempotencyKey}}
	if _, _, err := webhook.Verify(header, body, keys); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(body); i += 7 {
		altered := bytes.Clone(body)
		altered[i] ^= 1
		if _, _, err := webhook.Verify(header, altered, keys); !errors.Is(err, seal.ErrSignature) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
	}
	for name, h := range map[string]http.Header{
		"no signature":   {"Idempotency-Key": {"k"}},
		"two signatures": {"Staydown-Signature": {signature, signature}, "Idempotency-Key": {"k"}},
		"other key":      {"Staydown-Signature": {sign(t, ring(t), body)}, "Idempotency-Key": {"k"}},
		"other letter":   {"Staydown-Signature": {sign(t, r, append(body, ' '))}, "Idempotency-Key": {"k"}},
	} {
		if _, _, err := webhook.Verify(h, body, keys); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := webhook.Verify(http.Header{"Staydown-Signature": {signature}}, body, keys); err == nil {
		t.Error("a letter without key passed")
	}
	other := []byte(`{"format":"staydown-letter/2"}`)
	if _, _, err := webhook.Verify(http.Header{"Staydown-Signature": {sign(t, r, other)}, "Idempotency-Key": {"k"}}, other, keys); err == nil {
		t.Error("another format passed")
	}
}

func sign(t *testing.T, r *seal.Ring, payload []byte) string {
	t.Helper()
	signature, err := r.SignDetached("unit-a", payload)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// TestAnswers: each status and body a provider's system may answer with.
func TestAnswers(t *testing.T) {
	receipt := `{"receipt":"R-1","received_at":"2019-11-22T09:00:00+01:00"}`
	rows := []struct {
		code   int
		header map[string]string
		body   string
		want   connector.Outcome
		after  time.Duration
	}{
		{202, nil, receipt, connector.Accepted, 0},
		{200, nil, receipt, connector.Accepted, 0},
		{204, nil, "", connector.Unknown, 0},
		{202, nil, "", connector.Unknown, 0},
		{202, nil, "{}", connector.Unknown, 0},
		{202, nil, `{"receipt":"R-1"}`, connector.Unknown, 0},
		{202, nil, `{"receipt":"R\r\n1","received_at":"2019-11-22T09:00:00Z"}`, connector.Unknown, 0},
		{202, nil, `{"receipt":"` + strings.Repeat("R", 201) + `","received_at":"2019-11-22T09:00:00Z"}`, connector.Unknown, 0},
		{202, nil, receipt + receipt, connector.Unknown, 0},
		{202, nil, strings.Repeat("[", 60000), connector.Unknown, 0},
		{301, map[string]string{"Location": "/x"}, "", connector.Refused, 0},
		{308, map[string]string{"Location": "https://relay.example/y"}, "", connector.Refused, 0},
		{303, nil, "", connector.Refused, 0},
		{400, nil, "", connector.Refused, 0},
		{401, nil, "", connector.Refused, 0},
		{404, nil, "", connector.Refused, 0},
		{410, nil, "", connector.Refused, 0},
		{408, nil, "", connector.Retry, 0},
		{409, nil, "", connector.Retry, 0},
		{429, map[string]string{"Retry-After": "7"}, "", connector.Retry, 7 * time.Second},
		{429, map[string]string{"Retry-After": "999999999"}, "", connector.Retry, connector.MaxRetryAfter},
		{429, map[string]string{"Retry-After": "-7"}, "", connector.Retry, 0},
		{429, map[string]string{"Retry-After": "soon"}, "", connector.Retry, 0},
		{429, map[string]string{"Date": "Fri, 22 Nov 2019 08:00:00 GMT", "Retry-After": "Fri, 22 Nov 2019 08:05:00 GMT"}, "", connector.Retry, 5 * time.Minute},
		{503, map[string]string{"Retry-After": "30"}, "", connector.Retry, 30 * time.Second},
		{500, nil, receipt, connector.Retry, 0},
		{599, nil, "", connector.Retry, 0},
		{999, nil, "", connector.Unknown, 0},
	}
	for _, row := range rows {
		t.Run(fmt.Sprintf("%d %.30s", row.code, row.body), func(t *testing.T) {
			server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				for name, value := range row.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(row.code)
				_, _ = io.WriteString(w, row.body)
			}))
			defer server.Close()
			w, _ := wire(t, server.Client())
			m := connectortest.Letter()
			m.To.Webhook = server.URL + "/secret-path"
			got, err := w.Send(context.Background(), m)
			if err != nil {
				t.Fatal(err)
			}
			if got.Outcome != row.want || got.After != row.after || got.Code != row.code {
				t.Errorf("got %+v, wanted %s after %s", got, row.want, row.after)
			}
			if strings.Contains(got.Detail, "secret-path") {
				t.Errorf("the detail tells the webhook's address: %s", got.Detail)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	w, _ := wire(t, &http.Client{Transport: refuse{}})
	for _, address := range []string{"", "http://relay.example/x", "https://", "https://user:secret@relay.example/", "ftp://relay.example", "relay.example", "https://relay.example/\x00"} {
		m := connectortest.Letter()
		m.To.Webhook = address
		if got, err := w.Send(context.Background(), m); err == nil {
			t.Errorf("%q: sent, %+v", address, got)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

// refuse fails the test's send by an error nobody maps: a request must not happen.
type refuse struct{}

func (refuse) RoundTrip(*http.Request) (*http.Response, error) { panic("a request left") }

func TestNoKeyNoLetter(t *testing.T) {
	w, _ := wire(t, &http.Client{Transport: refuse{}})
	m := connectortest.Letter()
	m.To.Webhook = "https://relay.example/legal"
	m.Sender.ID = "unit-b"
	if _, err := w.Send(context.Background(), m); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("sent without a key: %v", err)
	}
}

// TestNoCookies: a provider's cookie does not come back to it.
func TestNoCookies(t *testing.T) {
	var cookies []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "track", Value: "1"})
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()
	client := server.Client()
	client.Jar = jar{}
	w, _ := wire(t, client)
	m := connectortest.Letter()
	m.To.Webhook = server.URL
	for range 2 {
		if _, err := w.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"", ""}, cookies); diff != "" {
		t.Error(diff)
	}
}
