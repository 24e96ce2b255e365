package files

import (
	"fmt"
	"strings"
	"time"
)

// Row is one signal and what is said of it.
type Row struct {
	Signal   string // its kind: one of the Signal constants
	Value    string // in canonical spelling, see [Row.Check]
	Quality  int    // 0 to 100 of a picture or frame, or [NotGiven]
	Content  string // groups the signals of one content, within the file; may be empty
	Labels   []Label
	Opinion  Opinion
	Source   string        // who says so: a partner's or an exchange's name
	At       time.Time     // when it was said; zero if not given
	Frame    int           // of a video's frame: its number
	TimeCode time.Duration // and its time from the beginning
}

// NotGiven is the quality of a picture where the file does not say it.
const NotGiven = -1

// Opinion is what the source thinks of a signal.
type Opinion string

// Opinions. The names in brackets are ThreatExchange's.
const (
	Unsaid   Opinion = ""
	Positive Opinion = "positive" // it belongs here (POSITIVE_CLASS)
	Negative Opinion = "negative" // it does not (NEGATIVE_CLASS)
	Seed     Opinion = "seed"     // look into it (INVESTIGATION_SEED)
	Disputed Opinion = "disputed" // some say so, some not (DISPUTED)
)

var opinions = map[string]Opinion{
	"": Unsaid, "positive": Positive, "negative": Negative, "seed": Seed, "disputed": Disputed,
	"positive_class": Positive, "negative_class": Negative, "investigation_seed": Seed,
	"2": Positive, "0": Negative, "1": Seed, "3": Disputed,
	"malicious": Positive, "non_malicious": Negative, "agree": Positive, "disagree": Negative,
}

var txOpinions = map[Opinion]string{Positive: "POSITIVE_CLASS", Negative: "NEGATIVE_CLASS", Seed: "INVESTIGATION_SEED", Disputed: "DISPUTED"}

func parseOpinion(s string) (Opinion, error) {
	if o, ok := opinions[strings.ToLower(strings.TrimSpace(s))]; ok {
		return o, nil
	}
	return Unsaid, fmt.Errorf("the opinion %.40q is not known", s)
}

// Label is one thing said of a signal's content.
type Label struct {
	Kind string // one of the Label constants
	Name string
}

// Kinds of label: the dimensions of the hash-sharing programmes, and free tags.
const (
	Entity    = "entity"
	Kind      = "kind" // of content: manifesto, attacker footage, logo
	Behaviour = "behaviour"
	Incident  = "incident"
	Ideology  = "ideology"
	Language  = "language"
	Tag       = "tag"
)

var labelKinds = []string{Entity, Kind, Behaviour, Incident, Ideology, Language, Tag}

// String writes "kind:name", and a tag as it is unless that would be read as
// another kind.
func (l Label) String() string {
	if l.Kind == Tag && parseLabel(l.Name) == l {
		return l.Name
	}
	return l.Kind + ":" + l.Name
}

// parseLabel reads what [Label.String] writes.
func parseLabel(s string) Label {
	for _, k := range labelKinds {
		if len(s) > len(k)+1 && s[len(k)] == ':' && s[:len(k)] == k {
			return Label{k, s[len(k)+1:]}
		}
	}
	return Label{Tag, s}
}

// Bounds on what is said of one signal.
const (
	maxLabels = 64
	maxName   = 200 // bytes of a label, a content or a source
)
