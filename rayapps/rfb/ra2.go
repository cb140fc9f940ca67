package rfb

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
)

// Sizes of RSA keys, in bits. Ours lives as long as the connection.
const (
	minRSA = 1024
	maxRSA = 8192
	ownRSA = 2048
)

// What a server wants to know in RA2.
const (
	ra2UserPass = 1
	ra2Pass     = 2
)

// ra2 agrees on keys by RSA, and authenticates and goes on in AES-EAX (rfbproto, RSA-AES).
type ra2 struct {
	h    *handshake
	bits int // of the AES key: 128 or 256
}

func (r *ra2) digest(parts ...[]byte) []byte {
	p := bytes.Join(parts, nil)
	if r.bits == 256 {
		d := sha256.Sum256(p)
		return d[:]
	}
	d := sha1.Sum(p)
	return d[:]
}

// publicKey is a key as it is sent.
func publicKey(k *rsa.PublicKey) []byte {
	n := k.Size()
	b := binary.BigEndian.AppendUint32(nil, uint32(k.N.BitLen()))
	b = append(b, k.N.FillBytes(make([]byte, n))...)
	return append(b, big.NewInt(int64(k.E)).FillBytes(make([]byte, n))...)
}

// readKey reads the server's, and how it was sent.
func (r *ra2) readKey() (*rsa.PublicKey, []byte, error) {
	in := r.h.c.in
	bits, err := in.u32()
	if err != nil {
		return nil, nil, err
	}
	if bits < minRSA || bits > maxRSA {
		return nil, nil, fmt.Errorf("a key of %d bits; want %d to %d", bits, minRSA, maxRSA)
	}
	n := int(bits+7) / 8
	p, err := in.take(2 * n)
	if err != nil {
		return nil, nil, err
	}
	raw := append(binary.BigEndian.AppendUint32(nil, bits), p...)
	modulus, e := new(big.Int).SetBytes(p[:n]), new(big.Int).SetBytes(p[n:])
	if modulus.BitLen() < minRSA || !e.IsInt64() || e.Int64() < 3 || e.Int64() > 1<<31-1 || e.Bit(0) == 0 || modulus.Bit(0) == 0 {
		return nil, nil, errors.New("a key that can't be one")
	}
	return &rsa.PublicKey{N: modulus, E: int(e.Int64())}, raw, nil
}

// run shakes hands. pass tells that only the handshake is encrypted.
func (r *ra2) run(pass bool) error {
	h := r.h
	server, serverRaw, err := r.readKey()
	if err != nil {
		return fmt.Errorf("server's key: %w", err)
	}
	if h.c.opt.PinKey == nil {
		return errors.New("nobody judges the server's key")
	}
	if err := h.c.opt.PinKey(server); err != nil {
		return err
	}
	own, err := rsa.GenerateKey(rand.Reader, ownRSA)
	if err != nil {
		return err
	}
	ownRaw := publicKey(&own.PublicKey)
	ours := make([]byte, r.bits/8)
	if _, err := rand.Read(ours); err != nil {
		return err
	}
	//lint:ignore SA1019 the protocol has this padding
	box, err := rsa.EncryptPKCS1v15(rand.Reader, server, ours)
	if err != nil {
		return err
	}
	if err := h.write(append(binary.BigEndian.AppendUint16(bytes.Clone(ownRaw), uint16(len(box))), box...)); err != nil {
		return err
	}
	theirs, err := r.readRandom(own)
	if err != nil {
		return fmt.Errorf("server's number: %w", err)
	}
	conn, err := r.seal(ours, theirs)
	if err != nil {
		return err
	}
	plain := h.c.conn
	early := bytes.Clone(h.c.in.buf[h.c.in.r:h.c.in.w])
	before := &prefixed{Conn: plain, early: early}
	conn.Conn = before
	h.c.conn = conn
	h.c.in.r, h.c.in.w, h.c.in.src = 0, 0, conn
	if err := h.write(r.digest(ownRaw, serverRaw)); err != nil {
		return err
	}
	want := r.digest(serverRaw, ownRaw)
	got, err := h.c.in.take(len(want))
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(got, want) != 1 {
		return errors.New("somebody has changed the keys on the way")
	}
	if err := r.credentials(); err != nil {
		return err
	}
	if pass {
		if h.c.in.r != h.c.in.w || len(conn.plain) > 0 {
			return errors.New("something behind the handshake")
		}
		h.c.conn = before
		h.c.in.r, h.c.in.w, h.c.in.src = 0, 0, before
	}
	return nil
}

func (r *ra2) readRandom(own *rsa.PrivateKey) ([]byte, error) {
	in := r.h.c.in
	p, err := in.take(2)
	if err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(p))
	if n != own.Size() {
		return nil, fmt.Errorf("%d bytes; want %d", n, own.Size())
	}
	if p, err = in.take(n); err != nil {
		return nil, err
	}
	//lint:ignore SA1019 the protocol has this padding; the key is used this once
	theirs, err := rsa.DecryptPKCS1v15(nil, own, p)
	if err != nil {
		return nil, err
	}
	if len(theirs) != r.bits/8 {
		return nil, fmt.Errorf("%d bytes; want %d", len(theirs), r.bits/8)
	}
	return theirs, nil
}

// seal makes the keys of both directions.
func (r *ra2) seal(ours, theirs []byte) (*sealed, error) {
	s := &sealed{}
	var err error
	if s.out, err = newEAX(r.digest(theirs, ours)[:r.bits/8]); err != nil {
		return nil, err
	}
	s.in, err = newEAX(r.digest(ours, theirs)[:r.bits/8])
	return s, err
}

func (r *ra2) credentials() error {
	h := r.h
	kind, err := h.c.in.u8()
	if err != nil {
		return err
	}
	if kind != ra2UserPass && kind != ra2Pass {
		return fmt.Errorf("credentials of kind %d", kind)
	}
	user, password, err := h.credentials()
	if err != nil {
		return err
	}
	if kind == ra2Pass {
		user = ""
	}
	if len(user) > 255 || len(password) > 255 {
		return errors.New("a name or a password of more than 255 bytes")
	}
	p := append([]byte{byte(len(user))}, user...)
	return h.write(append(append(p, byte(len(password))), password...))
}
