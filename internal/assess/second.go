package assess

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/staydown/staydown"
)

// Why a second officer is asked.
const (
	WhyGroundA   = "ground_a"   // incitement: the danger is a judgement
	WhyKnownGood = "known_good" // an archive, library, news house, government, university
	WhyTermsOnly = "terms_only" // no law stands behind it
	WhyUnclear   = "unclear"    // the first officer could not tell
	WhySample    = "sample"     // one of the findings looked at again without any reason
)

// UsualSample is how many in a hundred findings are looked at again without any other reason.
const UsualSample = 10

// Facts are what the rule on second looks needs to know beside the finding.
type Facts struct {
	Location  string
	KnownGood bool
	Percent   int // of the sample, 0 to 100
}

// NeedsSecond says why a second officer has to look, or "" when the finding stands by itself.
func NeedsSecond(a staydown.Assessment, f Facts) (why string) {
	switch {
	case a.Verdict == staydown.TerroristContent && a.Ground == staydown.Incites:
		return WhyGroundA
	case f.KnownGood:
		return WhyKnownGood
	case a.Verdict == staydown.TermsOnly:
		return WhyTermsOnly
	case a.Verdict == staydown.Unclear:
		return WhyUnclear
	case sampled(f.Location, f.Percent):
		return WhySample
	}
	return ""
}

// sampled draws by the location alone: the same on every run and every machine, and no officer has a hand in it.
func sampled(location string, percent int) bool {
	h := sha256.Sum256([]byte(location))
	return binary.BigEndian.Uint64(h[:8])%100 < uint64(max(percent, 0))
}

func (d *Desk) facts(i staydown.Item) Facts {
	f := Facts{Location: i.Location, Percent: d.Sample}
	if f.Percent == 0 {
		f.Percent = UsualSample
	}
	f.KnownGood = d.KnownGood != nil && d.KnownGood(i.Host)
	return f
}
