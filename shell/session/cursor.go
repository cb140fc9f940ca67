package session

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/cursor"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// pointerImage is what the pointer looks like: a shape of the session's own, a
// client's surface, or nothing. Displays that move a cursor by themselves get
// a picture of it; on the others it is part of the scene.
type pointerImage struct {
	s       *Session
	seat    *seat.Seat
	tree    *scene.Tree   // origin is the hot spot
	node    *scene.Buffer // the shape
	shape   string        // "" for a client's surface or nothing
	surface *surfaces.Surface
	hot     geom.Point // of surface, logical
	owner   any        // client that chose the image
	image   *cursor.Image
	scale   geom.Scale
	seen    bool // the pointer was moved and has not left
	plane   bool // the display shows it
}

func (c *pointerImage) init(s *Session, st *seat.Seat) {
	c.s, c.seat = s, st
	c.tree = s.layers.cursor.NewTree()
	c.tree.SetEnabled(false)
	c.node = c.tree.NewBuffer()
	c.shape = "default"
	c.scale = geom.ScaleOne
}

// end takes the cursor off for good.
func (c *pointerImage) end() {
	c.set("", nil, geom.Point{})
	c.tree.Destroy()
}

// composited reports whether the cursor is part of what outputs are drawn
// with.
func (c *pointerImage) composited() bool { return c.seen && !c.plane && c.tree.Enabled() }

// hide takes the cursor off until the pointer moves again.
func (c *pointerImage) hide() {
	c.seen = false
	c.show()
}

// show brings scene and display in line with what the cursor is.
func (c *pointerImage) show() {
	c.node.SetEnabled(c.shape != "")
	if c.shape != "" {
		c.draw()
	}
	if c.surface != nil {
		c.surface.Tree().SetPosition(-c.hot.X, -c.hot.Y)
		c.surface.Tree().SetEnabled(true)
	}
	c.s.server.CursorChanged()
	if c == &c.s.cursor {
		c.plane = c.seen && c.offer()
	}
	c.tree.SetEnabled(c.seen && !c.plane)
}

// draw shows the shape at the scale of the output under the pointer.
func (c *pointerImage) draw() {
	img := cursor.Load(c.shape, c.scale)
	if img == c.image {
		return
	}
	t, err := c.s.art.texture(&img.Pixels)
	if err != nil {
		c.s.log.Error("cursor", "err", err)
		return
	}
	c.image = img
	logical := func(v int32) int32 { return int32(c.scale.Unapply(float64(v)) + 0.5) }
	c.node.SetTexture(t, nil)
	c.node.SetDestSize(geom.Size{W: logical(img.Pixels.W), H: logical(img.Pixels.H)})
	c.node.SetPosition(-logical(img.Hot.X), -logical(img.Hot.Y))
}

// offer asks every output to show the picture by itself. It reports whether
// all do.
func (c *pointerImage) offer() bool {
	p, hot := c.picture()
	all := len(c.s.outputs) > 0
	for _, o := range c.s.outputs {
		// The cursor's colours go with the others, and so does its turn.
		if o.tint != nil || o.info.Transform != geom.Normal {
			p, hot, all = nil, geom.Point{}, false
		}
	}
	for _, o := range c.s.outputs {
		all = o.disp.SetCursor(p, hot) && all
	}
	return all
}

// picture is the cursor in pixels, nil for none.
func (c *pointerImage) picture() (*render.Pixels, geom.Point) {
	switch {
	case c.shape != "" && c.image != nil:
		return &c.image.Pixels, c.image.Hot
	case c.surface != nil && c.surface.HasBuffer():
		ext := c.surface.Size()
		size := c.scale.ApplyRect(ext.Rect()).Size()
		p := render.NewPixels(size.W, size.H, render.ARGB8888)
		if err := c.s.scene.RenderNode(c.s.render, c.surface.Tree(), &p, c.scale); err != nil {
			c.s.log.Error("cursor", "err", err)
			return nil, geom.Point{}
		}
		return &p, geom.Point{X: c.scale.Apply(c.hot.X), Y: c.scale.Apply(c.hot.Y)}
	}
	return nil, geom.Point{}
}

// CursorImage implements wayland.Shell.
func (s *Session) CursorImage(st *seat.Seat) (*render.Pixels, geom.Point) {
	c := s.cursorOf(st)
	if c.seat != st || !c.seen { // a seat that has gone has none
		return nil, geom.Point{}
	}
	return c.picture()
}

// set replaces the image.
func (c *pointerImage) set(shape string, sf *surfaces.Surface, hot geom.Point) {
	if c.surface != nil && c.surface != sf && !c.surface.Destroyed() {
		c.surface.Tree().SetEnabled(false)
		c.surface.Tree().Reparent(c.s.scene.Root())
	}
	if sf != nil && sf != c.surface {
		sf.Tree().Reparent(c.tree)
	}
	c.shape, c.surface, c.hot = shape, sf, hot
	if f := c.seat.PointerFocus(); f != nil {
		c.owner = f.Client()
	}
	c.show()
}

// SetCursor implements wayland.Shell.
func (s *Session) SetCursor(st *seat.Seat, sf *surfaces.Surface, hot geom.Point) {
	s.cursorOf(st).set("", sf, hot)
}

// SetCursorShape implements wayland.Shell.
func (s *Session) SetCursorShape(st *seat.Seat, name string) {
	if c := s.cursorOf(st); c.shape != name {
		c.set(name, nil, geom.Point{})
	}
}

func (s *Session) cursorOf(st *seat.Seat) *pointerImage {
	if v := s.visitorAt(st); v != nil {
		return &v.cursor
	}
	return &s.cursor
}

// pointerFocused: what one client has chosen says nothing over another.
func (s *Session) pointerFocused(c *pointerImage, f seat.Focus) {
	if (f == nil || f.Client() != c.owner) && c.shape != "default" {
		c.set("default", nil, geom.Point{})
	}
}

// pointerMoved takes the cursor and a drag icon along.
func (s *Session) pointerMoved(c *pointerImage, d *dragIcon, p geom.FPoint) {
	at := p.Floor()
	c.tree.SetPosition(at.X, at.Y)
	d.move(at)
	scale := s.scaleAt(at)
	if !c.seen || scale != c.scale {
		c.seen, c.scale = true, scale
		c.show()
	}
}

func (s *Session) scaleAt(p geom.Point) geom.Scale {
	for _, o := range s.outputs {
		if p.In(o.scene.Logical()) {
			return o.info.Scale
		}
	}
	return geom.ScaleOne
}

// dragIcon is the picture that a drag takes along.
type dragIcon struct {
	surface *surfaces.Surface
	at      geom.Point // offset from the pointer
}

// DragIcon implements wayland.Shell.
func (s *Session) DragIcon(st *seat.Seat, sf *surfaces.Surface, at geom.Point) {
	d := &s.drag
	if v := s.visitorAt(st); v != nil {
		d = &v.drag
	}
	if d.surface != nil && d.surface != sf && !d.surface.Destroyed() {
		d.surface.Tree().SetEnabled(false)
	}
	if sf != nil && sf != d.surface {
		sf.Tree().Reparent(s.layers.drag)
	}
	d.surface, d.at = sf, at
	if sf != nil {
		sf.Tree().SetEnabled(true)
		d.move(st.Position().Floor())
	}
}

func (d *dragIcon) move(p geom.Point) {
	if d.surface != nil {
		d.surface.Tree().SetPosition(p.X+d.at.X, p.Y+d.at.Y)
	}
}
