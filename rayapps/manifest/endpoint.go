package manifest

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// Endpoint is where an app connects to.
type Endpoint struct {
	Host string // a name, an address, "loopback" for this machine, "*" for any
	Port uint16
}

var hostForm = form(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$`)

// ParseEndpoint reads host:port.
func ParseEndpoint(s string) (Endpoint, error) {
	host, port, err := net.SplitHostPort(s)
	n, perr := strconv.ParseUint(port, 10, 16)
	_, aerr := netip.ParseAddr(host)
	if err != nil || perr != nil || n == 0 || strconv.FormatUint(n, 10) != port || host != "*" && aerr != nil && !hostForm().MatchString(host) {
		return Endpoint{}, fmt.Errorf("%.60q: want host:port, as example.org:443, loopback:5900 or *:443", s)
	}
	return Endpoint{host, uint16(n)}, nil
}

// Named reports whether the host has to be looked up.
func (e Endpoint) Named() bool {
	_, err := netip.ParseAddr(e.Host)
	return err != nil && e.Host != "loopback"
}

// Reach is where an app may connect to: the ports of TCP, nil for all, and
// whether names have to be looked up.
func (m *Manifest) Reach() (ports []uint16, lookups bool) {
	for _, s := range m.Network {
		e, err := ParseEndpoint(s)
		if err != nil {
			continue // Parse has refused it
		}
		ports = append(ports, e.Port)
		lookups = lookups || e.Named()
	}
	return ports, lookups
}
