package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// XwaylandHost is the window manager of an X server. It gives the server's
// surfaces a meaning; both ends tell it which surface is whose.
type XwaylandHost interface {
	// SurfaceCreated: the X server made a wl_surface. A WL_SURFACE_ID
	// message that named it before can be answered now.
	SurfaceCreated(id uint32)
	// SurfaceSerial: a commit said by xwayland_surface_v1 that the surface is
	// that of the window whose WL_SURFACE_SERIAL it names.
	SurfaceSerial(id uint32, serial uint64)
	// DragEnter: a Wayland program's drag is over a window. nil means that
	// it takes none.
	DragEnter(s *surfaces.Surface, o *DragOffer) DragTarget
}

// Xwayland is the connection of an X server, whose windows are wl_surfaces and
// whose coordinates are pixels of its own: Scale of them to a logical one.
type Xwayland struct {
	c     *Client
	host  XwaylandHost
	scale int32
}

// AddXwayland serves the connection of an X server; fd belongs to the server
// from here on. Only this client sees xwayland_shell_v1.
func (s *Server) AddXwayland(fd int, host XwaylandHost, scale int32) (*Xwayland, error) {
	c, err := s.AddClient(fd)
	if err != nil {
		return nil, err
	}
	c.xwayland = &Xwayland{c: c, host: host, scale: max(scale, 1)}
	return c.xwayland, nil
}

// Client is what the seat knows the X server as.
func (x *Xwayland) Client() any { return x.c }

// Close ends the connection.
func (x *Xwayland) Close() { x.c.close() }

// SetScale changes how many X pixels there are to a logical one. Surfaces
// follow with their next commit.
func (x *Xwayland) SetScale(k int32) {
	if k = max(k, 1); k == x.scale || x.c.gone {
		return
	}
	x.scale = k
	for i := range x.c.outputs {
		x.c.outputs[i].describe(x.c)
	}
}

// pixels is how many of the client's pixels make a logical one.
func (c *Client) pixels() int32 {
	if c.xwayland != nil {
		return c.xwayland.scale
	}
	return 1
}

// fixed turns a surface-local point into the client's coordinates.
func (c *Client) fixed(p geom.FPoint) (x, y geom.Fixed) {
	k := float64(c.pixels())
	return geom.FixedFromFloat(p.X * k), geom.FixedFromFloat(p.Y * k)
}

// outwards turns a rectangle of pixels, k of them to a logical one, into the
// logical one that holds it.
func outwards(r geom.Rect, k int32) geom.Rect {
	return geom.Rect{X0: floorDiv(r.X0, k), Y0: floorDiv(r.Y0, k), X1: ceilDiv(r.X1, k), Y1: ceilDiv(r.Y1, k)}
}

// inwards is the logical rectangle that it holds.
func inwards(r geom.Rect, k int32) geom.Rect {
	return geom.Rect{X0: ceilDiv(r.X0, k), Y0: ceilDiv(r.Y0, k), X1: floorDiv(r.X1, k), Y1: floorDiv(r.Y1, k)}
}

func ceilDiv(v, k int32) int32 {
	q := v / k
	if v%k > 0 {
		q++
	}
	return q
}

func floorDiv(v, k int32) int32 {
	q := v / k
	if v%k < 0 {
		q--
	}
	return q
}

// prepare is the first step of a commit: it says which window the surface is of,
// and how large the X server's pixels are.
func (x *Xwayland) prepare(s *surface) {
	if s.xserial != nil {
		s.xserial.latch()
	}
	if s.pixels != x.scale {
		s.pixels = x.scale
		p := s.pending()
		p.Scale = x.scale
		p.Set |= surfaces.FieldScale
	}
}

// XSurface is a wl_surface that shows an X11 window.
type XSurface struct {
	s *surface
	h XSurfaceHandler
}

// XSurfaceHandler hears of an XSurface.
type XSurfaceHandler interface {
	// Committing: a commit with a buffer of this size, in X pixels, is about
	// to be taken. It may be held back with Surface.Block.
	Committing(buffer geom.Size)
	// Committed: a state was applied.
	Committed(set surfaces.Fields)
	// SurfaceGone: the X server has destroyed it.
	SurfaceGone()
}

// Adopt makes the wl_surface with an id that of an X11 window. It reports false
// if there is none yet, or it has another role.
func (x *Xwayland) Adopt(id uint32, h XSurfaceHandler) (*XSurface, bool) {
	o, ok := x.c.conn.Object(id).(*server.WlSurface)
	if !ok || x.c.gone {
		return nil, false
	}
	s := surfaceOf(o)
	if old, ok := s.role.(*XSurface); ok {
		// The id is used anew: the window before has lost it.
		s.dropRole()
		old.h.SurfaceGone()
	}
	r := &XSurface{s: s, h: h}
	if s.xdg != nil || !s.setRole(r) {
		return nil, false
	}
	s.core.AnySize = true
	return r, true
}

// Core is the surface behind it.
func (r *XSurface) Core() *surfaces.Surface { return r.s.core }

// Focus is what the seat gives input to.
func (r *XSurface) Focus() seat.Focus { return r.s }

// Show hangs the surface's pixels under a tree.
func (r *XSurface) Show(t *scene.Tree) {
	r.s.core.Tree().Reparent(t)
	r.s.core.Tree().SetEnabled(true)
}

