package rfb

import (
	"bytes"
	"context"
	"crypto/des"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"net"
	"slices"

	"rayos/rayapps/rfb/anontls"
)

// Security is a security type, or from Plain on a subtype of VeNCrypt.
type Security uint32

// The types that the client speaks.
const (
	None     Security = 1
	VncAuth  Security = 2   // DES of a challenge: weak, and nothing after it is hidden
	RA2      Security = 5   // RSA and AES of 128 bits; Options.PinKey judges the key
	RA2ne    Security = 6   // the same for the handshake, and nothing after it is hidden
	RA2x256  Security = 129 // RA2 with AES of 256 bits
	RA2ne256 Security = 130
	TightVNC Security = 16 // stands for None, VncAuth, UnixLogin and VeNCrypt, as far as they are allowed
	VeNCrypt Security = 19 // stands for the following ones but Plain
	AppleDH  Security = 30 // a password that those who change nothing on the way can't read; nothing after it is hidden

	Plain     Security = 256 // a password that all can read
	TLSNone   Security = 257 // TLS in which nobody vouches for the server
	TLSVnc    Security = 258
	TLSPlain  Security = 259
	X509None  Security = 260 // TLS with a certificate
	X509Vnc   Security = 261
	X509Plain Security = 262

	UnixLogin Security = 1<<16 | 129 // TightVNC's: a password that all can read
)

var securityNames = map[Security]string{
	None: "None", VncAuth: "VncAuth", VeNCrypt: "VeNCrypt", RA2: "RA2", RA2ne: "RA2ne", RA2x256: "RA2_256", RA2ne256: "RA2ne_256", TightVNC: "Tight", AppleDH: "Apple DH", UnixLogin: "Unix login", Plain: "Plain",
	TLSNone: "TLSNone", TLSVnc: "TLSVnc", TLSPlain: "TLSPlain", X509None: "X509None", X509Vnc: "X509Vnc", X509Plain: "X509Plain",
}

func (s Security) String() string {
	if n, ok := securityNames[s]; ok {
		return n
	}
	return fmt.Sprintf("security type %d", uint32(s))
}

// Encrypted reports whether those who listen on the way hear nothing.
func (s Security) Encrypted() bool { return s >= TLSNone && s <= X509Plain || s == RA2 || s == RA2x256 }

// Authenticated reports whether the server's key was judged, by Options.Pin,
// PinKey or the system's roots: nobody else can have answered.
func (s Security) Authenticated() bool {
	return s >= X509None && s <= X509Plain || s == RA2 || s == RA2x256 || s == RA2ne || s == RA2ne256
}

// Named reports whether the user's name is asked for as well as a password. RA2's
// servers may want it.
func (s Security) Named() bool {
	switch s {
	case Plain, TLSPlain, X509Plain, UnixLogin, AppleDH, RA2, RA2ne, RA2x256, RA2ne256:
		return true
	}
	return false
}

// venCryptTypes are VeNCrypt's, the best first.
var venCryptTypes = []Security{X509Plain, X509Vnc, X509None, TLSPlain, TLSVnc, TLSNone, Plain}

// wanted are the types that may be agreed on, and which of VeNCrypt's.
func (o *Options) wanted() (types, inner []Security) {
	list := o.Security
	if list == nil {
		list = []Security{VeNCrypt, RA2x256, RA2, None, RA2ne256, RA2ne, AppleDH, VncAuth, TightVNC}
	}
	for _, s := range list {
		switch {
		case s == VeNCrypt || slices.Contains(venCryptTypes, s):
			if !slices.Contains(types, VeNCrypt) {
				types = append(types, VeNCrypt)
			}
		case s == UnixLogin:
			if !slices.Contains(types, TightVNC) {
				types = append(types, TightVNC)
			}
		case o.PinKey == nil && s.Authenticated():
			continue // RA2, whose key nobody judges
		default:
			types = append(types, s)
		}
	}
	for _, s := range venCryptTypes {
		if slices.Contains(list, s) || slices.Contains(list, VeNCrypt) && s != Plain {
			inner = append(inner, s)
		}
	}
	for _, s := range []Security{None, VncAuth} { // some servers list them there, too
		if slices.Contains(list, s) {
			inner = append(inner, s)
		}
	}
	return types, inner
}

