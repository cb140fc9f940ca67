package rayapps

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// cursorShapes are the protocol's for those of the toolkit.
var cursorShapes = [...]protocol.WpCursorShapeDeviceV1Shape{
	ui.CursorDefault:    protocol.WpCursorShapeDeviceV1ShapeDefault,
	ui.CursorPointer:    protocol.WpCursorShapeDeviceV1ShapePointer,
	ui.CursorText:       protocol.WpCursorShapeDeviceV1ShapeText,
	ui.CursorColResize:  protocol.WpCursorShapeDeviceV1ShapeColResize,
	ui.CursorRowResize:  protocol.WpCursorShapeDeviceV1ShapeRowResize,
	ui.CursorNotAllowed: protocol.WpCursorShapeDeviceV1ShapeNotAllowed,
	ui.CursorGrab:       protocol.WpCursorShapeDeviceV1ShapeGrab,
	ui.CursorGrabbing:   protocol.WpCursorShapeDeviceV1ShapeGrabbing,
	ui.CursorCrosshair:  protocol.WpCursorShapeDeviceV1ShapeCrosshair,
	ui.CursorWait:       protocol.WpCursorShapeDeviceV1ShapeWait,
}

// showCursor sets the pointer's shape if it has changed.
func (s *seat) showCursor() {
	p := s.pointer
	if p == nil || !p.inside {
		return
	}
	shape := cursorShapes[s.h.w.root.Cursor()]
	if e, on := s.h.w.edgeAt(p.event.Pos.Floor()); on && p.onWindow() {
		shape = edgeShapes[e]
	}
	if p.set && p.last == shape {
		return
	}
	p.set, p.last = true, shape
	if p.shape != nil {
		p.shape.SetShape(p.enter, shape)
	} else if err := p.image.show(s.h.w, p, shape); err != nil {
		s.h.w.opts.Log.Warn("cursor", "err", err)
	}
}

// cursorImage is the pointer where the compositor has no shapes: an arrow, or a
// beam over text, drawn here.
type cursorImage struct {
	surface *client.WlSurface
	buffers [2]*buffer
	scale   geom.Scale // of the buffers, whole
}

// cursorSide is the side of the image, in logical pixels.
const cursorSide = 24

// show gives the pointer p the image of a shape.
func (c *cursorImage) show(w *Window, p *pointer, shape protocol.WpCursorShapeDeviceV1Shape) error {
	if c.surface == nil {
		c.surface = w.host.compositor.CreateSurface()
	}
	if scale := geom.Scale(w.scale.Ceil()) * geom.ScaleOne; scale != c.scale {
		if err := c.free(); err != nil {
			return err
		}
		c.scale = scale
	}
	i, hot := 0, geom.Point{X: 2, Y: 2}
	if shape == protocol.WpCursorShapeDeviceV1ShapeText {
		i, hot = 1, geom.Point{X: cursorSide / 2, Y: cursorSide / 2}
	}
	if c.buffers[i] == nil {
		b, err := drawCursor(w, i == 1, c.scale)
		if err != nil {
			return err
		}
		c.buffers[i] = b
	}
	side := c.scale.Apply(cursorSide)
	c.surface.SetBufferScale(c.scale.Ceil())
	c.surface.Attach(c.buffers[i].wl, 0, 0)
	c.surface.DamageBuffer(0, 0, side, side)
	c.surface.Commit()
	p.pointer.SetCursor(p.enter, c.surface, hot.X, hot.Y)
	return nil
}

func (c *cursorImage) free() error {
	for i, b := range c.buffers {
		if b != nil {
			c.buffers[i] = nil
			if err := b.free(); err != nil {
				return err
			}
		}
	}
	return nil
}

func drawCursor(w *Window, beam bool, scale geom.Scale) (*buffer, error) {
	side := scale.Apply(cursorSide)
	b := new(buffer)
	if err := b.allocate(w.host.shm, int(4*side*side)); err != nil {
		return nil, err
	}
	b.wl = b.pool.CreateBuffer(0, side, side, 4*side, protocol.WlShmFormatArgb8888)
	b.pixels = render.Pixels{Data: b.data[:4*side*side], W: side, H: side, Stride: 4 * side, Format: render.ARGB8888}
	var path paint.Path
	points := arrow
	if beam {
		points = ibeam
	}
	for i, at := range points {
		x, y := text.Px(at[0]), text.Px(at[1])
		if i == 0 {
			path.MoveTo(x, y)
		} else {
			path.LineTo(x, y)
		}
	}
	path.Close()
	var draw paint.Builder
	draw.Stroke(&path, geom.FixedPoint{}, text.Px(2), paint.RoundCap, render.RGBA(255, 255, 255, 255))
	draw.Path(&path, geom.FixedPoint{}, render.RGBA(20, 22, 26, 255))
	return b, w.raster.Draw(paint.Target{Pixels: &b.pixels, Scale: scale}, draw.Finish(), nil)
}

// Outlines of the images.
var (
	arrow = [][2]int32{{2, 2}, {2, 18}, {6, 14}, {9, 20}, {12, 19}, {9, 13}, {14, 13}}
	ibeam = [][2]int32{{9, 4}, {15, 4}, {15, 5}, {13, 5}, {13, 19}, {15, 19}, {15, 20}, {9, 20}, {9, 19}, {11, 19}, {11, 5}, {9, 5}}
)
