package wayland

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

func (s *Server) addPointerConstraints() {
	s.addGlobal(&protocol.ZwpPointerConstraintsV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpPointerConstraintsV1(c.conn, id, version).Handler = constraints{}
	})
}

type constraints struct{}

func (constraints) Destroy(*server.ZwpPointerConstraintsV1) {}

// LockPointer keeps the pointer where it is.
func (constraints) LockPointer(res *server.ZwpPointerConstraintsV1, id *server.ZwpLockedPointerV1, surf *server.WlSurface, ptr *server.WlPointer, area *server.WlRegion, life protocol.ZwpPointerConstraintsV1Lifetime) {
	k := &constraint{seated: seatedAt(surf, ptr), lock: true, locked: id}
	id.Handler = &lockedPointer{k}
	k.start(res, area, life)
}

// ConfinePointer keeps the pointer inside of an area.
func (constraints) ConfinePointer(res *server.ZwpPointerConstraintsV1, id *server.ZwpConfinedPointerV1, surf *server.WlSurface, ptr *server.WlPointer, area *server.WlRegion, life protocol.ZwpPointerConstraintsV1Lifetime) {
	k := &constraint{seated: seatedAt(surf, ptr), confined: id}
	id.Handler = &confinedPointer{k}
	k.start(res, area, life)
}

// seatedAt returns a surface as the seat of a pointer knows it.
func seatedAt(surf *server.WlSurface, ptr *server.WlPointer) *seated {
	return surfaceOf(surf).on(ptr.Handler.(*pointerHandler).g)
}

// constraintState is what a commit of the surface changes.
type constraintState struct {
	setArea bool
	all     bool // the whole surface
	area    geom.Region
	setHint bool
	hint    geom.FPoint // surface-local
}

func (st *constraintState) setRegion(r *server.WlRegion) {
	st.setArea, st.all = true, r == nil
	if r != nil {
		st.area.Set(&r.Handler.(*region).Region)
	}
}

// merge moves what src has to st.
func (st *constraintState) merge(src *constraintState) {
	if src.setArea {
		st.setArea, st.all = true, src.all
		st.area.Set(&src.area)
	}
	if src.setHint {
		st.setHint, st.hint = true, src.hint
	}
	src.setArea, src.setHint = false, false
}

// phase is where a constraint is in its life.
type phase uint8

const (
	waiting  phase = iota // for the pointer to be where it may begin
	active                // the pointer is held
	released              // by the person, until the pointer comes anew
	over                  // for good
)

// constraint is what locked and confined pointers have in common.
type constraint struct {
	*seated
	lock     bool
	locked   *server.ZwpLockedPointerV1   // if lock
	confined *server.ZwpConfinedPointerV1 // if not
	oneshot  bool
	phase    phase

	pending, cached, current constraintState
	area                     geom.Region // where the pointer may be, surface-local
}

// maxAreaRects bounds what a motion costs; beyond it the area grows.
const maxAreaRects = 64

func (k *constraint) start(res *server.ZwpPointerConstraintsV1, area *server.WlRegion, life protocol.ZwpPointerConstraintsV1Lifetime) {
	switch {
	case k.seated.constraint != nil:
		k.phase = over
		res.PostError(protocol.ZwpPointerConstraintsV1ErrorAlreadyConstrained, "wl_surface@%d has a constraint", k.s.res.ID())
		return
	case !life.Valid():
		k.phase = over
		k.s.c.conn.PostError(1, uint32(protocol.WlDisplayErrorInvalidMethod), "lifetime out of range")
		return
	}
	k.oneshot = life == protocol.ZwpPointerConstraintsV1LifetimeOneshot
	k.current.setRegion(area)
	k.seated.constraint = k
	k.measure()
	k.try()
}

// measure finds where the pointer may be.
func (k *constraint) measure() {
	cur := &k.s.core.Current
	k.area.SetRect(k.s.core.Size().Rect())
	if !cur.InputAll {
		k.area.Intersect(&cur.Input)
	}
	if !k.current.all {
		k.area.Intersect(&k.current.area)
	}
	k.area.Simplify(maxAreaRects)
}

// mayHold reports whether the pointer is in the area, and the person is
// using the window: the keyboard is there too.
func (k *constraint) mayHold() bool {
	st := k.sc.g.seat
	if st.PointerFocus() != k.focus() || !k.area.Contains(st.PointerLocal().Floor()) {
		return false
	}
	g := k.s.Guest()
	if g == nil {
		return true
	}
	f := surfaceBehind(st.KeyboardFocus())
	return f != nil && f.Guest() == g
}

