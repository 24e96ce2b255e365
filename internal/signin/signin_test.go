package signin_test

import (
	"context"
	"encoding/base32"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/store"
)

// bench is a sign-in desk on a real database, with a clock that the test moves.
type bench struct {
	*signin.Desk
	t     *testing.T
	store *store.Store
	now   time.Time
}

func open(t *testing.T, exercise bool) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC)}
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, func() time.Time { return b.now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	key, err := signin.LoadKey(filepath.Join(dir, "signin.key"))
	if err != nil {
		t.Fatal(err)
	}
	b.store = s
	b.Desk, err = signin.New(signin.Options{Store: s.SignIn(), Key: key, Wall: func() time.Time { return b.now }, Exercise: exercise})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) refused(err error, code string) {
	b.t.Helper()
	if staydown.CodeOf(err) != code {
		b.t.Errorf("got %v, want the error %s", err, code)
	}
}

const password = "correct horse battery"

// admin sets the installation up and gives its administrator's session and code
// secret.
func (b *bench) admin() (access.Caller, signin.Fresh, string) {
	b.t.Helper()
	secret, err := b.SetUpSecret(b.t.Context())
	b.must(err)
	_, invitation, err := b.SetUp(b.t.Context(), secret, staydown.Authority{Name: "Unit A", Country: "be"}, "Root", "Administrator")
	b.must(err)
	fresh, totp := b.enrol(invitation)
	c, _, err := b.Session(b.t.Context(), fresh.Cookie)
	b.must(err)
	return c, fresh, totp
}

func (b *bench) enrol(invitation string) (signin.Fresh, string) {
	b.t.Helper()
	_, secret, err := b.Enrolment(b.t.Context(), invitation)
	b.must(err)
	fresh, err := b.Enrol(b.t.Context(), invitation, password, b.code(secret.Text))
	b.must(err)
	return fresh, secret.Text
}

func (b *bench) code(secret string) string {
	b.t.Helper()
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	b.must(err)
	return signin.CodeAt(raw, b.now)
}

func (b *bench) person(c access.Caller, login string, roles ...staydown.Role) staydown.Person {
	b.t.Helper()
	p, err := b.AddPerson(b.t.Context(), c, staydown.Person{Login: login, Name: "Somebody", Roles: roles})
	b.must(err)
	return p
}

func TestSetUpHappensOnce(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	old, err := b.SetUpSecret(ctx)
	b.must(err)
	secret, err := b.SetUpSecret(ctx)
	b.must(err)
	unit := staydown.Authority{Name: "Unit A", Country: "BE"}
	for name, guess := range map[string]string{"empty": "", "guessed": "AAAA", "replaced": old} {
		if _, _, err := b.SetUp(ctx, guess, unit, "root", "Root"); staydown.CodeOf(err) != "signin.link" {
			t.Errorf("%s secret: %v", name, err)
		}
	}
	if _, _, err := b.SetUp(ctx, secret, staydown.Authority{Name: "Unit A", Country: "Belgium"}, "root", "Root"); staydown.CodeOf(err) != "authority.country" {
		t.Errorf("a country of seven letters: %v", err)
	}
	a, invitation, err := b.SetUp(ctx, secret, unit, "root", "Root")
	b.must(err)
	if need, err := b.NeedsSetUp(ctx); need || err != nil {
		t.Errorf("needs set-up: %v, %v", need, err)
	}
	_, _, err = b.SetUp(ctx, secret, unit, "root2", "Root")
	b.refused(err, "signin.link")
	_, err = b.SetUpSecret(ctx)
	b.refused(err, "signin.set_up")

	fresh, _ := b.enrol(invitation)
	c, p, err := b.Session(ctx, fresh.Cookie)
	b.must(err)
	if p.Login != "root" || c.Actor.Authority != a.ID || !slices.Equal(c.Roles, []staydown.Role{staydown.RoleAdmin}) {
		t.Errorf("signed in as %+v, %+v", p, c)
	}
	if err := c.May(access.See); err == nil {
		t.Error("the administrator may see items")
	}
}

