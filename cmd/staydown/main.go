// Command staydown is an Internet Referral Unit in a box: it takes in reports of
// terrorist content, preserves the content, puts it before a person, gets the
// result to the provider that hosts it, checks for itself that it is gone, and
// notices when it comes back.
package main

import (
	"os"
	_ "time/tzdata" // contact hours and clocks of both sides, on machines without time zones

	"github.com/staydown/staydown/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
