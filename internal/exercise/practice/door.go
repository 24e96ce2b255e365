package practice

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/staydown/staydown/internal/exercise/world"
)

// visit is one visit of a provider's contact at the desk's door, with what a
// browser would keep: cookies.
type visit struct {
	client  *http.Client
	base    string // scheme and host
	cookies map[string]string
}

// codeWait is how long, by the machine's clock, a contact waits for the code.
const codeWait = 30 * time.Second

// answerAtDoor opens the link of the letter, proves itself with the mailed
// code, answers line by line or with the spreadsheet, and confirms.
func (h *House) answerAtDoor(ctx context.Context, desk Desk, l *letter, p world.Provider, lines []LineAnswer) error {
	link, err := plainURL(l.door)
	if err != nil || desk.DoorBase != "" && !strings.HasPrefix(l.door, desk.DoorBase) {
		return fmt.Errorf("%w: no link to the door", errDeclined)
	}
	client, err := desk.client()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	u, _ := url.Parse(link)
	v := &visit{client: client, base: u.Scheme + "://" + u.Host, cookies: map[string]string{}}
	// A mail scanner has opened the link before the contact does; it must not
	// have changed anything.
	if _, err := v.get(ctx, u.Path); err != nil {
		return err
	}
	codes := h.expectCode(p.Name)
	defer h.forgetCode(p.Name)
	if _, err := v.post(ctx, u.Path, url.Values{}); err != nil {
		return err
	}
	code, err := waitCode(ctx, codes)
	if err != nil {
		return err
	}
	if _, err := v.post(ctx, "/p/code", url.Values{"code": {code}}); err != nil {
		return err
	}
	if _, err := v.get(ctx, "/p/letter"); err != nil {
		return err
	}
	var confirm []byte
	if p.AnswersBy == world.AnswerSheet {
		confirm, err = v.answerSheet(ctx, lines)
	} else {
		confirm, err = v.post(ctx, "/p/preview", formOf(lines))
	}
	if err != nil {
		return err
	}
	token := hiddenField(confirm, "confirm")
	if token == "" {
		return fmt.Errorf("%w: the preview has nothing to confirm", errDeclined)
	}
	_, err = v.post(ctx, "/p/confirm", url.Values{"confirm": {token}})
	return err
}

func formOf(lines []LineAnswer) url.Values {
	form := url.Values{}
	for _, l := range lines {
		form.Set("status-"+l.Line, l.Status)
		form.Set("countries-"+l.Line, strings.Join(l.Countries, " "))
		form.Set("reason-"+l.Line, l.Reason)
	}
	return form
}

// answerSheet takes the spreadsheet the desk offers, fills it in and hands it
// back, as an office does that works with spreadsheets.
func (v *visit) answerSheet(ctx context.Context, lines []LineAnswer) ([]byte, error) {
	sheet, err := v.get(ctx, "/p/letter.csv")
	if err != nil {
		return nil, err
	}
	filled, err := fillSheet(sheet, lines)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("sheet", "answers.csv")
	if err != nil {
		return nil, err
	}
	part.Write(filled)
	form.Close()
	return v.send(ctx, http.MethodPost, "/p/preview", form.FormDataContentType(), &body)
}

// fillSheet writes the answers into the columns status, countries and reason.
func fillSheet(sheet []byte, lines []LineAnswer) ([]byte, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(sheet, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%w: the spreadsheet cannot be read", errDeclined)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[lower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"line", "url", "status", "countries", "reason"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("%w: the spreadsheet has no column %q", errDeclined, name)
		}
	}
	answers := map[string]LineAnswer{}
	for _, l := range lines {
		answers[l.Line] = l
	}
	var out bytes.Buffer
	table := csv.NewWriter(&out)
	for i, row := range rows {
		for len(row) < len(rows[0]) {
			row = append(row, "")
		}
		if a, ok := answers[row[column["line"]]]; ok && i > 0 {
			row[column["status"]], row[column["countries"]], row[column["reason"]] = a.Status, strings.Join(a.Countries, " "), a.Reason
		}
		if err := table.Write(row); err != nil {
			return nil, err
		}
	}
	table.Flush()
	return out.Bytes(), table.Error()
}

func (v *visit) get(ctx context.Context, path string) ([]byte, error) {
	return v.send(ctx, http.MethodGet, path, "", nil)
}

func (v *visit) post(ctx context.Context, path string, form url.Values) ([]byte, error) {
	return v.send(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// send makes one step and follows where a form leads (303), as a browser does.
func (v *visit) send(ctx context.Context, method, path, contentType string, body io.Reader) ([]byte, error) {
	for range 5 {
		req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
		if err != nil {
			return nil, err
		}
		if contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		for name, value := range v.cookies {
			// A browser trusts loopback with Secure cookies; net/http's jar
			// does not, hence by hand.
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		res, err := v.client.Do(req)
		if err != nil {
			return nil, fmt.Errorf("%w: %v", errDesk, err)
		}
		reply, err := readAll(res)
		if err != nil {
			return nil, fmt.Errorf("%w: %v", errDesk, err)
		}
		for _, c := range res.Cookies() {
			v.cookies[c.Name] = c.Value
		}
		if res.StatusCode < 300 || res.StatusCode >= 400 {
			if err := outcomeOf(res.StatusCode, reply); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, strings.SplitN(path, "/", 4)[1], err)
			}
			return reply, nil
		}
		next, err := res.Location()
		if err != nil {
			return nil, fmt.Errorf("%w: a redirect to nowhere", errDeclined)
		}
		method, path, contentType, body = http.MethodGet, next.RequestURI(), "", nil
	}
	return nil, fmt.Errorf("%w: too many redirects", errDeclined)
}

// hiddenField returns the value of a form field of a page.
func hiddenField(page []byte, name string) string {
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := tokens.Token()
			if t.Data == "input" && attribute(t, "name") == name {
				return attribute(t, "value")
			}
		}
	}
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// expectCode opens a box for the codes mailed to a provider.
func (h *House) expectCode(provider string) <-chan string {
	h.mu.Lock()
	defer h.mu.Unlock()
	box := make(chan string, 8)
	h.codes[provider] = box
	return box
}

func (h *House) forgetCode(provider string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.codes, provider)
}

// handOver puts a mailed code into the box of whoever waits for it.
func (h *House) handOver(provider, code string) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	select {
	case h.codes[provider] <- code:
	default: // nobody waits, or the box is full
	}
}

func waitCode(ctx context.Context, codes <-chan string) (string, error) {
	timer := time.NewTimer(codeWait)
	defer timer.Stop()
	select {
	case code := <-codes:
		return code, nil
	case <-timer.C:
		return "", fmt.Errorf("%w: no code came by mail", errDesk)
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %v", errDesk, ctx.Err())
	}
}
