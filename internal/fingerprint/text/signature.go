package text

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

const (
	places   = 128 // values in a signature
	run      = 3   // words in a shingle
	bandRows = 4   // places that make one band
	// NBands is the number of band keys of a signature. With 32 bands of four
	// places, two texts of Jaccard similarity s share a band with probability
	// 1-(1-s^4)^32: over 0.9999 at 0.8, 0.87 at 0.5, 0.05 at 0.2.
	NBands = places / bandRows
)

// Version names how signatures are made. Signatures of different versions must
// not be compared.
const Version = "mh128-w3-v1"

// MinShingles is the number of different word runs from which a signature is
// worth comparing. Shorter texts ("see my profile") agree by chance.
const MinShingles = 5

// Signature is the fingerprint of a text. The zero value is that of a text
// without words.
type Signature struct {
	Shingles int // different runs of three words in the text, before hashing
	Values   [places]uint32
}

// Of returns the signature of a text in any language.
func Of(s string) Signature { return OfWords(Words(s)) }

// OfWords returns the signature of normal words.
func OfWords(words []string) Signature { return OfHashes(Shingles(words, run)) }

// Weak reports that the text is too short to be told apart from others.
func (s Signature) Weak() bool { return s.Shingles < MinShingles }

// Shingles returns the hashes of all runs of n words, each once, in rising
// order. Fewer than n words make one run.
func Shingles(words []string, n int) []uint64 {
	if len(words) == 0 {
		return nil
	}
	hashes := make([]uint64, 0, max(1, len(words)-n+1))
	for i := 0; i == 0 || i+n <= len(words); i++ {
		hashes = append(hashes, hashWords(words[i:min(i+n, len(words))]))
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// hashWords is FNV-1a with a byte between words that no word holds, finished
// so that every bit depends on every byte.
func hashWords(words []string) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		h = (h ^ 0xFF) * 1099511628211
	}
	return mix(h)
}

// mix is the finishing step of SplitMix64 (Steele, Lea, Flood, 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// multipliers and offsets make the 128 hash functions out of one: each is
// (multiplier*h + offset) mod 2^61-1, drawn from SplitMix64 with the seed
// below. They are part of [Version].
var multipliers, offsets = func() (m, o [places]uint64) {
	state := uint64(0x53544159444F574E) // "STAYDOWN"
	next := func() uint64 {
		state += 0x9E3779B97F4A7C15
		return mix(state)
	}
	for i := range places {
		m[i], o[i] = next()%(mersenne-1)+1, next()%mersenne
	}
	return m, o
}()

const mersenne = 1<<61 - 1

// OfHashes returns the signature of a set of hashes, of whatever things.
func OfHashes(hashes []uint64) Signature {
	if len(hashes) == 0 {
		return Signature{}
	}
	sig := Signature{Shingles: len(hashes)}
	reduced := make([]uint64, len(hashes))
	for i, h := range hashes {
		reduced[i] = h % mersenne
	}
	for i := range sig.Values {
		a, b, least := multipliers[i], offsets[i], ^uint64(0)
		for _, h := range reduced {
			least = min(least, permute(a, b, h))
		}
		sig.Values[i] = uint32(least >> 29) // the upper 32 of 61 bits keep the order
	}
	return sig
}

// permute is (a*x + b) mod 2^61-1, where dividing is folding.
func permute(a, b, x uint64) uint64 {
	hi, lo := bits.Mul64(a, x)
	sum := (lo & mersenne) + (hi<<3 | lo>>61) + b
	sum = sum&mersenne + sum>>61
	if sum >= mersenne {
		sum -= mersenne
	}
	return sum
}

// Similarity estimates the Jaccard similarity of two texts' word runs, 0 to 1,
// with a standard error of at most 0.045. A text without words resembles
// nothing.
func (s Signature) Similarity(other Signature) float64 {
	if s.Shingles == 0 || other.Shingles == 0 {
		return 0
	}
	equal := 0
	for i, v := range s.Values {
		if v == other.Values[i] {
			equal++
		}
	}
	return float64(equal) / places
}

// Bands returns the keys under which a signature is filed. Texts that share no
// key are not worth comparing.
func (s Signature) Bands() [NBands]uint64 {
	var keys [NBands]uint64
	for b := range keys {
		h := uint64(b) * 0x9E3779B97F4A7C15
		for _, v := range s.Values[b*bandRows : (b+1)*bandRows] {
			h = mix(h ^ uint64(v))
		}
		keys[b] = h
	}
	return keys
}

// ErrFormat is returned for what is no signature of this version.
var ErrFormat = errors.New("not a text signature of version " + Version)

// MarshalText writes "mh128-w3-v1:<shingles>:<base64>", for the database and
// for JSON.
func (s Signature) MarshalText() ([]byte, error) {
	raw := make([]byte, 4*places)
	for i, v := range s.Values {
		binary.BigEndian.PutUint32(raw[4*i:], v)
	}
	return fmt.Appendf(nil, "%s:%d:%s", Version, s.Shingles, base64.RawStdEncoding.EncodeToString(raw)), nil
}

// String returns the form of [Signature.MarshalText].
func (s Signature) String() string {
	text, _ := s.MarshalText()
	return string(text)
}

// UnmarshalText reads the form of [Signature.MarshalText]. The error is
// [ErrFormat].
func (s *Signature) UnmarshalText(data []byte) error {
	head, rest, _ := strings.Cut(string(data), ":")
	count, coded, found := strings.Cut(rest, ":")
	raw, err := base64.RawStdEncoding.Strict().DecodeString(coded)
	n, bad := parseCount(count)
	if head != Version || !found || err != nil || bad || len(raw) != 4*places {
		return ErrFormat
	}
	*s = Signature{Shingles: n}
	for i := range s.Values {
		s.Values[i] = binary.BigEndian.Uint32(raw[4*i:])
	}
	return nil
}

// Parse reads the form of [Signature.String].
func Parse(s string) (sig Signature, err error) { return sig, sig.UnmarshalText([]byte(s)) }

func parseCount(s string) (n int, bad bool) {
	if s == "" || len(s) > 9 {
		return 0, true
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, true
		}
		n = 10*n + int(c-'0')
	}
	return n, false
}
