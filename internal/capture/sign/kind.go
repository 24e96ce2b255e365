package sign

// Kind is what a sentence says about the page it stands on.
type Kind string

const (
	Login    Kind = "login"               // shown to those who sign in, or to members
	Captcha  Kind = "captcha"             // a test whether a person is there
	Geo      Kind = "geo"                 // not shown in this country
	Blocked  Kind = "blocked"             // this observer is refused, or an access provider blocks
	Busy     Kind = "busy"                // an error that passes
	Provider Kind = "removed_by_provider" // taken down by who runs the platform
	Author   Kind = "removed_by_author"   // taken down by who posted it
	Timer    Kind = "expired"             // vanished by itself, as it was set to
	Host     Kind = "site_suspended"      // the whole site was shut by its host or registrar
	Parked   Kind = "parked"              // the domain is for sale
	Removed  Kind = "removed"             // taken down; nobody says by whom
	NotFound Kind = "not_found"           // there is no such thing
)

// kinds is every kind, the one that decides first before the others: who is
// refused cannot see what is gone, and who is told by whom need not guess.
var kinds = []Kind{Captcha, Blocked, Login, Geo, Busy, Host, Provider, Author, Timer, Parked, Removed, NotFound}

// Absent tells whether a sentence of this kind says that the thing is not there
// any more, for anybody.
func (k Kind) Absent() bool {
	switch k {
	case Provider, Author, Timer, Host, Parked, Removed, NotFound:
		return true
	}
	return false
}

// Veiled tells whether a sentence of this kind says that this observer, here and
// now, is not shown what may well be there.
func (k Kind) Veiled() bool { return k != "" && !k.Absent() }
