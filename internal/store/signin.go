package store

import (
	"context"
	"fmt"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/signin"
)

var (
	credentialTable = newWork[signin.Credential]("credentials")
	sessionTable    = newWork[signin.Session]("sessions")
	tokenTable      = newTable[signin.Token]("tokens")
	linkTable       = newTable[signin.Link]("signin_links")
)

// SignIn is the store as sign-in knows it.
func (s *Store) SignIn() signin.Store {
	return struct {
		Door[signin.Tx]
		*signInReads
	}{NewDoor(s, func(tx *Tx) signin.Tx { return signInTx{tx} }), &signInReads{s}}
}

// signInTx and signInReads keep the questions of sign-in out of the shared names.
type (
	signInTx    struct{ *Tx }
	signInReads struct{ *Store }
)

func (tx signInTx) PersonByLogin(login string) (staydown.Person, error) {
	return one(tx.ctx, tx.q, personTable, "WHERE login = ?", login)
}

func (tx signInTx) PeopleOf(authority staydown.ID) ([]staydown.Person, error) {
	return list(tx.ctx, tx.q, personTable, "WHERE owner = ? ORDER BY login", string(authority))
}

const administrators = `SELECT count(*) FROM people WHERE disabled_at = 0 AND roles LIKE '%"admin"%'`

func (tx signInTx) Administrators() (int, error) { return count(tx.ctx, tx.q, administrators) }

func (tx signInTx) Credential(person staydown.ID) (signin.Credential, error) {
	return credentialOf(tx.ctx, tx.q, person)
}

// credentialOf is zero, not an error, for a person who has chosen nothing yet.
func credentialOf(ctx context.Context, q querier, person staydown.ID) (signin.Credential, error) {
	c, err := one(ctx, q, credentialTable, "WHERE person = ?", string(person))
	if staydown.KindOf(err) == staydown.NotFound {
		return signin.Credential{Person: person}, nil
	}
	return c, err
}

func (tx signInTx) SetCredential(c signin.Credential) error {
	tx.touch("credentials", false)
	return tx.PutCredential(c)
}

func (tx signInTx) PutCredential(c signin.Credential) error {
	_, err := tx.q.exec(tx.ctx, `INSERT INTO credentials (person, password, totp, totp_last, failures, locked_until) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (person) DO UPDATE SET password = excluded.password, totp = excluded.totp, totp_last = excluded.totp_last,
		failures = excluded.failures, locked_until = excluded.locked_until`,
		string(c.Person), c.Password, c.TOTP, c.TOTPLast, c.Failures, millis(c.LockedUntil))
	if err != nil {
		return fmt.Errorf("keeping a credential: %w", err)
	}
	return nil
}

// AddSession keeps a new session, and clears away those that are over.
func (tx signInTx) AddSession(r signin.Session) error {
	if err := tx.run("clearing sessions", `DELETE FROM sessions WHERE expires_at < ?`, millis(r.CreatedAt)); err != nil {
		return err
	}
	return add(tx.Tx, sessionTable, r)
}

func (tx signInTx) SeeSession(hash string, at time.Time) error {
	return tx.run("noting a session", `UPDATE sessions SET seen_at = ? WHERE hash = ?`, millis(at), hash)
}

func (tx signInTx) EndSession(hash string) error {
	return tx.run("ending a session", `DELETE FROM sessions WHERE hash = ?`, hash)
}

func (tx signInTx) EndSessionsOf(person staydown.ID) error {
	return tx.run("ending sessions", `DELETE FROM sessions WHERE person = ?`, string(person))
}

func (tx signInTx) AddToken(r signin.Token) error { return add(tx.Tx, tokenTable, r) }

func (tx signInTx) UseToken(hash string, at time.Time) error {
	return tx.run("noting a token", `UPDATE tokens SET used_at = ? WHERE hash = ?`, millis(at), hash)
}

func (tx signInTx) RevokeToken(id staydown.ID, at time.Time) error {
	tx.touch("tokens", false)
	return tx.run("revoking a token", `UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at = 0`, millis(at), string(id))
}

func (tx signInTx) RevokeTokensOf(person staydown.ID, at time.Time) error {
	tx.touch("tokens", false)
	return tx.run("revoking tokens", `UPDATE tokens SET revoked_at = ? WHERE person = ? AND revoked_at = 0`, millis(at), string(person))
}

func (tx signInTx) Link(hash string) (signin.Link, error) {
	return one(tx.ctx, tx.q, linkTable, "WHERE hash = ?", hash)
}

func (tx signInTx) AddLink(r signin.Link) error { return add(tx.Tx, linkTable, r) }

func (tx signInTx) SpendLink(hash string, at time.Time) error {
	return tx.run("spending a link", `UPDATE signin_links SET used_at = ? WHERE hash = ?`, millis(at), hash)
}

func (tx signInTx) DropLinks(purpose signin.Purpose, person staydown.ID) error {
	return tx.run("dropping links", `DELETE FROM signin_links WHERE purpose = ? AND person = ?`, string(purpose), string(person))
}

// run executes a statement on working state.
func (tx signInTx) run(doing, q string, args ...any) error {
	if _, err := tx.q.exec(tx.ctx, q, args...); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

func (r *signInReads) PersonByLogin(ctx context.Context, login string) (staydown.Person, error) {
	return one(ctx, r.pool, personTable, "WHERE login = ?", login)
}

func (r *signInReads) PeopleOf(ctx context.Context, authority staydown.ID) ([]staydown.Person, error) {
	return list(ctx, r.pool, personTable, "WHERE owner = ? ORDER BY login", string(authority))
}

func (r *signInReads) Authorities(ctx context.Context) ([]staydown.Authority, error) {
	return list(ctx, r.pool, authorityTable, "ORDER BY name, id")
}

func (r *signInReads) Administrators(ctx context.Context) (int, error) {
	return count(ctx, r.pool, administrators)
}

func (r *signInReads) Credential(ctx context.Context, person staydown.ID) (signin.Credential, error) {
	return credentialOf(ctx, r.pool, person)
}

func (r *signInReads) Session(ctx context.Context, hash string) (signin.Session, error) {
	return one(ctx, r.pool, sessionTable, "WHERE hash = ?", hash)
}

func (r *signInReads) TokenByHash(ctx context.Context, hash string) (signin.Token, error) {
	return one(ctx, r.pool, tokenTable, "WHERE hash = ?", hash)
}

func (r *signInReads) TokensOf(ctx context.Context, person staydown.ID) ([]signin.Token, error) {
	return list(ctx, r.pool, tokenTable, "WHERE person = ? ORDER BY created_at DESC, id DESC", string(person))
}

func (r *signInReads) Link(ctx context.Context, hash string) (signin.Link, error) {
	return one(ctx, r.pool, linkTable, "WHERE hash = ?", hash)
}

func (r *signInReads) ProviderByKey(ctx context.Context, hash string) (staydown.Provider, error) {
	return one(ctx, r.pool, providerTable, "WHERE answer_key = ? AND answer_key <> ''", hash)
}
