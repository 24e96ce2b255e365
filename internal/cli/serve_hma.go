package cli

import (
	"context"
	"net/netip"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
)

// alone tells whether this process answers lookups and nothing else.
func (s *serveCmd) alone() bool { return s.does("match") && !s.does("web") }

// openHMA lets the desk answer HMA's paths where it answers anything.
func (s *serveCmd) openHMA(ctx context.Context, a *app.App) error {
	if a.Address() == "" {
		return nil
	}
	o := app.HMA{Alone: s.alone(), Unit: s.HMAUnit, Keep: s.HMAKeep, URLs: s.HMAURL}
	for _, text := range s.HMATrust {
		from, err := trusted(text)
		if err != nil {
			return err
		}
		o.Trust = append(o.Trust, from...)
	}
	return a.OpenHMA(ctx, o)
}

// widest is how large a network may be that is trusted: nobody trusts half the
// internet on purpose.
const (
	widest4 = 8
	widest6 = 32
)

// trusted reads who may ask without a token.
func trusted(text string) ([]netip.Prefix, error) {
	if text == "loopback" {
		return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, nil
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" && !a.IsUnspecified() {
		return []netip.Prefix{netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())}, nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() || p.Addr().Is4() && p.Bits() < widest4 || p.Addr().Is6() && p.Bits() < widest6 {
		return nil, staydown.Errorf(staydown.Usage, "serve.hma_trust", "%q is neither loopback, nor an address, nor a network (IPv4 from /8, IPv6 from /32) such as 10.1.0.0/16", text).At("--hma-trust")
	}
	return []netip.Prefix{p.Masked()}, nil
}
