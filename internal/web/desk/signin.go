package desk

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/web/page"
)

// SignInPage asks for login, password and one-time code.
type SignInPage struct {
	Next    string
	Login   string
	Trouble *Trouble
	SetUp   bool // nobody can administer the installation yet: the page says where the link is
}

// Trouble is why a form was not carried out, shown above it with what was typed kept.
type Trouble struct {
	Code  string // its words are "problem.<Code>.what" and ".do"
	Text  string // said instead where the catalogue has none, and as the detail where it has
	Where string // the field
	Known bool
}

// trouble makes the note of an error that the person can mend in the form; nil for any other error. Who lacks a permission
// cannot mend anything.
func (v *visit) trouble(err error) *Trouble {
	var told *staydown.Error
	if !asError(err, &told) || told.Kind == staydown.Internal || told.Kind == staydown.NotFound || strings.HasPrefix(told.Code, "access.") {
		return nil
	}
	return &Trouble{Code: told.Code, Text: told.Text, Where: told.Where, Known: page.Better(v.words, told.Code, told.Text)}
}

// again shows a form once more with its trouble, or gives the error up to the error page.
func (v *visit) again(err error, show func(*Trouble) error) error {
	if t := v.trouble(err); t != nil {
		return show(t)
	}
	return err
}

var signInView = page.NewView[SignInPage](templates, "signin.html")

func (v *visit) signInPage() error {
	if v.cookie() != "" {
		if _, _, err := v.Door.Session(v.ctx(), v.cookie()); err == nil {
			return v.goTo(page.Local(v.field("next"), "/"))
		}
	}
	return v.showSignIn(http.StatusOK, SignInPage{Next: page.Local(v.field("next"), "/")})
}

func (v *visit) showSignIn(status int, p SignInPage) error {
	needs, err := v.Door.NeedsSetUp(v.ctx())
	if err != nil {
		return err
	}
	p.SetUp = needs
	shell := v.shell("", "signin.title")
	shell.Narrow = true
	return signInView.Render(v.w, status, shell, p)
}

func (v *visit) signIn() error {
	if err := v.parse(); err != nil {
		return err
	}
	next := page.Local(v.field("next"), "/")
	fresh, err := v.Door.SignIn(v.ctx(), v.field("login"), v.r.PostFormValue("password"), v.field("code"))
	if err != nil {
		return v.again(err, func(t *Trouble) error {
			return v.showSignIn(http.StatusUnauthorized, SignInPage{Next: next, Login: v.field("login"), Trouble: t})
		})
	}
	v.begin(fresh)
	return v.goTo(next)
}

// begin hands the secret of a new session to the browser. A session that the browser had is not touched here: the door
// ends it where it has to.
func (v *visit) begin(fresh signin.Fresh) {
	http.SetCookie(v.w, &http.Cookie{Name: sessionCookie, Value: fresh.Cookie, Path: "/", Expires: fresh.Expires,
		HttpOnly: true, Secure: v.Site.Secure, SameSite: http.SameSiteLaxMode})
}

func (v *visit) signOut() error {
	if err := v.Door.SignOut(v.ctx(), v.cookie()); err != nil {
		return err
	}
	http.SetCookie(v.w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: v.Site.Secure, SameSite: http.SameSiteLaxMode})
	v.forgetUndo()
	return v.done("/sign-in", "signed_out")
}

// SetUpPage makes the first authority and its administrator, for who has the secret printed on the terminal.
type SetUpPage struct {
	Secret                                              string
	Authority, Country, Kind, Email, DeskCode, TZ, Lang string
	Login, Name                                         string
	Kinds                                               []string
	Trouble                                             *Trouble
}

var setUpView = page.NewView[SetUpPage](templates, "setup.html")

// authorityKinds are the kinds of authority that a set-up offers.
var authorityKinds = []string{"police", "prosecutor", "flagger"}

func (v *visit) setUpPage() error {
	secret := v.r.PathValue("secret")
	if err := v.Door.SetUpOpen(v.ctx(), secret); err != nil {
		return err
	}
	return v.showSetUp(http.StatusOK, SetUpPage{Secret: secret, Kind: "police", TZ: "Europe/Brussels", Lang: string(v.words.Lang())})
}

func (v *visit) showSetUp(status int, p SetUpPage) error {
	p.Kinds = authorityKinds
	shell := v.shell("", "setup.title")
	shell.Narrow = true
	return setUpView.Render(v.w, status, shell, p)
}

func (v *visit) setUp() error {
	if err := v.parse(); err != nil {
		return err
	}
	p := SetUpPage{Secret: v.r.PathValue("secret"), Authority: v.field("authority"), Country: strings.ToUpper(v.field("country")), Kind: v.field("kind"),
		Email: v.field("email"), DeskCode: v.field("desk_code"), TZ: v.field("tz"), Lang: v.field("language"), Login: v.field("login"), Name: v.field("name")}
	a := staydown.Authority{Name: p.Authority, Country: p.Country, Kind: p.Kind, Email: p.Email, DeskCode: p.DeskCode, Language: p.Lang, TZ: p.TZ}
	_, token, err := v.Door.SetUp(v.ctx(), p.Secret, a, p.Login, p.Name)
	if err != nil {
		return v.again(err, func(t *Trouble) error { p.Trouble = t; return v.showSetUp(http.StatusUnprocessableEntity, p) })
	}
	return v.goTo("/enrol/" + token)
}

