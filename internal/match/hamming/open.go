package hamming

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/bits"
	"os"

	"github.com/staydown/staydown"
)

// What [Open] refuses a file for, as codes of a [staydown.Error].
const (
	CodeForeign = "index.foreign" // not such a file, or of another version or byte order
	CodeTorn    = "index.torn"    // shorter or longer than it says, or a checksum is wrong
	CodeLying   = "index.lying"   // checksums are right, but it contradicts itself
)

func refuse(code, format string, args ...any) error {
	return staydown.Errorf(staydown.Failed, code, format, args...)
}

// Open reads the index that [Index.Save] wrote. Before anything is answered from
// it, lengths and checksums are checked, that all is in order and nothing leads
// outside of an array, and a sample of the tables against the hashes (all of
// them: [Index.Verify]). A file that fails is refused with one of the codes
// above; a missing one is [fs.ErrNotExist].
//
// The file is copied into memory and closed. Mapped where it lies, the program
// would be killed if somebody shortened it later.
func Open(path string) (*Index, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the index: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the index: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("opening the index %s: %w", path, fs.ErrInvalid)
	}
	x, err := read(f, info.Size())
	if err != nil {
		var known *staydown.Error
		if errors.As(err, &known) {
			return nil, known.At(path)
		}
		return nil, fmt.Errorf("opening the index %s: %w", path, err)
	}
	return x, nil
}

// read reads an index of a known length.
func read(f io.ReaderAt, size int64) (*Index, error) {
	if littleEndian := binary.NativeEndian.Uint16([]byte{1, 0}) == 1; !littleEndian {
		return nil, refuse(CodeForeign, "this machine orders bytes otherwise than the file")
	}
	r, err := readTable(f, size)
	if err != nil {
		return nil, err
	}
	x := New()
	for len(r.table) > 0 && r.table[0].kind == kindSizes {
		p, err := r.part(uint32(len(x.parts)))
		if err != nil {
			return nil, err
		}
		x.parts = append(x.parts, p)
		x.keys += len(p.keys) - p.dying()
	}
	if err := r.tail(x); err != nil {
		return nil, err
	}
	return x, x.checkKeysOnce()
}

// reader takes the sections of a file one after the other.
type reader struct {
	f     io.ReaderAt
	table []section
}

func readTable(f io.ReaderAt, size int64) (*reader, error) {
	var head [headerSize]byte
	if err := readFull(f, head[:], 0); err != nil {
		return nil, err
	}
	if string(head[:16]) != fileMagic {
		return nil, refuse(CodeForeign, "this is not the file of an index")
	}
	if v := binary.LittleEndian.Uint32(head[16:]); v != fileVersion {
		return nil, refuse(CodeForeign, "the file is of version %d, this program reads %d", v, fileVersion)
	}
	n := int(binary.LittleEndian.Uint32(head[20:]))
	if told := binary.LittleEndian.Uint64(head[24:]); told != uint64(size) {
		return nil, refuse(CodeTorn, "the file has %d bytes and should have %d", size, told)
	}
	if n > maxFileParts*(8+4*maxSlots)+2 || int64(headerSize+n*sectionSize+4) > size {
		return nil, refuse(CodeLying, "the file tells of %d sections", n)
	}
	whole := make([]byte, headerSize+n*sectionSize+4)
	if err := readFull(f, whole, 0); err != nil {
		return nil, err
	}
	rows, sum := whole[:len(whole)-4], whole[len(whole)-4:]
	if crc32.Checksum(rows, castagnoli) != binary.LittleEndian.Uint32(sum) {
		return nil, refuse(CodeTorn, "the checksum of the table is wrong")
	}
	r := &reader{f: f}
	at := aligned(uint64(len(whole)))
	for row := rows[headerSize:]; len(row) > 0; row = row[sectionSize:] {
		word := func(i int) uint32 { return binary.LittleEndian.Uint32(row[i:]) }
		s := section{word(0), word(4), word(8), word(12), binary.LittleEndian.Uint64(row[16:]), binary.LittleEndian.Uint64(row[24:])}
		if s.at != at || s.length > uint64(size)-at {
			return nil, refuse(CodeLying, "a section lies outside of the file")
		}
		if at = aligned(at + s.length); at > uint64(size) {
			return nil, refuse(CodeLying, "a section lies outside of the file")
		}
		r.table = append(r.table, s)
	}
	if at != uint64(size) {
		return nil, refuse(CodeLying, "there are bytes behind the last section")
	}
	return r, nil
}

func readFull(f io.ReaderAt, data []byte, at int64) error {
	if _, err := f.ReadAt(data, at); errors.Is(err, io.EOF) {
		return refuse(CodeTorn, "the file is too short")
	} else if err != nil {
		return fmt.Errorf("reading %d bytes: %w", len(data), err)
	}
	return nil
}

// next checks the head of the next section.
func (r *reader) next(kind, part, slot uint32, width uint64) (section, error) {
	if len(r.table) == 0 {
		return section{}, refuse(CodeLying, "a section of kind %d is missing", kind)
	}
	s := r.table[0]
	r.table = r.table[1:]
	if s.kind != kind || s.part != part || s.slot != slot || s.length%width != 0 {
		return section{}, refuse(CodeLying, "instead of a section of kind %d stands one of kind %d", kind, s.kind)
	}
	return s, nil
}

