package rfb

import (
	"encoding/binary"
	"errors"
	"fmt"

	"rayos/geom"
)

// tightKind is what a Tight rectangle is made of.
type tightKind uint8

const (
	tightCopy tightKind = iota
	tightPalette
	tightGradient
	tightFill
	tightJPEG
	tightPNG
)

// tightHead is what stands before a Tight rectangle's data.
type tightHead struct {
	kind    tightKind
	reset   byte // a bit for each zlib stream to start anew
	stream  int  // zlib stream; -1 for data that isn't deflated
	stored  bool // whatever its size, data isn't deflated
	colours int
	pal     [256]uint32
}

// tightMin is the size of data from which on it is deflated.
const tightMin = 12

// read reads the control byte, the filter and the palette. In TightPNG a picture
// stands where Tight has data that isn't deflated, and nothing else.
func (t *tightHead) read(d *reader, png bool) error {
	ctl, err := d.u8()
	if err != nil {
		return err
	}
	t.reset, t.stream, t.stored, t.colours = ctl&15, -1, false, 0
	switch op := ctl >> 4; {
	case op == 8:
		t.kind = tightFill
		return t.palette(d, 1)
	case op == 9:
		t.kind = tightJPEG
		return nil
	case op == 10 && png:
		t.kind = tightPNG
		return nil
	case png || op > 9 && op != 10 && op != 14:
		return fmt.Errorf("control byte %#02x", ctl)
	case op > 9:
		t.kind, t.stored = tightCopy, true
		if op&4 == 0 {
			return nil
		}
	default:
		t.stream = int(op & 3)
		t.kind = tightCopy
		if op&4 == 0 {
			return nil
		}
	}
	filter, err := d.u8()
	if err != nil {
		return err
	}
	switch filter {
	case 0:
	case 1:
		t.kind = tightPalette
		n, err := d.u8()
		if err != nil {
			return err
		}
		return t.palette(d, int(n)+1)
	case 2:
		t.kind = tightGradient
	default:
		return fmt.Errorf("filter %d", filter)
	}
	return nil
}

func (t *tightHead) palette(d *reader, n int) error {
	q, err := d.take(3 * n)
	if err != nil {
		return err
	}
	for i := range n {
		t.pal[i] = rgb(q[3*i:])
	}
	clear(t.pal[n:])
	t.colours = n
	return nil
}

// size returns how many bytes the pixels of r take before they are deflated.
func (t *tightHead) size(r geom.Rect) int {
	w, h := int(r.W()), int(r.H())
	switch {
	case t.kind != tightPalette:
		return 3 * w * h
	case t.colours <= 2:
		return (w + 7) / 8 * h
	default:
		return w * h
	}
}

// compact reads a length of up to 22 bits, the low 7 first.
func compact(d *reader) (int, error) {
	n := 0
	for shift := 0; ; shift += 7 {
		b, err := d.u8()
		if err != nil {
			return 0, err
		}
		if shift == 14 {
			return n | int(b)<<14, nil
		}
		n |= int(b&127) << shift
		if b < 128 {
			return n, nil
		}
	}
}

// tight paints r from data that has been inflated, or never was deflated.
func (p *painter) tight(d *reader, r geom.Rect, t *tightHead) error {
	w := int(r.W())
	if t.kind == tightGradient {
		return p.gradient(d, r)
	}
	if w > window/3 {
		return errors.New("too wide for Tight")
	}
	for y := int(r.Y0); y < int(r.Y1); y++ {
		row := p.fb.row(int(r.X0), y, w)
		switch {
		case t.kind == tightCopy:
			q, err := d.take(3 * w)
			if err != nil {
				return err
			}
			expandRGB(row, q)
		case t.colours <= 2:
			q, err := d.take((w + 7) / 8)
			if err != nil {
				return err
			}
			p.pal[0], p.pal[1] = t.pal[0], t.pal[1]
			p.unpack(row, q, 1)
		default:
			q, err := d.take(w)
			if err != nil {
				return err
			}
			for i, b := range q {
				binary.LittleEndian.PutUint32(row[4*i:], t.pal[b])
			}
		}
	}
	return nil
}

// gradient reads differences from a guess: left + above − above left, kept
// within a byte.
func (p *painter) gradient(d *reader, r geom.Rect) error {
	w := int(r.W())
	if w > window/3 {
		return errors.New("too wide for Tight")
	}
	for i := range p.rows {
		if len(p.rows[i]) < 3*w+3 {
			p.rows[i] = make([]uint8, 3*w+3)
		}
		clear(p.rows[i][:3*w+3]) // a black pixel at the left, a black row above
	}
	above, here := p.rows[0][:3*w+3], p.rows[1][:3*w+3]
	for y := int(r.Y0); y < int(r.Y1); y++ {
		q, err := d.take(3 * w)
		if err != nil {
			return err
		}
		for i, diff := range q {
			guess := int(here[i]) + int(above[i+3]) - int(above[i])
			here[i+3] = diff + uint8(min(max(guess, 0), 255))
		}
		expandRGB(p.fb.row(int(r.X0), y, w), here[3:])
		above, here = here, above
	}
	return nil
}
