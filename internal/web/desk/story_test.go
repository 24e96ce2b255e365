package desk

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/audit"
)

// A finding, from the queue to a letter on its way: what is missing is said, what was typed is kept, the decision can be
// taken back for a minute, another person approves.
func TestAFindingBecomesALetter(t *testing.T) {
	h := newHouse(t, 3)
	ann, lea := h.browserOf("ann"), h.browserOf("lea")
	ann.get("/queue/new").want(200).says("New items", "Take the next", "own watch", "reliable source", "priority")
	item := ann.post("/queue/new/take", url.Values{}).want(303).location
	id := strings.TrimPrefix(item, "/items/")
	opened := ann.get(item).want(200).says("Decide", "what the unit says", "Nothing like it was seen", "viewed by a person", "exercise text, not real")

	form := url.Values{"act": {"refer"}, "ground": {"c"}, "passage": {"the quoted passage here"}, "public": {"yes"}, "language": {"en, the officer"}, "note": {"seen twice"}}
	ann.post(item+"/assess", form).want(422).says("purpose test").says("seen twice")
	ann.get(item).want(200).says("seen twice") // the draft was kept
	form.Set("purpose", string(staydown.PurposeJournalism))
	ann.post(item+"/assess", form).want(422).says("protected purpose")
	form.Set("purpose", string(staydown.PurposeSpread))
	ann.post(item+"/assess", form).want(422).says("open the captured exhibit first") // it stands on the page, but hidden
	ann.looks(item)
	form.Set("passage", "words that are not in it")
	ann.post(item+"/assess", form).want(422).says("captured text")
	form.Set("passage", "the quoted passage here")
	ann.post(item+"/assess", form).want(303)

	undo := ann.get("/queue/new").want(200).says("Decided: terrorist content", "Your decision is still a draft for")
	back := regexp.MustCompile(`/assessments/\w+/take-back`).FindString(undo.body)
	ann.post(back, nil).want(303)
	ann.get("/queue/mine").want(200).says("Taken back", "you")
	ann.post(item+"/assess", form).want(303)
	h.pass(61 * time.Second)
	ann.post(back, nil).want(409).says("60 seconds")
	h.work()

	decided := ann.get(item).want(200).says("Decided.", "terrorist content", "solicits to join", "nobody holds it")
	if strings.Contains(decided.body, `name="act"`) {
		t.Error("a decided item still offers a decision")
	}
	if strings.Contains(opened.body, "<script>document") || strings.Contains(opened.body, "<img src=x") {
		t.Error("captured words are markup")
	}

	ann.get("/letters/ready").want(200).says("Relay", "1")
	letter := ann.post("/letters", url.Values{"provider": {string(h.provider.ID)}}).want(303).location
	page := ann.get(letter).want(200).says("draft", "voluntary", "https://relay.example/north/", "viewed by a person", "What leaves")
	if strings.Contains(page.body, letter+"/approve") {
		t.Error("the drafter is offered to approve")
	}
	ann.post(letter+"/approve", nil).want(403)
	lea.get(letter).want(200).says("Approve")
	lea.get(letter+"/approve").want(200).says("Approve", "lines")
	lea.post(letter+"/approve", nil).want(303)
	lea.get(letter).want(200).says("approved", "drafted and approved by two people")
	lea.get("/items/"+id).want(200).says("provider: asked", "To the letter")
	lea.get("/items?say=asked").want(200).says("relay.example/north/")
	lea.get("/log?noun=letter").want(200).says("approved", "Lead Lea")
	lea.get("/log?subject=" + id).want(200).says("captured")
}

