package rfbserver

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// news appends rectangles that bring no pixels, and returns how many. The viewer is
// locked.
func (v *Viewer) news(b []byte) ([]byte, int) {
	count := 0
	for _, d := range v.desktop {
		if v.knows[rfb.PseudoExtendedDesktopSize] {
			b = v.extendedSize(b, d)
			count++
		} else if v.knows[rfb.PseudoDesktopSize] && d.status == 0 {
			b = head(b, d.size.Rect(), rfb.PseudoDesktopSize)
			count++
		}
	}
	for _, can := range []rfb.Encoding{rfb.PseudoQEMUKey, rfb.PseudoMouseButtons} {
		if v.knows[can] && !v.told[can] {
			b = head(b, geom.Rect{}, can)
			v.told[can] = true
			count++
		}
	}
	if v.cursor != nil {
		b = append(b, v.cursor...)
		v.cursor = nil
		count++
	}
	if v.led >= 0 && v.knows[rfb.PseudoLED] {
		b = append(head(b, geom.Rect{}, rfb.PseudoLED), byte(v.led))
		v.led = -1
		count++
	}
	return b, count
}

// extendedSize appends ExtendedDesktopSize: one screen.
func (v *Viewer) extendedSize(b []byte, d desktop) []byte {
	be := binary.BigEndian
	b = head(b, geom.XYWH(int32(d.reason), int32(d.status), d.size.W, d.size.H), rfb.PseudoExtendedDesktopSize)
	b = append(b, 1, 0, 0, 0)
	b = be.AppendUint32(b, 1) // the screen's id
	b = be.AppendUint32(b, 0) // its place
	b = be.AppendUint16(b, uint16(d.size.W))
	b = be.AppendUint16(b, uint16(d.size.H))
	return be.AppendUint32(b, 0) // flags
}

// cursorRect is the pointer's picture as the viewer takes it, nil if it takes none.
func (v *Viewer) cursorRect() []byte {
	c := &v.pointer
	r := geom.XYWH(c.Hot.X, c.Hot.Y, c.Size.W, c.Size.H)
	n := 4 * int(c.Size.W) * int(c.Size.H)
	switch {
	case v.knows[rfb.PseudoCursorWithAlpha]:
		b := head(nil, r, rfb.PseudoCursorWithAlpha)
		b = binary.BigEndian.AppendUint32(b, uint32(rfb.Raw))
		for i := 0; i < n; i += 4 {
			b = append(b, c.Pix[i+2], c.Pix[i+1], c.Pix[i], c.Pix[i+3])
		}
		return b
	case v.knows[rfb.PseudoCursor]:
		b := head(nil, r, rfb.PseudoCursor)
		w, h := int(c.Size.W), int(c.Size.H)
		mask := make([]byte, (w+7)/8*h)
		for i := 0; i < n; i += 4 {
			px := binary.LittleEndian.Uint32(c.Pix[i:])
			if a := px >> 24; a >= 128 {
				x, y := i/4%w, i/4/w
				mask[(w+7)/8*y+x/8] |= 0x80 >> (x % 8)
				px = plainColour(px, a)
			} else {
				px = 0
			}
			b = v.format.pixel(b, v.format.of(px))
		}
		return append(b, mask...)
	}
	return nil
}

// plainColour takes the alpha out of a colour that it was multiplied with.
func plainColour(px, a uint32) uint32 {
	part := func(shift uint) uint32 { return min((px>>shift&0xff)*255/a, 255) << shift }
	return part(16) | part(8) | part(0)
}
