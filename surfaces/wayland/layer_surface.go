package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/layer"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// Layer is one of the planes below and above the windows. The numbers are
// those of zwlr_layer_shell_v1.layer.
type Layer uint8

// Layers, bottom to top. Windows are between LayerBottom and LayerTop, those
// that are fullscreen between LayerTop and LayerOverlay.
const (
	LayerBackground Layer = iota
	LayerBottom
	LayerTop
	LayerOverlay

	layers = 4
)

// PanelShell is what layer surfaces need of the session.
type PanelShell interface {
	// LayerTree returns the tree that surfaces of a layer hang in. Its
	// origin is that of the layout.
	LayerTree(l Layer) *scene.Tree
	// PreferredOutput returns where to show what has no wish, or nil.
	PreferredOutput() *Output
	// UsableChanged: panels leave another part of o to the windows.
	UsableChanged(o *Output, usable geom.Rect)
	// KeyboardChanged: PanelFocus or LockFocus may return something else.
	KeyboardChanged()
}

// panels is what a Server keeps for layer surfaces.
type panels struct {
	demand *layerSurface // has the keyboard because it was pressed, or nil

	list  []*layerSurface // scratch of arrangePanels
	items []layer.Item
	spots []layer.Spot
}

// layerSurface is zwlr_layer_surface_v1: a panel, a dock, a background, a
// launcher.
type layerSurface struct {
	popupParent
	shell  *layerShell
	res    *server.ZwlrLayerSurfaceV1
	output *Output     // nil when closed
	tree   *scene.Tree // origin is that of the surface, nil when it never had an output

	pending layerState
	current layerState
	commits []layerState // that are on their way to become current

	closed     bool     // never had an output, or lost it
	opened     bool     // the initial commit was made
	configured bool     // a configure was acknowledged
	asked      []uint32 // serials sent and not acknowledged
	sent       geom.Size
	spot       layer.Spot
	at         geom.Point // where it is, in the layout
}

// layerState is what the client has asked for, as of a commit.
type layerState struct {
	item  layer.Item
	layer Layer
	keys  protocol.ZwlrLayerSurfaceV1KeyboardInteractivity
}

// maxLayerSurfaces bounds what one output carries: each commit of one may
// arrange them all.
const maxLayerSurfaces = 512

// start puts the surface on an output.
func (p *layerSurface) start(o *Output, l Layer) {
	p.pending.layer, p.current.layer = l, l
	if o == nil || o.gone || len(o.panels) >= maxLayerSurfaces {
		p.res.SendClosed()
		return
	}
	p.closed, p.output = false, o
	o.panels = append(o.panels, p)
	p.tree = p.srv().shell.LayerTree(l).NewTree()
	t := p.s.core.Tree()
	t.Reparent(p.tree)
	t.SetEnabled(true)
	p.popupTree = p.tree.NewTree()
}

func (p *layerSurface) srv() *Server { return p.shell.c.srv }

func (*layerSurface) roleName() string   { return "zwlr_layer_surface_v1" }
func (*layerSurface) needsSurface() bool { return true }

func (p *layerSurface) commit(s *surface) bool {
	it := &p.pending.item
	switch {
	case p.closed:
	case !it.Fits():
		p.res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidSize, "size %v, but not between two opposite edges", it.Size)
		return false
	case it.Edge&^it.Anchor != 0:
		p.res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidExclusiveEdge, "the exclusive edge is not anchored")
		return false
	case s.pending().Buffer != nil && !p.configured && !p.srv().lenient:
		p.res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState, "a buffer before the first configure was acknowledged")
		return false
	}
	p.commits = append(p.commits, p.pending)
	return true
}

