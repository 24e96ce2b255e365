package practice

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// incoming is a letter at the door, not taken in yet.
type incoming struct {
	wire     Wire
	provider world.Provider
	channel  world.Channel
	key      string // what makes two deliveries the same: Idempotency-Key, or Message-ID
	door     string
	signed   bool
}

// verdict is what the sender is told.
type verdict struct {
	status  int // as in HTTP; the mail server translates it
	receipt string
	at      time.Time
	retry   time.Duration
	cut     bool // taken in, but the sender is to hear nothing
	text    string
}

// doubledMark stands in the copy that tampering writes of a letter.
const doubledMark = "copy"

// receive decides about a letter and writes the truth before it returns.
func (h *House) receive(in incoming) (verdict, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.now
	// The letter's own time counts when it was written after the last word
	// about the time; a year is more than any exercise lasts.
	if sent := in.wire.SentAt; sent.After(at) && sent.Before(world.Horizon.AddDate(1, 0, 0)) {
		at = sent
	}
	if receipt, ok := h.drops.receipts[in.key]; ok {
		return verdict{status: http.StatusAccepted, receipt: receipt, at: at}, nil
	}
	event := Event{Kind: KindLetter, At: at, Provider: in.provider.Name, Channel: string(in.channel), Message: in.wire.Message, Key: in.key, Letter: in.wire.Letter,
		LetterKind: in.wire.Kind, Reference: in.wire.Reference, AnswerURL: in.wire.AnswerURL, Door: in.door, Signed: in.signed, Lines: h.state.asked(in.wire)}
	if receipt, ok := h.state.seen[in.key]; ok {
		event.Kind, event.Receipt, event.Lines = KindDuplicateDelivery, receipt, nil
		return verdict{status: http.StatusAccepted, receipt: receipt, at: at}, h.commit(event)
	}
	if v, kind := h.turnAway(in, event); kind != "" {
		event.Kind, event.Status, event.Lines = kind, v.status, nil
		return v, h.commit(event)
	}
	event.Receipt = fmt.Sprintf("%s-%d", in.provider.Name, h.journal.n+1)
	v := verdict{status: http.StatusAccepted, receipt: event.Receipt, at: at}
	events := []Event{event}
	if in.channel == world.ByWebhook {
		drop, double := h.state.tamper.falsify()
		if drop {
			return v, h.drops.add(in.key, event.Receipt)
		}
		if double {
			again := event
			again.Message, again.Key, again.Reason = event.Message+"-2", event.Key+"-2", doubledMark
			events = append(events, again)
		}
		if h.once(KindCut, in.wire.Letter) && h.badHour(25, "cut", event) {
			v.cut = true
			events = append(events, Event{Kind: KindCut, At: at, Provider: in.provider.Name, Letter: in.wire.Letter, Message: in.wire.Message})
		}
	}
	return v, h.commit(events...)
}

// once says whether something of a kind has not happened to a letter yet.
func (h *House) once(kind, letter string) bool { return !h.state.turned[kind+letter] }

// badHour says whether a provider has trouble of some kind in this hour of
// simulated time. What a letter meets depends on when it comes and on nothing
// else: which lines share a letter may differ between two runs of one seed.
func (h *House) badHour(permille int, trouble string, e Event) bool {
	which := 0
	for i, p := range h.world.Providers {
		if p.Name == e.Provider {
			which = i
		}
	}
	return h.world.Chance(permille, trouble, which, int(e.At.Unix()/3600))
}

// turnAway decides whether a letter is not taken in now, and what that is
// called in the truth; "" takes it in.
func (h *House) turnAway(in incoming, e Event) (verdict, string) {
	hour := e.At.Unix() / 3600
	if taken := h.state.taken[in.provider.Name][hour]; taken > 0 && taken+len(e.Lines) > in.provider.PerHour {
		wait := time.Duration((hour+1)*3600-e.At.Unix()) * time.Second
		return verdict{status: http.StatusTooManyRequests, retry: wait, text: "capacity reached"}, KindTurnedAway
	}
	if !h.once(KindTurnedAway, e.Letter) || !h.once(KindBounced, e.Letter) {
		return verdict{}, ""
	}
	switch {
	case in.channel == world.ByEmail && h.badHour(70, "bounced", e):
		return verdict{status: http.StatusGone, text: "mailbox disabled, this account is not receiving messages"}, KindBounced
	case in.channel == world.ByEmail && h.badHour(120, "greylisted", e):
		return verdict{status: http.StatusServiceUnavailable, retry: 5 * time.Minute, text: "greylisted, try again later"}, KindTurnedAway
	case in.channel == world.ByWebhook && h.badHour(50, "busy", e):
		return verdict{status: http.StatusTooManyRequests, retry: 20 * time.Minute, text: "too many requests"}, KindTurnedAway
	case in.channel == world.ByWebhook && h.badHour(50, "down", e):
		return verdict{status: http.StatusServiceUnavailable, text: "maintenance"}, KindTurnedAway
	}
	return verdict{}, ""
}

func lower(s string) string { return strings.ToLower(s) }
