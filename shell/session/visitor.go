package session

import (
	"slices"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/seat"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

// visitor is somebody at a seat of their own, on a remote screen most of all.
// Their pointer, its picture and where their keys go are theirs; windows, their
// places and their order are everybody's. A window that has a visitor's keys
// looks active, and stays the window manager's to move, so the first seat keeps
// its focus whatever a visitor does.
type visitor struct {
	s       *Session
	seat    *seat.Seat
	cursor  pointerImage
	drag    dragIcon
	focused wm.WindowID // whose window has the keys, 0 for none
	panel   seat.Focus  // that has them instead
	frames  []*frameFocus
}

// AddSeat implements wayland.SeatShell.
func (s *Session) AddSeat() *seat.Seat {
	v := &visitor{s: s, focused: s.wm.Focused()}
	v.seat = seat.New(seat.Config{
		Hit: v.hit, Now: s.loop.Now, Keymap: s.seat.OwnKeymap(), Serial: s.seat.Serial,
		Limit: func(from, to geom.FPoint) geom.FPoint { return s.limitPointer(v.seat, from, to) },
	})
	v.cursor.init(s, v.seat)
	v.seat.Listen(&seat.Listener{
		PointerFocus: func(f seat.Focus) { s.pointerFocused(&v.cursor, f) },
		Moved:        func(p geom.FPoint) { s.pointerMoved(&v.cursor, &v.drag, p) },
		Press:        v.pressed,
	})
	s.bindChords(keys{s: s, seat: v.seat, visitor: v})
	s.visitors = append(s.visitors, v)
	s.dirty = true
	return v.seat
}

// RemoveSeat implements wayland.SeatShell.
func (s *Session) RemoveSeat(st *seat.Seat) {
	for i, v := range s.visitors {
		if v.seat == st {
			s.visitors = slices.Delete(s.visitors, i, i+1)
			st.CancelGrabs()
			s.DragIcon(st, nil, geom.Point{})
			v.cursor.end()
			s.dirty = true
			return
		}
	}
}

// visitorAt returns whose seat that is, nil for the first.
func (s *Session) visitorAt(st *seat.Seat) *visitor {
	for _, v := range s.visitors {
		if v.seat == st {
			return v
		}
	}
	return nil
}

// visited reports whether a visitor's keys go to a window.
func (s *Session) visited(id wm.WindowID) bool {
	for _, v := range s.visitors {
		if v.focused == id {
			return true
		}
	}
	return false
}

// hit finds what takes the visitor's input at a layout point.
func (v *visitor) hit(p geom.FPoint) (seat.Focus, geom.FPoint) {
	f, local := v.s.hit(p)
	if ff, ok := f.(*frameFocus); ok {
		return v.frame(ff), local
	}
	if v.s.prompt.owns(f) {
		return nil, local // what the session is told is for who sits at it
	}
	return v.s.server.FocusOn(v.seat, f), local
}

// frame returns a window's frame as the visitor's seat knows it.
func (v *visitor) frame(main *frameFocus) *frameFocus {
	for _, f := range v.frames {
		if f.w == main.w {
			f.margin = main.margin
			return f
		}
	}
	f := &frameFocus{w: main.w, seat: v.seat, margin: main.margin}
	v.frames = append(v.frames, f)
	return f
}

// forget drops a window that is gone.
func (v *visitor) forget(w *window) {
	v.frames = slices.DeleteFunc(v.frames, func(f *frameFocus) bool {
		if f.w == w {
			v.seat.Forget(f)
		}
		return f.w == w
	})
}

// pressed is click to focus.
func (v *visitor) pressed(f seat.Focus) {
	s := v.s
	if s.lock.on {
		v.seat.SetKeyboardFocus(f)
		return
	}
	if panel, keys := s.server.PanelAt(f); panel {
		if keys {
			v.panel = f
			v.refocus()
		}
		return
	}
	v.panel = nil
	if w := s.windowBehind(f); w != nil && w.mapped {
		v.focus(w)
	}
}

// focus gives a window the visitor's keys, and brings it to the front.
func (v *visitor) focus(w *window) {
	if p, ok := v.s.placement(w.id); !ok || !p.Visible {
		v.s.do(wm.Activate{ID: w.id})
	}
	v.focused, v.panel = w.id, nil
	v.s.do(wm.Raise{ID: w.id})
	v.s.dirty = true
}

// cycle goes to the window at the bottom, or back to the one below the top.
func (v *visitor) cycle(back bool) {
	var shown []wm.WindowID // bottom first
	for i := range v.s.placed {
		if p := &v.s.placed[i]; p.Visible {
			shown = append(shown, p.ID)
		}
	}
	if len(shown) == 0 {
		return
	}
	next := shown[0]
	if n := len(shown); back && n > 1 {
		next = shown[n-2]
	}
	if w := v.s.windows[next]; w != nil {
		v.focus(w)
	}
}

// refocus gives the visitor's keys to the lock, or to the panel or the window
// that was pressed last; when that is gone, to the topmost window.
func (v *visitor) refocus() {
	s := v.s
	if s.lock.on {
		v.seat.SetKeyboardFocus(s.server.FocusOn(v.seat, s.server.LockFocus(v.seat.Position().Floor())))
		return
	}
	if v.panel != nil && v.panel.Accepts() {
		v.seat.SetKeyboardFocus(v.panel)
		return
	}
	v.panel = nil
	w := s.windows[v.focused]
	if p, ok := s.placement(v.focused); w == nil || !w.mapped || !ok || !p.Visible {
		w, v.focused = nil, 0
		for i := range s.placed {
			if p := &s.placed[i]; p.Visible && s.windows[p.ID] != nil {
				w, v.focused = s.windows[p.ID], p.ID
			}
		}
	}
	if w == nil {
		v.seat.SetKeyboardFocus(nil)
		return
	}
	w.present(true)
	v.seat.SetKeyboardFocus(s.server.FocusOn(v.seat, w.target()))
}

// windowBehind returns the window that a focus is part of, or nil.
func (s *Session) windowBehind(f seat.Focus) *window {
	switch t := f.(type) {
	case *frameFocus:
		return t.w
	case interface {
		Guest() *surfaces.GuestSurface
	}:
		return s.windowOf(t.Guest())
	}
	return nil
}

var _ wayland.SeatShell = (*Session)(nil)
