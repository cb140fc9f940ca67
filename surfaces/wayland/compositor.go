package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addCompositor() {
	s.addGlobal(&protocol.WlCompositorInterface, 6, func(c *Client, id, version uint32) {
		server.NewWlCompositor(c.conn, id, version).Handler = &compositor{c}
	})
}

type compositor struct{ c *Client }

// CreateSurface makes a surface without a role.
func (h *compositor) CreateSurface(_ *server.WlCompositor, id *server.WlSurface) {
	if len(h.c.surfaces) >= maxSurfaces {
		h.c.conn.PostError(1, uint32(protocol.WlDisplayErrorNoMemory), "too many surfaces")
		return
	}
	newSurface(h.c, id)
	if x := h.c.xwayland; x != nil {
		x.host.SurfaceCreated(id.ID())
	}
}

// tooMany ends a client that takes more than its share.
func (c *Client) tooMany(what string) {
	c.conn.PostError(1, uint32(protocol.WlDisplayErrorNoMemory), what)
}

// maxSurfaces bounds the surfaces of one client: each takes part in what is
// done for every surface of the session.
const maxSurfaces = 1 << 14

// CreateRegion makes an empty region.
func (h *compositor) CreateRegion(_ *server.WlCompositor, id *server.WlRegion) {
	r := &region{k: h.c.pixels(), bill: bill{c: h.c}}
	r.bill.raise(bytesPerRegion)
	id.Handler = r
}

// maxRegionRects bounds what a client's region may cost. Beyond it the region
// grows to a cover of itself, which for input and opacity is what the field
// does with absurd shapes too.
const maxRegionRects = 1024

type region struct {
	geom.Region
	k    int32 // the client's pixels to a logical one
	bill bill
}

// bytesPerRegion is what an empty one takes.
const bytesPerRegion = 128

func (*region) Destroy(*server.WlRegion) {}

// ResourceDestroyed gives its memory back.
func (r *region) ResourceDestroyed() { r.bill.settle() }

func (r *region) changed() {
	r.Simplify(maxRegionRects)
	r.bill.raise(bytesPerRegion + r.Len()*bytesPerRect)
}

// Add adds a rectangle; an empty or negative one adds nothing.
func (r *region) Add(_ *server.WlRegion, x, y, w, h int32) {
	if w > 0 && h > 0 {
		r.UnionRect(outwards(geom.XYWH(x, y, w, h), r.k))
		r.changed()
	}
}

// Subtract takes a rectangle away.
func (r *region) Subtract(_ *server.WlRegion, x, y, w, h int32) {
	if w > 0 && h > 0 {
		r.SubtractRect(inwards(geom.XYWH(x, y, w, h), r.k))
		r.changed()
	}
}

// role is what gives a surface a meaning: toplevel, popup, subsurface, cursor,
// drag icon.
type role interface {
	// roleName is the interface name, for error messages. A surface keeps
	// it for life.
	roleName() string
	// commit checks the pending state just before it is taken. It returns
	// false after it has posted an error.
	commit(s *surface) bool
	// committed is told of each state that was applied.
	committed(s *surface, set surfaces.Fields)
	// surfaceGone: the wl_surface was destroyed before its role object.
	surfaceGone(s *surface)
}

// surface is wl_surface. It also is the first seat's view of it: see focus.go.
type surface struct {
	seated
	guests []*seated // views of the other seats
	shape  bill      // for its regions

	c    *Client
	res  *server.WlSurface
	core *surfaces.Surface

	role      role
	roleName  string      // the role that it has had, for life
	xdg       *xdgSurface // nil without one
	viewport  *server.WpViewport
	fraction  *fractionalScale
	alpha     *alphaModifier
	content   *contentType
	kde       *kdeDecoration
	pace      *pacing          // nil while it takes part in neither fifo nor timing
	entered   []*Output        // outputs that the client knows it is on
	scale     geom.Scale       // preferred scale told last, 0 before it is on an output
	transform geom.Transform   // preferred transform told last
	xserial   *xwaylandSurface // of the X server's
	machine   *rayosGuest      // of a virtual machine's window
	pixels    int32            // of the X server's, to a logical one, as committed last; 0 before
	gone      bool
	at        int // in c.surfaces
}

func newSurface(c *Client, res *server.WlSurface) *surface {
	s := &surface{c: c, res: res}
	s.seated = seated{s: s, sc: &c.seat}
	s.shape.c = c
	s.core = c.srv.Core.NewSurface(c.srv.limbo, s)
	s.core.Data = s
	s.core.AnySize = true // it may become a cursor
	res.Handler = s
	s.at = len(c.surfaces)
	c.surfaces = append(c.surfaces, s)
	return s
}

