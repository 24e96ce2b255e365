package cli

import (
	"os"

	"github.com/staydown/staydown/internal/sandbox"
)

// confineCmd is not for people: the desk starts itself with it to run a decoder
// over foreign bytes. The process walls itself off and becomes the decoder.
type confineCmd struct {
	Order string `arg:"" help:"What to wall off and what to become, as JSON."`
}

// Run returns only where the walls could not be closed. Then nothing more may
// run in this process, which may be walled off in part: it leaves at once.
func (r *confineCmd) Run() error {
	os.Exit(sandbox.Confine(r.Order))
	return nil
}
