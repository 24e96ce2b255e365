package hamming

// Stats says how full an index is.
type Stats struct {
	Entries    int   // living keys
	Hashes     int   // different hashes in sealed parts, the dead not yet cleared away among them
	Parts      int   // sealed parts
	Sealed     int   // entries in sealed parts, the dead among them
	Tail       int   // entries not sealed yet, the dead among them
	Tombstones int   // dead entries in sealed parts
	Bytes      int64 // memory taken
	Crowded    int   // places that [Index.Crowded] can name
}

// tailBytes is what an entry of the tail takes, its place in the map included.
const tailBytes = 48 + 40

// Stats counts.
func (x *Index) Stats() Stats {
	v := x.view()
	s := Stats{Entries: v.keys, Parts: len(v.parts)}
	for _, t := range v.tails {
		s.Tail += t.n
		s.Bytes += int64(len(t.blocks)) * tailBlockSize * tailBytes
	}
	for _, p := range v.parts {
		s.Hashes += len(p.codes)
		s.Sealed += len(p.keys)
		s.Tombstones += p.dying()
		s.Crowded += len(p.crowded)
		s.Bytes += int64(p.bytes())
	}
	return s
}
