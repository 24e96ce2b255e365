package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/api"
	"github.com/staydown/staydown/internal/signin"
)

const someID = "01JH0000000000000000000000"

// door is one operation of the document.
type door struct {
	method, path string
	security     string // token, provider, or "" for anybody
	body         bool
}

// doors reads every operation out of the document, so that a new route is tested
// without being listed here.
func doors(t *testing.T, a *api.API) []door {
	t.Helper()
	data, err := a.Document()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Summary     string
			Security    []map[string][]string
			RequestBody *struct{} `json:"requestBody"`
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var all []door
	for path, methods := range doc.Paths {
		for method, op := range methods {
			d := door{method: strings.ToUpper(method), path: path, body: op.RequestBody != nil}
			for _, s := range op.Security {
				for name := range s {
					d.security = name
				}
			}
			if op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s %s has no name or summary", d.method, d.path)
			}
			for strings.Contains(d.path, "{") {
				from, to := strings.Index(d.path, "{"), strings.Index(d.path, "}")
				value := someID
				if d.path[from:to+1] == "{name}" {
					value = "new"
				}
				d.path = d.path[:from] + value + d.path[to+1:]
			}
			if d.path == "/imports" && d.method == "POST" {
				d.path += "?name=list.txt"
			}
			all = append(all, d)
		}
	}
	if len(all) < 20 {
		t.Fatalf("the document has %d operations", len(all))
	}
	slices.SortFunc(all, func(a, b door) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// open to anybody, on purpose.
var public = []string{"/health", "/log/checkpoint"}

func TestEveryDoorAsksWhoIsThere(t *testing.T) {
	b := open(t)
	b.provider()
	for _, d := range doors(t, b.api) {
		if slices.Contains(public, d.path) {
			continue
		}
		for who, token := range map[string]string{"nobody": "", "a guess": signin.TokenPrefix + "guess", "no token at all": "Basic x"} {
			a := b.ask(token, d.method, d.path, "{}")
			if a.status != http.StatusUnauthorized || a.code() != "signin.required" || a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s lets %s in: %d %s", d.method, d.path, who, a.status, a.body)
			}
		}
		if d.security == "provider" {
			if a := b.ask("a-lead", d.method, d.path, "{}"); a.status != http.StatusUnauthorized {
				t.Errorf("%s %s lets a person in as a provider: %d %s", d.method, d.path, a.status, a.body)
			}
		}
	}
}

// A person without any useful role, a token without a scope, and a revoked person
// get nothing from any door.
func TestEveryDoorAsksForPermission(t *testing.T) {
	b := open(t)
	_, key := b.provider()
	narrow, err := b.signin.NewToken(t.Context(), signin.Terminal(), b.person["a-lead"], "narrow", []access.Permission{"nothing"})
	if err == nil {
		t.Fatal("a scope that does not exist was taken: ", narrow)
	}
	for _, d := range doors(t, b.api) {
		if d.security != "token" {
			continue
		}
		body := ""
		if d.body {
			body = bodyFor(d.path)
		}
		if a := b.ask(key, d.method, d.path, body); a.status != http.StatusUnauthorized {
			t.Errorf("%s %s lets a provider in as a person: %d %s", d.method, d.path, a.status, a.body)
		}
		allowed := false
		for _, role := range []string{"analyst", "officer", "legal", "lead", "investigator", "admin", "overseer"} {
			a := b.ask("b-"+role, d.method, d.path, body)
			if a.status == http.StatusInternalServerError {
				t.Errorf("%s %s broke for %s: %s\n%s", d.method, d.path, role, a.body, b.logged)
			}
			allowed = allowed || a.status != http.StatusForbidden
		}
		if !allowed {
			t.Errorf("%s %s is open to nobody", d.method, d.path)
		}
		overseer := b.ask("b-overseer", d.method, d.path, body)
		if d.method != "GET" && overseer.status != http.StatusForbidden {
			t.Errorf("%s %s: an overseer changes something: %d %s", d.method, d.path, overseer.status, overseer.body)
		}
	}
}

func TestABrokenStoreTellsNothing(t *testing.T) {
	b := open(t)
	b.store.Close()
	for _, d := range doors(t, b.api) {
		if d.path == "/health" {
			continue
		}
		body := ""
		if d.body {
			body = bodyFor(d.path)
		}
		a := b.ask("a-lead", d.method, d.path, body)
		if a.status != http.StatusInternalServerError || a.code() != "internal" || strings.Contains(a.body, "sql") || strings.Contains(a.body, "closed") {
			t.Errorf("%s %s with a broken store: %d %s", d.method, d.path, a.status, a.body)
		}
	}
	if !strings.Contains(b.logged.String(), "reference=") {
		t.Error("nothing was logged for the operator")
	}
}

