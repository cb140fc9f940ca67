package rayapps

import (
	"fmt"
	"os"
	"time"

	"rayos/geom"
	"rayos/rayapps/paint"
	"rayos/surfaces/protocol"
)

// turn ends each turn of the loop: what was asked for is done, a frame is drawn
// if one is due, requests are sent.
func (w *Window) turn() {
	if w.ended {
		return
	}
	w.reconfigure()
	w.frame()
	if s := w.host.seat; s != nil {
		s.turn()
	}
	w.host.flush()
}

// frame draws what has changed and arms the timer for what will.
func (w *Window) frame() {
	if !w.mapped || w.waiting != nil || !w.resumed || w.swap.starved {
		w.timer.Disarm()
		return
	}
	at, ok := w.root.Next()
	if now := w.loop.Now(); w.stale || ok && at <= now && now >= w.least() {
		w.drawn, w.paced = now, false
		w.draw()
		at, ok = w.root.Next()
	}
	switch {
	case w.waiting != nil, w.swap.starved: // the compositor says when
	case ok:
		if at = max(at, w.least()); !w.timer.Armed() || w.timer.At() != at {
			w.timer.Arm(at)
		}
		return
	}
	w.timer.Disarm()
}

// least returns when there may be another frame: at once if the compositor has
// asked for it, since one was committed.
func (w *Window) least() time.Duration {
	if w.paced {
		return 0
	}
	return w.drawn + frameTime
}

// draw commits a frame if there is anything new in it.
func (w *Window) draw() {
	f := w.root.Frame()
	if !f.Changed && !w.stale {
		return
	}
	b, err := w.swap.acquire()
	if err != nil {
		w.end(fmt.Errorf("memory for a frame: %w", err))
		return
	}
	if b == nil { // the compositor holds all; its release draws
		w.swap.starved = true
		w.root.Repaint()
		w.stale = true
		return
	}
	d := &w.damage
	if w.stale {
		d.SetRect(w.swap.size.Rect())
	} else {
		d.Set(&f.Damage)
		d.Scale(w.scale)
		d.IntersectRect(w.swap.size.Rect())
	}
	w.swap.damaged(d)
	if err := w.raster.Draw(paint.Target{Pixels: &b.pixels, Scale: w.scale}, f.List, &b.stale); err != nil {
		w.end(fmt.Errorf("draw: %w", err))
		return
	}
	b.stale.Clear()
	w.commit(b, d)
	w.stale = false
}

// maxDamage is how many rectangles the compositor is told of; more are told as
// fewer that hold them.
const maxDamage = 32

func (w *Window) commit(b *buffer, d *geom.Region) {
	s := w.surface
	s.Attach(b.wl, 0, 0)
	b.busy = true
	switch {
	case w.viewport != nil:
		w.viewport.SetDestination(w.size.W, w.size.H)
	default:
		s.SetBufferScale(w.scale.Ceil())
	}
	if w.stale {
		w.xdg.SetWindowGeometry(0, 0, w.size.W, w.size.H)
		opaque := w.host.compositor.CreateRegion()
		opaque.Add(0, 0, w.size.W, w.size.H)
		s.SetOpaqueRegion(opaque)
		opaque.Destroy()
	}
	d.Simplify(maxDamage)
	for _, r := range d.Rects() {
		s.DamageBuffer(r.X0, r.Y0, r.W(), r.H())
	}
	w.paced = true
	w.waiting = s.Frame()
	w.waiting.OnDone = w.onFrame
	w.follow()
	s.Commit()
}

// follow asks, until a frame was seen, whether the one is that the next commit
// makes current: each takes the place of the one before, which may never be
// seen.
func (w *Window) follow() {
	if p := w.host.presentation; p != nil && !w.ready {
		p.Feedback(w.surface).OnPresented = func(_, _, _, _, _, _ uint32, _ protocol.WpPresentationFeedbackKind) { w.shown() }
	}
}

// framePassed is the compositor's word that it is time for another frame.
func (w *Window) framePassed(uint32) {
	w.waiting = nil
	switch {
	case w.ready:
	case w.host.presentation == nil:
		w.shown()
	case !w.believe.Armed():
		w.believe.Arm(w.loop.Now() + believeAfter)
	}
}

// believeAfter is how long after a frame callback a frame counts as seen with
// compositors that have presentation times and don't tell any.
const believeAfter = 100 * time.Millisecond

// shown is called when a frame has been on the screen.
func (w *Window) shown() {
	if w.ready {
		return
	}
	w.ready = true
	w.believe.Disarm()
	w.marker("RAYOS_GUI_APP_READY:" + w.opts.Name)
}

func (w *Window) marker(line string) {
	if w.opts.Marker != nil {
		w.opts.Marker(line)
		return
	}
	fmt.Fprintln(os.Stdout, line)
}
