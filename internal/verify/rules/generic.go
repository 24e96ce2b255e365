package rules

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// GenericVersion names the state of the rules for sites that have none of their
// own.
const GenericVersion = "generic@2026-11-22"

// generic judges a look by what holds for any site.
func generic(l Look, known *page.Likeness, control *Look) Verdict {
	v := genericVerdict(l, known, control)
	v.Rule = GenericVersion
	return v
}

func genericVerdict(l Look, known *page.Likeness, control *Look) Verdict {
	if l.Failure != "" {
		return byFailure(l)
	}
	here := presenceOf(l, known, control)
	said := l.Reading
	if known.Says(said.Sentence) {
		said = sign.Reading{} // the content itself says so
	}
	switch {
	case l.Status == 404 || l.Status == 410:
		return byNotFound(l, here, said, control)
	case l.Status == 451:
		return byLaw(l, here, said)
	case l.Status < 200 || l.Status > 299:
		return byOtherStatus(l)
	}
	return byContent(l, here, said, control)
}

// byFailure judges a look that got nothing back.
func byFailure(l Look) Verdict {
	v := unknown(l.Failure, "nothing came back: "+l.Failure)
	if l.Failure == "dns" {
		v.Hidden, v.Why = true, "the name does not exist, seen from here"
	}
	return v
}

// byNotFound judges 404 and 410: clear words, unless the content is there all the
// same or the page says that it is only hidden from us.
func byNotFound(l Look, here presence, said sign.Reading, control *Look) Verdict {
	signal := strconv.Itoa(l.Status)
	switch {
	case here >= partly:
		v := unknown(signal, "the status says it is not there, yet some of the content is")
		v.Control = here == partly && control == nil
		return v
	case l.Held == "captcha":
		return unknown("captcha", "a test for robots, with status "+signal)
	case said.Kind == sign.Login, said.Kind == sign.Geo, said.Kind == sign.Captcha, said.Kind == sign.Blocked:
		return unknown(veil(said.Kind), "the status says it is not there, the page says it is hidden: "+said.Sentence)
	}
	return gone(signal, causeOf(said.Kind), "status "+signal+quoting(said))
}

// byLaw judges 451 (RFC 7725): unavailable for legal reasons, which may hold for
// one country only. A blocked-by link that names somebody else means that an
// access provider stands between us and the site.
func byLaw(l Look, here presence, said sign.Reading) Verdict {
	if here >= partly {
		return unknown("451", "the status says it is blocked, yet some of the content is there")
	}
	if by := blockedBy(l.header("Link")); by != "" && !sameSite(by, l.Reached) {
		return unknown("451", "blocked on the way, by "+by)
	}
	v := unknown("451", "unavailable for legal reasons"+quoting(said))
	if said.Kind == sign.Geo {
		v.Signal = "geo_block"
		return v
	}
	v.Hidden, v.Cause = true, CauseProvider
	return v
}

// blockedBy returns the target of a Link header's blocked-by relation.
func blockedBy(link string) string {
	for _, part := range strings.Split(link, ",") {
		target, params, ok := strings.Cut(part, ";")
		if ok && strings.Contains(strings.ReplaceAll(params, `"`, ""), "rel=blocked-by") {
			return strings.Trim(strings.TrimSpace(target), "<>")
		}
	}
	return ""
}

// sameSite tells whether two addresses have the same host, or one lies below the
// other.
func sameSite(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	if errA != nil || errB != nil {
		return false
	}
	ha, hb := trim(ua.Hostname()), trim(ub.Hostname())
	return ha == hb || strings.HasSuffix(ha, "."+hb) || strings.HasSuffix(hb, "."+ha)
}

// byOtherStatus judges the statuses behind which nobody knows.
func byOtherStatus(l Look) Verdict {
	status := strconv.Itoa(l.Status)
	switch l.Held {
	case "login_wall", "captcha", "geo_block":
		return unknown(l.Held, "status "+status)
	case "blocked":
		return unknown("blocked", "we are refused, with status "+status)
	}
	return unknown(status, "status "+status+" says nothing about the content")
}

// byContent judges a page that came with a status of success.
func byContent(l Look, here presence, said sign.Reading, control *Look) Verdict {
	switch {
	case here == whole:
		return up("content", "it shows what was captured")
	case veiled(l, said):
		return unknown(veilOf(l, said), "it is hidden from us"+quoting(said))
	case here == altered && l.Held != "redirected_home":
		return changed("content", "it shows most of what was captured, with other words")
	case here == partly && said.Kind.Absent():
		v := unknown("mixed", "it says it is not there, yet some of the content is"+quoting(said))
		v.Control = control == nil
		return v
	case l.Held == "redirected_home" && here != noBaseline:
		return byAbsence(l, said, control) // a front page may list it and is not it
	case here == partly:
		return changed("content", "it shows a part of what was captured")
	case here == noBaseline:
		return byPageAlone(l, said, control)
	}
	return byAbsence(l, said, control)
}

