package practice

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// webhook takes letters as JSON.
func (h *House) webhook(w http.ResponseWriter, r *http.Request, p world.Provider) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLetter))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	key := r.Header.Get("Idempotency-Key")
	if key == "" || len(key) > 200 {
		http.Error(w, "an Idempotency-Key is required", http.StatusBadRequest)
		return
	}
	signed, err := h.checkJWS(r.Header.Get("Staydown-Signature"), raw)
	if err != nil {
		http.Error(w, "the signature does not hold: "+err.Error(), http.StatusUnauthorized)
		return
	}
	letter, err := ParseLetter(raw)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	v, err := h.receive(incoming{wire: letter, provider: p, channel: world.ByWebhook, key: key, signed: signed})
	if err != nil {
		h.log.Error("taking a letter in", "error", err)
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	if v.cut {
		// The letter is taken in; the line breaks before the receipt is out.
		panic(http.ErrAbortHandler)
	}
	if v.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(v.retry/time.Second)))
	}
	if v.status != http.StatusAccepted {
		http.Error(w, v.text, v.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(v.status)
	json.NewEncoder(w).Encode(map[string]string{"receipt": v.receipt, "received_at": v.at.UTC().Format(time.RFC3339)})
}

// PublicKey is one signing key of a desk, as in RFC 8037.
type PublicKey struct {
	Kid string `json:"kid"`
	X   string `json:"x"` // base64url
}

var errSignature = errors.New("signature")

// checkJWS verifies a detached JWS (RFC 7515, appendix F) over the body. As
// long as no keys are known there is nothing to verify with: it reports false.
func (h *House) checkJWS(compact string, body []byte) (bool, error) {
	h.mu.RLock()
	keys := h.desk.Keys
	h.mu.RUnlock()
	if len(keys) == 0 {
		return false, nil
	}
	return true, verifyJWS(compact, body, keys)
}

func verifyJWS(compact string, body []byte, keys []PublicKey) error {
	head, rest, ok := strings.Cut(compact, ".")
	payload, mark, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 || payload != "" {
		return fmt.Errorf("%w: not a detached compact JWS", errSignature)
	}
	var header struct {
		Alg  string   `json:"alg"`
		Kid  string   `json:"kid"`
		B64  *bool    `json:"b64"`
		Crit []string `json:"crit"`
	}
	rawHead, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil || json.Unmarshal(rawHead, &header) != nil {
		return fmt.Errorf("%w: header", errSignature)
	}
	if header.Alg != "EdDSA" || header.B64 != nil && !*header.B64 {
		return fmt.Errorf("%w: algorithm %.20q", errSignature, header.Alg)
	}
	sig, err := base64.RawURLEncoding.DecodeString(mark)
	if err != nil {
		return fmt.Errorf("%w: encoding", errSignature)
	}
	input := head + "." + base64.RawURLEncoding.EncodeToString(body)
	for _, k := range keys {
		key, err := base64.RawURLEncoding.DecodeString(k.X)
		if err == nil && len(key) == ed25519.PublicKeySize && (header.Kid == "" || header.Kid == k.Kid) && ed25519.Verify(key, []byte(input), sig) {
			return nil
		}
	}
	return fmt.Errorf("%w: by no known key", errSignature)
}
