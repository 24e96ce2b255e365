// Package practice is the other side of an exercise: nine practice providers
// that serve pages over HTTPS, take letters by webhook and by mail, act on
// them (or do not), answer, lie, bounce, shut content off in some countries
// and let it come back.
//
// They keep the truth of the exercise in a file of their own, truth.jsonl:
// whatever they do stands there before anybody is told. All their state is
// rebuilt from that file, so a killed process loses nothing and does nothing
// twice. The desk under test is compared with it afterwards; therefore this
// package imports nothing of the product, checks signatures with code of its
// own, and has no clock: it is told the time (Control, POST /now) and does
// what is due up to then.
//
// Everything listens on loopback only.
package practice
