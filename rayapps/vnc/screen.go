package vnc

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/rfb"
)

// tileSide is how large the parts of a picture are that are drawn anew, in pixels.
const tileSide = 256

// screen is the remote desktop as the window draws it.
type screen struct {
	level
	// halves are the desktop at a half, a quarter and so on, as far as it was drawn
	// that small the last time. Drawn from the whole, thin lines would be left out.
	halves []*level
}

// level is a picture in tiles.
type level struct {
	size  geom.Size
	pix   []byte
	tiles []tile
	wide  int // tiles in a row
}

type tile struct {
	area  geom.Rect
	image *paint.Image
}

// newScreen returns a black one.
func newScreen(size geom.Size) (*screen, error) {
	l, err := newLevel(size)
	if err != nil {
		return nil, err
	}
	return &screen{level: *l}, nil
}

func newLevel(size geom.Size) (*level, error) {
	s := &level{size: size, pix: make([]byte, 4*int(size.W)*int(size.H))}
	stride := 4 * size.W
	for y := int32(0); y < size.H; y += tileSide {
		for x := int32(0); x < size.W; x += tileSide {
			area := geom.Rect{X0: x, Y0: y, X1: min(x+tileSide, size.W), Y1: min(y+tileSide, size.H)}
			m, err := paint.NewImage(render.Pixels{
				Format: render.XRGB8888, W: area.W(), H: area.H(), Stride: stride, Data: s.pix[y*stride+4*x:],
			})
			if err != nil {
				return nil, err
			}
			s.tiles = append(s.tiles, tile{area, m})
		}
		if y == 0 {
			s.wide = len(s.tiles)
		}
	}
	return s, nil
}

// take copies what has changed of a framebuffer, which has the screen's size.
func (s *screen) take(f *rfb.Framebuffer, damage *geom.Region) {
	for _, r := range damage.Rects() {
		r = r.Intersect(s.size.Rect())
		if r.Empty() {
			continue
		}
		for y := r.Y0; y < r.Y1; y++ {
			copy(s.pix[4*(int(y)*int(s.size.W)+int(r.X0)):][:4*r.W()], f.Pix[int(y)*f.Stride+4*int(r.X0):])
		}
		s.changed(r)
		from := &s.level
		for _, to := range s.halves {
			r = to.halve(from, r)
			from = to
		}
	}
}

// changed has the tiles of a rectangle drawn anew.
func (s *level) changed(r geom.Rect) {
	for y := r.Y0 / tileSide; y <= (r.Y1-1)/tileSide; y++ {
		for x := r.X0 / tileSide; x <= (r.X1-1)/tileSide; x++ {
			s.tiles[int(y)*s.wide+int(x)].image.Update()
		}
	}
}

// halve makes a rectangle of a picture twice as large a part of this one, which is
// returned: each pixel is the mean of four, at an odd edge of those that there are.
func (s *level) halve(from *level, r geom.Rect) geom.Rect {
	to := geom.Rect{X0: r.X0 / 2, Y0: r.Y0 / 2, X1: (r.X1 + 1) / 2, Y1: (r.Y1 + 1) / 2}
	row := func(y int32) []byte { return from.pix[4*int(y)*int(from.size.W):][:4*from.size.W] }
	for y := to.Y0; y < to.Y1; y++ {
		up, down := row(2*y), row(min(2*y+1, from.size.H-1))
		out := s.pix[4*int(y)*int(s.size.W):]
		for x := to.X0; x < to.X1; x++ {
			l, r := 8*x, 4*min(2*x+1, from.size.W-1)
			for c := range int32(4) {
				out[4*x+c] = byte((int(up[l+c]) + int(up[r+c]) + int(down[l+c]) + int(down[r+c]) + 2) / 4)
			}
		}
	}
	s.changed(to)
	return to
}

// smallest is how few pixels a side has that is halved.
const smallest = 2

// atSize returns the picture to draw on so many device pixels: the smallest that is at
// least as large, of which bilinear filtering leaves nothing out.
func (s *screen) atSize(room geom.Size) (*level, error) {
	n := 0
	for size := s.size; size.W >= 2*room.W && size.H >= 2*room.H && min(size.W, size.H) >= smallest; n++ {
		size = geom.Size{W: (size.W + 1) / 2, H: (size.H + 1) / 2}
	}
	from := &s.level
	for i := range n {
		if i == len(s.halves) {
			l, err := newLevel(geom.Size{W: (from.size.W + 1) / 2, H: (from.size.H + 1) / 2})
			if err != nil {
				return nil, err
			}
			l.halve(from, from.size.Rect())
			s.halves = append(s.halves, l)
		}
		from = s.halves[i]
	}
	s.halves = s.halves[:n] // a window that has grown needs none of the smaller ones
	return from, nil
}

// fit returns where a picture is drawn: as large as there is room for, or as it is.
func fit(room, picture geom.Size, whole bool) geom.Rect {
	if picture.Empty() || room.Empty() {
		return geom.Rect{}
	}
	size := picture
	if whole {
		size = geom.Size{W: room.W, H: int32(int64(room.W) * int64(picture.H) / int64(picture.W))}
		if size.H > room.H {
			size = geom.Size{W: int32(int64(room.H) * int64(picture.W) / int64(picture.H)), H: room.H}
		}
	}
	size.W, size.H = max(size.W, 1), max(size.H, 1)
	return geom.XYWH((room.W-size.W)/2, (room.H-size.H)/2, size.W, size.H)
}

// draw draws the screen into a box of logical pixels.
func (s *screen) draw(b *paint.Builder, box geom.Rect, scale geom.Scale) error {
	l, err := s.atSize(geom.Size{W: scale.Apply(box.W()), H: scale.Apply(box.H())})
	if err != nil {
		return err
	}
	// Edges of tiles fall where those of their neighbours do.
	along := func(v, from, length, of int32) geom.Fixed {
		return geom.FixedFromInt(from) + geom.Fixed(int64(v)*int64(length)*256/int64(of))
	}
	for _, t := range l.tiles {
		place := geom.FixedRect{
			X0: along(t.area.X0, box.X0, box.W(), l.size.W), X1: along(t.area.X1, box.X0, box.W(), l.size.W),
			Y0: along(t.area.Y0, box.Y0, box.H(), l.size.H), Y1: along(t.area.Y1, box.Y0, box.H(), l.size.H),
		}
		b.Image(t.image, place, paint.ImageOptions{Filter: render.Bilinear})
	}
	return nil
}

// at returns the pixel under a point of a box that the screen is drawn in.
func (s *screen) at(p geom.FPoint, box geom.Rect) geom.Point {
	if box.Empty() {
		return geom.Point{}
	}
	q := p.Sub(box.Min().F())
	x, y := int32(q.X*float64(s.size.W)/float64(box.W())), int32(q.Y*float64(s.size.H)/float64(box.H()))
	return geom.Point{X: min(max(x, 0), s.size.W-1), Y: min(max(y, 0), s.size.H-1)}
}
