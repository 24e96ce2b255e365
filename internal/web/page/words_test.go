package page

import (
	"html/template"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/locale"
)

func TestWordsEscapeWhatComesFromOutside(t *testing.T) {
	w := words{locale.For(locale.English)}
	got := string(w.t("item.title", template.HTML("<b>ours</b>"), "<i>theirs\u202E</i>"))
	want := `<b>ours</b> on <bdi>&lt;i&gt;theirs<span class="ctl">U+202E</span>&lt;/i&gt;</bdi>`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(w.word("verdict", "<x>")); got != "<bdi>&lt;x&gt;</bdi>" {
		t.Errorf("an unknown value is written %s", got)
	}
}

func TestTimesAreStamped(t *testing.T) {
	at := time.Date(2019, 11, 23, 14, 20, 7, 0, time.UTC)
	en, ar := words{locale.For(locale.English)}, words{locale.For(locale.Arabic)}
	for _, c := range []struct {
		got  template.HTML
		want string
	}{
		{en.when(at), `<time datetime="2019-11-23T14:20:07Z" title="2019-11-23 14:20:07 UTC">23 Nov 2019, 14:20 UTC</time>`},
		{en.exact(at), `<bdi dir="ltr"><time datetime="2019-11-23T14:20:07Z" title="2019-11-23 14:20:07 UTC">2019-11-23 14:20:07 UTC</time></bdi>`},
		{en.at(at, "America/Los_Angeles"), `06:20</time> (UTC−8)</bdi>`},
		{en.at(at, "Asia/Kathmandu"), `20:05</time> (UTC+5:45)</bdi>`},
		{en.at(at, "No/Such"), `14:20 UTC</time>`},
		{ar.when(at), `23 نوفمبر 2019، 14:20 بالتوقيت العالمي</time>`},
		{en.when(time.Time{}), `–`},
		{en.dur(time.Hour), `<span class="nowrap">1 h</span>`},
	} {
		if !strings.HasSuffix(string(c.got), c.want) {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestMarksHaveWordShapeAndKind(t *testing.T) {
	seen := map[string]string{}
	for state := range shapes {
		say, saw := string(Say(state, "word")), string(Saw(state, "word"))
		if !strings.Contains(say, `class="mark say `+state) || !strings.Contains(saw, `class="mark saw `+state) || !strings.Contains(say, "word") {
			t.Errorf("%s: %s", state, say)
		}
		if other, twice := seen[shapes[state]]; twice {
			t.Errorf("%s and %s have the same shape", state, other)
		}
		seen[shapes[state]] = state
	}
	if got := string(Say(`"><script>`, "w")); strings.Contains(got, "script") {
		t.Errorf("an unknown state is written %s", got)
	}
}

func TestKeyCaps(t *testing.T) {
	for code, want := range map[string]string{"KeyR": "R", "Digit1": "1", "BracketLeft": "[", "F4": "F4"} {
		if got := keyCap(code); got != want {
			t.Errorf("%s is printed %s", code, got)
		}
	}
	if got := string(KeyAttr(`"x`)); strings.Contains(got, `""`) {
		t.Errorf("attribute %s", got)
	}
}
