package app

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/seal"
)

// Certificate gives the certificate with which an authority signs mail.
func (k *authorityKeys) Certificate(authority string) (tls.Certificate, error) {
	c, err := k.a.Keys.Certificate(authority)
	if !errors.Is(err, seal.ErrNoKey) {
		return c, err
	}
	if err := k.establish(authority); err != nil {
		return c, err
	}
	return k.a.Keys.Certificate(authority)
}

// SignDetached signs a letter's bytes for an authority.
func (k *authorityKeys) SignDetached(authority string, payload []byte) (string, error) {
	s, err := k.a.Keys.SignDetached(authority, payload)
	if !errors.Is(err, seal.ErrNoKey) {
		return s, err
	}
	if err := k.establish(authority); err != nil {
		return s, err
	}
	return k.a.Keys.SignDetached(authority, payload)
}

// PublicKeys gives the keys with which an authority's letters are checked, as a JWKS.
func (a *App) PublicKeys(ctx context.Context, authority staydown.ID) ([]byte, error) {
	k := &authorityKeys{a: a}
	if err := k.establish(string(authority)); err != nil {
		return nil, err
	}
	return a.Keys.PublicKeys(string(authority))
}

func (k *authorityKeys) establish(authority string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	au, err := k.a.Store.Authority(context.Background(), staydown.ID(authority))
	if err != nil {
		return err
	}
	return k.a.Keys.Establish(seal.Authority{ID: authority, Name: au.Name, Country: au.Country, Email: au.Email}, time.Now())
}
