package connectortest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// Run puts a wire through everything providers do. New starts a provider and
// returns the wire to it; it is called once for each case.
func Run(t *testing.T, start func(t *testing.T) (connector.Connector, Provider)) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			wire, provider := start(t)
			m := Letter()
			provider.Address(&m)
			c.run(&test{T: t, wire: wire, provider: provider, m: m})
		})
	}
}

// test is one case with its wire, its provider and a letter to it.
type test struct {
	*testing.T
	wire     connector.Connector
	provider Provider
	m        connector.Message
}

var cases = []struct {
	name string
	run  func(*test)
}{
	{"accepted", func(t *test) { t.send(Accept, taken(t)); t.wantTaken(1) }},
	{"refused", func(t *test) { t.send(Refuse, connector.Refused); t.wantTaken(0) }},
	{"busy", busy},
	{"broken", func(t *test) { t.send(Break, connector.Retry); t.wantTaken(0) }},
	{"answer lost after it was taken", func(t *test) { t.send(LoseAnswer, connector.Unknown); t.wantTaken(1) }},
	{"answer lost, then sent again", func(t *test) { t.send(LoseAnswer, connector.Unknown); t.again() }},
	{"duplicate", func(t *test) { t.send(Accept, taken(t)); t.again() }},
	{"slow with the letter", func(t *test) { t.held(Slow, connector.Unknown) }},
	{"slow before the letter", func(t *test) { t.held(Silent, connector.Retry); t.wantTaken(0) }},
	{"redirected", redirected},
	{"malformed answer", func(t *test) { t.send(Malform, connector.Unknown) }},
	{"closed midway", closedMidway},
	{"TLS not trusted", func(t *test) { t.send(BadTLS, connector.Retry); t.wantTaken(0) }},
	{"endless answer", endlessAnswer},
	{"cancelled before it began", cancelled},
	{"nobody there", nobodyThere},
	{"no address", noAddress},
	{"out of bounds", outOfBounds},
	{"many at once", manyAtOnce},
}

// taken is the best outcome the wire can have.
func taken(t *test) connector.Outcome {
	if t.wire.Capabilities().Receipts {
		return connector.Accepted
	}
	return connector.Delivered
}

// send sends the letter to a provider of that behaviour and checks the outcome.
func (t *test) send(b Behaviour, want ...connector.Outcome) connector.Result {
	t.Helper()
	t.provider.Behave(b)
	// Against a wire that waits for ever; nothing below waits so long on purpose.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return t.sendIn(ctx, want...)
}

func (t *test) sendIn(ctx context.Context, want ...connector.Outcome) connector.Result {
	t.Helper()
	got, err := t.wire.Send(ctx, t.m)
	if err != nil {
		t.Fatalf("sending: %v", err)
	}
	if !slices.Contains(want, got.Outcome) {
		t.Fatalf("outcome %q (%s), wanted %q", got.Outcome, got.Detail, want)
	}
	t.sound(got)
	return got
}

// sound checks what holds of every result.
func (t *test) sound(got connector.Result) {
	t.Helper()
	if got.At.IsZero() {
		t.Error("no time in the result")
	}
	if strings.Contains(fmt.Sprintf("%+v", got), Token) {
		t.Errorf("the result tells what opens the door: %+v", got)
	}
	if strings.ContainsAny(got.Detail, "\r\n\x00") || len(got.Detail) > 400 {
		t.Errorf("the detail is not one short line: %q", got.Detail)
	}
	if got.Outcome != connector.Retry && got.After != 0 {
		t.Errorf("%q with a time to wait", got.Outcome)
	}
	if (got.Outcome == connector.Accepted) != (got.Receipt != "") {
		t.Errorf("%q with receipt %q", got.Outcome, got.Receipt)
	}
	if got.Outcome != connector.Accepted && got.Outcome != connector.Delivered && got.Detail == "" {
		t.Errorf("%q without a word on why", got.Outcome)
	}
}

func (t *test) wantTaken(n int) {
	t.Helper()
	if got := len(t.provider.Taken()); got != n {
		t.Errorf("the provider acted on %d letters, wanted %d", got, n)
	}
}

