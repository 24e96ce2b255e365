package pdq

import "math"

// quality measures how much structure the samples show, 0 to 100: the steps
// between neighbours, each in whole percent of full brightness and truncated,
// so that noise counts for nothing. The constant is the reference's.
func (s *samples) quality() int {
	sum := 0
	s.steps(func(step float32) { sum += abs(int(step)) })
	return min(sum/90, 100)
}

// steps calls f with every difference between vertical and horizontal
// neighbours, in percent.
func (s *samples) steps(f func(float32)) {
	for i := range side {
		for j := range side {
			if i+1 < side {
				f(float32((s[i][j]-s[i+1][j])*100) / 255)
			}
			if j+1 < side {
				f(float32((s[i][j]-s[i][j+1])*100) / 255)
			}
		}
	}
}

// qualityStands reports whether the quality would be the same if every step
// were off by up to slack percent.
func (s *samples) qualityStands(slack float64) bool {
	low, high := 0, 0
	s.steps(func(step float32) {
		size := math.Abs(float64(step))
		low += int(math.Max(0, size-slack))
		high += int(size + slack)
	})
	return min(low/90, 100) == min(high/90, 100)
}

func abs(n int) int { return max(n, -n) }
