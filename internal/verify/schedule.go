package verify

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

// MaxChecks is how often one item is looked at after a letter, at most.
const MaxChecks = 8

// after are the times of the checks, counted from the letter's delivery: close
// together while a provider acts, thinning out while we watch whether it stays
// gone. The public asks for the shares after an hour, a day, a week and a month.
var after = [MaxChecks]time.Duration{
	time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	3 * 24 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 30 * 24 * time.Hour,
}

// jitter is the share of a time by which checks are spread, to either side, so
// that ten thousand letters of one hour do not knock at once.
const jitter = 0.08

// Due is when check n (1 to MaxChecks) of an item is due, counted from the
// delivery of its letter; false beyond the last. The spread depends on the seed
// (the item's address, which is the same in every run of an exercise, as its
// identifier is not) and n alone, so that every process plans the same. No check
// comes after thirty days.
func Due(delivered time.Time, seed string, n int) (time.Time, bool) {
	if n < 1 || n > MaxChecks {
		return time.Time{}, false
	}
	d := after[n-1]
	part := spread(seed, n) * jitter
	if n == MaxChecks && part > 0 {
		part = -part
	}
	return delivered.Add(d + time.Duration(part*float64(d))).Truncate(time.Second), true
}

// NextDue is the first check of an item after a number of checks that is not
// past already, and its number; false when none is left. Checks that were missed
// while the desk stood still are skipped, but for the last of them, which is due
// at once.
func NextDue(delivered time.Time, seed string, done int, now time.Time) (n int, at time.Time, ok bool) {
	for n = done + 1; n <= MaxChecks; n++ {
		at, _ = Due(delivered, seed, n)
		next, more := Due(delivered, seed, n+1)
		if !more || next.After(now) {
			return n, at, true
		}
	}
	return 0, time.Time{}, false
}

// spread is a number in [-1, 1) that depends on a seed and n.
func spread(seed string, n int) float64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "staydown check %d of %s", n, seed))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11)/(1<<52) - 1
}