// ErrSecurity is the cause when client and server have no security type in
// common. After VeNCrypt without a subtype in common a caller may connect again
// with another Options.Security.
var ErrSecurity = errors.New("no security type in common")

// ErrRefused is the cause when the server turned the client away: a wrong
// password, or too many.
var ErrRefused = errors.New("refused by the server")

// handshake carries on from a fresh connection to the agreed security.
type handshake struct {
	c     *Client
	ctx   context.Context
	minor int  // of version 3
	more  bool // ServerInit goes on with what the server can do (TightVNC)
}

// version agrees on 3.3, 3.7 or 3.8.
func (h *handshake) version() error {
	p, err := h.c.in.take(12)
	if err != nil {
		return fmt.Errorf("version: %w", err)
	}
	var major, minor int
	if n, err := fmt.Sscanf(string(p), "RFB %03d.%03d\n", &major, &minor); err != nil || n != 2 || p[11] != '\n' {
		return fmt.Errorf("version: %q is not of an RFB server", p)
	}
	switch {
	case major < 3 || (major == 3 && minor < 3):
		return fmt.Errorf("version: %d.%d is too old", major, minor)
	case major > 3 || minor >= 8:
		h.minor = 8
	case minor == 7:
		h.minor = 7
	default:
		h.minor = 3 // others of 3.x mean 3.3
	}
	return h.write(fmt.Appendf(nil, "RFB 003.%03d\n", h.minor))
}

func (h *handshake) write(p []byte) error {
	_, err := h.c.conn.Write(p)
	return err
}

// security agrees on a type and authenticates.
func (h *handshake) security() error {
	chosen, err := h.choose()
	if err != nil {
		return fmt.Errorf("security: %w", err)
	}
	if err := h.authenticate(chosen); err != nil {
		return fmt.Errorf("%v: %w", chosen, err)
	}
	if h.minor < 8 && h.c.Security == None {
		return nil
	}
	if err := h.result(); err != nil {
		return fmt.Errorf("%v: %w", h.c.Security, err)
	}
	return nil
}

func (h *handshake) choose() (Security, error) {
	var offered []Security
	if h.minor == 3 {
		t, err := h.c.in.u32()
		if err != nil {
			return 0, err
		}
		if t == 0 {
			return 0, h.reason()
		}
		offered = []Security{Security(t)}
	} else {
		n, err := h.c.in.u8()
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return 0, h.reason()
		}
		p, err := h.c.in.take(int(n))
		if err != nil {
			return 0, err
		}
		for _, t := range p {
			offered = append(offered, Security(t))
		}
	}
	wanted, _ := h.c.opt.wanted()
	for _, s := range wanted {
		if slices.Contains(offered, s) {
			if h.minor == 3 {
				return s, nil
			}
			return s, h.write([]byte{byte(s)})
		}
	}
	return 0, fmt.Errorf("%w: the server has %v", ErrSecurity, offered)
}

// reason reads why the server refuses.
func (h *handshake) reason() error {
	s, err := h.c.text("reason")
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %q", ErrRefused, s)
}

func (h *handshake) result() error {
	v, err := h.c.in.u32()
	if err != nil {
		return fmt.Errorf("result: %w", err)
	}
	switch {
	case v == 0:
		return nil
	case h.minor >= 8:
		return h.reason()
	}
	return ErrRefused
}

func (h *handshake) authenticate(s Security) error {
	h.c.Security = s
	switch s {
	case None:
		return nil
	case VncAuth:
		return h.vncAuth()
	case VeNCrypt:
		return h.venCrypt()
	case RA2, RA2ne:
		return (&ra2{h, 128}).run(s == RA2ne)
	case RA2x256, RA2ne256:
		return (&ra2{h, 256}).run(s == RA2ne256)
	case TightVNC:
		return h.tight()
	case AppleDH:
		return h.appleDH()
	}
	return fmt.Errorf("%w: not one that the client speaks", ErrSecurity)
}

func (h *handshake) credentials() (user, password string, err error) {
	if h.c.opt.Credentials == nil {
		return "", "", errors.New("the server wants credentials and there are none")
	}
	return h.c.opt.Credentials(h.ctx, h.c.Security)
}

// vncAuth answers a challenge by its DES cipher (RFC 6143, 7.2.2).
func (h *handshake) vncAuth() error {
	_, password, err := h.credentials()
	if err != nil {
		return err
	}
	challenge, err := h.c.in.take(16)
	if err != nil {
		return err
	}
	answer, err := VncAnswer(challenge, password)
	if err != nil {
		return err
	}
	return h.write(answer)
}