// A second officer looks without knowing the first answer: nothing on any page tells it.
func TestTheSecondOfficerIsBlind(t *testing.T) {
	h := newHouse(t, 1)
	ann, bea := h.browserOf("ann"), h.browserOf("bea")
	item := ann.post("/queue/new/take", url.Values{}).want(303).location
	ann.get(item).want(200)
	ann.post(item+"/assess", url.Values{"act": {"second"}, "purpose": {"cannot_tell"}, "note": {"a telling note"}}).want(303)
	h.pass(2 * time.Minute)
	h.work()
	if to := ann.post("/queue/second/take", url.Values{}).want(303).location; to != "/queue/second" {
		t.Errorf("the first officer took the second look: %s", to)
	}
	ann.get(item).want(200).says("a colleague looks now")
	if got := bea.post("/queue/second/take", url.Values{}).want(303).location; got != item {
		t.Fatalf("bea took %s", got)
	}
	bea.get(item).want(200).says("second look").hides("a telling note", "unclear")
	bea.get("/queue/second").want(200).hides("a telling note", "unclear")
	bea.get("/items?verdict=unclear").want(200).says("No item fits")
}

func TestAHoldStopsALetterAndTellsNobodyWhose(t *testing.T) {
	h := newHouse(t, 1)
	ivo, ann := h.browserOf("ivo"), h.browserOf("ann")
	item := "/items/" + string(h.items[0].ID)
	ivo.get(item).want(200).says("Hold")
	ivo.get(item+"/hold").want(200).says("this address", "case number")
	ivo.post(item+"/hold", url.Values{"scope": {"item"}, "location": {h.items[0].Location}, "case": {"C-77"}, "reason": {"an arrest is near"}}).want(303)
	ivo.get("/holds").want(200).says("C-77", "an arrest is near", "holds")
	ann.get("/holds").want(403)

	ann.post("/queue/new/take", url.Values{}).want(303)
	ann.looks(item)
	ann.post(item+"/assess", url.Values{"act": {"refer"}, "ground": {"c"}, "purpose": {"spread"}, "passage": {"the quoted passage here"}, "public": {"yes"}, "language": {"en, me"}}).want(303)
	h.pass(2 * time.Minute)
	h.work()
	ann.get(item).want(200).says("held").hides("C-77", "an arrest is near")
	ann.get("/letters/ready").want(200).says("Nothing waits")
}

// Each row of a queue shows a small still, blurred and grey whatever is asked for; it is drawn once.
func TestQueueRowsShowAThumb(t *testing.T) {
	h := newHouse(t, 2)
	ann := h.browserOf("ann")
	path := "/items/" + string(h.items[1].ID) + "/stills/" + string(h.exhibit.ID)
	if list := ann.get("/queue/new").want(200).body; !strings.Contains(list, path+"?size=thumb") {
		t.Error("a row has no thumb")
	}
	thumb := ann.get(path + "?size=thumb").want(200).body
	if plain := ann.get(path + "?size=thumb&as=plain").want(200).body; plain != thumb {
		t.Error("a thumb was shown plain")
	}
	if full := ann.get(path + "?as=plain").want(200).body; full == thumb {
		t.Error("a still that was opened is a thumb")
	}
}

func TestStillsAreMadeAnewAndLogged(t *testing.T) {
	h := newHouse(t, 1)
	ann := h.browserOf("ann")
	path := "/items/" + string(h.items[0].ID) + "/stills/" + string(h.exhibit.ID)
	for _, as := range []string{"", "?as=plain", "?as=grey", "?as=nonsense"} {
		got := ann.get(path + as).want(200)
		if got.header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(got.body, "\xff\xd8\xff") || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s, %d bytes", as, got.header.Get("Content-Type"), len(got.body))
		}
	}
	h.browserOf("lea").get("/log?noun=exhibit").want(200).says("exhibit", "access", "Officer Ann")
	ann.get("/items/" + string(h.items[0].ID) + "/stills/01NOSUCH").want(404)
	ann.get("/items/01OTHER/stills/" + string(h.exhibit.ID)).want(404)
	h.browserOf("far").get(path).want(404)
	h.browserOf("adm").get(path).want(403)
}

