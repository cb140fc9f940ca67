package rfb

import (
	"encoding/binary"
	"errors"
	"fmt"

	"rayos/geom"
)

// painter decodes rectangles into a framebuffer. Each goroutine that decodes
// has its own; the framebuffer is shared.
type painter struct {
	fb   *Framebuffer
	pal  [256]uint32
	tile [64 * 64 * 4]byte // pixels of a tile that came in runs
	rows [2][]uint8        // Tight's gradient: the row above and the row, 3 bytes a pixel
	file pictureReader
}

var errRun = errors.New("run beyond the tile")

// raw reads pixels as they are.
func (p *painter) raw(d *reader, r geom.Rect) error {
	w := int(r.W())
	if p.fb.Stride == 4*w { // rows follow each other
		at := int(r.Y0) * p.fb.Stride
		all := p.fb.Pix[at : at+4*w*int(r.H())]
		return d.rows(1, func(int) []byte { return all })
	}
	return d.rows(int(r.H()), func(y int) []byte { return p.fb.row(int(r.X0), int(r.Y0)+y, w) })
}

// rre reads a background and rectangles on it, whose numbers are of one byte if they
// are compact (CoRRE).
func (p *painter) rre(d *reader, r geom.Rect, compact bool) error {
	head, err := d.take(8)
	if err != nil {
		return err
	}
	n, bg := binary.BigEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	if int64(n) > int64(r.W())*int64(r.H()) {
		return fmt.Errorf("%d subrectangles in %d×%d", n, r.W(), r.H())
	}
	p.fb.fill(r, bg)
	size := 12
	if compact {
		size = 8
	}
	for i := range n {
		q, err := d.take(size)
		if err != nil {
			return err
		}
		var at [4]int32 // x, y, width, height
		for k := range at {
			if compact {
				at[k] = int32(q[4+k])
			} else {
				at[k] = int32(binary.BigEndian.Uint16(q[4+2*k:]))
			}
		}
		s := geom.XYWH(r.X0+at[0], r.Y0+at[1], at[2], at[3])
		if !s.Empty() && !r.Contains(s) {
			return fmt.Errorf("subrectangle %d of %d, %v, is not in %v", i, n, s, r)
		}
		p.fb.fill(s, binary.LittleEndian.Uint32(q))
	}
	return nil
}

// The bits of a Hextile tile.
const (
	hexRaw = 1 << iota
	hexBackground
	hexForeground
	hexSubrects
	hexColoured
)

// hextile reads tiles of 16×16, each with rectangles on it.
func (p *painter) hextile(d *reader, r geom.Rect) error {
	var bg, fg uint32
	for y := r.Y0; y < r.Y1; y += 16 {
		for x := r.X0; x < r.X1; x += 16 {
			t := geom.Rect{X0: x, Y0: y, X1: min(x+16, r.X1), Y1: min(y+16, r.Y1)}
			if err := p.hextileTile(d, t, &bg, &fg); err != nil {
				return fmt.Errorf("tile %v: %w", t, err)
			}
		}
	}
	return nil
}

func (p *painter) hextileTile(d *reader, t geom.Rect, bg, fg *uint32) error {
	bits, err := d.u8()
	if err != nil {
		return err
	}
	if bits >= 2*hexColoured {
		return fmt.Errorf("unknown bits %#x", bits)
	}
	if bits&hexRaw != 0 {
		w := int(t.W())
		for y := int(t.Y0); y < int(t.Y1); y++ {
			q, err := d.take(4 * w)
			if err != nil {
				return err
			}
			copy(p.fb.row(int(t.X0), y, w), q)
		}
		return nil
	}
	for _, c := range [2]struct {
		bit byte
		px  *uint32
	}{{hexBackground, bg}, {hexForeground, fg}} {
		if bits&c.bit != 0 {
			q, err := d.take(4)
			if err != nil {
				return err
			}
			*c.px = binary.LittleEndian.Uint32(q)
		}
	}
	p.fb.fill(t, *bg)
	if bits&hexSubrects == 0 {
		return nil
	}
	n, err := d.u8()
	if err != nil {
		return err
	}
	size := 2
	if bits&hexColoured != 0 {
		size = 6
	}
	q, err := d.take(int(n) * size)
	if err != nil {
		return err
	}
	for ; len(q) >= size; q = q[size:] {
		px := *fg
		if size == 6 {
			px = binary.LittleEndian.Uint32(q)
		}
		at, wh := q[size-2], q[size-1]
		s := geom.XYWH(t.X0+int32(at>>4), t.Y0+int32(at&15), int32(wh>>4)+1, int32(wh&15)+1)
		if !t.Contains(s) {
			return fmt.Errorf("subrectangle %v", s)
		}
		p.fb.fill(s, px)
	}
	return nil
}
