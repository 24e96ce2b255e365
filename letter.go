package staydown

import "time"

// LetterState is how far a notice has come.
type LetterState string

// The states of a letter.
const (
	LetterDraft           LetterState = "draft"            // lines are put together, checks run
	LetterApproved        LetterState = "approved"         // by another person than the drafter
	LetterSent            LetterState = "sent"             // its message is written and on its way
	LetterDelivered       LetterState = "delivered"        // the channel took it
	LetterFailed          LetterState = "delivery_failed"  // the channel refused it
	LetterDeliveryUnknown LetterState = "delivery_unknown" // the channel may or may not have taken it
	LetterAcknowledged    LetterState = "acknowledged"     // the provider says it has it
	LetterAnswered        LetterState = "answered"         // every line has an answer
	LetterClosed          LetterState = "closed"           // nothing is open
	LetterEscalated       LetterState = "escalated"        // a new decision was taken on it
	LetterWithdrawn       LetterState = "withdrawn"        // taken back; restoration is asked for
)

// LetterTable is the machine of a letter.
var LetterTable = Table[LetterState]{
	{"", "draft", LetterDraft},
	{LetterDraft, "approve", LetterApproved},
	{LetterDraft, "discard", LetterWithdrawn},
	{LetterApproved, "return", LetterDraft},
	{LetterApproved, "send", LetterSent},
	{LetterSent, "deliver", LetterDelivered},
	{LetterSent, "fail", LetterFailed},
	{LetterSent, "lose_sight", LetterDeliveryUnknown},
	{LetterDeliveryUnknown, "deliver", LetterDelivered},
	{LetterDeliveryUnknown, "fail", LetterFailed},
	{LetterFailed, "send", LetterSent},
	{LetterDelivered, "acknowledge", LetterAcknowledged},
	{LetterDeliveryUnknown, "acknowledge", LetterAcknowledged},
	{LetterSent, "acknowledge", LetterAcknowledged},
	{LetterDelivered, "answer", LetterAnswered},
	{LetterDeliveryUnknown, "answer", LetterAnswered},
	{LetterAcknowledged, "answer", LetterAnswered},
	{LetterSent, "answer", LetterAnswered},
	{LetterAnswered, "answer", LetterAnswered},
	{LetterAnswered, "close", LetterClosed},
	{LetterDelivered, "close", LetterClosed},
	{LetterDeliveryUnknown, "close", LetterClosed},
	{LetterAcknowledged, "close", LetterClosed},
	{LetterClosed, "answer", LetterAnswered},
	{LetterAnswered, "escalate", LetterEscalated},
	{LetterAcknowledged, "escalate", LetterEscalated},
	{LetterDelivered, "escalate", LetterEscalated},
	{LetterSent, "withdraw", LetterWithdrawn},
	{LetterDelivered, "withdraw", LetterWithdrawn},
	{LetterFailed, "withdraw", LetterWithdrawn},
	{LetterDeliveryUnknown, "withdraw", LetterWithdrawn},
	{LetterAcknowledged, "withdraw", LetterWithdrawn},
	{LetterAnswered, "withdraw", LetterWithdrawn},
	{LetterClosed, "withdraw", LetterWithdrawn},
	{LetterEscalated, "withdraw", LetterWithdrawn},
}

// Letter is one notice to one provider, with 1 to 200 lines.
type Letter struct {
	ID             ID          `db:"id"`
	Owner          ID          `db:"owner"` // the authority that decided and sends
	Circle         ID          `db:"circle"`
	Campaign       ID          `db:"campaign"`
	Provider       ID          `db:"provider"`
	Instrument     string      `db:"instrument"` // file in internal/law
	State          LetterState `db:"state"`
	Reference      string      `db:"reference"` // what people call it: "BE-2019-00042"
	Channel        string      `db:"channel"`
	Lines          int         `db:"lines"`
	DeskCode       string      `db:"desk_code"`
	DraftedBy      ID          `db:"drafted_by"`
	DraftedAt      time.Time   `db:"drafted_at"`
	ApprovedBy     ID          `db:"approved_by"`
	ApprovedAt     time.Time   `db:"approved_at"`
	Checks         []Finding   `db:"checks"`    // as they stood at approval
	Overrides      []Override  `db:"overrides"` // by a second person, with reasons
	SendAfter      time.Time   `db:"send_after"`
	SentAt         time.Time   `db:"sent_at"`
	DeliveredAt    time.Time   `db:"delivered_at"`
	AcknowledgedAt time.Time   `db:"acknowledged_at"`
	AnsweredAt     time.Time   `db:"answered_at"`
	ClosedAt       time.Time   `db:"closed_at"`
	WithdrawnAt    time.Time   `db:"withdrawn_at"`
	WithdrawnWhy   string      `db:"withdrawn_why"`
	Reminders      int         `db:"reminders"`
	RemindAt       time.Time   `db:"remind_at"`
	Receipt        string      `db:"receipt"`
}

