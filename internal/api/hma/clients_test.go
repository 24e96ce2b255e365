package hma

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/signin"
)

// What roostorg/coop sends (server/services/hmaService): no header for access, so that
// its base carries the key; the base ends in a slash; the ratio is text; the keeper's
// own JSON stands where HMA wants its three keys.
func TestCoop(t *testing.T) {
	b := open(t)
	b.as("")
	b.path = "/hma/" + b.token["a-lead"] + "/"
	b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png; charset=binary")
		w.Write(picture(3))
	}))
	const bank = "COOP_ORG1_POSTERS"
	at := "/c/bank/" + bank
	image := url.QueryEscape("http://media.example/a.png")
	b.want(b.ask("GET", "/c/banks", ""), 200, "[]")
	b.want(b.ask("POST", "/c/banks", `{"name":"`+bank+`","enabled_ratio":"1"}`), 201, `{"matching_enabled_ratio":1.0,"name":"`+bank+`"}`)
	b.want(b.ask("PUT", at, `{"name":"`+bank+`","enabled_ratio":0.5}`), 200, `"matching_enabled_ratio":0.5`)
	b.want(b.ask("PUT", at, `{"enabled_ratio":1}`), 200, `"matching_enabled_ratio":1.0`)
	b.want(b.ask("GET", at, ""), 200, `"name":"`+bank+`"`)
	b.want(b.ask("GET", "/c/exchanges", ""), 200, "[]")
	b.want(b.ask("GET", "/c/exchanges/apis", ""), 200, "[]")
	b.want(b.ask("GET", "/c/exchange/"+bank, ""), 404, "not found")

	up := b.upload(at+"/content", "photo", picture(2), "content_id", "item-9", "content_uri", "https://media.example/9", "metadata", `{"reporter":"x","score":3}`)
	b.want(up, 200, `"id":1,"signals":{"pdq":"`)
	b.want(b.ask("GET", at+"/content/1?include_signals=true", ""), 200,
		`"metadata":{"content_id":"item-9","content_uri":"https://media.example/9","json":{"reporter":"x","score":3}}`)
	byURL := b.ask("POST", at+"/content?url="+image+"&content_type=photo&content_id=item-10&metadata="+url.QueryEscape(`{"a":1}`), "")
	b.want(byURL, 200, `"id":2,"signals":{"pdq":"`)
	b.want(b.ask("GET", at+"/content/2", ""), 200, `"content_id":"item-10"`)
	b.want(b.ask("GET", at+"/content/2", ""), 200, `"original_media_uri":"http://media.example/a.png"`)

	hash := b.ask("GET", "/h/hash?url="+image, "")
	value := strings.TrimSuffix(strings.TrimPrefix(hash.flat(), `{"pdq":"`), `"}`)
	b.want(b.ask("GET", "/m/lookup?signal="+value+"&signal_type=pdq", ""), 200, `{"bank_content_id":2,"distance":"0"}`)
	b.want(b.ask("GET", "/m/lookup?url="+image, ""), 200, `{"pdq":{"`+bank+`":[`)
	b.want(b.ask("GET", "/m/lookup?url="+image+"&signal_type=pdq", ""), 200, `{"`+bank+`":[`)
	b.want(b.upload("/m/lookup", "photo", picture(2)), 200, `{"pdq":{"`+bank+`":[{"bank_content_id":1,"distance":"0"}`)
	b.want(b.ask("DELETE", at, ""), 200, `{"message":"Done"}`)
	b.want(b.ask("DELETE", at, ""), 200, `{"message":"Done"}`)
	b.want(b.ask("GET", "/c/banks", ""), 200, "[]")
}

