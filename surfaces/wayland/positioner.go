package wayland

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// placement is the value of an xdg_positioner: where a popup wants to be
// relative to its parent's geometry, and what may be done when it doesn't fit.
type placement struct {
	size       geom.Size
	anchorRect geom.Rect
	anchor     protocol.XdgPositionerAnchor
	gravity    protocol.XdgPositionerGravity
	adjust     protocol.XdgPositionerConstraintAdjustment
	offset     geom.Point
	reactive   bool
}

// complete reports whether the client has set what must be set.
func (p *placement) complete() bool { return !p.size.Empty() && !p.anchorRect.Empty() }

// sides is a direction on each axis: -1 for left or top, 1 for right or
// bottom, 0 for the middle.
type sides struct{ x, y int32 }

// anchor and gravity number their edges alike.
func sidesOf(v uint32) sides {
	switch protocol.XdgPositionerAnchor(v) {
	case protocol.XdgPositionerAnchorTop:
		return sides{0, -1}
	case protocol.XdgPositionerAnchorBottom:
		return sides{0, 1}
	case protocol.XdgPositionerAnchorLeft:
		return sides{-1, 0}
	case protocol.XdgPositionerAnchorRight:
		return sides{1, 0}
	case protocol.XdgPositionerAnchorTopLeft:
		return sides{-1, -1}
	case protocol.XdgPositionerAnchorBottomLeft:
		return sides{-1, 1}
	case protocol.XdgPositionerAnchorTopRight:
		return sides{1, -1}
	case protocol.XdgPositionerAnchorBottomRight:
		return sides{1, 1}
	}
	return sides{}
}

// axis is the problem on one axis: an anchor interval, a length and what the
// popup may do.
type axis struct {
	lo, hi          int32 // anchor rectangle
	length          int32
	anchor, gravity int32
	offset          int32
	boundLo         int32
	boundHi         int32
	flip, slide     bool
	resize          bool
}

// at returns the popup's start for an anchor and gravity.
func (a *axis) at(anchor, gravity, offset int32) int32 {
	var v int32
	switch {
	case anchor < 0:
		v = a.lo
	case anchor > 0:
		v = a.hi
	default:
		v = a.lo + (a.hi-a.lo)/2
	}
	switch {
	case gravity < 0:
		v -= a.length
	case gravity == 0:
		v -= a.length / 2
	}
	return v + offset
}

func (a *axis) fits(v int32) bool { return v >= a.boundLo && v+a.length <= a.boundHi }

// solve returns start and length: flip if that helps, else slide, else resize
// (xdg_positioner.constraint_adjustment).
func (a *axis) solve() (int32, int32) {
	v := a.at(a.anchor, a.gravity, a.offset)
	if a.boundLo >= a.boundHi || a.fits(v) {
		return v, a.length
	}
	if a.flip {
		if f := a.at(-a.anchor, -a.gravity, a.offset); a.fits(f) {
			return f, a.length
		}
	}
	if a.slide {
		v = a.slid(v)
		if a.fits(v) {
			return v, a.length
		}
	}
	if a.resize {
		end := min(v+a.length, a.boundHi)
		start := max(v, a.boundLo)
		if end > start {
			return start, end - start
		}
	}
	return v, a.length
}

// slid moves v: first with the gravity until the near edge is in or the far
// edge touches, then against it until the far edge is in or the near edge
// touches.
func (a *axis) slid(v int32) int32 {
	room := a.boundHi - a.length // where the high edge touches
	up := func(v int32) int32 { return max(v, min(a.boundLo, room)) }
	down := func(v int32) int32 { return min(v, max(a.boundLo, room)) }
	if a.gravity >= 0 {
		return down(up(v))
	}
	return up(down(v))
}

