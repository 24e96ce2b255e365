// Package text makes words comparable that people write differently, and
// fingerprints texts so that near copies find each other.
//
// The same Arabic sentence is spelled with and without vowel marks, with the
// hamza on its seat or left off, stretched with tatweel, with two kinds of
// digits and of final letters. [Normal] folds all of that away, and letter
// case, accents, compatibility forms and invisible marks of other scripts with
// it; a light stem takes off the article and the common endings. The same
// normal form is indexed for search on every database, which is why it is made
// here and not there.
//
// A fingerprint ([Of]) is a MinHash signature over runs of three normal words:
// the share of equal places in two signatures estimates which share of their
// word runs two texts have in common (Broder, "On the resemblance and
// containment of documents", 1997). [Signature.Bands] gives keys by which an
// index finds candidates without comparing all.
package text
