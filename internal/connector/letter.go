package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// LetterFormat names the form of [Letter] and its version.
const LetterFormat = "staydown-letter/1"

// MaxLetter bounds, in bytes, a letter that comes from outside.
const MaxLetter = 16 << 20

// Letter is what a provider's system reads: the body of a webhook and the file
// letter.json attached to a mail. Addresses in it are exact.
type Letter struct {
	Format     string       `json:"format"`
	Message    string       `json:"message"`
	Kind       Kind         `json:"kind"`
	Letter     string       `json:"letter"`
	Reference  string       `json:"reference"`
	Instrument string       `json:"instrument"`
	Binding    bool         `json:"binding"`
	Sender     LetterSender `json:"sender"`
	Statement  string       `json:"statement"`
	SentAt     time.Time    `json:"sent_at"`
	AnswerURL  string       `json:"answer_url"`
	Lines      []LetterLine `json:"lines"`
}

// LetterSender is the authority that sends. No person is named.
type LetterSender struct {
	Authority string `json:"authority"`
	Country   string `json:"country"`
	Desk      string `json:"desk"`
	Email     string `json:"email"`
}

// LetterLine is one location.
type LetterLine struct {
	Line        string `json:"line"`
	URL         string `json:"url"`
	Kind        string `json:"kind"`
	Ground      string `json:"ground"`
	Clause      string `json:"clause"`
	Explanation string `json:"explanation"`
}

// Encode writes the letter of a message. The same message gives the same bytes:
// a signature made for a first try and one made for a second cover one text.
func (m Message) Encode() ([]byte, error) {
	l := Letter{
		Format: LetterFormat, Message: m.ID, Kind: m.Kind, Letter: m.Letter, Reference: m.Reference,
		Instrument: m.Instrument, Binding: m.Binding, Statement: m.Statement,
		SentAt: m.SentAt.UTC().Truncate(time.Second), AnswerURL: m.AnswerURL,
		Sender: LetterSender{Authority: m.Sender.Authority, Country: m.Sender.Country, Desk: m.Sender.Desk, Email: m.Sender.Email},
		Lines:  make([]LetterLine, len(m.Lines)),
	}
	for i, line := range m.Lines {
		l.Lines[i] = LetterLine{Line: line.ID, URL: line.URL, Kind: line.Kind, Ground: line.Ground, Clause: line.Clause, Explanation: line.Explanation}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // an address reads as it is, ampersands included
	if err := encoder.Encode(l); err != nil {
		return nil, fmt.Errorf("writing letter %s: %w", m.Letter, err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// ParseLetter reads a letter that came from outside, for the receiving side. It
// takes one JSON object of the known format with 1 to [MaxLines] lines, each with
// an identifier and an address; fields it does not know are passed over.
func ParseLetter(data []byte) (Letter, error) {
	var l Letter
	if len(data) > MaxLetter {
		return l, fmt.Errorf("reading a letter: longer than %d bytes", MaxLetter)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&l); err != nil {
		return Letter{}, fmt.Errorf("reading a letter: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return Letter{}, fmt.Errorf("reading a letter: something follows it")
	}
	if l.Format != LetterFormat {
		return Letter{}, fmt.Errorf("reading a letter: format %.40q, wanted %q", l.Format, LetterFormat)
	}
	if len(l.Lines) == 0 || len(l.Lines) > MaxLines {
		return Letter{}, fmt.Errorf("reading a letter: %d lines, wanted 1 to %d", len(l.Lines), MaxLines)
	}
	for i, line := range l.Lines {
		if line.Line == "" || line.URL == "" {
			return Letter{}, fmt.Errorf("reading a letter: line %d has no identifier or no address", i+1)
		}
	}
	return l, nil
}