// The texts by which FetLife's gem tells one refusal from another, and the answers it
// turns into objects.
func TestGem(t *testing.T) {
	b := open(t)
	b.want(b.ask("POST", "/c/banks", `{"name":"X","enabled":"true","matching_enabled_ratio":1.0}`), 201, "1.0")
	b.want(b.ask("POST", "/c/banks", `{"name":"X"}`), 403, "already exists")
	b.want(b.ask("POST", "/c/banks", `{"name":"Y"}`), 201, "")
	b.want(b.ask("PUT", "/c/bank/Y", `{"name":"X"}`), 403, "Bank name already exists")
	for _, name := range []string{"bad_name", "1X", "", "X-Y"} {
		b.want(b.ask("POST", "/c/banks", `{"name":"`+name+`"}`), 400, "Bank names must be UPPER_WITH_UNDERSCORE")
	}
	b.want(b.ask("POST", "/c/bank/X/signal", `{"pdq":"`+pdqA+`","note":"n"}`), 200, `{"id":1,"signals":{"pdq":"`+pdqA+`"}}`)
	b.want(b.ask("POST", "/c/bank/X/signal", `{"video_md5":"`+md5A+`"}`), 200, `"video_md5"`)
	b.want(b.ask("GET", "/m/lookup?signal="+pdqB+"&signal_type=pdq", ""), 200, `{"X":[{"bank_content_id":1,"distance":"4"}]}`)
	b.want(b.ask("GET", "/m/lookup?signal="+md5A+"&signal_type=video_md5&banks=NONE,X", ""), 200, `{"X":[{"bank_content_id":2,"distance":"0"}]}`)
	b.want(b.ask("GET", "/m/lookup?signal="+md5A+"&signal_type=video_md5&banks=NONE", ""), 200, `{}`)
	b.want(b.ask("GET", "/m/raw_lookup?signal="+pdqB+"&signal_type=pdq", ""), 200, `{"matches":[1]}`)
	b.want(b.ask("GET", "/m/raw_lookup?signal="+pdqB+"&signal_type=pdq&include_distance=true", ""), 200, `{"matches":[{"bank_content_id":1,"distance":"4"}]}`)
	b.want(b.ask("POST", "/m/compare", `{"pdq":["`+pdqA+`","`+pdqB+`"]}`), 200, `{"pdq":[true,{"distance":4}]}`)
	b.want(b.ask("GET", "/m/lookup?signal=x&signal_type=nope", ""), 400, "No such SignalType 'nope'")
	b.want(b.ask("GET", "/m/lookup?signal=x", ""), 400, "signal_type")
	b.want(b.ask("GET", "/c/content_type", ""), 200, `[{"enabled":true,"name":"photo"},{"enabled":true,"name":"video"}]`)
	b.want(b.ask("PUT", "/c/bank/X/content/1", `{"disable_until_ts":0,"note":"off"}`), 200,
		`"collab_metadata":{},"disable_until_ts":0,"id":1,"note":"off","original_media_uri":null,"user_metadata":{}`)
	b.want(b.ask("GET", "/m/lookup?signal="+pdqA+"&signal_type=pdq", ""), 200, `{}`)
	b.want(b.ask("PUT", "/c/bank/X/content/1", `{"disable_until_ts":1}`), 200, `"note":"off"`)
	b.want(b.ask("PUT", "/c/bank/X/content/1", `{"disable_until_ts":99999999999}`), 400, "disable_until_ts")
	b.want(b.ask("PATCH", "/c/bank/X", `{}`), 405, "method")
	b.want(b.ask("GET", "/c/nothing", ""), 404, "site-map")
}

func TestUploadsThatAreNone(t *testing.T) {
	b := open(t)
	b.one("X")
	for _, path := range []string{"/h/hash", "/m/lookup", "/c/bank/X/content"} {
		b.want(b.upload(path, "sound", picture(1)), 400, "No such content type 'sound'")
		b.want(b.upload(path, "photo", []byte("no picture")), 400, "no picture")
		b.want(b.upload(path, "photo", nil), 400, "empty")
	}
	b.want(b.ask("POST", "/h/hash", ""), 400, "multipart")
	b.want(b.upload("/c/bank/X/content", "photo", picture(1), "metadata", "no json"), 400, "Invalid metadata")
	b.want(b.upload("/c/bank/X/content", "photo", picture(1), "note", strings.Repeat("n", 256)), 400, "note")
	b.want(b.upload("/c/bank/NONE/content", "photo", picture(1)), 404, "bank 'NONE' not found")
	b.want(b.upload("/h/hash?types=pdq,nope", "photo", picture(1)), 400, "No such SignalType 'nope'")
	b.want(b.upload("/h/hash", "video", []byte("any bytes are a video")), 200, `{"video_md5":"`)
	b.want(b.upload("/h/hash?types=video_sha256", "video", []byte("any")), 200, `{"video_sha256":"`)
	b.want(b.ask("POST", "/c/banks", `[]`), 400, "JSON")
	b.want(b.ask("POST", "/c/banks", `{"name":"`+strings.Repeat("N", mostJSON)+`"}`), 413, "too large")
	b.s.MostFile = 64
	b.want(b.upload("/h/hash", "photo", picture(1)), 413, "Content too large")
}