// try holds the pointer if it may.
func (k *constraint) try() {
	if k.phase != waiting || k.sc.g.seat.Grabbed() || !k.mayHold() {
		return
	}
	k.phase = active
	k.sc.g.constraint = k
	if k.lock {
		k.locked.SendLocked()
		return
	}
	k.confined.SendConfined()
}

// let lets the pointer go.
func (k *constraint) let(next phase) {
	if k.phase == active {
		k.sc.g.constraint = nil
		if k.lock {
			k.locked.SendUnlocked()
		} else {
			k.confined.SendUnconfined()
		}
		if k.oneshot {
			next = over
		}
	}
	k.phase = next
	if next == over && k.seated.constraint == k {
		k.seated.constraint = nil
	}
}

// release is the person's way out.
func (k *constraint) release() {
	k.let(released)
	k.jump()
}

// resume undoes release.
func (k *constraint) resume() {
	if k.phase == released {
		k.phase = waiting
		k.try()
	}
}

// jump puts the pointer where the client has drawn its own while it was
// locked.
func (k *constraint) jump() {
	p, st := k.current.hint, k.sc.g.seat
	if !k.lock || !k.current.setHint || k.s.gone || k.s.c.gone || st.PointerFocus() != k.focus() {
		return
	}
	if at, on := k.s.core.Node().AbsPosition(); on && k.area.Contains(p.Floor()) {
		st.Warp(at.F().Add(p))
	}
}

// latch takes the pending state with the surface's; applied makes it current
// when that is.
func (k *constraint) latch() { k.cached.merge(&k.pending) }

func (k *constraint) applied() {
	k.current.merge(&k.cached)
	k.measure()
	k.check()
}

// check lets go of a pointer that may not be held any more, and holds one that
// may.
func (k *constraint) check() {
	if k.phase == active && !k.mayHold() {
		k.let(waiting)
	}
	k.try()
}

// end is called when the object or its surface goes.
func (k *constraint) end() {
	held := k.phase == active
	k.let(over)
	if held {
		k.jump()
	}
}

// left: the pointer is elsewhere. It may be held again when it comes back.
func (k *constraint) left() {
	if k.phase == active || k.phase == released {
		k.let(waiting)
	}
}

// checkConstraints follows the keyboard.
func (g *seatGlobal) checkConstraints() {
	if k := g.constraint; k != nil {
		k.check()
	}
	if p := seatedBehind(g.seat.PointerFocus()); p != nil && p.constraint != nil {
		p.constraint.try()
	}
}

// LimitPointer returns where a seat's pointer may go on its way from one point
// of the layout to another. It belongs into the seat's Limit. Grabs of the
// session are above what clients wish.
func (s *Server) LimitPointer(st *seat.Seat, from, to geom.FPoint) geom.FPoint {
	g := s.seatOf(st)
	if g == nil || g.constraint == nil || st.Grabbed() {
		return to
	}
	k := g.constraint
	if k.lock {
		return from
	}
	at, on := k.s.core.Node().AbsPosition()
	if !on {
		return to
	}
	o := at.F()
	return slide(k.area.Rects(), from.Sub(o), to.Sub(o)).Add(o)
}

type lockedPointer struct{ *constraint }

func (lockedPointer) Destroy(*server.ZwpLockedPointerV1) {}

// ResourceDestroyed unlocks the pointer.
func (h lockedPointer) ResourceDestroyed() { h.end() }

// SetCursorPositionHint says where the client draws a pointer of its own.
func (h lockedPointer) SetCursorPositionHint(_ *server.ZwpLockedPointerV1, x, y geom.Fixed) {
	k := float64(h.s.c.pixels())
	h.pending.setHint, h.pending.hint = true, geom.FPoint{X: x.Float() / k, Y: y.Float() / k}
}

// SetRegion changes where a lock may begin.
func (h lockedPointer) SetRegion(_ *server.ZwpLockedPointerV1, r *server.WlRegion) {
	h.pending.setRegion(r)
}

type confinedPointer struct{ *constraint }

func (confinedPointer) Destroy(*server.ZwpConfinedPointerV1) {}

// ResourceDestroyed lets the pointer go.
func (h confinedPointer) ResourceDestroyed() { h.end() }

// SetRegion changes where the pointer may be.
func (h confinedPointer) SetRegion(_ *server.ZwpConfinedPointerV1, r *server.WlRegion) {
	h.pending.setRegion(r)
}
