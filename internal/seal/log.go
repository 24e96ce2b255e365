package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// LogKey signs the checkpoints of the event log. Verifier is its public half in
// the form note.NewVerifier reads; outsiders need it to check a checkpoint.
type LogKey struct {
	note.Signer
	Verifier string
}

// EstablishLog makes the key that signs the event log's checkpoints under the
// log's name, unless there is one. A name that differs from the one the key was
// made for is an error: a checkpoint binds the log's name.
func (r *Ring) EstablishLog(name string) (LogKey, error) {
	build := func() ([]byte, error) {
		private, public, err := note.GenerateKey(rand.Reader, name)
		return []byte(private + "\n" + public + "\n"), err
	}
	if err := makeOnce(filepath.Join(r.dir, logFile), build); err != nil {
		return LogKey{}, fmt.Errorf("making the log's key: %w", err)
	}
	key, err := r.Log()
	if err != nil {
		return LogKey{}, err
	}
	if key.Name() != name {
		return LogKey{}, fmt.Errorf("the log's key is for %q, not for %q", key.Name(), name)
	}
	return key, nil
}

// Log reads the key that signs the event log's checkpoints; [ErrNoKey] when it
// was never made.
func (r *Ring) Log() (LogKey, error) {
	data, err := readPrivate(filepath.Join(r.dir, logFile))
	if errors.Is(err, fs.ErrNotExist) {
		return LogKey{}, fmt.Errorf("%s: %w", logFile, ErrNoKey)
	}
	if err != nil {
		return LogKey{}, err
	}
	private, public, ok := strings.Cut(strings.TrimSuffix(string(data), "\n"), "\n")
	if !ok {
		return LogKey{}, errors.New("reading the log's key: wanted two lines, the private and the public key")
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return LogKey{}, fmt.Errorf("reading the log's key: %w", err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return LogKey{}, fmt.Errorf("reading the log's public key: %w", err)
	}
	if verifier.Name() != signer.Name() || verifier.KeyHash() != signer.KeyHash() {
		return LogKey{}, errors.New("reading the log's key: its two halves do not belong together")
	}
	return LogKey{Signer: signer, Verifier: public}, nil
}
