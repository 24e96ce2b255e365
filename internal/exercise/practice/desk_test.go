package practice

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeDesk stands for the installation under test: it sends letters, takes
// answers by API and keeps a door with mailed codes.
type fakeDesk struct {
	t      *testing.T
	house  *House
	server *httptest.Server

	mu      sync.Mutex
	letters map[string]Wire              // by letter
	answers map[string]map[string]string // line -> field -> value
	keys    map[string]int               // idempotency key -> times seen
	pending map[string]string            // confirm token -> form or sheet
	down    bool
	held    map[string]url2
}

type url2 = map[string][]string

func newFakeDesk(t *testing.T) *fakeDesk {
	d := &fakeDesk{t: t, letters: map[string]Wire{}, answers: map[string]map[string]string{}, keys: map[string]int{}, held: map[string]url2{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/provider/letters/{id}/answers", d.takeAnswers)
	mux.HandleFunc("GET /p/{token}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<p>sender, reference, clock</p>") })
	mux.HandleFunc("POST /p/{token}", d.enter)
	mux.HandleFunc("POST /p/code", d.code)
	mux.HandleFunc("GET /p/letter", d.showLetter)
	mux.HandleFunc("GET /p/letter.csv", d.sheet)
	mux.HandleFunc("POST /p/preview", d.preview)
	mux.HandleFunc("POST /p/confirm", d.confirm)
	d.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		down := d.down
		d.mu.Unlock()
		if down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(d.server.Close)
	return d
}

