package legacy

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFormat is the error of bytes that aren't what they should be.
var ErrFormat = errors.New("not in the format")

func wrong(what string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(what, args...))
}

// cursor goes through bytes that nobody has checked.
type cursor struct {
	rest []byte
	bad  bool // something was asked for that isn't there
}

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.bad, c.rest = true, nil
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

// header takes a magic and version 1.
func (c *cursor) header(magic string) error {
	if string(c.take(len(magic))) != magic {
		return wrong("it doesn't begin with %s", magic)
	}
	if v := c.u32(); c.bad || v != 1 {
		return wrong("version %d of %s; 1 is known", v, magic)
	}
	return nil
}

// fits reports whether n things of at least size bytes can be left.
func (c *cursor) fits(n uint32, size uint64) bool { return uint64(n) <= uint64(len(c.rest))/size }

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}
