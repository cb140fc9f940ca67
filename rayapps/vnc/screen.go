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
	s := &screen{size: size, pix: make([]byte, 4*int(size.W)*int(size.H))}
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
		for y := r.Y0 / tileSide; y <= (r.Y1-1)/tileSide; y++ {
			for x := r.X0 / tileSide; x <= (r.X1-1)/tileSide; x++ {
				s.tiles[int(y)*s.wide+int(x)].image.Update()
			}
		}
	}
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
func (s *screen) draw(b *paint.Builder, box geom.Rect) {
	// Edges of tiles fall where those of their neighbours do.
	along := func(v, from, length, of int32) geom.Fixed {
		return geom.FixedFromInt(from) + geom.Fixed(int64(v)*int64(length)*256/int64(of))
	}
	for _, t := range s.tiles {
		place := geom.FixedRect{
			X0: along(t.area.X0, box.X0, box.W(), s.size.W), X1: along(t.area.X1, box.X0, box.W(), s.size.W),
			Y0: along(t.area.Y0, box.Y0, box.H(), s.size.H), Y1: along(t.area.Y1, box.Y0, box.H(), s.size.H),
		}
		b.Image(t.image, place, paint.ImageOptions{Filter: render.Bilinear})
	}
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