func TestSetUpEnrolAndSignIn(t *testing.T) {
	h := newHouse(t, 0)
	ann := h.browserOf("ann")
	ann.get("/people").want(403)
	adm := h.browserOf("adm")
	adm.get("/people").want(200).says("Officer Ann", "give findings")
	form := url.Values{"login": {"new.person"}, "name": {"New Person"}, "role": {"officer"}, "desk_code": {"BE-9"}}
	invited := adm.post("/people", form).want(200).says("Link for", "New Person")
	link := regexp.MustCompile(`http://[^<\s]+/enrol/[^<\s]+`).FindString(invited.body)
	enrol := link[strings.Index(link, "/enrol/"):]
	adm.post("/people", form).want(422).says("taken")

	one := h.browserOf("")
	offered := one.get(enrol).want(200).says("new.person")
	secret := regexp.MustCompile(`class="mono">((?:[A-Z2-7]{4} ?)+)</bdi>`).FindStringSubmatch(offered.body)
	if secret == nil {
		t.Fatalf("no secret: %s", offered.body)
	}
	password := "a sentence of several words"
	one.post(enrol, url.Values{"password": {password}, "repeat": {"another"}, "code": {totp(t, secret[1])}}).want(422).says("not the same")
	one.post(enrol, url.Values{"password": {"short"}, "repeat": {"short"}, "code": {totp(t, secret[1])}}).want(422).says("12")
	one.post(enrol, url.Values{"password": {password}, "repeat": {password}, "code": {"000000"}}).want(422).says("code")
	one.post(enrol, url.Values{"password": {password}, "repeat": {password}, "code": {totp(t, secret[1])}}).want(303)
	one.get("/me").want(200).says("New Person", "BE-9", "Your exposure")
	one.get(enrol).want(404)
	one.post("/sign-out", nil).want(303)
	if to := one.get("/items?verdict=lawful").want(303).location; to != "/sign-in?next=%2Fitems%3Fverdict%3Dlawful" {
		t.Errorf("sent to %s", to)
	}
	one.post("/sign-in", url.Values{"login": {"new.person"}, "password": {"wrong"}, "code": {"000000"}}).want(401).says("wrong").hides("Fatal")
	if to := one.post("/sign-in", url.Values{"login": {"new.person"}, "password": {password}, "next": {"https://evil.example/"}}).want(401).location; to != "" {
		t.Errorf("sent to %s", to)
	}
	adm.post("/people/"+string(h.people["ann"].ID)+"/revoke", nil).want(303)
	ann.get("/queue/new").want(303)
}

func TestSetUpNeedsTheSecret(t *testing.T) {
	h := newHouse(t, 0)
	one := h.browserOf("")
	one.get("/set-up/guess").want(404)
	one.post("/set-up/guess", url.Values{"authority": {"X"}, "country": {"BE"}, "kind": {"police"}, "email": {"x@y.example"}, "login": {"root"}, "name": {"R"}}).want(404)
	one.get("/enter/guess").want(404)
	one.get("/sign-in").want(200).hides("Nobody administers")
}

