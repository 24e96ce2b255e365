package connectortest

import (
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// Token is what opens the provider's door in [Letter]. Nothing a wire reports may
// hold it.
const Token = "tokenThatOpensTheDoor7Jk2pQx9"

// SentAt is when [Letter] leaves, on the desk's clock.
var SentAt = time.Date(2019, 11, 22, 8, 30, 0, 0, time.UTC)

// Letter returns a message with two lines that any wire can send once a
// recipient's address is put into it.
func Letter() connector.Message {
	return connector.Message{
		ID:             "01M00000000000000000000001",
		IdempotencyKey: "01M00000000000000000000001",
		Kind:           connector.Referral,
		Letter:         "01L00000000000000000000001",
		Reference:      "BE-2019-00042",
		Instrument:     "referral",
		Sender:         connector.Sender{ID: "unit-a", Authority: "Practice unit A", Country: "BE", Desk: "A-7", Email: "desk@unit-a.example"},
		Statement:      "Voluntary referral under the provider's own terms.",
		Language:       "en",
		SentAt:         SentAt,
		AnswerURL:      "https://desk.unit-a.example/api/v1/provider/letters/01L00000000000000000000001/answers",
		DoorLink:       "https://door.unit-a.example/p/" + Token,
		MailID:         connector.MailID("01M00000000000000000000001", "unit-a.example"),
		To:             connector.Recipient{Name: "relay"},
		Lines: []connector.Line{
			{ID: "01N00000000000000000000001", URL: "https://relay.example/c/1?a=1&b=<2>", Kind: "video", Ground: "a", Clause: "Terms 4.2",
				Explanation: "Same clip as https://relay.example/c/0, see www.relay.example/help."},
			{ID: "01N00000000000000000000002", URL: "https://relay.example/c/2", Kind: "account", Ground: "terms", Clause: "Terms 4.2",
				Explanation: "Posts nothing else."},
		},
	}
}
