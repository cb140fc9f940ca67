package foreign

import (
	"image/color"
	"strings"
	"testing"

	wl "github.com/rajveermalviya/go-wayland/wayland/client"

	"rayos/internal/proctest"
	"rayos/shell/control"
)

// find returns the window with a title, or nil.
func find(s *proctest.Session, title string) *control.Window {
	for _, w := range s.Windows() {
		if w.Title == title {
			return &w
		}
	}
	return nil
}

func TestForeignClient(t *testing.T) {
	s := proctest.Start(t)
	other := dial(t, s)
	other.open("other", 50, 40, 0xff00ff00)
	for _, c := range []struct {
		name string
		do   func(t *testing.T, s *proctest.Session)
	}{
		{"draws", draws},
		{"padded strings", paddedStrings},
		{"growing ids", growingIDs},
		{"buffer destroyed while shown", bufferDestroyed},
		{"destroyed with callbacks on their way", destroyedInFlight},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.do(t, s)
			// Whatever that was, the other client is served.
			other.t = t
			other.sync()
			if w := find(s, "other"); w == nil || !w.Visible {
				t.Errorf("the other client's window is %+v", w)
			}
		})
		s.Until("only the other client is left", func() bool {
			n := s.Stats()
			return n.Clients == 1 && n.Surfaces == 1 && n.Windows == 1
		})
	}
}

func draws(t *testing.T, s *proctest.Session) {
	dial(t, s).open("drawn", 64, 48, 0xff204080)
	p := s.Shoot(proctest.Args{"window": "drawn"})
	if size := p.Rect.Size(); size.X != 64 || size.Y != 48 || p.Colors() != 1 || p.RGBAAt(63, 47) != (color.RGBA{0x20, 0x40, 0x80, 0xff}) {
		t.Errorf("the window has size %v, %d colours, last pixel %v", size, p.Colors(), p.RGBAAt(63, 47))
	}
}

// paddedStrings: the library counts a string's padding as part of it.
func paddedStrings(t *testing.T, s *proctest.Session) {
	c := dial(t, s)
	w := c.open("", 10, 10, 0)
	for n := range 9 {
		title := strings.Repeat("ö", n) + strings.Repeat("x", n%4)
		c.do(w.toplevel.SetTitle(title))
		c.sync()
		if find(s, title) == nil {
			t.Errorf("no window has the title %q: %+v", title, s.Windows())
		}
	}
}

// growingIDs: each callback has a new id, and the server's table must not mind.
func growingIDs(t *testing.T, s *proctest.Session) {
	c := dial(t, s)
	w := c.open("growing", 32, 32, 0xffff0000)
	done := 0
	const rounds, each = 50, 20
	for i := range rounds {
		for range each {
			cb, err := w.surface.Frame()
			c.do(err)
			cb.SetDoneHandler(func(wl.CallbackDoneEvent) { done++ })
		}
		c.do(w.surface.Damage(0, 0, 32, 32))
		c.do(w.surface.Commit())
		c.until(func() bool { return done >= (i+1)*each })
	}
	if done != rounds*each {
		t.Errorf("%d frame callbacks came; want %d", done, rounds*each)
	}
}

// bufferDestroyed: what has been attached stays on the screen.
func bufferDestroyed(t *testing.T, s *proctest.Session) {
	c := dial(t, s)
	w := c.open("kept", 40, 40, 0xff123456)
	c.do(w.buffer.Destroy())
	c.sync()
	if p := s.Shoot(proctest.Args{"window": "kept"}); p.RGBAAt(20, 20) != (color.RGBA{0x12, 0x34, 0x56, 0xff}) {
		t.Errorf("a pixel is %v after the buffer was destroyed", p.RGBAAt(20, 20))
	}
	next := c.paint(20, 20, 0xffabcdef)
	c.do(w.surface.Attach(next, 0, 0))
	c.do(next.Destroy())
	c.do(w.surface.Commit())
	c.sync()
}

// destroyedInFlight: events to objects that the client has just destroyed are
// its own affair.
func destroyedInFlight(t *testing.T, s *proctest.Session) {
	c := dial(t, s)
	for range 10 {
		w := c.open("brief", 30, 30, 0xff0000ff)
		for range 3 {
			_, err := w.surface.Frame()
			c.do(err)
		}
		c.do(w.surface.Commit())
		c.do(w.toplevel.SetMaximized())
		c.do(w.toplevel.Destroy())
		c.do(w.xdg.Destroy())
		c.do(w.surface.Destroy())
		c.do(w.buffer.Destroy())
		c.sync()
	}
}
