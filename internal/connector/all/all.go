// Package all lists the wires to providers that this desk has. A provider's
// channels in the register name them; a channel that is not in the list cannot be
// used, and the list is the place where a new wire is added.
package all

import (
	"fmt"
	"slices"

	"github.com/staydown/staydown/internal/connector"
	"github.com/staydown/staydown/internal/connector/email"
	"github.com/staydown/staydown/internal/connector/webhook"
)

// Options is what the wires need.
type Options struct {
	Webhook webhook.Options
	// Email is left out when its Host is empty: a desk without a mail server.
	Email email.Options
}

// Wires are the desk's wires by name.
type Wires map[string]connector.Connector

// Open makes the wires.
func Open(o Options) Wires {
	wires := Wires{webhook.Name: webhook.New(o.Webhook)}
	if o.Email.Host != "" {
		wires[email.Name] = email.New(o.Email)
	}
	return wires
}

// For returns the wire of a channel.
func (w Wires) For(channel string) (connector.Connector, error) {
	c, ok := w[channel]
	if !ok {
		return nil, fmt.Errorf("no wire for channel %q; this desk has %v", channel, w.Names())
	}
	return c, nil
}

// Names lists the channels, in order.
func (w Wires) Names() []string {
	var names []string
	for name := range w {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
