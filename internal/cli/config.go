package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/staydown/staydown"
)

// configMost is how large a configuration may be.
const configMost = 1 << 20

// config is flags by name, from a JSON file: {"data": "/srv/desk", "listen": "..."}.
// A name that no command knows is an error, so that a mistyped one is noticed.
type config struct {
	kong.Resolver
	names []string
}

// configuration reads a configuration for kong.
func configuration(r io.Reader) (kong.Resolver, error) {
	data, err := io.ReadAll(io.LimitReader(r, configMost))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	values := map[string]any{}
	if err := json.Unmarshal(data, &values); err != nil {
		return nil, staydown.Errorf(staydown.Usage, "config.json", "the configuration is no JSON object: %v", err).At("--config")
	}
	inner, err := kong.JSON(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	c := config{Resolver: inner}
	for name := range values {
		c.names = append(c.names, name)
	}
	slices.Sort(c.names)
	return c, nil
}

// Validate refuses names that are no flag of any command.
func (c config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	flags(app.Node, known)
	for _, name := range c.names {
		if !known[strings.ReplaceAll(name, "_", "-")] {
			return staydown.Errorf(staydown.Usage, "config.name", "the configuration names %q, which is no flag of any command", name).At("--config")
		}
	}
	return nil
}

// flags collects the names of the flags of a command and of those below it.
func flags(n *kong.Node, known map[string]bool) {
	for _, f := range n.Flags {
		known[f.Name] = true
	}
	for _, child := range n.Children {
		flags(child, known)
	}
}