// VncAnswer is what a viewer that knows the password says to a challenge of 16
// bytes. It encrypts with the first 8 bytes of the password as the key, the
// bits of each in reverse.
func VncAnswer(challenge []byte, password string) ([]byte, error) {
	var key [8]byte
	copy(key[:], password)
	for i := range key {
		key[i] = bits.Reverse8(key[i])
	}
	block, err := des.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	out := make([]byte, 16)
	block.Encrypt(out, challenge)
	block.Encrypt(out[8:], challenge[8:])
	return out, nil
}

// venCrypt agrees on a subtype, version 0.2.
func (h *handshake) venCrypt() error {
	p, err := h.c.in.take(2)
	if err != nil {
		return err
	}
	if p[0] == 0 && p[1] < 2 {
		return fmt.Errorf("version %d.%d is too old", p[0], p[1])
	}
	if err := h.write([]byte{0, 2}); err != nil {
		return err
	}
	p, err = h.c.in.take(2) // whether it is agreed, and how many subtypes there are
	if err != nil {
		return err
	}
	if p[0] != 0 {
		return errors.New("version 0.2 refused")
	}
	n := int(p[1])
	if p, err = h.c.in.take(4 * n); err != nil {
		return err
	}
	var offered []Security
	for ; len(p) > 0; p = p[4:] {
		offered = append(offered, Security(binary.BigEndian.Uint32(p)))
	}
	_, inner := h.c.opt.wanted()
	for _, s := range inner {
		if !slices.Contains(offered, s) {
			continue
		}
		h.c.Security = s
		if err := h.write(binary.BigEndian.AppendUint32(nil, uint32(s))); err != nil {
			return err
		}
		if s == Plain || s == None || s == VncAuth {
			return h.inside(s)
		}
		if err := h.startTLS(s); err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
		return h.inside(s)
	}
	return fmt.Errorf("%w: the server has subtypes %v", ErrSecurity, offered)
}

func (h *handshake) startTLS(s Security) error {
	ok, err := h.c.in.u8()
	if err != nil {
		return err
	}
	if ok != 1 {
		return fmt.Errorf("%w: it can't start TLS", ErrRefused)
	}
	// Bytes of TLS may have been read ahead already.
	before := &prefixed{Conn: h.c.conn, early: bytes.Clone(h.c.in.buf[h.c.in.r:h.c.in.w])}
	var t net.Conn
	if s.Authenticated() {
		t, err = h.certified(before)
	} else {
		t, err = anontls.Client(before)
	}
	if err != nil {
		return err
	}
	h.c.conn = t
	h.c.in.r, h.c.in.w, h.c.in.src = 0, 0, t
	return nil
}

// certified starts TLS with a server that has a certificate.
func (h *handshake) certified(conn net.Conn) (net.Conn, error) {
	cfg := &tls.Config{}
	if h.c.opt.TLS != nil {
		cfg = h.c.opt.TLS.Clone()
	}
	if pin := h.c.opt.Pin; pin != nil {
		cfg.InsecureSkipVerify = true // the hook judges
		cfg.VerifyConnection = pin
	}
	t := tls.Client(conn, cfg)
	return t, t.HandshakeContext(h.ctx)
}

// inside authenticates within TLS.
func (h *handshake) inside(s Security) error {
	switch s {
	case X509Vnc, TLSVnc, VncAuth:
		return h.vncAuth()
	case X509Plain, TLSPlain, Plain:
		return h.plain()
	}
	return nil
}

// plain sends name and password as they are.
func (h *handshake) plain() error {
	user, password, err := h.credentials()
	if err != nil {
		return err
	}
	p := binary.BigEndian.AppendUint32(nil, uint32(len(user)))
	p = binary.BigEndian.AppendUint32(p, uint32(len(password)))
	return h.write(append(append(p, user...), password...))
}

// text reads a length and as many bytes.
func (c *Client) text(what string) (string, error) {
	n, err := c.in.u32()
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	if int64(n) > int64(c.opt.Limits.Text) {
		return "", fmt.Errorf("%s of %d bytes; the limit is %d", what, n, c.opt.Limits.Text)
	}
	p, err := c.in.append(nil, int(n))
	return string(p), err
}
