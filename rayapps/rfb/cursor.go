package rfb

import (
	"encoding/binary"
	"fmt"

	"rayos/geom"
)

// cursorRect reads a picture of the pointer in one of four forms.
func (c *Client) cursorRect(enc Encoding, hot geom.Point, w, h int) error {
	if most := c.opt.Limits.Cursor; w > most || h > most {
		return fmt.Errorf("%d×%d; the limit is %d a side", w, h, most)
	}
	var err error
	switch enc {
	case PseudoCursorWithAlpha:
		err = c.alphaCursor(w, h)
	case PseudoCursor:
		err = c.maskedCursor(w, h)
	case PseudoVMwareCursor:
		err = c.vmwareCursor(w, h)
	default:
		err = c.bitmapCursor(w, h)
	}
	if err == nil && c.h.Cursor != nil {
		c.h.Cursor(Cursor{Size: geom.Size{W: int32(w), H: int32(h)}, Hot: hot, Pix: c.cursor})
	}
	return err
}

// pixels makes room for a picture and returns it.
func (c *Client) pixels(w, h int) []byte {
	if cap(c.cursor) < 4*w*h {
		c.cursor = make([]byte, 4*w*h)
	}
	c.cursor = c.cursor[:4*w*h]
	return c.cursor
}

// alphaCursor reads red, green, blue, alpha, multiplied, and turns them round.
func (c *Client) alphaCursor(w, h int) error {
	enc, err := c.in.u32()
	if err != nil {
		return err
	}
	if Encoding(enc) != Raw {
		return fmt.Errorf("in %v", Encoding(enc))
	}
	pix := c.pixels(w, h)
	if err := c.in.full(pix); err != nil {
		return err
	}
	for i := 0; i < len(pix); i += 4 {
		a := pix[i+3] // a colour above its alpha would wrap where it is blended
		pix[i], pix[i+1], pix[i+2] = min(pix[i+2], a), min(pix[i+1], a), min(pix[i], a)
	}
	return nil
}

// maskedCursor reads pixels and then a bit each that says whether it is there.
func (c *Client) maskedCursor(w, h int) error {
	pix := c.pixels(w, h)
	if err := c.in.full(pix); err != nil {
		return err
	}
	for y := range h {
		mask, err := c.in.take((w + 7) / 8)
		if err != nil {
			return err
		}
		for x := range w {
			p := pix[4*(y*w+x):]
			if bit(mask, x) {
				p[3] = 255
			} else {
				binary.LittleEndian.PutUint32(p, 0)
			}
		}
	}
	return nil
}

// bitmapCursor reads two colours, a bitmap that chooses one, and a mask.
func (c *Client) bitmapCursor(w, h int) error {
	pix := c.pixels(w, h)
	if w == 0 || h == 0 {
		return nil
	}
	p, err := c.in.take(6)
	if err != nil {
		return err
	}
	colours := [2]uint32{rgb(p[3:]), rgb(p)}
	for y := range h {
		row, err := c.in.take((w + 7) / 8)
		if err != nil {
			return err
		}
		for x := range w {
			px := colours[0]
			if bit(row, x) {
				px = colours[1]
			}
			binary.LittleEndian.PutUint32(pix[4*(y*w+x):], px)
		}
	}
	for y := range h {
		mask, err := c.in.take((w + 7) / 8)
		if err != nil {
			return err
		}
		for x := range w {
			if !bit(mask, x) {
				binary.LittleEndian.PutUint32(pix[4*(y*w+x):], 0)
			}
		}
	}
	return nil
}

// bit returns the x-th bit, the high one of a byte first.
func bit(p []byte, x int) bool { return p[x/8]&(0x80>>(x%8)) != 0 }

// vmwareCursor reads VMware's: what to AND and to XOR the screen with, or red, green,
// blue and alpha. A pixel that turns round what is under it is shown black.
func (c *Client) vmwareCursor(w, h int) error {
	head, err := c.in.take(2)
	if err != nil {
		return err
	}
	kind := head[0]
	pix := c.pixels(w, h)
	if err := c.in.full(pix); err != nil {
		return err
	}
	switch kind {
	case 0:
		for i := 0; i < len(pix); i += 4 {
			xor, err := c.in.take(4)
			if err != nil {
				return err
			}
			and, flip := binary.LittleEndian.Uint32(pix[i:])&0xffffff, binary.LittleEndian.Uint32(xor)&0xffffff
			px := flip | opaque
			switch {
			case and != 0 && flip == 0:
				px = 0
			case and != 0:
				px = opaque
			}
			binary.LittleEndian.PutUint32(pix[i:], px)
		}
	case 1:
		for i := 0; i < len(pix); i += 4 {
			a := uint32(pix[i+3])
			times := func(v byte) byte { return byte((uint32(v)*a + 127) / 255) }
			pix[i], pix[i+1], pix[i+2] = times(pix[i+2]), times(pix[i+1]), times(pix[i])
		}
	default:
		return fmt.Errorf("of kind %d", kind)
	}
	return nil
}