func (p *layerSurface) committed(s *surface, _ surfaces.Fields) {
	before := p.current
	if len(p.commits) > 0 { // none of its own: committed before it had the role
		p.current = p.commits[0]
		p.commits = append(p.commits[:0], p.commits[1:]...)
	}
	if p.closed {
		return
	}
	p.current.item.Mapped = s.core.HasBuffer()
	was := p.mapped
	p.mapped = p.current.item.Mapped
	switch {
	case was && !p.mapped:
		p.unmap()
	case !p.mapped && !p.opened:
		p.opened = true
		p.output.arrangePanels()
	case p.current != before || s.core.Resized():
		p.restack(before.layer, !was)
		p.output.arrangePanels()
	}
	if p.mapped && !was && p.greets() {
		p.srv().panels.demand = p
	}
	if was != p.mapped || p.current.keys != before.keys || p.current.layer != before.layer {
		p.srv().shell.KeyboardChanged()
	}
}

// greets reports whether the surface gets the keyboard when it appears, as
// windows do: a launcher was opened to be typed into. A bar, which others make
// room for, waits for a press.
func (p *layerSurface) greets() bool {
	return p.current.keys == protocol.ZwlrLayerSurfaceV1KeyboardInteractivityOnDemand &&
		p.current.layer >= LayerTop && p.current.item.Zone <= 0
}

// restack brings the surface to the top of its layer when it is new there.
func (p *layerSurface) restack(before Layer, fresh bool) {
	if p.current.layer != before {
		p.tree.Reparent(p.srv().shell.LayerTree(p.current.layer))
	} else if fresh {
		p.tree.Raise()
	}
}

// unmap goes back to before the initial commit.
func (p *layerSurface) unmap() {
	p.dismissPopups()
	p.s.withdraw()
	p.mapped, p.current.item.Mapped = false, false
	p.opened, p.configured = false, false
	p.asked = p.asked[:0]
	p.sent = geom.Size{}
	p.output.arrangePanels()
}

// configure asks for a size, if the client doesn't know of it.
func (p *layerSurface) configure(size geom.Size) {
	if size == p.sent {
		return
	}
	p.sent = size
	if len(p.asked) >= maxAcks {
		p.asked = append(p.asked[:0], p.asked[1:]...)
	}
	serial := p.srv().Seat.Serial()
	p.asked = append(p.asked, serial)
	p.res.SendConfigure(serial, uint32(size.W), uint32(size.H))
}

// place shows the surface where its anchors want one of the size that was asked
// for: content that the client draws too small or too large lies in that corner.
func (p *layerSurface) place() {
	p.at = p.current.item.Place(p.spot.Bounds, p.spot.Size)
	p.tree.SetPosition(p.at.X, p.at.Y)
	p.react()
}

// adoptPopup returns what is wrong with the popup, "" for nothing.
func (p *layerSurface) adoptPopup(res *server.XdgPopup) string {
	pop := res.Handler.(*popup)
	switch {
	case pop.parent != nil:
		return "has a parent"
	case pop.done:
		return ""
	case pop.x.opened:
		return "was committed already"
	case p.closed:
		pop.dismiss()
		return ""
	}
	pop.adopt(&p.popupParent)
	return ""
}

// popupBounds lets menus use the whole output.
func (p *layerSurface) popupBounds() geom.Rect {
	return p.output.Logical.Add(geom.Point{X: -p.at.X, Y: -p.at.Y})
}

// close tells the client that the surface will not be shown any more.
func (p *layerSurface) close() {
	p.end()
	p.res.SendClosed()
}

// end takes the surface off its output.
func (p *layerSurface) end() {
	if p.closed {
		return
	}
	p.closed = true
	o := p.output
	p.unmap()
	o.panels = remove(o.panels, p)
	p.output = nil
	srv := p.srv()
	if srv.panels.demand == p {
		srv.panels.demand = nil
	}
	p.tree.SetEnabled(false)
	srv.shell.KeyboardChanged()
}

func (p *layerSurface) surfaceGone(*surface) { p.end() }

// ResourceDestroyed ends the surface's role.
func (p *layerSurface) ResourceDestroyed() {
	p.end()
	if p.s.role == role(p) {
		p.s.dropRole()
	}
	if p.tree != nil {
		p.popupTree.Destroy()
		p.tree.Destroy()
	}
}

// Usable returns what panels leave of the output for windows.
func (o *Output) Usable() geom.Rect { return o.usable }