// surfaceOf returns the surface behind an object.
func surfaceOf(r *server.WlSurface) *surface {
	if r == nil {
		return nil
	}
	return r.Handler.(*surface)
}

// setRole claims the surface for a role. A surface keeps its first role for
// life; it reports false when it has another one or the object of this one
// still lives.
func (s *surface) setRole(r role) bool {
	if !s.mayBe(r) {
		return false
	}
	s.role, s.roleName = r, r.roleName()
	// Themes have cursors whose size is no multiple of the scale.
	_, s.core.AnySize = r.(*cursor)
	s.core.AnySize = s.core.AnySize || s.c.xwayland != nil
	return true
}

// mayBe reports whether setRole would take the role.
func (s *surface) mayBe(r role) bool {
	return s.role == nil && (s.roleName == "" || s.roleName == r.roleName())
}

// dropRole is called when the role's object goes.
func (s *surface) dropRole() {
	s.role = nil
	s.core.Tree().SetEnabled(false)
	if !s.gone {
		s.core.Tree().Reparent(s.c.srv.limbo)
	}
}

func (s *surface) pending() *surfaces.State { return &s.core.Pending }

// Destroy is refused while the role's object lives, from version 6 on.
func (s *surface) Destroy(res *server.WlSurface) {
	if d, ok := s.role.(interface{ needsSurface() bool }); ok && d.needsSurface() && res.Version() >= 6 {
		res.PostError(protocol.WlSurfaceErrorDefunctRoleObject, "destroy the %s first", s.roleName)
		return
	}
	s.withdraw()
}

// ResourceDestroyed ends the surface.
func (s *surface) ResourceDestroyed() {
	s.gone = true
	s.shape.settle()
	if s.pace != nil {
		s.pace.end()
	}
	s.c.srv.treeChanged(s)
	last := len(s.c.surfaces) - 1
	s.c.surfaces[s.at] = s.c.surfaces[last]
	s.c.surfaces[s.at].at = s.at
	s.c.surfaces[last] = nil
	s.c.surfaces = s.c.surfaces[:last]
	s.each(func(v *seated) {
		v.sc.g.seat.Forget(v.focus())
		if v.constraint != nil {
			v.constraint.end()
		}
	})
	if s.role != nil {
		s.role.surfaceGone(s)
		s.role = nil
	}
	s.core.Destroy()
}

// Attach sets the buffer of the next commit.
func (s *surface) Attach(res *server.WlSurface, buffer *server.WlBuffer, x, y int32) {
	if buffer != nil && s.xdg != nil && s.xdg.role == nil && !s.xdg.opened {
		// With a role, the commit tells.
		s.xdg.res.PostError(protocol.XdgSurfaceErrorUnconfiguredBuffer, "a buffer for what is no toplevel or popup yet")
		return
	}
	p := s.pending()
	if x != 0 || y != 0 {
		if res.Version() >= 5 {
			res.PostError(protocol.WlSurfaceErrorInvalidOffset, "attach with an offset %d, %d: use wl_surface.offset", x, y)
			return
		}
		p.Offset = geom.Point{X: x, Y: y}
		p.Set |= surfaces.FieldOffset
	}
	p.Set |= surfaces.FieldBuffer
	p.Buffer = nil
	if buffer != nil {
		p.Buffer = buffer.Handler.(surfaces.Buffer)
	}
}

// Offset moves the next buffer against this one.
func (s *surface) Offset(_ *server.WlSurface, x, y int32) {
	p := s.pending()
	p.Offset = geom.Point{X: x, Y: y}
	p.Set |= surfaces.FieldOffset
}

// maxDamageRects bounds the damage of one commit; beyond it, it grows.
const maxDamageRects = 32

// Damage adds damage in surface-local coordinates.
func (s *surface) Damage(_ *server.WlSurface, x, y, w, h int32) {
	if w <= 0 || h <= 0 {
		return
	}
	p := s.pending()
	p.SurfaceDamage.UnionRect(outwards(geom.XYWH(x, y, w, h), s.c.pixels()))
	p.SurfaceDamage.Simplify(maxDamageRects)
	p.Set |= surfaces.FieldDamage
}

// DamageBuffer adds damage in buffer coordinates.
func (s *surface) DamageBuffer(_ *server.WlSurface, x, y, w, h int32) {
	if w <= 0 || h <= 0 {
		return
	}
	p := s.pending()
	p.BufferDamage.UnionRect(geom.XYWH(x, y, w, h))
	p.BufferDamage.Simplify(maxDamageRects)
	p.Set |= surfaces.FieldDamage
}

