package images

import (
	"math"

	"rayos/geom"
)

// camera is how a picture is looked at. Zoom is physical pixels of the screen for
// each pixel of the picture; 0 shows all of it, and none of it larger than it is.
type camera struct {
	zoom   float64
	centre geom.FPoint // the point of the picture in the middle, in its pixels
}

// Bounds of the zoom, and how much a step changes it.
const (
	minZoom  = 1.0 / 64
	maxZoom  = 64
	zoomStep = 1.25
)

// fit returns the zoom that shows all of a picture in a room of physical pixels.
func fit(room, size geom.Size) float64 {
	if room.Empty() || size.Empty() {
		return 1
	}
	return min(float64(room.W)/float64(size.W), float64(room.H)/float64(size.H), 1)
}

// scale returns the zoom that there is.
func (c *camera) scale(room, size geom.Size) float64 {
	if c.zoom == 0 {
		return fit(room, size)
	}
	return c.zoom
}

// settle keeps the picture in the room: in the middle if it is smaller, without
// gaps if it is larger.
func (c *camera) settle(room, size geom.Size) {
	z := c.scale(room, size)
	axis := func(at float64, room, size int32) float64 {
		seen := float64(room) / z
		if seen >= float64(size) {
			return float64(size) / 2
		}
		return min(max(at, seen/2), float64(size)-seen/2)
	}
	if c.zoom == 0 {
		c.centre = geom.FPoint{X: float64(size.W) / 2, Y: float64(size.H) / 2}
		return
	}
	c.centre = geom.FPoint{X: axis(c.centre.X, room.W, size.W), Y: axis(c.centre.Y, room.H, size.H)}
}

// origin returns where the picture's corner is in the room.
func (c *camera) origin(room, size geom.Size) geom.FPoint {
	z := c.scale(room, size)
	// Whole pixels, so that what isn't scaled stays sharp.
	return geom.FPoint{X: math.Round(float64(room.W)/2 - c.centre.X*z), Y: math.Round(float64(room.H)/2 - c.centre.Y*z)}
}

// zoomTo changes the zoom so that the point of the picture that is at a place of
// the room stays there.
func (c *camera) zoomTo(zoom float64, at geom.FPoint, room, size geom.Size) {
	before := c.scale(room, size)
	zoom = min(max(zoom, minZoom), maxZoom)
	off := geom.FPoint{X: at.X - float64(room.W)/2, Y: at.Y - float64(room.H)/2}
	p := geom.FPoint{X: c.centre.X + off.X/before, Y: c.centre.Y + off.Y/before}
	c.zoom = zoom
	c.centre = geom.FPoint{X: p.X - off.X/zoom, Y: p.Y - off.Y/zoom}
	c.settle(room, size)
}

// pan moves what is seen by physical pixels, and reports whether it moved.
func (c *camera) pan(d geom.FPoint, room, size geom.Size) bool {
	if c.zoom == 0 {
		return false
	}
	before := c.centre
	c.centre = geom.FPoint{X: c.centre.X + d.X/c.zoom, Y: c.centre.Y + d.Y/c.zoom}
	c.settle(room, size)
	return c.centre != before
}

// larger reports whether the picture doesn't fit into the room across.
func (c *camera) larger(room, size geom.Size) bool {
	z := c.scale(room, size)
	return float64(size.W)*z > float64(room.W)+1 || float64(size.H)*z > float64(room.H)+1
}