func TestALargeVideoIsDigestedAsItPasses(t *testing.T) {
	head := make([]byte, 8)
	got, err := digests(head, strings.NewReader("rest"), 12, video)
	if err != nil || len(got) != 2 || len(got[1].Value) != 32 {
		t.Errorf("%v %v", got, err)
	}
	if _, err := digests(head, strings.NewReader("rest"), 11, video); err != tooLarge {
		t.Error(err)
	}
	if _, err := digests(head, strings.NewReader(""), 12, photo); err != tooLarge {
		t.Error(err)
	}
}

func TestTheKeyInThePathReachesNoLog(t *testing.T) {
	b := open(t)
	b.as("")
	key := b.token["a-lead"]
	b.path = "/hma/" + key
	b.want(b.ask("GET", "/c/banks", ""), 200, "[]")
	b.s.Note = nil
	seen := ""
	b.s.Bearer = func(ctx context.Context, token string) (access.Caller, error) {
		seen = token
		panic("a fault")
	}
	b.want(b.ask("GET", "/c/banks?x=1", ""), 500, "Internal Server Error")
	if seen != key || strings.Contains(b.logged.String(), key) || !strings.Contains(b.logged.String(), "[key]") {
		t.Errorf("the log: %s", b.logged.String())
	}
	b.path = "/hma/staydown_wrong"
	b.s.Bearer = b.desk.Bearer
	b.want(b.ask("GET", "/c/banks", ""), 401, "opens nothing")
	b.want(b.ask("GET", "/status", ""), 200, "")
}

func TestATokensScopes(t *testing.T) {
	b := open(t)
	b.one("X")
	token, err := b.desk.NewToken(t.Context(), signin.Terminal(), b.caller["a-lead"].Actor.Person, "narrow", []access.Permission{access.Lookup})
	if err != nil {
		t.Fatal(err)
	}
	b.token["narrow"] = token
	b.as("narrow")
	if got := b.hits(""); got != `{"X":[{"bank_content_id":1}]}` {
		t.Errorf("lookup alone: %s", got)
	}
	for _, r := range []struct{ method, path, body string }{{"POST", "/c/banks", `{"name":"Y"}`}, {"DELETE", "/c/bank/X", ""}, {"POST", "/c/bank/X/signal", `{"pdq":"` + pdqB + `"}`},
		{"PUT", "/c/signal_type/pdq", `{"enabled_ratio":0}`}, {"POST", "/c/exchanges", "{}"}} {
		b.want(b.ask(r.method, r.path, r.body), 403, "missing role")
	}
}

