package capture

import (
	"net/http"
	"strings"
	"testing"

	"github.com/staydown/staydown/internal/capture/page"
	"github.com/staydown/staydown/internal/capture/sign"
)

// judged puts a page to Judge as a capture would.
func judged(asked, reached string, status int, body string, header http.Header) Judgement {
	p := page.Read([]byte(body), "text/html; charset=utf-8", reached)
	return Judge(Response{
		Asked: asked, Reached: reached, Status: status, Header: header,
		Page: p, Reading: sign.Standard().Read(p), Bytes: int64(len(body)),
	})
}

func TestJudgePages(t *testing.T) {
	const at = "https://relay.example/c/lamp/7"
	long := strings.Repeat("<p>Exercise sentence of the posting itself, not real.</p>", 40)
	for name, c := range map[string]struct {
		reached string
		body    string
		want    string
	}{
		"a posting":                     {at, "<title>x</title><main><p>Exercise sentence, not real.</main>", "content"},
		"a long one":                    {at, long, "content"},
		"Arabic":                        {at, `<html lang=ar dir=rtl><main><p>مادة تدريبية، ليست حقيقية</main>`, "content"},
		"a posting about a removal":     {at, "<article><h1>Our old channel was removed</h1><time>now</time><p>Follow the new one.</article>", "content"},
		"the same with a picture":       {at, "<main><p>Our old channel was removed.<img src=a.png></main>", "content"},
		"a long text about logging in":  {at, "<h1>Log in to continue</h1>" + long, "content"},
		"a page with a search form":     {at, "<main><p>Exercise sentence.</main><form><input type=password></form><time>2019</time>", "content"},
		"login words":                   {at, "<h1>Log in to continue</h1><p>This room is for members only.", "login_wall"},
		"login words, Arabic":           {at, "<h1>سجّل الدخول للمتابعة</h1>", "login_wall"},
		"login words, Turkish":          {at, "<h1>Görmek için giriş yapın</h1>", "login_wall"},
		"login by path":                 {"https://relay.example/accounts/login/?next=/c/lamp/7", "<p>" + long, "login_wall"},
		"login by form, unknown tongue": {at, "<h1>Kirjaudu</h1><form><input name=u><input type=password></form>", "login_wall"},
		"challenge words":               {at, "<title>Just a moment...</title><p>Checking your browser", "captcha"},
		"challenge script":              {at, `<p>One second<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>`, "captcha"},
		"a page that has such a script": {at, `<time>x</time>` + long + `<script src="https://www.google.com/recaptcha/api.js"></script>`, "content"},
		"geo block":                     {at, "<h1>This video is not available in your country</h1>", "geo_block"},
		"geo block, Arabic":             {at, "<p>هذا المحتوى محجوب في بلدك", "geo_block"},
		"refused":                       {at, "<h1>Access denied</h1>", "blocked"},
		"trouble":                       {at, "<h1>Something went wrong</h1>", "error_page"},
		"gone":                          {at, "<h1>This post was deleted by its author</h1>", "soft_404"},
		"gone, Arabic":                  {at, "<h1>تم حذف هذا المنشور</h1>", "soft_404"},
		"gone, French":                  {at, "<p>Cette page n’existe plus.", "soft_404"},
		"led home":                      {"https://relay.example/", long, "redirected_home"},
		"led to a language":             {"https://relay.example/en-US/", long, "redirected_home"},
		"led elsewhere":                 {"https://relay.example/c/lamp/8", long, "content"},
		"nothing to see":                {at, `<div id=root></div><script src=/app.js></script>`, "empty"},
	} {
		if got := judged(at, c.reached, 200, c.body, http.Header{}); got.Reason != c.want || got.Why == "" {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	if j := judged(at, at, 200, "<main><p>Our old channel was removed.<img src=a.png></main>", nil); j.Doubt == "" {
		t.Error("content that reads like a notice raises no doubt")
	}
}

func TestJudgeStatus(t *testing.T) {
	const at = "https://relay.example/c/lamp/7"
	body := article("A page all the same")
	for name, c := range map[string]struct {
		status int
		body   string
		header http.Header
		want   Judgement
	}{
		"not found":             {404, body, nil, Judgement{Kind: NotOK, Reason: "http_404"}},
		"gone":                  {410, body, nil, Judgement{Kind: NotOK, Reason: "http_410"}},
		"sign in":               {401, body, nil, Judgement{Kind: LoginWall, Reason: "http_401"}},
		"forbidden":             {403, body, nil, Judgement{Kind: Blocked, Reason: "http_403", Retry: true}},
		"forbidden by country":  {403, "<p>Not available in your country", nil, Judgement{Kind: GeoBlock, Reason: "http_403"}},
		"forbidden to guests":   {403, "<p>Log in to continue", nil, Judgement{Kind: LoginWall, Reason: "http_403"}},
		"legal":                 {451, body, nil, Judgement{Kind: GeoBlock, Reason: "http_451"}},
		"too many":              {429, body, nil, Judgement{Kind: ErrorPage, Reason: "http_429", Retry: true}},
		"broken":                {502, body, nil, Judgement{Kind: ErrorPage, Reason: "http_502", Retry: true}},
		"odd":                   {999, body, nil, Judgement{Kind: ErrorPage, Reason: "http_999", Retry: true}},
		"no content":            {204, "", nil, Judgement{Kind: NotOK, Reason: "http_204"}},
		"challenge, 503":        {503, "<title>Just a moment...</title>", nil, Judgement{Kind: Captcha, Reason: "captcha", Retry: true}},
		"challenge, by header":  {403, body, http.Header{"Cf-Mitigated": {"challenge"}}, Judgement{Kind: Captcha, Reason: "captcha", Retry: true}},
		"challenge, by header2": {200, body, http.Header{"X-Amzn-Waf-Action": {"captcha"}}, Judgement{Kind: Captcha, Reason: "captcha", Retry: true}},
	} {
		got := judged(at, at, c.status, c.body, c.header)
		got.Why = ""
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// Only what is content may be assessed as content.
func TestOnlyContentIsContent(t *testing.T) {
	for _, k := range []Kind{LoginWall, Captcha, Blocked, GeoBlock, ErrorPage, Soft404, HomePage, Empty, NotOK, ""} {
		if (Judgement{Kind: k}).IsContent() {
			t.Errorf("%q passes for content", k)
		}
	}
}
