package main

import (
	"math"
	"math/rand/v2"
	"strings"
)

// corpus writes texts of no meaning, half of them in Arabic letters, whose words
// are as unevenly frequent as in real ones (Zipf).
type corpus struct{ latin, arabic []string }

const vocabulary = 20_000

func newCorpus(rnd *rand.Rand) *corpus {
	return &corpus{
		latin:  lexicon(rnd, []string{"ba", "ko", "ri", "ten", "da", "mu", "sel", "or", "vi", "han", "ple", "ga", "tro", "ni"}),
		arabic: lexicon(rnd, []string{"با", "كو", "ري", "تن", "دا", "مو", "سل", "نور", "في", "حن", "بل", "جا", "طر", "ني"}),
	}
}

func lexicon(rnd *rand.Rand, syllables []string) []string {
	words := make([]string, vocabulary)
	for i := range words {
		for range 2 + rnd.IntN(3) {
			words[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	return words
}

// document is a text of 50 to 110 words.
func (c *corpus) document(rnd *rand.Rand) []string {
	lexicon := c.latin
	if rnd.IntN(2) == 0 {
		lexicon = c.arabic
	}
	words := make([]string, 50+rnd.IntN(61))
	for i := range words {
		words[i] = lexicon[int(math.Exp(rnd.Float64()*math.Log(vocabulary)))-1]
	}
	return words
}

// altered is a text of which some words were exchanged for others.
func (c *corpus) altered(rnd *rand.Rand, words []string, exchanged int) []string {
	out := append([]string(nil), words...)
	for range exchanged {
		out[rnd.IntN(len(out))] = "replaced" + c.latin[rnd.IntN(vocabulary)]
	}
	return out
}

func join(words []string) string { return strings.Join(words, " ") }
