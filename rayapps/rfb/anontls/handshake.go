package anontls

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"net"
)

// Limits.
const (
	maxRecord    = 1 << 14  // bytes of plain text, RFC 5246, 6.2.1
	maxHandshake = 16 << 10 // bytes of a message
	minPrime     = 1024     // bits of the group
	maxPrime     = 8192     // bits
	maxWarnings  = 16       // alerts and empty records in a row
	exponent     = 64       // bytes of our secret
	masterSecret = 48       // bytes
	finishedSize = 12       // bytes
)

// Kinds of records and of handshake messages.
const (
	recordChange    = 20
	recordAlert     = 21
	recordHandshake = 22
	recordData      = 23

	helloRequest      = 0
	clientHello       = 1
	serverHello       = 2
	serverKeyExchange = 12
	serverHelloDone   = 14
	clientKeyExchange = 16
	finished          = 20
)

// suite is a cipher suite.
type suite struct {
	id   uint16
	key  int // bytes
	hash func() hash.Hash
}

var suites = []suite{{0x00a7, 32, sha512.New384}, {0x00a6, 16, sha256.New}}

// extensionMaster is extended_master_secret.
const extensionMaster = 23

// Client shakes hands with a server. It doesn't close conn when that fails.
func Client(conn net.Conn) (*Conn, error) {
	c := &Conn{Conn: conn}
	if err := c.shake(); err != nil {
		return nil, fmt.Errorf("anonymous TLS: %w", err)
	}
	return c, nil
}

// handshake is what both sides have said and found out.
type handshake struct {
	c              *Conn
	log            []byte // all messages
	client, server [32]byte
	suite          suite
	extended       bool
}

func (c *Conn) shake() error {
	h := &handshake{c: c}
	if err := h.hello(); err != nil {
		return fmt.Errorf("hello: %w", err)
	}
	secret, err := h.exchange()
	if err != nil {
		return fmt.Errorf("key exchange: %w", err)
	}
	if err := h.finish(secret); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return nil
}

// message appends a handshake message of ours to the log and sends it.
func (h *handshake) message(kind byte, body []byte) error {
	m := append([]byte{kind, 0, byte(len(body) >> 8), byte(len(body))}, body...)
	h.log = append(h.log, m...)
	return h.c.send(recordHandshake, m)
}

// next returns the body of the server's next handshake message, which must be of a
// kind.
func (h *handshake) next(kind byte) ([]byte, error) {
	m, err := h.c.handshakeMessage()
	if err != nil {
		return nil, err
	}
	if m[0] != kind {
		return nil, fmt.Errorf("message %d; want %d", m[0], kind)
	}
	h.log = append(h.log, m...)
	return m[4:], nil
}

func (h *handshake) hello() error {
	if _, err := rand.Read(h.client[:]); err != nil {
		return err
	}
	be := binary.BigEndian
	b := append([]byte{3, 3}, h.client[:]...)
	b = append(b, 0) // no session
	b = be.AppendUint16(b, uint16(2*len(suites)+2))
	for _, s := range suites {
		b = be.AppendUint16(b, s.id)
	}
	b = append(b, 0, 0xff)            // TLS_EMPTY_RENEGOTIATION_INFO_SCSV
	b = append(b, 1, 0)               // no compression
	groups := []uint16{256, 257, 258} // ffdhe2048, 3072, 4096
	ext := be.AppendUint16(nil, 10)
	ext = be.AppendUint16(ext, uint16(2*len(groups)+2))
	ext = be.AppendUint16(ext, uint16(2*len(groups)))
	for _, g := range groups {
		ext = be.AppendUint16(ext, g)
	}
	ext = be.AppendUint16(ext, extensionMaster)
	ext = be.AppendUint16(ext, 0)
	b = be.AppendUint16(b, uint16(len(ext)))
	if err := h.message(clientHello, append(b, ext...)); err != nil {
		return err
	}
	p, err := h.next(serverHello)
	if err != nil {
		return err
	}
	return h.parseHello(p)
}

var errShort = errors.New("a message that ends too early")

// parseHello reads ServerHello.
func (h *handshake) parseHello(p []byte) error {
	if len(p) < 35 {
		return errShort
	}
	if p[0] != 3 || p[1] != 3 {
		return fmt.Errorf("version %d.%d; want 3.3", p[0], p[1])
	}
	copy(h.server[:], p[2:34])
	id := int(p[34])
	if p = p[35:]; len(p) < id+3 {
		return errShort
	}
	p = p[id:]
	chosen := binary.BigEndian.Uint16(p)
	for _, s := range suites {
		if s.id == chosen {
			h.suite = s
		}
	}
	if h.suite.hash == nil || p[2] != 0 {
		return fmt.Errorf("cipher suite %#04x with compression %d, which was not offered", chosen, p[2])
	}
	if p = p[3:]; len(p) == 0 {
		return nil
	}
	if len(p) < 2 || int(binary.BigEndian.Uint16(p)) != len(p)-2 {
		return errShort
	}
	for p = p[2:]; len(p) > 0; {
		if len(p) < 4 {
			return errShort
		}
		kind, size := binary.BigEndian.Uint16(p), int(binary.BigEndian.Uint16(p[2:]))
		if p = p[4:]; len(p) < size {
			return errShort
		}
		if kind == extensionMaster {
			h.extended = true
		}
		p = p[size:]
	}
	return nil
}

