package anontls

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Conn is a connection that those who only listen can't read.
type Conn struct {
	net.Conn
	in      *direction // nil before the server's cipher has begun
	head    [5]byte
	record  []byte
	plain   []byte // of the record, not yet read
	shaking []byte // of handshake messages, not yet whole
	end     error  // why nothing more is read

	writing sync.Mutex
	out     *direction
	packet  []byte
}

// direction is AES-GCM as records of one side have it, RFC 5288, 3.
type direction struct {
	aead cipher.AEAD
	salt [4]byte
	seq  uint64
}

const (
	explicit = 8 // bytes of a nonce in each record
	tagSize  = 16
)

func newCipher(key, salt []byte) (*direction, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	d := &direction{}
	copy(d.salt[:], salt)
	d.aead, err = cipher.NewGCM(block)
	return d, err
}

// seen is what a record is authenticated with beside its text.
func (d *direction) seen(kind byte, n int) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 13), d.seq)
	return append(b, kind, 3, 3, byte(n>>8), byte(n))
}

// send writes a record of at most maxRecord bytes.
func (c *Conn) send(kind byte, p []byte) error {
	b := append(c.packet[:0], kind, 3, 3, 0, 0)
	if d := c.out; d == nil {
		b = append(b, p...)
	} else {
		b = binary.BigEndian.AppendUint64(b, d.seq)
		nonce := append(d.salt[:len(d.salt):len(d.salt)], b[5:]...)
		b = d.aead.Seal(b, nonce, p, d.seen(kind, len(p)))
		d.seq++
	}
	binary.BigEndian.PutUint16(b[3:], uint16(len(b)-5))
	c.packet = b
	_, err := c.Conn.Write(b)
	return err
}

// Write implements net.Conn.
func (c *Conn) Write(p []byte) (n int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	for n < len(p) {
		k := min(len(p)-n, maxRecord)
		if err := c.send(recordData, p[n:n+k]); err != nil {
			return n, err
		}
		n += k
	}
	return n, nil
}

// receive reads a record and opens it.
func (c *Conn) receive() (kind byte, p []byte, err error) {
	if _, err := io.ReadFull(c.Conn, c.head[:]); err != nil {
		return 0, nil, err
	}
	kind = c.head[0]
	n, most := int(binary.BigEndian.Uint16(c.head[3:])), maxRecord
	if c.in != nil {
		most += explicit + tagSize
	}
	if c.head[1] != 3 || n > most {
		return 0, nil, fmt.Errorf("a record of version %d.%d with %d bytes", c.head[1], c.head[2], n)
	}
	if cap(c.record) < n {
		c.record = make([]byte, n)
	}
	p = c.record[:n]
	if _, err := io.ReadFull(c.Conn, p); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, err
	}
	d := c.in
	if d == nil {
		return kind, p, nil
	}
	if n < explicit+tagSize {
		return 0, nil, errShort
	}
	nonce := append(d.salt[:len(d.salt):len(d.salt)], p[:explicit]...)
	text := p[explicit:]
	p, err = d.aead.Open(text[:0], nonce, text, d.seen(kind, len(text)-tagSize))
	if err != nil {
		return 0, nil, errors.New("a record that was changed on the way")
	}
	d.seq++
	return kind, p, nil
}

// alert is what the server has to say; nil if it can be passed over.
func alert(p []byte) error {
	switch {
	case len(p) != 2:
		return errors.New("an alert that is none")
	case p[1] == 0: // close_notify
		return io.EOF
	case p[0] == 2:
		return fmt.Errorf("the server ends it with alert %d", p[1])
	}
	return nil
}

// handshakeMessage returns the next, with its head.
func (c *Conn) handshakeMessage() ([]byte, error) {
	for idle := 0; ; {
		if b := c.shaking; len(b) >= 4 {
			n := 4 + (int(b[1])<<16 | int(b[2])<<8 | int(b[3]))
			if n > maxHandshake {
				return nil, fmt.Errorf("a message of %d bytes; the limit is %d", n, maxHandshake)
			}
			if len(b) >= n {
				c.shaking = b[n:]
				if b[0] == helloRequest {
					continue
				}
				return b[:n:n], nil
			}
		}
		kind, p, err := c.receive()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch kind {
		case recordHandshake:
			c.shaking = append(c.shaking, p...)
		case recordAlert:
			if err := alert(p); err == io.EOF {
				return nil, io.ErrUnexpectedEOF
			} else if err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("a record of kind %d", kind)
		}
		if len(p) > 0 && kind == recordHandshake {
			idle = 0
		} else if idle++; idle > maxWarnings {
			return nil, errors.New("nothing but warnings")
		}
	}
}

// change reads the server's ChangeCipherSpec.
func (c *Conn) change() error {
	for range maxWarnings {
		kind, p, err := c.receive()
		if err != nil {
			return err
		}
		switch {
		case kind == recordAlert:
			if err := alert(p); err != nil {
				return err
			}
		case kind == recordChange && len(p) == 1 && p[0] == 1 && len(c.shaking) == 0:
			return nil
		default:
			return fmt.Errorf("a record of kind %d; want %d", kind, recordChange)
		}
	}
	return errors.New("nothing but warnings")
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	for idle := 0; len(c.plain) == 0; idle++ {
		if c.end == nil && idle > maxWarnings {
			c.end = errors.New("nothing but warnings")
		}
		if c.end != nil {
			return 0, c.end
		}
		kind, text, err := c.receive()
		switch {
		case err != nil:
		case kind == recordData:
			c.plain = text
		case kind == recordAlert:
			err = alert(text)
		case kind == recordHandshake: // a HelloRequest, which may be passed over
			if len(text) != 4 || text[0] != helloRequest {
				err = errors.New("another handshake")
			}
		default:
			err = fmt.Errorf("a record of kind %d", kind)
		}
		if err != nil && err != io.EOF {
			err = fmt.Errorf("anonymous TLS: %w", err)
		}
		c.end = err
	}
	n := copy(p, c.plain)
	c.plain = c.plain[n:]
	return n, nil
}
