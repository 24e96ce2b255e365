package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kills is how many times a run is killed at an event count.
const kills = 10

// TestKills runs an action day twice from one seed: once undisturbed, and once
// killed, at ten event counts drawn from a printed seed, and at each named fail
// point. Started again each time, the second must come to the same end, without
// a letter lost or doubled.
//
// STAYDOWN_KILL_SEED=N repeats the counts of an earlier run.
func TestKills(t *testing.T) {
	story(t)
	seed := killSeed(t)
	items := 2000
	if testing.Short() {
		items = 200
	}
	whole := exercise{dir: t.TempDir(), items: items, seed: seed % 1000}
	want, first := whole.run(t)
	events := whole.sound(t)
	t.Logf("%d items, seed %d: %d events, %s undisturbed", items, whole.seed, events, first.took.Round(time.Second/10))

	killed := exercise{dir: t.TempDir(), items: items, seed: whole.seed}
	tried := killed.kill(t, plan(seed, events))
	got, end := killed.run(t)
	t.Logf("killed %d times, then %s to the end", len(tried), end.took.Round(time.Second/10))

	sameCounts(t, want, got)
	killed.sound(t)
	killed.onceEach(t, tried)
}

func killSeed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano()) % 1_000_000
	if text := envSeed(); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("STAYDOWN_KILL_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("the kills are drawn from seed %d; STAYDOWN_KILL_SEED=%d repeats them", seed, seed)
	return seed
}

func envSeed() string { return os.Getenv("STAYDOWN_KILL_SEED") }

// killing is one way to kill a run.
type killing struct {
	name, value string // of the environment
	channel     string // where it strikes at a provider's accept: on this channel; "": on any
}

func (k killing) String() string { return k.name + "=" + k.value }

func at(point, channel string) killing { return killing{"STAYDOWN_FAIL_AT", point, channel} }

// plan draws the event counts, one in each tenth of four fifths of the run (work done
// twice makes it longer), and puts the named points among them. A checkpoint comes
// at every start; letters leave from the first afternoon on, so the points that
// want one come later.
func plan(seed uint64, events int) []killing {
	draw := rand.New(rand.NewPCG(seed, 1))
	tenth := events * 4 / 5 / kills
	var counts []int
	for i := range kills {
		counts = append(counts, i*tenth+1+draw.IntN(tenth))
	}
	var all []killing
	done := 0
	for i, n := range counts {
		all = append(all, killing{"STAYDOWN_KILL_AT_EVENT", strconv.Itoa(n - done), ""})
		done = n
		switch i {
		case 1:
			all = append(all, at("checkpoint", ""))
		case 4:
			all = append(all, at("accepted", ""), at("accepted/email", "email"))
		case 5:
			all = append(all, at("commit", ""))
		case 7:
			all = append(all, at("accepted/email", "email"), at("accepted/webhook", "webhook"))
		}
	}
	return all
}

// kill starts the run once for every killing and wants it to die of it.
func (x exercise) kill(t *testing.T, all []killing) []killing {
	t.Helper()
	for i, k := range all {
		before := 0
		if i > 0 {
			before = len(truthOf(t, x.dir))
		}
		s := run(t, []string{fmt.Sprint(k)}, x.args()...)
		if s.signal != syscall.SIGKILL {
			t.Fatalf("killing %d (%s): the run ended with %d (signal %v), not killed\n%s", i+1, k, s.code, s.signal, tail(s.err))
		}
		t.Logf("killed by %s after %s", k, s.took.Round(time.Second/10))
		if now := truthOf(t, x.dir)[before:]; k.channel != "" && !came(now, k.channel) {
			t.Fatalf("killing %d (%s): no letter came by %s since the start", i+1, k, k.channel)
		}
	}
	return all
}

