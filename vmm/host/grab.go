package host

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// grab is how far the guest holds keyboard and pointer. The person gives the
// session's chords to it, and takes them back, by a chord of the session;
// meanwhile the pointer is held too if the guest shows none, as games do that
// turn a view by it: then it hears how the pointer moves, not where it is.
// It belongs to the window's goroutine.
type grab struct {
	window    *window
	inhibitor *client.ZwpKeyboardShortcutsInhibitorV1
	keys      bool // the guest has the session's chords

	constraints *client.ZwpPointerConstraintsV1
	relatives   *client.ZwpRelativePointerManagerV1
	lock        *client.ZwpLockedPointerV1 // nil while the pointer is free
	locked      bool                       // it is where it was
	relative    *client.ZwpRelativePointerV1
	rest        geom.FPoint // less than a pixel of motion
}

// hold lets the person give the session's chords to the guest.
func (w *window) hold() {
	m, err := bind(w.globals, &protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface, client.BindZwpKeyboardShortcutsInhibitManagerV1)
	if err != nil || w.seat == nil || w.grab != nil {
		return // a compositor without them keeps its chords
	}
	g := &grab{window: w}
	w.grab = g
	g.inhibitor = m.InhibitShortcuts(w.surface, w.seat.seat)
	m.Destroy()
	g.inhibitor.OnActive = func() { g.set(true) }
	g.inhibitor.OnInactive = func() { g.set(false) }
	// Without either of these the pointer stays free.
	g.constraints, _ = bind(w.globals, &protocol.ZwpPointerConstraintsV1Interface, client.BindZwpPointerConstraintsV1)
	g.relatives, _ = bind(w.globals, &protocol.ZwpRelativePointerManagerV1Interface, client.BindZwpRelativePointerManagerV1)
}

// set is told whether the guest has the chords. The keys of the chord that
// turned it aren't the guest's.
func (g *grab) set(on bool) {
	if g.keys != on {
		g.keys = on
		g.window.host.input.releaseAll()
		g.update()
	}
}

// update holds the pointer or lets it go. The guest's pointer may have
// changed, or the seat's have come or gone.
func (g *grab) update() {
	if g == nil || g.constraints == nil || g.relatives == nil {
		return
	}
	s := g.window.seat
	img := g.window.host.screen.pointer()
	want := g.keys && img.version > 0 && img.hidden && s != nil && s.pointer != nil
	switch {
	case want && g.lock == nil:
		g.lock = g.constraints.LockPointer(g.window.surface, s.pointer, nil, protocol.ZwpPointerConstraintsV1LifetimePersistent)
		g.lock.OnLocked = func() { g.locked = true }
		g.lock.OnUnlocked = func() { g.locked = false }
		g.relative = g.relatives.GetRelativePointer(s.pointer)
		g.relative.OnRelativeMotion = func(_, _ uint32, dx, dy, _, _ geom.Fixed) { g.moved(dx, dy) }
	case !want && g.lock != nil:
		g.free()
	}
}

// free lets the pointer go.
func (g *grab) free() {
	if g == nil || g.lock == nil {
		return
	}
	g.relative.Destroy()
	g.lock.Destroy()
	g.lock, g.relative, g.locked, g.rest = nil, nil, false, geom.FPoint{}
}

// end is called when the seat goes.
func (g *grab) end() {
	if g != nil {
		g.free()
		g.inhibitor.Destroy()
		g.window.grab = nil
	}
}

// moved is told of motion, in pixels of the screen.
func (g *grab) moved(dx, dy geom.Fixed) {
	if !g.locked {
		return
	}
	g.rest.X += dx.Float()
	g.rest.Y += dy.Float()
	by := geom.Point{X: int32(g.rest.X), Y: int32(g.rest.Y)}
	if by != (geom.Point{}) {
		g.rest.X -= float64(by.X)
		g.rest.Y -= float64(by.Y)
		g.window.host.input.move(by)
	}
}