// Finding is the outcome of one of the eleven checks before anything leaves.
type Finding struct {
	Check    int    `json:"check"` // 1-11, as in docs/design/lifecycle.md
	OK       bool   `json:"ok"`
	Warning  bool   `json:"warning,omitempty"`  // told, never a stop
	Override bool   `json:"override,omitempty"` // a second person may override it
	Lines    []ID   `json:"lines,omitempty"`    // which lines are concerned
	Text     string `json:"text"`
}

// Override is a second person's reason for sending in spite of a finding.
type Override struct {
	Check  int       `json:"check"`
	By     ID        `json:"by"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Blocking gives the findings that still stop the letter.
func (l Letter) Blocking(findings []Finding) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.OK || f.Warning || f.Override && l.overridden(f.Check) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func (l Letter) overridden(check int) bool {
	for _, o := range l.Overrides {
		if o.Check == check {
			return true
		}
	}
	return false
}

// Approve lets the letter go out. The approver is never the drafter, and no check may stand against it.
func (l *Letter) Approve(by ID, now time.Time, findings []Finding) (Event, error) {
	if by == l.DraftedBy {
		return Event{}, Errorf(Refused, "letter.same_officer", "who drafted a letter cannot approve it; ask a colleague")
	}
	if b := l.Blocking(findings); len(b) > 0 {
		return Event{}, Errorf(Refused, "letter.check", "check %d stands against it: %s", b[0].Check, b[0].Text)
	}
	return l.act("approve", nil, func() { l.ApprovedBy, l.ApprovedAt, l.Checks = by, now, findings })
}

// Return sends an approved letter back to its drafter.
func (l *Letter) Return(why string) (Event, error) {
	return l.act("return", map[string]any{"why": why}, func() { l.ApprovedBy, l.ApprovedAt = "", time.Time{} })
}

// Discard gives up a draft; its items are free for another letter.
func (l *Letter) Discard(why string, now time.Time) (Event, error) {
	return l.act("discard", map[string]any{"why": why}, func() { l.WithdrawnAt, l.WithdrawnWhy = now, why })
}

// Send notes that the letter's message is written and on its way.
func (l *Letter) Send(message ID, now time.Time) (Event, error) {
	return l.act("send", map[string]any{"message": message, "lines": l.Lines, "provider": l.Provider}, func() { l.SentAt = now })
}

// Deliver notes that the channel took it.
func (l *Letter) Deliver(receipt string, now time.Time) (Event, error) {
	return l.act("deliver", map[string]any{"receipt": receipt}, func() { l.DeliveredAt, l.Receipt = now, receipt })
}

// Fail notes that the channel refused it.
func (l *Letter) Fail(why string) (Event, error) {
	return l.act("fail", map[string]any{"why": why}, func() {})
}

// LoseSight notes that nobody can tell whether the channel took it.
func (l *Letter) LoseSight(why string) (Event, error) {
	return l.act("lose_sight", map[string]any{"why": why}, func() {})
}

// Acknowledge notes that the provider has it.
func (l *Letter) Acknowledge(via string, now time.Time) (Event, error) {
	return l.act("acknowledge", map[string]any{"via": via}, func() { l.AcknowledgedAt = now })
}

// Answer notes that every line has an answer.
func (l *Letter) Answer(via string, now time.Time) (Event, error) {
	return l.act("answer", map[string]any{"via": via}, func() {
		l.AnsweredAt = now
		l.ClosedAt = time.Time{}
	})
}

// Close notes that nothing is open any more.
func (l *Letter) Close(why string, now time.Time) (Event, error) {
	return l.act("close", map[string]any{"why": why}, func() { l.ClosedAt = now })
}

// Escalate notes that a new decision was taken.
func (l *Letter) Escalate(why string) (Event, error) {
	return l.act("escalate", map[string]any{"why": why}, func() {})
}

// Withdraw takes the letter back, also after closing: the provider is asked to restore.
// Law: LED 7(3)
func (l *Letter) Withdraw(why string, now time.Time) (Event, error) {
	if why == "" {
		return Event{}, Errorf(Invalid, "letter.reason", "say why it is withdrawn; the provider is told").At("reason")
	}
	return l.act("withdraw", map[string]any{"why": why}, func() { l.WithdrawnAt, l.WithdrawnWhy = now, why })
}

func (l *Letter) act(a Act, data map[string]any, set func()) (Event, error) {
	to, err := LetterTable.Next("letter", l.State, a)
	if err != nil {
		return Event{}, err
	}
	l.State = to
	set()
	return Event{Act: a, Noun: "letter", Subject: l.ID, Circle: l.Circle, Data: data}, nil
}

// LineState is what the provider says of one location.
type LineState string

// The states of a line.
const (
	LineAsked          LineState = "asked"           // nothing said yet
	LineRemoved        LineState = "removed"         // says it removed it
	LineDisabled       LineState = "disabled"        // says access is disabled in the countries given
	LineRefused        LineState = "refused"         // will not, with a reason
	LineAlreadyGone    LineState = "already_gone"    // was not there any more
	LineNeedMore       LineState = "need_more"       // asks for more
	LineWrongAddressee LineState = "wrong_addressee" // does not host it
	LineNoAnswer       LineState = "no_answer"       // said nothing in time
	LineWithdrawn      LineState = "withdrawn"       // its letter was withdrawn
)

// LineTable is the machine of a line. A provider may correct itself.
var LineTable = lineTable()

func lineTable() Table[LineState] {
	answers := []struct {
		act Act
		to  LineState
	}{
		{"remove", LineRemoved}, {"disable", LineDisabled}, {"refuse", LineRefused}, {"find_gone", LineAlreadyGone},
		{"ask_more", LineNeedMore}, {"point_elsewhere", LineWrongAddressee},
	}
	t := Table[LineState]{{"", "ask", LineAsked}}
	for _, from := range []LineState{LineAsked, LineNeedMore, LineNoAnswer, LineRemoved, LineDisabled, LineRefused, LineAlreadyGone, LineWrongAddressee} {
		for _, a := range answers {
			t = append(t, Step[LineState]{from, a.act, a.to})
		}
		if from == LineAsked || from == LineNeedMore {
			t = append(t, Step[LineState]{from, "give_up", LineNoAnswer})
		}
		t = append(t, Step[LineState]{from, "withdraw", LineWithdrawn})
	}
	return t
}

// LineActs tells which act leads to which answer.
var LineActs = map[LineState]Act{
	LineRemoved: "remove", LineDisabled: "disable", LineRefused: "refuse", LineAlreadyGone: "find_gone",
	LineNeedMore: "ask_more", LineWrongAddressee: "point_elsewhere", LineNoAnswer: "give_up", LineWithdrawn: "withdraw",
}

// Line is one location in a letter.
type Line struct {
	ID          ID        `db:"id"`
	Letter      ID        `db:"letter"`
	Owner       ID        `db:"owner"`
	Circle      ID        `db:"circle"`
	Item        ID        `db:"item"`
	Provider    ID        `db:"provider"`
	Location    string    `db:"location"`
	Kind        string    `db:"kind"`
	Ground      string    `db:"ground"` // a-e, or "terms"
	Clause      string    `db:"clause"`
	Explanation string    `db:"explanation"`
	State       LineState `db:"state"` // the provider's word
	Countries   []string  `db:"countries"`
	Reason      string    `db:"reason"`
	MeasureAt   time.Time `db:"measure_at"` // when the provider says it acted
	AnsweredAt  time.Time `db:"answered_at"`
	WeSaw       Sight     `db:"we_saw"` // our own last sight
	WeSawAt     time.Time `db:"we_saw_at"`
	GoneAt      time.Time `db:"gone_at"`
}

// Say moves the line to what the provider says of it.
func (l *Line) Say(to LineState, countries []string, reason string, now time.Time) (Event, error) {
	act, ok := LineActs[to]
	if !ok {
		return Event{}, Errorf(Invalid, "line.status", "%q is no answer", to).At("status")
	}
	if to == LineRefused && reason == "" {
		return Event{}, Errorf(Invalid, "line.reason", "a refusal needs its reason").At("reason")
	}
	next, err := LineTable.Next("line", l.State, act)
	if err != nil {
		return Event{}, err
	}
	l.State, l.Countries, l.Reason, l.AnsweredAt = next, countries, reason, now
	return Event{Act: act, Noun: "line", Subject: l.ID, Circle: l.Circle,
		Data: map[string]any{"letter": l.Letter, "item": l.Item, "state": next, "countries": countries}}, nil
}

// MessageState is what became of one thing put on a wire.
type MessageState string

// The states of a message.
const (
	MessageWritten MessageState = "written" // identity fixed, not yet tried, or to be tried again
	MessageTrying  MessageState = "trying"  // handed to the channel; a crash here means unknown
	MessageTaken   MessageState = "taken"   // the channel took it
	MessageRefused MessageState = "refused" // the channel refused it
	MessageUnknown MessageState = "unknown" // may have been taken
)

// Message is one thing that leaves: its identity is written before it is sent and kept on every retry.
type Message struct {
	ID        ID           `db:"id"` // Idempotency-Key, and left part of the Message-ID
	Letter    ID           `db:"letter"`
	Owner     ID           `db:"owner"`
	Circle    ID           `db:"circle"`
	Kind      string       `db:"kind"` // referral | reminder | withdrawal
	N         int          `db:"n"`    // 1 for the first of its kind
	Channel   string       `db:"channel"`
	Recipient string       `db:"recipient"`
	State     MessageState `db:"state"`
	Tries     int          `db:"tries"`
	Receipt   string       `db:"receipt"`
	Detail    string       `db:"detail"`
	WrittenAt time.Time    `db:"written_at"`
	SettledAt time.Time    `db:"settled_at"`
}

// Answer is what a provider said, as it came in.
type Answer struct {
	ID     ID        `db:"id"`
	Letter ID        `db:"letter"`
	Owner  ID        `db:"owner"`
	Circle ID        `db:"circle"`
	Via    string    `db:"via"` // api | door | sheet | mail
	Key    string    `db:"key"` // idempotency key, unique within the letter
	Body   string    `db:"body"`
	At     time.Time `db:"at"`
}
