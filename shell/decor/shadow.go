package decor

import (
	"slices"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// Shadow is the picture of a shadow, shared by all frames that look alike.
type Shadow struct {
	key    shadowKey
	pixels render.Pixels
	// reach is how far the blur reaches out of the frame's copy, corner
	// the side of a piece that can't be stretched, drop the way down: all
	// logical.
	reach, corner, drop int32
	// under is how far the pieces at the top reach below the frame, whose
	// round corners they show through.
	under int32
	// foot is the same of the pieces at the bottom.
	foot  int32
	parts [12]ShadowPart
}

type shadowKey struct {
	active  bool
	scale   geom.Scale
	scheme  theme.Scheme
	rounded bool
	below   bool // the lower corners too
}

// ShadowPart is a crop of a shadow's picture and where it goes. Src is in the
// picture's pixels, Dst in logical pixels from the frame's top-left corner.
type ShadowPart struct {
	Pixels *render.Pixels
	Src    geom.FRect
	Dst    geom.Rect
}

// maxShadows bounds the pixels of the cache: two states of a few scales. A
// client of a huge scale has huge shadows, and the last one is always kept.
const maxShadows = 6 << 20 // bytes

// Shadow returns the shadow of a frame. It is shared: equal pictures have equal
// pointers.
func (r *Renderer) Shadow(f *Frame) *Shadow {
	key := shadowKey{f.Active, min(max(f.Scale, 30), 960), f.Scheme, f.rounded(), f.RoundBelow()}
	for _, s := range r.shadows {
		if s.key == key {
			return s
		}
	}
	s := r.newShadow(key)
	held := len(s.pixels.Data)
	for _, old := range r.shadows {
		held += len(old.pixels.Data)
	}
	first := 0 // of those that stay: the oldest go
	for ; first < len(r.shadows) && held > maxShadows; first++ {
		held -= len(r.shadows[first].pixels.Data)
	}
	r.shadows = append(slices.Delete(r.shadows, 0, first), s)
	return s
}

func (r *Renderer) newShadow(key shadowKey) *Shadow {
	look := theme.ShadowWindow
	if key.active {
		look = theme.ShadowFocused
	}
	p := pen{key.scale}
	sigma := p.u(look.Blur) / 2
	s := &Shadow{key: key, drop: look.Y}
	// Whole multiples of 24 logical pixels are whole physical pixels at
	// every scale that is a multiple of 1/24, as all common ones are.
	spread := vector.Px(vector.Spread(sigma))
	s.reach = roundUp(int32(int64(spread)*120/int64(key.scale)+255)>>8, 8)
	s.corner = s.reach + 8
	radius := geom.Fixed(0)
	if key.rounded {
		radius, s.under = p.u(theme.RadiusWindow), theme.RadiusWindow
	}
	foot := geom.Fixed(0)
	if key.below {
		foot, s.foot = p.u(theme.RadiusWindow), theme.RadiusWindow
	}
	// A frame of two corners and one pixel between, with its blur.
	reach, corner := key.scale.Apply(s.reach), key.scale.Apply(s.corner)
	inner := 2*corner + 1
	side := vector.Px(reach + inner)
	r.path.Reset()
	r.path.RoundRect4(vector.Px(reach), vector.Px(reach), side, side, [4]geom.Fixed{radius, radius, foot, foot})
	soft := vector.Blur(r.raster.Coverage(&r.path, r.path.Bounds()), sigma)

	n := inner + 2*reach
	s.pixels = soft.Tint(n, theme.For(key.scheme).Shadow, look.Alpha)
	return s
}

func roundUp(v, to int32) int32 { return (v + to - 1) / to * to }

// Place returns the parts of the shadow of a frame of the given size. They lie
// around the frame, not below it, but for what its round corners let through.
// The slice is valid until the next call.
func (s *Shadow) Place(outer geom.Size) []ShadowPart {
	if outer.Empty() {
		return nil
	}
	parts := s.parts[:0]
	// Columns and rows of the picture, physical, and of the frame, logical.
	// In a frame that is smaller than two corners both give way to its
	// middle.
	reach, corner := s.key.scale.Apply(s.reach), s.key.scale.Apply(s.corner)
	cw := min(s.corner, outer.W/2)
	pw := s.key.scale.Apply(cw)
	far := reach + 2*corner + 1 // the far edge of the frame's copy
	n := s.pixels.W

	type span struct{ src0, src1, dst0, dst1 int32 }
	cols := [3]span{
		{0, reach + pw, -s.reach, cw},
		{reach + corner, reach + corner + 1, cw, outer.W - cw},
		{far - pw, n, outer.W - cw, outer.W + s.reach},
	}
	add := func(x, y span) {
		src := geom.Rect{X0: x.src0, Y0: y.src0, X1: x.src1, Y1: y.src1}
		dst := geom.Rect{X0: x.dst0, Y0: y.dst0, X1: x.dst1, Y1: y.dst1}
		if !src.Empty() && !dst.Empty() {
			parts = append(parts, ShadowPart{&s.pixels, src.F(), dst})
		}
	}
	// px is where a logical row of the frame is in the picture, measured from
	// the top or from the bottom.
	px := func(v int32) int32 { return reach + s.key.scale.Apply(v-s.drop) }
	bottom := func(v int32) int32 { return far + s.key.scale.Apply(v-outer.H-s.drop) }

	top := s.drop - s.reach
	// Above split the picture's top half is shown, below low its bottom half.
	split := min(s.drop+min(s.corner, outer.H/2), outer.H)
	low := min(max(outer.H+s.drop-s.corner, split), outer.H)
	under := min(s.under, split)
	above := span{0, px(under), top, under}
	add(cols[0], above)
	add(cols[2], above)
	add(cols[1], span{0, px(0), top, 0})
	foot := min(s.foot, outer.H-low)
	below := span{bottom(outer.H - foot), n, outer.H - foot, outer.H + s.drop + s.reach}
	add(cols[0], below)
	add(cols[2], below)
	add(cols[1], span{bottom(outer.H), n, outer.H, outer.H + s.drop + s.reach})
	sides := [2]span{
		{0, reach, -s.reach, 0},
		{far, n, outer.W, outer.W + s.reach},
	}
	for _, x := range sides {
		add(x, span{px(under), px(split), under, split})
		if low > split {
			mid := reach + corner
			add(x, span{mid, mid + 1, split, low})
		}
		add(x, span{bottom(low), bottom(outer.H - foot), low, outer.H - foot})
	}
	return parts
}
