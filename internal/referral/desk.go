// Package referral gets a finding to the provider that can act on it: it puts standing findings into letters, checks them
// eleven ways, lets a second person approve, sends over the provider's own channel, takes the answers in, reminds, and
// takes letters back. It also keeps the campaigns that letters belong to and the register of providers.
//
// Nothing here sends by itself: a letter leaves because one person drafted it and another approved it. What may stop it is
// in check.go, as pure functions over facts loaded in the same transaction.
package referral

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/connector"
)

// Tx is what one change of this package needs.
type Tx interface {
	Now() time.Time
	NewID() staydown.ID
	Event(staydown.Event) error
	Job(staydown.Job) error
	NextNumber(name string) (int, error)
	Join(circle, member staydown.ID) error

	Authority(staydown.ID) (staydown.Authority, error)
	Person(staydown.ID) (staydown.Person, error)
	Provider(staydown.ID) (staydown.Provider, error)
	AddProvider(staydown.Provider) error
	PutProvider(staydown.Provider) error
	Campaign(staydown.ID) (staydown.Campaign, error)
	AddCampaign(staydown.Campaign) error
	PutCampaign(staydown.Campaign) error

	ReadyItems(authority, circle, provider staydown.ID, limit int) ([]staydown.Item, error)
	Items(ids []staydown.ID) ([]staydown.Item, error)
	Assessments(ids []staydown.ID) ([]staydown.Assessment, error)
	LatestQueries(items []staydown.ID) (map[staydown.ID]staydown.Query, error)
	AskedElsewhere(letter staydown.ID, instrument string, locations []string) (map[string]bool, error)
	LinesSentSince(provider staydown.ID, since time.Time) (int, error)

	Item(staydown.ID) (staydown.Item, error)
	PutItem(staydown.Item) error
	Letter(staydown.ID) (staydown.Letter, error)
	AddLetter(staydown.Letter) error
	PutLetter(staydown.Letter) error
	Line(staydown.ID) (staydown.Line, error)
	LinesOf(letter staydown.ID) ([]staydown.Line, error)
	AddLine(staydown.Line) error
	PutLine(staydown.Line) error
	Message(staydown.ID) (staydown.Message, error)
	MessagesOf(letter staydown.ID) ([]staydown.Message, error)
	AddMessage(staydown.Message) error
	PutMessage(staydown.Message) error
	HasAnswer(letter staydown.ID, key string) (bool, error)
	AddAnswer(staydown.Answer) error
	AddDoorToken(hash string, letter, provider staydown.ID, expires time.Time) error
}

// Store is what this package needs of the store.
type Store interface {
	Act(ctx context.Context, c access.Caller, fn func(Tx) error) error
	Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(Tx) error) error
	Now() time.Time

	Letter(ctx context.Context, id staydown.ID) (staydown.Letter, error)
	Letters(ctx context.Context, circles []staydown.ID, f Filter) ([]staydown.Letter, error)
	LinesOf(ctx context.Context, letter staydown.ID) ([]staydown.Line, error)
	MessagesOf(ctx context.Context, letter staydown.ID) ([]staydown.Message, error)
	AnswersOf(ctx context.Context, letter staydown.ID) ([]staydown.Answer, error)
	Provider(ctx context.Context, id staydown.ID) (staydown.Provider, error)
	Providers(ctx context.Context) ([]staydown.Provider, error)
	Campaign(ctx context.Context, id staydown.ID) (staydown.Campaign, error)
	Campaigns(ctx context.Context, circles []staydown.ID) ([]staydown.Campaign, error)
	Authority(ctx context.Context, id staydown.ID) (staydown.Authority, error)
	Ready(ctx context.Context, authority, circle staydown.ID) ([]ReadyRow, error)
}

// Desk is where letters are made, sent and answered.
type Desk struct {
	Store      Store
	Connectors map[string]connector.Connector
	KnownGood  KnownGood
	AnswerURL  func(letter staydown.ID) string // where a provider's system answers
	DoorLink   func(letter staydown.ID) string // where a provider's person answers; nil without a door
	DoorHash   func(letter staydown.ID) string
	MailDomain string // of our Message-IDs
	// NoOversight makes every notice say that this desk has no overseer of its own (docs/design/misuse.md).
	NoOversight bool
	Log         *slog.Logger

	once sync.Once
	one  chan struct{} // see turn
}