// again sends the letter a second time, to a provider that took it already. A
// wire with one effect per message leaves it at one; any other must show the
// repeat under the same key, so that the provider can tell.
func (t *test) again() {
	t.Helper()
	t.send(Accept, taken(t))
	letters := t.provider.Taken()
	want := 2
	if t.wire.Capabilities().Idempotent {
		want = 1
	}
	if len(letters) != want {
		t.Fatalf("the provider acted on %d letters, wanted %d", len(letters), want)
	}
	if letters[0].Key == "" || letters[0].Key != letters[len(letters)-1].Key {
		t.Errorf("the repeat has another key: %q, then %q", letters[0].Key, letters[len(letters)-1].Key)
	}
}

func busy(t *test) {
	got := t.send(Busy, connector.Retry)
	want := time.Duration(0)
	if t.wire.Capabilities().RetryAfter {
		want = Wait * time.Second
	}
	if got.After != want {
		t.Errorf("after %s, wanted %s", got.After, want)
	}
	t.wantTaken(0)
}

// held cancels a send while the provider holds the caller, and not before.
func (t *test) held(b Behaviour, want connector.Outcome) {
	t.Helper()
	t.provider.Behave(b)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-t.provider.Holds(); cancel() }()
	t.sendIn(ctx, want)
}

func redirected(t *test) {
	t.send(Redirect, connector.Refused)
	t.wantTaken(0)
	if n := t.provider.Elsewhere(); n != 0 {
		t.Errorf("%d calls at the place the provider named", n)
	}
}

// closedMidway: too little arrived to be taken; whether the wire can tell depends
// on how much of the letter the machine had accepted.
func closedMidway(t *test) {
	for len(t.m.Lines) < connector.MaxLines {
		line := t.m.Lines[0]
		line.Explanation = strings.Repeat("Posts nothing else. ", 800)
		t.m.Lines = append(t.m.Lines, line)
	}
	t.send(Midway, connector.Retry, connector.Unknown)
	t.wantTaken(0)
}

func endlessAnswer(t *test) {
	t.send(TooLong, connector.Unknown)
	if n := t.provider.Written(); n > endless/4 {
		t.Errorf("took %d bytes of answer", n)
	}
}

func cancelled(t *test) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	t.sendIn(ctx, connector.Retry)
	t.wantTaken(0)
}

func nobodyThere(t *test) {
	stop, ok := t.provider.(interface{ Stop() })
	if !ok {
		t.Fatal("this provider cannot be stopped")
	}
	stop.Stop()
	t.send(Accept, connector.Retry)
}

func noAddress(t *test) {
	t.m.To = connector.Recipient{Name: "relay"}
	t.refuseToSend()
}

func outOfBounds(t *test) {
	t.m.Lines = make([]connector.Line, t.wire.Capabilities().MaxLines+1)
	for i := range t.m.Lines {
		t.m.Lines[i] = connector.Line{ID: fmt.Sprint(i), URL: "https://relay.example/c"}
	}
	t.refuseToSend()
}

// refuseToSend checks that the wire gives an error and nothing leaves.
func (t *test) refuseToSend() {
	t.Helper()
	if got, err := t.wire.Send(context.Background(), t.m); err == nil {
		t.Errorf("sent: %+v", got)
	} else if strings.Contains(err.Error(), Token) {
		t.Errorf("the error tells what opens the door: %v", err)
	}
	t.wantTaken(0)
}

func manyAtOnce(t *test) {
	const n = 8
	done := make(chan error, n)
	for i := range n {
		m := t.m
		m.ID = fmt.Sprintf("01M0000000000000000000010%d", i)
		m.IdempotencyKey, m.MailID = m.ID, connector.MailID(m.ID, "unit-a.example")
		go func() {
			got, err := t.wire.Send(context.Background(), m)
			if err == nil && got.Outcome != taken(t) {
				err = fmt.Errorf("%s: %s", got.Outcome, got.Detail)
			}
			done <- err
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.wantTaken(n)
}
