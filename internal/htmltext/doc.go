// Package htmltext reads from the bytes of a web page what a visitor would:
// its title, the text that is visible, the pictures and clips in it, where its
// links lead, and what it says about itself in meta tags.
//
// Only visible text counts when a page is judged to be gone or a copy of
// another: pages carry every error sentence of their platform in scripts and
// translation tables, and whoever searches the raw bytes for "not found" finds
// it on pages that are up.
//
// Nothing is fetched or run. Everything is bounded, for the page may be made
// to harm: bytes read, depth, the length of lists and values.
package htmltext
