package hamming

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming/hammingdata"
)

// orders that were weighed against each other.
func orders() map[string][codeBits]uint8 {
	asItIs, diagonals := [codeBits]uint8{}, [codeBits]uint8{}
	for i := range asItIs {
		asItIs[i] = uint8(i)
		row, diagonal := i&15, i>>4
		diagonals[i] = uint8(row<<4 | (row+diagonal)&15)
	}
	return map[string][codeBits]uint8{"as it is": asItIs, "diagonals": diagonals, "shuffled": order}
}

// TestOrderSpreadsPictures counts how many hashes of generated pictures the
// slots offer a query, for each order of the bits.
func TestOrderSpreadsPictures(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	hashes := hammingdata.Correlated(rnd, 3072)
	uniform := offeredAmong(order, hammingdata.Uniform(rnd, len(hashes)))
	offered := map[string]float64{}
	for name, o := range orders() {
		offered[name] = offeredAmong(o, hashes)
		t.Logf("%-9s offers %.4f of all (of hashes drawn evenly %.4f)", name, offered[name], uniform)
	}
	if offered["shuffled"] >= offered["as it is"] {
		t.Error("the order of the bits spreads hashes of pictures no better than none")
	}
}

func offeredAmong(o [codeBits]uint8, hashes []pdq.Hash) float64 {
	deal, _ := dealings(o)
	codes := make([]code, len(hashes))
	for i, h := range hashes {
		codes[i] = deal.apply(rawCode(h))
	}
	const queries = 64
	n := 0
	for i := range queries {
		q := &codes[i*len(codes)/queries]
		for j := range codes {
			for from := 0; from < codeBits; from += 16 {
				if bits.OnesCount32(q.field(from, 16)^codes[j].field(from, 16)) <= 1 && q.distance(&codes[j]) > pdq.Radius {
					n++
				}
			}
		}
	}
	return float64(n) / float64(queries*len(codes))
}
