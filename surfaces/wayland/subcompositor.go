package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addSubcompositor() {
	s.addGlobal(&protocol.WlSubcompositorInterface, 1, func(c *Client, id, version uint32) {
		server.NewWlSubcompositor(c.conn, id, version).Handler = subcompositor{}
	})
}

type subcompositor struct{}

func (subcompositor) Destroy(*server.WlSubcompositor) {}

// GetSubsurface makes a surface part of another.
func (subcompositor) GetSubsurface(res *server.WlSubcompositor, id *server.WlSubsurface, surf, par *server.WlSurface) {
	s, parent := surfaceOf(surf), surfaceOf(par)
	sub := &subsurface{s: s, res: id}
	id.Handler = sub
	if parent.core.HasAncestor(s.core) {
		res.PostError(protocol.WlSubcompositorErrorBadParent, "wl_surface@%d is wl_surface@%d or below it", par.ID(), surf.ID())
		return
	}
	if parent.core.Depth()+1+s.core.Height() > maxSubsurfaceDepth {
		res.PostError(protocol.WlSubcompositorErrorBadParent, "more than %d levels of subsurfaces", maxSubsurfaceDepth)
		return
	}
	if parent.core.ChildCount() >= maxSubsurfaces {
		res.PostError(protocol.WlSubcompositorErrorBadParent, "more than %d subsurfaces", maxSubsurfaces)
		return
	}
	if s.xdg != nil || !s.setRole(sub) {
		res.PostError(protocol.WlSubcompositorErrorBadSurface, "wl_surface@%d is a %s already", surf.ID(), s.roleName)
		return
	}
	s.core.Join(parent.core)
}

// Bounds of a surface tree: what is done for it recurses over its levels and
// searches among siblings.
const (
	maxSubsurfaceDepth = 64
	maxSubsurfaces     = 512
)

// subsurface is the role of a part of a window.
type subsurface struct {
	s   *surface // nil when the wl_surface is gone
	res *server.WlSubsurface
}

func (*subsurface) roleName() string                        { return "wl_subsurface" }
func (*subsurface) commit(*surface) bool                    { return true }
func (*subsurface) committed(_ *surface, _ surfaces.Fields) {}
func (b *subsurface) surfaceGone(*surface)                  { b.s = nil }

func (*subsurface) Destroy(*server.WlSubsurface) {}

// ResourceDestroyed takes the surface out of its parent at once.
func (b *subsurface) ResourceDestroyed() {
	if b.s == nil || b.s.role != role(b) {
		return
	}
	b.s.c.srv.treeChanged(b.s)
	b.s.core.Leave()
	b.s.dropRole()
}

// SetPosition moves with the parent's next commit.
func (b *subsurface) SetPosition(_ *server.WlSubsurface, x, y int32) {
	if b.s != nil {
		b.s.core.SetPosition(geom.Point{X: x, Y: y})
	}
}

// PlaceAbove restacks with the parent's next commit.
func (b *subsurface) PlaceAbove(res *server.WlSubsurface, sibling *server.WlSurface) {
	b.place(res, sibling, true)
}

// PlaceBelow restacks with the parent's next commit.
func (b *subsurface) PlaceBelow(res *server.WlSubsurface, sibling *server.WlSurface) {
	b.place(res, sibling, false)
}

func (b *subsurface) place(res *server.WlSubsurface, sibling *server.WlSurface, above bool) {
	if b.s == nil || b.s.core.Parent() == nil {
		return
	}
	if !b.s.core.Place(surfaceOf(sibling).core, above) {
		res.PostError(protocol.WlSubsurfaceErrorBadSurface, "wl_surface@%d is neither the parent nor a sibling", sibling.ID())
	}
}

// SetSync makes commits wait for the parent.
func (b *subsurface) SetSync(*server.WlSubsurface) { b.setDesync(false) }

// SetDesync lets commits through at once.
func (b *subsurface) SetDesync(*server.WlSubsurface) { b.setDesync(true) }

func (b *subsurface) setDesync(on bool) {
	if b.s != nil {
		b.s.core.SetDesync(on)
	}
}