func TestSetUpSecretRunsOut(t *testing.T) {
	b := open(t, false)
	secret, err := b.SetUpSecret(t.Context())
	b.must(err)
	b.now = b.now.Add(signin.SetUpLife)
	b.refused(b.SetUpOpen(t.Context(), secret), "signin.link")
}

func TestEnrol(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, _, _ := b.admin()
	p := b.person(c, "officer", staydown.RoleOfficer)
	first, err := b.Invite(ctx, c, p.ID)
	b.must(err)
	invitation, err := b.Invite(ctx, c, p.ID)
	b.must(err)
	_, _, err = b.Enrolment(ctx, first)
	b.refused(err, "signin.link")
	_, secret, err := b.Enrolment(ctx, invitation)
	b.must(err)
	if !strings.HasPrefix(secret.URI, "otpauth://totp/Staydown:officer?") {
		t.Errorf("the authenticator is offered %s", secret.URI)
	}
	good := b.code(secret.Text)
	for _, w := range []struct{ name, password, code, want string }{
		{"short", "elevenchars", good, "signin.password_short"},
		{"long", strings.Repeat("long ", 60), good, "signin.password_long"},
		{"login inside", "the-Officer-rides", good, "signin.password_weak"},
		{"repeated", "abababababab", good, "signin.password_weak"},
		{"not text", "\xff\xfe\xfd\xfc\xfb\xfa\xff\xfe\xfd\xfc\xfb\xfa", good, "signin.password"},
		{"wrong code", password, "000000", "signin.code"},
		{"no code", password, "", "signin.code"},
	} {
		if _, err := b.Enrol(ctx, invitation, w.password, w.code); staydown.CodeOf(err) != w.want {
			t.Errorf("%s: %v, want %s", w.name, err, w.want)
		}
	}
	_, err = b.Enrol(ctx, invitation, password, good)
	b.must(err)
	_, err = b.Enrol(ctx, invitation, password, good)
	b.refused(err, "signin.link")
}

