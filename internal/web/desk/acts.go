package desk

import (
	"encoding/json"
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/web/page"
)

// Act is something a person may do on a page: a word of the catalogue ("act.<Name>"), a key, and how it is offered.
type Act struct {
	Name  string
	Path  string // where its confirm page is; empty for a button of a form
	Key   string // physical key
	Main  bool
	Grave bool
}

// ConfirmPage asks once more before an act that leaves the desk or cannot be taken back: what it does, to what, and why.
type ConfirmPage struct {
	Act     string // "act.<Act>" names it, "confirm.<Act>" says what it does
	Subject string // what it is done to
	Path    string // where the form is sent
	Back    string
	Reason  string // a field for the reason: "", "optional", "required"
	Given   string // the reason as it was typed
	Grave   bool
	Facts   []page.Fact
	Fields  []Field
	Trouble *Trouble
}

// Field is one more thing that an act asks for.
type Field struct {
	Name, Label string
	Kind        string // "text", "select", "hidden"
	Value       string
	List        string // words of the choices
	Choices     []Choice
	Required    bool
}

var confirmView = page.NewView[ConfirmPage](templates, "confirm.html")

func (v *visit) confirm(status int, section string, p ConfirmPage) error {
	shell := v.shell(section, "act."+p.Act)
	shell.Narrow = true
	return confirmView.Render(v.w, status, shell, p)
}

// seenItem loads the item of the path for an act on it.
func (v *visit) seenItem() (staydown.Item, error) {
	if err := v.caller.May(access.See); err != nil {
		return staydown.Item{}, err
	}
	i, err := v.Keeper.Item(v.ctx(), v.id("id"))
	if err != nil {
		return i, err
	}
	return i, v.caller.Sees(i.Circle)
}

func (v *visit) reopenPage() error { return v.showReopen(http.StatusOK, nil) }

func (v *visit) showReopen(status int, t *Trouble) error {
	i, err := v.seenItem()
	if err != nil {
		return err
	}
	path := "/items/" + string(i.ID)
	return v.confirm(status, "queue", ConfirmPage{Act: "reopen", Subject: i.Location, Path: path + "/reopen", Back: path, Reason: "required", Given: v.field("reason"), Trouble: t})
}

func (v *visit) reopen() error {
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.Findings.Reopen(v.ctx(), v.caller, v.id("id"), v.field("reason")); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showReopen(http.StatusUnprocessableEntity, t) })
	}
	return v.done("/items/"+string(v.id("id")), "reopened")
}

// urgentPage is the way of a threat to life: who to call first, then the top of the queue. Nothing here calls anybody.
func (v *visit) urgentPage() error { return v.showUrgent(http.StatusOK, nil) }

func (v *visit) showUrgent(status int, t *Trouble) error {
	i, err := v.seenItem()
	if err != nil {
		return err
	}
	path := "/items/" + string(i.ID)
	return v.confirm(status, "queue", ConfirmPage{Act: "urgent", Subject: i.Location, Path: path + "/urgent", Back: path, Reason: "required", Given: v.field("reason"), Grave: true, Trouble: t})
}

func (v *visit) urgent() error {
	if err := v.parse(); err != nil {
		return err
	}
	if err := v.Findings.Prioritise(v.ctx(), v.caller, v.id("id"), 10, v.field("reason")); err != nil {
		return v.again(err, func(t *Trouble) error { return v.showUrgent(http.StatusUnprocessableEntity, t) })
	}
	return v.done("/items/"+string(v.id("id")), "urgent")
}

// noteOf picks out of the stored bytes of an event what is worth a word beside it: a reason, or where it came from.
func (v *visit) noteOf(leaf []byte) string {
	var l struct {
		Data struct {
			Reason  string           `json:"reason"`
			Why     string           `json:"why"`
			Verdict staydown.Verdict `json:"verdict"`
		} `json:"data"`
	}
	if json.Unmarshal(leaf, &l) != nil {
		return ""
	}
	switch {
	case l.Data.Verdict != "":
		return v.word("verdict", string(l.Data.Verdict))
	case l.Data.Reason != "":
		return v.word("capture", l.Data.Reason)
	}
	return l.Data.Why
}
