package deconflict

import (
	"slices"
	"strings"
	"testing"

	"github.com/staydown/staydown"
)

func itemHold(loc string) staydown.Hold {
	return staydown.Hold{ID: "i", Scope: staydown.HoldItem, Location: loc, Host: hostOf(loc), State: staydown.HoldActive}
}

func accountHold(loc string) staydown.Hold {
	return staydown.Hold{ID: "a", Scope: staydown.HoldAccount, Location: loc, Host: hostOf(loc), State: staydown.HoldActive}
}

func hostHold(host string) staydown.Hold {
	return staydown.Hold{ID: "h", Scope: staydown.HoldHost, Location: host, Host: host, State: staydown.HoldActive}
}

func hostOf(loc string) string { return Hosts(Target{Location: loc})[0] }

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name string
		h    staydown.Hold
		loc  string
		want bool
	}{
		{"the item", itemHold("https://relay.example/marker/12"), "https://relay.example/marker/12", true},
		{"the item, other scheme", itemHold("https://relay.example/marker/12"), "http://relay.example/marker/12", true},
		{"the item, with www", itemHold("https://relay.example/marker/12"), "https://www.relay.example/marker/12", true},
		{"the item, closing slash", itemHold("https://relay.example/marker/12"), "https://relay.example/marker/12/", true},
		{"another item", itemHold("https://relay.example/marker/12"), "https://relay.example/marker/123", false},
		{"another host", itemHold("https://relay.example/marker/12"), "https://relay2.example/marker/12", false},
		{"case matters in a path", itemHold("https://relay.example/marker/Ab"), "https://relay.example/marker/ab", false},
		{"below the account", accountHold("https://relay.example/marker"), "https://relay.example/marker/12", true},
		{"the account itself", accountHold("https://relay.example/marker"), "https://relay.example/marker", true},
		{"a longer name is another account", accountHold("https://relay.example/marker"), "https://relay.example/marker2/12", false},
		{"the account's public preview", accountHold("https://relay.example/marker"), "https://relay.example/s/marker/12", true},
		{"the account, other letters", accountHold("https://relay.example/@Marker"), "https://relay.example/@marker/12", true},
		{"the account, by parameter", accountHold("https://relay.example/marker"), "https://relay.example/marker?p=2", true},
		{"the same name elsewhere", accountHold("https://relay.example/marker"), "https://wire.example/marker/12", false},
		{"the host", hostHold("relay.example"), "https://relay.example/marker/12", true},
		{"below the host", hostHold("relay.example"), "https://cdn.relay.example/x", true},
		{"above the host", hostHold("cdn.relay.example"), "https://relay.example/x", false},
		{"a host that ends alike", hostHold("relay.example"), "https://farrelay.example/x", false},
		{"no address", hostHold("relay.example"), "relay.example", false},
		{"no address, item", itemHold("https://relay.example/1"), "", false},
	} {
		if got := Match(c.h, c.loc); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAnswer(t *testing.T) {
	post := func(loc, account string) Target { return Target{Location: loc, Account: account, Kind: "post"} }
	lifted := itemHold("https://relay.example/marker/12")
	lifted.State = staydown.HoldLifted
	for _, c := range []struct {
		name  string
		holds []staydown.Hold
		t     Target
		want  staydown.Act
	}{
		{"nothing is held", nil, post("https://relay.example/marker/12", ""), "clear"},
		{"the item is held", []staydown.Hold{itemHold("https://relay.example/marker/12")}, post("https://relay.example/marker/12", ""), "hold"},
		{"a lifted hold holds nothing", []staydown.Hold{lifted}, post("https://relay.example/marker/12", ""), "clear"},
		{"another posting of the account is held", []staydown.Hold{itemHold("https://relay.example/marker/13")}, post("https://relay.example/marker/12", ""), "answer_partly"},
		{"a posting of another account is held", []staydown.Hold{itemHold("https://relay.example/other/13")}, post("https://relay.example/marker/12", ""), "clear"},
		{"the account is held", []staydown.Hold{accountHold("https://relay.example/marker")}, post("https://relay.example/marker/12", ""), "hold"},
		{"the account is held, seen by its handle", []staydown.Hold{accountHold("https://video.example/@marker")}, post("https://video.example/watch?v=abcdef", "@Marker"), "hold"},
		{"the account is held, seen by its address", []staydown.Hold{accountHold("https://video.example/@marker")}, post("https://video.example/watch?v=abcdef", "https://video.example/@marker"), "hold"},
		{"a clip of the publisher is held", []staydown.Hold{itemHold("https://video.example/@marker/video/77777")}, post("https://video.example/watch?v=abcdef", "@marker"), "answer_partly"},
		{"the host is held", []staydown.Hold{hostHold("relay.example")}, post("https://relay.example/marker/12", ""), "hold"},
		{"the account would go, a posting is held", []staydown.Hold{itemHold("https://relay.example/marker/13")}, Target{Location: "https://relay.example/marker", Kind: "account"}, "hold"},
		{"the preview of the account would go", []staydown.Hold{itemHold("https://relay.example/marker/13")}, Target{Location: "https://relay.example/s/marker", Kind: "account"}, "hold"},
		{"the site would go", []staydown.Hold{itemHold("https://relay.example/marker/13")}, Target{Location: "https://relay.example/", Kind: "site"}, "hold"},
		{"a page of the site would go", []staydown.Hold{itemHold("https://relay.example/marker/13")}, Target{Location: "https://relay.example/about.html", Kind: "page"}, "clear"},
		{"hold goes before partial", []staydown.Hold{itemHold("https://relay.example/marker/13"), hostHold("relay.example")}, post("https://relay.example/marker/12", ""), "hold"},
	} {
		got, h := Answer(c.holds, c.t)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if (h.ID == "") != (got == "clear") {
			t.Errorf("%s: answered by %q", c.name, h.ID)
		}
	}
}

func TestTheAnswerDoesNotHangOnTheOrderOfTheHolds(t *testing.T) {
	a, b := itemHold("https://relay.example/marker/12"), hostHold("relay.example")
	post := Target{Location: "https://relay.example/marker/12"}
	_, x := Answer([]staydown.Hold{a, b}, post)
	_, y := Answer([]staydown.Hold{b, a}, post)
	if x.ID != y.ID {
		t.Errorf("%s or %s", x.ID, y.ID)
	}
}

func TestStepsFromEveryStateToEveryAnswer(t *testing.T) {
	goes := map[staydown.QueryState]bool{staydown.QueryClear: true, staydown.QueryPartial: true}
	for _, from := range staydown.QueryTable.States() {
		if from == "" {
			continue
		}
		for _, answer := range []staydown.Act{"clear", "hold", "answer_partly"} {
			state := from
			for _, act := range Steps(from, answer) {
				to, err := staydown.QueryTable.Next("query", state, act)
				if err != nil {
					t.Fatalf("%s to %s: %v", from, answer, err)
				}
				state = to
			}
			switch answer {
			case "hold":
				if state != staydown.QueryHeld {
					t.Errorf("from %s, hold ends in %s", from, state)
				}
			default:
				if !goes[state] {
					t.Errorf("from %s, %s ends in %s", from, answer, state)
				}
			}
			if again := Steps(state, answer); len(again) != 0 && answer != "clear" {
				t.Errorf("from %s, %s has to be said twice: %v", from, answer, again)
			}
		}
	}
}

func TestMayGo(t *testing.T) {
	q := func(way string, state staydown.QueryState) staydown.Query {
		return staydown.Query{By: way, State: state}
	}
	let := q(ByPhone, staydown.QueryNoAnswer)
	let.DecidedBy = "leo"
	for _, state := range staydown.QueryTable.States() {
		want := state == staydown.QueryClear || state == staydown.QueryPartial
		if got := MayGo("post", []staydown.Query{q(BySystem, state)}); got != want {
			t.Errorf("system says %q: %v", state, got)
		}
		if got := MayGo("post", []staydown.Query{q(BySystem, staydown.QueryClear), q(ByPhone, state)}); got != want {
			t.Errorf("by phone %q: %v", state, got)
		}
	}
	for name, c := range map[string]struct {
		kind    string
		queries []staydown.Query
		want    bool
	}{
		"nobody asked":                     {"post", nil, false},
		"asked by phone alone":             {"post", []staydown.Query{q(ByPhone, staydown.QueryClear)}, false},
		"silence, let go by a person":      {"post", []staydown.Query{q(BySystem, staydown.QueryClear), let}, true},
		"partial, and it is the account":   {"account", []staydown.Query{q(BySystem, staydown.QueryPartial)}, false},
		"clear, and it is the account":     {"account", []staydown.Query{q(BySystem, staydown.QueryClear)}, true},
		"let go by a person, held by none": {"post", []staydown.Query{q(BySystem, staydown.QueryHeld), let}, false},
	} {
		if got := MayGo(c.kind, c.queries); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	old, young := q(ByPhone, staydown.QueryHeld), q(ByPhone, staydown.QueryClear)
	old.ID, young.ID = "1", "2"
	if !MayGo("post", []staydown.Query{young, old, q(BySystem, staydown.QueryClear)}) {
		t.Error("the newest answer by one way does not count")
	}
}

func TestSpellingsAndHosts(t *testing.T) {
	h := itemHold("https://www.relay.example/s/marker?p=1")
	got := Spellings(h)
	for _, want := range []string{"http://relay.example/s/marker?p=1", "https://www.relay.example/s/marker/", "https://relay.example/", "http://relay.example/s"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing in %v", want, got)
		}
	}
	if n := len(Spellings(itemHold("https://relay.example" + strings.Repeat("/a", 1500)))); n > mostAbove*8 {
		t.Errorf("%d spellings", n)
	}
	if got := Hosts(Target{Location: "https://www.a.relay.example/x", Account: "https://b.example/@m"}); !slices.Equal(got, []string{"a.relay.example", "relay.example", "example", "b.example"}) {
		t.Errorf("hosts %v", got)
	}
	if got := Hosts(Target{Location: "nonsense", Account: "@handle"}); len(got) != 0 {
		t.Errorf("hosts of nothing: %v", got)
	}
}