func TestSignIn(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	_, first, totp := b.admin()
	used := b.code(totp)
	_, err := b.SignIn(ctx, "root", password, used)
	b.refused(err, "signin.wrong") // the code of the enrolment counts once
	b.now = b.now.Add(time.Minute)
	for _, w := range []struct{ name, login, password, code string }{
		{"nobody", "nobody", password, b.code(totp)},
		{"wrong password", "root", "wrong horse battery", b.code(totp)},
		{"wrong code", "root", password, "000000"},
		{"no code", "root", password, ""},
	} {
		if _, err := b.SignIn(ctx, w.login, w.password, w.code); staydown.CodeOf(err) != "signin.wrong" {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	fresh, err := b.SignIn(ctx, " ROOT ", password, b.code(totp))
	b.must(err)
	if fresh.Cookie == first.Cookie {
		t.Error("two sessions share a cookie")
	}
	_, err = b.SignIn(ctx, "root", password, b.code(totp))
	b.refused(err, "signin.wrong") // looked over a shoulder
	b.now = b.now.Add(30 * time.Second)
	if _, err := b.SignIn(ctx, "root", password, b.code(totp)); err != nil {
		t.Errorf("the next code: %v", err)
	}
}

// A code typed by two at once lets one in.
func TestCodeCountsOnce(t *testing.T) {
	b := open(t, false)
	_, _, totp := b.admin()
	b.now = b.now.Add(time.Minute)
	code, let := b.code(totp), make(chan bool, 4)
	var wg sync.WaitGroup
	for range cap(let) {
		wg.Go(func() {
			_, err := b.SignIn(context.Background(), "root", password, code)
			let <- err == nil
		})
	}
	wg.Wait()
	close(let)
	in := 0
	for ok := range let {
		if ok {
			in++
		}
	}
	if in != 1 {
		t.Errorf("%d of four got in with one code", in)
	}
}

func TestFailuresPause(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	_, _, totp := b.admin()
	b.now = b.now.Add(time.Minute)
	for range 5 {
		_, err := b.SignIn(ctx, "root", "wrong horse battery", "123456")
		b.refused(err, "signin.wrong")
	}
	_, err := b.SignIn(ctx, "root", password, b.code(totp))
	b.refused(err, "signin.wrong")
	b.now = b.now.Add(31 * time.Second)
	if _, err := b.SignIn(ctx, "root", password, b.code(totp)); err != nil {
		t.Errorf("after the pause: %v", err)
	}
	for range 4 {
		_, err := b.SignIn(ctx, "root", "wrong horse battery", "123456")
		b.refused(err, "signin.wrong")
	}
	b.now = b.now.Add(time.Minute)
	if _, err := b.SignIn(ctx, "root", password, b.code(totp)); err != nil {
		t.Errorf("a success did not clear the count: %v", err)
	}
}

func TestSessionEnds(t *testing.T) {
	ends := map[string]func(*bench, access.Caller, signin.Fresh){
		"idle": func(b *bench, _ access.Caller, _ signin.Fresh) { b.now = b.now.Add(signin.SessionIdle + time.Second) },
		"old": func(b *bench, _ access.Caller, f signin.Fresh) {
			for range 13 {
				b.now = b.now.Add(time.Hour)
				b.Session(b.t.Context(), f.Cookie)
			}
		},
		"signed out": func(b *bench, _ access.Caller, f signin.Fresh) { b.must(b.SignOut(b.t.Context(), f.Cookie)) },
		"revoked": func(b *bench, c access.Caller, f signin.Fresh) {
			b.person(c, "admin2", staydown.RoleAdmin)
			b.must(b.Revoke(b.t.Context(), c, f.Person.ID))
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			b := open(t, false)
			c, fresh, _ := b.admin()
			b.now = b.now.Add(time.Hour)
			if _, _, err := b.Session(t.Context(), fresh.Cookie); err != nil {
				t.Fatalf("after an hour: %v", err)
			}
			end(b, c, fresh)
			if _, _, err := b.Session(t.Context(), fresh.Cookie); staydown.CodeOf(err) != "signin.required" {
				t.Errorf("the session is still open: %v", err)
			}
		})
	}
}

func TestSessionKeepsOpenWhileUsed(t *testing.T) {
	b := open(t, false)
	_, fresh, _ := b.admin()
	for range 8 {
		b.now = b.now.Add(80 * time.Minute)
		if _, _, err := b.Session(t.Context(), fresh.Cookie); err != nil {
			t.Fatalf("at %s: %v", b.now, err)
		}
	}
}

func TestTokens(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, _, _ := b.admin()
	p := b.person(c, "analyst", staydown.RoleAnalyst)
	token, err := b.NewToken(ctx, c, p.ID, "feeder", []access.Permission{access.HandIn})
	b.must(err)
	got, err := b.Bearer(ctx, token)
	b.must(err)
	if got.Actor.Person != p.ID || got.May(access.HandIn) != nil || staydown.CodeOf(got.May(access.See)) != "access.scope" {
		t.Errorf("the token acts as %+v", got)
	}
	_, err = b.NewToken(ctx, got, p.ID, "wider", []access.Permission{access.See})
	b.refused(err, "signin.scope")
	narrow, err := b.NewToken(ctx, got, p.ID, "as narrow", nil)
	b.must(err)
	if all, err := b.Bearer(ctx, narrow); err != nil || staydown.CodeOf(all.May(access.See)) != "access.scope" {
		t.Errorf("a narrow token made a wide one: %+v, %v", all, err)
	}
	wide, err := b.NewToken(ctx, c, p.ID, "own", nil)
	b.must(err)
	if all, err := b.Bearer(ctx, wide); err != nil || all.May(access.See) != nil {
		t.Errorf("a token without scopes: %+v, %v", all, err)
	}
	for name, bad := range map[string]string{"empty": "", "no prefix": token[len(signin.TokenPrefix):], "guessed": signin.TokenPrefix + "AAAA", "longer": token + "A"} {
		if _, err := b.Bearer(ctx, bad); staydown.CodeOf(err) != "signin.required" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = b.NewToken(ctx, c, p.ID, "x", []access.Permission{"everything"})
	b.refused(err, "signin.scope")
	other := b.person(c, "other", staydown.RoleAnalyst)
	_, err = b.NewToken(ctx, got, other.ID, "x", nil)
	if staydown.KindOf(err) != staydown.Refused {
		t.Errorf("an analyst made a token for a colleague: %v", err)
	}
	list, err := b.Tokens(ctx, c, p.ID)
	b.must(err)
	at := slices.IndexFunc(list, func(x signin.Token) bool { return x.Name == "feeder" })
	if len(list) != 3 || at < 0 || strings.Contains(list[at].Hash, token) || list[at].UsedAt.IsZero() {
		t.Fatalf("listed %+v", list)
	}
	b.must(b.RevokeToken(ctx, c, p.ID, list[at].ID))
	_, err = b.Bearer(ctx, token)
	b.refused(err, "signin.required")
	b.must(b.Revoke(ctx, c, p.ID))
	_, err = b.Bearer(ctx, wide)
	b.refused(err, "signin.required")
}

// Where a desk may remember, a token that another process revokes is let in for a moment at most; one that is revoked here,
// not once more. A desk that may not remember asks every time.
func TestATokenIsRememberedForAMoment(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, _, _ := b.admin()
	p := b.person(c, "analyst", staydown.RoleAnalyst)
	token, err := b.NewToken(ctx, c, p.ID, "feeder", nil)
	b.must(err)
	remembers, err := signin.New(signin.Options{Store: b.store.SignIn(), Key: make([]byte, 32), Wall: func() time.Time { return b.now }, Remember: time.Second})
	b.must(err)
	_, err = remembers.Bearer(ctx, token)
	b.must(err)
	list, err := b.Tokens(ctx, c, p.ID)
	b.must(err)
	b.must(b.store.SignIn().Act(ctx, c, func(tx signin.Tx) error {
		if err := tx.RevokeToken(list[0].ID, tx.Now()); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "revoke", Noun: "token", Subject: list[0].ID})
	}))
	if _, err := remembers.Bearer(ctx, token); err != nil {
		t.Errorf("within the moment: %v", err)
	}
	_, err = b.Bearer(ctx, token)
	b.refused(err, "signin.required")
	b.now = b.now.Add(time.Second)
	_, err = remembers.Bearer(ctx, token)
	b.refused(err, "signin.required")

	again, err := b.NewToken(ctx, c, p.ID, "second", nil)
	b.must(err)
	_, err = remembers.Bearer(ctx, again)
	b.must(err)
	list, err = b.Tokens(ctx, c, p.ID)
	b.must(err)
	b.must(remembers.RevokeToken(ctx, c, p.ID, list[0].ID))
	_, err = remembers.Bearer(ctx, again)
	b.refused(err, "signin.required")
}

