package rules

import (
	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/capture/page"
)

// Judge says what a look at the location itself means. Known is what was
// captured there, nil when nothing was; control is a look at a neighbouring
// address that never existed, nil when there was none. Platform rules come
// first, the general ones decide the rest.
func (b *Book) Judge(l Look, known *page.Likeness, control *Look) Verdict {
	if m, ok := b.Find(l.Asked); ok && m.Kind.Probe == "" {
		if v, ok := m.judge(l, known); ok {
			return v
		}
	}
	return generic(l, known, control)
}

// JudgeProbe says what a look at a platform's probing place means; false when
// its rules do not tell, and the location itself must be looked at.
func (m Match) JudgeProbe(l Look, known *page.Likeness) (Verdict, bool) {
	return m.judge(l, known)
}

// judge applies the rules of a kind. A rule cannot make gone what is still
// shown.
func (m Match) judge(l Look, known *page.Likeness) (Verdict, bool) {
	for _, r := range m.Kind.Signals {
		if !r.When.holds(l, m) {
			continue
		}
		v := Verdict{Verdict: r.Verdict, Signal: r.Signal, Cause: r.Cause, Hidden: r.Hidden, Rule: m.Name(), Why: "the platform's own signal: " + r.Signal}
		if v.Cause == "" && v.Verdict != staydown.Up && v.Verdict != staydown.Changed {
			v.Cause = CauseUnknown
		}
		if v.Verdict == staydown.Gone && presenceOf(l, known, nil) >= altered {
			v = unknown("mixed", "the platform's signal says it is gone, yet the content is there")
			v.Rule = m.Name()
		}
		return v, true
	}
	return Verdict{}, false
}
