package connector

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind is why a message leaves.
type Kind string

// The kinds of message.
const (
	Referral   Kind = "referral"   // the letter itself
	Reminder   Kind = "reminder"   // the letter again, unanswered so far
	Withdrawal Kind = "withdrawal" // the letter is taken back; restoration is asked for
)

// Message is one letter on its way to one provider, with everything that leaves.
// Its caller has written it down before the first try and gives the same one on
// every further try.
type Message struct {
	ID             string // identifier of the message; stands in what is signed
	IdempotencyKey string // stable over all tries; a provider acts once per key
	Kind           Kind
	Letter         string // identifier of the letter
	Reference      string // what people call the letter, such as BE-2019-00042
	Instrument     string // such as "referral"
	Binding        bool   // whether the provider must obey
	Sender         Sender
	Statement      string // who asks and what it is, as the instrument's file has it
	Language       string // of the recipient, two letters; texts exist in en and ar, others get en
	SentAt         time.Time
	Lines          []Line
	AnswerURL      string // where the provider's system answers
	DoorLink       string // where a person of the provider answers; secret, opens one letter
	MailID         string // Message-ID without brackets, see [MailID]; needed by mail only
	InReplyTo      string // MailID of the message this one follows, or empty
	To             Recipient
}

// Sender is the authority that decided and sends. Law: no letter leaves under
// another's name (docs/design/lifecycle.md, check 6).
type Sender struct {
	ID        string // identifier in this installation; chooses the keys, does not leave
	Authority string // name
	Country   string // two letters
	Desk      string // desk code; stands in the place of a person's name
	Email     string // address of the authority, where answers by mail arrive
}

// Line is one location in a letter.
type Line struct {
	ID          string
	URL         string // exact, as captured
	Kind        string // video, account, ...
	Ground      string // a to e (Law: TCO 2(7)), or terms
	Clause      string // of the provider's terms
	Explanation string // why, in the letter's language
}

// Recipient is where a message goes. A wire takes the field it knows.
type Recipient struct {
	Name    string // of the provider
	Email   string
	Webhook string
}

// Bounds of what may leave.
const (
	MaxLines     = 200
	maxURL       = 8 << 10
	maxText      = 16 << 10
	maxShortText = 1 << 10
)

// MailID makes the Message-ID of a message, without brackets: the identifier at
// the desk's domain, so that it is the same on every try (RFC 5322, 3.6.4).
func MailID(id, domain string) string { return id + "@" + domain }

// Validate checks what every wire needs. Its errors name the field.
func (m Message) Validate() error {
	short := []struct{ name, value string }{
		{"id", m.ID}, {"idempotency key", m.IdempotencyKey}, {"letter", m.Letter}, {"reference", m.Reference},
		{"instrument", m.Instrument}, {"authority", m.Sender.Authority}, {"desk", m.Sender.Desk}, {"sender", m.Sender.ID},
	}
	for _, f := range short {
		if f.value == "" {
			return fmt.Errorf("message %q: %s is empty", m.ID, f.name)
		}
		if err := fits(f.value, maxShortText); err != nil {
			return fmt.Errorf("message %q: %s %w", m.ID, f.name, err)
		}
	}
	switch m.Kind {
	case Referral, Reminder, Withdrawal:
	default:
		return fmt.Errorf("message %q: unknown kind %q", m.ID, m.Kind)
	}
	if !visibleASCII(m.IdempotencyKey) {
		return fmt.Errorf("message %q: idempotency key is not visible ASCII", m.ID)
	}
	if err := fits(m.Statement, maxText); err != nil {
		return fmt.Errorf("message %q: statement %w", m.ID, err)
	}
	if m.SentAt.IsZero() {
		return fmt.Errorf("message %q: no time of sending", m.ID)
	}
	if err := webAddress(m.AnswerURL); err != nil {
		return fmt.Errorf("message %q: answer address %w", m.ID, err)
	}
	if m.DoorLink != "" && webAddress(m.DoorLink) != nil {
		return fmt.Errorf("message %q: door link is no address of the web", m.ID) // never shown: it is a secret
	}
	return m.validateLines()
}

func (m Message) validateLines() error {
	if len(m.Lines) == 0 || len(m.Lines) > MaxLines {
		return fmt.Errorf("message %q: %d lines, wanted 1 to %d", m.ID, len(m.Lines), MaxLines)
	}
	for i, l := range m.Lines {
		if l.ID == "" || l.URL == "" {
			return fmt.Errorf("message %q: line %d has no identifier or no address", m.ID, i+1)
		}
		for _, f := range []struct {
			value string
			most  int
		}{{l.ID, maxShortText}, {l.URL, maxURL}, {l.Kind, maxShortText}, {l.Ground, maxShortText}, {l.Clause, maxText}, {l.Explanation, maxText}} {
			if err := fits(f.value, f.most); err != nil {
				return fmt.Errorf("message %q: line %d %w", m.ID, i+1, err)
			}
		}
	}
	return nil
}

func fits(s string, most int) error {
	if len(s) > most {
		return fmt.Errorf("has %d bytes, at most %d may leave", len(s), most)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("is not UTF-8")
	}
	return nil
}

// webAddress accepts absolute addresses of the web. Plain HTTP passes, for desks
// on a closed network or the machine itself.
func webAddress(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || len(s) > maxURL {
		return fmt.Errorf("is no address of the web")
	}
	return nil
}

func visibleASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
