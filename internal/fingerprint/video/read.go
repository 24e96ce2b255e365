package video

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

// Limits bound what is read of one video. Zero takes the default named.
type Limits struct {
	MaxSide     int           // pixels of width or height; 8192
	MaxPixels   int           // of a frame; 8192x4320
	MaxFrames   int           // decoded, hashed or not; 400,000: almost four hours at 30 a second
	MaxDuration time.Duration // of the video; 6 h
}

func (l Limits) orDefault() Limits {
	for _, d := range []struct {
		v    *int
		most int
	}{{&l.MaxSide, 8192}, {&l.MaxPixels, 8192 * 4320}, {&l.MaxFrames, 400_000}} {
		if *d.v <= 0 {
			*d.v = d.most
		}
	}
	if l.MaxDuration <= 0 {
		l.MaxDuration = 6 * time.Hour
	}
	return l
}

// Options say how a video is read.
type Options struct {
	Every    time.Duration // between frames that are hashed; 0 hashes each
	Threads  int           // of the decoder; 1 if 0
	AsStored bool          // frames as they lie in the file, as the reference reads them, without the turning that phones ask for
	Limits   Limits
}

// Runner runs ffmpeg with these arguments, walled off, over the bytes of in,
// which it finds at the path input as a file, and hands to read what it writes.
// A limit of time that it keeps is told by an error for which TimedOut is true.
type Runner struct {
	Run      func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error
	Input    string
	TimedOut func(error) bool // nil: no error is one
}

// containers are the kinds of files that are opened, by ffmpeg's names: those
// that hold a video themselves. Playlists and lists of files, which name other
// files, are not among them.
const containers = "mov,matroska,avi,mpeg,mpegts,mpegvideo,m4v,h264,hevc,ivf,obu,flv,ogg,asf,rm,mxf,dv,gif,apng,webm,swf,nut"

// Args are ffmpeg's arguments: the first video track's brightness, each frame
// once and with its own time, as NUT on standard output.
func Args(input string, o Options) []string {
	args := []string{"-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", containers, "-threads", strconv.Itoa(max(o.Threads, 1))}
	if o.AsStored {
		args = append(args, "-noautorotate")
	}
	return append(args, "-i", "file:"+input,
		"-map", "0:V:0", "-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
		"-filter_threads", "1", "-vf", "extractplanes=y,format=gray",
		"-vsync", "passthrough", "-enc_time_base", "-1", "-c:v", "rawvideo", "-f", "nut", "pipe:1")
}

// Hash makes the print of a video. When the runner's time is over, what was read
// until then is the print, and Cut says so.
func Hash(ctx context.Context, run Runner, in io.Reader, o Options) (Print, error) {
	var p Print
	whole := false // the decoder ended its stream as it should
	err := run.Run(ctx, Args(run.Input, o), in, func(r io.Reader) (err error) {
		p, err = Read(r, o)
		whole = err == nil
		return err
	})
	switch {
	case err == nil:
	case len(p.Frames) > 0 && run.TimedOut != nil && run.TimedOut(err):
		p.Cut = "time"
	case len(p.Frames) > 0 && whole && staydown.KindOf(err) == staydown.Invalid:
		// The decoder complained at the end of a damaged file; what it could
		// decode is all there is to see of it.
		p.Cut = "damaged"
	default:
		return Print{}, err
	}
	return p, nil
}

// Read makes the print of the frames in a NUT stream of ffmpeg's. A stream that
// breaks off gives an error and the print of what came before.
func Read(r io.Reader, o Options) (Print, error) {
	l := o.Limits.orDefault()
	n, err := newNUT(r, l)
	if err != nil {
		return Print{}, err
	}
	p := Print{Width: n.Width, Height: n.Height}
	h := &hasher{now: make([]byte, n.Width*n.Height), before: make([]byte, n.Width*n.Height)}
	var begin, next time.Duration
	for {
		at, err := n.Next(h.now)
		if errors.Is(err, io.EOF) {
			return p.done()
		}
		if err != nil {
			return p, err
		}
		if p.Counted == 0 {
			begin = at
		}
		at = max(at-begin, 0)
		switch {
		case p.Counted >= l.MaxFrames:
			p.Cut = "frames"
			return p.done()
		case at > l.MaxDuration:
			p.Cut = "duration"
			return p.done()
		}
		if at >= next || p.Counted == 0 {
			hash, quality := h.sum(n.Width, n.Height)
			p.Frames = append(p.Frames, Frame{N: p.Counted, At: at, Hash: hash, Quality: quality})
			if o.Every > 0 {
				next = (at/o.Every + 1) * o.Every
			}
		}
		p.Duration = max(p.Duration, at)
		p.Counted++
	}
}

func (p Print) done() (Print, error) {
	if p.Counted == 0 {
		return Print{}, staydown.Errorf(staydown.Invalid, CodeEmpty, "there is no video in it")
	}
	return p, nil
}

// black and white are the ends of the usual range of video.
const black, white = 16, 235

// hasher hashes frames, and equal ones in a row once.
type hasher struct {
	now, before []byte
	made        bool
	hash        pdq.Hash
	quality     int
}

func (h *hasher) sum(width, height int) (pdq.Hash, int) {
	if !h.made || !bytes.Equal(h.now, h.before) {
		h.hash, h.quality = pdq.SumFrame(&pdq.Gray{Width: width, Height: height, Stride: width, Pix: h.now}, black, white)
		h.made = true
		h.now, h.before = h.before, h.now
	}
	return h.hash, h.quality
}
