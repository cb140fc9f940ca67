package session

import (
	"rayos/geom"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// mover takes a window along with a pointer or a finger.
type mover struct {
	s      *Session
	w      *window
	from   wm.Placement // before
	start  geom.Point   // the frame's corner, with no way gone
	pulled bool         // it is loose of its zone or tile
}

// newMover returns nil for a window that can't be moved.
func (s *Session) newMover(w *window) *mover {
	p, ok := s.placement(w.id)
	if !ok || p.Fullscreen {
		return nil
	}
	return &mover{s: s, w: w, from: p, start: p.Frame.Min(), pulled: p.Zone == wm.ZoneNone && p.Tiled == 0}
}

// moved goes the way total since the start; at is where the pointer is.
func (m *mover) moved(total, at geom.FPoint) {
	const threshold = 6.0
	if !m.pulled {
		// A window in a zone comes loose after a little way, under the
		// pointer.
		if abs(total.X) < threshold && abs(total.Y) < threshold {
			return
		}
		m.s.do(wm.Pull{ID: m.w.id, Pointer: at.Floor()})
		if q, ok := m.s.placement(m.w.id); ok {
			m.start = q.Frame.Min().Sub(total.Floor())
		}
		m.pulled = true
	}
	m.s.do(wm.Move{ID: m.w.id, To: m.start.Add(total.Floor())})
	m.s.previewSnap(at)
}

// jump puts the frame's corner somewhere else before it is moved from there.
func (m *mover) jump(to geom.Point) {
	m.start, m.pulled = to, true
	m.s.do(wm.Move{ID: m.w.id, To: to})
}

func (m *mover) raise() { m.s.do(wm.Raise{ID: m.w.id}) }

// done lets go: the window stays, snaps, or goes back.
func (m *mover) done(cancelled bool) {
	s, w, p := m.s, m.w, &m.from
	s.snap.SetEnabled(false)
	switch zone, out := s.snapTo, s.snapOut; {
	case cancelled && p.Zone != wm.ZoneNone:
		s.do(wm.Snap{ID: w.id, Zone: p.Zone, Output: p.Output})
	case cancelled:
		s.do(wm.Move{ID: w.id, To: p.Frame.Min()})
	case zone != wm.ZoneNone && m.pulled:
		s.do(wm.Snap{ID: w.id, Zone: zone, Output: out})
	}
	s.snapTo = wm.ZoneNone
}

// startMove lets the pointer or a finger drag a window. serial 0 is the
// session's own wish.
func (s *Session) startMove(st *seat.Seat, w *window, serial uint32, client any) {
	m := s.newMover(w)
	if m == nil || w.grab != nil {
		return
	}
	g := &seat.Move{Moved: m.moved}
	g.Done = func(cancelled bool) {
		w.grab = nil
		m.done(cancelled)
	}
	if err := st.StartMove(g, serial, client); err != nil {
		s.log.Debug("move", "err", err)
		return
	}
	w.grab, w.grabSeat = g, st
}

// previewSnap shows where a release would put the window.
func (s *Session) previewSnap(at geom.FPoint) {
	zone, rect, out := s.wm.ZoneAt(at.Floor())
	s.snapTo, s.snapOut = zone, out
	s.snap.SetEnabled(zone != wm.ZoneNone)
	if zone != wm.ZoneNone {
		s.snap.SetPosition(rect.X0, rect.Y0)
		s.snap.SetSize(rect.Size())
	}
}

// startResize lets the pointer or a finger drag a window's edges.
func (s *Session) startResize(st *seat.Seat, w *window, edges seat.Edges, serial uint32, client any) {
	p, ok := s.placement(w.id)
	if !ok || p.Fullscreen || p.Maximized || w.grab != nil {
		return
	}
	from := p.Frame
	r := &seat.Resize{Edges: edges}
	r.Resized = func(grow geom.FPoint) {
		// The seat tells growth; the window manager wants the way of the
		// edge that is held.
		d := grow.Floor()
		if edges&seat.EdgeLeft != 0 {
			d.X = -d.X
		}
		if edges&seat.EdgeTop != 0 {
			d.Y = -d.Y
		}
		s.do(wm.Resize{ID: w.id, Edges: wm.Edges(edges), Delta: d, From: from})
	}
	r.Done = func(cancelled bool) {
		w.grab = nil
		if cancelled {
			s.do(wm.Resize{ID: w.id, Edges: wm.Edges(edges), From: from})
		}
		s.do(wm.Resizing{ID: w.id, To: wm.Off})
	}
	if err := st.StartResize(r, serial, client); err != nil {
		s.log.Debug("resize", "err", err)
		return
	}
	w.grab, w.grabSeat = r, st
	s.do(wm.Resizing{ID: w.id, To: wm.On})
}

// endGrabOf ends a move or resize of a window that goes away.
func (s *Session) endGrabOf(w *window) {
	if w.grab != nil {
		g := w.grab
		w.grab = nil
		s.snap.SetEnabled(false)
		s.snapTo = wm.ZoneNone
		w.grabSeat.EndGrab(g)
	}
}
