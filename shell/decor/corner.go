package decor

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// Corner is the picture of a lower corner of a frame's border, and where it goes:
// in logical pixels from the frame's top-left corner, above the content.
type Corner struct {
	Pixels *render.Pixels
	Dst    geom.Rect
}

type cornerKey struct {
	color render.Color
	scale geom.Scale
	right bool
}

// maxCorners bounds the cache: two sides of a few colours and scales.
const maxCorners = 32

// RoundBelow reports whether the lower corners are round: those of a frame that is
// large enough, around something.
func (f *Frame) RoundBelow() bool {
	return f.rounded() && !f.Shaded && f.Size.H >= theme.RadiusWindow && f.Size.W >= 2*theme.RadiusWindow
}

// ContentRadius is that of the content's lower corners, logical: the border lies
// around them. Of the content, nothing is to be seen more than a pixel beyond it.
func (f *Frame) ContentRadius() int32 {
	if !f.RoundBelow() {
		return 0
	}
	return theme.RadiusWindow - theme.Border
}

// Corners returns the lower left and the lower right corner of a frame whose
// RoundBelow is true. Pictures are shared: equal ones have equal pointers.
func (r *Renderer) Corners(f *Frame) [2]Corner {
	o, c := f.Outer(), f.edgeColor()
	const n = theme.RadiusWindow
	return [2]Corner{
		{r.corner(cornerKey{c, min(max(f.Scale, 30), 960), false}), geom.XYWH(0, o.H-n, n, n)},
		{r.corner(cornerKey{c, min(max(f.Scale, 30), 960), true}), geom.XYWH(o.W-n, o.H-n, n, n)},
	}
}

func (r *Renderer) corner(key cornerKey) *render.Pixels {
	for i := range r.corners {
		if r.corners[i].key == key {
			return r.corners[i].pixels
		}
	}
	if len(r.corners) == maxCorners {
		r.corners = r.corners[:0]
	}
	p := r.drawCorner(key)
	r.corners = append(r.corners, cornerPicture{key, p})
	return p
}

type cornerPicture struct {
	key    cornerKey
	pixels *render.Pixels
}

// drawCorner draws what lies between the outer outline and the inner one.
func (r *Renderer) drawCorner(key cornerKey) *render.Pixels {
	p := pen{key.scale}
	n := max(key.scale.Apply(theme.RadiusWindow), 1)
	side := max(key.scale.Apply(theme.Border), 1)
	radius := p.u(theme.RadiusWindow)
	x0, x1 := int32(0), 2*n
	if key.right {
		x0, x1 = -n, n
	}
	ring := make([]int32, n*n)
	for k, inset := range [2]int32{0, side} {
		round := max(radius-vector.Px(inset), 0)
		r.path.Reset()
		r.path.RoundRect4(vector.Px(x0+inset), vector.Px(-n), vector.Px(x1-inset), vector.Px(n-inset), [4]geom.Fixed{0, 0, round, round})
		m := r.raster.Coverage(&r.path, geom.Rect{X1: n, Y1: n})
		for y := m.Bounds.Y0; y < m.Bounds.Y1; y++ {
			for x := m.Bounds.X0; x < m.Bounds.X1; x++ {
				v := int32(m.At(x, y))
				if k == 1 {
					v = -v
				}
				ring[y*n+x] += v
			}
		}
	}
	out := render.NewPixels(n, n, render.ARGB8888)
	for i, v := range ring {
		binary.LittleEndian.PutUint32(out.Data[4*i:], uint32(vector.Mix(0, key.color, uint8(max(v, 0)))))
	}
	return &out
}
