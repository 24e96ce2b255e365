// Package e2e holds stories of the whole system: each builds the binary, runs it
// as somebody would from a terminal, kills it where that is the point, and looks
// at what it printed and at what it left behind. Nothing of the desk is imported
// here: what a story knows it has from the command's output, from the desk's own
// API and pages, and from the truth that the practice providers kept.
//
// The stories take minutes, so they run when STAYDOWN_E2E=1 is set, as "make e2e"
// does; -short makes the longest of them smaller.
package e2e
