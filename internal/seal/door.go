package seal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

const (
	doorFile      = "door.key"
	doorKeyLength = 32
)

// DoorKey returns the secret of 32 bytes from which the links to the provider's
// door are derived, and makes it on first use. A copy of the database opens no
// door without it. Replacing it ends every link that was sent.
func (r *Ring) DoorKey() ([]byte, error) {
	path := filepath.Join(r.dir, doorFile)
	build := func() ([]byte, error) {
		var key [doorKeyLength]byte
		if _, err := rand.Read(key[:]); err != nil {
			return nil, fmt.Errorf("drawing a key: %w", err)
		}
		return []byte(hex.EncodeToString(key[:]) + "\n"), nil
	}
	if err := makeOnce(path, build); err != nil {
		return nil, fmt.Errorf("making the door's key: %w", err)
	}
	data, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(data)))
	if err != nil || len(key) != doorKeyLength {
		return nil, errors.New("reading the door's key: wanted 64 hexadecimal digits")
	}
	return key, nil
}
