package vnc

import (
	"errors"
	"net"
	"strconv"
	"strings"

	"rayos/rayapps/lang"
)

// basePort is that of display 0.
const basePort = 5900

// maxAddress bounds an address, in bytes.
const maxAddress = 255

// address is where a server is.
type address struct {
	network string // "tcp" or "unix"
	at      string // for net.Dial
	host    string // as a certificate names it
}

// parseAddress reads what people write: host, host:display, host:port, host::port,
// an IPv6 address in brackets, a path, or vnc://host:port. Errors are in the
// person's language.
func parseAddress(s string) (address, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxAddress {
		return address{}, errors.New(lang.T("An address is a host, host:display or host:port, or the path of a socket."))
	}
	if path, ok := strings.CutPrefix(s, "unix:"); ok || strings.HasPrefix(s, "/") {
		return address{"unix", path, "localhost"}, nil
	}
	if rest, ok := strings.CutPrefix(s, "vnc://"); ok {
		s = strings.TrimSuffix(rest, "/")
		if host, port, err := net.SplitHostPort(s); err == nil { // always a port
			s = net.JoinHostPort(host, "") + ":" + port
		}
	}
	host, rest := s, ""
	if strings.HasPrefix(s, "[") {
		i := strings.IndexByte(s, ']')
		if i < 0 {
			return address{}, errors.New(lang.F("“{address}”: the bracket isn’t closed.", "address", s))
		}
		host, rest = s[1:i], s[i+1:]
	} else if strings.Count(s, ":") == 1 || strings.Contains(s, "::") && net.ParseIP(s) == nil {
		i := strings.IndexByte(s, ':')
		host, rest = s[:i], s[i:]
	}
	if host == "" {
		host = "localhost"
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || strings.ContainsRune("/[]", r) }) {
		return address{}, errors.New(lang.F("“{host}” is no host.", "host", host))
	}
	port := basePort
	if rest != "" {
		digits := strings.TrimLeft(rest, ":")
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || rest[0] != ':' || len(rest)-len(digits) > 2 {
			return address{}, errors.New(lang.F("“{address}”: behind the colon belongs a display or a port.", "address", s))
		}
		port = int(n)
		if n < 100 && rest[1] != ':' {
			port += basePort
		}
	}
	return address{"tcp", net.JoinHostPort(host, strconv.Itoa(port)), host}, nil
}
