package session

import (
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/scene"
)

// Bells are seen, not heard. Two flashes a second at most, over all programs:
// more than three are a danger to some people.
const (
	bellFlash = 150 * time.Millisecond
	bellPause = 500 * time.Millisecond
	bellStrip = 4 // logical pixels at the top of an output, for nobody's bell
)

var bellColor = render.RGBA(224, 163, 58, 80)

// bell is the flash that is on screen.
type bell struct {
	s      *Session
	timer  *loop.Timer
	window *window // it is on, nil for the outputs
	rects  []*scene.Rect
	last   time.Duration
	rung   bool // at any time
}

func (b *bell) init(s *Session) {
	b.s = s
	b.timer = s.loop.NewTimer(b.end)
}

// Bell implements wayland.BellShell: the window flashes, and one without the
// focus asks for attention.
func (s *Session) Bell(g *surfaces.GuestSurface) {
	w := s.windowOf(g)
	if s.lock.on || g != nil && (w == nil || !w.mapped) {
		return
	}
	if w != nil && !w.spot.Activated {
		w.attend()
	}
	if w == nil || w.spot.Visible {
		s.bell.flash(w)
	}
}

func (b *bell) flash(w *window) {
	now := b.s.loop.Now()
	if b.rung && now-b.last < bellPause {
		return
	}
	b.rung, b.last, b.window = true, now, w
	if w != nil {
		r := w.frame.tree.NewRect(w.spot.Frame.Size(), bellColor)
		r.PlaceBelow(w.frame.popups)
		b.rects = append(b.rects, r)
	} else {
		for _, o := range b.s.outputs {
			l := o.scene.Logical()
			r := b.s.layers.hints.NewRect(geom.Size{W: l.W(), H: bellStrip}, bellColor)
			r.SetPosition(l.X0, l.Y0)
			b.rects = append(b.rects, r)
		}
	}
	b.timer.Arm(now + bellFlash)
}

// end takes the flash off.
func (b *bell) end() {
	b.timer.Disarm()
	for i, r := range b.rects {
		r.Destroy()
		b.rects[i] = nil
	}
	b.rects, b.window = b.rects[:0], nil
}

// forget ends the flash on a window that goes.
func (b *bell) forget(w *window) {
	if b.window == w {
		b.end()
	}
}
