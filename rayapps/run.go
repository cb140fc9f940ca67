package rayapps

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol/client"
)

// Main runs an app and returns what to leave the process with: 1 after an
// error, which it prints.
func Main(o Options, a App) int {
	if err := Run(o, a); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", o.ID, err)
		return 1
	}
	return 0
}

// Run shows an app in a window until it is closed, the process is told to end
// (SIGTERM, SIGINT) or the compositor goes. Only the last is an error, besides
// those of starting. It makes its caller's goroutine the window's.
func Run(o Options, a App) (err error) {
	if err := o.complete(); err != nil {
		return errors.Join(err, closeConn(o.Conn))
	}
	l, err := loop.New()
	if err != nil {
		return errors.Join(err, closeConn(o.Conn))
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	return run(l, o, a)
}

func closeConn(c *client.Display) error {
	if c != nil {
		c.Close()
	}
	return nil
}

func run(l *loop.Loop, o Options, a App) error {
	conn := o.Conn
	if o.Token == "" {
		o.Token = os.Getenv("XDG_ACTIVATION_TOKEN")
	}
	// It is for one window, and not for what the app starts.
	if err := os.Unsetenv("XDG_ACTIVATION_TOKEN"); err != nil {
		return errors.Join(err, closeConn(conn))
	}
	if conn == nil {
		var err error
		if conn, err = client.Connect(o.Socket); err != nil {
			return err
		}
	}
	var w *Window
	fonts := text.NewFonts(text.Options{System: true, Changed: func() { w.Post(w.refit) }})
	set := environment(os.Getenv)
	if err := lang.Set(set.Locale); err != nil {
		return errors.Join(err, closeConn(conn))
	}
	w = newWindow(l, o, a, set, fonts)
	w.host.conn = conn
	err := w.openLink()
	if err == nil {
		err = w.open()
	}
	if err == nil {
		stop, unlook := w.followSignals(), w.followPortal()
		err = l.Run()
		stop()
		unlook()
		w.access.end()
		err = errors.Join(err, w.err, w.stop())
	} else {
		err = errors.Join(err, w.store.close(false))
	}
	if w.link != nil {
		w.link.close()
	}
	err = errors.Join(err, w.destroy())
	if d, ok := as[Destroyer](a); ok {
		d.Destroy()
	}
	return err
}

func newWindow(l *loop.Loop, o Options, a App, set settings, fonts *text.Fonts) *Window {
	w := &Window{loop: l, opts: o, app: a, title: lang.T(o.Title), settings: set, fonts: fonts}
	w.host.w = w
	w.raster = paint.NewRaster(w.fonts)
	w.root = ui.New(ui.Options{
		View: w.view, Fonts: w.fonts, Theme: w.settings.theme(), RTL: w.settings.rtl(), Now: l.Now,
		Clipboard: (*clipboard)(w), Background: true,
	})
	w.root.SetActive(false)
	w.timer = l.NewTimer(func() {})
	w.saver = l.NewTimer(w.save)
	w.believe = l.NewTimer(w.shown)
	w.tidier = l.NewTimer(w.tidy)
	w.quota = make(chan struct{}, maxPosts)
	w.onFrame = w.framePassed
	return w
}

// open creates the app and its window.
func (w *Window) open() error {
	saved, err := w.restore()
	if err != nil {
		w.opts.Log.Warn("saved state", "err", err)
	}
	if c, ok := as[Creator](w.app); ok {
		if err := c.Create(w, saved); err != nil {
			return fmt.Errorf("create: %w", err)
		}
	}
	if err := w.host.open(); err != nil {
		return err
	}
	if w.host.source, err = w.loop.Add(w.host.conn.FD(), loop.Readable, &w.host); err != nil {
		return err
	}
	w.shape()
	if s, ok := as[Starter](w.app); ok {
		if err := s.Start(w); err != nil {
			return fmt.Errorf("start: %w", err)
		}
	}
	if op, ok := as[Opener](w.app); ok && len(w.opts.Names) > 0 {
		op.Open(w, w.opts.Names)
	}
	w.loop.AtTurnEnd(w.turn)
	w.host.flush()
	return nil
}

// followSignals ends the window when the process is told to end.
func (w *Window) followSignals() (stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM, syscall.SIGINT)
	done := make(chan struct{})
	go func() {
		select {
		case <-c:
			w.loop.Stop()
		case <-done:
		}
	}()
	return func() {
		signal.Stop(c)
		close(done)
	}
}

// frameTime is the time between two frames of something that moves where the
// compositor hasn't been asked.
const frameTime = time.Second / 60
