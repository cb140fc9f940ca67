package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// LockShell is what locking needs of the session.
type LockShell interface {
	// Lock covers every output and every new one at once, takes the input
	// from everything but lock surfaces and calls Server.LockCovered when no
	// screen shows anything else any more. When it is locked already, by a
	// locker that has died, everything is covered but LockCovered is due all
	// the same.
	Lock()
	// Unlock shows the desktop again.
	Unlock()
	// LockTree returns the tree that lock surfaces hang in, above the cover.
	// Its origin is that of the layout.
	LockTree() *scene.Tree
}

func (s *Server) addSessionLock() {
	s.addPrivilegedGlobal(&protocol.ExtSessionLockManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewExtSessionLockManagerV1(c.conn, id, version).Handler = lockManager{c.srv}
	})
}

type lockManager struct{ srv *Server }

func (lockManager) Destroy(*server.ExtSessionLockManagerV1) {}

// Lock locks the session, unless another client holds the lock.
func (m lockManager) Lock(_ *server.ExtSessionLockManagerV1, id *server.ExtSessionLockV1) {
	l := &sessionLock{srv: m.srv, res: id}
	id.Handler = l
	if m.srv.lock.holder != nil || m.srv.lock.own {
		l.state = lockRefused
		id.SendFinished()
		return
	}
	m.srv.lock.on, m.srv.lock.holder = true, l
	m.srv.checkKeyGrabs()
	m.srv.shell.Lock()
}

// locking is what a Server knows of the lock.
type locking struct {
	on     bool
	own    bool         // it is the session's own
	holder *sessionLock // nil when the locker has died
}

// HoldLock says that the session locks itself, or no longer. While it does, and
// after a locker has died, no client can unlock it.
func (s *Server) HoldLock(on bool) {
	s.lock = locking{on: on, own: on}
	s.checkKeyGrabs()
}

// LockHeld reports whether a client holds the lock.
func (s *Server) LockHeld() bool { return s.lock.holder != nil }

// Locked reports whether the session is locked.
func (s *Server) Locked() bool { return s.lock.on }

// LockCovered is called by the session when no screen shows anything of it.
func (s *Server) LockCovered() {
	if l := s.lock.holder; l != nil && l.state == lockWaiting {
		l.state = lockHeld
		l.res.SendLocked()
	}
}

// LockFocus returns the lock surface that should have the keyboard: the one
// that has it, or that under a point, or any; nil without one.
func (s *Server) LockFocus(at geom.Point) seat.Focus {
	l := s.lock.holder
	if l == nil {
		return nil
	}
	var best *lockSurface
	for _, p := range l.surfaces {
		switch {
		case !p.mapped:
		case s.Seat.KeyboardFocus() == seat.Focus(p.s):
			return p.s
		case best == nil || at.In(p.output.Logical):
			best = p
		}
	}
	if best == nil {
		return nil
	}
	return best.s
}

// lockState is where a lock is in its life.
type lockState uint8

const (
	lockWaiting lockState = iota // until everything is covered
	lockHeld
	lockRefused
	lockOver // unlocked, or given up
)

func (l lockState) String() string {
	return [...]string{"waiting", "held", "refused", "over"}[l]
}

// sessionLock is ext_session_lock_v1.
type sessionLock struct {
	srv      *Server
	res      *server.ExtSessionLockV1
	state    lockState
	surfaces []*lockSurface
}

// Destroy gives the lock up before it was had.
func (l *sessionLock) Destroy(res *server.ExtSessionLockV1) {
	switch l.state {
	case lockHeld:
		res.PostError(protocol.ExtSessionLockV1ErrorInvalidDestroy, "the session is locked: use unlock_and_destroy")
	case lockWaiting:
		l.release()
	}
}

// UnlockAndDestroy ends the lock.
func (l *sessionLock) UnlockAndDestroy(res *server.ExtSessionLockV1) {
	if l.state != lockHeld {
		res.PostError(protocol.ExtSessionLockV1ErrorInvalidUnlock, "the session was not locked by this")
		return
	}
	l.release()
}

// release unlocks the session.
func (l *sessionLock) release() {
	l.state = lockOver
	l.srv.lock = locking{}
	l.srv.checkKeyGrabs()
	l.closeSurfaces()
	l.srv.shell.Unlock()
}

// ResourceDestroyed: the locker is gone. Unless it has unlocked the session,
// that stays locked.
func (l *sessionLock) ResourceDestroyed() {
	if l.srv.lock.holder == l {
		l.srv.lock.holder = nil
		l.state = lockOver
		l.closeSurfaces()
		l.srv.shell.KeyboardChanged()
	}
}

func (l *sessionLock) closeSurfaces() {
	for len(l.surfaces) > 0 {
		l.surfaces[len(l.surfaces)-1].end()
	}
}

// GetLockSurface makes a surface cover an output.
func (l *sessionLock) GetLockSurface(res *server.ExtSessionLockV1, id *server.ExtSessionLockSurfaceV1, surf *server.WlSurface, out *server.WlOutput) {
	s := surfaceOf(surf)
	o := out.Handler.(*outputHandler).output
	p := &lockSurface{s: s, res: id, output: o}
	id.Handler = p
	switch {
	case s.xdg != nil || !s.mayBe(p):
		res.PostError(protocol.ExtSessionLockV1ErrorRole, "wl_surface@%d is in use as %s", surf.ID(), s.roleName)
		return
	case s.core.HasBuffer() || s.core.Pending.Buffer != nil:
		res.PostError(protocol.ExtSessionLockV1ErrorAlreadyConstructed, "wl_surface@%d has a buffer already", surf.ID())
		return
	}
	for _, q := range l.surfaces {
		if q.output == o {
			res.PostError(protocol.ExtSessionLockV1ErrorDuplicateOutput, "output %s has a lock surface", o.Info.Name)
			return
		}
	}
	s.setRole(p)
	if l.srv.lock.holder == l && !o.gone {
		p.start(l)
	}
}