// parameters are a group and the server's public value in it.
type parameters struct{ p, g, y *big.Int }

// parseParameters reads ServerDHParams, which nobody has signed.
func parseParameters(b []byte) (*parameters, error) {
	var v [3]*big.Int
	for i := range v {
		if len(b) < 2 {
			return nil, errShort
		}
		n := int(binary.BigEndian.Uint16(b))
		if b = b[2:]; n == 0 || len(b) < n {
			return nil, errShort
		}
		v[i] = new(big.Int).SetBytes(b[:n])
		b = b[n:]
	}
	if len(b) > 0 {
		return nil, errors.New("more than a group and a value")
	}
	k := &parameters{v[0], v[1], v[2]}
	one := big.NewInt(1)
	last := new(big.Int).Sub(k.p, one)
	if n := k.p.BitLen(); n < minPrime || n > maxPrime || k.p.Bit(0) == 0 {
		return nil, fmt.Errorf("a group of %d bits; want an odd one of %d to %d", n, minPrime, maxPrime)
	}
	for _, x := range []*big.Int{k.g, k.y} {
		if x.Cmp(one) <= 0 || x.Cmp(last) >= 0 {
			return nil, errors.New("a value that hides nothing")
		}
	}
	return k, nil
}

// exchange agrees on a secret.
func (h *handshake) exchange() ([]byte, error) {
	b, err := h.next(serverKeyExchange)
	if err != nil {
		return nil, err
	}
	k, err := parseParameters(b)
	if err != nil {
		return nil, err
	}
	if b, err = h.next(serverHelloDone); err != nil {
		return nil, err
	}
	if len(b) > 0 {
		return nil, errors.New("something in a message that is empty")
	}
	var own [exponent]byte
	if _, err := rand.Read(own[:]); err != nil {
		return nil, err
	}
	x := new(big.Int).SetBytes(own[:])
	public := new(big.Int).Exp(k.g, x, k.p).Bytes()
	out := binary.BigEndian.AppendUint16(nil, uint16(len(public)))
	if err := h.message(clientKeyExchange, append(out, public...)); err != nil {
		return nil, err
	}
	return new(big.Int).Exp(k.y, x, k.p).Bytes(), nil // without zeros in front, RFC 5246, 8.1.2
}

// prf is the pseudo-random function, RFC 5246, 5.
func (h *handshake) prf(secret []byte, label string, seed []byte, n int) (out []byte) {
	mac := hmac.New(h.suite.hash, secret)
	sum := func(parts ...[]byte) []byte {
		mac.Reset()
		for _, p := range parts {
			mac.Write(p)
		}
		return mac.Sum(nil)
	}
	seed = append([]byte(label), seed...)
	for a := sum(seed); len(out) < n; a = sum(a) {
		out = append(out, sum(a, seed)...)
	}
	return out[:n]
}

// sum is the hash of all messages so far.
func (h *handshake) sum() []byte {
	d := h.suite.hash()
	d.Write(h.log)
	return d.Sum(nil)
}

// finish turns encryption on and makes sure that both sides have heard the same.
func (h *handshake) finish(secret []byte) error {
	label, seed := "master secret", append(bytes.Clone(h.client[:]), h.server[:]...)
	if h.extended {
		label, seed = "extended master secret", h.sum()
	}
	master := h.prf(secret, label, seed, masterSecret)
	n := h.suite.key
	keys := h.prf(master, "key expansion", append(bytes.Clone(h.server[:]), h.client[:]...), 2*n+8)
	c := h.c
	if err := c.send(recordChange, []byte{1}); err != nil {
		return err
	}
	var err error
	if c.out, err = newCipher(keys[:n], keys[2*n:2*n+4]); err != nil {
		return err
	}
	if err := h.message(finished, h.prf(master, "client finished", h.sum(), finishedSize)); err != nil {
		return err
	}
	if err := c.change(); err != nil {
		return err
	}
	if c.in, err = newCipher(keys[n:2*n], keys[2*n+4:]); err != nil {
		return err
	}
	want := h.prf(master, "server finished", h.sum(), finishedSize)
	got, err := h.next(finished)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(got, want) != 1 {
		return errors.New("the server has heard something else")
	}
	if len(c.shaking) > 0 {
		return errors.New("something behind the server's last message")
	}
	return nil
}
