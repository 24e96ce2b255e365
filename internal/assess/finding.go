package assess

import (
	"strings"

	"github.com/staydown/staydown"
)

// The longest a field may be, in bytes, and the longest attention one finding may claim, in seconds.
const (
	maxLine    = 1 << 10
	maxText    = 8 << 10
	maxSeconds = 4 * 60 * 60
)

// write puts what the officer says into the draft. What the officer saw, and who and when it was, stay the desk's own. A
// ground belongs to terrorist content only; the reasoned danger to ground (a).
func write(draft, in staydown.Assessment) staydown.Assessment {
	a := draft
	a.Verdict, a.Ground, a.Purpose, a.Public = in.Verdict, in.Ground, in.Purpose, in.Public
	a.Passage, a.Danger = strings.TrimSpace(in.Passage), strings.TrimSpace(in.Danger)
	a.PurposeWhy, a.Note = strings.TrimSpace(in.PurposeWhy), strings.TrimSpace(in.Note)
	a.Clause, a.GroupList, a.Language = strings.TrimSpace(in.Clause), strings.TrimSpace(in.GroupList), strings.TrimSpace(in.Language)
	a.Seconds = min(max(in.Seconds, 0), maxSeconds)
	if a.Verdict != staydown.TerroristContent {
		a.Ground = ""
	}
	if a.Ground != staydown.Incites {
		a.Danger = ""
	}
	return a
}

// Check says what keeps a finding from being given, as an Error with the field in Where; nil when nothing does. captured tells
// whether the item has a capture, text is what it says, empty when it has none.
// Law: TCO 2(7), 1(3)
func Check(a staydown.Assessment, captured bool, text string) error {
	if err := bounded(a); err != nil {
		return err
	}
	if !captured && a.Verdict != "" && a.Verdict != staydown.OutOfScope && a.Verdict != staydown.Unclear {
		return invalid("verdict", "what could not be captured can only be found out of scope or unclear")
	}
	if err := a.Complete(); err != nil {
		return err
	}
	if !a.Verdict.Actionable() {
		return nil
	}
	if machine(a.Language) && a.Verdict == staydown.TerroristContent {
		return invalid("language", "a machine translation alone supports no ground; say who read it")
	}
	return quoted(a.Passage, text)
}

// quoted checks a quotation against the captured text, where there is one.
func quoted(passage, text string) error {
	if passage == "" || text == "" || !IsQuotation(passage) || Occurs(passage, text) {
		return nil
	}
	return invalid("passage", "this does not stand in the captured text; quote it as it stands, give a time-code, or say where in the picture (\"image: ...\")")
}

func machine(language string) bool {
	l := strings.ToLower(language)
	return l == "mt" || strings.HasPrefix(l, "machine")
}

func bounded(a staydown.Assessment) error {
	for _, f := range []struct {
		name, text string
		most       int
	}{
		{"passage", a.Passage, maxText}, {"danger", a.Danger, maxText}, {"purpose_why", a.PurposeWhy, maxText}, {"note", a.Note, maxText},
		{"clause", a.Clause, maxLine}, {"group_list", a.GroupList, maxLine}, {"language", a.Language, maxLine},
	} {
		if len(f.text) > f.most {
			return invalid(f.name, "at most %d bytes", f.most)
		}
	}
	return nil
}
