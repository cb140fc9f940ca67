package rfb

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"rayos/geom"
)

// script is a server's side of a conversation: lines that it sends and what it
// expects between.
type script struct {
	t *testing.T
	net.Conn
}

func (s script) send(p ...string) {
	if _, err := io.WriteString(s, strings.Join(p, "")); err != nil {
		s.t.Errorf("server: %v", err)
	}
}

func (s script) want(p ...string) {
	s.t.Helper()
	w := strings.Join(p, "")
	got := make([]byte, len(w))
	if _, err := io.ReadFull(s, got); err != nil || string(got) != w {
		s.t.Errorf("server got %q, %v; want %q", got, err, w)
	}
}

// skip passes over a message of n bytes.
func (s script) skip(n int) {
	if _, err := io.CopyN(io.Discard, s, int64(n)); err != nil {
		s.t.Errorf("server: %v", err)
	}
}

// setup takes what follows on ServerInit.
func (s script) setup() {
	s.want("\x00\x00\x00\x00\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x02\x00")
	var n uint16
	if err := binary.Read(s, binary.BigEndian, &n); err != nil {
		s.t.Errorf("server: %v", err)
	}
	s.skip(4 * int(n))
}

const serverInit = "\x00\x04\x00\x02" + "\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x04desk"

// converse connects to a server that acts as f says.
func converse(t *testing.T, opt Options, f func(s script)) (*Client, error) {
	t.Helper()
	a, b := net.Pipe()
	for _, end := range []net.Conn{a, b} { // who waits for what never comes fails
		if err := end.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(script{t, b})
	}()
	t.Cleanup(func() {
		_ = a.Close()
		<-done
		_ = b.Close()
	})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return Connect(ctx, a, opt)
}

func secret(context.Context, Security) (string, string, error) { return "me", "password", nil }

func longSecret(context.Context, Security) (string, string, error) {
	return "me", strings.Repeat("x", 64), nil
}

