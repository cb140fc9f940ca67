package wayland

import (
	"time"

	"rayos/internal/loop"
	"rayos/surfaces"
)

// capturePeriod is the refresh of windows that are captured and seen on no
// output.
const capturePeriod = time.Second / 60

// capturePace tells captured windows to draw where no output does: minimised,
// on another workspace, or covered by others.
type capturePace struct {
	srv   *Server
	timer *loop.Timer
	last  time.Duration // when it told last
	ever  bool
}

func (p *capturePace) init(s *Server) {
	p.srv = s
	p.timer = s.Loop.NewTimer(p.tell)
}

// Captured reports whether somebody captures a window.
func (s *Server) Captured(g *surfaces.GuestSurface) bool {
	for _, t := range s.pictures.sessions {
		if t.src.window != nil && !t.src.pointer && t.src.window.guest == g {
			return true
		}
	}
	return false
}

// each calls fn with every surface of captured windows that waits to be told to
// draw and is seen nowhere.
func (p *capturePace) each(fn func(*surfaces.Surface)) {
	for _, t := range p.srv.pictures.sessions {
		if t.src.window == nil || t.src.pointer || t.src.window.guest.Surface == nil {
			continue
		}
		t.src.window.guest.Surface.Each(func(s *surfaces.Surface) {
			if s.WantsFrame() && p.srv.Core.Scene.PrimaryOutput(s.Node()) == nil {
				fn(s)
			}
		})
	}
}

// look plans the next time, if somebody waits for it. It runs once a turn.
func (p *capturePace) look() {
	if len(p.srv.pictures.sessions) == 0 || p.timer.Armed() {
		return
	}
	waits := false
	p.each(func(*surfaces.Surface) { waits = true })
	if !waits {
		return
	}
	at := p.srv.Loop.Now()
	if p.ever {
		at = max(at, p.last+capturePeriod)
	}
	p.timer.Arm(at)
}

func (p *capturePace) tell() {
	p.last, p.ever = p.srv.Loop.Now(), true
	p.each(func(s *surfaces.Surface) { s.FrameDone(millis(p.last)) })
}

// capturesWindow tells the session that the capture of a window has begun or
// ended.
func (t *copySession) capturesWindow() {
	if w := t.src.window; w != nil && w.mapped && !t.src.pointer {
		t.srv.shell.WindowChanged(w.guest, ChangeCapture)
	}
}
