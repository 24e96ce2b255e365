// Package deconflict asks, before anything leaves, whether another authority needs it to stay where it is, and keeps what
// authorities hold. The asker learns the answer, never who holds or why; a hold never expires into a send.
//
// match.go says what a hold covers, answer.go what a question about a location is answered and which steps lead there; both are
// pure. hold.go, query.go and handle.go load, ask them, and keep. How it hangs together is drawn in docs/design/assess.md.
package deconflict
