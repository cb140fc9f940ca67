package prompt

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// Shadow is the picture of what the panel casts on the desktop.
type Shadow struct {
	scale         geom.Scale
	pixels        render.Pixels
	reach, corner int32 // logical: out of the panel, and what can't be stretched
}

// ShadowPart is a crop of the picture, in its pixels, and where it goes, in
// logical pixels from the panel's corner.
type ShadowPart struct {
	Src geom.FRect
	Dst geom.Rect
}

// NewShadow draws the shadow for a scale.
func NewShadow(scale geom.Scale, scheme theme.Scheme) *Shadow {
	look := theme.ShadowPopover
	scale = max(scale, 1)
	u := func(v int32) geom.Fixed { return geom.Fixed(scale.Apply(v << 8)) }
	sigma := u(look.Blur) / 2
	spread := vector.Px(vector.Spread(sigma))
	s := &Shadow{scale: scale, reach: (int32(int64(spread)*120/int64(scale)+255)>>8 + 7) &^ 7}
	s.corner = s.reach + theme.RadiusPrompt
	reach, inner := vector.Px(scale.Apply(s.reach)), vector.Px(2*scale.Apply(s.corner)+1)
	var path vector.Path
	path.RoundRect(reach, reach, reach+inner, reach+inner, u(theme.RadiusPrompt))
	var r vector.Rasterizer
	soft := vector.Blur(r.Coverage(&path, path.Bounds()), sigma)
	n := (inner + 2*reach).Int()
	s.pixels = soft.Tint(n, theme.For(scheme).Shadow, look.Alpha)
	return s
}

// Pixels returns the picture; it doesn't change.
func (s *Shadow) Pixels() *render.Pixels { return &s.pixels }

// Place returns the parts that surround a panel of a logical size. They reach
// below it where its corners are round.
func (s *Shadow) Place(size geom.Size) []ShadowPart {
	if size.Empty() {
		return nil
	}
	type span struct{ src0, src1, dst0, dst1 int32 }
	n := s.pixels.W
	reach, corner := s.scale.Apply(s.reach), s.scale.Apply(s.corner)
	spans := func(length int32) [3]span {
		c := min(s.corner, length/2)
		p := reach + s.scale.Apply(c)
		return [3]span{
			{0, p, -s.reach, c},
			{reach + corner, reach + corner + 1, c, length - c},
			{n - p, n, length - c, length + s.reach},
		}
	}
	var parts []ShadowPart
	for i, y := range spans(size.H) {
		for j, x := range spans(size.W) {
			dst := geom.Rect{X0: x.dst0, Y0: y.dst0, X1: x.dst1, Y1: y.dst1}
			if i == 1 && j == 1 || dst.Empty() {
				continue
			}
			src := geom.Rect{X0: x.src0, Y0: y.src0, X1: x.src1, Y1: y.src1}
			parts = append(parts, ShadowPart{src.F(), dst.Add(geom.Point{Y: theme.ShadowPopover.Y})})
		}
	}
	return parts
}
