package files

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// maxFrames bounds the frames of one video in one record.
const maxFrames = 40_000

// expand makes one row for each frame of a vPDQ signal, which python-threatexchange
// writes as a JSON list of "hash,quality,seconds". Other signals are one row.
func expand(r Row, line int, out []Row) ([]Row, error) {
	if r.Signal != VPDQ || !strings.HasPrefix(strings.TrimSpace(r.Value), "[") {
		return append(out, r), nil
	}
	var frames []string
	if json.Unmarshal([]byte(r.Value), &frames) != nil || len(frames) > maxFrames {
		return out, fmt.Errorf("a vPDQ signal must be a JSON list of at most %d texts", maxFrames)
	}
	if r.Content == "" {
		r.Content = fmt.Sprint("line-", line)
	}
	for i, f := range frames {
		parts := strings.Split(f, ",")
		if len(parts) != 3 {
			return out, fmt.Errorf("frame %d is not hash, quality and seconds", i)
		}
		one := r
		one.Frame, one.Value = i, parts[0]
		if err := one.timed(parts[1], parts[2]); err != nil {
			return out, fmt.Errorf("frame %d: %w", i, err)
		}
		out = append(out, one)
	}
	return out, nil
}

func (r *Row) timed(quality, time string) (err error) {
	if r.Quality, err = number(quality, NotGiven); err != nil {
		return err
	}
	if r.Quality == NotGiven {
		return fmt.Errorf("the frame has no quality")
	}
	r.TimeCode, err = seconds(time)
	return err
}

// frameRow reads a line "frame,quality,hash,seconds". The reference's page shows
// three fields, its files have four; both are read.
func (x *Reader) frameRow(rec string, _ int, out []Row) ([]Row, error) {
	rec = strings.TrimSpace(strings.TrimPrefix(rec, "\uFEFF"))
	if rec == "" {
		return out, nil
	}
	parts := strings.Split(rec, ",")
	if len(parts) == 3 {
		parts = append(parts, "")
	}
	if len(parts) != 4 {
		return out, fmt.Errorf("%d fields where frame, quality, hash and seconds belong", len(parts))
	}
	r := Row{Signal: VPDQ, Value: parts[2], Content: x.opt.Content}
	var err error
	if r.Frame, err = strconv.Atoi(parts[0]); err != nil {
		return out, fmt.Errorf("%.40q is no frame number", parts[0])
	}
	if err := r.timed(parts[1], parts[3]); err != nil {
		return out, err
	}
	return append(out, r), nil
}

// frameText is a frame within a vPDQ signal.
func frameText(r Row) string {
	return fmt.Sprintf("%s,%d,%.3f", r.Value, max(0, r.Quality), r.TimeCode.Seconds())
}
