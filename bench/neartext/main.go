// Command neartext measures the index of near-duplicate texts on generated
// Arabic and English-like documents: recall at known similarity, time of a query,
// of putting in and of withdrawing, memory a document, and the same with a
// poisoned index (as many near copies of one form letter). It prints a JSON line
// for each size.
//
//	go run ./bench/neartext -sizes 10000,100000,1000000 -o bench/results/neartext.json
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/match/neartext"
)

func main() {
	sizes := flag.String("sizes", "10000,100000", "documents in the index, comma-separated")
	queries := flag.Int("queries", 20_000, "queries measured for each size")
	to := flag.String("o", "", "also write the lines to this file")
	flag.Parse()
	out := io.Writer(os.Stdout)
	if *to != "" {
		f, err := os.Create(*to)
		if err != nil {
			log.Fatal(err)
		}
		defer f.Close()
		out = io.MultiWriter(out, f)
	}
	for s := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1000 {
			log.Fatalf("a size is a number from 1000, not %q", s)
		}
		r := measure(n, *queries)
		r.Command = "go run ./bench/neartext " + strings.Join(os.Args[1:], " ")
		line, _ := json.Marshal(r)
		fmt.Fprintf(out, "%s\n", line)
	}
}

// result is one line. Times are of one goroutine, in microseconds: of the clock,
// and of the processor, which other work on the machine does not lengthen.
type result struct {
	Documents  int              `json:"documents"`
	BytesEach  float64          `json:"bytes_per_document"` // as the index reports
	HeapEach   float64          `json:"heap_bytes_per_document"`
	Signature  float64          `json:"signature_us_mean"` // from making the text up to its signature, all processors
	Put        float64          `json:"put_us_mean"`
	PutMost    float64          `json:"put_us_max"`
	Recall     map[string]share `json:"recall"` // by Jaccard similarity, at the threshold 0.6
	Query      times            `json:"query_us"`
	Compared   float64          `json:"compared_per_query"`
	Withdraw   float64          `json:"withdraw_us_mean"`
	Crowd      int              `json:"form_letters_added"`
	CrowdPut   float64          `json:"put_us_mean_of_form_letters"`
	CrowdQuery times            `json:"query_us_twenty_of_form_letters"`
	CrowdOther times            `json:"query_us_of_other_texts_beside_them"`
	Commit     string           `json:"commit"`
	Processor  string           `json:"processor"`
	Go         string           `json:"go"`
	Command    string           `json:"command"`
}

type share struct {
	Asked int     `json:"asked"`
	Found float64 `json:"found"`
}

type times struct {
	Median    float64 `json:"p50"`
	P99       float64 `json:"p99"`
	Most      float64 `json:"max"`
	CPUMedian float64 `json:"processor_p50"`
	CPUP99    float64 `json:"processor_p99"`
	CPUMost   float64 `json:"processor_max"`
}

func measure(n, queries int) result {
	r := result{Documents: n, Commit: commit(), Processor: processor(), Go: runtime.Version()}
	c := newCorpus(rand.New(rand.NewPCG(1, 1)))
	before := heap()
	x := neartext.New[uint64]()
	r.fill(x, c, n)
	r.BytesEach, r.HeapEach = float64(x.Bytes())/float64(n), float64(heap()-before)/float64(n)
	r.recall(x, c, n)
	r.query(x, c, n, queries)
	r.withdraw(x, c, n)
	r.crowd(x, c, n, queries)
	return r
}

// document is the i-th text, made again whenever it is needed.
func document(c *corpus, i int) []string { return c.document(rand.New(rand.NewPCG(2, uint64(i)))) }

// fill makes signatures on all processors and puts them in from one goroutine.
func (r *result) fill(x *neartext.Index[uint64], c *corpus, n int) {
	const batch = 4096
	sigs := make([]text.Signature, batch)
	var making, putting time.Duration
	for from := 0; from < n; from += batch {
		here := sigs[:min(batch, n-from)]
		start := time.Now()
		var wg sync.WaitGroup
		share := (len(here) + runtime.NumCPU() - 1) / runtime.NumCPU()
		for part := 0; part < len(here); part += share {
			wg.Go(func() {
				for i := part; i < min(part+share, len(here)); i++ {
					here[i] = text.Of(join(document(c, from+i)))
				}
			})
		}
		wg.Wait()
		making += time.Since(start)
		for i := range here {
			start := time.Now()
			x.Put(uint64(from+i), here[i])
			took := time.Since(start)
			putting += took
			r.PutMost = max(r.PutMost, micro(took))
		}
	}
	r.Signature, r.Put = micro(making)/float64(n), micro(putting)/float64(n)
}

