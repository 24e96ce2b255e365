package dial

import (
	"errors"
	"fmt"
)

// ErrRefused is what every refusal of the guard is, for errors.Is.
var ErrRefused = errors.New("refused by the guard")

// Ground says why the guard refused.
type Ground string

const (
	GroundName    Ground = "name"         // not a public host name
	GroundAddress Ground = "address"      // private, loopback, link-local, shared or reserved
	GroundPort    Ground = "port"         // not a usual port of this purpose
	GroundList    Ground = "not_admitted" // only listed pairs may be dialled, and this is none
	GroundNetwork Ground = "network"      // not TCP
)

// Refusal is a dial the guard did not allow. It is never worth a retry: the
// same question gets the same answer.
type Refusal struct {
	Purpose Purpose
	Asked   string // the host:port that was asked for
	Ground  Ground
	Detail  string // what was looked at: the address, the port, the name
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("dialling %s for %s: refused by the guard (%s: %s)", r.Asked, r.Purpose, r.Ground, r.Detail)
}

// Is makes errors.Is(err, ErrRefused) hold.
func (r *Refusal) Is(target error) bool { return target == ErrRefused }

// ProxyError is a proxy's refusal to open a tunnel. What it says is the proxy's
// word about the target, not our own sight.
type ProxyError struct {
	Proxy  string // the proxy's name
	Asked  string // the host:port asked for
	Status int    // the proxy's HTTP status
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("asking proxy %s for %s: it answered %d", e.Proxy, e.Asked, e.Status)
}
