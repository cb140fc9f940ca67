package rfbserver

import (
	"bytes"
	"encoding/binary"

	"rayos/geom"
)

// picture is what a screen shows, in 4 bytes a pixel, rows without gaps.
type picture struct {
	size geom.Size
	pix  []byte
}

func newPicture(s geom.Size) picture { return picture{s, make([]byte, 4*int(s.W)*int(s.H))} }

// row returns so many pixels of one.
func (p *picture) row(x, y int32, w int) []byte {
	at := 4 * (int(y)*int(p.size.W) + int(x))
	return p.pix[at : at+4*w]
}

// solid reports whether a part is of one colour, and of which.
func (p *picture) solid(r geom.Rect) (px uint32, ok bool) {
	w := int(r.W())
	first := p.row(r.X0, r.Y0, w)
	px = binary.LittleEndian.Uint32(first)
	// A row that equals itself moved by a pixel is of one colour.
	if !bytes.Equal(first[4:], first[:len(first)-4]) {
		return px, false
	}
	for y := r.Y0 + 1; y < r.Y1; y++ {
		if !bytes.Equal(first, p.row(r.X0, y, w)) {
			return px, false
		}
	}
	return px, true
}

// source is a picture that somebody else owns.
type source struct {
	pix    []byte
	stride int // bytes
}

func (s *source) row(x, y int32, w int) []byte {
	at := int(y)*s.stride + 4*int(x)
	return s.pix[at : at+4*w]
}

// diffTile is how exact changes are found, in pixels either way.
const diffTile = 32

// changed adds the tiles of a rectangle in which two pictures differ.
func (p *picture) changed(s *source, r geom.Rect, into *geom.Region) {
	eachTile(r, diffTile, func(t geom.Rect) {
		for y := t.Y0; y < t.Y1; y++ {
			if !bytes.Equal(p.row(t.X0, y, int(t.W())), s.row(t.X0, y, int(t.W()))) {
				into.UnionRect(t)
				return
			}
		}
	})
}

// take copies a rectangle.
func (p *picture) take(s *source, r geom.Rect) {
	for y := r.Y0; y < r.Y1; y++ {
		copy(p.row(r.X0, y, int(r.W())), s.row(r.X0, y, int(r.W())))
	}
}

// move is a rectangle whose pixels were elsewhere before.
type move struct {
	to   geom.Rect
	from geom.Point // its corner
}

func (m *move) source() geom.Rect { return m.to.Add(m.from.Sub(m.to.Min())) }

// What a scrolled part has at least, in pixels and rows.
const (
	scrollWide = 64
	scrollHigh = 48
)

// scrolled finds what of a changed rectangle has only moved up or down: the longest
// run of rows that stood elsewhere.
func (p *picture) scrolled(s *source, r geom.Rect) (m move, ok bool) {
	w, h := int(r.W()), int(r.H())
	if w < scrollWide || h < scrollHigh {
		return m, false
	}
	const many = -1
	was := make(map[uint64]int32, h) // the row that was so, or many
	for y := range r.H() {
		sum := rowSum(p.row(r.X0, r.Y0+y, w))
		if _, again := was[sum]; again {
			was[sum] = many
		} else {
			was[sum] = y
		}
	}
	votes := map[int32]int{}
	best, most := int32(0), 0
	for y := range r.H() {
		if old, there := was[rowSum(s.row(r.X0, r.Y0+y, w))]; there && old != many && old != y {
			d := old - y
			if votes[d]++; votes[d] > most {
				best, most = d, votes[d]
			}
		}
	}
	if most < scrollHigh/4 {
		return m, false
	}
	var from, to, start int32 // the longest run
	for y := int32(0); y <= r.H(); y++ {
		old := y + best
		if y < r.H() && old >= 0 && old < r.H() && bytes.Equal(p.row(r.X0, r.Y0+old, w), s.row(r.X0, r.Y0+y, w)) {
			continue
		}
		if y-start > to-from {
			from, to = start, y
		}
		start = y + 1
	}
	if to-from < scrollHigh {
		return m, false
	}
	m.to = geom.Rect{X0: r.X0, Y0: r.Y0 + from, X1: r.X1, Y1: r.Y0 + to}
	m.from = geom.Point{X: r.X0, Y: r.Y0 + from + best}
	return m, true
}

// rowSum is a hash of pixels that says whether it is worth to compare them.
func rowSum(b []byte) uint64 {
	sum := uint64(len(b))
	for ; len(b) >= 8; b = b[8:] {
		sum = (sum ^ binary.LittleEndian.Uint64(b)) * 0x9e3779b97f4a7c15
		sum ^= sum >> 29
	}
	for _, v := range b {
		sum = (sum ^ uint64(v)) * 0x9e3779b97f4a7c15
	}
	return sum
}
