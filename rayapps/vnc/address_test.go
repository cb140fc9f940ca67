package vnc

import (
	"net"
	"testing"
)

func TestAddresses(t *testing.T) {
	for s, want := range map[string]string{
		"lab": "tcp lab:5900", "lab:1": "tcp lab:5901", "lab:99": "tcp lab:5999", "lab:100": "tcp lab:100", "lab::1": "tcp lab:1",
		"lab:5901": "tcp lab:5901", ":2": "tcp localhost:5902", "10.0.0.7:3": "tcp 10.0.0.7:5903",
		"[fe80::1]": "tcp [fe80::1]:5900", "[fe80::1]:2": "tcp [fe80::1]:5902", "[fe80::1]::80": "tcp [fe80::1]:80", "fe80::1": "tcp [fe80::1]:5900",
		"/run/vnc": "unix /run/vnc", "unix:/run/vnc": "unix /run/vnc", " lab:1 ": "tcp lab:5901",
		"vnc://lab:80/": "tcp lab:80", "vnc://lab": "tcp lab:5900",
	} {
		a, err := parseAddress(s)
		if got := a.network + " " + a.at; err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", s, got, err, want)
		}
	}
	for _, s := range []string{"", "lab:x", "lab:70000", "[fe80::1", "a b", "lab:::1", "[::1]x", "lab/x:1", "]", "a]:1"} {
		if a, err := parseAddress(s); err == nil {
			t.Errorf("%q is %v", s, a)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"lab:1", "[::1]:5", "/x", "::", "vnc://a:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAddress(s)
		if err != nil || a.network == "unix" {
			return
		}
		if host, _, err := net.SplitHostPort(a.at); err != nil || host == "" {
			t.Errorf("%q is %q: %v", s, a.at, err)
		}
	})
}