// EnrolPage lets an invited person choose a password and bind an authenticator.
type EnrolPage struct {
	Token   string
	Person  string
	Login   string
	Secret  string       // in groups of four, to be typed
	URI     template.URL // otpauth://, for an authenticator on this machine
	Trouble *Trouble
}

var enrolView = page.NewView[EnrolPage](templates, "enrol.html")

func (v *visit) enrolPage() error { return v.showEnrol(http.StatusOK, nil) }

func (v *visit) showEnrol(status int, t *Trouble) error {
	token := v.r.PathValue("token")
	person, secret, err := v.Door.Enrolment(v.ctx(), token)
	if err != nil {
		return err
	}
	// The address is our own (signin.describe writes it), so html/template may let its scheme through.
	p := EnrolPage{Token: token, Person: person.Name, Login: person.Login, Secret: secret.Text, URI: template.URL(secret.URI), Trouble: t}
	shell := v.shell("", "enrol.title")
	shell.Narrow = true
	return enrolView.Render(v.w, status, shell, p)
}

func (v *visit) enrol() error {
	if err := v.parse(); err != nil {
		return err
	}
	if v.r.PostFormValue("password") != v.r.PostFormValue("repeat") {
		return v.showEnrol(http.StatusUnprocessableEntity, &Trouble{Code: "signin.repeat", Where: "repeat", Known: true})
	}
	fresh, err := v.Door.Enrol(v.ctx(), v.r.PathValue("token"), v.r.PostFormValue("password"), v.field("code"))
	if err != nil {
		return v.again(err, func(t *Trouble) error { return v.showEnrol(http.StatusUnprocessableEntity, t) })
	}
	v.begin(fresh)
	return v.goTo("/")
}

// EnterPage lets somebody with a one-time link choose as whom to step in: the officers of an exercise.
type EnterPage struct {
	Path    string // where the choice is sent
	Groups  []OfficerGroup
	Current staydown.ID
}

// OfficerGroup is the officers of one authority.
type OfficerGroup struct {
	Authority string
	People    []staydown.Person
}

var enterView = page.NewView[EnterPage](templates, "enter.html")

func (v *visit) enterPage() error {
	token := v.r.PathValue("token")
	people, err := v.Door.Choices(v.ctx(), token)
	if err != nil {
		return err
	}
	return v.showEnter("/enter/"+token, people)
}

func (v *visit) showEnter(path string, people []staydown.Person) error {
	p := EnterPage{Path: path, Current: v.person.ID}
	names := map[staydown.ID]int{}
	for _, one := range people {
		n, ok := names[one.Owner]
		if !ok {
			n = len(p.Groups)
			names[one.Owner] = n
			p.Groups = append(p.Groups, OfficerGroup{Authority: v.authorityName(one.Owner)})
		}
		p.Groups[n].People = append(p.Groups[n].People, one)
	}
	for _, g := range p.Groups {
		slices.SortStableFunc(g.People, func(a, b staydown.Person) int { return rank(a) - rank(b) })
	}
	slices.SortStableFunc(p.Groups, func(a, b OfficerGroup) int {
		if byRank := rank(a.People[0]) - rank(b.People[0]); byRank != 0 {
			return byRank
		}
		return strings.Compare(a.Authority, b.Authority)
	})
	return enterView.Render(v.w, http.StatusOK, v.shell("", "enter.title"), p)
}

// rank orders the officers to choose from: who sees most of the work first, so that a newcomer's first press opens a desk
// with something on it.
func rank(p staydown.Person) int {
	for n, r := range []staydown.Role{staydown.RoleLead, staydown.RoleLegal, staydown.RoleOfficer, staydown.RoleAnalyst, staydown.RoleInvestigator, staydown.RoleOverseer} {
		if slices.Contains(p.Roles, r) {
			return n
		}
	}
	return 9
}

func (v *visit) enter() error {
	if err := v.parse(); err != nil {
		return err
	}
	fresh, err := v.Door.Redeem(v.ctx(), v.r.PathValue("token"), staydown.ID(v.field("person")))
	if err != nil {
		return err
	}
	v.begin(fresh)
	return v.goTo("/")
}

func (v *visit) officersPage() error {
	people, err := v.Door.Officers(v.ctx())
	if err != nil {
		return err
	}
	return v.showEnter("/officers", people)
}

func (v *visit) switchOfficer() error {
	if err := v.parse(); err != nil {
		return err
	}
	fresh, err := v.Door.Switch(v.ctx(), v.cookie(), staydown.ID(v.field("person")))
	if err != nil {
		return err
	}
	v.begin(fresh)
	v.forgetUndo()
	return v.goTo("/")
}
