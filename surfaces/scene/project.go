package scene

import (
	"math"

	"rayos/geom"
)

// projection maps logical rectangles into a target: by the scale to upright
// pixels, and from there by the transform to the pixels of the framebuffer.
type projection struct {
	origin    geom.Point // logical position of the upright top-left corner
	scale     geom.Scale
	transform geom.Transform
	size      geom.Size // of the upright picture in physical pixels
}

// upright maps a logical rectangle.
func (p *projection) upright(r geom.Rect) geom.Rect {
	return p.scale.ApplyRect(r.Add(geom.Point{}.Sub(p.origin)))
}

// place maps an upright rectangle to the framebuffer.
func (p *projection) place(r geom.Rect) geom.Rect { return p.transform.ApplyRect(r, p.size) }

// outwards returns the whole pixels that r has a part in, saturated.
func outwards(r geom.FRect) geom.Rect {
	from := geom.FPoint{X: r.X0, Y: r.Y0}.Floor()
	to := geom.FPoint{X: math.Ceil(r.X1), Y: math.Ceil(r.Y1)}.Floor()
	return geom.Rect{X0: from.X, Y0: from.Y, X1: to.X, Y1: to.Y}
}

type viewState uint8

const (
	viewAway    viewState = iota // not on the output; visible is empty
	viewCurrent                  // on it, and all fields are right
	viewStale                    // on it once refreshed; what was visible is damaged already
)

// view is what one output knows of a leaf.
type view struct {
	state   viewState
	up      geom.Rect   // the whole area, upright, whatever clips it
	box     geom.Rect   // the area on the output and within clips, physical
	notch   geom.Region // of box, left out by round corners, physical
	opaque  geom.Region // of box, physical
	visible geom.Region // of box, physical
}
