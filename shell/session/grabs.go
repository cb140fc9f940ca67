package session

import (
	"rayos/geom"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// startMove lets the pointer or a finger drag a window. serial 0 is the
// session's own wish.
func (s *Session) startMove(w *window, serial uint32, client any) {
	p, ok := s.placement(w.id)
	if !ok || p.Fullscreen {
		return
	}
	start := p.Frame.Min()
	pulled := p.Zone == wm.ZoneNone && p.Tiled == 0
	const threshold = 6.0
	m := &seat.Move{}
	m.Moved = func(total, at geom.FPoint) {
		if !pulled {
			// A window in a zone comes loose after a little way, under
			// the pointer.
			if abs(total.X) < threshold && abs(total.Y) < threshold {
				return
			}
			s.do(wm.Pull{ID: w.id, Pointer: at.Floor()})
			if q, ok := s.placement(w.id); ok {
				start = q.Frame.Min().Sub(total.Floor())
			}
			pulled = true
		}
		s.do(wm.Move{ID: w.id, To: start.Add(total.Floor())})
		s.previewSnap(at)
	}
	m.Done = func(cancelled bool) {
		s.snap.SetEnabled(false)
		w.grab = nil
		switch zone, out := s.snapTo, s.snapOut; {
		case cancelled && p.Zone != wm.ZoneNone:
			s.do(wm.Snap{ID: w.id, Zone: p.Zone, Output: p.Output})
		case cancelled:
			s.do(wm.Move{ID: w.id, To: p.Frame.Min()})
		case zone != wm.ZoneNone && pulled:
			s.do(wm.Snap{ID: w.id, Zone: zone, Output: out})
		}
		s.snapTo = wm.ZoneNone
	}
	if err := s.seat.StartMove(m, serial, client); err != nil {
		s.log.Debug("move", "err", err)
		return
	}
	w.grab = m
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
func (s *Session) startResize(w *window, edges seat.Edges, serial uint32, client any) {
	p, ok := s.placement(w.id)
	if !ok || p.Fullscreen || p.Maximized {
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
	if err := s.seat.StartResize(r, serial, client); err != nil {
		s.log.Debug("resize", "err", err)
		return
	}
	w.grab = r
	s.do(wm.Resizing{ID: w.id, To: wm.On})
}

// endGrabOf ends a move or resize of a window that goes away.
func (s *Session) endGrabOf(w *window) {
	if w.grab != nil {
		g := w.grab
		w.grab = nil
		s.snap.SetEnabled(false)
		s.snapTo = wm.ZoneNone
		s.seat.EndGrab(g)
	}
}
