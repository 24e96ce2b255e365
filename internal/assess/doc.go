// Package assess is where people look at captured items and say what they are. It keeps the queues and who holds which item,
// holds findings to what the law asks of them, asks a second officer who does not see the first answer, and lets a finding
// decide its item once its sixty seconds are over.
//
// Rules stand in files of their own, without store or clock: seat.go (who may work on an item), finding.go and passage.go
// (what a finding needs), second.go (when a second officer is asked), settle.go (what becomes of a finding), group.go (what
// equal bytes carry over), blind.go (who may see which finding). The other files load, ask the rules, and keep.
//
// How it hangs together is drawn in docs/design/assess.md.
package assess