// Release takes the role away; the handler hears no more.
func (r *XSurface) Release() {
	if r.s.role == role(r) {
		r.s.dropRole()
	}
}

func (*XSurface) roleName() string { return "xwayland_surface_v1" }

func (r *XSurface) commit(s *surface) bool {
	if p := s.pending(); p.Set&surfaces.FieldBuffer != 0 && p.Buffer != nil {
		r.h.Committing(p.Buffer.Size())
	}
	return true
}

func (r *XSurface) committed(_ *surface, set surfaces.Fields) { r.h.Committed(set) }
func (r *XSurface) surfaceGone(*surface)                      { r.h.SurfaceGone() }

// NewWindowTree makes the node for the content of a window of the session's
// other kinds.
func (s *Server) NewWindowTree() *scene.Tree { return s.limbo.NewTree() }

// Advertises reports whether there is a global of an interface.
func (s *Server) Advertises(iface string) bool {
	for _, g := range s.globals {
		if g.iface.Name == iface && !g.removed {
			return true
		}
	}
	return false
}

// NewGuestID returns a new GuestSurface id.
func (s *Server) NewGuestID() uint64 { return s.nextGuestID() }

// ListWindow shows a mapped window of another kind to taskbars and pickers;
// UnlistWindow takes it off before it is unmapped.
func (s *Server) ListWindow(g *surfaces.GuestSurface) { s.windows.add(g) }

// UnlistWindow takes a window off the list.
func (s *Server) UnlistWindow(g *surfaces.GuestSurface) { s.windows.drop(g) }

// WatchSelections calls fn with what is in the first seat's clipboard and
// primary selection, now and after each change; nil when there is nothing.
func (s *Server) WatchSelections(fn func(primary bool, src DataSource)) {
	s.main.addController(selectionWatch{s.main, fn})
}

type selectionWatch struct {
	g  *seatGlobal
	fn func(primary bool, src DataSource)
}

func (w selectionWatch) tell(sel *selection) { w.fn(sel == w.g.primary, sel.source) }

// PrimarySelection returns what was marked last, or nil.
func (s *Server) PrimarySelection() DataSource { return s.main.primary.source }

// SetPrimarySelection marks something; nil unmarks.
func (s *Server) SetPrimarySelection(src DataSource) { s.main.primary.set(src) }

// DropSelection empties the selections that hold src, which has ended.
func (s *Server) DropSelection(src DataSource) {
	s.main.data.clipboard.drop(src)
	s.main.primary.drop(src)
}

// OwnerOf tells whose process pid is, for windows of programs that are no
// clients of their own. The pid must come from the kernel.
func OwnerOf(pid int32, uid, gid uint32) surfaces.Owner {
	if pid <= 0 {
		return surfaces.Owner{Trust: surfaces.TrustUnknown, Label: "unknown"}
	}
	return surfaces.Owner{PID: pid, UID: uid, GID: gid, Trust: surfaces.TrustSession, Label: programName(pid)}
}

// Owner is the X server's own.
func (x *Xwayland) Owner() surfaces.Owner { return x.c.owner }

func (s *Server) addXwaylandShell() {
	g := s.addPrivilegedGlobal(&protocol.XwaylandShellV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXwaylandShellV1(c.conn, id, version).Handler = &xwaylandShell{c}
	})
	g.xwayland = true
}

// xwaylandShell is xwayland_shell_v1.
type xwaylandShell struct{ c *Client }

func (*xwaylandShell) Destroy(*server.XwaylandShellV1) {}

// GetXwaylandSurface lets a surface name the window that it is of.
func (h *xwaylandShell) GetXwaylandSurface(res *server.XwaylandShellV1, id *server.XwaylandSurfaceV1, surf *server.WlSurface) {
	s := surfaceOf(surf)
	x := &xwaylandSurface{s: s}
	id.Handler = x
	if s.xserial != nil || s.xdg != nil || s.roleName != "" && s.roleName != (*XSurface)(nil).roleName() {
		res.PostError(protocol.XwaylandShellV1ErrorRole, "wl_surface@%d is in use as %s", surf.ID(), s.roleName)
		return
	}
	s.xserial = x
}

// xwaylandSurface is xwayland_surface_v1: a serial that takes effect with the
// next commit.
type xwaylandSurface struct {
	s      *surface
	serial uint64
	set    bool
	done   bool
}

// SetSerial names the window.
func (x *xwaylandSurface) SetSerial(res *server.XwaylandSurfaceV1, lo, hi uint32) {
	if x.done {
		res.PostError(protocol.XwaylandSurfaceV1ErrorAlreadyAssociated, "the surface has a serial")
		return
	}
	serial := uint64(hi)<<32 | uint64(lo)
	if serial == 0 {
		res.PostError(protocol.XwaylandSurfaceV1ErrorInvalidSerial, "0 is no serial")
		return
	}
	x.serial, x.set = serial, true
}

func (*xwaylandSurface) Destroy(*server.XwaylandSurfaceV1) {}

// ResourceDestroyed forgets what was not committed.
func (x *xwaylandSurface) ResourceDestroyed() {
	x.set = false
	if x.s.xserial == x {
		x.s.xserial = nil
	}
}

// latch tells of a serial with the commit.
func (x *xwaylandSurface) latch() {
	if x.set && !x.done {
		x.done = true
		x.s.c.xwayland.host.SurfaceSerial(x.s.res.ID(), x.serial)
	}
}
