//go:build !linux

package sandbox

import (
	"context"
	"io"
	"runtime"

	"github.com/staydown/staydown"
)

// Run refuses: decoders are confined by what only Linux has.
func (b *Box) Run(context.Context, Tool, io.Reader, Limits, Reader) error {
	return staydown.Errorf(staydown.Refused, CodeUnconfined, "foreign files are not decoded on %s, because a decoder can be confined on Linux only", runtime.GOOS)
}

// Probe tells that no wall stands.
func (b *Box) Probe(context.Context) Confinement {
	w := Wall{Why: "only Linux has what it takes"}
	return Confinement{Files: w, Network: w, Processes: w, Memory: w, Privileges: w}
}

// Confine refuses.
func Confine(string) int { return 125 }
