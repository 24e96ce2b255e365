package signin

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/staydown/staydown"
)

// ProviderPrefix begins every key that a provider's system answers with.
const ProviderPrefix = "staydown_provider_"

// NewProviderKey makes a key for a provider's system, and the hash of it that
// belongs into the register (staydown.Provider.AnswerKey).
func NewProviderKey() (key, hash string) {
	key = chance(ProviderPrefix)
	return key, hashOf(key)
}

// ProviderKeyHash is the hash of a key that the provider chose itself. It refuses
// one that could be guessed.
func ProviderKeyHash(key string) (string, error) {
	if utf8.RuneCountInString(key) < 24 || len(key) > 256 || few(key) {
		return "", staydown.Errorf(staydown.Invalid, "provider.key", "a key has 24 to 256 characters, made at random").At("key")
	}
	return hashOf(key), nil
}

// Provider tells which provider's system a key belongs to. It returns an Error of
// kind Refused when it is nobody's.
func (d *Desk) Provider(ctx context.Context, key string) (staydown.Provider, error) {
	if key == "" || len(key) > 256 {
		return staydown.Provider{}, gone()
	}
	p, err := d.store.ProviderByKey(ctx, hashOf(key))
	if staydown.KindOf(err) == staydown.NotFound {
		return p, gone()
	}
	if err != nil {
		return p, fmt.Errorf("reading a provider's key: %w", err)
	}
	return p, nil
}
