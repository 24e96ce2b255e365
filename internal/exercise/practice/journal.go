package practice

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// journal is the append-only file of the truth. A line is handed to the
// operating system before anybody is told of it, so killing the process loses
// nothing; only a failing machine could, and an exercise does not outlive its
// machine.
type journal struct {
	file *os.File
	n    int64
	path string
}

// maxLine bounds one line: a letter of 200 lines is about 60 KiB, a closed
// account of a large world some hundred.
const maxLine = 8 << 20

// ErrTruth says that a truth file cannot be what this package wrote.
var ErrTruth = errors.New("the truth file is damaged")

// ReadEvents calls do for every event of a truth file, in order. A torn last
// line, as a killed process leaves it, is not an event; size returns where the
// whole lines end.
func ReadEvents(in io.Reader, do func(Event) error) (size int64, err error) {
	lines := bufio.NewReaderSize(in, 1<<16)
	var last int64
	for {
		raw, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return size, nil
		}
		if err != nil {
			return size, fmt.Errorf("reading the truth after event %d: %w", last, err)
		}
		var e Event
		if err := json.Unmarshal(raw, &e); err != nil {
			return size, fmt.Errorf("reading the truth after event %d: %w: %v", last, ErrTruth, err)
		}
		if e.N != last+1 {
			return size, fmt.Errorf("reading the truth: event %d follows event %d: %w", e.N, last, ErrTruth)
		}
		last = e.N
		size += int64(len(raw))
		if err := do(e); err != nil {
			return size, err
		}
	}
}

// readLine returns one whole line; io.EOF also for a torn one.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, ErrTruth
		}
		line = append(line, part...)
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// openJournal reads what is there, cuts a torn last line away and is ready to
// append.
func openJournal(path string, do func(Event) error) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the truth: %w", err)
	}
	if err := lock(file); err != nil {
		file.Close()
		return nil, err
	}
	j := &journal{file: file, path: path}
	size, err := ReadEvents(file, func(e Event) error {
		j.n = e.N
		return do(e)
	})
	if err == nil {
		if err = file.Truncate(size); err == nil {
			_, err = file.Seek(size, io.SeekStart)
		}
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("opening the truth: %w", err)
	}
	return j, nil
}

// lockWait is how long a successor waits, by the machine's clock, for a
// predecessor that is still dying.
const lockWait = 15 * time.Second

// lock makes this process the only one that writes the truth; the lock ends with
// the process.
func lock(file *os.File) error {
	for deadline := time.Now().Add(lockWait); ; time.Sleep(50 * time.Millisecond) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) {
			return fmt.Errorf("opening the truth: other practice providers hold %s: %w", file.Name(), err)
		}
	}
}

// append writes events in one piece and numbers them.
func (j *journal) append(events []Event) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for i := range events {
		events[i].N = j.n + int64(i) + 1
		if err := encoder.Encode(events[i]); err != nil {
			return fmt.Errorf("writing the truth: %w", err)
		}
	}
	if _, err := j.file.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing the truth: %w", err)
	}
	j.n += int64(len(events))
	return nil
}

func (j *journal) close() error { return j.file.Close() }
