package rfb

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

// eax is AES in EAX mode (Bellare, Rogaway, Wagner: The EAX Mode of Operation, 2004).
type eax struct {
	block  cipher.Block
	k1, k2 [16]byte // of CMAC
}

func newEAX(key []byte) (*eax, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	e := &eax{block: block}
	block.Encrypt(e.k1[:], e.k1[:])
	double(&e.k1)
	e.k2 = e.k1
	double(&e.k2)
	return e, nil
}

// double multiplies by x in the field of 2^128 elements.
func double(b *[16]byte) {
	carry := b[0] >> 7
	for i := range 15 {
		b[i] = b[i]<<1 | b[i+1]>>7
	}
	b[15] = b[15]<<1 ^ 0x87*carry
}

// omac is CMAC of a block with the number t, and p.
func (e *eax) omac(t byte, p []byte) (sum [16]byte) {
	sum[15] = t
	if len(p) == 0 {
		subtle.XORBytes(sum[:], sum[:], e.k1[:])
		e.block.Encrypt(sum[:], sum[:])
		return sum
	}
	e.block.Encrypt(sum[:], sum[:])
	for ; len(p) > 16; p = p[16:] {
		subtle.XORBytes(sum[:], sum[:], p[:16])
		e.block.Encrypt(sum[:], sum[:])
	}
	subtle.XORBytes(sum[:], sum[:], p)
	if len(p) == 16 {
		subtle.XORBytes(sum[:], sum[:], e.k1[:])
	} else {
		sum[len(p)] ^= 0x80
		subtle.XORBytes(sum[:], sum[:], e.k2[:])
	}
	e.block.Encrypt(sum[:], sum[:])
	return sum
}

// tag authenticates a ciphertext; start is where its counter begins.
func (e *eax) tag(start *[16]byte, seen, text []byte) (tag [16]byte) {
	h, c := e.omac(1, seen), e.omac(2, text)
	subtle.XORBytes(tag[:], start[:], h[:])
	subtle.XORBytes(tag[:], tag[:], c[:])
	return tag
}

// seal appends the text of p and its tag.
func (e *eax) seal(out, nonce, seen, p []byte) []byte {
	start := e.omac(0, nonce)
	at := len(out)
	out = append(out, p...)
	cipher.NewCTR(e.block, start[:]).XORKeyStream(out[at:], out[at:])
	tag := e.tag(&start, seen, out[at:])
	return append(out, tag[:]...)
}

// open decrypts text, of which the last 16 bytes are the tag, where it is.
func (e *eax) open(nonce, seen, text []byte) ([]byte, error) {
	if len(text) < 16 {
		return nil, errors.New("no tag")
	}
	text, got := text[:len(text)-16], text[len(text)-16:]
	start := e.omac(0, nonce)
	want := e.tag(&start, seen, text)
	if subtle.ConstantTimeCompare(got, want[:]) != 1 {
		return nil, errors.New("a message that was changed on the way")
	}
	cipher.NewCTR(e.block, start[:]).XORKeyStream(text, text)
	return text, nil
}

// sealed is a connection whose messages are of RA2: a length, the text, and its tag.
// A message's number is its nonce.
type sealed struct {
	net.Conn
	in, out         *eax
	received, sent  [16]byte
	buf, plain, box []byte
	end             error
}

// sealedMost is how long our messages are, in bytes.
const sealedMost = 8192

// count adds one to a number whose low byte is the first.
func count(n *[16]byte) {
	for i := range n {
		if n[i]++; n[i] != 0 {
			return
		}
	}
}

// Read implements net.Conn.
func (s *sealed) Read(p []byte) (int, error) {
	for len(s.plain) == 0 && s.end == nil {
		s.plain, s.end = s.message()
	}
	if len(s.plain) == 0 {
		return 0, s.end
	}
	n := copy(p, s.plain)
	s.plain = s.plain[n:]
	return n, nil
}

func (s *sealed) message() ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(s.Conn, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(head[:])) + 16
	if cap(s.buf) < n {
		s.buf = make([]byte, n)
	}
	if _, err := io.ReadFull(s.Conn, s.buf[:n]); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	text, err := s.in.open(s.received[:], head[:], s.buf[:n])
	if err != nil {
		return nil, fmt.Errorf("RA2: %w", err)
	}
	count(&s.received)
	return text, nil
}

// Write implements net.Conn.
func (s *sealed) Write(p []byte) (n int, err error) {
	for n < len(p) {
		k := min(len(p)-n, sealedMost)
		b := binary.BigEndian.AppendUint16(s.box[:0], uint16(k))
		s.box = s.out.seal(b, s.sent[:], b[:2:2], p[n:n+k])
		count(&s.sent)
		if _, err := s.Conn.Write(s.box); err != nil {
			return n, err
		}
		n += k
	}
	return n, nil
}
