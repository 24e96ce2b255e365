package video

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// CodeText is the code of an error in a print's text form.
const CodeText = "video.text"

// mostTextFrames bounds the text form that is read.
const mostTextFrames = 1 << 20

// WriteText writes the frames as the reference's files have them, a line each:
// frame, quality, hash, seconds with three decimals.
func (p Print) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, f := range p.Frames {
		fmt.Fprintf(out, "%d,%d,%s,%.3f\n", f.N, f.Quality, f.Hash, f.At.Seconds())
	}
	return out.Flush()
}

// ReadText reads what WriteText writes. Lines without seconds, which the
// reference's documentation shows, are taken, too; then At is 0. The print's
// duration is the last frame's time, and Counted reaches to its number.
func ReadText(r io.Reader) (Print, error) {
	var p Print
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 256), 256)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		f, err := parseLine(line)
		if err != nil {
			return Print{}, staydown.Errorf(staydown.Invalid, CodeText, "%v", err).At("line " + strconv.Itoa(n))
		}
		if len(p.Frames) == mostTextFrames {
			return Print{}, staydown.Errorf(staydown.Invalid, CodeText, "more than %d frames", mostTextFrames)
		}
		p.Frames = append(p.Frames, f)
		p.Counted, p.Duration = max(p.Counted, f.N+1), max(p.Duration, f.At)
	}
	if err := lines.Err(); err != nil {
		return Print{}, staydown.Errorf(staydown.Invalid, CodeText, "%v", err)
	}
	return p, nil
}

func parseLine(line string) (Frame, error) {
	parts := strings.Split(line, ",")
	if len(parts) != 3 && len(parts) != 4 {
		return Frame{}, fmt.Errorf("%d fields; frame,quality,hash,seconds are expected", len(parts))
	}
	var f Frame
	number, err := strconv.ParseUint(parts[0], 10, 31)
	if err != nil {
		return Frame{}, fmt.Errorf("%q is no frame number", parts[0])
	}
	quality, err := strconv.ParseUint(parts[1], 10, 31)
	if err != nil || quality > 100 {
		return Frame{}, fmt.Errorf("%q is no quality from 0 to 100", parts[1])
	}
	f.N, f.Quality = int(number), int(quality)
	if f.Hash, err = pdq.Parse(parts[2]); err != nil {
		return Frame{}, err
	}
	if len(parts) == 4 {
		seconds, err := strconv.ParseFloat(parts[3], 64)
		if err != nil || !(seconds >= 0 && seconds < 1e6) {
			return Frame{}, fmt.Errorf("%q is no number of seconds", parts[3])
		}
		f.At = time.Duration(seconds*1000+0.5) * time.Millisecond
	}
	return f, nil
}
