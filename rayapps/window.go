package rayapps

import (
	"sync/atomic"
	"time"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/surfaces/protocol/client"
)

// Window is an app's window. All of it but Post and Do belongs to the goroutine
// that called Run.
type Window struct {
	loop    *loop.Loop
	opts    Options
	app     App
	host    host
	link    *link        // nil without a session of its own
	clipped clippedFiles // that the app has copied
	err     error        // why it ended

	fonts    *text.Fonts
	raster   *paint.Raster
	root     *ui.Root
	settings settings
	access   access

	surface
	toplevel *client.XdgToplevel
	popups   []*popup // each above the one before
	bar      titleBar

	title   string
	next    configure
	states  states
	mapped  bool // the compositor has told the size
	ready   bool // the first frame has been composited
	resumed bool
	ended   bool
	closed  bool // on purpose, and so for good

	believe *loop.Timer // counts the first frame as seen
	tidier  *loop.Timer // gives back what only the start needed
	drawn   time.Duration
	paced   bool // the last frame was committed
	timer   *loop.Timer

	saver *loop.Timer
	saved []byte
	store store
	quota chan struct{}

	copied         string       // where there is no clipboard
	taking, giving atomic.Int32 // moves of data under way
}

// Root returns the window's tree of widgets.
func (w *Window) Root() *ui.Root { return w.root }

// Size returns the size of what View has, in logical pixels.
func (w *Window) Size() geom.Size {
	if w.states.fullscreen {
		return w.size
	}
	return geom.Size{W: w.size.W, H: max(w.size.H-w.bar.height(), 0)}
}

// Scale returns the physical pixels for each logical one.
func (w *Window) Scale() geom.Scale { return w.scale }

// Theme returns the colours and sizes that the person has chosen.
func (w *Window) Theme() *theme.Theme { return w.settings.theme() }

// Visible reports whether the window can be seen, as far as the compositor
// says.
func (w *Window) Visible() bool { return w.resumed }

// Active reports whether the window has the keyboard.
func (w *Window) Active() bool { return w.host.seat != nil && w.host.seat.focused }

// Now returns the time of the window's clock, which is monotonic.
func (w *Window) Now() time.Duration { return w.loop.Now() }

// Invalidate asks for a new view: the state of the app has changed. Callbacks of
// widgets, functions of Post and timers do so by themselves.
func (w *Window) Invalidate() {
	w.root.Invalidate()
	w.dirty()
}

// SetTitle names the window.
func (w *Window) SetTitle(title string) {
	title = cut(title, maxName)
	if title == w.title {
		return
	}
	w.title = title
	if w.toplevel != nil {
		w.toplevel.SetTitle(title)
		if w.bar.on {
			w.root.Invalidate()
		}
	}
}

// SetFullscreen asks for the whole screen, or for what the window had before. The
// compositor decides.
func (w *Window) SetFullscreen(on bool) {
	switch {
	case w.toplevel == nil: // a preview is its own compositor
		w.states.fullscreen = on
		w.root.Invalidate()
	case on:
		w.toplevel.SetFullscreen(nil)
	default:
		w.toplevel.UnsetFullscreen()
	}
}

// Fullscreen reports whether the window has the whole screen.
func (w *Window) Fullscreen() bool { return w.states.fullscreen }

// Speak changes the language of the process, and the window with it: its words,
// its direction and its title. The error is that of lang.Set.
func (w *Window) Speak(l lang.Locale) error {
	if err := lang.Set(l); err != nil {
		return err
	}
	w.settings.Locale = l
	w.root.SetRTL(w.settings.rtl())
	if _, ok := as[Titler](w.app); !ok {
		w.SetTitle(lang.T(w.opts.Title))
	}
	w.Invalidate()
	return nil
}

// Close ends the app, without asking it.
func (w *Window) Close() {
	w.closed = true
	w.end(nil)
}

// end makes Run return.
func (w *Window) end(err error) {
	if !w.ended {
		w.ended, w.err = true, err
		w.loop.Stop()
	}
}

// asked is called when the person wants the window closed.
func (w *Window) asked() {
	if c, ok := as[Closer](w.app); ok && !c.Close(w) {
		w.Invalidate()
		return
	}
	w.Close()
}

// view is the app's, below a title bar where the compositor draws none.
func (w *Window) view() ui.Node {
	n := w.app.View(w)
	if t, ok := as[Titler](w.app); ok {
		w.SetTitle(t.Title())
	}
	w.dirty()
	if !w.bar.on {
		return n
	}
	return w.bar.around(w, n)
}

// event gives the tree an event.
func (w *Window) event(ev ui.Event) bool {
	took := w.root.Event(ev)
	w.root.Layout()
	return took
}

// key gives the app a keystroke that no widget has taken.
func (w *Window) key(k *ui.Keystroke) bool {
	h, ok := as[KeyHandler](w.app)
	if !ok || !h.Key(w, k) {
		return false
	}
	w.Invalidate()
	return true
}

// refit lays everything out again: more fonts are known.
func (w *Window) refit() {
	w.root.Repaint()
	w.root.Invalidate()
}

// maxPosts is how many functions may wait for the window's goroutine.
const maxPosts = 1024

// Post runs fn on the window's goroutine, in the order of the calls, and asks
// for a new view. Any goroutine may call it. It reports false, and fn is
// dropped, if 1,024 functions wait already or the window has gone.
func (w *Window) Post(fn func()) bool {
	select {
	case w.quota <- struct{}{}:
	default:
		return false
	}
	w.loop.Post(func() {
		<-w.quota
		if !w.ended {
			fn()
			w.Invalidate()
		}
	})
	return true
}

// Timer calls a function of the app's later.
type Timer struct {
	w *Window
	t *loop.Timer
}

// NewTimer returns a stopped timer that calls fn on the window's goroutine and
// asks for a new view.
func (w *Window) NewTimer(fn func()) *Timer {
	return &Timer{w, w.loop.NewTimer(func() {
		fn()
		w.Invalidate()
	})}
}

// Reset lets the timer fire once, in d from now.
func (t *Timer) Reset(d time.Duration) { t.t.Arm(t.w.loop.Now() + d) }

// Stop keeps it from firing.
func (t *Timer) Stop() { t.t.Disarm() }

// cut returns at most n bytes of s, and no half characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