func TestPeople(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, _, _ := b.admin()
	for _, w := range []struct {
		name, want string
		p          staydown.Person
	}{
		{"login taken", "person.login_taken", staydown.Person{Login: "ROOT", Name: "x", Roles: []staydown.Role{staydown.RoleLead}}},
		{"login with blanks", "person.login", staydown.Person{Login: "a b c", Name: "x", Roles: []staydown.Role{staydown.RoleLead}}},
		{"no name", "signin.name", staydown.Person{Login: "abc", Roles: []staydown.Role{staydown.RoleLead}}},
		{"name with a line", "signin.name", staydown.Person{Login: "abc", Name: "a\nb", Roles: []staydown.Role{staydown.RoleLead}}},
		{"no role", "person.roles", staydown.Person{Login: "abc", Name: "x"}},
		{"unknown role", "person.role", staydown.Person{Login: "abc", Name: "x", Roles: []staydown.Role{"king"}}},
		{"administrator with powers", "person.roles", staydown.Person{Login: "abc", Name: "x", Roles: []staydown.Role{staydown.RoleAdmin, staydown.RoleLegal}}},
		{"overseer with powers", "person.roles", staydown.Person{Login: "abc", Name: "x", Roles: []staydown.Role{staydown.RoleOverseer, staydown.RoleLegal}}},
	} {
		if _, err := b.AddPerson(ctx, c, w.p); staydown.CodeOf(err) != w.want {
			t.Errorf("%s: %v, want %s", w.name, err, w.want)
		}
	}
	officer := b.person(c, "officer", staydown.RoleOfficer, staydown.RoleLegal)
	asOfficer := access.Caller{Actor: staydown.Actor{Person: officer.ID, Authority: officer.Owner}, Roles: officer.Roles}
	_, err := b.AddPerson(ctx, asOfficer, staydown.Person{Login: "friend", Name: "x", Roles: []staydown.Role{staydown.RoleLead}})
	b.refused(err, "access.permission")
	b.refused(b.SetRoles(ctx, asOfficer, officer.ID, []staydown.Role{staydown.RoleLead}), "access.permission")
	b.refused(b.Revoke(ctx, c, c.Actor.Person), "person.last_admin")
	b.refused(b.SetRoles(ctx, c, c.Actor.Person, []staydown.Role{staydown.RoleLead}), "person.last_admin")
	b.must(b.SetRoles(ctx, c, officer.ID, []staydown.Role{staydown.RoleLead}))
	b.must(b.Revoke(ctx, c, officer.ID))
	b.refused(b.Revoke(ctx, c, officer.ID), "person.disabled")
	_, err = b.Invite(ctx, c, officer.ID)
	b.refused(err, "person.disabled")
}

