package rules

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Every rule that is shipped is tried on pages written for it.
func TestStandardRules(t *testing.T) {
	b := Standard()
	if len(b.files) < 12 {
		t.Errorf("%d platforms", len(b.files))
	}
	for _, f := range b.files {
		for _, wrong := range f.Test() {
			t.Error(wrong)
		}
	}
}

func TestFind(t *testing.T) {
	for address, want := range map[string][3]string{
		"https://t.me/exercise/7":                             {"telegram/post", "https://t.me/exercise/7?embed=1&mode=tme", "https://t.me/exercise/2147480000?embed=1&mode=tme"},
		"https://t.me/s/exercise/7?before=9":                  {"telegram/post", "https://t.me/exercise/7?embed=1&mode=tme", "https://t.me/exercise/2147480000?embed=1&mode=tme"},
		"https://t.me/s/exercise":                             {"telegram/channel", "", ""},
		"https://t.me/+secretinvite":                          {},
		"https://m.youtube.com/watch?app=x&v=exercise000":     {"youtube/video", "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dexercise000", "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D00000000000"},
		"https://mobile.twitter.com/exercise/status/12?s=1":   {"x/post", "https://publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fi%2Fstatus%2F12", "https://publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fi%2Fstatus%2F1"},
		"https://social.example/@exercise/109000000000000000": {"mastodon/post", "https://social.example/api/v1/statuses/109000000000000000", "https://social.example/api/v1/statuses/1"},
		"https://relay.example/c/lamp/7":                      {},
		"https://nott.me/exercise/7":                          {},
		"https://t.me.evil.example/exercise/7":                {},
		"::":                                                  {},
	} {
		m, ok := Standard().Find(address)
		var got [3]string
		if ok {
			name, _, _ := strings.Cut(m.Name(), "@")
			got = [3]string{name, m.Probe(), m.Missing()}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// What a hostile address contains stays in its place.
func TestProbeStaysInItsPlace(t *testing.T) {
	f, err := ReadFile([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	b := &Book{files: []*File{f}}
	for _, address := range []string{"https://p.example/a%2Fb%3Fx=%23", "https://p.example/a%26q=1", "https://p.example/..%2f..%2f@evil.example"} {
		m, ok := b.Find(address)
		if !ok {
			t.Fatalf("%s is not known", address)
		}
		probe := m.Probe()
		if !strings.HasPrefix(probe, "https://p.example/api?id=") || strings.ContainsAny(strings.TrimPrefix(probe, "https://p.example/api?id="), "/?#&=@ ") {
			t.Errorf("%s leads to %s", address, probe)
		}
	}
}

const good = `{"format":"staydown-rules/1","platform":"p","version":"1","source":"s","hosts":["p.example"],
"kinds":[{"name":"k","path":"^/([^/]+)$","probe":"https://{host}/api?id=$1","signals":[{"verdict":"gone","signal":"x","when":{"status":[404]}}],"examples":[]}]}`

func TestReadFileRefuses(t *testing.T) {
	if _, err := ReadBook(fstest.MapFS{"p.json": {Data: []byte(good)}}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"format":             {"rules/1", "rules/9"},
		"no source":          {`"source":"s"`, `"source":""`},
		"misspelt condition": {`"status"`, `"satus"`},
		"no condition":       {`{"status":[404]}`, `{}`},
		"verdict":            {`"gone"`, `"removed"`},
		"no signal":          {`"signal":"x"`, `"signal":""`},
		"cause":              {`"signal":"x"`, `"signal":"x","cause":"weather"`},
		"hidden and gone":    {`"signal":"x"`, `"signal":"x","hidden":true`},
		"path":               {`^/([^/]+)$`, `^/([`},
		"plain probe":        {`https://{host}/api`, `http://{host}/api`},
		"every element":      {`{"status":[404]}`, `{"element":{}}`},
		"short text":         {`{"status":[404]}`, `{"text":["no"]}`},
		"empty not":          {`{"status":[404]}`, `{"status":[404],"not":{}}`},
		"no kinds":           {`"hosts":["p.example"]`, `"hosts":[]`},
	} {
		if _, err := ReadFile([]byte(strings.Replace(good, change[0], change[1], 1))); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestUselessRuleIsNamed(t *testing.T) {
	f, err := ReadFile([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if wrong := f.Test(); len(wrong) != 1 || !strings.Contains(wrong[0], "no example") {
		t.Errorf("%q", wrong)
	}
}

func TestConditions(t *testing.T) {
	const body = `<title>A Title</title><meta name="k" content="v"><p id=x>Some words here</p>`
	m := Match{File: &File{}, Kind: &Kind{}, groups: []string{"", "x"}}
	html := NewLook("https://a.example/1", "https://a.example/2", 200, map[string][]string{"Content-Type": {"text/html"}, "X-H": {"abc"}}, []byte(body), "")
	doc := NewLook("https://a.example/1", "https://a.example/1", 200, map[string][]string{"Content-Type": {"application/json"}}, []byte(`{"a":{"b~/":[1,null,true]},"s":"x"}`), "")
	for name, c := range map[string]struct {
		when string
		look Look
		want bool
	}{
		"status":            {`{"status":[404,200]}`, html, true},
		"other status":      {`{"status":[404]}`, html, false},
		"reached":           {`{"reached":"/2$"}`, html, true},
		"header":            {`{"header":{"X-H":"bc"}}`, html, true},
		"no header":         {`{"header":{"X-I":"b"}}`, html, false},
		"title":             {`{"title":["a title"]}`, html, true},
		"part of the title": {`{"title":["title"]}`, html, false},
		"meta":              {`{"meta":{"k":"v"}}`, html, true},
		"any meta":          {`{"meta":{"k":"*"}}`, html, true},
		"no meta":           {`{"meta":{"k":"!"}}`, html, false},
		"absent meta":       {`{"meta":{"z":"!"}}`, html, true},
		"element":           {`{"element":{"tag":"p","attr":{"id":"$1"}}}`, html, true},
		"element and text":  {`{"element":{"tag":"p"},"text":["other","some words"]}`, html, true},
		"text elsewhere":    {`{"element":{"tag":"title"},"text":["some words"]}`, html, false},
		"part of a word":    {`{"text":["ome words"]}`, html, false},
		"not":               {`{"status":[200],"not":{"text":["some words"]}}`, html, false},
		"both":              {`{"status":[200],"not":{"text":["other words"]}}`, html, true},
		"page of JSON":      {`{"json":{"/a":"*"}}`, html, false},
		"JSON":              {`{"json":{"/a/b~0~1/0":1}}`, doc, true},
		"JSON null":         {`{"json":{"/a/b~0~1/1":"!"}}`, doc, true},
		"JSON bool":         {`{"json":{"/a/b~0~1/2":true}}`, doc, true},
		"JSON list":         {`{"json":{"/s":["y","x"]}}`, doc, true},
		"JSON missing":      {`{"json":{"/a/c":"*"}}`, doc, false},
		"JSON beyond":       {`{"json":{"/a/b~0~1/9":"*"}}`, doc, false},
		"JSON too deep":     {`{"json":{"/s/x/y":"*"}}`, doc, false},
	} {
		f, err := ReadFile([]byte(strings.Replace(good, `{"status":[404]}`, c.when, 1)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := f.Kinds[0].Signals[0].When.holds(c.look, m); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
