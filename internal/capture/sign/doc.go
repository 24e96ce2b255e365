// Package sign knows what pages say when they do not show the thing itself:
// "log in to continue", "not available in your country", "prove that you are
// human", "this post was deleted by its author", in many languages.
//
// The sentences are data, one file per language. A sentence found counts only
// where a person would read it first (see Read): a comment far down a page that
// speaks of deleted postings says nothing about the page.
//
// The package is pure.
package sign
