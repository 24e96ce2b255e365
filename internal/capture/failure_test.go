package capture

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/evidence"
)

func TestFailureOf(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		want  string
		retry bool
	}{
		"guard":      {&dial.Refusal{Ground: dial.GroundAddress}, ReasonGuard, false},
		"no name":    {&net.DNSError{IsNotFound: true}, ReasonDNS, false},
		"no answer":  {&net.DNSError{IsTimeout: true}, ReasonDNSTrouble, true},
		"proxy":      {&dial.ProxyError{Status: 502}, ReasonProxy, true},
		"refused":    {&net.OpError{Err: syscall.ECONNREFUSED}, ReasonRefused, true},
		"no route":   {&net.OpError{Err: syscall.EHOSTUNREACH}, ReasonUnreachable, true},
		"reset":      {&net.OpError{Err: syscall.ECONNRESET}, ReasonBroken, true},
		"deadline":   {context.DeadlineExceeded, ReasonTimeout, true},
		"stopped":    {context.Canceled, ReasonStopped, true},
		"too large":  {evidence.ErrTooLarge, ReasonTooLarge, false},
		"our own":    {fail(ReasonBomb, "x"), ReasonBomb, false},
		"not known":  {errors.New("?"), ReasonUnexplained, true},
		"odd header": {errors.New("net/http: HTTP/1.x transport connection broken: malformed HTTP response"), ReasonBadResponse, false},
	} {
		f := FailureOf(fmt.Errorf("fetching: %w", c.err))
		if f.Reason != c.want || f.Retry != c.retry {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := FailureOf(errors.New(strings.Repeat("\xff", 5000))); len(f.Detail) > 500 {
		t.Errorf("a detail of %d bytes", len(f.Detail))
	}
}
