package referral

import (
	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/law"
)

// Preview is the message of a letter as it leaves, without the link that opens the provider's door. Where none is written
// yet, its identity and time are still open.
func (d *Desk) Preview(view LetterView) connector.Message {
	p := parcel{letter: view.Letter, provider: view.Provider, sender: view.Sender, lines: view.Lines, message: staydown.Message{Kind: string(connector.Referral)}}
	for _, m := range view.Messages {
		if m.Kind == string(connector.Referral) {
			p.message = m
		}
	}
	m := d.message(p)
	m.DoorLink = ""
	return m
}

// message is what leaves, the same bytes on every try.
func (d *Desk) message(p parcel) connector.Message {
	instrument, _ := law.Get(p.letter.Instrument)
	m := connector.Message{ID: string(p.message.ID), IdempotencyKey: string(p.message.ID), Kind: connector.Kind(p.message.Kind), Letter: string(p.letter.ID),
		Reference: p.letter.Reference, Instrument: p.letter.Instrument, Binding: instrument.Binding,
		Sender:    connector.Sender{ID: string(p.sender.ID), Authority: p.sender.Name, Country: p.sender.Country, Desk: p.letter.DeskCode, Email: p.sender.Email},
		Statement: instrument.Text(p.provider.Language, p.sender), Language: p.provider.Language, SentAt: p.message.WrittenAt,
		MailID: connector.MailID(string(p.message.ID), d.MailDomain),
		To:     connector.Recipient{Name: p.provider.Name, Email: p.provider.Email, Webhook: p.provider.Webhook}}
	if d.AnswerURL != nil {
		m.AnswerURL = d.AnswerURL(p.letter.ID)
	}
	if d.DoorLink != nil {
		m.DoorLink = d.DoorLink(p.letter.ID)
	}
	if p.follows != "" {
		m.InReplyTo = connector.MailID(string(p.follows), d.MailDomain)
	}
	if p.message.Kind == "withdrawal" {
		m.Statement = withdrawal(p.provider.Language, p.sender.Name, p.letter.WithdrawnWhy)
	}
	if d.NoOversight {
		m.Statement += " " + withoutOverseer(p.provider.Language)
	}
	for _, ln := range p.lines {
		// A line taken out of the draft never left; a withdrawal names every line that did.
		if ln.State == staydown.LineWithdrawn && p.letter.State != staydown.LetterWithdrawn {
			continue
		}
		if p.message.Kind == "reminder" && ln.State != staydown.LineAsked && ln.State != staydown.LineNeedMore {
			continue
		}
		m.Lines = append(m.Lines, connector.Line{ID: string(ln.ID), URL: ln.Location, Kind: ln.Kind, Ground: ln.Ground, Clause: ln.Clause, Explanation: ln.Explanation})
	}
	return m
}

// withdrawal is what a letter says that takes another one back.
func withdrawal(lang, sender, why string) string {
	if lang == "ar" {
		return sender + " تسحب هذا الخطاب وتطلب منكم إعادة ما أزلتموه بسببه. السبب: " + why
	}
	return sender + " withdraws this letter and asks you to restore what you removed because of it. Reason: " + why
}

// withoutOverseer is what a notice says where nobody independent looks over the desk's shoulder.
func withoutOverseer(lang string) string {
	if lang == "ar" {
		return "لا توجد رقابة مستقلة على هذا المكتب."
	}
	return "There is no independent oversight of this desk."
}