// lockSurface is ext_session_lock_surface_v1: what a locker shows on an output.
type lockSurface struct {
	s      *surface
	res    *server.ExtSessionLockSurfaceV1
	output *Output
	lock   *sessionLock // nil when it is not shown any more
	asked  []lockAsk    // oldest first; those before acked are forgotten
	acked  bool         // a configure was acknowledged
	size   geom.Size    // that the current content must have
	sent   geom.Size
	mapped bool
}

// lockAsk is a size that the client was asked for.
type lockAsk struct {
	serial uint32
	size   geom.Size
	acked  bool
}

func (p *lockSurface) start(l *sessionLock) {
	p.lock = l
	l.surfaces = append(l.surfaces, p)
	t := p.s.core.Tree()
	t.Reparent(l.srv.shell.LockTree())
	t.SetEnabled(true)
	p.arrange()
}

// arrange brings place and size in line with the output.
func (p *lockSurface) arrange() {
	r := p.output.Logical
	p.s.core.Tree().SetPosition(r.X0, r.Y0)
	if r.Size() == p.sent {
		return
	}
	p.sent = r.Size()
	if len(p.asked) >= maxAcks {
		p.asked = append(p.asked[:0], p.asked[1:]...)
	}
	serial := p.lock.srv.Seat.Serial()
	p.asked = append(p.asked, lockAsk{serial: serial, size: p.sent})
	p.res.SendConfigure(serial, uint32(p.sent.W), uint32(p.sent.H))
}

// AckConfigure says that the next commit has the size of a configure.
func (p *lockSurface) AckConfigure(res *server.ExtSessionLockSurfaceV1, serial uint32) {
	for i := range p.asked {
		if a := &p.asked[i]; a.serial == serial && !a.acked {
			a.acked, p.acked = true, true
			st := p.s.pending()
			st.Ack = serial
			st.Set |= surfaces.FieldAck
			return
		}
	}
	res.PostError(protocol.ExtSessionLockSurfaceV1ErrorInvalidSerial, "configure %d was not sent or was answered", serial)
}

func (*lockSurface) roleName() string   { return "ext_session_lock_surface_v1" }
func (*lockSurface) needsSurface() bool { return true }

func (p *lockSurface) commit(s *surface) bool {
	st := s.pending()
	switch {
	case p.lock == nil:
	case !p.acked:
		p.res.PostError(protocol.ExtSessionLockSurfaceV1ErrorCommitBeforeFirstAck, "no configure was acknowledged")
		return false
	case st.Buffer == nil && (st.Set&surfaces.FieldBuffer != 0 || !s.core.HasBuffer()):
		p.res.PostError(protocol.ExtSessionLockSurfaceV1ErrorNullBuffer, "a lock surface without a buffer")
		return false
	}
	return true
}

func (p *lockSurface) committed(s *surface, set surfaces.Fields) {
	if p.lock == nil {
		return
	}
	if set&surfaces.FieldAck != 0 {
		for i, a := range p.asked {
			if a.serial == s.core.Current.Ack {
				p.size = a.size
				p.asked = append(p.asked[:0], p.asked[i+1:]...)
				break
			}
		}
	}
	if got := s.core.Size(); got != p.size {
		p.res.PostError(protocol.ExtSessionLockSurfaceV1ErrorDimensionsMismatch, "the surface has %v; it was asked for %v", got, p.size)
		return
	}
	if !p.mapped {
		p.mapped = true
		p.lock.srv.shell.KeyboardChanged()
	}
}

// end stops showing the surface; what is below is the session's own cover.
func (p *lockSurface) end() {
	if p.lock == nil {
		return
	}
	srv := p.lock.srv
	p.lock.surfaces = remove(p.lock.surfaces, p)
	p.lock, p.mapped = nil, false
	p.s.core.Tree().SetEnabled(false)
	srv.shell.KeyboardChanged()
}

func (p *lockSurface) surfaceGone(*surface) { p.end() }

// Destroy takes the surface off its output.
func (*lockSurface) Destroy(*server.ExtSessionLockSurfaceV1) {}

// ResourceDestroyed ends the surface's role.
func (p *lockSurface) ResourceDestroyed() {
	p.end()
	if p.s.role == role(p) {
		p.s.dropRole()
	}
}

// arrangeLock lets the lock surface of an output follow it; one of an output
// that is gone ends.
func (o *Output) arrangeLock() {
	l := o.srv.lock.holder
	if l == nil {
		return
	}
	for _, p := range l.surfaces {
		if p.output != o {
			continue
		}
		if o.gone {
			p.end()
		} else {
			p.arrange()
		}
		return
	}
}

// locks reports whether s is part of what a locker shows.
func (s *surface) locks() bool {
	r, ok := s.core.Root().Data.(*surface)
	if !ok {
		return false
	}
	p, ok := r.role.(*lockSurface)
	return ok && p.lock != nil
}