// ReadyRow says how many decided items of one provider wait for a letter of the caller's authority.
type ReadyRow struct {
	Provider staydown.ID `json:"provider"`
	Name     string      `json:"name"`
	N        int         `json:"n"`
}

// Filter narrows a list of letters; empty fields do not.
type Filter struct {
	Campaign staydown.ID
	Provider staydown.ID
	State    staydown.LetterState
	Owner    staydown.ID
	After    staydown.ID // the last identifier of the page before
	Limit    int         // 100 when 0
}

// LetterView is a letter with all that belongs to it.
type LetterView struct {
	Letter   staydown.Letter    `json:"letter"`
	Sender   staydown.Authority `json:"sender"`
	Provider staydown.Provider  `json:"provider"`
	Lines    []staydown.Line    `json:"lines"`
	Messages []staydown.Message `json:"messages"`
	Answers  []staydown.Answer  `json:"answers"`
}

// Ready lists what waits for a letter of the caller's authority, per provider.
func (d *Desk) Ready(ctx context.Context, c access.Caller, campaign staydown.ID) ([]ReadyRow, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	circle := circleOf(c, campaign)
	if err := c.Sees(circle); err != nil {
		return nil, err
	}
	return d.Store.Ready(ctx, c.Actor.Authority, circle)
}

// Letter gives one letter of the caller's circles.
func (d *Desk) Letter(ctx context.Context, c access.Caller, id staydown.ID) (LetterView, error) {
	if err := c.May(access.See); err != nil {
		return LetterView{}, err
	}
	v, err := d.view(ctx, id)
	if err != nil {
		return LetterView{}, err
	}
	return v, c.Sees(v.Letter.Circle)
}

// ProviderLetter gives one letter as its addressee may see it; the door has proven who asks.
func (d *Desk) ProviderLetter(ctx context.Context, id staydown.ID) (LetterView, error) {
	v, err := d.view(ctx, id)
	v.Messages, v.Letter.Checks, v.Letter.Overrides = nil, nil, nil
	return v, err
}

func (d *Desk) view(ctx context.Context, id staydown.ID) (v LetterView, err error) {
	if v.Letter, err = d.Store.Letter(ctx, id); err != nil {
		return v, err
	}
	if v.Provider, err = d.Store.Provider(ctx, v.Letter.Provider); err != nil {
		return v, err
	}
	if v.Sender, err = d.Store.Authority(ctx, v.Letter.Owner); err != nil {
		return v, err
	}
	if v.Lines, err = d.Store.LinesOf(ctx, id); err != nil {
		return v, err
	}
	if v.Messages, err = d.Store.MessagesOf(ctx, id); err != nil {
		return v, err
	}
	v.Answers, err = d.Store.AnswersOf(ctx, id)
	return v, err
}

// List gives letters of the caller's circles, oldest first.
func (d *Desk) List(ctx context.Context, c access.Caller, f Filter) ([]staydown.Letter, error) {
	if err := c.May(access.See); err != nil {
		return nil, err
	}
	return d.Store.Letters(ctx, c.Circles, f)
}

func circleOf(c access.Caller, campaign staydown.ID) staydown.ID {
	if campaign != "" {
		return campaign
	}
	return c.Actor.Authority
}

// own loads a letter that belongs to the caller's authority.
func own(tx Tx, c access.Caller, id staydown.ID) (staydown.Letter, error) {
	l, err := tx.Letter(id)
	if err != nil {
		return l, err
	}
	if err := c.Sees(l.Circle); err != nil {
		return l, err
	}
	if l.Owner != c.Actor.Authority {
		return l, staydown.Errorf(staydown.Refused, "letter.not_yours", "this letter is another authority's; only the authority that decided acts on it")
	}
	return l, nil
}
