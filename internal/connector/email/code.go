package email

import (
	"context"
	"fmt"
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// Code is a code that opens the provider's door, on its way to the registered
// contact.
type Code struct {
	Authority string // name of the authority whose letter it is
	From, To  string // addresses
	Reference string // of the letter
	Digits    string
	Language  string // two letters
	MailID    string // Message-ID without brackets
	SentAt    time.Time
}

// SendCode mails a code: plain text, the letter's reference in the subject, the
// digits in a line of their own, and no link, so that neither of the two mails
// opens the door alone. It returns an error unless a server took the mail, or may
// have: a code that may have left must stay valid.
func (e *Email) SendCode(ctx context.Context, c Code) error {
	w := speak(c.Language)
	text := fmt.Sprintf("%s\n\nCode: %s\n\n%s\n", fmt.Sprintf(w.codeFor, tame(c.Authority), tame(c.Reference)), c.Digits, w.codeNote)
	result, err := e.SendNote(ctx, Note{
		Authority: c.Authority, From: c.From, To: c.To, Subject: fmt.Sprintf("[%s] %s", c.Reference, w.codeTitle),
		Text: text, MailID: c.MailID, Language: w.code, SentAt: c.SentAt, Secret: c.Digits,
	})
	if err != nil {
		return err
	}
	switch result.Outcome {
	case connector.Delivered, connector.Unknown:
		return nil
	}
	return fmt.Errorf("mailing a code for letter %s: %s: %s", c.Reference, result.Outcome, result.Detail)
}