// attach introduces the desk to a house.
func (d *fakeDesk) attach(h *House) {
	d.house = h
	bearer := map[string]string{}
	for _, p := range h.world.Providers {
		bearer[p.Name] = "key-" + p.Name
	}
	if err := h.Connect(Desk{Address: d.server.Listener.Addr().String(), Bearer: bearer}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *fakeDesk) takeAnswers(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Lines []LineAnswer `json:"lines"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer key-") {
		http.Error(w, "bad", http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys[r.Header.Get("Idempotency-Key")+r.PathValue("id")]++
	for _, l := range in.Lines {
		d.answers[l.Line] = map[string]string{"status": l.Status, "reason": l.Reason, "countries": strings.Join(l.Countries, " ")}
	}
	fmt.Fprintf(w, `{"accepted":%d}`, len(in.Lines))
}

// The token of a letter is "token-" and its name; the cookie is the letter.
func (d *fakeDesk) enter(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.PathValue("token"), "token-")
	d.mu.Lock()
	l, ok := d.letters[id]
	d.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "door", Value: id, Secure: true, HttpOnly: true})
	for _, p := range d.house.world.Providers {
		if strings.Contains(l.Lines[0].URL, p.Host) {
			d.mail(p.Email, "code-"+id, "Subject: "+l.Reference+"\r\nMessage-ID: <code-"+id+"@desk.example>\r\n\r\nCode: 123456\r\n")
		}
	}
	http.Redirect(w, r, "/p/code-page", http.StatusSeeOther)
}

func (d *fakeDesk) letterOf(r *http.Request) (Wire, bool) {
	c, err := r.Cookie("door")
	if err != nil {
		return Wire{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	l, ok := d.letters[c.Value]
	return l, ok
}

func (d *fakeDesk) code(w http.ResponseWriter, r *http.Request) {
	if _, ok := d.letterOf(r); !ok || r.FormValue("code") != "123456" {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	http.Redirect(w, r, "/p/letter", http.StatusSeeOther)
}

func (d *fakeDesk) showLetter(w http.ResponseWriter, r *http.Request) {
	l, ok := d.letterOf(r)
	if !ok {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	fmt.Fprintf(w, "<p>%d lines</p>", len(l.Lines))
}

func (d *fakeDesk) sheet(w http.ResponseWriter, r *http.Request) {
	l, _ := d.letterOf(r)
	table := csv.NewWriter(w)
	table.Write([]string{"line", "url", "status", "countries", "reason"})
	for _, line := range l.Lines {
		table.Write([]string{line.Line, line.URL, "", "", ""})
	}
	table.Flush()
}

func (d *fakeDesk) preview(w http.ResponseWriter, r *http.Request) {
	l, ok := d.letterOf(r)
	if !ok {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	fields := url2{}
	if file, _, err := r.FormFile("sheet"); err == nil {
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			http.Error(w, "sheet", http.StatusUnprocessableEntity)
			return
		}
		for _, row := range rows[1:] {
			if row[2] != "" {
				fields["status-"+row[0]] = []string{row[2]}
			}
		}
	} else {
		r.ParseForm()
		fields = url2(r.Form)
	}
	d.mu.Lock()
	d.held["confirm-"+l.Letter] = fields
	d.mu.Unlock()
	fmt.Fprintf(w, `<form method="post" action="/p/confirm"><input type="hidden" name="confirm" value="confirm-%s"></form>`, l.Letter)
}

func (d *fakeDesk) confirm(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fields, ok := d.held[r.FormValue("confirm")]
	if !ok {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	for name, value := range fields {
		if line, ok := strings.CutPrefix(name, "status-"); ok {
			d.answers[line] = map[string]string{"status": value[0]}
		}
	}
}

// mail hands a message to the providers' mail server, under TLS.
func (d *fakeDesk) mail(to, id, message string) error {
	client, err := smtp.Dial(d.house.File().SMTP)
	if err != nil {
		return err
	}
	defer client.Close()
	config := trust(d.t, d.house)
	config.ServerName = "localhost"
	if err := client.StartTLS(config); err != nil {
		return err
	}
	if err := client.Mail("desk@desk.example"); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
		return err
	}
	data, err := client.Data()
	if err != nil {
		return err
	}
	fmt.Fprintf(data, "From: desk@desk.example\r\nTo: %s\r\n%s", to, message)
	if err := data.Close(); err != nil {
		return err
	}
	return client.Quit()
}

// letter makes a letter about postings of one provider.
func (d *fakeDesk) letter(id, kind string, urls ...string) Wire {
	l := Wire{Format: letterFormat, Message: "m-" + id + "-" + kind, Kind: kind, Letter: id, Reference: "EX/" + id, Instrument: "referral",
		Sender: Sender{Authority: "Exercise unit", Country: "BE", Desk: "BE-1", Email: "desk@desk.example"}, Statement: "Voluntary referral",
		AnswerURL: "https://desk.example/api/v1/provider/letters/" + id + "/answers"}
	for i, u := range urls {
		l.Lines = append(l.Lines, WireLine{Line: fmt.Sprintf("%s-%d", id, i), URL: u, Ground: "a"})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.letters[id] = l
	return l
}

// post sends a letter by webhook and returns status and body; 0 when the
// connection broke.
func (d *fakeDesk) post(l Wire, key string) (int, string) {
	d.t.Helper()
	body, err := json.Marshal(l)
	if err != nil {
		d.t.Fatal(err)
	}
	p := d.providerOf(l.Lines[0].URL)
	req, _ := http.NewRequest(http.MethodPost, "https://"+p+"/legal/referrals", strings.NewReader(string(body)))
	req.Header.Set("Idempotency-Key", key)
	res, err := browser(d.t, d.house, "").Do(req)
	if err != nil {
		return 0, ""
	}
	reply, err := readAll(res)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(reply)
}

func (d *fakeDesk) providerOf(u string) string { return strings.Split(u, "/")[2] }

// mailLetter sends a letter by mail, unsigned.
func (d *fakeDesk) mailLetter(to string, l Wire) error {
	raw, err := json.Marshal(l)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.mail(to, l.Message, "Subject: "+l.Reference+"\r\nMessage-ID: <"+l.Message+"@desk.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAnswer at http://door.desk.example/p/token-"+l.Letter+"\r\n"+
		"--b\r\nContent-Type: application/json\r\nContent-Disposition: attachment; filename=letter.json\r\n"+
		"Content-Transfer-Encoding: base64\r\n\r\n"+folded(raw)+"--b--\r\n")
}

// folded is base64 in lines no mail server minds.
func folded(raw []byte) string {
	var out strings.Builder
	for text := base64.StdEncoding.EncodeToString(raw); text != ""; text = text[min(76, len(text)):] {
		out.WriteString(text[:min(76, len(text))] + "\r\n")
	}
	return out.String()
}

// browser reaches the practice hosts as the desk does; country picks a proxy.
func browser(t *testing.T, h *House, country string) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: trust(t, h)}
	if country == "" {
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, _, _ := net.SplitHostPort(addr)
			return (&net.Dialer{}).DialContext(ctx, network, h.File().Hosts[host])
		}
	} else {
		for _, p := range h.File().Proxies {
			if p.Country == country {
				transport.Proxy = proxyTo(p.Address)
			}
		}
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
