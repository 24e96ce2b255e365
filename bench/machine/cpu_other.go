//go:build !linux

package machine

import "time"

// ThreadCPU is measured on Linux only.
func ThreadCPU() time.Duration { return 0 }

// ProcessCPU is measured on Linux only.
func ProcessCPU() time.Duration { return 0 }
