package email

import (
	"fmt"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// subject names the letter and says what it is.
func subject(m connector.Message) string {
	w := speak(m.Language)
	return connector.OneLine(fmt.Sprintf("[%s] %s", m.Reference, w.title[act{m.Kind, m.Binding}]))
}

// text is what people read. Law: its first line says who asks and whether it is
// voluntary or binding (docs/design/lifecycle.md, check 6).
func text(m connector.Message) string {
	w := speak(m.Language)
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(w.first[act{m.Kind, m.Binding}], tame(m.Sender.Authority), tame(m.Sender.Country))
	line("")
	if m.Statement != "" {
		line("%s\n", strings.TrimSpace(connector.Defang(connector.Plain(m.Statement))))
	}
	line("%s: %s", w.reference, tame(m.Reference))
	line("%s: %s", w.desk, tame(m.Sender.Desk))
	line("%s: %s", w.sent, m.SentAt.UTC().Format(time.RFC3339))
	line("%s: %d", w.count, len(m.Lines))
	line("\n%s", w.exact)
	for i, l := range m.Lines {
		line("\n%d. %s", i+1, tame(l.URL))
		b.WriteString(details(w, l))
	}
	if m.DoorLink != "" {
		line("\n%s\n%s\n%s", w.answer, m.DoorLink, w.opens)
	}
	return b.String()
}

// details are the lines below an address.
func details(w *words, l connector.Line) string {
	ground := w.grounds[l.Ground]
	if ground == "" {
		ground = tame(l.Ground)
	}
	var b strings.Builder
	for _, f := range []struct{ label, value string }{
		{w.kind, tame(l.Kind)},
		{w.ground, ground},
		{w.clause, tame(l.Clause)},
		{w.why, tame(l.Explanation)},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "   %s: %s\n", f.label, f.value)
		}
	}
	return b.String()
}

// tame makes foreign text one line in which no address can be followed.
func tame(s string) string { return connector.Defang(connector.OneLine(s)) }
