package law

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/staydown/staydown"
)

func TestReferral(t *testing.T) {
	i, err := Get("referral")
	if err != nil {
		t.Fatal(err)
	}
	a := staydown.Authority{Name: "Unit X", Country: "BE", Kind: "police"}
	if got := i.Text("fr", a); !strings.HasPrefix(got, "Unit X (BE) asks you, on a voluntary basis") {
		t.Errorf("statement: %q", got)
	}
	if got := i.Text("ar", a); !strings.Contains(got, "Unit X (BE)") {
		t.Errorf("Arabic statement: %q", got)
	}
	if err := i.MayIssue(a, staydown.Provider{Kind: "host"}); err != nil {
		t.Error(err)
	}
	a.Kind = "overseer"
	if err := i.MayIssue(a, staydown.Provider{Kind: "host"}); staydown.CodeOf(err) != "law.issuer" {
		t.Errorf("an overseer issued: %v", err)
	}
	from := time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC)
	if at, ok := i.Remind(0, from); !ok || at.Sub(from) != 72*time.Hour {
		t.Errorf("first reminder %v %v", at, ok)
	}
	if _, ok := i.Remind(2, from); ok {
		t.Error("a third reminder")
	}
	if i.GiveUp(from).Sub(from) != 14*24*time.Hour {
		t.Error("gives up at", i.GiveUp(from))
	}
}

func TestFilesAreChecked(t *testing.T) {
	good := `{"name":"x","machine":"letter","issuers":["police"],"verdicts":["terms_only"],"statement":{"en":"s"}}`
	for name, c := range map[string]struct{ from, to, want string }{
		"machine":  {`"letter"`, `"wish"`, "machine"},
		"field":    {`"name"`, `"nome"`, "unknown field"},
		"english":  {`"en"`, `"fr"`, "English"},
		"reminder": {`"issuers"`, `"remind_after_hours":[5,3],"issuers"`, "out of order"},
		"give up":  {`"issuers"`, `"remind_after_hours":[5],"give_up_after_hours":5,"issuers"`, "gives up"},
	} {
		bad := strings.Replace(good, c.from, c.to, 1)
		_, err := load(fstest.MapFS{"instruments/x.json": {Data: []byte(bad)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m, err := load(fstest.MapFS{"instruments/x.json": {Data: []byte(good)}}); err != nil || m["x"].Name != "x" {
		t.Errorf("a good file: %v", err)
	}
}