func TestHandshake(t *testing.T) {
	answer, err := VncAnswer([]byte("0123456789abcdef"), "password")
	if err != nil {
		t.Fatal(err)
	}
	start := func(s script) { s.want("\x01"); s.send(serverInit); s.setup() }
	for _, v := range []struct {
		name string
		f    func(s script)
		want string // of the error
	}{
		{"3.8 none", func(s script) {
			s.send("RFB 003.008\n")
			s.want("RFB 003.008\n")
			s.send("\x02\x02\x01")
			s.want("\x01")
			s.send("\x00\x00\x00\x00")
			start(s)
		}, ""},
		{"3.7 none has no result", func(s script) {
			s.send("RFB 003.007\n")
			s.want("RFB 003.007\n")
			s.send("\x01\x01")
			s.want("\x01")
			start(s)
		}, ""},
		{"3.3 password", func(s script) {
			s.send("RFB 003.005\n")
			s.want("RFB 003.003\n")
			s.send("\x00\x00\x00\x02", "0123456789abcdef")
			s.want(string(answer))
			s.send("\x00\x00\x00\x00")
			start(s)
		}, ""},
		{"wrong password", func(s script) {
			s.send("RFB 003.008\n")
			s.want("RFB 003.008\n")
			s.send("\x01\x02")
			s.want("\x02")
			s.send("0123456789abcdef")
			s.want(string(answer))
			s.send("\x00\x00\x00\x01\x00\x00\x00\x02no")
		}, `rfb: VncAuth: refused by the server: "no"`},
		{"too many", func(s script) {
			s.send("RFB 003.889\n")
			s.want("RFB 003.008\n")
			s.send("\x00\x00\x00\x00\x04busy")
		}, `rfb: security: refused by the server: "busy"`},
		{"nothing in common", func(s script) {
			s.send("RFB 003.008\n")
			s.want("RFB 003.008\n")
			s.send("\x02\x71\x05")
		}, "rfb: security: no security type in common: the server has [security type 113 RA2]"},
		{"no type of VeNCrypt", func(s script) {
			s.send("RFB 003.008\n")
			s.want("RFB 003.008\n")
			s.send("\x01\x13")
			s.want("\x13")
			s.send("\x00\x02")
			s.want("\x00\x02")
			s.send("\x00\x02\x00\x00\x01\x00\x00\x00\x01\x08")
		}, "rfb: VeNCrypt: no security type in common: the server has subtypes [Plain security type 264]"},
		{"not RFB", func(s script) { s.send("HTTP/1.1 400") }, `rfb: version: "HTTP/1.1 400" is not of an RFB server`},
		{"long name", func(s script) {
			s.send("RFB 003.003\n")
			s.want("RFB 003.003\n")
			s.send("\x00\x00\x00\x01")
			s.want("\x01")
			s.send(serverInit[:20], "\x7f\xff\xff\xff")
		}, "rfb: server init: name of 2147483647 bytes; the limit is 65536"},
		{"large desktop", func(s script) {
			s.send("RFB 003.003\n")
			s.want("RFB 003.003\n")
			s.send("\x00\x00\x00\x01")
			s.want("\x01")
			s.send("\xff\xff\xff\xff", serverInit[4:])
		}, "rfb: server init: desktop of 65535×65535; the limit is 32767 a side and 67108864 pixels"},
		{"many pixels", func(s script) {
			s.send("RFB 003.003\n")
			s.want("RFB 003.003\n")
			s.send("\x00\x00\x00\x01")
			s.want("\x01")
			s.send("\x7f\xff\x7f\xff", serverInit[4:])
		}, "rfb: server init: desktop of 32767×32767; the limit is 32767 a side and 67108864 pixels"},
	} {
		t.Run(v.name, func(t *testing.T) {
			c, err := converse(t, Options{Credentials: secret}, v.f)
			if got := errorText(err); got != v.want {
				t.Fatalf("Connect: %s; want %s", got, v.want)
			}
			if err == nil && (c.Name != "desk" || c.Desktop.Size != (geom.Size{W: 4, H: 2})) {
				t.Errorf("name %q, size %v", c.Name, c.Desktop.Size)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// VeNCrypt with a certificate that only the hook knows; the hook's refusal
// ends it before a password is sent.
func TestVeNCrypt(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(crand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	errPin := errors.New("another key")
	for _, want := range []error{nil, errPin} {
		c, err := converse(t, Options{Credentials: secret, Pin: func(s tls.ConnectionState) error {
			if !bytes.Equal(s.PeerCertificates[0].Raw, der) {
				return errors.New("not the certificate")
			}
			return want
		}}, func(s script) {
			s.send("RFB 003.008\n")
			s.want("RFB 003.008\n")
			s.send("\x02\x02\x13")
			s.want("\x13")
			s.send("\x00\x02")
			s.want("\x00\x02")
			s.send("\x00\x02\x00\x00\x01\x02\x00\x00\x01\x06")
			s.want("\x00\x00\x01\x06")
			s.send("\x01")
			in := script{s.t, tls.Server(s.Conn, cfg)}
			if want != nil {
				if n, err := in.Read(make([]byte, 1)); err == nil {
					s.t.Errorf("server read %d bytes from a client that refused it", n)
				}
				return
			}
			in.want("\x00\x00\x00\x02\x00\x00\x00\x08mepassword")
			in.send("\x00\x00\x00\x00")
			in.want("\x01")
			in.send(serverInit)
			in.setup()
		})
		if !errors.Is(err, want) {
			t.Errorf("Connect: %v; want %v", err, want)
		}
		if err == nil && c.Security != X509Plain {
			t.Errorf("security %v", c.Security)
		}
	}
}

// running connects without security and runs; the server acts as f says.
func running(t *testing.T, opt Options, h Handler, act func(c *Client), f func(s script)) error {
	t.Helper()
	c, err := converse(t, opt, func(s script) {
		s.send("RFB 003.008\n")
		s.want("RFB 003.008\n")
		s.send("\x01\x01")
		s.want("\x01")
		s.send("\x00\x00\x00\x00")
		s.want("\x01")
		s.send(serverInit)
		s.setup()
		s.want("\x03\x00\x00\x00\x00\x00\x00\x04\x00\x02")
		f(s)
		_ = s.Close() // that the client sees
	})
	if err != nil {
		t.Fatal(err)
	}
	if act != nil {
		act(c)
	}
	if h.Resize == nil {
		h.Resize = func(d Desktop) Framebuffer { return NewFramebuffer(d.Size) }
	}
	return c.Run(h)
}
