package surfaces

import "rayos/geom"

// shape is what decides about the size of a surface.
type shape struct {
	scale     int32
	transform geom.Transform
	viewport  Viewport
	buffer    geom.Size // empty without one
}

// with returns the shape once st is applied.
func (h shape) with(st *State) shape {
	if st.Set&FieldScale != 0 {
		h.scale = st.Scale
	}
	if st.Set&FieldTransform != 0 {
		h.transform = st.Transform
	}
	if st.Set&FieldViewport != 0 {
		h.viewport = st.Viewport
	}
	if st.Set&FieldBuffer != 0 {
		h.buffer = geom.Size{}
		if st.Buffer != nil {
			h.buffer = st.Buffer.Size()
		}
	}
	return h
}

// check finds what is wrong with a shape.
func (s *Surface) check(h *shape) Violation {
	if h.buffer.Empty() {
		return OK
	}
	size, vp := h.transform.ApplySize(h.buffer), &h.viewport
	if (size.W%h.scale != 0 || size.H%h.scale != 0) && !vp.HasDest && !s.AnySize {
		return InvalidSize
	}
	if vp.HasSource {
		w, h := float64(size.W)/float64(h.scale), float64(size.H)/float64(h.scale)
		if vp.Source.X1 > w || vp.Source.Y1 > h {
			return OutOfBuffer
		}
		if !vp.HasDest && (!isInt(vp.Source.W()) || !isInt(vp.Source.H())) {
			return BadViewportSize
		}
	}
	return OK
}

func isInt(v float64) bool { return v == float64(int64(v)) }

// layout computes the surface-local size for a buffer of size buf.
func (s *Surface) layout(buf geom.Size) {
	cur := &s.Current
	s.bufferSize = buf
	if buf.Empty() {
		s.size = geom.Size{}
		return
	}
	size := cur.Transform.ApplySize(buf)
	switch vp := &cur.Viewport; {
	case vp.HasDest:
		s.size = vp.Dest
	case vp.HasSource:
		s.size = geom.Size{W: int32(vp.Source.W()), H: int32(vp.Source.H())}
	default:
		s.size = geom.Size{W: max(size.W/cur.Scale, 1), H: max(size.H/cur.Scale, 1)}
	}
}

// addSurfaceDamage maps surface-local damage to buffer pixels.
func (s *Surface) addSurfaceDamage(d *geom.Region) {
	if d.Empty() || s.size.Empty() {
		return
	}
	for _, r := range d.Rects() {
		s.damage.UnionRect(s.toBuffer(r.Intersect(s.size.Rect())))
	}
}

// toBuffer maps a surface-local rectangle to the buffer pixels that it shows,
// grown to whole pixels.
func (s *Surface) toBuffer(r geom.Rect) geom.Rect {
	if r.Empty() {
		return geom.Rect{}
	}
	cur := &s.Current
	full := cur.Transform.ApplySize(s.bufferSize)
	f := r.F()
	if vp := &cur.Viewport; vp.HasDest || vp.HasSource {
		src := geom.FRect{X1: float64(full.W) / float64(cur.Scale), Y1: float64(full.H) / float64(cur.Scale)}
		if vp.HasSource {
			src = vp.Source
		}
		kx, ky := src.W()/float64(s.size.W), src.H()/float64(s.size.H)
		f = geom.FRect{X0: src.X0 + f.X0*kx, Y0: src.Y0 + f.Y0*ky, X1: src.X0 + f.X1*kx, Y1: src.Y0 + f.Y1*ky}
	}
	k := float64(cur.Scale)
	out := geom.Rect{
		X0: geom.FPoint{X: f.X0 * k}.Floor().X, Y0: geom.FPoint{Y: f.Y0 * k}.Floor().Y,
		X1: -geom.FPoint{X: -f.X1 * k}.Floor().X, Y1: -geom.FPoint{Y: -f.Y1 * k}.Floor().Y,
	}.Intersect(full.Rect())
	return cur.Transform.ApplyRect(out, full)
}

// source is the crop in buffer pixels before the transform.
func (s *Surface) source() geom.FRect {
	cur := &s.Current
	vp := &cur.Viewport
	if !vp.HasSource {
		return geom.FRect{}
	}
	k := float64(cur.Scale)
	src := geom.FRect{X0: vp.Source.X0 * k, Y0: vp.Source.Y0 * k, X1: vp.Source.X1 * k, Y1: vp.Source.Y1 * k}
	full := cur.Transform.ApplySize(s.bufferSize)
	return cur.Transform.ApplyFRect(src, float64(full.W), float64(full.H))
}

// EachDamage calls fn for the parts that the commit applied last has changed,
// surface-local and grown to whole pixels; for all of the surface if it is
// turned or scaled by a viewport.
func (s *Surface) EachDamage(fn func(geom.Rect)) {
	cur := &s.Current
	if s.damage.Empty() || s.size.Empty() {
		return
	}
	if cur.Transform != geom.Normal || cur.Viewport.HasDest || cur.Viewport.HasSource {
		fn(s.size.Rect())
		return
	}
	k := cur.Scale
	for _, r := range s.damage.Rects() {
		r = geom.Rect{X0: r.X0 / k, Y0: r.Y0 / k, X1: (r.X1 + k - 1) / k, Y1: (r.Y1 + k - 1) / k}
		fn(r.Intersect(s.size.Rect()))
	}
}