// Who made an authority adds its first administrator, and is out from then on: an
// overseer's people are not in the hands of the unit it oversees.
func TestAnotherAuthorityManagesItself(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, _, _ := b.admin()
	overseer, err := b.AddAuthority(ctx, c, staydown.Authority{Name: "Oversight", Country: "BE", Kind: "overseer"})
	b.must(err)
	first, err := b.AddPerson(ctx, c, staydown.Person{Owner: overseer.ID, Login: "watch", Name: "x", Roles: []staydown.Role{staydown.RoleAdmin}})
	b.must(err)
	_, err = b.AddPerson(ctx, c, staydown.Person{Owner: overseer.ID, Login: "mole", Name: "x", Roles: []staydown.Role{staydown.RoleOverseer}})
	b.refused(err, "person.other_authority")
	b.refused(b.Revoke(ctx, c, first.ID), "person.not_found")
	_, err = b.Invite(ctx, c, first.ID)
	b.refused(err, "person.not_found")
	_, err = b.NewToken(ctx, c, first.ID, "x", nil)
	b.refused(err, "person.not_found")
	_, err = b.People(ctx, c, overseer.ID)
	b.refused(err, "authority.not_found")
	_, err = b.Find(ctx, c, "watch")
	b.refused(err, "person.not_found")
	b.must(func() error { _, err := b.Invite(ctx, signin.Terminal(), first.ID); return err }())
}

func TestOneTimeLinks(t *testing.T) {
	b, ctx := open(t, true), t.Context()
	c, _, _ := b.admin()
	officer := b.person(c, "officer", staydown.RoleOfficer)
	_, err := b.OneTime(ctx, c, "")
	b.refused(err, "signin.terminal")
	any, err := b.OneTime(ctx, signin.Terminal(), "")
	b.must(err)
	if people, err := b.Choices(ctx, any); err != nil || len(people) != 2 {
		t.Errorf("the link offers %v, %v", people, err)
	}
	_, err = b.Redeem(ctx, any, "nobody")
	b.refused(err, "person.not_found")
	fresh, err := b.Redeem(ctx, any, officer.ID)
	b.must(err)
	if got, _, err := b.Session(ctx, fresh.Cookie); err != nil || got.Actor.Person != officer.ID {
		t.Errorf("stepped in as %+v, %v", got, err)
	}
	_, err = b.Redeem(ctx, any, officer.ID)
	b.refused(err, "signin.link")
	next, err := b.Switch(ctx, fresh.Cookie, c.Actor.Person)
	b.must(err)
	if got, _, err := b.Session(ctx, next.Cookie); err != nil || got.Actor.Person != c.Actor.Person {
		t.Errorf("switched to %+v, %v", got, err)
	}
	_, err = b.Switch(ctx, fresh.Cookie, officer.ID)
	b.refused(err, "signin.required")
	one, err := b.OneTime(ctx, signin.Terminal(), officer.ID)
	b.must(err)
	_, err = b.Redeem(ctx, one, c.Actor.Person)
	b.refused(err, "person.not_found")
}

