package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// readHits reads lines of "query key distance".
func readHits(r io.Reader) ([]hit, error) {
	var all []hit
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		var n [3]int64
		if len(words) != len(n) {
			return nil, fmt.Errorf("reading the peer's hits: %q has not three numbers", lines.Text())
		}
		for i, w := range words {
			v, err := strconv.ParseInt(w, 10, 64)
			if err != nil || v < 0 {
				return nil, fmt.Errorf("reading the peer's hits: %q is no number", w)
			}
			n[i] = v
		}
		all = append(all, hit{n[0], n[1], int(n[2])})
	}
	return all, lines.Err()
}

// difference counts the hits that are in one list and not in the other. One that
// is twice in a list counts, too.
func difference(a, b []hit) int {
	count := map[hit]int{}
	for _, h := range a {
		count[h]++
	}
	for _, h := range b {
		count[h]--
	}
	n := 0
	for _, c := range count {
		n += max(c, -c)
	}
	return n
}