func TestInputThatDoesNotFit(t *testing.T) {
	b := open(t)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code                     string
	}{
		{"no route", "GET", "/nothing", "", 404, "request.route"},
		{"another method", "DELETE", "/items", "", 404, "request.route"},
		{"not JSON", "POST", "/letters", "{", 400, "request.usage"},
		{"a field that does not exist", "POST", "/letters", `{"provider":"x","auto":true}`, 422, "request.invalid"},
		{"a field of another type", "POST", "/letters", `{"provider":7}`, 422, "request.invalid"},
		{"an identifier that is none", "GET", "/items/" + strings.Repeat("../", 8) + "ab", "", 0, ""},
		{"an identifier too long", "GET", "/items/" + strings.Repeat("A", 27), "", 422, "request.invalid"},
		{"a question that does not exist", "GET", "/items?q=x", "", 422, "request.invalid"},
		{"a page too large", "GET", "/items?limit=501", "", 422, "request.invalid"},
		{"too large", "POST", "/letters", `{"provider":"` + strings.Repeat("x", 2<<20) + `"}`, 413, "request.too_large"},
		{"deeply nested", "POST", "/letters", strings.Repeat("[", 100_000), 400, "request.usage"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.ask("a-lead", c.method, c.path, c.body)
			if c.status == 0 {
				if a.status < 300 || a.status >= 500 {
					t.Errorf("got %d %s", a.status, a.body)
				}
				return
			}
			b.want(a, c.status, c.code)
			if strings.Contains(a.body, strings.Repeat("x", 100)) {
				t.Error("the input is echoed")
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	b := open(t)
	for _, path := range []string{"/health", "/items", "/nothing", "/openapi.json"} {
		a := b.ask("", "GET", path, "")
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/") {
			t.Errorf("%s answers with %v", path, a.header)
		}
	}
}

// bodyFor is a body that fits the schema of a route, so that what refuses is the desk.
func bodyFor(path string) string {
	switch {
	case strings.HasSuffix(path, "/override"):
		return `{"check":1,"reason":"x"}`
	case path == "/banks", path == "/banks/"+someID:
		return `{"name":"X"}`
	case strings.HasSuffix(path, "/contents"), path == "/lookups":
		return `{"signals":[{"kind":"md5","value":"` + strings.Repeat("a", 32) + `"}]}`
	case strings.HasSuffix(path, "/take"):
		if strings.HasPrefix(path, "/banks/") {
			return `{"source":"x","contents":[]}`
		}
		return `{"n":1}`
	case strings.HasSuffix(path, "/opinions"):
		return `{"opinion":"seed"}`
	case strings.HasPrefix(path, "/signal-kinds/"):
		return `{"ratio":1}`
	case path == "/compare":
		return `{"kind":"md5","a":"` + strings.Repeat("a", 32) + `","b":"` + strings.Repeat("b", 32) + `"}`
	case strings.HasPrefix(path, "/banks/") && strings.Contains(path, "/contents/"):
		if strings.HasSuffix(path, someID) {
			return `{"note":"x"}`
		}
		return `{"reason":"x"}`
	case path == "/letters":
		return `{"provider":"` + someID + `"}`
	case path == "/campaigns":
		return `{"name":"x","release_at":"2026-01-13T08:00:00Z"}`
	case path == "/providers", strings.HasPrefix(path, "/providers/") && !strings.HasSuffix(path, "/key"):
		return `{"name":"x","host":"x.example","channel":"email","email":"x@x.example"}`
	case strings.HasSuffix(path, "/key"):
		return `{}`
	case strings.HasSuffix(path, "/answers"):
		return `{"lines":[{"line":"` + someID + `","status":"removed"}]}`
	case path == "/leads":
		return `{"leads":[{"url":"https://x.example/1"}]}`
	case path == "/holds":
		return `{"location":"https://x.example/1","case":"x"}`
	case strings.HasSuffix(path, "/queries"):
		return `{"by":"phone"}`
	case strings.HasSuffix(path, "/decide"):
		return `{"act":"clear","reason":"x"}`
	case path == "/contexts":
		return `{"items":["` + someID + `"]}`
	case strings.HasSuffix(path, "/prioritise"):
		return `{"priority":1,"why":"x"}`
	case strings.HasSuffix(path, "/reopen"):
		return `{"why":"x"}`
	case path == "/groups":
		return `{"sha256":"` + strings.Repeat("a", 64) + `","items":[{"item":"` + someID + `","purpose":"spread"}],"verdict":"lawful"}`
	case strings.HasSuffix(path, "/assessments"):
		return `{"verdict":"lawful","purpose":"journalism"}`
	case strings.HasPrefix(path, "/letters/"), strings.HasSuffix(path, "/dismiss"):
		return `{"reason":"x"}`
	}
	return "{}"
}
