// Command peers measures the product beside the programs that do the same, as
// Debian ships them: FAISS, libjpeg-turbo, ffmpeg, OpenSSL. Their sides are small
// programs in the folders here, built with g++ when the measurement runs.
//
//	go run ./bench/peers -out bench/results/peers.json -page docs/operate/recognition.md
//
// Peer and product work by turns in one run, on the same data, at least seven
// rounds each; told are the medians, the best and the worst, and the ratio of
// medians: above 1 the product took less. Below 1.5 either way nothing is claimed.
// A peer that is not there has a row that says so, without figures.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown/bench/machine"
	"github.com/staydown/staydown/bench/page"
)

// report is the file of results.
type report struct {
	machine.Place
	Rows []row `json:"rows"`
}

// meeting is one run.
type meeting struct {
	dir    string // for the peers' programs and the data, gone at the end
	rounds int
}

func main() {
	log.SetFlags(0)
	sizes := flag.String("sizes", "100000,1000000", "numbers of hashes in the index")
	large := flag.Bool("large", false, "the index with ten million, too: some minutes and 4 GB more")
	kinds := flag.String("kinds", "clustered,correlated", "kinds of hashes: uniform, clustered, correlated, poisoned")
	rounds := flag.Int("rounds", 7, "rounds of each side, seven at least")
	only := flag.String("only", "index,jpeg,video,digest", "what to measure")
	out := flag.String("out", "", "write a file of all results")
	to := flag.String("page", "", "write the table into this page, between its marks")
	flag.Parse()
	if err := run(*sizes, *kinds, *only, *out, *to, *rounds, *large); err != nil {
		log.Fatal(err)
	}
}

func run(sizes, kinds, only, out, to string, rounds int, large bool) error {
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m := &meeting{dir, max(7, rounds)}
	r := report{Place: machine.Here("go run ./bench/peers")}
	wanted := strings.Split(only, ",")
	if slices.Contains(wanted, "index") {
		if large {
			sizes += ",10000000"
		}
		for _, kind := range strings.Split(kinds, ",") {
			for _, size := range strings.Split(sizes, ",") {
				n, err := strconv.Atoi(size)
				if err != nil || n < 1 {
					return fmt.Errorf("%q is no number of hashes", size)
				}
				r.add(m.index(kind, n))
			}
		}
	}
	for _, part := range []struct {
		name string
		do   func() []row
	}{{"jpeg", m.jpegs}, {"video", m.videos}, {"digest", m.digests}} {
		if slices.Contains(wanted, part.name) {
			r.add(part.do())
		}
	}
	return r.write(out, to)
}

func (r *report) add(rows []row) {
	for _, one := range rows {
		fmt.Println(line(one))
	}
	r.Rows = append(r.Rows, rows...)
}

func (r *report) write(out, to string) error {
	if to != "" {
		if err := page.Write(to, "bench/peers", table(*r)); err != nil {
			return err
		}
	}
	if out == "" {
		return nil
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(data, '\n'), 0o644)
}
