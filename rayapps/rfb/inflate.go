package rfb

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// inflater reads a zlib stream that comes in pieces, each flushed (RFC 1950,
// 1951). The stream has no end, so its checksum is never seen.
type inflater struct {
	in     []byte // what is to be inflated
	rest   []byte // what a piece left: less than a flush marker and a header
	z      io.ReadCloser
	header bool // the header was read
	out    *reader
}

// feed gives the next piece, which must stay until the next feed.
func (z *inflater) feed(p []byte) {
	if len(z.in) > 0 {
		z.rest = append(z.rest[:0], z.in...)
		p = append(z.rest, p...)
		z.rest = p
	}
	z.in = p
	if z.out == nil {
		z.out = newReader(z)
	}
	z.out.drop()
}

// end drops what of the piece nobody asked for.
func (z *inflater) end() {
	z.rest = append(z.rest[:0], z.in...)
	z.in = z.rest
}

// reset starts a new stream.
func (z *inflater) reset() {
	z.in, z.header = nil, false
	if z.out != nil {
		z.out.drop()
	}
}

// ReadByte and Read make the inflater its decompressor's source; see Read.
type deflated struct{ z *inflater }

func (d deflated) ReadByte() (byte, error) {
	if len(d.z.in) == 0 {
		return 0, io.EOF
	}
	b := d.z.in[0]
	d.z.in = d.z.in[1:]
	return b, nil
}

func (d deflated) Read(p []byte) (int, error) {
	if len(d.z.in) == 0 {
		return 0, io.EOF
	}
	n := copy(p, d.z.in)
	d.z.in = d.z.in[n:]
	return n, nil
}

// Read gives inflated bytes; it fails when the pieces hold no more.
func (z *inflater) Read(p []byte) (int, error) {
	if !z.header {
		if len(z.in) < 2 {
			return 0, io.ErrUnexpectedEOF
		}
		cmf, flg := z.in[0], z.in[1]
		if cmf&15 != 8 || cmf>>4 > 7 || (uint(cmf)<<8|uint(flg))%31 != 0 || flg&0x20 != 0 {
			return 0, fmt.Errorf("zlib header %#02x %#02x", cmf, flg)
		}
		z.in = z.in[2:]
		z.header = true
		if z.z == nil {
			z.z = flate.NewReader(deflated{z})
		} else if err := z.z.(flate.Resetter).Reset(deflated{z}, nil); err != nil {
			return 0, err
		}
	}
	n, err := z.z.Read(p)
	if err != nil && n == 0 {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, fmt.Errorf("zlib: %w", err)
	}
	return n, nil
}
