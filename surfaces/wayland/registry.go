package wayland

import (
	"slices"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// global is something that clients can bind.
type global struct {
	name    uint32
	iface   *wire.Interface
	version uint32
	bind    func(c *Client, id, version uint32)
	removed bool // announced as gone; late binds are still answered
	// privileged globals give power over other clients, or see them.
	privileged bool
	// xwayland globals are for X servers alone.
	xwayland bool
	// guest globals are for virtual machines alone.
	guest bool
}

// mayUse reports whether a client is told of a global and may bind it. A
// sandboxed one gets only what gives it no power over others, a virtual machine
// only what it needs.
func (c *Client) mayUse(g *global) bool {
	if g.xwayland && c.xwayland == nil || g.guest && c.guest == nil {
		return false
	}
	if c.guest != nil {
		return c.guest.mayUse(g.iface.Name)
	}
	if c.app != "" {
		return c.allowed[g.iface.Name]
	}
	return !g.privileged || c.owner.Trust != surfaces.TrustSandboxed
}

// addGlobal announces a global to everyone.
func (s *Server) addGlobal(iface *wire.Interface, version uint32, bind func(c *Client, id, version uint32)) *global {
	return s.announce(&global{iface: iface, version: version, bind: bind})
}

// addPrivilegedGlobal announces a global to everyone outside of a sandbox: one
// that shows other clients' content, acts on their windows or types for the
// person.
func (s *Server) addPrivilegedGlobal(iface *wire.Interface, version uint32, bind func(c *Client, id, version uint32)) *global {
	return s.announce(&global{iface: iface, version: version, bind: bind, privileged: true})
}

// EachGlobal tells of all globals that ordinary clients are told of, in that
// order.
func (s *Server) EachGlobal(fn func(iface string, version uint32)) {
	for _, g := range s.globals {
		if !g.removed && !g.xwayland && !g.guest {
			fn(g.iface.Name, g.version)
		}
	}
}

func (s *Server) announce(g *global) *global {
	s.names++
	g.name = s.names
	s.globals = append(s.globals, g)
	for _, c := range s.clients {
		if !c.mayUse(g) {
			continue
		}
		for _, r := range c.registries {
			r.res.SendGlobal(g.name, g.iface.Name, g.version)
		}
	}
	return g
}

// maxRemoved is how many globals are kept that are gone. A client that is so
// many behind has slept for very long.
const maxRemoved = 64

// removeGlobal takes a global back. It stays in the table, so that a bind
// which crosses the removal is no error.
func (s *Server) removeGlobal(g *global) {
	g.removed = true
	if s.removed++; s.removed > maxRemoved {
		first := slices.IndexFunc(s.globals, func(g *global) bool { return g.removed })
		s.globals = slices.Delete(s.globals, first, first+1)
		s.removed--
	}
	for _, c := range s.clients {
		if !c.mayUse(g) {
			continue
		}
		for _, r := range c.registries {
			r.res.SendGlobalRemove(g.name)
		}
	}
}

// displayHandler is wl_display: id 1 of every client.
type displayHandler struct{ c *Client }

func newDisplay(c *Client) {
	server.NewWlDisplay(c.conn, 1, 1).Handler = &displayHandler{c}
}

// Sync answers at once: requests are served in order.
func (d *displayHandler) Sync(_ *server.WlDisplay, callback *server.WlCallback) {
	callback.SendDone(d.c.srv.Seat.Serial())
}

// GetRegistry announces all globals.
func (d *displayHandler) GetRegistry(_ *server.WlDisplay, res *server.WlRegistry) {
	r := &registry{c: d.c, res: res}
	res.Handler = r
	d.c.registries = append(d.c.registries, r)
	for _, g := range d.c.srv.globals {
		if !g.removed && d.c.mayUse(g) {
			res.SendGlobal(g.name, g.iface.Name, g.version)
		}
	}
}

type registry struct {
	c   *Client
	res *server.WlRegistry
}

// Bind makes an object of a global.
func (r *registry) Bind(res *server.WlRegistry, name uint32, iface string, version, id uint32) {
	for _, g := range r.c.srv.globals {
		if g.name != name || !r.c.mayUse(g) {
			continue
		}
		switch {
		case iface != g.iface.Name:
			res.PostErrorCode(uint32(protocol.WlDisplayErrorInvalidObject), "global %d is %s, not %s", name, g.iface.Name, iface)
		case version == 0 || version > g.version:
			res.PostErrorCode(uint32(protocol.WlDisplayErrorInvalidObject), "%s has version %d, not %d", iface, g.version, version)
		default:
			if r.c.bound != nil {
				r.c.bound(iface)
			}
			g.bind(r.c, id, version)
		}
		return
	}
	res.PostErrorCode(uint32(protocol.WlDisplayErrorInvalidObject), "there is no global %d", name)
}

// ResourceDestroyed forgets the registry.
func (r *registry) ResourceDestroyed() {
	r.c.registries = remove(r.c.registries, r)
}
