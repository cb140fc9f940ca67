package manifest

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
)

func TestEndpoints(t *testing.T) {
	for s, want := range map[string]string{
		"example.org:443": "{example.org 443} true", "loopback:5900": "{loopback 5900} false", "*:443": "{* 443} true",
		"192.0.2.1:80": "{192.0.2.1 80} false", "[2001:db8::1]:80": "{2001:db8::1 80} false",
		"": "", "example.org": "", "loopback": "", ":80": "", "a:0": "", "a:65536": "", "a:080": "", "a b:80": "", "-a:80": "", "a\u202e:80": "", "a:80:90": "",
	} {
		e, err := ParseEndpoint(s)
		got := fmt.Sprint(e, " ", e.Named())
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %s, %v; want %s", s, got, err, want)
		}
	}
	text := strings.Replace(whole, "[permissions]", "network = [\"example.org:443\", \"loopback:80\"]\n[permissions]", 1)
	if m, err := Parse([]byte(text)); err != nil || len(m.Network) != 2 {
		t.Errorf("%v, %v", m, err)
	}
	for text, want := range map[string]string{
		strings.Replace(text, "loopback:80", "loopback", 1):                   `14:1: network: "loopback": want host:port, as example.org:443, loopback:5900 or *:443`,
		strings.Replace(text, "network = \"To fetch the weather.\"\n", "", 1): "14:1: network: it doesn't ask for the permission",
	} {
		if _, err := Parse([]byte(text)); fmt.Sprint(err) != want {
			t.Errorf("%v; want %s", err, want)
		}
	}
	ports, lookups := (&Manifest{Network: []string{"loopback:1", "192.0.2.1:2"}}).Reach()
	if fmt.Sprint(ports, lookups) != "[1 2] false" {
		t.Errorf("%v %v", ports, lookups)
	}
	if ports, lookups := (&Manifest{}).Reach(); ports != nil || lookups {
		t.Errorf("%v %v", ports, lookups)
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, s := range []string{"example.org:443", "loopback:5900", "*:1", "[::1]:80", "[fe80::1%eth0]:22", "a:0", ":1", "a:b:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseEndpoint(s)
		if err != nil {
			return
		}
		if e.Port == 0 || e.Host == "" || len(e.Host) > 255 {
			t.Errorf("%q is %+v", s, e)
		}
		again, err := ParseEndpoint(net.JoinHostPort(e.Host, strconv.Itoa(int(e.Port))))
		if err != nil || again != e {
			t.Errorf("%q is %+v, and that %+v, %v", s, e, again, err)
		}
	})
}
