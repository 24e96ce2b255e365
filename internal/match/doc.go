// Package match finds what was decided before and resembles a new item. Its
// handler does the job "match", which fingerprinting leaves: it keeps each
// resemblance as a candidate with its distance, points to a decided item with
// the same bytes, and leaves the job "watch" where the new item resembles
// something that was seen gone.
//
// A candidate proposes, it never decides: the officer looks at both. Only what
// the item's own circle has decided is searched; what others decided does not
// exist here.
//
// The search runs in memory, over a copy of the fingerprints that follows the
// database by a sequence of changes ([Index]); whether a hit was decided, and
// still is, is asked of the database each time, so that a finding reopened or
// withdrawn stops matching at once. The fast indexes are below: hamming for
// pictures, neartext for texts.
package match