// byAbsence judges a page on which nothing of the content is left.
func byAbsence(l Look, said sign.Reading, control *Look) Verdict {
	if said.Kind.Absent() {
		return gone(signalOf(said.Kind), causeOf(said.Kind), "nothing of the content is left, and its "+said.Where+" says: "+said.Sentence)
	}
	if control == nil {
		v := unknown("other_content", "nothing of the content is left, and the page does not say why")
		if l.moved() {
			v.Signal, v.Why = "redirect", "it leads elsewhere, to "+l.Reached
		}
		v.Control = true
		return v
	}
	if why := unanswered(*control); why != "" {
		return unknown(why, "nothing of the content is left, and what the site says of addresses that never existed could not be seen")
	}
	if alike(l, *control) {
		if l.moved() {
			return gone("redirect", CauseUnknown, "it leads where addresses lead that never existed")
		}
		return gone("soft_404", CauseUnknown, "it shows what addresses show that never existed")
	}
	switch {
	case l.Held == "empty":
		return unknown("empty", "there is nothing to see without running its scripts")
	case l.moved():
		return changed("redirect", "it leads elsewhere, to "+l.Reached)
	}
	return changed("other_content", "something else is there")
}

// unanswered is why a control tells nothing, for reasons that pass; "" when it
// tells something. Without it, gone and changed cannot be told apart.
func unanswered(control Look) string {
	switch {
	case control.Failure != "":
		return control.Failure
	case control.Status >= 500, control.Status == 408, control.Status == 425, control.Status == 429:
		return strconv.Itoa(control.Status)
	}
	return ""
}

// byPageAlone judges a page without anything to compare it with.
func byPageAlone(l Look, said sign.Reading, control *Look) Verdict {
	switch {
	case l.Held == "empty":
		return unknown("empty", "there is nothing to see without running its scripts")
	case said.Kind.Absent() || l.Held == "redirected_home":
		if control == nil {
			v := unknown(signalOf(said.Kind), "the page says it is not there, and nothing was captured to compare with"+quoting(said))
			v.Control = true
			return v
		}
		if alike(l, *control) {
			return gone(signalOf(said.Kind), causeOf(said.Kind), "it shows what addresses show that never existed"+quoting(said))
		}
		return unknown(signalOf(said.Kind), "the page says it is not there, in words of its own"+quoting(said))
	}
	return up("content", "there is content; nothing was captured to compare it with")
}

// alike tells whether a site answers a location as it answers one that never
// existed: same status, same place reached, same page but for the address in it.
func alike(l, control Look) bool {
	if control.Failure != "" || control.Status != l.Status || control.Held != l.Held && !(l.Page != nil && control.Page != nil) {
		return false
	}
	if l.moved() || control.moved() {
		return l.moved() && control.moved() && withoutQuery(l.Reached) == withoutQuery(control.Reached)
	}
	if l.Page == nil || control.Page == nil {
		return false
	}
	a, b := page.SketchOf(l.Page.Text), page.SketchOf(control.Page.Text)
	if a.Words == 0 || b.Words == 0 {
		return false // two empty pages prove nothing
	}
	return a.Found(control.Page.Text) >= 0.9 && b.Found(l.Page.Text) >= 0.9
}

// withoutQuery is an address without its query.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return strings.TrimSuffix(address, "/")
}

// veiled tells whether a page hides from us what may well be there.
func veiled(l Look, said sign.Reading) bool {
	switch l.Held {
	case "login_wall", "captcha", "blocked", "geo_block", "error_page":
		return true
	}
	return said.Kind.Veiled()
}

// veilOf names what hides the content.
func veilOf(l Look, said sign.Reading) string {
	switch l.Held {
	case "login_wall", "captcha", "geo_block", "blocked":
		return l.Held
	case "error_page":
		return "error"
	}
	return veil(said.Kind)
}

// veil is the signal of a sentence that hides.
func veil(k sign.Kind) string {
	switch k {
	case sign.Login:
		return "login_wall"
	case sign.Geo:
		return "geo_block"
	case sign.Captcha:
		return "captcha"
	case sign.Blocked:
		return "blocked"
	}
	return "error"
}

// signalOf is the signal of a sentence that says something is not there.
func signalOf(k sign.Kind) string {
	switch k {
	case sign.NotFound:
		return "soft_404"
	case sign.Parked:
		return "parked"
	case sign.Host:
		return "site_suspended"
	case "":
		return "redirect"
	}
	return "tombstone"
}

// quoting repeats the sentence that was read.
func quoting(r sign.Reading) string {
	if r.Sentence == "" {
		return ""
	}
	return ": " + r.Sentence
}
