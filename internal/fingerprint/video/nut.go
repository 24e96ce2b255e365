package video

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"time"

	"github.com/staydown/staydown"
)

// The codes of errors of this package; all are staydown.Error.
const (
	CodeFormat = "video.format" // what the decoder wrote cannot be understood
	CodeSize   = "video.size"   // frames are wider or higher than the limit
	CodeEmpty  = "video.empty"  // there is no frame in it
)

func broken(format string, args ...any) error {
	return staydown.Errorf(staydown.Invalid, CodeFormat, "the decoder's stream is broken: "+format, args...)
}

// nut reads a stream of one track of raw grey frames in the container NUT
// (nut-container.org, version 3), which carries the size of the frames and the
// time of each. It takes what ffmpeg writes, and whatever else the format allows
// for one such track; it asks for no memory that a field of the stream names
// before it is checked.
type nut struct {
	r             *bufio.Reader
	Width, Height int

	bases    []base
	codes    [256]code
	elided   [][]byte // beginnings of frames that are left out of the stream
	track    base
	shift    uint64 // bits of a time that are written when the rest is known
	lastTime int64
}

// base is a unit of time: num/den of a second.
type base struct{ num, den uint64 }

// code is what one byte before a frame stands for.
type code struct {
	flags, multiple, size, reserved, elided uint64
	delta                                   int64
}

// The packets of NUT begin with these.
const (
	startMain   = 0x4E4D7A561F5F04AD
	startStream = 0x4E5311405BF2F9DB
	startSync   = 0x4E4BE4ADEECA4569
	startIndex  = 0x4E58DD672F23E64E
	startInfo   = 0x4E49AB68B596BA78
)

// What stands before a frame.
const (
	flagTime     = 1 << 3
	flagTrack    = 1 << 4
	flagSize     = 1 << 5
	flagChecksum = 1 << 6
	flagReserved = 1 << 7
	flagSide     = 1 << 8
	flagElided   = 1 << 10
	flagMatch    = 1 << 11
	flagCoded    = 1 << 12
	flagInvalid  = 1 << 13
)

const (
	magic      = "nut/multimedia container\x00"
	mostHeader = 64 << 10 // bytes of a header; ffmpeg's have a few hundred
	mostBases  = 16
)

// newNUT reads the headers.
func newNUT(r io.Reader, l Limits) (*nut, error) {
	n := &nut{r: bufio.NewReaderSize(r, 1<<16)}
	first := make([]byte, len(magic))
	if _, err := io.ReadFull(n.r, first); err != nil {
		return nil, n.ended(err, true)
	}
	if string(first) != magic {
		return nil, broken("no NUT")
	}
	for n.Width == 0 {
		start, err := n.start()
		if err != nil {
			return nil, n.ended(err, true)
		}
		if err := n.packet(start); err != nil {
			return nil, err
		}
	}
	if n.Width > l.MaxSide || n.Height > l.MaxSide || n.Width*n.Height > l.MaxPixels {
		return nil, staydown.Errorf(staydown.Invalid, CodeSize, "its frames are %dx%d pixels: more than is decoded", n.Width, n.Height)
	}
	return n, nil
}

// ended makes an error of what ended the reading. Before a frame the stream may
// end: then there was none.
func (n *nut) ended(err error, before bool) error {
	switch {
	case before && errors.Is(err, io.EOF):
		return staydown.Errorf(staydown.Invalid, CodeEmpty, "there is no video in it")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return broken("it breaks off")
	}
	return err
}

func (n *nut) start() (uint64, error) {
	b, err := n.r.Peek(8)
	if len(b) < 8 {
		return 0, errors.Join(err, io.EOF)
	}
	n.r.Discard(8)
	return binary.BigEndian.Uint64(b), nil
}