func TestTheLogIsVerifiedInThePage(t *testing.T) {
	h := newHouse(t, 2)
	lea := h.browserOf("lea")
	lea.get("/log").want(200).says("no checkpoint yet", "captured")
	_, err := h.d.Journal.(*audit.Log).Sequence(t.Context())
	h.must(err)
	list := lea.get("/log").want(200).says("checkpoint at")
	event := regexp.MustCompile(`/log/events/\w+`).FindAllString(list.body, -1)
	lea.get(event[len(event)-1]).want(200).says("The exact bytes", "The signed checkpoint", "log.example")
	lea.get("/log/checkpoint").want(200).says("log.example")
	lea.post("/log/verify", nil).want(303)
	for range 200 {
		if got := lea.get("/log/verify/progress").want(200); strings.Contains(got.text(), "Chain intact") {
			lea.get("/log/verify").want(200).says("Chain intact to entry", "events")
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("verifying never ended")
}

func TestEqualBytesAreDecidedTogetherAfterEachContextWasOpened(t *testing.T) {
	h := newHouse(t, 4)
	ann, bea := h.browserOf("ann"), h.browserOf("bea")
	form := url.Values{"act": {"refer"}, "ground": {"c"}, "purpose": {"spread"}, "passage": {"the quoted passage here"}, "public": {"yes"}, "language": {"en, me"}}
	item := ann.post("/queue/new/take", url.Values{}).want(303).location
	ann.get(item).want(200).says("postings wait with the same bytes")
	ann.looks(item)
	ann.post(item+"/assess", form).want(303)
	h.pass(2 * time.Minute)
	h.work()

	first := bea.get(item+"/alike").want(200).says("The same bytes", "Open 3 contexts")
	if strings.Contains(first.body, `name="item"`) {
		t.Error("a posting can be ticked before its context was opened")
	}
	open := url.Values{}
	for _, i := range h.items {
		if "/items/"+string(i.ID) != item {
			open.Add("open", string(i.ID))
		}
	}
	bea.post(item+"/alike", open).want(200).says("exercise text, not real", "Decide for the ticked postings")
	group := url.Values{"sha256": {h.items[0].MediaSHA256}, "verdict": {"terrorist_content"}, "ground": {"c"}, "public": {"yes"}}
	for n, id := range open["open"] {
		group.Add("item", id)
		if n > 0 {
			group.Set("purpose-"+id, "spread")
		}
	}
	bea.post(item+"/alike/decide", group).want(422).says("purpose")
	group.Set("purpose-"+open["open"][0], "spread")
	bea.post(item+"/alike/decide", group).want(303)
	bea.get("/queue/new").want(200).says("Decided for 3 postings")
	h.pass(2 * time.Minute)
	h.work()
	bea.get("/items?verdict=terrorist_content").want(200).says("relay.example/north/103")
}

// Whoever may not do something is told so, on every page and act of the desk, before anything happens.
func TestEveryPageRefuses(t *testing.T) {
	h := newHouse(t, 1)
	nobody, admin, far := h.browserOf(""), h.browserOf("adm"), h.browserOf("far")
	own := map[string]bool{"GET /{$}": true, "GET /me": true, "POST /me/keys": true, "GET /officers": true, "POST /officers": true}
	overItems := []string{"/queue", "/items", "/assessments", "/letters", "/lines", "/campaigns", "/holds"}
	for pattern := range h.d.closedPages() {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{$}", "", "{id}", string(h.items[0].ID), "{name}", "new", "{exhibit}", string(h.exhibit.ID), "{act}", "approve").Replace(path)
		ask := func(v *visitor) answer {
			if method == http.MethodPost {
				return v.post(path, url.Values{"reason": {"x"}})
			}
			return v.get(path)
		}
		got := ask(nobody)
		if method == http.MethodGet && (got.status != 303 || !strings.HasPrefix(got.location, "/sign-in")) || method == http.MethodPost && got.status != http.StatusUnauthorized {
			t.Errorf("%s, nobody signed in: %d to %s", pattern, got.status, got.location)
		}
		if own[pattern] {
			continue
		}
		for _, prefix := range overItems {
			if strings.HasPrefix(path, prefix) {
				if got := ask(admin); got.status != 403 && got.status != 404 {
					t.Errorf("%s, the administrator: %d: %s", pattern, got.status, got.text())
				}
			}
		}
		if strings.HasPrefix(path, "/items/") {
			if got := ask(far); got.status != 404 && got.status != 403 {
				t.Errorf("%s, another authority: %d: %s", pattern, got.status, got.text())
			}
		}
	}
	h.s.Close()
	h.log.Reset()
	for _, path := range []string{"/queue/new", "/items/" + string(h.items[0].ID), "/letters", "/log", "/me"} {
		got := far.get(path)
		if got.status != 500 || strings.Contains(got.body, "sql") || strings.Contains(got.body, "database is closed") || !regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).MatchString(got.text()) {
			t.Errorf("%s on a broken store: %d: %s", path, got.status, got.text())
		}
	}
	if !strings.Contains(h.log.String(), "reference=") {
		t.Error("the log has no reference")
	}
}