// recall asks for altered texts, and counts those whose true similarity is
// within 0.02 of the one named.
func (r *result) recall(x *neartext.Index[uint64], c *corpus, n int) {
	rnd := rand.New(rand.NewPCG(3, 3))
	r.Recall = map[string]share{}
	for _, similarity := range []float64{0.9, 0.8, 0.7, 0.6} {
		found, asked := 0, 0
		for asked < 5000 {
			i := rnd.IntN(n)
			words := document(c, i)
			exchanged := int(math.Ceil(float64(len(words)) * (1 - similarity) / (1 + similarity) / 3))
			other := c.altered(rnd, words, max(1, exchanged+rnd.IntN(3)-1))
			if math.Abs(jaccard(words, other)-similarity) > 0.02 {
				continue
			}
			asked++
			for _, m := range x.Find(text.Of(join(other)), neartext.Threshold, 20) {
				if m.Key == uint64(i) {
					found++
				}
			}
		}
		r.Recall[fmt.Sprint(similarity)] = share{asked, float64(found) / float64(asked)}
	}
}

// jaccard is the similarity that signatures estimate, of the word runs themselves.
func jaccard(a, b []string) float64 {
	x, y := text.Shingles(text.Words(join(a)), 3), text.Shingles(text.Words(join(b)), 3)
	common := 0
	for _, h := range x {
		if _, there := slices.BinarySearch(y, h); there {
			common++
		}
	}
	return float64(common) / float64(len(x)+len(y)-common)
}

// query measures texts of which every other one is an altered one of the index.
func (r *result) query(x *neartext.Index[uint64], c *corpus, n, queries int) {
	sigs := r.probes(c, n, queries)
	compared := 0
	r.Query = timed(sigs, func(s text.Signature) {
		_, work := x.Search(s, neartext.Threshold, 20)
		compared += work.Compared
	})
	r.Compared = float64(compared) / float64(len(sigs))
}

func (r *result) probes(c *corpus, n, queries int) []text.Signature {
	rnd := rand.New(rand.NewPCG(4, 4))
	sigs := make([]text.Signature, queries)
	for i := range sigs {
		words := document(c, n+i)
		if i%2 == 0 {
			words = c.altered(rnd, document(c, rnd.IntN(n)), 2)
		}
		sigs[i] = text.Of(join(words))
	}
	return sigs
}

// withdraw takes a hundredth out.
func (r *result) withdraw(x *neartext.Index[uint64], _ *corpus, n int) {
	start := time.Now()
	for i := range n / 100 {
		x.Withdraw(uint64(i * 100))
	}
	r.Withdraw = micro(time.Since(start)) / float64(n/100)
}

// crowd adds as many near copies of one form letter of 80 word runs as there are
// documents, each with three to twelve other runs.
func (r *result) crowd(x *neartext.Index[uint64], c *corpus, n, queries int) {
	rnd := rand.New(rand.NewPCG(5, 5))
	letter := make([]uint64, 80)
	for i := range letter {
		letter[i] = rnd.Uint64()
	}
	variant := func() text.Signature {
		runs := slices.Clone(letter)
		for range 3 + rnd.IntN(10) {
			runs[rnd.IntN(len(runs))] = rnd.Uint64()
		}
		return text.OfHashes(runs)
	}
	r.Crowd = n
	var putting time.Duration
	for i := range n {
		sig := variant()
		start := time.Now()
		x.Put(uint64(n+i), sig)
		putting += time.Since(start)
	}
	r.CrowdPut = micro(putting) / float64(n)
	sigs := make([]text.Signature, 300)
	for i := range sigs {
		sigs[i] = variant()
	}
	find := func(s text.Signature) { x.Find(s, neartext.Threshold, 20) }
	r.CrowdQuery = timed(sigs, find)
	r.CrowdOther = timed(r.probes(c, n, queries), find)
}

func timed(sigs []text.Signature, ask func(text.Signature)) times {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took, worked := make([]float64, len(sigs)), make([]float64, len(sigs))
	for i, s := range sigs {
		start, cpu := time.Now(), threadTime()
		ask(s)
		worked[i], took[i] = micro(threadTime()-cpu), micro(time.Since(start))
	}
	slices.Sort(took)
	slices.Sort(worked)
	last, most := len(sigs)*99/100, len(sigs)-1
	return times{took[len(sigs)/2], took[last], took[most], worked[len(sigs)/2], worked[last], worked[most]}
}

// threadTime is what this thread has used of a processor; 0 where the system does
// not tell.
func threadTime() time.Duration {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

func micro(d time.Duration) float64 { return math.Round(float64(d)/10) / 100 }

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func processor() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			return fmt.Sprint(strings.TrimSpace(strings.TrimLeft(name, "\t :")), ", ", runtime.NumCPU(), " cores")
		}
	}
	return fmt.Sprint(runtime.GOARCH, ", ", runtime.NumCPU(), " cores")
}
