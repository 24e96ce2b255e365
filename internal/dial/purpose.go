package dial

import "net/netip"

// Purpose says why a connection is opened. Admissions and ports hold for one
// purpose only: what mail may reach, a probe may not.
type Purpose string

const (
	Capture Purpose = "capture" // fetching what a lead points at, to keep it
	Probe   Purpose = "probe"   // looking again whether something is still up
	Webhook Purpose = "webhook" // handing a letter to a provider's endpoint
	Mail    Purpose = "mail"    // handing a letter to a mail server
	Proxy   Purpose = "proxy"   // reaching a named proxy, never what lies behind it
)

// Admission lets one purpose reach one exact address and port that the guard
// would otherwise refuse.
//
// With a Name ("host:port", as it is asked for), the name leads to the pair
// without asking DNS, and the pair is open to that name only. Without one, the
// pair may be dialled as it is.
type Admission struct {
	Purpose Purpose
	Name    string
	Pair    netip.AddrPort
}

// Use is one dial that an admission let through, as reported to Policy.Used.
type Use struct {
	Purpose Purpose
	Asked   string // the host:port that was asked for
	Pair    netip.AddrPort
}
