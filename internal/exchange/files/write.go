package files

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"
)

// Writer writes rows to a file. What a format cannot say is left out; a row it
// cannot hold at all is refused, and nothing of it written. Close finishes the file
// without closing what it is written to.
type Writer interface {
	Write(Row) error
	Close() error
}

// NewTX writes the CSV of python-threatexchange. The frames of one video that
// follow each other become one vPDQ signal. Spaces in labels become _, since tags
// are parted by spaces.
func NewTX(w io.Writer) (Writer, error) {
	t := &txWriter{csv: csv.NewWriter(w)}
	return t, t.csv.Write([]string{"signal_type", "signal_str", "collab", "category", "tags"})
}

type txWriter struct {
	csv    *csv.Writer
	video  Row // of the frames at hand
	frames []string
}

func (t *txWriter) Write(r Row) error {
	if err := r.Check(); err != nil {
		return err
	}
	if r.Signal != VPDQ {
		return errors.Join(t.flush(), t.line(r))
	}
	if len(t.frames) > 0 && (r.Content != t.video.Content || r.Content == "" || len(t.frames) == maxFrames) {
		if err := t.flush(); err != nil {
			return err
		}
	}
	if len(t.frames) == 0 {
		t.video = r
	}
	t.frames = append(t.frames, frameText(r))
	return nil
}

func (t *txWriter) flush() error {
	if len(t.frames) == 0 {
		return nil
	}
	value, _ := json.Marshal(t.frames)
	t.frames = t.frames[:0]
	t.video.Value = string(value)
	return t.line(t.video)
}

func (t *txWriter) line(r Row) error {
	tags := make([]string, len(r.Labels))
	for i, l := range r.Labels {
		tags[i] = strings.Join(strings.Fields(l.String()), "_")
	}
	return t.csv.Write([]string{txNames[r.Signal], r.Value, r.Source, txOpinions[r.Opinion], strings.Join(tags, " ")})
}

func (t *txWriter) Close() error {
	err := t.flush()
	t.csv.Flush()
	return errors.Join(err, t.csv.Error())
}

// NewLocal writes "type value" lines for python-threatexchange's local_file.
func NewLocal(w io.Writer) Writer { return &localWriter{bufio.NewWriter(w)} }

type localWriter struct{ to *bufio.Writer }

func (l *localWriter) Write(r Row) error {
	if err := r.Check(); err != nil {
		return err
	}
	value := r.Value
	if r.Signal == VPDQ {
		one, _ := json.Marshal([]string{frameText(r)})
		value = string(one)
	}
	if strings.ContainsAny(value, "\r\n") || strings.TrimSpace(value) != value {
		return errors.New("a list of lines cannot hold a signal with line breaks or spaces around it")
	}
	_, err := fmt.Fprintf(l.to, "%s %s\n", txNames[r.Signal], value)
	return err
}

func (l *localWriter) Close() error { return l.to.Flush() }

// NewFrames writes the frames of one video as the vPDQ reference prints them.
func NewFrames(w io.Writer) Writer { return &frameWriter{bufio.NewWriter(w)} }

type frameWriter struct{ to *bufio.Writer }

func (f *frameWriter) Write(r Row) error {
	if err := r.Check(); err != nil {
		return err
	}
	if r.Signal != VPDQ {
		return fmt.Errorf("a list of frames cannot hold a signal of type %s", r.Signal)
	}
	_, err := fmt.Fprintf(f.to, "%d,%d,%s,%.3f\n", r.Frame, max(0, r.Quality), r.Value, r.TimeCode.Seconds())
	return err
}

func (f *frameWriter) Close() error { return f.to.Flush() }

// NewHashes writes CSV with a column for everything a row says. Several labels of
// one kind are parted by ;.
func NewHashes(w io.Writer) (Writer, error) {
	h := &hashesWriter{csv.NewWriter(w)}
	return h, h.csv.Write([]string{"value", "signal_type", "quality", "content_id", Entity, Kind, Behaviour, Incident, Ideology, Language, "tags", "opinion", "source", "at", "frame", "seconds"})
}

type hashesWriter struct{ csv *csv.Writer }

func (h *hashesWriter) Write(r Row) error {
	if err := r.Check(); err != nil {
		return err
	}
	fields := []string{r.Value, r.Signal, "", r.Content}
	if r.Quality != NotGiven {
		fields[2] = strconv.Itoa(r.Quality)
	}
	for _, kind := range labelKinds {
		var names []string
		for _, l := range r.Labels {
			if l.Kind == kind {
				name := l.Name
				if kind == Tag {
					name = l.String()
				}
				names = append(names, strings.NewReplacer(";", ",", "|", ",").Replace(name))
			}
		}
		fields = append(fields, strings.Join(names, ";"))
	}
	fields = append(fields, string(r.Opinion), r.Source, timeText(r.At), "", "")
	if r.Signal == VPDQ {
		fields[14], fields[15] = strconv.Itoa(r.Frame), strconv.FormatFloat(r.TimeCode.Seconds(), 'f', -1, 64)
	}
	return h.csv.Write(fields)
}

func (h *hashesWriter) Close() error { h.csv.Flush(); return h.csv.Error() }

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// NewBank writes our own bank file. Without a signer it has a digest and no
// signature.
func NewBank(w io.Writer, head BankHead, s Signer) (Writer, error) {
	head.Format = BankFormat
	b := &bankWriter{to: bufio.NewWriterSize(w, 64<<10), digest: sha256.New(), signer: s}
	return b, b.line(head)
}

type bankWriter struct {
	to     *bufio.Writer
	digest hash.Hash
	rows   int64
	signer Signer
}

func (b *bankWriter) line(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	data = append(data, '\n')
	b.digest.Write(data)
	_, err = b.to.Write(data)
	return err
}

func (b *bankWriter) Write(r Row) error {
	if err := r.Check(); err != nil {
		return err
	}
	j := bankRowJSON{Signal: r.Signal, Value: r.Value, Content: r.Content, Opinion: r.Opinion, Source: r.Source, At: timeText(r.At), Frame: r.Frame, Seconds: r.TimeCode.Seconds()}
	if r.Quality != NotGiven {
		j.Quality = &r.Quality
	}
	for _, l := range r.Labels {
		j.Labels = append(j.Labels, l.String())
	}
	b.rows++
	return b.line(j)
}

func (b *bankWriter) Close() error {
	var end bankEnd
	end.End.Rows, end.End.SHA256 = b.rows, hex.EncodeToString(b.digest.Sum(nil))
	if b.signer != nil {
		signature, err := b.signer.Sign(payload(end.End.SHA256, b.rows))
		if err != nil {
			return fmt.Errorf("signing a bank file: %w", err)
		}
		end.End.Signature = signature
	}
	if err := b.line(end); err != nil {
		return err
	}
	return b.to.Flush()
}
