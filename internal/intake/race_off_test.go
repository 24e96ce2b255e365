//go:build !race

package intake

const raceOn = false
