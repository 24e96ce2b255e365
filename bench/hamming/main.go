// Command hamming measures the index of PDQ hashes: one line of JSON for each
// size and kind of data.
//
//	go run ./bench/hamming -out bench/results/hamming.json
//
// Queries run on one thread. A third of them are of nothing known, two thirds an
// entry with 0 to 31 bits turned. queries_per_second is by the clock;
// queries_per_cpu_second by the processor time of the thread, which other
// programs on the machine disturb less. Sixty queries are compared with brute
// force.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming"
	"github.com/staydown/staydown/internal/match/hamming/hammingdata"
)

// report is the file of results.
type report struct {
	Command   string `json:"command"`
	Commit    string `json:"commit,omitempty"`
	Processor string `json:"processor"`
	Go        string `json:"go"`
	Note      string `json:"note,omitempty"`
	Rows      []row  `json:"rows"`
}

// row is one size of one kind.
type row struct {
	Kind          string  `json:"kind"`
	Hashes        int     `json:"hashes"`
	Build         float64 `json:"build_seconds"`
	BuildCPU      float64 `json:"build_cpu_seconds"`
	BytesPerHash  float64 `json:"bytes_per_hash"`
	PerSecond     float64 `json:"queries_per_second"`
	PerCPUSecond  float64 `json:"queries_per_cpu_second"`
	P50           float64 `json:"p50_ms"`
	P99           float64 `json:"p99_ms"`
	Slowest       float64 `json:"slowest_ms"`
	Matches       int     `json:"matches"`
	Save          float64 `json:"save_seconds"`
	Open          float64 `json:"open_seconds"`
	OpenCPU       float64 `json:"open_cpu_seconds"`
	WrongOfSixty  int     `json:"wrong_of_sixty"`
	LoadOnMachine string  `json:"load_on_machine,omitempty"` // processes waiting to run, the last minute
}

func main() {
	log.SetFlags(0)
	sizes := flag.String("sizes", "10000,100000,1000000,10000000", "numbers of hashes")
	kinds := flag.String("kinds", "uniform,clustered,correlated", "kinds of data, also: poisoned")
	queries := flag.Int("queries", 2000, "queries for each, taken three times")
	out := flag.String("out", "", "write a file of all results")
	commit := flag.String("commit", "", "commit to name in the file")
	note := flag.String("note", "", "remark to put into the file")
	flag.Parse()
	r := report{Command: "go run ./bench/hamming " + strings.Join(os.Args[1:], " "), Commit: *commit, Processor: processor(), Go: runtime.Version(), Note: *note}
	for _, kind := range strings.Split(*kinds, ",") {
		for _, size := range strings.Split(*sizes, ",") {
			n, err := strconv.Atoi(size)
			if err != nil {
				log.Fatal(err)
			}
			one, err := measure(kind, n, *queries)
			if err != nil {
				log.Fatal(err)
			}
			line, _ := json.Marshal(one) //nolint:errcheck // numbers and text
			fmt.Println(string(line))
			r.Rows = append(r.Rows, one)
		}
	}
	if *out != "" {
		data, _ := json.MarshalIndent(r, "", "  ") //nolint:errcheck // numbers and text
		if err := os.WriteFile(*out, append(data, '\n'), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

func measure(kind string, n, queries int) (row, error) {
	draw := hammingdata.Kinds()[kind]
	if draw == nil {
		return row{}, fmt.Errorf("%q is no kind of data", kind)
	}
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	hashes := draw(rnd, n)
	r := row{Kind: kind, Hashes: n, LoadOnMachine: load()}
	x := hamming.New()
	began, cpu := time.Now(), processCPU()
	if err := x.Load(func(yield func(uint64, pdq.Hash) bool) {
		for i, h := range hashes {
			if !yield(uint64(i), h) {
				return
			}
		}
	}); err != nil {
		return row{}, err
	}
	r.Build, r.BuildCPU = time.Since(began).Seconds(), (processCPU() - cpu).Seconds()
	r.BytesPerHash = float64(x.Stats().Bytes) / float64(n)
	asked := make([]pdq.Hash, queries)
	for i := range asked {
		asked[i] = hammingdata.Random(rnd)
		if i%3 > 0 {
			asked[i] = hammingdata.Near(rnd, hashes[rnd.IntN(n)], rnd.IntN(32))
		}
	}
	r.ask(x, asked)
	r.check(x, asked[:min(60, queries)], hashes)
	return r, r.file(x)
}

// ask takes the median of three rounds.
func (r *row) ask(x *hamming.Index, asked []pdq.Hash) {
	const rounds = 3
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var perSecond, perCPU []float64
	var each []time.Duration
	for range rounds {
		r.Matches = 0
		began, cpu := time.Now(), threadCPU()
		for _, h := range asked {
			start := time.Now()
			r.Matches += len(x.Find(h, pdq.Radius, 100))
			each = append(each, time.Since(start))
		}
		perSecond = append(perSecond, float64(len(asked))/time.Since(began).Seconds())
		if used := (threadCPU() - cpu).Seconds(); used > 0 {
			perCPU = append(perCPU, float64(len(asked))/used)
		}
	}
	slices.Sort(perSecond)
	slices.Sort(perCPU)
	slices.Sort(each)
	ms := func(share float64) float64 { return each[int(share*float64(len(each)-1))].Seconds() * 1000 }
	r.PerSecond, r.P50, r.P99, r.Slowest = perSecond[rounds/2], ms(0.5), ms(0.99), ms(1)
	if len(perCPU) == rounds {
		r.PerCPUSecond = perCPU[rounds/2]
	}
}

func (r *row) check(x *hamming.Index, asked, hashes []pdq.Hash) {
	for _, q := range asked {
		want := 0
		for i := range hashes {
			if hashes[i].Distance(q) <= pdq.Radius {
				want++
			}
		}
		got := 0
		x.Each(q, pdq.Radius, func(hamming.Match) bool { got++; return true })
		if got != want {
			r.WrongOfSixty++
		}
	}
}

func (r *row) file(x *hamming.Index) error {
	dir, err := os.MkdirTemp("", "hamming")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "index")
	began := time.Now()
	if err := x.Save(path); err != nil {
		return err
	}
	r.Save = time.Since(began).Seconds()
	began, cpu := time.Now(), processCPU()
	if _, err := hamming.Open(path); err != nil {
		return err
	}
	r.Open, r.OpenCPU = time.Since(began).Seconds(), (processCPU() - cpu).Seconds()
	return nil
}

// processor is its name as Linux tells it.
func processor() string {
	for line := range strings.Lines(readAll("/proc/cpuinfo")) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return fmt.Sprintf("%s, %d used", strings.TrimSpace(value), runtime.GOMAXPROCS(0))
		}
	}
	return runtime.GOARCH
}

func load() string {
	first, _, _ := strings.Cut(readAll("/proc/loadavg"), " ")
	return first
}

func readAll(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, 1<<20)) //nolint:errcheck // what could be read
	return string(data)
}