// load reads a section into data and checks it.
func (r *reader) load(s section, data []byte) error {
	const stretch = 1 << 20 // what was read is still in the cache when summed
	sum := uint32(0)
	for at := 0; at < len(data); at += stretch {
		some := data[at:min(at+stretch, len(data))]
		if err := readFull(r.f, some, int64(s.at)+int64(at)); err != nil {
			return err
		}
		sum = crc32.Update(sum, castagnoli, some)
	}
	if sum != s.sum {
		return refuse(CodeTorn, "the checksum of a section of kind %d is wrong", s.kind)
	}
	return nil
}

// array reads a section of n values into room cut from memory.
func array[T plain](r *reader, kind, part, slot uint32, to []T) error {
	data := bytesOf(to)
	s, err := r.next(kind, part, slot, 1)
	if err != nil {
		return err
	}
	if s.length != uint64(len(data)) {
		return refuse(CodeLying, "a section of kind %d has %d bytes and should have %d", kind, s.length, len(data))
	}
	return r.load(s, data)
}

// list reads a section of as many values as it has.
func list[T plain](r *reader, kind, part, slot uint32) ([]T, error) {
	var zero [1]T
	width := uint64(len(bytesOf(zero[:])))
	s, err := r.next(kind, part, slot, width)
	if err != nil {
		return nil, err
	}
	all := make([]T, s.length/width)
	return all, r.load(s, bytesOf(all))
}

// part reads a part. How much memory it fills is bound by the length of the
// file, since each array stands in it in full; the tables of a file that lies
// about them may set aside half a gigabyte of addresses, never written to.
func (r *reader) part(n uint32) (*part, error) {
	sizes, err := list[uint64](r, kindSizes, n, 0)
	if err != nil {
		return nil, err
	}
	p, hashes, keys := &part{}, uint64(0), uint64(0)
	if len(sizes) >= 3 {
		hashes, keys = sizes[0], sizes[1]
	}
	if len(sizes) < 3 || uint64(len(sizes)) != 3+sizes[2] || !p.setLayout(sizes[3:]) {
		return nil, refuse(CodeLying, "part %d has a layout unknown here", n)
	}
	if len(r.table) < 2 || hashes == 0 || keys < hashes || keys >= isWide || r.table[0].length != 32*hashes || r.table[1].length != 8*keys {
		return nil, refuse(CodeLying, "part %d has other numbers of hashes than it tells", n)
	}
	m := reserve(room(int(hashes), 32) + room(int(keys), 8))
	p.own(m)
	p.codes, p.keys = cutArray[code](m, int(hashes)), cutArray[uint64](m, int(keys))
	p.reserveTables()
	if err := r.arrays(n, p); err != nil {
		return nil, err
	}
	if !p.sound(false) {
		return nil, refuse(CodeLying, "the tables of part %d contradict its hashes", n)
	}
	p.finish()
	p.mourn()
	return p, nil
}

// setLayout accepts the layouts that this program writes.
func (p *part) setLayout(widths []uint64) bool {
	for _, l := range []layout{scanned, slots16, slots12, slots11} {
		same := len(l) == len(widths)
		for i := 0; same && i < len(l); i++ {
			same = uint64(l[i]) == widths[i]
		}
		if same {
			p.layout = l
			return true
		}
	}
	return false
}

func (r *reader) arrays(n uint32, p *part) (err error) {
	if err = array(r, kindCodes, n, 0, p.codes); err != nil {
		return err
	}
	if err = array(r, kindKeys, n, 0, p.keys); err != nil {
		return err
	}
	if err = r.starts(kindEntryBase, n, 0, &p.entries); err != nil {
		return err
	}
	if err = array(r, kindByKey, n, 0, p.byKey); err != nil {
		return err
	}
	if err = array(r, kindDead, n, 0, p.dead); err != nil {
		return err
	}
	for i := range p.slots {
		s := &p.slots[i]
		if err = r.starts(kindListBase, n, uint32(i), &s.lists); err != nil {
			return err
		}
		if err = array(r, kindNumbers, n, uint32(i), s.numbers); err != nil {
			return err
		}
	}
	return nil
}

// starts reads the three sections from a kind on.
func (r *reader) starts(kind, n, slot uint32, s *starts) (err error) {
	if err = array(r, kind, n, slot, s.base); err != nil {
		return err
	}
	if err = array(r, kind+1, n, slot, s.rel); err != nil {
		return err
	}
	s.wide, err = list[uint32](r, kind+2, n, slot)
	return err
}

// mourn notes the dead that the file tells of: dead before the first change.
func (p *part) mourn() {
	for word, dead := range p.dead {
		for ; dead != 0; dead &= dead - 1 {
			p.deaths[uint32(word)<<6|uint32(bits.TrailingZeros64(dead))] = 0
		}
	}
}

// tail reads what was not sealed, which ends the file.
func (r *reader) tail(x *Index) error {
	codes, err := list[code](r, kindTailCodes, 0, 0)
	if err != nil {
		return err
	}
	keys, err := list[uint64](r, kindTailKeys, 0, 0)
	if err != nil {
		return err
	}
	if len(r.table) > 0 || len(codes) != len(keys) {
		return refuse(CodeLying, "the end of the file is not in order")
	}
	for i, key := range keys {
		if _, twice := x.tail.places[key]; twice {
			return refuse(CodeLying, "the key %d comes twice", key)
		}
		x.tail.add(key, codes[i])
		x.keys++
	}
	return nil
}
