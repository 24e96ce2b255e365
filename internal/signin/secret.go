package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/staydown/staydown"
)

// KeySize is how long the sealing key is, in bytes.
const KeySize = 32

// LoadKey reads the sealing key from a file, and makes it when it is not there.
// Several processes may do so at once. Whoever loses the file has to let everybody
// enrol anew; whoever copies the database without it has no codes.
func LoadKey(file string) ([]byte, error) {
	key, err := readKey(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	fresh := make([]byte, KeySize)
	rand.Read(fresh)
	tmp, err := os.CreateTemp(dirOf(file), ".signin-key-")
	if err != nil {
		return nil, fmt.Errorf("making the sign-in key: %w", err)
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.WriteString(hex.EncodeToString(fresh) + "\n"); err != nil {
		tmp.Close()
		return nil, fmt.Errorf("making the sign-in key: %w", err)
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return nil, fmt.Errorf("making the sign-in key: %w", err)
	}
	if err := os.Link(tmp.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) { // the first one wins
		return nil, fmt.Errorf("making the sign-in key: %w", err)
	}
	return readKey(file)
}

func readKey(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("sign-in key %s is open to others (mode %04o): run chmod 600 on it", file, info.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(text) < 2*KeySize {
		return nil, fmt.Errorf("sign-in key %s is too short", file)
	}
	key, err := hex.DecodeString(string(text[:2*KeySize]))
	if err != nil {
		return nil, fmt.Errorf("sign-in key %s is not in hexadecimal digits", file)
	}
	return key, nil
}

func dirOf(file string) string {
	for i := len(file) - 1; i >= 0; i-- {
		if os.IsPathSeparator(file[i]) {
			return file[:i+1]
		}
	}
	return "."
}

func sealing(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("the sign-in key has %d bytes, not %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("taking the sign-in key: %w", err)
	}
	return cipher.NewGCM(block)
}

// seal encrypts a secret for one person: it cannot be moved to another one's row.
func (d *Desk) seal(person staydown.ID, secret []byte) string {
	nonce := make([]byte, d.aead.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(d.aead.Seal(nonce, nonce, secret, []byte(person)))
}

func (d *Desk) unseal(person staydown.ID, sealed string) ([]byte, error) {
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(b) < d.aead.NonceSize() {
		return nil, errors.New("a sealed sign-in secret is broken")
	}
	n := d.aead.NonceSize()
	secret, err := d.aead.Open(nil, b[:n], b[n:], []byte(person))
	if err != nil {
		return nil, errors.New("a sign-in secret was sealed with another key: the person has to enrol anew")
	}
	return secret, nil
}

// chance is a new secret of 208 bits, in letters and digits that survive being
// read aloud; prefix tells people and scanners what it is.
func chance(prefix string) string { return prefix + rand.Text() + rand.Text()[:14] }

// hashOf is what is kept of a cookie, token or link. They are long and random, so
// that a plain hash is enough.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