func TestTrustedAddresses(t *testing.T) {
	b := open(t)
	b.one("X")
	for name, c := range map[string]struct {
		change func(*bench)
		status int
	}{
		"straight from loopback":       {func(b *bench) {}, 200},
		"by IPv6":                      {func(b *bench) { b.from = "[::1]:4711" }, 200},
		"IPv4 within IPv6":             {func(b *bench) { b.from = "[::ffff:127.0.0.1]:4711" }, 200},
		"by a name without a dot":      {func(b *bench) { b.host = "hma:5100" }, 200},
		"nobody is trusted":            {func(b *bench) { b.s.Trust.From = nil }, 401},
		"no circle":                    {func(b *bench) { b.s.Trust.Circle = "" }, 401},
		"from elsewhere":               {func(b *bench) { b.from = "192.0.2.9:1" }, 401},
		"passed on by a proxy":         {func(b *bench) { b.header.Set("X-Forwarded-For", "127.0.0.1") }, 401},
		"passed on, said otherwise":    {func(b *bench) { b.header.Set("Via", "1.1 proxy") }, 401},
		"from a page in a browser":     {func(b *bench) { b.header.Set("Origin", "https://page.example") }, 401},
		"from a browser's address bar": {func(b *bench) { b.header.Set("Sec-Fetch-Site", "none") }, 401},
		"by a stranger's name":         {func(b *bench) { b.host = "rebound.example" }, 401},
		"by its own name":              {func(b *bench) { b.host = "desk.example:443"; b.s.Trust.Hosts = []string{"desk.example"} }, 200},
		"with a wrong token":           {func(b *bench) { b.header.Set("Authorization", "Bearer x") }, 401},
		"with another way of access":   {func(b *bench) { b.header.Set("Authorization", "Basic x") }, 401},
		"with a wrong key":             {func(b *bench) { b.path = "/hma/x" }, 401},
	} {
		t.Run(name, func(t *testing.T) {
			b.t, b.header, b.path = t, http.Header{}, ""
			b.from, b.host = "127.0.0.1:4711", "127.0.0.1:5100"
			b.s.Trust = Trust{From: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, Circle: b.unit["a"]}
			c.change(b)
			r := b.ask("GET", "/m/lookup?signal="+pdqA+"&signal_type=pdq", "")
			if r.status != c.status {
				t.Errorf("%d %s", r.status, r.body)
			}
			if r := b.ask("POST", "/c/banks", `{"name":"Y"}`); r.status/100 == 2 {
				t.Error("a trusted address that may only look up made a bank")
			}
		})
	}
}

func TestATrustedAddressReachesOneCircle(t *testing.T) {
	b := open(t)
	b.one("X")
	b.as("")
	b.from, b.host = "127.0.0.1:4711", "localhost"
	b.s.Trust = Trust{From: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Circle: b.unit["b"], Keep: true}
	b.want(b.ask("GET", "/c/banks", ""), 200, "[]")
	b.want(b.ask("DELETE", "/c/bank/X/content/1", ""), 404, "bank 'X' not found")
	if got := b.hits(""); got != "{}" {
		t.Error(got)
	}
	b.one("Y")
	b.want(b.ask("DELETE", "/c/bank/Y/content/1", ""), 200, `{"deleted":1}`)
	if c := b.s.Trust.caller(); c.SignedIn() || c.May(access.Manage) == nil || c.May(access.Confirm) == nil || c.Actor.System != name {
		t.Errorf("%+v", c)
	}
	if (Trust{Circle: staydown.ID("x")}).caller().May(access.KeepBanks) == nil {
		t.Error("it keeps banks without being told so")
	}
}

// GET ignores bypass_coinflip, as HMA does; POST and raw lookups take part always.
func TestTheCoin(t *testing.T) {
	b := open(t)
	b.want(b.ask("POST", "/c/banks", `{"name":"HALF","enabled_ratio":0.5}`), 201, "0.5")
	b.want(b.upload("/c/bank/HALF/content", "photo", picture(5)), 200, `"id":1`)
	hash := b.upload("/h/hash", "photo", picture(5)).flat()
	query := "/m/lookup?signal_type=pdq&signal=" + strings.TrimSuffix(strings.TrimPrefix(hash, `{"pdq":"`), `"}`)
	in := 0
	for i := range 40 {
		seed := "&seed=" + strings.Repeat("s", i+1)
		first := b.ask("GET", query+seed, "").flat()
		if again := b.ask("GET", query+seed+"&bypass_coinflip=true", "").flat(); again != first {
			t.Fatalf("the same seed gives %s and %s", first, again)
		}
		if first != "{}" {
			in++
		}
	}
	if in == 0 || in == 40 {
		t.Errorf("%d of 40 seeds meet a bank of one half", in)
	}
	for range 8 {
		b.want(b.upload("/m/lookup?bypass_coinflip=true", "photo", picture(5)), 200, `{"pdq":{"HALF":[`)
		b.want(b.ask("GET", strings.Replace(query, "lookup", "raw_lookup", 1), ""), 200, `{"matches":[1]}`)
	}
}
