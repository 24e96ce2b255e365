// Package page reads an HTML page the way a person sees it: its title, its
// headings, the text that is visible, the pictures and clips in it. What stands
// in scripts, in hidden parts or in a table of translations is not read: every
// page of some platforms carries the sentence "this video was removed" in its
// scripts, and a reader that takes it for the page's own words calls living
// pages dead.
//
// The package is pure and works on hostile input: it builds no tree, so nesting
// costs nothing, and everything it returns is bounded.
package page