// Reserve keeps the lowest part of the output, so many logical pixels, for the
// shell itself: neither windows nor panels get it.
func (o *Output) Reserve(bottom int32) {
	o.reserved = bottom
	o.arrangePanels()
}

// arrangePanels lays out the surfaces of all layers and tells the shell what
// is left.
func (o *Output) arrangePanels() {
	if o.gone {
		return
	}
	w := &o.srv.panels
	w.list, w.items = w.list[:0], w.items[:0]
	own := 0
	if o.reserved > 0 {
		own = 1
		w.items = append(w.items, layer.Item{
			Anchor: layer.Bottom | layer.Left | layer.Right, Size: geom.Size{H: o.reserved}, Zone: o.reserved, Mapped: true,
		})
	}
	for l := layers - 1; l >= 0; l-- {
		for _, p := range o.panels {
			if p.opened && int(p.current.layer) == l {
				w.list = append(w.list, p)
				w.items = append(w.items, p.current.item)
			}
		}
	}
	var usable geom.Rect
	w.spots, usable = layer.Arrange(w.spots[:0], o.Logical, w.items)
	for i, p := range w.list {
		p.spot = w.spots[own+i]
		p.configure(p.spot.Size)
		if p.mapped {
			p.place()
		}
		w.list[i] = nil
	}
	if usable != o.usable {
		o.usable = usable
		o.srv.shell.UsableChanged(o, usable)
	}
}

// closePanels ends all layer surfaces of an output that is gone.
func (o *Output) closePanels() {
	for len(o.panels) > 0 {
		o.panels[len(o.panels)-1].close()
	}
}

// panel returns the layer surface that s is part of, directly or as a popup,
// or nil.
func (s *surface) panel() *layerSurface {
	r, ok := s.core.Root().Data.(*surface)
	if !ok {
		return nil
	}
	if r.xdg != nil {
		b, _ := r.xdg.base()
		if b == nil {
			return nil
		}
		r = b.s
	}
	p, _ := r.role.(*layerSurface)
	return p
}

// PanelFocus returns the layer surface that should have the keyboard instead
// of a window: the topmost that wants it exclusively, or one on demand that
// was pressed last. nil leaves it to the windows.
func (s *Server) PanelFocus() seat.Focus {
	var best *layerSurface
	for _, o := range s.outputs {
		for _, p := range o.panels {
			if p.mapped && p.current.layer >= LayerTop && (best == nil || p.current.layer >= best.current.layer) &&
				p.current.keys == protocol.ZwlrLayerSurfaceV1KeyboardInteractivityExclusive {
				best = p
			}
		}
	}
	if best == nil {
		best = s.panels.demand
	}
	if best == nil || !best.mapped || best.current.keys == protocol.ZwlrLayerSurfaceV1KeyboardInteractivityNone {
		return nil
	}
	return best.s
}

// PanelPressed tells of a press on f. It reports whether f belongs to a layer
// surface, which then has the keyboard if it wants it; otherwise the windows
// get it back.
func (s *Server) PanelPressed(f seat.Focus) bool {
	var p *layerSurface
	if sf := surfaceBehind(f); sf != nil {
		p = sf.panel()
	}
	if p != nil && p.current.keys == protocol.ZwlrLayerSurfaceV1KeyboardInteractivityNone {
		return true
	}
	if p != s.panels.demand {
		s.panels.demand = p
		s.shell.KeyboardChanged()
	}
	return p != nil
}

// PanelAt reports whether f belongs to a layer surface, and whether that takes
// keys when it is pressed.
func (s *Server) PanelAt(f seat.Focus) (panel, keys bool) {
	sf := surfaceBehind(f)
	if sf == nil {
		return false, false
	}
	p := sf.panel()
	return p != nil, p != nil && p.current.keys != protocol.ZwlrLayerSurfaceV1KeyboardInteractivityNone
}

// ReleaseDemand gives the keyboard back to the windows, as when another one
// is activated.
func (s *Server) ReleaseDemand() {
	if s.panels.demand != nil {
		s.panels.demand = nil
		s.shell.KeyboardChanged()
	}
}
