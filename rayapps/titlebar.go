package rayapps

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/surfaces/protocol"
)

// titleBar is what the window has above its view where the compositor draws no
// frame around it.
type titleBar struct{ on bool }

// barHeight is its height, in logical pixels.
const barHeight = 36

func (b *titleBar) height() int32 {
	if b.on {
		return barHeight
	}
	return 0
}

func (b *titleBar) set(w *Window, on bool) {
	if b.on != on {
		b.on = on
		w.root.Invalidate()
	}
}

// around puts the bar above a view.
func (b *titleBar) around(w *Window, n ui.Node) ui.Node {
	if w.states.fullscreen {
		return n
	}
	size, what := icon.Maximise, lang.T("Maximise")
	if w.states.maximized {
		size, what = icon.Restore, lang.T("Restore size")
	}
	name := ui.Label{Text: w.title, Bold: true, Lines: 1}
	if !w.states.active {
		name.Color = w.Theme().Text2
	}
	return outlined{!w.states.maximized, ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ui.Sized{H: barHeight, Child: ui.Surface{
			Fill: w.Theme().Surface2, Insets: ui.Sides(theme.Space3, theme.Space1),
			Child: ui.Row{Align: ui.Centre, Gap: theme.Space1, Children: ui.Nodes{
				ui.Expand{Child: handle{w, name}},
				ui.IconButton(icon.Minimise, lang.T("Minimise"), func() { w.toplevel.SetMinimized() }),
				ui.IconButton(size, what, w.toggleMaximized),
				ui.IconButton(icon.Close, lang.T("Close"), w.asked),
			}},
		}},
		ui.Expand{Child: n},
	}}}
}

// outlined draws a line around a window, on its outermost pixels.
type outlined struct {
	on    bool
	child ui.Node
}

// Build implements ui.Parent.
func (o outlined) Build(*ui.Element) []ui.Node { return []ui.Node{o.child} }

// Layout implements ui.Node.
func (o outlined) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return size
}

// Paint implements ui.Node.
func (outlined) Paint(*ui.Element, *ui.Painter) {}

// PaintOver implements ui.Overpainter.
func (o outlined) PaintOver(e *ui.Element, p *ui.Painter) {
	if o.on {
		p.Frame(e.Box(), 0, 0, e.Theme().Outline)
	}
}

func (w *Window) toggleMaximized() {
	if w.states.maximized {
		w.toplevel.UnsetMaximized()
	} else {
		w.toplevel.SetMaximized()
	}
}

// handle is where the window can be moved by.
type handle struct {
	w    *Window
	name ui.Label
}

// Build implements ui.Parent.
func (h handle) Build(*ui.Element) []ui.Node { return []ui.Node{h.name} }

// Layout implements ui.Node.
func (h handle) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c.Loosen())
	size := c.Clamp(geom.Size{W: c.MaxW, H: barHeight - 2*theme.Space1})
	e.Child(0).Place(0, (size.H-s.H)/2)
	return size
}

// Paint implements ui.Node.
func (handle) Paint(*ui.Element, *ui.Painter) {}

// Handle implements ui.Handler.
func (h handle) Handle(_ *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	s := h.w.host.seat
	if !ok || p.Kind != ui.PointerPress || s == nil {
		return false
	}
	switch {
	case p.Button == ui.LeftButton && p.Clicks == 2:
		h.w.toggleMaximized()
	case p.Button == ui.LeftButton:
		h.w.toplevel.Move(s.seat, s.held)
	case p.Button == ui.RightButton && s.pointer != nil:
		at := s.pointer.event.Pos.Floor()
		h.w.toplevel.ShowWindowMenu(s.seat, s.held, at.X, at.Y)
	}
	return true
}

// edgeWidth is how near to an edge a press resizes, in logical pixels.
const edgeWidth = 5

// edgeAt returns the edge at a point of a window that has no frame.
func (w *Window) edgeAt(p geom.Point) (protocol.XdgToplevelResizeEdge, bool) {
	if !w.bar.on || w.states.maximized || w.states.fullscreen || w.states.tiled {
		return 0, false
	}
	e := protocol.XdgToplevelResizeEdgeNone
	switch {
	case p.Y < edgeWidth:
		e |= protocol.XdgToplevelResizeEdgeTop
	case p.Y >= w.size.H-edgeWidth:
		e |= protocol.XdgToplevelResizeEdgeBottom
	}
	switch {
	case p.X < edgeWidth:
		e |= protocol.XdgToplevelResizeEdgeLeft
	case p.X >= w.size.W-edgeWidth:
		e |= protocol.XdgToplevelResizeEdgeRight
	}
	return e, e != protocol.XdgToplevelResizeEdgeNone
}

// grabEdge begins to resize the window if a press at p is for that.
func (w *Window) grabEdge(p geom.Point) bool {
	e, on := w.edgeAt(p)
	if on {
		w.toplevel.Resize(w.host.seat.seat, w.host.seat.held, e)
	}
	return on
}

// edgeShapes are the pointer's over edges.
var edgeShapes = map[protocol.XdgToplevelResizeEdge]protocol.WpCursorShapeDeviceV1Shape{
	protocol.XdgToplevelResizeEdgeTop:         protocol.WpCursorShapeDeviceV1ShapeNResize,
	protocol.XdgToplevelResizeEdgeBottom:      protocol.WpCursorShapeDeviceV1ShapeSResize,
	protocol.XdgToplevelResizeEdgeLeft:        protocol.WpCursorShapeDeviceV1ShapeWResize,
	protocol.XdgToplevelResizeEdgeRight:       protocol.WpCursorShapeDeviceV1ShapeEResize,
	protocol.XdgToplevelResizeEdgeTopLeft:     protocol.WpCursorShapeDeviceV1ShapeNwResize,
	protocol.XdgToplevelResizeEdgeTopRight:    protocol.WpCursorShapeDeviceV1ShapeNeResize,
	protocol.XdgToplevelResizeEdgeBottomLeft:  protocol.WpCursorShapeDeviceV1ShapeSwResize,
	protocol.XdgToplevelResizeEdgeBottomRight: protocol.WpCursorShapeDeviceV1ShapeSeResize,
}
