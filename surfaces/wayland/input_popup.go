package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
)

// inputPopup is zwp_input_popup_surface_v2: candidates and hints of an input
// method, shown at the text cursor while there is one.
type inputPopup struct {
	m    *inputMethod
	s    *surface
	res  *server.ZwpInputPopupSurfaceV2
	tree *scene.Tree // origin is that of the surface; nil when it is gone
	at   geom.Point  // in the layout
	rect geom.Rect   // of the cursor as the client was told, relative to at
	told bool
}

func (p *inputPopup) start() {
	if p.m.over {
		return
	}
	p.tree = p.m.c.srv.shell.InputTree().NewTree()
	p.tree.SetEnabled(false)
	t := p.s.core.Tree()
	t.Reparent(p.tree)
	t.SetEnabled(true)
	p.m.popups = append(p.m.popups, p)
}

func (*inputPopup) roleName() string     { return "zwp_input_popup_surface_v2" }
func (*inputPopup) commit(*surface) bool { return true }

func (p *inputPopup) committed(s *surface, set surfaces.Fields) {
	if s.core.Resized() || set&surfaces.FieldBuffer != 0 {
		p.arrange()
	}
}

func (p *inputPopup) surfaceGone(*surface) { p.end() }

func (*inputPopup) Destroy(*server.ZwpInputPopupSurfaceV2) {}

// ResourceDestroyed takes the popup off the screen.
func (p *inputPopup) ResourceDestroyed() {
	p.end()
	if p.s.role == role(p) {
		p.s.dropRole()
	}
}

func (p *inputPopup) end() {
	if p.tree == nil {
		return
	}
	p.m.popups = remove(p.m.popups, p)
	p.s.core.Tree().Reparent(p.m.c.srv.limbo)
	p.tree.Destroy()
	p.tree = nil
}

func (p *inputPopup) hide() {
	if p.tree != nil {
		p.show(false)
	}
}

// show lets the pointer follow what appears or goes under it.
func (p *inputPopup) show(on bool) {
	if p.tree.Enabled() != on {
		p.tree.SetEnabled(on)
		p.m.c.srv.Loop.Idle(p.m.g.seat.Refocus)
	}
}

// arrange places the popups of the input method anew.
func (m *inputMethod) arrange() {
	for _, p := range m.popups {
		p.arrange()
	}
}

// arrange shows the popup below the text cursor, above it where there is no
// room, or hides it when no text is wanted or the cursor is not on screen.
func (p *inputPopup) arrange() {
	m := p.m
	if p.tree == nil {
		return
	}
	if m.over || !m.active || !p.s.core.HasBuffer() {
		p.hide()
		return
	}
	cursor, ok := m.g.compose.text.cursor()
	if !ok {
		p.hide()
		return
	}
	bounds := p.m.c.srv.outputArea(cursor)
	p.at = besideCursor(cursor, p.s.core.Size(), bounds)
	p.tree.SetPosition(p.at.X, p.at.Y)
	p.show(true)
	if r := cursor.Add(geom.Point{X: -p.at.X, Y: -p.at.Y}); !p.told || r != p.rect {
		p.rect, p.told = r, true
		p.res.SendTextInputRectangle(r.X0, r.Y0, r.W(), r.H())
	}
}

// cursor returns where the text cursor is in the layout. A client that doesn't
// tell has it in the corner below its surface.
func (t *textInput) cursor() (geom.Rect, bool) {
	at, on := t.surface.core.Node().AbsPosition()
	r := t.current.rect
	if t.current.set&textRect == 0 {
		h := t.surface.core.Size().H
		r = geom.Rect{Y0: h, Y1: h}
	}
	return r.Add(at), on
}

// outputArea returns the output that a rectangle is on, or else the first.
func (s *Server) outputArea(r geom.Rect) geom.Rect {
	c := geom.Point{X: (r.X0 + r.X1) / 2, Y: (r.Y0 + r.Y1) / 2}
	for _, o := range s.outputs {
		if c.In(o.Logical) {
			return o.Logical
		}
	}
	if len(s.outputs) > 0 {
		return s.outputs[0].Logical
	}
	return geom.Rect{}
}

// besideCursor returns where a popup of a size goes: below the cursor, above it
// if only there is room, and inside of the bounds as far as it fits.
func besideCursor(cursor geom.Rect, size geom.Size, bounds geom.Rect) geom.Point {
	at := geom.Point{X: cursor.X0, Y: cursor.Y1}
	if at.Y+size.H > bounds.Y1 && cursor.Y0-size.H >= bounds.Y0 {
		at.Y = cursor.Y0 - size.H
	}
	return geom.Point{
		X: max(min(at.X, bounds.X1-size.W), bounds.X0),
		Y: max(min(at.Y, bounds.Y1-size.H), bounds.Y0),
	}
}

// refreshInputPopups follows the windows.
func (s *Server) refreshInputPopups() {
	for _, g := range s.seats {
		if m := g.compose.method; m != nil && m.active {
			m.arrange()
		}
	}
}
