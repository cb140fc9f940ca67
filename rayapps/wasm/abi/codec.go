package abi

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"unicode/utf8"
)

// ErrMessage says that bytes are no message.
var ErrMessage = errors.New("not a message of the surface ABI")

// codec reads or writes the fields of a message: one description serves both.
type codec struct {
	data    []byte
	writing bool
	bad     bool
	infos   int
}

func (c *codec) fail() { c.bad, c.data = true, nil }

// uint is a number of at most most.
func (c *codec) uint(v *uint64, most uint64) {
	if c.writing {
		c.data = binary.AppendUvarint(c.data, *v)
		return
	}
	n, k := binary.Uvarint(c.data)
	if k <= 0 || n > most {
		c.fail()
		n, k = 0, 0
	}
	*v, c.data = n, c.data[k:]
}

func (c *codec) int(v *int64) {
	if c.writing {
		c.data = binary.AppendVarint(c.data, *v)
		return
	}
	n, k := binary.Varint(c.data)
	if k <= 0 {
		c.fail()
		n, k = 0, 0
	}
	*v, c.data = n, c.data[k:]
}

func (c *codec) float(v *float64) {
	if c.writing {
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(*v))
		return
	}
	if len(c.data) < 8 {
		c.fail()
		*v = 0
		return
	}
	*v = math.Float64frombits(binary.LittleEndian.Uint64(c.data))
	c.data = c.data[8:]
	if math.IsNaN(*v) || math.IsInf(*v, 0) {
		c.fail()
	}
}

func (c *codec) bool(v *bool) {
	n := uint64(0)
	if *v {
		n = 1
	}
	c.uint(&n, 1)
	*v = n == 1
}

// bytes are at most most; what is read is part of the message.
func (c *codec) bytes(v *[]byte, most int) {
	n := uint64(len(*v))
	c.uint(&n, uint64(most))
	if c.writing {
		c.data = append(c.data, *v...)
		return
	}
	if n > uint64(len(c.data)) {
		c.fail()
		n = 0
	}
	*v, c.data = c.data[:n:n], c.data[n:]
}

// text is UTF-8. What is beyond most isn't sent.
func (c *codec) text(v *string, most int) {
	if c.writing {
		if len(*v) > most || !utf8.ValidString(*v) {
			s := strings.ToValidUTF8((*v)[:min(len(*v), most)], "")
			v = &s
		}
		n := uint64(len(*v))
		c.uint(&n, 0)
		c.data = append(c.data, *v...)
		return
	}
	var b []byte
	c.bytes(&b, most)
	if !utf8.Valid(b) {
		c.fail()
		b = nil
	}
	*v = string(b)
}

func (c *codec) texts(v *[]string, most, each int) {
	n := uint64(len(*v))
	c.uint(&n, uint64(most))
	if !c.writing {
		*v = nil
	}
	for i := range int(n) {
		if c.bad {
			return
		}
		if !c.writing {
			*v = append(*v, "")
		}
		c.text(&(*v)[i], each)
	}
}

// number is a small integer type, from least to most.
func number[T ~int | ~int32 | ~int64](c *codec, v *T, least, most int64) {
	n := int64(*v)
	c.int(&n)
	if !c.writing && (n < least || n > most) {
		c.fail()
		n = 0
	}
	*v = T(n)
}

// word is an unsigned type, at most most.
func word[T ~uint8 | ~uint16 | ~uint32 | ~uint64](c *codec, v *T, most uint64) {
	n := uint64(*v)
	c.uint(&n, most)
	*v = T(n)
}
