//go:build !linux

package main

import "time"

// Processor time is measured on Linux only.
func threadCPU() time.Duration  { return 0 }
func processCPU() time.Duration { return 0 }
