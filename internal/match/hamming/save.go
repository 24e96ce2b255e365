package hamming

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// The file of an index, all numbers little-endian:
//
//	header    magic, version, number of sections, length of the file
//	table     for each section: kind, part, slot, checksum, place, length
//	checksum  of header and table
//	sections  each array as it stands in memory, from a multiple of 64 bytes on
//
// Kinds, their order and their lengths follow from the kind before, so a reader
// accepts one arrangement only. Checksums are CRC-32C.
const (
	fileMagic    = "Staydown hamming"
	fileVersion  = 1
	headerSize   = 32
	sectionSize  = 32
	maxFileParts = 64
)

// kinds of section
const (
	kindSizes     = iota + 1 // of a part: hashes, entries, slots, widths
	kindCodes                // code by number
	kindKeys                 // key by entry
	kindEntryBase            // starts of the entries of each hash
	kindEntryRel
	kindEntryWide
	kindByKey // entries by rising key
	kindDead  // a bit for each entry
	kindListBase
	kindListRel
	kindListWide
	kindNumbers
	kindTailCodes // what is not sealed yet
	kindTailKeys
)

// section is a row of the table.
type section struct {
	kind, part, slot uint32
	sum              uint32
	at, length       uint64
}

// content is a section with its bytes.
type content struct {
	section
	data []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Save writes the index, as it is at this moment, to a file that [Open] reads.
// The file appears under its name only when all of it is on the disk; one that
// stood there before stays until then. Queries and writers go on meanwhile.
func (x *Index) Save(path string) error {
	if err := x.save(path); err != nil {
		return fmt.Errorf("saving the index %s: %w", path, err)
	}
	return nil
}

func (x *Index) save(path string) error {
	v := x.view()
	if len(v.parts) > maxFileParts {
		return fmt.Errorf("%d parts, a file holds %d", len(v.parts), maxFileParts)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing to remove once renamed
	defer f.Close()
	err = write(f, v.contents())
	runtime.KeepAlive(v.parts)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a change of name last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// contents lists the arrays of the view.
func (v view) contents() (all []content) {
	for i, p := range v.parts {
		add := func(kind, slot int, data []byte) {
			all = append(all, content{section{kind: uint32(kind), part: uint32(i), slot: uint32(slot)}, data})
		}
		add(kindSizes, 0, bytesOf(p.sizes()))
		add(kindCodes, 0, bytesOf(p.codes))
		add(kindKeys, 0, bytesOf(p.keys))
		add(kindEntryBase, 0, bytesOf(p.entries.base))
		add(kindEntryRel, 0, bytesOf(p.entries.rel))
		add(kindEntryWide, 0, bytesOf(p.entries.wide))
		add(kindByKey, 0, bytesOf(p.byKey))
		add(kindDead, 0, bytesOf(p.deadBits(v.moment)))
		for j := range p.slots {
			s := &p.slots[j]
			add(kindListBase, j, bytesOf(s.lists.base))
			add(kindListRel, j, bytesOf(s.lists.rel))
			add(kindListWide, j, bytesOf(s.lists.wide))
			add(kindNumbers, j, bytesOf(s.numbers))
		}
	}
	var codes []code
	var keys []uint64
	for _, t := range v.tails {
		for _, e := range t.living(v.moment) {
			codes, keys = append(codes, e.code), append(keys, e.key)
		}
	}
	return append(all,
		content{section{kind: kindTailCodes}, bytesOf(codes)},
		content{section{kind: kindTailKeys}, bytesOf(keys)})
}

// sizes is what the lengths of a part's sections follow from.
func (p *part) sizes() []uint64 {
	all := []uint64{uint64(len(p.codes)), uint64(len(p.keys)), uint64(len(p.layout))}
	for _, width := range p.layout {
		all = append(all, uint64(width))
	}
	return all
}

// deadBits copies the marks of the dead as of a moment.
func (p *part) deadBits(moment uint64) []uint64 {
	all := make([]uint64, len(p.dead))
	for word := range all {
		all[word] = p.deadAt(uint32(word), moment)
	}
	return all
}

func write(w io.Writer, all []content) error {
	at := aligned(uint64(headerSize + sectionSize*len(all) + 4))
	for i := range all {
		c := &all[i]
		c.at, c.length = at, uint64(len(c.data))
		c.sum = crc32.Checksum(c.data, castagnoli)
		at = aligned(at + c.length)
	}
	b := bufio.NewWriterSize(w, 1<<20)
	written := uint64(0)
	put := func(data []byte) error {
		written += uint64(len(data))
		_, err := b.Write(data)
		return err
	}
	head := header(all, at)
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(head, castagnoli))
	if err := put(head); err != nil {
		return err
	}
	var zeros [alignment]byte
	for _, c := range all {
		if err := put(zeros[:c.at-written]); err != nil {
			return err
		}
		if err := put(c.data); err != nil {
			return err
		}
	}
	if err := put(zeros[:at-written]); err != nil {
		return err
	}
	return b.Flush()
}

func header(all []content, length uint64) []byte {
	head := []byte(fileMagic)
	head = binary.LittleEndian.AppendUint32(head, fileVersion)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(all)))
	head = binary.LittleEndian.AppendUint64(head, length)
	for _, c := range all {
		for _, v := range []uint32{c.kind, c.part, c.slot, c.sum} {
			head = binary.LittleEndian.AppendUint32(head, v)
		}
		head = binary.LittleEndian.AppendUint64(head, c.at)
		head = binary.LittleEndian.AppendUint64(head, c.length)
	}
	return head
}

func aligned(n uint64) uint64 { return (n + alignment - 1) &^ (alignment - 1) }
