package rules

import (
	"fmt"
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// Example is a response written to try a rule on, and what must come of it.
type Example struct {
	Name        string            `json:"name"`
	URL         string            `json:"url"` // the location, not its probing place
	Reached     string            `json:"reached,omitempty"`
	Status      int               `json:"status"`
	Header      map[string]string `json:"header,omitempty"`
	ContentType string            `json:"content_type"`
	Body        string            `json:"body"`
	Want        string            `json:"want"` // "verdict signal", with a cause when one is shown; or "undecided"
}

// NewLook makes a look of a response. Held is what capture's judgement says of
// it.
func NewLook(asked, reached string, status int, header map[string][]string, body []byte, held string) Look {
	l := Look{Asked: asked, Reached: reached, Status: status, Header: header, Body: body, Held: held}
	l.ContentType = l.header("Content-Type")
	if strings.Contains(strings.ToLower(l.ContentType), "html") {
		l.Page = page.Read(body, l.ContentType, reached)
	} else {
		l.Page = page.FromText(body, l.ContentType)
	}
	l.Reading = sign.Standard().Read(l.Page)
	return l
}

// Test runs all examples of a file and returns what is wrong: an example that
// comes out otherwise, a rule that no example needs, an address that the file
// does not know.
func (f *File) Test() []string {
	var wrong []string
	for _, k := range f.Kinds {
		used := make([]bool, len(k.Signals))
		for _, e := range k.Examples {
			wrong = append(wrong, f.try(k, e, used)...)
		}
		for i, ok := range used {
			if !ok {
				wrong = append(wrong, fmt.Sprintf("%s/%s: no example needs signal %d (%s %s)", f.Platform, k.Name, i+1, k.Signals[i].Verdict, k.Signals[i].Signal))
			}
		}
	}
	return wrong
}

// try runs one example and notes which rule decided it.
func (f *File) try(k *Kind, e Example, used []bool) []string {
	at := fmt.Sprintf("%s/%s, %q: ", f.Platform, k.Name, e.Name)
	m, ok := (&Book{files: []*File{f}}).Find(e.URL)
	if !ok || m.Kind != k {
		return []string{at + "the address is not one of this kind"}
	}
	v, decided := m.JudgeProbe(e.look(m), nil)
	got := "undecided"
	if decided {
		got = strings.TrimSpace(fmt.Sprint(v.Verdict, " ", v.Signal))
		if v.Cause != "" && v.Cause != CauseUnknown {
			got += " " + v.Cause
		}
		for i, r := range k.Signals {
			if r.When.holds(e.look(m), m) {
				used[i] = true
				break
			}
		}
	}
	if got != e.Want {
		return []string{at + "it is " + got + ", wanted " + e.Want}
	}
	return nil
}

// look makes a look of the example.
func (e Example) look(m Match) Look {
	asked := m.Probe()
	if asked == "" {
		asked = e.URL
	}
	reached := e.Reached
	if reached == "" {
		reached = asked
	}
	header := map[string][]string{"Content-Type": {e.ContentType}}
	for k, v := range e.Header {
		header[k] = []string{v}
	}
	return NewLook(asked, reached, e.Status, header, []byte(e.Body), "content")
}
