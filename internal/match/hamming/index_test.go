package hamming_test

import (
	"testing"

	"github.com/staydown/staydown/internal/match/hamming"
	"github.com/staydown/staydown/internal/match/hamming/hammingtest"
)

func TestIndex(t *testing.T) {
	hammingtest.Run(t, func() hammingtest.Index { return hamming.New() })
}
