package hma

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/store"
)

const (
	pdqA = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
	pdqB = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b2d" // four bits off
	md5A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// bench is the surface on a real database, with two units and their leads.
type bench struct {
	t      *testing.T
	s      *Surface
	store  *store.Store
	desk   *signin.Desk
	unit   map[string]staydown.ID
	token  map[string]string
	caller map[string]access.Caller
	notes  []staydown.Event
	logged bytes.Buffer
	now    time.Time
	path   string // before every path: /hma/{key}
	header http.Header
	from   string
	host   string
}

func open(t testing.TB) *bench {
	t.Helper()
	b := &bench{unit: map[string]staydown.ID{}, token: map[string]string{}, caller: map[string]access.Caller{}, now: time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC),
		header: http.Header{}, from: "192.0.2.9:4711", host: "desk.example"}
	if tt, is := t.(*testing.T); is {
		b.t = tt
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	b.store, err = store.Open(t.Context(), t.TempDir(), func() time.Time { return b.now })
	must(err)
	t.Cleanup(func() { b.store.Close() })
	b.desk, err = signin.New(signin.Options{Store: b.store.SignIn(), Key: make([]byte, signin.KeySize), Wall: func() time.Time { return b.now }})
	must(err)
	banks := &bank.Desk{Store: b.store.Banks(), Now: func() time.Time { return b.now }}
	b.s = New(Options{Banks: banks, Bearer: b.desk.Bearer, Log: slog.New(slog.NewTextHandler(&b.logged, nil)),
		Note: func(_ context.Context, _ access.Caller, e staydown.Event) error {
			b.notes = append(b.notes, e)
			return nil
		}})
	for _, u := range []string{"a", "b"} {
		unit, err := b.desk.AddAuthority(t.Context(), signin.Terminal(), staydown.Authority{Name: "Unit " + u, Country: "BE", Email: u + "@unit.example", DeskCode: strings.ToUpper(u)})
		must(err)
		b.unit[u] = unit.ID
		for _, role := range []staydown.Role{staydown.RoleLead, staydown.RoleAnalyst, staydown.RoleAdmin} {
			login := u + "-" + string(role)
			p, err := b.desk.AddPerson(t.Context(), signin.Terminal(), staydown.Person{Owner: unit.ID, Login: login, Name: "Somebody", DeskCode: login, Roles: []staydown.Role{role}})
			must(err)
			b.token[login], err = b.desk.NewToken(t.Context(), signin.Terminal(), p.ID, "test", nil)
			must(err)
			b.caller[login], err = b.desk.Bearer(t.Context(), b.token[login])
			must(err)
		}
	}
	b.as("a-lead")
	return b
}

// as asks as somebody from now on; "" is nobody.
func (b *bench) as(login string) {
	b.header.Del("Authorization")
	if login != "" {
		b.header.Set("Authorization", "Bearer "+b.token[login])
	}
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (b *bench) ask(method, path, body string) reply {
	return b.send(method, path, "", strings.NewReader(body))
}

func (b *bench) send(method, path, contentType string, body io.Reader) reply {
	r := httptest.NewRequest(method, "http://"+b.host+b.path+path, body)
	r.RemoteAddr, r.Host = b.from, b.host
	for k, v := range b.header {
		r.Header[k] = v
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	b.s.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

// flat is a body without spaces and line ends.
func (r reply) flat() string {
	return strings.NewReplacer(" ", "", "\n", "").Replace(r.body)
}

func (b *bench) want(r reply, status int, text string) {
	b.t.Helper()
	if r.status != status || !strings.Contains(r.flat(), strings.ReplaceAll(text, " ", "")) {
		b.t.Errorf("got %d %s, want %d %s", r.status, r.flat(), status, text)
	}
}

// upload sends a form with a file and fields.
func (b *bench) upload(path, field string, data []byte, fields ...string) reply {
	b.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i+1 < len(fields); i += 2 {
		w.WriteField(fields[i], fields[i+1])
	}
	p, err := w.CreateFormFile(field, "file")
	if err != nil {
		b.t.Fatal(err)
	}
	p.Write(data)
	w.Close()
	return b.send("POST", path, w.FormDataContentType(), &buf)
}

// picture draws blocks of grey that a hash can tell from others; seed 0 is all white.
func picture(seed uint32) []byte {
	m := image.NewGray(image.Rect(0, 0, 256, 256))
	for y := range 256 {
		for x := range 256 {
			v := uint32(255)
			if seed > 0 {
				v = (uint32(x/32)*2654435761 + uint32(y/32)*40503*seed + seed) * 2246822519 >> 24
			}
			m.SetGray(x, y, color.Gray{uint8(v)})
		}
	}
	var b bytes.Buffer
	png.Encode(&b, m)
	return b.Bytes()
}

// serve lets url= fetch from a server on this machine; hosts is the allow-list.
func (b *bench) serve(h http.Handler, hosts ...string) string {
	b.t.Helper()
	srv := httptest.NewServer(h)
	b.t.Cleanup(srv.Close)
	pair := netip.MustParseAddrPort(srv.Listener.Addr().String())
	g, err := dial.New(dial.Policy{Admit: []dial.Admission{{Purpose: "hma", Name: "media.example:80", Pair: pair}}, Only: true})
	if err != nil {
		b.t.Fatal(err)
	}
	b.s.Fetch = Fetcher{Client: g.Client("hma", dial.Options{}), Hosts: hosts, Agent: "test"}
	return "http://media.example"
}

// bridge is the picture of the recorded exchanges.
func bridge(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../../shared/data/pdq/dih/bridge-1-original.jpg")
	if err != nil {
		t.Skip("no picture of a bridge: the folder ../shared/data/pdq beside the repository is absent")
	}
	return data
}
