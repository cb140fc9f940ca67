package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addXdgShell() {
	s.addGlobal(&protocol.XdgWmBaseInterface, 7, func(c *Client, id, version uint32) {
		w := &wmBase{c: c}
		w.res = server.NewXdgWmBase(c.conn, id, version)
		w.res.Handler = w
	})
}

// wmBase is xdg_wm_base.
type wmBase struct {
	c        *Client
	res      *server.XdgWmBase
	surfaces int // xdg_surfaces alive
}

// Destroy is refused while surfaces made from it live.
func (w *wmBase) Destroy(res *server.XdgWmBase) {
	if w.surfaces > 0 {
		res.PostError(protocol.XdgWmBaseErrorDefunctSurfaces, "%d xdg_surfaces are left", w.surfaces)
	}
}

// CreatePositioner makes an empty positioner.
func (*wmBase) CreatePositioner(_ *server.XdgWmBase, id *server.XdgPositioner) {
	id.Handler = &positioner{}
}

// GetXdgSurface prepares a surface to be a toplevel or popup.
func (w *wmBase) GetXdgSurface(res *server.XdgWmBase, id *server.XdgSurface, surf *server.WlSurface) {
	s := surfaceOf(surf)
	x := &xdgSurface{popupParent: popupParent{s: s}, wm: w, res: id}
	id.Handler = x
	w.surfaces++
	switch {
	case s.role != nil || s.xdg != nil || !mayBeXdg(s.roleName):
		res.PostError(protocol.XdgWmBaseErrorRole, "wl_surface@%d is in use as %s", surf.ID(), s.roleName)
		return
	case s.core.HasBuffer() || s.core.Pending.Buffer != nil:
		res.PostError(protocol.XdgWmBaseErrorInvalidSurfaceState, "wl_surface@%d has a buffer already", surf.ID())
		return
	}
	s.xdg = x
	x.tree = w.c.srv.limbo.NewTree()
	x.popupTree = x.tree.NewTree()
}

// mayBeXdg reports whether a surface that has had a role can be an
// xdg_surface: a role is for life.
func mayBeXdg(role string) bool {
	return role == "" || role == "xdg_toplevel" || role == "xdg_popup"
}

// Pong answers a ping.
func (*wmBase) Pong(*server.XdgWmBase, uint32) {}
