package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/staydown/staydown/bench/machine"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming"
	"github.com/staydown/staydown/internal/match/hamming/hammingdata"
)

// indexPeer is one of FAISS's indexes. A round of the flat one is short of
// queries, since each passes over all; so are rounds of both over many hashes.
type indexPeer struct {
	name, what string
	queries    int
}

var indexPeers = []indexPeer{
	{"multi", "FAISS IndexBinaryMultiHash(256,16,16), one flip, one query a call", 500},
	{"flat", "FAISS IndexBinaryFlat, one query a call", 60},
}

// round is the number of queries of a round over n hashes.
func (p indexPeer) round(n int) int {
	if n > 2_000_000 {
		return p.queries / 4
	}
	return p.queries
}

const flatNote = "Debian builds FAISS for every 64-bit processor; built for this one it is faster"

// hit is one answer to one query.
type hit struct {
	query, key int64
	distance   int
}

// index compares exact search within 31 bits, on one thread.
func (m *meeting) index(kind string, n int) []row {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	hashes := hammingdata.Kinds()[kind](rnd, n)
	asked := queries(rnd, hashes, indexPeers[0].queries)
	rows := make([]row, len(indexPeers))
	for i, p := range indexPeers {
		rows[i] = row{What: "search within 31 bits", Data: fmt.Sprintf("%d hashes, %s", n, kind), Peer: p.what, Work: p.round(n), Unit: "queries", Note: flatNote}
	}
	path, version, err := build(faissProgram, m.dir)
	if err == nil {
		err = writeHashes(filepath.Join(m.dir, "hashes"), hashes)
	}
	if err == nil {
		err = writeHashes(filepath.Join(m.dir, "queries"), asked)
	}
	if err != nil {
		for i := range rows {
			rows[i].fail(err)
		}
		return rows
	}
	x := hamming.New()
	began := machine.ProcessCPU()
	if err := x.Load(numbered(hashes)); err != nil {
		for i := range rows {
			rows[i].fail(err)
		}
		return rows
	}
	built := (machine.ProcessCPU() - began).Seconds()
	for i, p := range indexPeers {
		rows[i].Peer += ", " + version
		rows[i].OursBuild, rows[i].OursBytes = built, float64(x.Stats().Bytes)/float64(n)
		m.searchers(&rows[i], path, p.name, x, asked[:p.round(n)], n)
	}
	return rows
}

func (m *meeting) searchers(r *row, path, kind string, x *hamming.Index, asked []pdq.Hash, n int) {
	c, err := start(path, kind, filepath.Join(m.dir, "hashes"), filepath.Join(m.dir, "queries"), fmt.Sprint(pdq.Radius))
	if err != nil {
		r.fail(err)
		return
	}
	defer c.end()
	r.PeerBuild, r.PeerBytes = c.Ready.Thread, c.Ready.Bytes/float64(n)
	hits, differ, err := compareHits(c, filepath.Join(m.dir, "hits"), x, asked)
	if err != nil {
		r.fail(err)
		return
	}
	r.Hits, r.Differences = &hits, &differ
	r.duel(m.rounds, func() (cost, error) {
		a, err := c.ask(fmt.Sprint(len(asked)))
		return a.cost(), err
	}, func() (cost, error) {
		return timed(func() error {
			for _, q := range asked {
				x.Find(q, pdq.Radius, 0)
			}
			return nil
		})
	})
}

// queries are one third of nothing known, two thirds an entry with 0 to 31 bits
// turned.
func queries(rnd *rand.Rand, hashes []pdq.Hash, n int) []pdq.Hash {
	asked := make([]pdq.Hash, n)
	for i := range asked {
		asked[i] = hammingdata.Random(rnd)
		if i%3 > 0 {
			asked[i] = hammingdata.Near(rnd, hashes[rnd.IntN(len(hashes))], rnd.IntN(pdq.Radius+1))
		}
	}
	return asked
}

func numbered(hashes []pdq.Hash) func(func(uint64, pdq.Hash) bool) {
	return func(yield func(uint64, pdq.Hash) bool) {
		for i, h := range hashes {
			if !yield(uint64(i), h) {
				return
			}
		}
	}
}

func writeHashes(path string, hashes []pdq.Hash) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for i := range hashes {
		w.Write(hashes[i][:]) //nolint:errcheck // Flush says it
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// compareHits asks both for every hit of every query, and counts all hits and
// those that only one of them has, or has at another distance.
func compareHits(c *child, path string, x *hamming.Index, asked []pdq.Hash) (hits, differ int, err error) {
	if _, err := c.ask(fmt.Sprintf("hits %s %d", path, len(asked))); err != nil {
		return 0, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	theirs, err := readHits(f)
	if err != nil {
		return 0, 0, err
	}
	var ours []hit
	for i, q := range asked {
		x.Each(q, pdq.Radius, func(m hamming.Match) bool {
			ours = append(ours, hit{int64(i), int64(m.Key), m.Distance})
			return true
		})
	}
	return len(ours), difference(ours, theirs), nil
}
