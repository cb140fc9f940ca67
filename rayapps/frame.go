package rayapps

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"rayos/internal/ownpages"
	"rayos/surfaces/protocol"
)

// turn ends each turn of the loop: what was asked for is done, a frame is drawn
// if one is due, requests are sent.
func (w *Window) turn() {
	if w.ended {
		return
	}
	if s := w.host.seat; s != nil {
		s.settleFocus()
	}
	w.reconfigure()
	w.reconfigurePopups()
	w.frame()
	w.turnPopups()
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
	for _, p := range w.popups {
		if u := &p.ui.Frame; u.Changed {
			p.changed(&u.Damage)
		}
	}
	if !f.Changed && !w.stale {
		return
	}
	w.changed(&f.Damage)
	if !w.surface.draw(f.List) {
		w.root.Repaint()
		return
	}
	if w.stale {
		w.xdg.SetWindowGeometry(0, 0, w.size.W, w.size.H)
		opaque := w.host.compositor.CreateRegion()
		opaque.Add(0, 0, w.size.W, w.size.H)
		w.wl.SetOpaqueRegion(opaque)
		opaque.Destroy()
	}
	w.paced, w.stale = true, false
	w.follow()
	w.wl.Commit()
	w.tell()
}

// follow asks, until a frame was seen, whether the one is that the next commit
// makes current: each takes the place of the one before, which may never be
// seen.
func (w *Window) follow() {
	if p := w.host.presentation; p != nil && !w.ready && w.complete() {
		p.Feedback(w.wl).OnPresented = func(_, _, _, _, _, _ uint32, _ protocol.WpPresentationFeedbackKind) { w.shown() }
	}
}

// complete reports whether the app shows what it is for.
func (w *Window) complete() bool {
	r, ok := as[Readier](w.app)
	return !ok || r.Ready()
}

// framePassed is the compositor's word that it is time for another frame.
func (w *Window) framePassed(uint32) {
	w.waiting = nil
	switch {
	case w.ready || !w.complete():
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
	w.beReadable()
	if !w.loop.Virtual() {
		w.tidier.Arm(w.loop.Now() + tidyAfter)
	}
}

// tidyAfter is longer than what follows the first frame takes.
const tidyAfter = 250 * time.Millisecond

// tidy gives back to the system what only the start needed.
func (w *Window) tidy() {
	go func() {
		debug.FreeOSMemory()
		if err := ownpages.Forget(); err != nil {
			w.opts.Log.Debug("pages of the program stay", "err", err) // an app that is confined has no /proc
		}
	}()
}

func (w *Window) marker(line string) {
	if w.opts.Marker != nil {
		w.opts.Marker(line)
		return
	}
	fmt.Fprintln(os.Stdout, line)
}
