// Package hamming finds, among millions of PDQ hashes in memory, all that lie
// within a number of bits of a given one. It is exact: it answers what
// comparing with every hash would answer, only sooner.
//
// How it works. Two hashes of 256 bits that differ in at most 31 cannot differ
// much in all of eleven slots of 23 or 24 bits: in one slot they differ in at
// most two bits (in one chosen slot, one), or the differences would add up to
// more (Norouzi, Punjani, Fleet, "Fast search in Hamming space with multi-index
// hashing", 2012). So each slot has a table, addressed directly by the slot's
// value, of the hashes that have it; a query looks up its own values and those
// one and two bits beside them, and compares with what it finds. The number
// and width of slots follow the number of hashes ([layoutFor]).
//
// An [Index] is a few sealed parts, which never change, and a short tail of
// what came lately, which is compared one by one. A withdrawn key is marked
// dead and counts from that moment. When the tail is full, a goroutine seals it
// into a part, and merges parts so that there are few; queries and writers go
// on meanwhile. Each answer is that of one moment: a query takes down a number
// that every change raises, and overlooks what came or went later.
//
// What an enemy can put in does not slow it down: equal hashes are merged, and
// where the tables offer so many hashes that comparing with all is quicker,
// all are compared. [Index.Crowded] names such places.
//
// Large arrays live outside of the garbage collector's heap, in memory asked
// for in large pages; see reserve. The decision and its figures are in
// docs/decisions, "hamming-index-layout".
package hamming
