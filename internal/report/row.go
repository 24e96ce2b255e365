package report

import (
	"time"

	"github.com/staydown/staydown"
)

// Row is one item with all that the figures count.
type Row struct {
	Item       staydown.ID          `json:"item"`
	Location   string               `json:"location"`
	Provider   string               `json:"provider"` // its name in the register; empty for none
	ProviderID staydown.ID          `json:"provider_id,omitempty"`
	Owner      staydown.ID          `json:"owner"` // the unit whose lead made it
	Kind       string               `json:"kind,omitempty"`
	Language   string               `json:"language,omitempty"`
	State      staydown.ItemState   `json:"state"`
	Reason     string               `json:"reason,omitempty"` // why it could not be captured
	Leads      int                  `json:"leads"`
	SeenAt     time.Time            `json:"seen_at,omitzero"`
	CapturedAt time.Time            `json:"captured_at,omitzero"`
	Verdict    staydown.Verdict     `json:"verdict,omitempty"`
	Ground     staydown.Ground      `json:"ground,omitempty"`
	DecidedAt  time.Time            `json:"decided_at,omitzero"`
	Query      string               `json:"query,omitempty"`  // the latest answer of the other authorities
	Letter     staydown.ID          `json:"letter,omitempty"` // the latest
	LetterIs   staydown.LetterState `json:"letter_state,omitempty"`
	Line       staydown.ID          `json:"line,omitempty"`
	SentAt     time.Time            `json:"sent_at,omitzero"`
	Delivered  bool                 `json:"delivered"` // the provider's channel took the letter
	TheySay    staydown.LineState   `json:"they_say,omitempty"`
	AnsweredAt time.Time            `json:"answered_at,omitzero"`
	WeSaw      staydown.Sight       `json:"we_saw,omitempty"`
	WeSawCause string               `json:"we_saw_cause,omitempty"`
	WeSawAt    time.Time            `json:"we_saw_at,omitzero"`
	GoneAt     time.Time            `json:"gone_at,omitzero"`    // when we first saw it gone
	ReturnOf   string               `json:"return_of,omitempty"` // location of what it goes back to, as a person confirmed
	ReturnOfID staydown.ID          `json:"return_of_id,omitempty"`
	Doubled    bool                 `json:"doubled"` // asked about twice at a time
}
