package rfbserver

import (
	"encoding/binary"

	"rayos/geom"
)

// tile is a part of the screen in a viewer's pixels, with what is known of it.
type tile struct {
	w, h int
	px   []uint32 // rows without gaps

	colours []uint32 // in the order of their first pixel, at most most
	most    int
	more    bool // than colours tells
	runs    int  // of equal pixels, rows running on
	singles int  // of them those of one pixel

	// slot finds a colour's index, by open addressing. Those of an older age are
	// free.
	slot [1024]struct {
		px, age uint32
		index   uint16
	}
	age uint32
}

// load copies a part of a picture and looks at its colours.
func (t *tile) load(s *picture, r geom.Rect, f *format, most int) {
	t.w, t.h = int(r.W()), int(r.H())
	if n := t.w * t.h; cap(t.px) < n {
		t.px = make([]uint32, n)
	} else {
		t.px = t.px[:n]
	}
	at := 0
	for y := r.Y0; y < r.Y1; y++ {
		row := s.row(r.X0, y, t.w)
		out := t.px[at : at+t.w]
		if f.plain {
			for i := range out {
				out[i] = binary.LittleEndian.Uint32(row[4*i:]) & 0xffffff
			}
		} else {
			for i := range out {
				out[i] = f.of(binary.LittleEndian.Uint32(row[4*i:]))
			}
		}
		at += t.w
	}
	t.look(most)
}

// look counts runs and colours.
func (t *tile) look(most int) {
	t.age++
	t.most, t.more, t.runs, t.singles = most, false, 0, 0
	t.colours = t.colours[:0]
	for i := 0; i < len(t.px); {
		px, from := t.px[i], i
		for i++; i < len(t.px) && t.px[i] == px; i++ {
		}
		t.runs++
		if i-from == 1 {
			t.singles++
		}
		if !t.more {
			t.note(px)
		}
	}
}

func (t *tile) note(px uint32) {
	for i := px * 0x9e3779b1 >> 22; ; i = (i + 1) & 1023 {
		s := &t.slot[i]
		if s.age == t.age {
			if s.px == px {
				return
			}
			continue
		}
		if len(t.colours) == t.most {
			t.more = true
			return
		}
		s.px, s.age, s.index = px, t.age, uint16(len(t.colours))
		t.colours = append(t.colours, px)
		return
	}
}

// index returns that of a colour, of which there are no more than colours has.
func (t *tile) index(px uint32) byte {
	for i := px * 0x9e3779b1 >> 22; ; i = (i + 1) & 1023 {
		if s := &t.slot[i]; s.age == t.age && s.px == px {
			return byte(s.index)
		}
	}
}

// solid reports whether all pixels are the same.
func (t *tile) solid() bool { return t.runs == 1 }

// packed appends the indexes of all pixels in bits each, rows beginning with a byte.
func (t *tile) packed(b []byte, bits int) []byte {
	for y := range t.h {
		var v, n byte
		for _, px := range t.px[y*t.w : (y+1)*t.w] {
			v = v<<bits | t.index(px)
			if n += byte(bits); n == 8 {
				b = append(b, v)
				v, n = 0, 0
			}
		}
		if n > 0 {
			b = append(b, v<<(8-n))
		}
	}
	return b
}
