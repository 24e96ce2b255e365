// Package page is what every page of Staydown has in common: the frame around it, the words and marks in it, and the
// rules under which a browser gets it.
//
// A page is a handler, a template and a page struct side by side in the package that serves it (web/desk, web/portal,
// web/public). [View] binds a template to its struct, once for each language; [Site] wraps the handlers in the
// security headers, the check of the Host header and of the origin, the choice of language and theme, and the error
// pages.
//
// What the templates may call is in funcs.go. Two rules are built into it. Everything that comes from outside (names,
// addresses, texts) is isolated from the direction of the sentence around it, and its control characters are shown
// instead of obeyed. And what a provider says is an outline, what we saw is filled: `say` and `saw`, never a bare
// colour.
package page
