// Package world draws the synthetic world of an exercise from a seed: what is
// posted where, by which account, in which language and with which picture,
// what each posting truly is, which unit hands it in when, and what each
// practice provider will do about it and how late.
//
// Everything here is a pure function of (seed, number of items): no clock, no
// I/O, no floating point, no iteration over maps. Two machines that draw the
// same world draw the same bytes, so a figure of an exercise can be repeated
// anywhere.
//
// Everything here is harmless. No sentence, name, handle or picture stands for
// a real one. The worst posting of this world reads "Exercise sentence: praise
// for an attack, not real." over a pattern of coloured discs. Every text
// and every picture carries the words "Exercise material, not real" in its own
// language.
//
// The package imports nothing of the product it tests: what is true in an
// exercise must not be computed by the code under test.
package world
