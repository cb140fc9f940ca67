package session

import (
	"rayos/geom"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
)

// lock is the session's side of wayland.LockShell. While it is on, nothing of
// the desktop is part of the scene: neither screens, captures nor the pointer
// can find it.
type lock struct {
	on       bool
	waiting  bool        // for outputs to show the cover
	covers   *scene.Tree // a plain rectangle for each output
	surfaces *scene.Tree // of the locker
}

func (s *Session) newLock() {
	s.lock.covers = s.layers.lock.NewTree()
	s.lock.surfaces = s.layers.lock.NewTree()
	s.layers.lock.SetEnabled(false)
}

// desktop returns all trees that show what the lock hides.
func (l *layers) desktop() []*scene.Tree {
	return []*scene.Tree{
		l.wallpaper, l.background, l.bottom, l.windows, l.above, l.top, l.fullscreen, l.unmanaged, l.overlay, l.menus, l.input, l.prompt,
		l.hints, l.drag,
	}
}

// LockTree implements wayland.LockShell.
func (s *Session) LockTree() *scene.Tree { return s.lock.surfaces }

// Lock implements wayland.LockShell.
func (s *Session) Lock() {
	fresh := !s.lock.on
	s.lock.on, s.lock.waiting = true, true
	if fresh {
		s.seat.CancelGrabs()
		for _, v := range s.visitors {
			v.seat.CancelGrabs()
		}
		s.prompt.close()
		s.showDesktop(false)
		for _, o := range s.outputs {
			o.cover()
		}
	}
	s.access.lockChanged()
	s.lockChanged()
	s.loop.Idle(s.checkCovered)
}

// Unlock implements wayland.LockShell.
func (s *Session) Unlock() {
	s.lock.on, s.lock.waiting = false, false
	s.showDesktop(true)
	for _, o := range s.outputs {
		o.uncover()
	}
	s.access.lockChanged()
	s.lockChanged()
}

func (s *Session) showDesktop(on bool) {
	for _, t := range s.layers.desktop() {
		t.SetEnabled(on)
	}
	// The session's own locker dims its own wallpaper, which is nobody's secret.
	s.layers.wallpaper.SetEnabled(on || s.screenLock.on)
	s.layers.lock.SetEnabled(!on)
}

func (s *Session) lockChanged() {
	s.logind.setLocked(s.lock.on)
	s.moved = true
	s.focusWindow()
	s.refocus()
}

// refocus lets all pointers follow what is under them now.
func (s *Session) refocus() {
	s.seat.Refocus()
	for _, v := range s.visitors {
		v.seat.Refocus()
	}
}

// checkCovered tells the locker once no screen shows the desktop any more.
func (s *Session) checkCovered() {
	if !s.lock.waiting {
		return
	}
	for _, o := range s.outputs {
		if o.shownFrames < o.coverAt && (!o.dark() || o.shownFrames < o.darkAt) {
			return
		}
	}
	s.lock.waiting = false
	s.server.LockCovered()
}

// cover hides the desktop on the output from its next frame on.
func (o *output) cover() {
	if o.lockRect == nil {
		c := theme.For(o.s.opt.Scheme)
		fill := c.Surface3
		if o.s.screenLock.on {
			fill = uitheme.Fade(c.Desktop, lockVeil)
		}
		o.lockRect = o.s.lock.covers.NewRect(geom.Size{}, fill)
	}
	o.arrangeCover()
	o.coverAt = o.frames + 1
	o.scene.DamageAll()
	o.queue()
}

func (o *output) uncover() {
	if o.lockRect != nil {
		o.lockRect.Destroy()
		o.lockRect = nil
	}
	o.coverAt = 0
}

func (o *output) arrangeCover() {
	if o.lockRect != nil {
		r := o.scene.Logical()
		o.lockRect.SetPosition(r.X0, r.Y0)
		o.lockRect.SetSize(r.Size())
	}
}

// exposed reports whether the last frame drawn still shows the desktop though
// the session is locked.
func (o *output) exposed() bool { return o.s.lock.on && o.frames < o.coverAt && !o.dark() }
