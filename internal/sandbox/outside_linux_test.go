package sandbox

import (
	"os/exec"
	"strings"
	"testing"
)

// outside runs the decoder that was taken over without a box.
func outside(t *testing.T, args ...string) (string, error) {
	t.Helper()
	said, err := exec.Command("/proc/self/exe", append([]string{"breakout"}, args...)...).Output()
	return strings.TrimSpace(string(said)), err
}