// Frame asks to be told when to draw the next frame.
func (s *surface) Frame(_ *server.WlSurface, callback *server.WlCallback) {
	p := s.pending()
	p.Frames = append(p.Frames, callback)
	p.Set |= surfaces.FieldFrames
}

// SetOpaqueRegion says where no pixel is translucent.
func (s *surface) SetOpaqueRegion(_ *server.WlSurface, r *server.WlRegion) {
	p := s.pending()
	p.Set |= surfaces.FieldOpaque
	if r == nil {
		p.Opaque.Clear()
		return
	}
	p.Opaque.Set(&r.Handler.(*region).Region)
	s.keepsShape(p.Opaque.Len() + p.Input.Len())
}

// SetInputRegion says where the surface takes the pointer and touches.
func (s *surface) SetInputRegion(_ *server.WlSurface, r *server.WlRegion) {
	p := s.pending()
	p.Set |= surfaces.FieldInput
	p.InputAll = r == nil
	if r != nil {
		p.Input.Set(&r.Handler.(*region).Region)
		s.keepsShape(p.Opaque.Len() + p.Input.Len())
	}
}

// keepsShape notes how many rectangles the surface's shapes have: pending, on
// their way and current.
func (s *surface) keepsShape(rects int) { s.shape.raise(3 * rects * bytesPerRect) }

// SetBufferTransform tells how the client has turned its content.
func (s *surface) SetBufferTransform(res *server.WlSurface, transform protocol.WlOutputTransform) {
	if transform > protocol.WlOutputTransformFlipped270 {
		res.PostError(protocol.WlSurfaceErrorInvalidTransform, "%d is no transform", transform)
		return
	}
	p := s.pending()
	p.Transform = geom.Transform(transform)
	p.Set |= surfaces.FieldTransform
}

// SetBufferScale tells how many buffer pixels there are to a surface pixel.
func (s *surface) SetBufferScale(res *server.WlSurface, scale int32) {
	if scale <= 0 {
		res.PostError(protocol.WlSurfaceErrorInvalidScale, "scale %d is not positive", scale)
		return
	}
	p := s.pending()
	p.Scale = scale
	p.Set |= surfaces.FieldScale
}

// Commit takes the pending state.
func (s *surface) Commit(res *server.WlSurface) {
	if x := s.c.xwayland; x != nil {
		x.prepare(s)
	}
	if s.role != nil && !s.role.commit(s) {
		return
	}
	if s.core.Queued() >= maxQueued {
		s.c.tooMany("too many commits wait")
		return
	}
	if s.pace != nil && !s.pace.prepare() {
		return
	}
	if s.constraint != nil {
		s.constraint.latch()
	}
	for _, v := range s.guests {
		if v.constraint != nil {
			v.constraint.latch()
		}
	}
	switch s.core.Commit() {
	case surfaces.InvalidSize:
		size := s.core.Pending.Buffer
		if size != nil {
			res.PostError(protocol.WlSurfaceErrorInvalidSize, "buffer of %v is no multiple of the scale", size.Size())
			return
		}
		res.PostError(protocol.WlSurfaceErrorInvalidSize, "the buffer is no multiple of the scale")
	case surfaces.OutOfBuffer:
		s.viewportError(protocol.WpViewportErrorOutOfBuffer, "the source rectangle leaves the buffer")
	case surfaces.BadViewportSize:
		s.viewportError(protocol.WpViewportErrorBadSize, "a fractional source needs a destination size")
	}
}

// Committed passes an applied state on to the role.
func (s *surface) Committed(_ *surfaces.Surface, set surfaces.Fields) {
	if s.role != nil {
		s.role.committed(s, set)
	}
	if s.constraint != nil {
		s.constraint.applied()
	}
	for _, v := range s.guests {
		if v.constraint != nil {
			v.constraint.applied()
		}
	}
	s.c.srv.surfaceDamaged(s, set)
	if set&surfaces.FieldFifo != 0 {
		s.pace.took(&s.core.Current)
	}
	s.c.srv.shell.SurfaceCommitted(s.core, set)
}

// BufferFault ends the client whose memory can't be read.
func (s *surface) BufferFault(_ *surfaces.Surface, err error) {
	s.res.PostErrorCode(uint32(protocol.WlShmErrorInvalidFd), "reading the buffer: %v", err)
}