// solve returns the popup's rectangle relative to its parent's geometry. An
// empty bounds constrains nothing.
func (p *placement) solve(bounds geom.Rect) geom.Rect {
	an, gr := sidesOf(uint32(p.anchor)), sidesOf(uint32(p.gravity))
	has := func(f protocol.XdgPositionerConstraintAdjustment) bool { return p.adjust&f != 0 }
	x := axis{
		lo: p.anchorRect.X0, hi: p.anchorRect.X1, length: p.size.W,
		anchor: an.x, gravity: gr.x, offset: p.offset.X,
		boundLo: bounds.X0, boundHi: bounds.X1,
		flip:   has(protocol.XdgPositionerConstraintAdjustmentFlipX),
		slide:  has(protocol.XdgPositionerConstraintAdjustmentSlideX),
		resize: has(protocol.XdgPositionerConstraintAdjustmentResizeX),
	}
	y := axis{
		lo: p.anchorRect.Y0, hi: p.anchorRect.Y1, length: p.size.H,
		anchor: an.y, gravity: gr.y, offset: p.offset.Y,
		boundLo: bounds.Y0, boundHi: bounds.Y1,
		flip:   has(protocol.XdgPositionerConstraintAdjustmentFlipY),
		slide:  has(protocol.XdgPositionerConstraintAdjustmentSlideY),
		resize: has(protocol.XdgPositionerConstraintAdjustmentResizeY),
	}
	x0, w := x.solve()
	y0, h := y.solve()
	return geom.XYWH(x0, y0, w, h)
}

// positioner is xdg_positioner: it fills a placement.
type positioner struct{ placement }

func (*positioner) Destroy(*server.XdgPositioner) {}

// maxCoordinate keeps sums of client values far from overflow.
const maxCoordinate = 1 << 20

func clampCoordinate(v int32) int32 { return min(max(v, -maxCoordinate), maxCoordinate) }

// SetSize sets the popup's wished size.
func (p *positioner) SetSize(res *server.XdgPositioner, w, h int32) {
	if w <= 0 || h <= 0 {
		res.PostError(protocol.XdgPositionerErrorInvalidInput, "size %dx%d is not positive", w, h)
		return
	}
	p.size = geom.Size{W: min(w, maxCoordinate), H: min(h, maxCoordinate)}
}

// SetAnchorRect sets the rectangle that the popup belongs to.
func (p *positioner) SetAnchorRect(res *server.XdgPositioner, x, y, w, h int32) {
	if w < 0 || h < 0 {
		res.PostError(protocol.XdgPositionerErrorInvalidInput, "anchor rectangle of %dx%d", w, h)
		return
	}
	p.anchorRect = geom.XYWH(clampCoordinate(x), clampCoordinate(y), min(w, maxCoordinate), min(h, maxCoordinate))
}

// SetAnchor says which point of the anchor rectangle counts.
func (p *positioner) SetAnchor(res *server.XdgPositioner, anchor protocol.XdgPositionerAnchor) {
	if !anchor.Valid() {
		res.PostError(protocol.XdgPositionerErrorInvalidInput, "anchor %d", anchor)
		return
	}
	p.anchor = anchor
}

// SetGravity says into which direction the popup grows from there.
func (p *positioner) SetGravity(res *server.XdgPositioner, gravity protocol.XdgPositionerGravity) {
	if !gravity.Valid() {
		res.PostError(protocol.XdgPositionerErrorInvalidInput, "gravity %d", gravity)
		return
	}
	p.gravity = gravity
}

// SetConstraintAdjustment says what may be done when the popup doesn't fit.
func (p *positioner) SetConstraintAdjustment(_ *server.XdgPositioner, adjust protocol.XdgPositionerConstraintAdjustment) {
	p.adjust = adjust
}

// SetOffset moves the popup.
func (p *positioner) SetOffset(_ *server.XdgPositioner, x, y int32) {
	p.offset = geom.Point{X: clampCoordinate(x), Y: clampCoordinate(y)}
}

// SetReactive asks to be placed anew when the parent moves.
func (p *positioner) SetReactive(*server.XdgPositioner) { p.reactive = true }

// SetParentSize tells for which size of the parent the placement is meant.
func (*positioner) SetParentSize(res *server.XdgPositioner, w, h int32) {
	if w < 0 || h < 0 {
		res.PostError(protocol.XdgPositionerErrorInvalidInput, "parent size %dx%d", w, h)
	}
}

// SetParentConfigure tells which configure of the parent it is meant for.
func (*positioner) SetParentConfigure(*server.XdgPositioner, uint32) {}
