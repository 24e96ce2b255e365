package locale

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a whole number with Western digits in groups of three: 31,480.
func (p *Printer) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// Percent writes a share between 0 and 1 with one decimal: 83.6%. A share that is nearly but not wholly one is never
// rounded up to it, nor a small one down to nothing: "100%" and "0%" mean all and none.
func (p *Printer) Percent(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "–"
	}
	tenths := math.Round(share * 1000)
	if share < 1 && tenths >= 1000 {
		tenths = 999
	}
	if share > 0 && tenths <= 0 {
		tenths = 1
	}
	return strings.TrimSuffix(strconv.FormatFloat(tenths/10, 'f', 1, 64), ".0") + "%"
}

// Bytes writes a size in decimal units, as file managers do: 4.2 MB.
func (p *Printer) Bytes(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	value, unit := float64(n), 0
	for value >= 999.5 && unit < 4 {
		value, unit = value/1000, unit+1
	}
	decimals := 0
	if value < 9.95 {
		decimals = 1
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + [...]string{"B", "kB", "MB", "GB", "TB"}[unit]
}
