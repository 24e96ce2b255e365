package neartext

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/text"
)

// sentence makes n words of no meaning from a vocabulary in two scripts.
func sentence(rnd *rand.Rand, n int) []string {
	syllables := []string{"ba", "ko", "ri", "ten", "شم", "نو", "كر", "لي", "da", "مت"}
	words := make([]string, n)
	for i := range words {
		for range 2 + rnd.IntN(3) {
			words[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	return words
}

func TestFindNearCopies(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	x := New[int]()
	texts := make([][]string, 3000)
	for i := range texts {
		texts[i] = sentence(rnd, 60+rnd.IntN(60))
		x.Put(i, text.Of(strings.Join(texts[i], " ")))
	}
	found, wrong := 0, 0
	const rounds = 500
	for range rounds {
		i := rnd.IntN(len(texts))
		copied := append(sentence(rnd, 3), texts[i]...) // a caption before it, a word changed within
		copied[len(copied)/2] = "replaced"
		for _, m := range x.Find(text.Of(strings.Join(copied, " ")), Threshold, 0) {
			if m.Key == i {
				found++
			} else {
				wrong++
			}
		}
	}
	if found < rounds*98/100 || wrong > 0 {
		t.Errorf("found %d of %d near copies, %d wrong", found, rounds, wrong)
	}
	if m := x.Find(text.Of(strings.Join(sentence(rnd, 80), " ")), Threshold, 0); len(m) != 0 {
		t.Errorf("a text nobody has seen resembles %v", m)
	}
}

func TestPutAndWithdraw(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	sig, other := text.Of(strings.Join(sentence(rnd, 50), " ")), text.Of(strings.Join(sentence(rnd, 50), " "))
	x := New[string]()
	x.Put("b", sig)
	x.Put("a", sig)
	x.Put("none", text.Signature{})
	if got := fmt.Sprint(x.Find(sig, 1, 0)); got != "[{a 1} {b 1}]" || x.Len() != 2 {
		t.Errorf("found %s, length %d", got, x.Len())
	}
	if got := x.Find(sig, 1, 1); len(got) != 1 || got[0].Key != "a" {
		t.Errorf("the most similar one is %v", got)
	}
	x.Put("a", other)
	if got := fmt.Sprint(x.Find(sig, 0.9, 0), x.Find(other, 0.9, 0)); got != "[{b 1}] [{a 1}]" {
		t.Errorf("after a change: %s", got)
	}
	if !x.Withdraw("b") || x.Withdraw("b") || len(x.Find(sig, 0.9, 0)) != 0 || x.Len() != 1 {
		t.Errorf("after withdrawal: %v, length %d", x.Find(sig, 0.9, 0), x.Len())
	}
	x.Put("c", sig) // takes the place given up
	x.Put("a", text.Signature{})
	if got := fmt.Sprint(x.Find(sig, 0.9, 0), x.Find(other, 0.9, 0), len(x.sigs)); got != "[{c 1}] [] 2" {
		t.Errorf("after reuse: %s", got)
	}
	if len(x.Find(text.Signature{}, 0, 0)) != 0 {
		t.Error("a text without words resembles something")
	}
}

// TestEqualTextsAreComparedOnce counts work: ten thousand copies of one text
// are one candidate.
func TestEqualTextsAreComparedOnce(t *testing.T) {
	sig := text.Of(strings.Join(sentence(rand.New(rand.NewPCG(3, 3)), 50), " "))
	x := New[int]()
	for i := range 10_000 {
		x.Put(i, sig)
	}
	if n := len(x.candidates(sig)); n != 1 {
		t.Errorf("%d candidates", n)
	}
	if n := len(x.Find(sig, Threshold, 0)); n != 10_000 {
		t.Errorf("%d found", n)
	}
}

func TestConcurrently(t *testing.T) {
	x := New[string]()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(4, uint64(g)))
			for i := range 150 {
				key := fmt.Sprint(g, " ", i)
				sig := text.Of(strings.Join(sentence(rnd, 40), " "))
				x.Put(key, sig)
				if m := x.Find(sig, 1, 0); len(m) != 1 || m[0].Key != key {
					t.Errorf("what was just put in is not found: %v", m)
				}
				x.Withdraw(key)
			}
		})
	}
	wg.Wait()
	if x.Len() != 0 {
		t.Errorf("%d left", x.Len())
	}
}
