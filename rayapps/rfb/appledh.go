package rfb

import (
	"crypto/aes"
	"crypto/md5"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
)

// Sizes of a prime, in bytes. Apple's servers send 128.
const (
	minPrime = 64
	maxPrime = 1024
)

// exponent is how long our secret number is, in bytes: twice the strength of any of
// these groups, so that a server's prime of 8192 bits costs a sixteenth.
const exponent = 64

// appleField is how long a name and a password are when they are encrypted, with the
// zero that ends them.
const appleField = 64

// appleDH agrees on a key with a server that nobody vouches for, and sends name and
// password in AES under it (rfbproto, Diffie-Hellman Authentication).
func (h *handshake) appleDH() error {
	p, err := h.c.in.take(4)
	if err != nil {
		return err
	}
	g, n := big.NewInt(int64(binary.BigEndian.Uint16(p))), int(binary.BigEndian.Uint16(p[2:]))
	if n < minPrime || n > maxPrime {
		return fmt.Errorf("a prime of %d bytes; want %d to %d", n, minPrime, maxPrime)
	}
	if p, err = h.c.in.take(2 * n); err != nil {
		return err
	}
	prime, theirs := new(big.Int).SetBytes(p[:n]), new(big.Int).SetBytes(p[n:])
	last := new(big.Int).Sub(prime, big.NewInt(1))
	if prime.BitLen() < 8*minPrime-7 || prime.Bit(0) == 0 || g.Cmp(big.NewInt(2)) < 0 || theirs.Cmp(big.NewInt(2)) < 0 || theirs.Cmp(last) >= 0 {
		return errors.New("numbers of which no secret comes")
	}
	var random [exponent]byte
	if _, err := rand.Read(random[:]); err != nil {
		return err
	}
	own := new(big.Int).SetBytes(random[:])
	secret := new(big.Int).Exp(theirs, own, prime).FillBytes(make([]byte, n))
	user, password, err := h.credentials()
	if err != nil {
		return err
	}
	box, err := appleBox(secret, user, password)
	if err != nil {
		return err
	}
	return h.write(append(box, new(big.Int).Exp(g, own, prime).FillBytes(make([]byte, n))...))
}

// appleBox encrypts name and password: each ends in a zero and goes on in noise.
func appleBox(secret []byte, user, password string) ([]byte, error) {
	box := make([]byte, 2*appleField)
	if _, err := rand.Read(box); err != nil {
		return nil, err
	}
	for i, s := range []string{user, password} {
		if len(s) >= appleField {
			return nil, fmt.Errorf("a name or a password of more than %d bytes", appleField-1)
		}
		copy(box[i*appleField:], s+"\x00")
	}
	key := md5.Sum(secret)
	c, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	for p := box; len(p) > 0; p = p[aes.BlockSize:] { // each block by itself, as the protocol has it
		c.Encrypt(p, p)
	}
	return box, nil
}
