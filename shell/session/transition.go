package session

import (
	"rayos/internal/loop"
	"rayos/surfaces/scene"
	"rayos/wm"
)

// transition is the step from one layout to the next: windows that change
// their size are asked first, and the new layout is shown when all have
// answered, or without the slow ones after layoutDeadline.
type transition struct {
	s       *Session
	pending bool // placements wait to be shown
	timer   *loop.Timer
}

func (t *transition) init(s *Session) {
	t.s = s
	t.timer = s.loop.NewTimer(t.expired)
}

// manage decides sizes and asks for them.
func (s *Session) manage() {
	s.dirty = false
	s.placed = s.wm.Arrange(s.placed[:0])
	waits := false
	for i := range s.placed {
		p := &s.placed[i]
		w := s.windows[p.ID]
		if w == nil {
			continue
		}
		serial := w.guest.Window.Configure(w.configuration(p))
		if serial != 0 && w.mapped && p.Visible && !p.Configure.Empty() && p.Configure != w.want &&
			p.Configure != w.guest.Window.Geometry().Size() {
			w.waiting = serial
		}
		if !p.Configure.Empty() {
			w.want = p.Configure
		}
		waits = waits || w.waiting != 0
	}
	s.layout.pending = true
	if waits && !s.layout.timer.Armed() {
		s.layout.timer.Arm(s.loop.Now() + layoutDeadline)
	}
	s.server.WindowsChanged()
	s.focusWindow()
}

// waits reports whether a window has yet to answer.
func (t *transition) waits() bool {
	for _, w := range t.s.windows {
		if w.waiting != 0 {
			return true
		}
	}
	return false
}

// expired gives up on those who did not answer.
func (t *transition) expired() {
	for _, w := range t.s.windows {
		w.waiting = 0
	}
}

// settle shows the layout when nothing is waited for.
func (t *transition) settle() {
	if !t.pending || t.waits() {
		return
	}
	t.pending = false
	t.timer.Disarm()
	s := t.s
	for _, w := range s.windows {
		w.release()
	}
	// Released commits may have changed sizes; their frames follow at once.
	if s.dirty {
		s.dirty = false
		s.placed = s.wm.Arrange(s.placed[:0])
	}
	s.restack()
	s.restackX11()
	for i := range s.placed {
		p := &s.placed[i]
		w := s.windows[p.ID]
		if w == nil {
			continue
		}
		before := w.spot.Content
		w.place(p)
		if before != p.Content {
			s.server.ReactPopups(w.guest)
		}
	}
	s.server.WindowsChanged()
	s.server.WorkspacesChanged()
	s.moved = true
}

// restack brings the scene's order in line.
func (s *Session) restack() {
	same := len(s.stack) == len(s.placed)
	for i := range s.placed {
		p := &s.placed[i]
		same = same && s.stack[i] == p.ID
		if w := s.windows[p.ID]; w != nil && w.frame.tree.Parent() != s.windowTree(w, p.Layer) {
			w.frame.tree.Reparent(s.windowTree(w, p.Layer))
			same = false
		}
	}
	if same {
		return
	}
	s.stack = s.stack[:0]
	for i := range s.placed {
		s.stack = append(s.stack, s.placed[i].ID)
		if w := s.windows[s.placed[i].ID]; w != nil {
			w.frame.tree.Raise()
		}
	}
}

// windowTree is where windows of a layer hang.
func (s *Session) windowTree(w *window, l wm.Layer) *scene.Tree {
	if l == wm.LayerFullscreen {
		return s.layers.fullscreen
	}
	if w.above {
		return s.layers.above
	}
	return s.layers.windows
}
