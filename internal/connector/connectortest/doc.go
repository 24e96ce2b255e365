// Package connectortest holds what every wire to providers must do, as a suite,
// and the real servers in this process that the suite runs it against: one that
// speaks HTTPS, one that speaks SMTP. Each can behave as providers do on bad days:
// refuse, be busy, break, take a letter and fall silent, send the caller somewhere
// else, talk nonsense or without end.
//
// It also holds an independent reader of signed mail, built on other code than
// what writes it.
package connectortest
