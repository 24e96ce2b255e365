package app

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"

	"github.com/staydown/staydown/internal/dial"
)

// policy is what the desk may dial. A real desk reaches the public internet, its mail server and its proxies. An exercise
// reaches the pairs of its practice providers and nothing else, ever: an exercise's data directory that is opened without
// them can dial nothing at all.
func (o Options) policy(mode Mode) (dial.Policy, error) {
	var p dial.Policy
	p.Only = mode == Exercising
	for _, x := range o.Proxies {
		if err := admit(&p, dial.Proxy, x.Address, x.Address); err != nil {
			return p, err
		}
	}
	if o.Exercise == nil {
		return p, nil
	}
	for name, pair := range o.Exercise.Hosts {
		for _, purpose := range []dial.Purpose{dial.Capture, dial.Probe, dial.Webhook} {
			if err := admit(&p, purpose, name+":443", pair); err != nil {
				return p, err
			}
		}
	}
	if err := admit(&p, dial.Mail, o.Exercise.SMTP, o.Exercise.SMTP); err != nil {
		return p, err
	}
	block, _ := pem.Decode([]byte(o.Exercise.CA))
	if block == nil {
		return p, fmt.Errorf("the practice providers' authority is no PEM certificate")
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return p, fmt.Errorf("reading the practice providers' authority: %w", err)
	}
	p.Roots = []*x509.Certificate{ca}
	return p, nil
}

// admit opens one loopback pair to one purpose.
func admit(p *dial.Policy, purpose dial.Purpose, name, pair string) error {
	ap, err := netip.ParseAddrPort(pair)
	if err != nil {
		return fmt.Errorf("%s is no address and port: %w", pair, err)
	}
	if p.Only && !ap.Addr().IsLoopback() {
		return fmt.Errorf("an exercise dials loopback only, not %s", pair)
	}
	if host, _, err := net.SplitHostPort(name); err == nil {
		if _, err := netip.ParseAddr(host); err == nil {
			name = ""
		}
	}
	p.Admit = append(p.Admit, dial.Admission{Purpose: purpose, Name: name, Pair: ap})
	return nil
}
