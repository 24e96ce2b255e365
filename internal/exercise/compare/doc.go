// Package compare holds what a desk believes at the end of an exercise against
// the truth its practice providers kept, and says where the two differ.
//
// Counted things (taken in, doubled, lost, refused, without answer) must be
// equal, posting by posting. Seen things (gone, by whose hand, back again) are
// measured: recall and precision, with every miss listed. What the desk saw is
// compared with the truth of that very moment, so looking seldom is no error;
// saying that something is gone which is there, or there which is gone, is.
//
// [Run] is the whole of it; [Result.Line] makes the command's last line and
// [Pen.Tell] the end of its text. The rest is pure: rows and events in,
// differences out. It knows the desk by the rows it exports (the fields of [Row])
// and shares no code with it.
package compare
