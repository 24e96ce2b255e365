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
	first := behaviour(event.Lines)
	if v, kind := h.turnAway(in, event, first); kind != "" {
		event.Kind, event.Status, event.Lines, event.Item = kind, v.status, nil, number(first)
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
		if h.once(KindCut, first) && h.world.Chance(25, "cut", first) {
			v.cut = true
			events = append(events, Event{Kind: KindCut, At: at, Provider: in.provider.Name, Letter: in.wire.Letter, Message: in.wire.Message, Item: number(first)})
		}
	}
	return v, h.commit(events...)
}

// once says whether something of a kind has not happened yet to a letter that
// begins with this posting.
func (h *House) once(kind string, first int) bool { return !h.state.turned[turnedKey(kind, first)] }

// turnAway decides whether a letter is not taken in now, and what that is
// called in the truth; "" takes it in.
func (h *House) turnAway(in incoming, e Event, first int) (verdict, string) {
	hour := e.At.Unix() / 3600
	if taken := h.state.taken[in.provider.Name][hour]; taken > 0 && taken+len(e.Lines) > in.provider.PerHour {
		wait := time.Duration((hour+1)*3600-e.At.Unix()) * time.Second
		return verdict{status: http.StatusTooManyRequests, retry: wait, text: "capacity reached"}, KindTurnedAway
	}
	if !h.once(KindTurnedAway, first) || !h.once(KindBounced, first) {
		return verdict{}, ""
	}
	switch {
	case in.channel == world.ByEmail && h.world.Chance(90, "bounced", first):
		return verdict{status: http.StatusGone, text: "mailbox disabled, this account is not receiving messages"}, KindBounced
	case in.channel == world.ByEmail && h.world.Chance(120, "greylisted", first):
		return verdict{status: http.StatusServiceUnavailable, retry: 5 * time.Minute, text: "greylisted, try again later"}, KindTurnedAway
	case in.channel == world.ByWebhook && h.world.Chance(40, "busy", first):
		return verdict{status: http.StatusTooManyRequests, retry: 20 * time.Minute, text: "too many requests"}, KindTurnedAway
	case in.channel == world.ByWebhook && h.world.Chance(40, "down", first):
		return verdict{status: http.StatusServiceUnavailable, text: "maintenance"}, KindTurnedAway
	}
	return verdict{}, ""
}

func lower(s string) string { return strings.ToLower(s) }
