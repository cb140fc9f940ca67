package cursor

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// sketch is a picture in the making: dark shapes with a light outline around
// their union, over a soft shadow. Lengths are tenths of logical pixels.
type sketch struct {
	scale  geom.Scale
	hot    point
	shapes []shape
	marks  []mark
}

type point struct{ x, y int32 }

// shape is dark: a line of some width, and its inside if it is an area.
type shape struct {
	path  vector.Path
	width int32
	area  bool
}

// mark is a coloured path on top.
type mark struct {
	path  vector.Path
	color render.Color
}

// outline is how far the light edge reaches around the dark shapes.
const outline = 11

// The shadow: its distance down, its blur and its alpha.
const (
	shadowDrop  = 10
	shadowSigma = 12
	shadowAlpha = 88
)

// dark and light are the two colours that show on every background.
func dark() render.Color  { return theme.For(theme.Dark).Desktop }
func light() render.Color { return theme.For(theme.Light).Surface1 }

// u returns tenths of logical pixels as 24.8 physical pixels.
func (s *sketch) u(v int32) geom.Fixed {
	n := int64(v) * int64(s.scale) * 256
	if n < 0 {
		return geom.Fixed(-((-n + 600) / 1200))
	}
	return geom.Fixed((n + 600) / 1200)
}

func (s *sketch) pt(x, y int32) vector.Point { return vector.Pt(s.u(x), s.u(y)) }

// polyline makes a path of straight lines.
func (s *sketch) polyline(closed bool, pts ...point) vector.Path {
	var p vector.Path
	for i, q := range pts {
		if i == 0 {
			p.MoveTo(s.pt(q.x, q.y))
		} else {
			p.LineTo(s.pt(q.x, q.y))
		}
	}
	if closed {
		p.Close()
	}
	return p
}

// area adds a polygon, clockwise, whose corners are rounded by width/2.
func (s *sketch) area(width int32, pts ...point) {
	s.shapes = append(s.shapes, shape{s.polyline(true, pts...), width, true})
}

// line adds a line with round ends.
func (s *sketch) line(width int32, pts ...point) {
	s.shapes = append(s.shapes, shape{s.polyline(false, pts...), width, false})
}

// disc adds a filled circle.
func (s *sketch) disc(x, y, r int32) {
	var p vector.Path
	p.Circle(s.pt(x, y), s.u(r))
	s.shapes = append(s.shapes, shape{p, 0, true})
}

// ring adds a circle's line.
func (s *sketch) ring(x, y, r, width int32) {
	var p vector.Path
	p.Circle(s.pt(x, y), s.u(r))
	s.shapes = append(s.shapes, shape{p, width, false})
}

// stroke adds a coloured line on top.
func (s *sketch) stroke(c render.Color, width int32, pts ...point) {
	p := s.polyline(false, pts...)
	s.outlineOf(c, width, &p)
}

func (s *sketch) outlineOf(c render.Color, width int32, p *vector.Path) {
	m := mark{color: c}
	m.path.Stroke(p, s.u(width), vector.Round)
	s.marks = append(s.marks, m)
}

// spot adds a coloured disc on top.
func (s *sketch) spot(c render.Color, x, y, r int32) {
	m := mark{color: c}
	m.path.Circle(s.pt(x, y), s.u(r))
	s.marks = append(s.marks, m)
}

// image draws the sketch.
func (s *sketch) image() *Image {
	side := s.scale.Apply(Side)
	img := &Image{
		Pixels: render.NewPixels(side, side, render.ARGB8888),
		Hot:    geom.Point{X: s.u(s.hot.x).Int(), Y: s.u(s.hot.y).Int()},
		Scale:  s.scale,
	}
	var r vector.Rasterizer
	s.fill(&img.Pixels, &r, 2*outline, light())
	s.shadow(&img.Pixels)
	s.fill(&img.Pixels, &r, 0, dark())
	for i := range s.marks {
		r.Fill(&img.Pixels, img.Pixels.Size().Rect(), &s.marks[i].path, vector.Solid(s.marks[i].color))
	}
	return img
}

// fill paints all shapes, grown by half of extra.
func (s *sketch) fill(dst *render.Pixels, r *vector.Rasterizer, extra int32, c render.Color) {
	clip := dst.Size().Rect()
	for i := range s.shapes {
		sh := &s.shapes[i]
		if sh.area {
			r.Fill(dst, clip, &sh.path, vector.Solid(c))
		}
		if sh.width+extra > 0 {
			var p vector.Path
			p.Stroke(&sh.path, s.u(sh.width+extra), vector.Round)
			r.Fill(dst, clip, &p, vector.Solid(c))
		}
	}
}

// shadow puts the blurred alpha of what is drawn below it.
func (s *sketch) shadow(dst *render.Pixels) {
	m := vector.Mask{Bounds: dst.Size().Rect(), Pix: make([]uint8, dst.W*dst.H)}
	for i := range m.Pix {
		m.Pix[i] = dst.Data[i*4+3]
	}
	soft := vector.Blur(m, s.u(shadowSigma))
	drop := s.u(shadowDrop).Int()
	for y := range dst.H {
		row := dst.Data[y*dst.Stride:]
		for x := range dst.W {
			a := uint32(soft.At(x, y-drop)) * shadowAlpha >> 16
			q := row[x*4 : x*4+4]
			binary.LittleEndian.PutUint32(q, vector.Over(binary.LittleEndian.Uint32(q), a<<24))
		}
	}
}
