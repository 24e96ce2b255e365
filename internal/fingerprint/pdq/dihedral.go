package pdq

// Turn is one of the eight ways to lay a picture down: four quarter turns, and
// the same after a mirror.
type Turn int

// The names follow the reference.
const (
	Original  Turn = iota // as it is
	Rotate90              // a quarter turn
	Rotate180             // upside down
	Rotate270             // three quarter turns
	FlipX                 // top and bottom exchanged
	FlipY                 // left and right exchanged, as in a mirror
	FlipPlus              // mirrored at the falling diagonal
	FlipMinus             // mirrored at the rising diagonal
)

var turnNames = [...]string{"original", "rotate_90", "rotate_180", "rotate_270", "flip_x", "flip_y", "flip_plus", "flip_minus"}

// String names the turn in lower case.
func (t Turn) String() string {
	if t < 0 || int(t) >= len(turnNames) {
		return "unknown"
	}
	return turnNames[t]
}

// Dihedral holds the hashes of a picture laid down in all eight ways, indexed
// by [Turn]. Whoever looks a picture up with all eight finds it mirrored and
// turned too, while the index keeps one hash for each picture.
type Dihedral [8]Hash

// SumDihedral returns the hashes of all eight turns as the reference makes
// them, and the quality: from one reading of the picture, by changing signs
// and order of the frequencies. Where a side has an even window (129 to 256
// pixels, 385 to 512 and so on) the box filter leans to one end, and these
// hashes lie up to forty bits from those of the picture really turned. For
// finding turned pictures use [SumTurned].
func SumDihedral(p Picture) (Dihedral, int) {
	r, ok := reduce(p, func(f *spectrum) float32 {
		least := f.margin()
		for _, t := range []Turn{Rotate180, FlipX, FlipY} { // the others hold the same values in another order
			least = min(least, f.turn(t).margin())
		}
		return least
	})
	if !ok {
		return Dihedral{}, 0
	}
	f := r.spectrum
	return dihedral(f, f.turn(FlipX), f.turn(FlipY), f.turn(Rotate180)), r.quality
}

// SumTurned returns the hashes the picture has when it is really turned, and
// the quality. The first, [Original], equals [Sum] to the bit; the other
// seven may differ from it where rounding decides a bit.
func SumTurned(p Picture) (Dihedral, int) {
	r, ok := reduce(p, (*spectrum).margin)
	if !ok {
		return Dihedral{}, 0
	}
	if r.rows == nil { // the original was made the exact way
		width, height := p.Size()
		quick, _ := quickly(p, width, height, 1)
		quick.spectrum, quick.quality = r.spectrum, r.quality
		r = quick
	}
	return r.turned(p), r.quality
}

// turned makes the hashes of the turned picture. Along an axis that looks the
// same from its other end, changing signs is all it takes; along the others
// the picture is reduced again, from the other end.
func (r reduced) turned(p Picture) Dihedral {
	straight, evenDown, evenAcross := r.spectrum, symmetric(r.down, r.height), symmetric(r.across, r.width)
	rightward, leftward := grouped(r.across, r.group), grouped(mirrored(r.across, r.width), r.group)
	mirror := straight.turn(FlipY)
	if !evenAcross {
		mirror = transformQuick(r.rows.reduce(leftward))
	}
	if evenDown {
		return dihedral(straight, straight.turn(FlipX), mirror, mirror.turn(FlipX))
	}
	rows := gather(p, grouped(mirrored(r.down, r.height), r.group))
	upended := transformQuick(rows.reduce(rightward))
	both := upended.turn(FlipY)
	if !evenAcross {
		both = transformQuick(rows.reduce(leftward))
	}
	return dihedral(straight, upended, mirror, both)
}

// dihedral makes the hashes from the frequencies of the picture as it is,
// upside down (a mirror below it), mirrored, and both; the other four turns
// are these, mirrored at the falling diagonal.
func dihedral(straight, upended, mirror, both *spectrum) (d Dihedral) {
	d[Original], d[FlipPlus] = straight.hashes()
	d[FlipX], d[Rotate270] = upended.hashes()
	d[FlipY], d[Rotate90] = mirror.hashes()
	d[Rotate180], d[FlipMinus] = both.hashes()
	return d
}

// turn returns the frequencies of the turned picture.
func (f *spectrum) turn(t Turn) *spectrum {
	out := &spectrum{}
	for i := range f {
		for j, v := range f[i] {
			oddRow, oddCol := i&1 == 1, j&1 == 1
			switch t { // the reference's table of signs, by odd and even frequency
			case Rotate90:
				out[j][i] = signed(v, !oddCol)
			case Rotate180:
				out[i][j] = signed(v, oddRow != oddCol)
			case Rotate270:
				out[j][i] = signed(v, !oddRow)
			case FlipX:
				out[i][j] = signed(v, !oddRow)
			case FlipY:
				out[i][j] = signed(v, !oddCol)
			case FlipPlus:
				out[j][i] = v
			case FlipMinus:
				out[j][i] = signed(v, oddRow != oddCol)
			default:
				out[i][j] = v
			}
		}
	}
	return out
}

func signed(v float32, negative bool) float32 {
	if negative {
		return -v
	}
	return v
}

// notes are what the camera's notes 1 to 8 (EXIF) ask for.
var notes = [9]Turn{1: Original, 2: FlipY, 3: Rotate180, 4: FlipX, 5: FlipPlus, 6: Rotate270, 7: FlipMinus, 8: Rotate90}

// steps a turn consists of, in this order: mirrored at the falling diagonal,
// top and bottom exchanged, left and right exchanged.
var turnSteps = [8][3]bool{
	Original: {}, FlipX: {false, true, false}, FlipY: {false, false, true}, Rotate180: {false, true, true},
	FlipPlus: {true, false, false}, Rotate90: {true, true, false}, Rotate270: {true, false, true}, FlipMinus: {true, true, true},
}

// then returns the turn that has the effect of t and, after it, of next.
func (t Turn) then(next Turn) Turn {
	a, b := turnSteps[t], turnSteps[next]
	if b[0] { // the diagonal exchanges what was up and down with left and right
		a[1], a[2] = a[2], a[1]
	}
	sum := [3]bool{a[0] != b[0], a[1] != b[1], a[2] != b[2]}
	for turn, steps := range turnSteps {
		if steps == sum {
			return Turn(turn)
		}
	}
	return Original
}

// upright returns the hashes of the picture after it is turned as a camera's
// note asks: the same ones under other names.
func (d Dihedral) upright(orientation int) (out Dihedral) {
	if orientation <= 1 || orientation >= len(notes) {
		return d
	}
	for t := range out {
		out[t] = d[notes[orientation].then(Turn(t))]
	}
	return out
}
