package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

func (s *testShell) Lock() {
	s.note("lock")
	s.KeyboardChanged()
}

func (s *testShell) Unlock() {
	s.note("unlock")
	s.LockTree().SetEnabled(false)
	s.KeyboardChanged()
}

func (s *testShell) LockTree() *scene.Tree {
	if s.panels.lock == nil {
		s.panels.lock = s.f.core.Scene.Root().NewTree()
	}
	s.panels.lock.SetEnabled(true)
	return s.panels.lock
}

func (c *testClient) lockManager() *client.ExtSessionLockManagerV1 {
	return bind[client.ExtSessionLockManagerV1](c, &protocol.ExtSessionLockManagerV1Interface, 1)
}

func (c *testClient) output() *client.WlOutput {
	o := bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	c.roundtrip()
	c.take()
	return o
}

// locker is a client that has asked for the lock.
type locker struct {
	c    *testClient
	lock *client.ExtSessionLockV1
	out  *client.WlOutput
}

func (f *fixture) locker() *locker {
	c := f.connect()
	l := &locker{c: c, out: c.output(), lock: c.lockManager().Lock()}
	c.label(l.lock, "lock")
	c.ok()
	return l
}

// screen is a lock surface.
type screen struct {
	surf *client.WlSurface
	lock *client.ExtSessionLockSurfaceV1
	last uint32
}

func (l *locker) screen(out *client.WlOutput) *screen {
	s := &screen{surf: l.c.surface("screen")}
	s.lock = l.lock.GetLockSurface(s.surf, out)
	l.c.label(s.lock, "screen.lock")
	s.lock.OnConfigure = func(serial, _, _ uint32) { s.last = serial }
	l.c.ok()
	return s
}

func (s *screen) show(c *testClient, w, h int32, color uint32) {
	s.lock.AckConfigure(s.last)
	s.surf.Attach(c.buffer(w, h, color), 0, 0)
	s.surf.Commit()
	c.ok()
}

func TestLockCoversAndTakesTheInput(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 640, 480, 0xff)
	f.motion(10, 10)
	f.shell.take()
	l := f.locker()
	compare(t, "shell", f.shell.take(), "lock")
	l.c.expect("")
	if !f.srv.Locked() {
		t.Error("the session is not locked at once")
	}
	f.seat.Refocus()
	if f.seat.PointerFocus() != nil || f.seat.KeyboardFocus() != nil || c.core(w.surf).Accepts() {
		t.Error("a window has input while the session is locked")
	}
	f.srv.LockCovered()
	f.srv.LockCovered()
	l.c.expect("lock.locked()")
	s := l.screen(l.out)
	l.c.expect("screen.lock.configure(#, 640, 480)")
	s.show(l.c, 640, 480, 0xff00)
	f.wantPixels(map[[2]int32]uint32{{0, 0}: 0xff00, {639, 479}: 0xff00})
	core := l.c.core(s.surf)
	if f.seat.KeyboardFocus() != seat.Focus(core) || f.seat.PointerFocus() != seat.Focus(core) {
		t.Error("the lock surface does not have the input")
	}
	// Subsurfaces of the lock are part of it.
	child := l.c.surface("child")
	l.c.sub.GetSubsurface(child, s.surf)
	l.c.ok()
	if !l.c.core(child).Accepts() {
		t.Error("a subsurface of the lock surface takes no input")
	}
	f.shell.take()
	l.lock.UnlockAndDestroy()
	l.c.ok()
	compare(t, "shell", f.shell.take(), "unlock")
	if f.srv.Locked() || core.Accepts() == false && f.seat.KeyboardFocus() == seat.Focus(core) {
		t.Error("the lock does not end")
	}
	// What it has left is no error, and is not shown.
	s.surf.Attach(nil, 0, 0)
	s.surf.Commit()
	s.lock.Destroy()
	s.surf.Destroy()
	l.c.ok()
	f.seat.Refocus()
	if f.seat.PointerFocus() != seat.Focus(c.core(w.surf)) {
		t.Error("the window does not get the pointer back")
	}
}

