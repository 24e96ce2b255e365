// Package bank keeps banks: collections of known things, own or received from
// partners, each with rules for when a resemblance counts. It answers lookups
// with the reasons for and against every hit, looks new items up by the job
// "bank", which matching leaves where a circle has banks, and looks back, by
// the job "rematch", through everything seen before when something is added.
//
// A hit proposes, it never decides. What a source says gates it: disputed or
// merely suspected is for a person to review, what a source calls wrong is no
// match, and our own confirmation or rejection outweighs every source and is
// never overwritten by a fetch. A withdrawal takes effect with the next lookup,
// leaves a tombstone that no fetch gets past, and an event that proves it.
//
// The rules are in the root package (Found.Weigh, Suppress, FloodRule.Flooded);
// here is what loads the facts and keeps the outcome. The search runs over a
// copy of the signals in this process's memory ([Index]) that follows the
// database by a sequence of changes; what a hit comes to is asked of the
// database each time.
package bank
