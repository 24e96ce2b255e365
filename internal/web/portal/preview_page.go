package portal

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/web/page"
)

// PreviewPage shows answers before they are filed, or what is wrong with them.
type PreviewPage struct {
	Brief   Brief
	Confirm string // what the form hands back; empty when there are faults
	Lines   []PreviewLine
	Same    int // on file already
	Faults  []Fault
	More    int // faults beyond those shown
}

// PreviewLine is one answer, before and after.
type PreviewLine struct {
	Address   string
	Was, Is   staydown.LineState
	WasMark   string
	IsMark    string
	Countries []string
	Reason    string
}

// draft is what a session keeps between looking over and filing. The nonce ties
// the button to the answers it stood below, and makes filing twice file once.
type draft struct {
	Nonce   string                `json:"nonce"`
	Via     string                `json:"via"` // door | sheet
	Answers []referral.LineAnswer `json:"answers"`
}

// maxForm bounds a filled-in form or an upload: 200 lines, each with a reason
// whose letters take up to nine bytes on the way.
const maxForm = 8 << 20

// maxFaults is how many faults are shown at once.
const maxFaults = 20

// preview reads answers, from the form or from a spreadsheet, and shows them.
func (p *Portal) preview(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Door.Enter(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	v, err := p.view(r, s.Letter, s.Provider)
	if err != nil {
		return err
	}
	page.Upload(w, r, maxForm)
	said, via, err := readAnswers(r)
	if err != nil {
		return err
	}
	found := judge(linesOf(v), said)
	if len(found.answers)+len(found.faults)+found.same == 0 {
		return page.Problem{Status: http.StatusUnprocessableEntity, Code: "door.nothing"}
	}
	out := PreviewPage{Brief: p.brief(v), Lines: previewLines(linesOf(v), found.answers), Same: found.same, Faults: found.faults}
	status := http.StatusOK
	if len(found.faults) > 0 {
		status = http.StatusUnprocessableEntity
		if len(out.Faults) > maxFaults {
			out.Faults, out.More = out.Faults[:maxFaults], len(out.Faults)-maxFaults
		}
	} else if out.Confirm, err = p.keep(r, draft{Via: via, Answers: found.answers}); err != nil {
		return err
	}
	shell := p.Site.Shell(w, r)
	shell.Title = page.Printer(r).T("door.preview.title")
	shell.Here = Root + "/letter" // a form that was sent cannot be asked for again in another language
	return previewView.Render(w, status, shell, out)
}

func (p *Portal) keep(r *http.Request, d draft) (nonce string, err error) {
	d.Nonce = rand.Text()
	body, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("keeping a draft: %w", err)
	}
	return d.Nonce, p.Door.Keep(r.Context(), cookieOf(r), string(body))
}

// readAnswers reads the form, or the spreadsheet when there is one. Files stay in
// memory.
func readAnswers(r *http.Request) (said []given, via string, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseForm(); err != nil {
			return nil, "", badForm(err)
		}
		return fromForm(r.PostForm), "door", nil
	}
	if err := r.ParseMultipartForm(maxForm); err != nil {
		return nil, "", badForm(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	files := r.MultipartForm.File["sheet"]
	if len(files) == 0 {
		if said = fromForm(r.MultipartForm.Value); len(said) > 0 {
			return said, "door", nil
		}
		return nil, "", errNoSheet
	}
	data, err := readFile(files[0])
	if err != nil {
		return nil, "", err
	}
	said, err = readSheet(data)
	return said, "sheet", err
}

func readFile(header *multipart.FileHeader) ([]byte, error) {
	f, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("reading an upload: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSheet+1))
	if err != nil {
		return nil, fmt.Errorf("reading an upload: %w", err)
	}
	return data, nil
}

// badForm tells a form that is too large from one that is none.
func badForm(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	return page.Problem{Status: http.StatusBadRequest, Code: "door.form"}
}

func previewLines(lines []staydown.Line, answers []referral.LineAnswer) []PreviewLine {
	byID := make(map[staydown.ID]staydown.Line, len(lines))
	for _, l := range lines {
		byID[l.ID] = l
	}
	var out []PreviewLine
	for _, a := range answers {
		l := byID[a.Line]
		out = append(out, PreviewLine{Address: l.Location, Was: l.State, WasMark: markOf(l.State), Is: a.Status, IsMark: markOf(a.Status), Countries: a.Countries, Reason: a.Reason})
	}
	return out
}

// confirm files the answers that were looked over, and only those.
func (p *Portal) confirm(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Door.Enter(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	d, err := draftOf(s)
	if err != nil {
		return err
	}
	asked := r.PostFormValue("confirm")
	if d.Nonce == "" || subtle.ConstantTimeCompare([]byte(asked), []byte(d.Nonce)) != 1 {
		return page.Problem{Status: http.StatusConflict, Code: "door.stale"}
	}
	filed := 0
	if len(d.Answers) > 0 {
		if filed, err = p.Letters.Answer(r.Context(), s.Provider, s.Letter, d.Via, "door-"+d.Nonce, d.Answers); err != nil {
			return err
		}
	}
	p.Site.SetFlash(w, page.Flash{Key: "door_filed", Args: []string{strconv.Itoa(filed)}})
	return page.Redirect(w, r, Root+"/letter")
}

func draftOf(s door.Session) (draft, error) {
	var d draft
	if s.Draft == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(s.Draft), &d); err != nil {
		return d, fmt.Errorf("reading a draft: %w", err)
	}
	return d, nil
}
