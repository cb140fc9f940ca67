package rfb

import (
	"encoding/binary"
	"fmt"

	"rayos/geom"
)

// tiles reads the tiles of TRLE, 16 pixels a side, and of ZRLE, 64.
func (p *painter) tiles(d *reader, r geom.Rect, side int32) error {
	colours := 0 // of the tile before, which TRLE may use again
	for y := r.Y0; y < r.Y1; y += side {
		for x := r.X0; x < r.X1; x += side {
			t := geom.Rect{X0: x, Y0: y, X1: min(x+side, r.X1), Y1: min(y+side, r.Y1)}
			if err := p.tileOf(d, t, side == 16, &colours); err != nil {
				return fmt.Errorf("tile %v: %w", t, err)
			}
		}
	}
	return nil
}

func (p *painter) tileOf(d *reader, t geom.Rect, again bool, colours *int) error {
	kind, err := d.u8()
	if err != nil {
		return err
	}
	n := int(kind & 127)
	switch {
	case kind == 0:
		w := int(t.W())
		for y := int(t.Y0); y < int(t.Y1); y++ {
			q, err := d.take(3 * w)
			if err != nil {
				return err
			}
			expandBGR(p.fb.row(int(t.X0), y, w), q)
		}
		return nil
	case kind == 1:
		if err := p.palette(d, 1); err != nil {
			return err
		}
		*colours = 1
		p.fb.fill(t, p.pal[0])
		return nil
	case kind == 128:
		return p.runs(d, t, false)
	case again && (kind == 127 || kind == 129):
		if *colours < 2 {
			return fmt.Errorf("kind %d without a palette before", kind)
		}
	case kind <= 16 || kind >= 130:
		if err := p.palette(d, n); err != nil {
			return err
		}
		*colours = n
	default:
		return fmt.Errorf("unknown kind %d", kind)
	}
	if kind >= 128 {
		return p.runs(d, t, true)
	}
	if *colours > 16 {
		return fmt.Errorf("%d colours packed", *colours)
	}
	return p.packed(d, t, *colours)
}

// palette reads n colours of 3 bytes. Those of an earlier palette stay behind
// them, so an index beyond is a wrong colour and nothing worse.
func (p *painter) palette(d *reader, n int) error {
	q, err := d.take(3 * n)
	if err != nil {
		return err
	}
	for i := range n {
		p.pal[i] = bgr(q[3*i:])
	}
	return nil
}

// packed reads rows of indices of 1, 2 or 4 bits, each row in whole bytes.
func (p *painter) packed(d *reader, t geom.Rect, colours int) error {
	bits := 4
	switch {
	case colours <= 2:
		bits = 1
	case colours <= 4:
		bits = 2
	}
	w := int(t.W())
	for y := int(t.Y0); y < int(t.Y1); y++ {
		q, err := d.take((w*bits + 7) / 8)
		if err != nil {
			return err
		}
		p.unpack(p.fb.row(int(t.X0), y, w), q, bits)
	}
	return nil
}

// unpack writes the colours of indices, the first in the high bits of a byte.
func (p *painter) unpack(row, q []byte, bits int) {
	mask := byte(1)<<bits - 1
	for _, b := range q {
		for shift := 8 - bits; shift >= 0 && len(row) >= 4; shift -= bits {
			binary.LittleEndian.PutUint32(row, p.pal[b>>shift&mask])
			row = row[4:]
		}
	}
}

// runs reads runs of pixels, or of indices of which only those with the high
// bit have a length. They cross rows, so they are collected first.
func (p *painter) runs(d *reader, t geom.Rect, indexed bool) error {
	w, h := int(t.W()), int(t.H())
	out := p.tile[:4*w*h]
	for len(out) > 0 {
		var px uint32
		long := true
		if indexed {
			b, err := d.u8()
			if err != nil {
				return err
			}
			px, long = p.pal[b&127], b >= 128
		} else {
			q, err := d.take(3)
			if err != nil {
				return err
			}
			px = bgr(q)
		}
		n := 1
		for long {
			b, err := d.u8()
			if err != nil {
				return err
			}
			n += int(b)
			if 4*n > len(out) {
				return errRun
			}
			long = b == 255
		}
		fillRow(out[:4*n], px)
		out = out[4*n:]
	}
	for y := range h {
		copy(p.fb.row(int(t.X0), int(t.Y0)+y, w), p.tile[4*w*y:4*w*(y+1)])
	}
	return nil
}
