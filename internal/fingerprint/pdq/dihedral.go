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
	s, f, ok := reduce(p, func(f *spectrum) float32 {
		least := f.margin()
		for _, t := range []Turn{Rotate180, FlipX, FlipY} { // the others hold the same values in another order
			least = min(least, f.turn(t).margin())
		}
		return least
	})
	if !ok {
		return Dihedral{}, 0
	}
	var d Dihedral
	for t := range d {
		d[t] = f.turn(Turn(t)).hash()
	}
	return d, s.quality()
}

// SumTurned returns the hashes the picture has when it is really turned, and
// the quality. The first, [Original], equals [Sum] to the bit; the other
// seven may differ from it where rounding decides a bit.
func SumTurned(p Picture) (Dihedral, int) {
	s, f, ok := reduce(p, (*spectrum).margin)
	if !ok {
		return Dihedral{}, 0
	}
	d := Dihedral{Original: f.hash(), FlipPlus: f.turn(FlipPlus).hash()}
	width, height := p.Size()
	down, across := tents(newWindow(height)), tents(newWindow(width))
	upward, leftward := mirrored(down, height), mirrored(across, width)
	straight, upended := gather(p, down, side), gather(p, upward, side)
	d.put(FlipX, Rotate270, upended.reduce(across))
	d.put(FlipY, Rotate90, straight.reduce(leftward))
	d.put(Rotate180, FlipMinus, upended.reduce(leftward))
	return d, s.quality()
}

// put files the hash of samples, and that of the same mirrored at the falling
// diagonal.
func (d *Dihedral) put(t, diagonal Turn, s *samples) {
	f := transform(s)
	d[t], d[diagonal] = f.hash(), f.turn(FlipPlus).hash()
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
