// Package arch keeps the shape of the house. It reads every Go file of the
// module and tells where the sources break a rule that reviewers would
// otherwise have to remember: which package may import which, which packages
// stay free of input and output, where the outside world is dialled, which
// module is used behind which door, and that every package and every exported
// name is explained. It also compares the law cited in comments with the table
// in docs/law.
//
// The rules are tables (rooms.go, edges.go, modules.go), each row with its
// reason; to change the shape of the house, change a row and argue it in the
// commit. The functions that apply them are pure and are tried on small made-up
// trees first, so that a rule which cannot fail is noticed.
//
// Nothing here runs the go command: a test that shells out to "go list" stays
// cached after a forbidden import is added, because the test cache sees only the
// files that the test itself opened.
package arch
