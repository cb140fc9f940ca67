package wayland

import (
	"math"

	"rayos/geom"
	"rayos/surfaces/layer"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addLayerShell() {
	s.addPrivilegedGlobal(&protocol.ZwlrLayerShellV1Interface, 5, func(c *Client, id, version uint32) {
		h := &layerShell{c: c, res: server.NewZwlrLayerShellV1(c.conn, id, version)}
		h.res.Handler = h
	})
}

// layerShell is zwlr_layer_shell_v1.
type layerShell struct {
	c   *Client
	res *server.ZwlrLayerShellV1
}

func (*layerShell) Destroy(*server.ZwlrLayerShellV1) {}

// GetLayerSurface makes a surface part of the desktop.
func (h *layerShell) GetLayerSurface(res *server.ZwlrLayerShellV1, id *server.ZwlrLayerSurfaceV1, surf *server.WlSurface, out *server.WlOutput, l protocol.ZwlrLayerShellV1Layer, _ string) {
	s := surfaceOf(surf)
	p := &layerSurface{popupParent: popupParent{s: s}, shell: h, res: id, closed: true}
	id.Handler = p
	switch {
	case !l.Valid():
		res.PostError(protocol.ZwlrLayerShellV1ErrorInvalidLayer, "%d is no layer", l)
		return
	case s.xdg != nil || !s.mayBe(p):
		res.PostError(protocol.ZwlrLayerShellV1ErrorRole, "wl_surface@%d is in use as %s", surf.ID(), s.roleName)
		return
	case s.core.HasBuffer() || s.core.Pending.Buffer != nil:
		res.PostError(protocol.ZwlrLayerShellV1ErrorAlreadyConstructed, "wl_surface@%d has a buffer already", surf.ID())
		return
	}
	o := h.c.srv.shell.PreferredOutput()
	if out != nil {
		o = out.Handler.(*outputHandler).output
	}
	s.setRole(p)
	p.start(o, Layer(l))
}

// SetSize asks for a size; 0 stretches between two edges.
func (p *layerSurface) SetSize(res *server.ZwlrLayerSurfaceV1, w, h uint32) {
	if w > math.MaxInt32 || h > math.MaxInt32 {
		res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidSize, "size %dx%d", w, h)
		return
	}
	p.pending.item.Size = geom.Size{W: min(int32(w), maxCoordinate), H: min(int32(h), maxCoordinate)}
}

// SetAnchor sticks the surface to edges.
func (p *layerSurface) SetAnchor(res *server.ZwlrLayerSurfaceV1, a protocol.ZwlrLayerSurfaceV1Anchor) {
	if a > 15 {
		res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidAnchor, "%#x is no set of edges", uint32(a))
		return
	}
	p.pending.item.Anchor = layer.Anchor(a)
}

// SetExclusiveZone keeps windows away from the surface.
func (p *layerSurface) SetExclusiveZone(_ *server.ZwlrLayerSurfaceV1, zone int32) {
	p.pending.item.Zone = zone
}

// SetExclusiveEdge chooses the edge of the zone.
func (p *layerSurface) SetExclusiveEdge(res *server.ZwlrLayerSurfaceV1, e protocol.ZwlrLayerSurfaceV1Anchor) {
	if e != 0 && (e > 15 || !layer.Anchor(e).Single()) {
		res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidExclusiveEdge, "%#x is not one edge", uint32(e))
		return
	}
	p.pending.item.Edge = layer.Anchor(e)
}

// SetMargin keeps a distance from the anchored edges.
func (p *layerSurface) SetMargin(_ *server.ZwlrLayerSurfaceV1, top, right, bottom, left int32) {
	p.pending.item.Margin = layer.Margin{Top: top, Right: right, Bottom: bottom, Left: left}
}

// SetKeyboardInteractivity says when the surface wants the keyboard. Before
// version 4 the argument was a truth value.
func (p *layerSurface) SetKeyboardInteractivity(res *server.ZwlrLayerSurfaceV1, k protocol.ZwlrLayerSurfaceV1KeyboardInteractivity) {
	switch {
	case res.Version() < 4 && k != 0:
		k = protocol.ZwlrLayerSurfaceV1KeyboardInteractivityExclusive
	case !k.Valid():
		res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidKeyboardInteractivity, "%d is no keyboard interactivity", k)
		return
	}
	p.pending.keys = k
}

// SetLayer moves the surface to another layer.
func (p *layerSurface) SetLayer(res *server.ZwlrLayerSurfaceV1, l protocol.ZwlrLayerShellV1Layer) {
	if !l.Valid() {
		const code, text = protocol.ZwlrLayerShellV1ErrorInvalidLayer, "%d is no layer"
		if p.shell.res.Alive() {
			p.shell.res.PostError(code, text, l)
			return
		}
		res.PostErrorCode(uint32(code), text, l)
		return
	}
	p.pending.layer = Layer(l)
}

// GetPopup hangs a popup that has no parent yet above the surface.
func (p *layerSurface) GetPopup(res *server.ZwlrLayerSurfaceV1, popup *server.XdgPopup) {
	if err := p.adoptPopup(popup); err != "" {
		res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState, "xdg_popup@%d %s", popup.ID(), err)
	}
}

// AckConfigure says that the next commit answers a configure.
func (p *layerSurface) AckConfigure(res *server.ZwlrLayerSurfaceV1, serial uint32) {
	for i, s := range p.asked {
		if s == serial {
			p.asked = append(p.asked[:0], p.asked[i+1:]...)
			p.configured = true
			return
		}
	}
	if !p.closed {
		res.PostError(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState, "configure %d was not sent or was answered", serial)
	}
}

// Destroy takes the surface off the desktop.
func (*layerSurface) Destroy(*server.ZwlrLayerSurfaceV1) {}