func TestNoSteppingInOutsideOfAnExercise(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, fresh, _ := b.admin()
	_, err := b.OneTime(ctx, signin.Terminal(), "")
	b.refused(err, "signin.exercise")
	_, err = b.Switch(ctx, fresh.Cookie, c.Actor.Person)
	b.refused(err, "signin.exercise")
	_, err = b.Officers(ctx)
	b.refused(err, "signin.exercise")
}

// Nothing in the log or the database can be used to sign in.
func TestNothingUsableAtRest(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	c, fresh, totp := b.admin()
	token, err := b.NewToken(ctx, c, c.Actor.Person, "program", nil)
	b.must(err)
	secrets := []string{fresh.Cookie, token, password, strings.ReplaceAll(totp, " ", "")}
	entries, err := b.store.Unsequenced(ctx, 1000)
	b.must(err)
	acts := map[staydown.Act]bool{}
	for _, e := range entries {
		acts[e.Act] = true
		for _, s := range append(secrets, "Administrator", "root") {
			if strings.Contains(string(e.Leaf), s) {
				t.Errorf("the log holds %q: %s", s, e.Leaf)
			}
		}
	}
	for _, want := range []staydown.Act{"offer", "add", "invite", "enrol", "sign_in", "issue"} {
		if !acts[want] {
			t.Errorf("no event tells of %q: %v", want, acts)
		}
	}
	cred, err := b.store.SignIn().Credential(ctx, c.Actor.Person)
	b.must(err)
	for _, s := range secrets {
		if strings.Contains(cred.Password+cred.TOTP, s) {
			t.Errorf("the credential holds %q", s)
		}
	}
	if !strings.HasPrefix(cred.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the password is kept as %s", cred.Password)
	}
}

func TestRefusalsAreLogged(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	_, _, totp := b.admin()
	b.now = b.now.Add(time.Minute)
	for range 40 {
		b.SignIn(ctx, "root", password, "000000")
	}
	_ = totp
	entries, err := b.store.Unsequenced(ctx, 1000)
	b.must(err)
	n := 0
	for _, e := range entries {
		if e.Act == "refuse_sign_in" {
			n++
		}
	}
	if n != 5 {
		t.Errorf("forty tries left %d entries; five are wanted, then the pause fills no log", n)
	}
}

func TestProviderKeys(t *testing.T) {
	b, ctx := open(t, false), t.Context()
	key, hash := signin.NewProviderKey()
	chosen, err := signin.ProviderKeyHash("a key of the provider's own choosing 7")
	b.must(err)
	for _, weak := range []string{"", "short", strings.Repeat("ab", 20)} {
		if _, err := signin.ProviderKeyHash(weak); staydown.CodeOf(err) != "provider.key" {
			t.Errorf("the key %q: %v", weak, err)
		}
	}
	b.must(b.store.Act(ctx, access.System("test"), func(tx *store.Tx) error {
		for name, hash := range map[string]string{"relay": hash, "wire": chosen, "silent": ""} {
			if err := tx.AddProvider(staydown.Provider{ID: staydown.ID(name), Name: name, Host: name + ".example", AnswerKey: hash}); err != nil {
				return err
			}
		}
		return tx.Event(staydown.Event{Act: "register", Noun: "provider"})
	}))
	for given, want := range map[string]staydown.ID{key: "relay", "a key of the provider's own choosing 7": "wire"} {
		if p, err := b.Provider(ctx, given); err != nil || p.ID != want {
			t.Errorf("%s: %s, %v", want, p.ID, err)
		}
	}
	for _, given := range []string{"", key + "x", hash, signin.TokenPrefix + "x"} {
		if _, err := b.Provider(ctx, given); staydown.CodeOf(err) != "signin.required" {
			t.Errorf("%q: %v", given, err)
		}
	}
}
