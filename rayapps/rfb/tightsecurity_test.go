package rfb

import (
	"bytes"
	"strings"
	"testing"
)

const (
	capNone  = "\x00\x00\x00\x01STDVNOAUTH__"
	capVnc   = "\x00\x00\x00\x02STDVVNCAUTH_"
	capLogin = "\x00\x00\x00\x81TGHTULGNAUTH"
	capSASL  = "\x00\x00\x00\x14GTKVSASL____"
	capPlain = "\x00\x00\x00\x00TGHTNOTUNNEL"
	// What follows on ServerInit: a message, two encodings.
	tightInit = "\x00\x01\x00\x00\x00\x02\x00\x00" + capNone + capVnc + capLogin
)

// TightVNC's security type: without a tunnel, by what is allowed, and a longer
// ServerInit.
func TestTightSecurity(t *testing.T) {
	answer, err := VncAnswer([]byte("0123456789abcdef"), "password")
	if err != nil {
		t.Fatal(err)
	}
	start := func(s script) { s.want("\x01"); s.send(serverInit, tightInit); s.setup() }
	for _, v := range []struct {
		name  string
		allow []Security
		f     func(s script)
		is    Security
		want  string // of the error
	}{
		{"nothing to do", nil, func(s script) {
			s.send("\x00\x00\x00\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x00")
			start(s)
		}, None, ""},
		{"none", nil, func(s script) {
			s.send("\x00\x00\x00\x01", capPlain)
			s.want("\x00\x00\x00\x00")
			s.send("\x00\x00\x00\x02", capSASL, capNone)
			s.want("\x00\x00\x00\x01")
			s.send("\x00\x00\x00\x00")
			start(s)
		}, None, ""},
		{"password", []Security{TightVNC}, func(s script) {
			s.send("\x00\x00\x00\x00", "\x00\x00\x00\x02", capLogin, capVnc)
			s.want("\x00\x00\x00\x02")
			s.send("0123456789abcdef")
			s.want(string(answer))
			s.send("\x00\x00\x00\x00")
			start(s)
		}, VncAuth, ""},
		{"login", []Security{UnixLogin}, func(s script) {
			s.send("\x00\x00\x00\x00", "\x00\x00\x00\x02", capVnc, capLogin)
			s.want("\x00\x00\x00\x81")
			s.want("\x00\x00\x00\x02\x00\x00\x00\x08mepassword")
			s.send("\x00\x00\x00\x00")
			start(s)
		}, UnixLogin, ""},
		{"login isn't for all to read", nil, func(s script) {
			s.send("\x00\x00\x00\x00", "\x00\x00\x00\x01", capLogin)
		}, 0, "no security type in common"},
		{"asks for nothing where a password is wanted", []Security{VncAuth, UnixLogin}, func(s script) {
			s.send("\x00\x00\x00\x00", "\x00\x00\x00\x00")
		}, 0, "the server asks for nothing"},
		{"a tunnel", nil, func(s script) {
			s.send("\x00\x00\x00\x01", "\x00\x00\x00\x07SOMETUNNEL42")
		}, 0, "the server wants a tunnel"},
		{"long list", nil, func(s script) {
			s.send("\x00\x00\x00\x00", "\x7f\xff\xff\xff")
		}, 0, "2147483647 capabilities; the limit is 256"},
		{"long init", nil, func(s script) {
			s.send("\x00\x00\x00\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x00")
			s.want("\x01")
			s.send(serverInit, "\xff\xff\xff\xff\xff\xff\x00\x00")
		}, 0, "server init: 196605 capabilities"},
	} {
		t.Run(v.name, func(t *testing.T) {
			c, err := converse(t, Options{Credentials: secret, Security: v.allow}, func(s script) {
				s.send("RFB 003.008\n")
				s.want("RFB 003.008\n")
				s.send("\x01\x10")
				s.want("\x10")
				v.f(s)
			})
			if got := errorText(err); v.want == "" && err != nil || !strings.Contains(got, v.want) {
				t.Fatalf("Connect: %v; want %q", err, v.want)
			}
			if err == nil && (c.Security != v.is || c.Name != "desk") {
				t.Errorf("security %v, name %q", c.Security, c.Name)
			}
		})
	}
}

// Some servers list types without TLS among VeNCrypt's.
func TestVeNCryptInnerTypes(t *testing.T) {
	answer, err := VncAnswer([]byte("0123456789abcdef"), "password")
	if err != nil {
		t.Fatal(err)
	}
	c, err := converse(t, Options{Credentials: secret}, func(s script) {
		s.send("RFB 003.008\n")
		s.want("RFB 003.008\n")
		s.send("\x01\x13")
		s.want("\x13")
		s.send("\x00\x02")
		s.want("\x00\x02")
		s.send("\x00\x02\x00\x00\x00\x02\x00\x00\x01\x00")
		s.want("\x00\x00\x00\x02")
		s.send("0123456789abcdef")
		s.want(string(answer))
		s.send("\x00\x00\x00\x00")
		s.want("\x01")
		s.send(serverInit)
		s.setup()
	})
	if err != nil || c.Security != VncAuth {
		t.Fatalf("Connect: %v", err)
	}
}

// Whatever a server says in TightVNC's and in Apple's way, the handshake ends.
func FuzzLogin(f *testing.F) {
	f.Add(byte(TightVNC), []byte("\x00\x00\x00\x01"+capPlain+"\x00\x00\x00\x02"+capSASL+capNone+"\x00\x00\x00\x00"+serverInit+tightInit))
	f.Add(byte(TightVNC), []byte("\x00\x00\x00\x00\x00\x00\x00\x01"+capVnc+"0123456789abcdef"))
	f.Add(byte(AppleDH), append([]byte{0, 2, 0, 64}, bytes.Repeat([]byte{0x7f}, 128)...))
	f.Fuzz(func(t *testing.T, kind byte, said []byte) {
		head := []byte{'R', 'F', 'B', ' ', '0', '0', '3', '.', '0', '0', '8', '\n', 1, kind}
		c, err := Connect(t.Context(), tape{Reader: bytes.NewReader(append(head, said...))}, Options{
			Security: []Security{TightVNC, UnixLogin, AppleDH}, Credentials: secret,
		})
		if err == nil && c.Security.Encrypted() {
			t.Errorf("%v hides something", c.Security)
		}
		if err == nil {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
