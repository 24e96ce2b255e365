package staydown

import "time"

// Opinion is what a source says of a content.
type Opinion string

// The opinions of a source, and what several of them come to. They are those of ThreatExchange.
const (
	OpinionNegative Opinion = "negative" // it is not what the bank says
	OpinionSeed     Opinion = "seed"     // worth investigating
	OpinionPositive Opinion = "positive"
	OpinionDisputed Opinion = "disputed" // some say positive, some negative
	OpinionNone     Opinion = ""         // nobody said anything
)

// BankOpinion is one source's opinion on one content, the newest of that source.
type BankOpinion struct {
	ID       ID        `db:"id"`
	Content  ID        `db:"content"`
	Bank     ID        `db:"bank"`
	Owner    ID        `db:"owner"`
	Circle   ID        `db:"circle"`
	Via      string    `db:"via"`    // the exchange that told us, or SourceOwn
	Source   string    `db:"source"` // whose opinion it is
	Mine     bool      `db:"mine"`   // of the bank's owner
	Opinion  Opinion   `db:"opinion"`
	Category string    `db:"category"`
	Tags     []string  `db:"tags"`
	At       time.Time `db:"at"`
}

// CheckOpinion refuses what is no opinion a source can have.
func CheckOpinion(o Opinion) error {
	switch o {
	case OpinionNegative, OpinionSeed, OpinionPositive:
		return nil
	}
	return Errorf(Invalid, "bank.opinion", "an opinion is negative, seed or positive").At("opinion")
}

// Aggregate is what several opinions come to: positive and negative at once is disputed; otherwise positive outweighs seed,
// and a seed outweighs a negative, so that nothing worth a look is dropped by a single voice.
func Aggregate(all []BankOpinion) Opinion {
	has := map[Opinion]bool{}
	for _, o := range all {
		has[o.Opinion] = true
	}
	switch {
	case has[OpinionPositive] && has[OpinionNegative]:
		return OpinionDisputed
	case has[OpinionPositive]:
		return OpinionPositive
	case has[OpinionSeed]:
		return OpinionSeed
	case has[OpinionNegative]:
		return OpinionNegative
	}
	return OpinionNone
}
