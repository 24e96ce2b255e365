// Package connector is the seam between the desk and the wires to providers: what
// leaves the desk ([Message]), what may become of it ([Result]), and what a wire
// must do to be one ([Connector]).
//
// A wire never decides anything: what it gets has been approved, signed by name
// and written down before. It hands the message over once and tells exactly what
// it knows. The difference it must keep straight is between "not taken", where
// trying again is safe, and "may have been taken", where a second try may reach
// the provider twice: a network that fails leaves one or the other, and a unit
// that does not know which one must say so.
//
// Each kind of wire has a package of its own below this one; connector/all lists
// them, connectortest holds the suite that all of them pass against real servers.
package connector
