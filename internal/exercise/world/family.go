package world

// Family is one original picture or clip. Many postings show it: exactly,
// or changed by a Transform.
type Family struct {
	Number   int
	Clip     bool   // an animated GIF with a still beside it; otherwise one picture
	Format   string // "jpeg", "png" or "gif"
	Language string // of the caption
	Group    Class  // Terrorist, TermsOnly, or Lawful for harmless media
	Ground   string
	Width    int // pixels
	Height   int
}

// Transform is a change made to media between two postings.
type Transform string

// The transforms of re-uploads.
const (
	Exact     Transform = "exact"      // the same bytes
	Reencoded Transform = "re-encoded" // JPEG of lower quality; a GIF with fewer colours
	Flipped   Transform = "flipped"    // left and right exchanged
	Captioned Transform = "captioned"  // another line of text laid over it
	Cropped5  Transform = "cropped-5"  // five per cent of width and height cut off
	Cropped10 Transform = "cropped-10"
	Cropped20 Transform = "cropped-20"
)

// Transforms lists them all.
var Transforms = []Transform{Exact, Reencoded, Flipped, Captioned, Cropped5, Cropped10, Cropped20}

// Crop says whether a transform cuts part of the picture away.
func (t Transform) Crop() bool { return t == Cropped5 || t == Cropped10 || t == Cropped20 }

var (
	plantedMix     = Transforms
	plantedWeights = []int{760, 110, 35, 55, 15, 15, 10}
	// returnMix is dealt round, so that each transform of a return occurs even
	// in a small exercise.
	returnMix = []Transform{Exact, Reencoded, Flipped, Captioned, Cropped10, Reencoded, Exact, Captioned, Cropped5, Flipped, Exact, Cropped20, Reencoded}
)

// familyGroups says how many of a hundred families are of which kind.
var familyGroups = []struct {
	weight int
	group  Class
	clip   bool
}{
	{48, Terrorist, false}, {26, Terrorist, true}, {7, TermsOnly, false}, {4, TermsOnly, true}, {9, Lawful, false}, {6, Lawful, true},
}

func (w *World) drawFamilies() {
	weights := make([]int, len(familyGroups))
	for i, g := range familyGroups {
		weights[i] = g.weight
	}
	for i, n := range apportion(max(14, w.Count/24), weights) {
		for range n {
			w.Families = append(w.Families, w.family(familyGroups[i].group, familyGroups[i].clip))
		}
	}
}

func (w *World) family(group Class, clip bool) Family {
	n, d := len(w.Families), w.dice
	f := Family{Number: n, Clip: clip, Group: group, Width: 320, Height: 240, Format: "jpeg"}
	f.Language = tongues[d.weighted(languageWeights, "family language", n)].code
	if group == Terrorist {
		f.Ground = grounds[d.weighted(groundWeights, "family ground", n)]
	}
	switch {
	case clip:
		f.Format, f.Width, f.Height = "gif", 320, 192
	case d.chance(250, "png", n):
		f.Format = "png"
	case d.chance(250, "tall", n):
		f.Width, f.Height = 320, 384
	case d.chance(250, "wide", n):
		f.Width, f.Height = 448, 256
	}
	return f
}

// pickFamily chooses the media of a posting, popular ones more often. News,
// documentation and research show the very media they speak about.
func (w *World) pickFamily(it Item, clip bool) int {
	group := it.Class
	switch {
	case it.Class == Lawful && it.Purpose.usesTheClip():
		group = Terrorist
	case it.Class == Unclear:
		group = Terrorist
		if w.dice.chance(600, "unclear media", it.Number) {
			group = Lawful
		}
	}
	first, count := 0, 0
	for i, f := range w.Families {
		if f.Group == group && f.Clip == clip {
			if count == 0 {
				first = i
			}
			count++
		}
	}
	a := w.dice.below(count, "family", it.Number, 0)
	b := w.dice.below(count, "family", it.Number, 1)
	return first + min(a, b)
}
