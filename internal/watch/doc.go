// Package watch notices what was removed and comes back: the same clip
// uploaded again, the same site rebuilt at a new address, the same channel
// under a new name.
//
// Its handler does the job "watch", left by verification when an item was first
// seen gone, and by matching when a new item resembles something that was seen
// gone. It weighs, signal by signal, whether the new thing is the old one, and
// proposes the likeliest as a return. A copy that stood beside the first one
// all along is no return: what counts must have appeared after the first was
// last known to be up.
//
// A person confirms or dismisses. Confirmed, the new item joins the lineage of
// the old one as its next generation; it inherits no decision and is assessed
// like any other.
package watch