func TestLockOutlivesItsClient(t *testing.T) {
	f := newFixture(t)
	l := f.locker()
	f.srv.LockCovered()
	s := l.screen(l.out)
	s.show(l.c, 640, 480, 0xff00)
	second := f.locker()
	second.c.expect("lock.finished()")
	second.screen(second.out) // is never asked for a size
	second.c.expect("")
	f.shell.take()
	l.c.disconnect()
	f.turn()
	if !f.srv.Locked() {
		t.Fatal("the session is unlocked by the end of its locker")
	}
	compare(t, "shell", f.shell.take(), "")
	f.wantPixels(map[[2]int32]uint32{{0, 0}: 0})
	if f.seat.KeyboardFocus() != nil {
		t.Error("somebody has the keyboard")
	}
	second.lock.Destroy()
	third := f.locker()
	compare(t, "shell", f.shell.take(), "lock")
	f.srv.LockCovered()
	third.c.expect("lock.locked()")
	third.lock.UnlockAndDestroy()
	third.c.ok()
	compare(t, "shell", f.shell.take(), "unlock")
}

func TestLockThatIsGivenUp(t *testing.T) {
	f := newFixture(t)
	l := f.locker()
	l.lock.Destroy()
	l.c.ok()
	compare(t, "shell", f.shell.take(), "lock\nunlock")
	if f.srv.Locked() {
		t.Error("a lock that was given up holds")
	}
}

func TestLockSurfaceFollowsItsOutput(t *testing.T) {
	f := newFixture(t)
	l := f.locker()
	s := l.screen(l.out)
	s.show(l.c, 640, 480, 0xff00)
	l.c.take()
	f.out.Update(OutputState{Info: f.out.Info, Scale: f.out.Scale, Logical: geom.XYWH(0, 0, 320, 240)})
	l.c.roundtrip()
	if got := s.last; got == 0 {
		t.Fatal("no configure")
	}
	// The old size is right until the new one is acknowledged.
	s.surf.Attach(l.c.buffer(640, 480, 0xff), 0, 0)
	s.surf.Commit()
	l.c.ok()
	s.show(l.c, 320, 240, 0xff)
	s.surf.Commit()
	l.c.ok()
	f.out.Remove()
	l.c.ok()
	if l.c.core(s.surf).Accepts() {
		t.Error("a lock surface on no output takes input")
	}
	late := l.screen(l.out)
	if late.last != 0 {
		t.Error("a lock surface on an output that is gone was configured")
	}
}

func TestLockFocusPrefersThePointersOutput(t *testing.T) {
	f := newFixture(t)
	right := f.addOutput("TEST-2", geom.Point{X: 640}, geom.Size{W: 100, H: 100}, geom.ScaleOne, geom.Normal)
	l := f.locker()
	var outs []*client.WlOutput
	for _, g := range l.c.globals {
		if g.Interface == "wl_output" {
			o := new(client.WlOutput)
			l.c.reg.Bind(g.Name, o, &protocol.WlOutputInterface, 4)
			outs = append(outs, o)
		}
	}
	l.c.ok()
	f.seat.SetKeyboardFocus(nil)
	a, b := l.screen(outs[0]), l.screen(outs[1])
	if f.srv.LockFocus(geom.Point{}) != nil {
		t.Error("an empty lock surface gets the keyboard")
	}
	a.show(l.c, 640, 480, 1)
	b.show(l.c, 100, 100, 2)
	if f.srv.LockFocus(geom.Point{X: 650, Y: 1}) != seat.Focus(l.c.core(a.surf)) {
		t.Error("the keyboard leaves the lock surface that has it")
	}
	f.seat.SetKeyboardFocus(nil)
	if f.srv.LockFocus(geom.Point{X: 650, Y: 1}) != seat.Focus(l.c.core(b.surf)) {
		t.Error("the pointer's output is not preferred")
	}
	if f.srv.LockFocus(geom.Point{X: 9999}) != seat.Focus(l.c.core(a.surf)) {
		t.Error("without a pointer nobody gets the keyboard")
	}
	right.Remove()
	right.Scene.Destroy()
}

