package session

import (
	"fmt"
	"time"

	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
	"rayos/wm"
)

// bindChords sets the session's own keys. No client can take them: those that
// lead out of a window work even while it inhibits shortcuts.
func (s *Session) bindChords() {
	always := seat.Unstealable
	s.bind("Alt+Tab", 0, func() { s.cycle(false) })
	s.bind("Alt+Shift+Tab", 0, func() { s.cycle(true) })
	s.bind("Super+Tab", always, func() { s.do(wm.Cycle{}); s.do(wm.CycleEnd{}) })
	s.bind("Ctrl+Alt+BackSpace", always, func() { s.Quit(nil) })
	s.bind("Super+Escape", always, func() { s.server.ToggleInput(s.seat) })
	s.bind("Alt+F4", 0, s.closeFocused)
	s.bind("Super+q", always, s.closeFocused)
	s.bindWindow("Super+Up", func(id wm.WindowID) wm.Op { return wm.Maximize{ID: id, To: wm.Toggle} })
	s.bindWindow("Super+Down", func(id wm.WindowID) wm.Op { return wm.Minimize{ID: id, To: wm.On} })
	s.bindWindow("Super+Left", func(id wm.WindowID) wm.Op { return wm.Snap{ID: id, Zone: wm.ZoneLeft} })
	s.bindWindow("Super+Right", func(id wm.WindowID) wm.Op { return wm.Snap{ID: id, Zone: wm.ZoneRight} })
	s.bindWindow("Super+f", func(id wm.WindowID) wm.Op { return wm.Fullscreen{ID: id, To: wm.Toggle} })
	s.bindWindow("Super+s", func(id wm.WindowID) wm.Op { return wm.Shade{ID: id, To: wm.Toggle} })
	s.bindWindow("Super+space", func(id wm.WindowID) wm.Op { return wm.Float{ID: id, To: wm.Toggle} })
	s.bind("Super+t", 0, s.toggleTiling)
	for n := range 9 {
		s.bind(fmt.Sprintf("Super+%d", n+1), always, func() { s.do(wm.Workspace{N: n, Make: true}) })
		s.bindWindow(fmt.Sprintf("Super+Shift+%d", n+1), func(id wm.WindowID) wm.Op {
			return wm.MoveToWorkspace{ID: id, N: n, Make: true}
		})
	}
}

// bind is for chords that are written in this file: one that can't be parsed
// is a mistake in it. None of them does anything while the session is locked.
func (s *Session) bind(chord string, opt seat.BindOption, fn func()) {
	c, err := seat.ParseChord(chord)
	if err != nil {
		panic(err)
	}
	s.seat.Bind(c, opt, func(time.Duration) {
		if !s.lock.on {
			fn()
		}
	})
}

// bindWindow binds an op on the focused window.
func (s *Session) bindWindow(chord string, op func(wm.WindowID) wm.Op) {
	s.bind(chord, 0, func() {
		if id := s.wm.Focused(); id != 0 {
			s.do(op(id))
		}
	})
}

func (s *Session) closeFocused() {
	if w := s.windows[s.wm.Focused()]; w != nil {
		w.guest.Window.Close()
	}
}

func (s *Session) toggleTiling() {
	n := s.wm.Current()
	to := wm.Tiling
	if s.wm.Layout(n) == wm.Tiling {
		to = wm.Floating
	}
	s.do(wm.SetLayout{N: n, Layout: to})
}

// cycle starts or continues a walk through the windows; it ends when Alt goes
// up.
func (s *Session) cycle(back bool) {
	if s.do(wm.Cycle{Back: back}) {
		s.cycling = true
	}
}

// modifiers ends the walk.
func (s *Session) modifiers(m xkb.Mods) {
	if s.cycling && m.Effective()&s.seat.Keymap().ModMask("Mod1") == 0 {
		s.cycling = false
		s.do(wm.CycleEnd{})
	}
}
