// Package chart draws the desk's pictures on the server, as SVG that a strict content security policy admits: no
// style attribute, no script, colours by class. Every drawing is a pure function of its data, so a golden file says
// when one changes, and the same figures always give the same picture.
//
// Three rules hold everywhere. Time and shares run left to right in every language. What a provider says is drawn as
// an outline, what we saw is filled. And a picture is never the only way to a figure: each carries a title for
// screen readers, and the page puts the table behind it.
package chart
