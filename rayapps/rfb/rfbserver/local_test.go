package rfbserver

import (
	"net"
	"net/netip"
	"os"
	"testing"
)

func TestOwnerOfAConnection(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		ln, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("%s: %v", address, err) // a machine without that family
			continue
		}
		viewer, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		uid, err := ownerOf(server.RemoteAddr().(*net.TCPAddr).AddrPort(), server.LocalAddr().(*net.TCPAddr).AddrPort())
		if err != nil || uid != os.Getuid() {
			t.Errorf("%s: user %d, %v; want %d", address, uid, err, os.Getuid())
		}
		if err := local(server); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if _, err := ownerOf(netip.MustParseAddrPort("127.0.0.1:1"), netip.MustParseAddrPort("127.0.0.1:2")); err == nil {
			t.Error("a connection that isn't there is somebody's")
		}
		for _, c := range []net.Conn{viewer, server} {
			c.Close()
		}
		ln.Close()
	}
}

func TestAddressesAsTheKernelWritesThem(t *testing.T) {
	for s, want := range map[string]bool{
		"0100007F:1770": true, "0200007F:1770": false, "0100007F:1771": false, "0100007F": false, "x:1770": false, "01:1770": false,
		"0000000000000000FFFF00000100007F:1770": true,
	} {
		if got := sameAddress(s, netip.MustParseAddrPort("127.0.0.1:6000")); got != want {
			t.Errorf("%s: %v; want %v", s, got, want)
		}
	}
}
