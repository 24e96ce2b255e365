// Package assets holds everything a page of Staydown asks the browser to load: one style sheet, two small
// scripts, the fonts and the site's mark. All of it is embedded in the binary, so the desk works on a machine
// without an internet connection and no page ever fetches from a third party.
//
// Every file is served under a name that contains a digest of its bytes ("desk.3f9c2a7d10be.css"). A browser may
// keep it for a year, and a new version of Staydown is a new name; there is no cache to invalidate. The style
// sheet is written in several files in css/, named in the order in which they are joined; the fonts it names are
// rewritten to their digest names when the set is built.
//
// Nothing here is inline in a page: the content security policy of [github.com/staydown/staydown/internal/web/page]
// allows scripts and styles from these addresses only.
package assets
