package files

import (
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"math"
	"strings"
	"time"

	"github.com/staydown/staydown"
)

// BankFormat is the version that a bank file's first line names. The format is
// described in docs/design/bank-file.md.
const BankFormat = "staydown-bank/1"

// BankHead is the first line of a bank file: what holds for all its rows.
type BankHead struct {
	Format    string    `json:"format"`              // BankFormat
	Bank      string    `json:"bank"`                // its name
	Labels    []string  `json:"labels,omitempty"`    // each "kind:name"
	Threshold int       `json:"threshold,omitempty"` // bits of 256 within which pictures match; 0 if not said
	Negative  bool      `json:"negative,omitempty"`  // what is known to be lawful
	Source    string    `json:"source,omitempty"`    // who hands it on
	Created   time.Time `json:"created"`
}

// Signer signs a bank file as whoever hands it on.
type Signer interface {
	Sign(payload []byte) (signature string, err error)
}

// Verifier tells whether a signature over a payload is of somebody trusted.
type Verifier interface {
	Verify(payload []byte, signature string) error
}

// bankRowJSON is a line of a bank file.
type bankRowJSON struct {
	Signal  string   `json:"signal"`
	Value   string   `json:"value"`
	Quality *int     `json:"quality,omitempty"`
	Content string   `json:"content,omitempty"`
	Labels  []string `json:"labels,omitempty"`
	Opinion Opinion  `json:"opinion,omitempty"`
	Source  string   `json:"source,omitempty"`
	At      string   `json:"at,omitempty"`
	Frame   int      `json:"frame,omitempty"`
	Seconds float64  `json:"seconds,omitempty"`
}

// bankEnd is the last line.
type bankEnd struct {
	End struct {
		Rows      int64  `json:"rows"`
		SHA256    string `json:"sha256"` // of all bytes before this line
		Signature string `json:"signature,omitempty"`
	} `json:"end"`
}

// payload is what is signed: the format, digest and count, so that a signature
// holds for this file alone.
func payload(digest string, rows int64) []byte {
	return fmt.Appendf(nil, "%s\nsha256 %s\nrows %d\n", BankFormat, digest, rows)
}

// bankReader is the state of reading a bank file.
type bankReader struct {
	head   BankHead
	rows   int64
	digest hash.Hash
	last   []byte // the bytes of the record at hand, not yet in the digest
	ended  bool
}

func (b *bankReader) state() []byte {
	state, _ := b.digest.(encoding.BinaryMarshaler).MarshalBinary()
	return state
}

// eat is told of each run of bytes read. Only what is followed by another record
// goes into the digest: the last line is not part of it.
func (b *bankReader) eat(p []byte) {
	b.digest.Write(b.last)
	b.last = append(b.last[:0], p...)
}

// settle puts the record at hand into the digest.
func (b *bankReader) settle() {
	b.digest.Write(b.last)
	b.last = b.last[:0]
}

// Bank is the first line of a bank file; nil for other files.
func (x *Reader) Bank() *BankHead {
	if x.bank == nil {
		return nil
	}
	head := x.bank.head
	return &head
}

func (x *Reader) openBank() error {
	b := &bankReader{digest: sha256.New()}
	text := x.opt.From.Head
	if x.opt.From.Offset > 0 {
		b.rows, b.ended = x.opt.From.Rows, x.opt.From.Ended
		if b.digest.(encoding.BinaryUnmarshaler).UnmarshalBinary(x.opt.From.Digest) != nil {
			return staydown.Errorf(staydown.Usage, "files.mark", "the place to go on from is not one of a bank file")
		}
	} else {
		x.src.ate = b.eat
		rec, _, bad, err := x.src.record(false)
		if err != nil || bad != nil {
			return staydown.Errorf(staydown.Invalid, "files.head", "the file is empty or its first line too long")
		}
		text = string(rec)
		b.settle()
	}
	x.src.ate = b.eat
	if len(text) > 64<<10 || json.Unmarshal([]byte(text), &b.head) != nil || b.head.Format != BankFormat {
		return staydown.Errorf(staydown.Invalid, "files.head", "the first line does not say %s", BankFormat).At("line 1")
	}
	if b.head.Bank == "" || len(b.head.Bank) > maxName || b.head.Threshold < 0 || b.head.Threshold > 63 || len(b.head.Labels) > maxLabels {
		return staydown.Errorf(staydown.Invalid, "files.head", "the bank has no name, a threshold that is not 0 to 63, or too many labels").At("line 1")
	}
	x.bank, x.mark.Head = b, text
	return nil
}

func (x *Reader) bankRow(rec string, line int, out []Row) ([]Row, error) {
	b := x.bank
	if b.ended {
		if rec == "" {
			return out, nil
		}
		return out, behindEnd(line)
	}
	if strings.HasPrefix(rec, `{"end":`) {
		return out, x.endBank(rec, line)
	}
	b.settle()
	b.rows++
	j, err := parseBankRow(rec)
	if err != nil {
		return out, fmt.Errorf("not a row of JSON")
	}
	r := Row{Signal: j.Signal, Value: j.Value, Quality: NotGiven, Content: j.Content, Source: j.Source, Frame: j.Frame}
	if j.Quality != nil {
		r.Quality = *j.Quality
	}
	if !(j.Seconds >= 0 && j.Seconds < 1e8) {
		return out, fmt.Errorf("the time %v is not one within a video", j.Seconds)
	}
	r.TimeCode = time.Duration(math.Round(j.Seconds*1e6)) * time.Microsecond
	for _, l := range j.Labels {
		r.Labels = append(r.Labels, parseLabel(l))
	}
	if r.Opinion, err = parseOpinion(string(j.Opinion)); err != nil {
		return out, err
	}
	r.At, err = parseTime(j.At)
	return append(out, r), err
}

// longBankRow counts a row that is too long to be read.
func (x *Reader) longBankRow(line int, bad error) error {
	if x.bank.ended {
		return behindEnd(line)
	}
	x.bank.settle()
	x.bank.rows++
	return bad
}

func behindEnd(line int) error {
	return staydown.Errorf(staydown.Invalid, "files.after", "something stands behind the last line of the bank file").At(fmt.Sprint("line ", line))
}

// endBank checks count, digest and signature.
func (x *Reader) endBank(rec string, line int) error {
	b := x.bank
	where := fmt.Sprint("line ", line)
	var end bankEnd
	if json.Unmarshal([]byte(rec), &end) != nil {
		return staydown.Errorf(staydown.Invalid, "files.end", "the last line cannot be read").At(where)
	}
	digest := hex.EncodeToString(b.digest.Sum(nil))
	if end.End.SHA256 != digest || end.End.Rows != b.rows {
		return staydown.Errorf(staydown.Failed, "files.altered", "the bank file was altered: its last line tells of %d rows with digest %s, there are %d with %s", end.End.Rows, end.End.SHA256, b.rows, digest).At(where)
	}
	if v := x.opt.Verifier; v != nil {
		if err := v.Verify(payload(digest, b.rows), end.End.Signature); err != nil {
			return staydown.Errorf(staydown.Failed, "files.signature", "the signature of the bank file is not of anybody trusted").At(where)
		}
	}
	b.ended = true
	b.last = b.last[:0]
	return nil
}
