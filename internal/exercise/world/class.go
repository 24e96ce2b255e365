package world

// Class is what a posting truly is. It is the exercise's own knowledge; the
// desk has to find it out.
type Class string

// The classes.
const (
	Terrorist Class = "terrorist"  // meets a ground of TCO 2(7)
	TermsOnly Class = "terms_only" // violent extremism against the provider's terms, no ground of the law
	Lawful    Class = "lawful"     // protected by its purpose, or plainly lawful
	Unclear   Class = "unclear"    // nobody can tell from what is there
)

// Grounds of TCO 2(7), as letters.
var grounds = []string{"a", "b", "c", "d", "e"}

var groundWeights = []int{40, 14, 26, 12, 8}

// Purpose says why a lawful posting is lawful.
type Purpose string

// The lawful leads of an action day: the hard ones.
const (
	News      Purpose = "news"     // journalistic use of the very clip
	Document  Purpose = "document" // documentation of crimes
	Research  Purpose = "research" // a study of propaganda
	Satire    Purpose = "satire"   // mockery of it
	Sermon    Purpose = "sermon"   // a sermon, controversial perhaps, lawful
	Namesake  Purpose = "namesake" // an account that only shares the name
	NoPurpose Purpose = ""         // not lawful
)

// purposesOn lists which lawful postings occur on which provider.
func purposesOn(provider string) []Purpose {
	switch provider {
	case "relay":
		return []Purpose{Namesake, News, Sermon}
	case "tube", "clips":
		return []Purpose{News, Satire, Sermon, Document}
	case "chirp":
		return []Purpose{News, Satire, Namesake}
	case "stills":
		return []Purpose{Document, Namesake, Satire}
	case LiarName, "shelf":
		return []Purpose{Research, Document}
	case "paste":
		return []Purpose{Research}
	default:
		return nil // the site publishes nothing lawful
	}
}

// usesTheClip says whether a lawful posting shows the very media of the
// postings it speaks about: the case a hash alone gets wrong.
func (p Purpose) usesTheClip() bool { return p == News || p == Document || p == Research }