func TestLockErrors(t *testing.T) {
	const lock, surface = "ext_session_lock_v1", "ext_session_lock_surface_v1"
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(f *fixture, l *locker)
	}{
		{"destroyed while locked", lock, uint32(protocol.ExtSessionLockV1ErrorInvalidDestroy), func(f *fixture, l *locker) {
			f.srv.LockCovered()
			l.lock.Destroy()
		}},
		{"unlocked before it was locked", lock, uint32(protocol.ExtSessionLockV1ErrorInvalidUnlock), func(_ *fixture, l *locker) {
			l.lock.UnlockAndDestroy()
		}},
		{"unlocked by another", lock, uint32(protocol.ExtSessionLockV1ErrorInvalidUnlock), func(_ *fixture, l *locker) {
			l.c.lockManager().Lock().UnlockAndDestroy()
		}},
		{"a window", lock, uint32(protocol.ExtSessionLockV1ErrorRole), func(_ *fixture, l *locker) {
			l.lock.GetLockSurface(l.c.toplevel("w").surf, l.out)
		}},
		{"a buffer before", lock, uint32(protocol.ExtSessionLockV1ErrorAlreadyConstructed), func(_ *fixture, l *locker) {
			s := l.c.surface("s")
			s.Attach(l.c.buffer(1, 1, 0), 0, 0)
			s.Commit()
			l.lock.GetLockSurface(s, l.out)
		}},
		{"two on an output", lock, uint32(protocol.ExtSessionLockV1ErrorDuplicateOutput), func(_ *fixture, l *locker) {
			l.screen(l.out)
			l.lock.GetLockSurface(l.c.surface("s"), l.out)
		}},
		{"commit before the first ack", surface, uint32(protocol.ExtSessionLockSurfaceV1ErrorCommitBeforeFirstAck), func(_ *fixture, l *locker) {
			l.screen(l.out).surf.Commit()
		}},
		{"no buffer", surface, uint32(protocol.ExtSessionLockSurfaceV1ErrorNullBuffer), func(_ *fixture, l *locker) {
			s := l.screen(l.out)
			s.lock.AckConfigure(s.last)
			s.surf.Commit()
		}},
		{"no buffer any more", surface, uint32(protocol.ExtSessionLockSurfaceV1ErrorNullBuffer), func(_ *fixture, l *locker) {
			s := l.screen(l.out)
			s.show(l.c, 640, 480, 0)
			s.surf.Attach(nil, 0, 0)
			s.surf.Commit()
		}},
		{"another size", surface, uint32(protocol.ExtSessionLockSurfaceV1ErrorDimensionsMismatch), func(_ *fixture, l *locker) {
			s := l.screen(l.out)
			s.lock.AckConfigure(s.last)
			s.surf.Attach(l.c.buffer(640, 481, 0), 0, 0)
			s.surf.Commit()
		}},
		{"an unknown serial", surface, uint32(protocol.ExtSessionLockSurfaceV1ErrorInvalidSerial), func(_ *fixture, l *locker) {
			l.screen(l.out).lock.AckConfigure(4711)
		}},
		{"the surface first", "wl_surface", uint32(protocol.WlSurfaceErrorDefunctRoleObject), func(_ *fixture, l *locker) {
			l.screen(l.out).surf.Destroy()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			l := f.locker()
			tc.do(f, l)
			l.c.wantError(tc.iface, tc.code)
			if !f.srv.Locked() {
				t.Error("an error unlocks the session")
			}
		})
	}
}
