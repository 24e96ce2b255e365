package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/staydown/staydown"
)

func fixture(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// channelExport is the example channel with its folder.
func channelExport(t testing.TB) Source {
	return folderSource(t, map[string]string{
		"ChatExport_2019-11-22/result.json":        fixture(t, "export-channel.json"),
		"ChatExport_2019-11-22/photos/photo_1.png": "\x89PNG\r\n\x1a\n picture",
		"outside.txt": "not of the export",
	})
}

func TestTelegramChannel(t *testing.T) {
	src := channelExport(t)
	src.Dir, src.Name = filepath.Join(src.Dir, "ChatExport_2019-11-22"), "ChatExport_2019-11-22"
	g := readAll(t, src, Options{Telegram: TelegramOptions{PublicNames: map[string]string{"Example channel": "@example_channel"}}})
	type line struct {
		URL, From, Text, Notes, Media string
		State                         FileState
		File                          bool
	}
	var have []line
	for _, r := range g.rows {
		have = append(have, line{r.URL, r.From, r.Text, strings.Join(r.Notes, " "), r.Telegram.Media, r.Telegram.FileState, r.File != nil})
	}
	text := "One picture\x01, see https://relay.example/1 and this"
	want := []line{
		{"https://t.me/example_channel/4", FromMessage, text, "escape author", "photo", FilePresent, true},
		{"https://relay.example/1", FromLink, text, "escape author", "photo", FilePresent, false},
		{"https://relay.example/2", FromLink, text, "escape author", "photo", FilePresent, false},
		{"https://t.me/example_channel/7", FromMessage, "A clip", "", "video_file", FileTooBig, false},
		{"https://t.me/example_channel/8", FromMessage, "", "", "photo", FileDestructed, false},
		{"https://t.me/example_channel/9", FromMessage, "", "escape author zone", "sticker", FileUnavailable, false},
		{"https://t.me/example_channel/15", FromMessage, "", "unsafe_name", "document", FileUnsafe, false},
		{"https://relay.example/3", FromLink, "", "unsafe_name", "document", FileUnsafe, false},
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	if len(g.rejects) != 0 {
		t.Errorf("rejects %+v", g.rejects)
	}
	first := g.rows[0]
	if first.Author != "Example channel" || !first.Posted.Equal(time.Unix(1574330400, 0)) || first.Telegram.Reactions != 3 || first.Telegram.Forwarded != "Another example" ||
		!first.Telegram.Edited.Equal(time.Unix(1574330700, 0)) || first.Reference != "1234567890/4" || first.Kind != "post" {
		t.Errorf("the first message: %+v %+v", first, first.Telegram)
	}
	b, err := json.Marshal(g.rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"Reader One", "Reader", "+000", "A. Editor", "user777", "user555"} {
		if strings.Contains(string(b), private) {
			t.Errorf("%q of a bystander came through", private)
		}
	}
}

func TestTelegramVanished(t *testing.T) {
	g := readAll(t, textSource("result.json", fixture(t, "export-channel.json")), Options{})
	if len(g.vanished) != 1 {
		t.Fatalf("reports %+v", g.vanished)
	}
	at := func(unix int64) time.Time { return time.Unix(unix, 0).UTC() }
	want := ChatReport{
		Chat:  ChatHead{ID: 1234567890, Name: "Example channel", Type: "public_channel"},
		First: 3, Last: 15, FirstAt: at(1574326800), LastAt: at(1574413200),
		Messages: 5, Service: 1, Unsupported: 1, Numbered: true, Missing: 6, Before: 2,
		Gaps:         []Gap{{5, 6, at(1574330400), at(1574334000)}, {11, 14, time.Time{}, at(1574413200)}},
		SelfDestruct: 1, SelfDestructs: []Vanishing{{8, at(1574334001), 30, "photo"}},
		Timers:         []Vanishing{{ID: 3, At: at(1574326800), Period: 86400}},
		DeletedAuthors: 1, FilesUnavailable: 1, FilesTooBig: 1, FilesMissing: 2,
	}
	got := g.vanished[0]
	got.Chat.offset, got.Chat.line, got.Chat.found = 0, 0, false
	if d := cmp.Diff(want, got, cmp.AllowUnexported(ChatHead{})); d != "" {
		t.Errorf("what vanished (-want +got):\n%s", d)
	}
	if lines := got.Lines(); len(lines) != 9 {
		t.Errorf("%d sentences: %q", len(lines), lines)
	}
	if !g.said("intake.telegram_name") || g.rows[0].URL != "https://t.me/c/1234567890/4" {
		t.Errorf("without a public name: %v, %s", g.notices, g.rows[0].URL)
	}
}

func TestTelegramAccountRefused(t *testing.T) {
	src := textSource("result.json", fixture(t, "export-account.json"))
	for _, opt := range []TelegramOptions{{}, {Chats: []string{"Example room"}}, {Chats: []string{"Example room"}, Basis: "  "}, {Basis: "warrant 1"}} {
		wantError(t, src, Options{Telegram: opt}, staydown.Refused, "intake.telegram_account")
	}
	basis := func(chats ...string) Options {
		return Options{Telegram: TelegramOptions{Chats: chats, Basis: "warrant 1"}}
	}
	wantError(t, src, basis("42"), staydown.Refused, "intake.telegram_codes")
	wantError(t, src, basis("Nowhere"), staydown.Invalid, "intake.telegram_chat")
	wantError(t, src, basis("Family"), staydown.Invalid, "intake.telegram_chat")
}

// Of an account only the named chats are read: nothing of the others, of contacts or sessions comes through, not even in
// rejects.
func TestTelegramAccount(t *testing.T) {
	src := textSource("result.json", fixture(t, "export-account.json"))
	g := readAll(t, src, Options{Telegram: TelegramOptions{Chats: []string{"46", "Example room"}, Basis: "warrant 1"}})
	if d := cmp.Diff([]string{"https://t.me/c/44/1", "https://relay.example/1", "https://t.me/c/44/2", "https://t.me/c/46/9"}, g.urls()); d != "" {
		t.Errorf("addresses (-want +got):\n%s", d)
	}
	b, err := json.Marshal([]any{g.rows, g.rejects, g.notices, g.vanished})
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"Secret", "secret", "+000", "192.0.2.1", "Family", "Reader"} {
		if strings.Contains(string(b), private) {
			t.Errorf("%q of another chat came through", private)
		}
	}
	if !g.said("intake.telegram_account") {
		t.Errorf("notices %v", g.notices)
	}
	chats, account, err := TelegramChats(context.Background(), src)
	if err != nil || !account || len(chats) != 5 || chats[2].Messages != 2 || !chats[4].Left {
		t.Errorf("chats %+v, account %v, %v", chats, account, err)
	}
}

// However the chosen chat is damaged, nothing of the chats behind it is taken for a part of it.
func TestTelegramDamagedAccount(t *testing.T) {
	whole := fixture(t, "export-account.json")
	room := `{"id": 2, "type": "message", "date_unixtime": "1574326801", "from": "Reader Two", "from_id": "user6", "text": "and"}`
	for name, broken := range map[string]string{
		"text without an end":    strings.Replace(whole, `"text": "and"}`, `"text": "and}`, 1),
		"bracket too few":        strings.Replace(whole, `"text": "and"}`, `"text": "and"`, 1),
		"two brackets too few":   strings.Replace(whole, room+"\n    ]", strings.TrimSuffix(room, "}"), 1),
		"brackets too many":      strings.Replace(whole, room, room+"}]}]", 1),
		"no list's end":          strings.Replace(whole, room+"\n    ]\n   }", room, 1),
		"everything on one line": strings.ReplaceAll(strings.Replace(whole, `"text": "and"}`, `"text": "and}`, 1), "\n", " "),
	} {
		t.Run(name, func(t *testing.T) {
			if broken == whole {
				t.Fatal("nothing was broken: the test shows nothing")
			}
			src := textSource("result.json", broken)
			g := readAll(t, src, Options{Telegram: TelegramOptions{Chats: []string{"44"}, Basis: "warrant 1"}})
			b, err := json.Marshal([]any{g.rows, g.rejects, g.vanished})
			if err != nil {
				t.Fatal(err)
			}
			heads := ""
			for _, r := range g.rejects {
				heads += string(r.Head)
			}
			for _, private := range []string{"ecret", "Family", "Old room", "/46/", "/44/9"} {
				if strings.Contains(string(b)+heads, private) {
					t.Errorf("%q of another chat came through: %s", private, b)
				}
			}
			if len(g.rows) < 2 || g.rows[0].URL != "https://t.me/c/44/1" {
				t.Errorf("the first message is lost: %v", g.urls())
			}
			chats, _, err := TelegramChats(context.Background(), src)
			if last := chats[len(chats)-1]; err != nil || last.ID != 46 || last.Messages != 1 {
				t.Errorf("the last chat was not found: %+v, %v", chats, err)
			}
		})
	}
}

func TestTelegramAuthors(t *testing.T) {
	src := textSource("result.json", fixture(t, "export-account.json"))
	opt := TelegramOptions{Chats: []string{"44"}, Basis: "warrant 1"}
	tests := []struct {
		name string
		set  func(*TelegramOptions)
		want string
		from string
	}{
		{"left out", func(*TelegramOptions) {}, "", ""},
		{"pseudonym", func(o *TelegramOptions) { o.Pseudonym = func(id string) string { return "p-" + id[4:] } }, "p-5", "p-5"},
		{"kept", func(o *TelegramOptions) { o.KeepAuthors = true }, "Reader One", "user5"},
	}
	for _, tt := range tests {
		o := opt
		tt.set(&o)
		r := readAll(t, src, Options{Telegram: o}).rows[0]
		if r.Author != tt.want || r.Telegram.From != tt.from {
			t.Errorf("%s: author %q, from %q", tt.name, r.Author, r.Telegram.From)
		}
	}
}

// A private chat has no addresses: files and links become leads, words are left out and counted.
func TestTelegramPrivateChat(t *testing.T) {
	src := folderSource(t, map[string]string{
		"result.json": `{"name":"Example person","type":"personal_chat","id":7,"messages":[
			{"id":101,"type":"message","date_unixtime":"1574326800","text":"words"},
			{"id":205,"type":"message","date_unixtime":"1574326800","text":"see https://relay.example/1"},
			{"id":207,"type":"message","date_unixtime":"1574326800","file":"files/a.txt","text":""}]}`,
		"files/a.txt": "content",
	})
	g := readAll(t, src, Options{})
	if len(g.rows) != 2 || g.rows[0].URL != "https://relay.example/1" || g.rows[1].File == nil || g.rows[1].URL != "" {
		t.Fatalf("rows %+v", g.rows)
	}
	if r := g.vanished[0]; r.LeftOut != 1 || r.Missing != 0 || len(r.Gaps) != 0 || r.Numbered {
		t.Errorf("report %+v", r)
	}
	if !g.said("intake.telegram_private") {
		t.Errorf("notices %v", g.notices)
	}
}

// Damage costs the message it is in.
func TestTelegramDamage(t *testing.T) {
	message := func(id int, text string) string {
		return fmt.Sprintf("  {\n   \"id\": %d,\n   \"type\": \"message\",\n   \"date_unixtime\": \"1574326800\",\n   \"from_id\": \"channel7\",\n   \"text\": %s\n  }", id, text)
	}
	head := "{\n \"name\": \"Example room\",\n \"type\": \"private_channel\",\n \"id\": 7,\n \"messages\": [\n"
	export := func(parts ...string) string { return head + strings.Join(parts, ",\n") + "\n ]\n}" }
	good1, good2, good3 := message(1, `"one"`), message(2, `"two"`), message(3, `"three"`)
	tests := []struct {
		name, text string
		ids        []int64
		reasons    []Reason
	}{
		{"a text without an end", export(good1, message(2, `"two`), good3), []int64{1, 3}, []Reason{Broken}},
		{"a text without an end, on one line", strings.ReplaceAll(export(good1, message(2, `"two`), good3), "\n", " "), []int64{1, 3}, []Reason{Broken}},
		{"a text without an end, the last", export(good1, message(2, `"two`)), []int64{1}, []Reason{Broken}},
		{"a bracket too few", export(good1, strings.TrimSuffix(good2, "}"), good3), []int64{1, 3}, []Reason{Broken}},
		{"a bracket too many", export(good1, good2+"}", good3), []int64{1, 2, 3}, []Reason{Broken}},
		{"the wreck of a list", export(good1, good2+"]}", good3), []int64{1, 2, 3}, []Reason{Broken, Broken}},
		{"a comma too few", head + good1 + "\n" + good2 + "\n]}", []int64{1, 2}, nil},
		{"a comma too many", export(good1, good2+",,"), []int64{1, 2}, nil},
		{"no message", export(good1, "17", `"words"`, good2), []int64{1, 2}, []Reason{Broken}},
		{"no number", export(good1, `{"type":"message","text":"x"}`, good2), []int64{1, 2}, []Reason{Broken}},
		{"too long", export(good1, message(2, `"`+strings.Repeat("x", 2<<20)+`"`), good3), []int64{1, 3}, []Reason{TooLong}},
		{"too deep", export(good1, message(2, strings.Repeat("[", 100)+strings.Repeat("]", 100)), good3), []int64{1, 3}, []Reason{TooDeep}},
		{"cut inside of a message", strings.TrimSuffix(export(good1, good2), "}\n ]\n}"), []int64{1}, []Reason{Truncated}},
		{"cut between messages", strings.TrimSuffix(export(good1, good2), "\n ]\n}"), []int64{1, 2}, []Reason{Truncated}},
		{"cut inside of a text", strings.TrimSuffix(export(good1, good2), "wo\"\n  }\n ]\n}"), []int64{1}, []Reason{Truncated}},
		{"cut behind the messages", strings.TrimSuffix(export(good1, good2), "\n}"), []int64{1, 2}, nil},
		{"other order", "{\"id\":7,\"messages\":[" + good1 + "],\"name\":\"Example room\",\"type\":\"private_channel\"}", []int64{1}, nil},
		{"bytes outside UTF-8", export(good1, message(2, "\"tw\xffo \\ud800 \\u0000 \x00\"")), []int64{1, 2}, nil},
		{"byte order mark", "\xEF\xBB\xBF" + export(good1), []int64{1}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := readAll(t, textSource("result.json", tt.text), Options{Format: Telegram})
			var ids []int64
			for _, r := range g.rows {
				ids = append(ids, r.Telegram.ID)
			}
			if d := cmp.Diff(tt.ids, ids); d != "" {
				t.Errorf("messages (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.reasons, g.reasons()); d != "" {
				t.Errorf("rejects (-want +got):\n%s", d)
			}
			for _, r := range g.rejects {
				if at := tt.text[r.Offset : r.Offset+r.Length]; !strings.HasPrefix(at, string(r.Head)) {
					t.Errorf("the reject at %d is not what stands there: %q", r.Offset, r.Head)
				}
			}
		})
	}
}

func TestTelegramNoExport(t *testing.T) {
	wantError(t, textSource("result.json", `{"a":1}`), Options{Format: Telegram}, staydown.Invalid, "intake.telegram_shape")
	wantError(t, textSource("result.json", `[1]`), Options{Format: Telegram}, staydown.Invalid, "intake.telegram_shape")
	wantError(t, textSource("result.json", `{"name":"Example room","type":"public_chan`), Options{Format: Telegram}, staydown.Invalid, "intake.truncated")
	wantError(t, folderSource(t, map[string]string{"a": "x"}), Options{Format: Telegram}, staydown.Invalid, "intake.telegram_shape")
}

func TestGaps(t *testing.T) {
	tests := []struct {
		name    string
		ids     []int64
		limit   int
		gaps    []Gap
		missing int64
		more    int64
	}{
		{"none", []int64{1, 2, 3}, 10, nil, 0, 0},
		{"two", []int64{1, 4, 5, 9}, 10, []Gap{{From: 2, To: 3}, {From: 6, To: 8}}, 5, 0},
		{"filled late", []int64{1, 9, 5, 2, 8}, 10, []Gap{{From: 3, To: 4}, {From: 6, To: 7}}, 4, 0},
		{"newest first", []int64{9, 8, 5}, 10, []Gap{{From: 6, To: 7}}, 2, 0},
		{"twice", []int64{1, 3, 3, 1}, 10, []Gap{{From: 2, To: 2}}, 1, 0},
		{"more than listed", []int64{1, 3, 5, 7}, 2, []Gap{{From: 2, To: 2}, {From: 4, To: 4}}, 3, 1},
		{"from a smaller group", []int64{-999, -998, 1, 2}, 10, nil, 0, 0},
	}
	for _, tt := range tests {
		w := newGapWatch(ChatHead{Type: "private_channel"}, tt.limit)
		for _, id := range tt.ids {
			w.number(id, time.Time{})
		}
		if r := w.report; !cmp.Equal(tt.gaps, r.Gaps) || r.Missing != tt.missing || r.MoreGaps != tt.more {
			t.Errorf("%s: gaps %v, %d missing, %d more", tt.name, r.Gaps, r.Missing, r.MoreGaps)
		}
	}
}

func FuzzTelegram(f *testing.F) {
	seeds(f, "export*")
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzReader(t, b, Options{Format: Telegram, Limits: Limits{Record: 4096, Gaps: 5},
			Telegram: TelegramOptions{Chats: []string{"Example room"}, Basis: "warrant 1"}})
		fuzzReader(t, b, Options{Format: Telegram, Limits: Limits{Record: 4096, Gaps: 5}})
	})
}

func FuzzLooseJSON(f *testing.F) {
	seeds(f, "*.json")
	f.Fuzz(func(t *testing.T, b []byte) {
		v, _, err := parseLoose(b, 64)
		var strict any
		if json.Unmarshal(b, &strict) == nil && err != nil {
			t.Fatalf("JSON that encoding/json reads is refused: %v (%v)", err, v)
		}
	})
}
