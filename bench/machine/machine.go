// Package machine says what a measurement was taken on and under which load, and
// counts the processor time of one thread, which other programs on the machine
// lengthen less than the clock.
package machine

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// Place is where and when a measurement was taken.
type Place struct {
	Command   string `json:"command"`
	Commit    string `json:"commit"`
	Processor string `json:"processor"`
	Go        string `json:"go"`
	Load      string `json:"load_average"` // processes running or waiting over the last 1, 5 and 15 minutes
}

// Here describes this machine at this moment; command is what is run, without
// its arguments, which are taken from the process.
func Here(command string) Place {
	return Place{
		Command:   strings.Join(append([]string{command}, os.Args[1:]...), " "),
		Commit:    commit(),
		Processor: processor(),
		Go:        runtime.Version(),
		Load:      Load(),
	}
}

// Load is the load average over 1, 5 and 15 minutes; empty where it is not told.
func Load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	words := strings.Fields(string(data))
	return strings.Join(words[:min(3, len(words))], " ")
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func processor() string {
	data, _ := os.ReadFile("/proc/cpuinfo") //nolint:errcheck // what could be read
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return fmt.Sprintf("%s, %d used", strings.TrimSpace(value), runtime.GOMAXPROCS(0))
		}
	}
	return fmt.Sprintf("%s, %d used", runtime.GOARCH, runtime.GOMAXPROCS(0))
}