// packet reads one packet that is no frame.
func (n *nut) packet(start uint64) error {
	size, err := n.number()
	if err != nil {
		return n.ended(err, false)
	}
	if size < 4 || size > mostHeader {
		return broken("a header of %d bytes", size)
	}
	if size > 4096 {
		n.r.Discard(4) // a checksum of the size; the pipe does not lose bits
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(n.r, body); err != nil {
		return n.ended(err, false)
	}
	f := &fields{rest: body[:size-4]}
	if n.Width > 0 && (start == startMain || start == startStream) {
		return nil // repeated; they may not change
	}
	switch start {
	case startMain:
		n.main(f)
	case startStream:
		n.stream(f)
	case startSync:
		n.sync(f)
	case startInfo, startIndex:
	default:
		return broken("an unknown packet %016x", start)
	}
	return f.err
}

// sync reads a point at which a reader may begin; it gives the time the next
// frame's is counted from.
func (n *nut) sync(f *fields) {
	if len(n.bases) == 0 {
		f.fail("a frame before the header")
		return
	}
	t := f.number()
	b := n.bases[t%uint64(len(n.bases))]
	n.lastTime = rescale(t/uint64(len(n.bases)), b, n.track)
}

// rescale converts a time from one unit to another, rounding down; what does
// not fit gives 0.
func rescale(t uint64, from, to base) int64 {
	if to.num == 0 || from.num == 0 {
		return 0
	}
	up, down := from.num*to.den, from.den*to.num
	if down == 0 {
		return 0
	}
	high, low := bits.Mul64(t, up)
	if high >= down {
		return 0
	}
	q, _ := bits.Div64(high, low, down)
	if q > 1<<62 {
		return 0
	}
	return int64(q)
}

// Next reads the next frame into buf, which holds Width*Height bytes, and tells
// when it is shown. At the end of the stream it returns io.EOF.
func (n *nut) Next(buf []byte) (time.Duration, error) {
	for {
		b, err := n.r.Peek(1)
		if err != nil {
			return 0, err
		}
		if b[0] != 'N' {
			return n.frame(buf)
		}
		start, err := n.start()
		if err != nil {
			return 0, n.ended(err, false)
		}
		if err := n.packet(start); err != nil {
			return 0, err
		}
	}
}

func (n *nut) frame(buf []byte) (time.Duration, error) {
	first, err := n.r.ReadByte()
	if err != nil {
		return 0, err
	}
	size, elided, err := n.head(n.codes[first])
	if err != nil {
		return 0, err
	}
	if size != uint64(len(buf)) {
		return 0, broken("a frame of %d bytes, not %d", size, len(buf))
	}
	copy(buf, elided)
	if _, err := io.ReadFull(n.r, buf[len(elided):]); err != nil {
		return 0, n.ended(err, false)
	}
	return n.at(), nil
}

// head reads what stands before a frame. The elided bytes count in its size.
func (n *nut) head(c code) (size uint64, elided []byte, err error) {
	number := func() uint64 {
		v, e := n.number()
		if e != nil && err == nil {
			err = n.ended(e, false)
		}
		return v
	}
	flags := c.flags
	if flags&flagInvalid != 0 {
		return 0, nil, broken("no frame begins so")
	}
	if flags&flagCoded != 0 {
		flags ^= number()
	}
	if flags&flagTrack != 0 {
		number()
	}
	n.lastTime += c.delta
	if flags&flagTime != 0 {
		n.lastTime += -c.delta
		n.time(number())
	}
	size = c.size
	if flags&flagSize != 0 {
		high, low := bits.Mul64(number(), c.multiple)
		if high > 0 || low > 1<<40 {
			return 0, nil, broken("a frame of too many bytes")
		}
		size += low
	}
	if flags&flagMatch != 0 {
		number()
	}
	which := c.elided
	if flags&flagElided != 0 {
		which = number()
	}
	reserved := c.reserved
	if flags&flagReserved != 0 {
		reserved = number()
	}
	if reserved > 64 || flags&flagSide != 0 || which >= uint64(len(n.elided)) {
		return 0, nil, broken("a frame with parts that are not known")
	}
	for range reserved {
		number()
	}
	if flags&flagChecksum != 0 {
		n.r.Discard(4)
	}
	elided = n.elided[which]
	if uint64(len(elided)) > size {
		return 0, nil, broken("a frame shorter than its beginning")
	}
	return size, elided, err
}

// time takes a frame's time as it is coded: in full, or its low bits.
func (n *nut) time(coded uint64) {
	if coded >= 1<<n.shift {
		n.lastTime = int64(coded-1<<n.shift) & (1<<62 - 1)
		return
	}
	mask := int64(1)<<n.shift - 1
	from := n.lastTime - mask/2
	n.lastTime = (int64(coded)-from)&mask + from
}

// at is the time of the frame read last; times that cannot be are 0.
func (n *nut) at() time.Duration {
	if n.lastTime < 0 {
		return 0
	}
	return time.Duration(rescale(uint64(n.lastTime), n.track, base{1, uint64(time.Second)})).Round(time.Microsecond)
}

// number reads a number of seven bits a byte, the highest first.
func (n *nut) number() (uint64, error) {
	var v uint64
	for range 9 {
		b, err := n.r.ReadByte()
		if err != nil {
			return 0, err
		}
		v = v<<7 | uint64(b&0x7f)
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, broken("a number without end")
}
