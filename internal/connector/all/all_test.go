package all_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/connector/all"
	"github.com/staydown/staydown/internal/connector/email"
	"github.com/staydown/staydown/internal/connector/webhook"
)

type keys struct{}

func (keys) SignDetached(string, []byte) (string, error)            { return "", nil }
func (keys) Certificate(string) (tls.Certificate, error)            { return tls.Certificate{}, nil }
func (keys) dial(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }

func options() all.Options {
	return all.Options{
		Webhook: webhook.Options{Client: &http.Client{Transport: http.NewFileTransport(http.Dir("."))}, Signer: keys{}, Now: time.Now},
		Email:   email.Options{Host: "mail.unit-a.example", Dial: keys{}.dial, Certificates: keys{}, Now: time.Now},
	}
}

// TestNames: each wire stands under its own name and can carry the largest letter.
func TestNames(t *testing.T) {
	wires := all.Open(options())
	if diff := cmp.Diff([]string{"email", "webhook"}, wires.Names()); diff != "" {
		t.Error(diff)
	}
	for name := range wires {
		wire, err := wires.For(name)
		if err != nil || wire.Name() != name || wire.Capabilities().MaxLines != connector.MaxLines {
			t.Errorf("%s: %v, %v", name, wire, err)
		}
	}
	if _, err := wires.For("fax"); err == nil || !strings.Contains(err.Error(), "fax") {
		t.Errorf("a wire for fax: %v", err)
	}
}

func TestWithoutMail(t *testing.T) {
	o := options()
	o.Email = email.Options{}
	if diff := cmp.Diff([]string{"webhook"}, all.Open(o).Names()); diff != "" {
		t.Error(diff)
	}
}
