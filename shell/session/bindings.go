package session

import (
	"fmt"
	"time"

	"rayos/shell/screenshot"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
	"rayos/wm"
)

// keys are the chords of a seat: what they do, they do for the person there.
type keys struct {
	s       *Session
	seat    *seat.Seat
	visitor *visitor // nil for the first seat
}

// bindChords sets the session's own keys. No client can take them: those that
// lead out of a window work even while it inhibits shortcuts.
func (s *Session) bindChords(k keys) {
	always := seat.Unstealable
	k.bind("Alt+Tab", 0, func() { k.cycle(false) })
	k.bind("Alt+Shift+Tab", 0, func() { k.cycle(true) })
	k.bind("Super+Tab", always, k.next)
	k.bind("Alt+grave", 0, func() { k.cycleApp(false) })
	k.bind("Alt+Shift+grave", 0, func() { k.cycleApp(true) })
	k.bind("Alt+Shift+asciitilde", 0, func() { k.cycleApp(true) })
	if k.visitor == nil {
		k.bind("Super+w", always, k.overview)
		if k.s.opt.Shell {
			k.bind("Print", always, func() { k.s.shots.open(screenshot.Region, false) })
			k.bind("Shift+Print", always, func() { k.s.shots.open(screenshot.Region, true) })
			k.bind("Alt+Print", always, k.shoot)
			k.bind("Super+Shift+r", always, func() { k.s.record.toggle(k.s) })
		}
		k.bind("Ctrl+Alt+BackSpace", always, func() { s.Quit(nil) })
		k.bind("Super+space", always, s.prompt.toggle)
		k.bind("Super+z", always, s.prompt.undo.take)
		k.bind("Super+k", always, func() { s.setLayout(-1) })
		k.bind("Super+b", always, s.bars.focus)
		k.bind("Super+n", always, s.notices.toggle)
		k.bind("Super+l", always, func() { s.screenLock.lock("key", s.lockFailed) })
		k.bind("Super+Shift+e", always, s.leave.toggle)
		k.bind("Super+Shift+f", always, func() { s.overlay.set(!s.overlay.on) })
	}
	k.bind("Super+Escape", always, func() { s.server.ToggleInput(k.seat) })
	k.bind("Alt+F4", 0, k.closeFocused)
	k.bind("Super+q", always, k.closeFocused)
	k.bindWindow("Super+Up", func(id wm.WindowID) wm.Op { return wm.Maximize{ID: id, To: wm.Toggle} })
	k.bindWindow("Super+Down", func(id wm.WindowID) wm.Op { return wm.Minimize{ID: id, To: wm.On} })
	k.bindWindow("Super+Left", func(id wm.WindowID) wm.Op { return wm.Snap{ID: id, Zone: wm.ZoneLeft} })
	k.bindWindow("Super+Right", func(id wm.WindowID) wm.Op { return wm.Snap{ID: id, Zone: wm.ZoneRight} })
	k.bindWindow("Super+f", func(id wm.WindowID) wm.Op { return wm.Fullscreen{ID: id, To: wm.Toggle} })
	k.bindWindow("Super+s", func(id wm.WindowID) wm.Op { return wm.Shade{ID: id, To: wm.Toggle} })
	k.bindWindow("Super+Shift+space", func(id wm.WindowID) wm.Op { return wm.Float{ID: id, To: wm.Toggle} })
	k.bind("Super+t", 0, s.toggleTiling)
	for n := range 9 {
		k.bind(fmt.Sprintf("Super+%d", n+1), always, func() { s.do(wm.Workspace{N: n, Make: true}) })
		k.bindWindow(fmt.Sprintf("Super+Shift+%d", n+1), func(id wm.WindowID) wm.Op {
			return wm.MoveToWorkspace{ID: id, N: n, Make: true}
		})
	}
}

// bind is for chords that are written in this file: one that can't be parsed
// is a mistake in it. None of them does anything while the session is locked.
func (k keys) bind(chord string, opt seat.BindOption, fn func()) {
	c, err := seat.ParseChord(chord)
	if err != nil {
		panic(err)
	}
	k.seat.Bind(c, opt, func(time.Duration) {
		if !k.s.lock.on {
			fn()
		}
	})
}

// focused returns the window that has the person's keys, 0 for none.
func (k keys) focused() wm.WindowID {
	if k.visitor != nil {
		return k.visitor.focused
	}
	return k.s.wm.Focused()
}

// bindWindow binds an op on the focused window.
func (k keys) bindWindow(chord string, op func(wm.WindowID) wm.Op) {
	k.bind(chord, 0, func() {
		if id := k.focused(); id != 0 {
			k.s.do(op(id))
		}
	})
}

func (k keys) closeFocused() {
	if w := k.s.windows[k.focused()]; w != nil {
		w.guest.Window.Close()
	}
}

func (k keys) cycle(back bool) {
	if k.visitor != nil {
		k.visitor.cycle(back)
		return
	}
	if k.s.opt.Shell {
		k.s.walk.start(back, false)
		return
	}
	k.s.cycle(back)
}

// shoot takes a picture of the window in front.
func (k keys) shoot() {
	if err := k.s.shootFocused(); err != nil {
		k.s.log.Debug("screenshot", "err", err)
	}
}

// overview shows the overview, or takes it away.
func (k keys) overview() {
	if k.s.opt.Shell {
		k.s.spread.set(!k.s.spread.on)
	}
}

// cycleApp walks through the windows of the application in front.
func (k keys) cycleApp(back bool) {
	if k.visitor == nil && k.s.opt.Shell {
		k.s.walk.start(back, true)
	}
}

// next goes on to the next window at once.
func (k keys) next() {
	if k.visitor != nil {
		k.visitor.cycle(false)
		return
	}
	k.s.do(wm.Cycle{})
	k.s.do(wm.CycleEnd{})
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
	if m.Effective()&s.seat.Keymap().ModMask("Mod1") != 0 {
		return
	}
	s.walk.released()
	if s.cycling {
		s.cycling = false
		s.do(wm.CycleEnd{})
	}
}
