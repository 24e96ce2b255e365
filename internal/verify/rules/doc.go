// Package rules decides what a look at a location means: whether the thing is
// up, gone, changed, or cannot be told from here.
//
// Only clear evidence makes something gone. A status, a platform's own mark of
// removal, or a sentence that a reader would see first, and in each case nothing
// of the captured content left on the page. A login wall, a block by country, a
// test for robots, an error that passes: from behind those nobody knows, and
// unknown is an answer of its own. Calling a living page gone is the one error
// that is never made up for by finding more.
//
// What is known of single platforms is data: one file per platform, each rule
// with its version and its source. Signals made for machines come first, text
// that people see second, and nothing that only a script contains.
//
// The package is pure.
package rules
