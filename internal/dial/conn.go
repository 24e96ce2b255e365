package dial

import (
	"net"
	"net/netip"
	"slices"
)

// Facts are what is known about how a connection was opened; a capture keeps
// them as evidence.
type Facts struct {
	Asked    string         // the host:port asked for
	Answers  []netip.Addr   // what DNS answered; empty for an address, an admitted name, or behind a proxy
	Remote   netip.AddrPort // the address connected to; the proxy's, when there is one
	Via      string         // the name of the proxy, empty when direct
	Admitted bool           // let through by an admission
}

// Conn is a connection that the guard opened.
type Conn struct {
	net.Conn
	facts Facts
}

// Facts tells how the connection was opened.
func (c *Conn) Facts() Facts {
	f := c.facts
	f.Answers = slices.Clone(f.Answers)
	return f
}

// FactsOf finds the facts of a connection through the layers wrapped around it
// (TLS, recorders), each of which must have a NetConn method.
func FactsOf(c net.Conn) (Facts, bool) {
	for range 8 {
		switch v := c.(type) {
		case *Conn:
			return v.Facts(), true
		case interface{ NetConn() net.Conn }:
			c = v.NetConn()
		default:
			return Facts{}, false
		}
	}
	return Facts{}, false
}