// sameCounts wants two ends to tell the same figures.
func sameCounts(t *testing.T, want, got verdict) {
	t.Helper()
	for _, side := range []struct {
		name      string
		want, got map[string]int
	}{{"desk", want.counts, got.counts}, {"truth", want.truth, got.truth}} {
		for _, key := range countKeys {
			w, ok := side.want[key]
			if g := side.got[key]; ok && g != w {
				t.Errorf("%s: %s is %d after the kills, %d undisturbed", side.name, key, g, w)
			}
		}
	}
	for _, key := range []string{"holds_breached", "doubled", "lost"} {
		if got.counts[key] != 0 {
			t.Errorf("%s is %d", key, got.counts[key])
		}
	}
	if diff := cmp.Diff(want.row["providers"], got.row["providers"]); diff != "" {
		t.Errorf("the table per provider differs:\n%s", diff)
	}
	if t.Failed() {
		t.Logf("undisturbed: %v\nafter the kills: %v\n%v", want.counts, got.counts, got.Differences)
	}
}

// countKeys is every count of the last row that must not depend on kills. How many
// deliveries nobody can be sure of is the one that may.
var countKeys = []string{"items", "assessed", "lawful_stopped", "wrongly_referred", "terms_only", "referred", "delivered", "gone", "gone_by_author", "refused",
	"no_answer", "returned", "stopped", "holds_breached", "doubled", "lost", "officer_minutes"}

// onceEach holds the desk's letters against what the providers took in: by webhook
// each message once; by mail the same Message-ID on a repeat, not more repeats than
// kills, each shown as one of which nobody can be sure.
func (x exercise) onceEach(t *testing.T, tried []killing) {
	t.Helper()
	events := truthOf(t, x.dir)
	d := serve(t, x.dir)
	d.as(t, x.dir, "be-lead")
	shown := map[string]message{} // by the key that the provider saw
	for _, l := range d.letters(t) {
		for _, m := range l.Messages {
			key := m.ID
			if m.Channel == "email" {
				key += "@desk.example"
			}
			shown[key] = m
		}
	}
	hooks, again := deliveries(events, "webhook")
	for key, n := range hooks {
		if n != 1 {
			t.Errorf("webhook message %s was taken in %d times", key, n)
		}
	}
	mails, repeats := deliveries(events, "email")
	for key, n := range mails {
		if n != 1 {
			t.Errorf("mail %s was taken in %d times", key, n)
		}
	}
	if n := sum(repeats); n == 0 || n > len(tried) {
		t.Errorf("%d mails came again after %d kills; two kills struck after a mail was accepted", n, len(tried))
	}
	unsure := 0
	for key, n := range repeats {
		if n > 1 {
			t.Logf("mail %s came %d times", key, n+1)
		}
		if m := shown[key]; m.State != "unknown" {
			t.Errorf("mail %s came %d times and is shown as %q", key, n+1, m.State)
		}
	}
	for key, m := range shown {
		taken := hooks[key]+mails[key] == 1
		switch {
		case m.State == "unknown" && m.Channel != "email":
			t.Errorf("a webhook message is in doubt: %+v", m)
		case m.State == "unknown":
			unsure++
		case m.State == "taken" && !taken:
			t.Errorf("%s is shown as taken and never came: %+v", key, m)
		case m.State == "refused" && taken:
			t.Errorf("%s is shown as refused and was taken in: %+v", key, m)
		case m.State != "taken" && m.State != "refused":
			t.Errorf("%s never came to an end: %+v", key, m)
		}
	}
	if unsure > len(tried) {
		t.Errorf("%d mails are in doubt after %d kills", unsure, len(tried))
	}
	for key := range merged(hooks, mails) {
		if _, ok := shown[key]; !ok {
			t.Errorf("a provider has %s, the desk does not", key)
		}
	}
	t.Logf("%d messages by webhook, %d offered again without effect; %d by mail, %d repeated, %d in doubt", len(hooks), sum(again), len(mails), sum(repeats), unsure)
}

func sum(m map[string]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

func merged(a, b map[string]int) map[string]int {
	out := map[string]int{}
	for k, v := range a {
		out[k] += v
	}
	for k, v := range b {
		out[k] += v
	}
	return out
}
