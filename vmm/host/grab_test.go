package host

import (
	"fmt"
	"image"
	"slices"
	"testing"

	"rayos/geom"
	"rayos/internal/proctest"
	"rayos/vmm/qemu"
)

// TestGuestHoldsKeysAndPointer until the person takes them back.
func TestGuestHoldsKeysAndPointer(t *testing.T) {
	g := newGlass(t, "1600x1000")
	g.show(geom.Size{W: 1280, H: 800}, 0x40)
	g.shows("the guest's picture", 0x40, image.Rect(0, 1, 1280, 790))
	g.s.Call("input click", proctest.Args{"at": g.at(640, 400)})
	g.guest.until(t, "button 0 false")

	// A chord of the session's is the session's.
	g.s.Call("input key", proctest.Args{"chord": "alt+F4"})
	g.s.Until("Alt+F4 has closed the window", func() bool { return g.s.Get(g.id) == nil })
	g.attach(g.s)
	g.shows("the guest's picture", 0x40, image.Rect(0, 1, 1280, 790))
	g.s.Call("input click", proctest.Args{"at": g.at(640, 400)})
	g.guest.until(t, "button 0 false")

	g.host.presenter.post((*window).hold)
	g.grabbed("the guest holds the keys", func(w *window) bool { return w.grab != nil && w.grab.keys })
	g.s.Call("input key", proctest.Args{"chord": "alt+F4"})
	g.guest.until(t, "key 62 true")
	g.guest.until(t, "key 56 false")

	// A guest that shows no pointer hears how ours moves.
	g.host.screen.CursorImage(qemu.Cursor{Size: geom.Size{W: 1, H: 1}, Data: make([]byte, 4)})
	g.host.screen.CursorMoved(geom.Point{}, false)
	g.grabbed("the pointer is held", func(w *window) bool { return w.grab.locked })
	for range 4 {
		g.s.Call("input pointer", proctest.Args{"x": 2.75, "y": -1.5, "relative": true})
	}
	g.s.Call("input click", proctest.Args{"button": "right"})
	said := g.guest.until(t, "button 2 false")
	if i := slices.IndexFunc(said, func(s string) bool { return len(s) > 7 && s[:7] == "pointer" }); i >= 0 {
		t.Errorf("a held pointer is somewhere: %q", said)
	}
	x, y := sumMotion(t, said)
	if x != 11 || y != -6 {
		t.Errorf("moved by %d,%d; want 11,-6: %q", x, y, said)
	}

	// With a key down the person takes all back.
	g.s.Call("input key", proctest.Args{"chord": "b", "press": true})
	g.guest.until(t, "key 48 true")
	g.s.Call("input key", proctest.Args{"chord": "super+Escape"})
	g.guest.until(t, "key 48 false")
	g.grabbed("the guest holds nothing", func(w *window) bool { return !w.grab.keys && w.grab.lock == nil })
	g.s.Call("input key", proctest.Args{"chord": "b", "release": true})
	g.s.Call("input key", proctest.Args{"chord": "alt+F4"})
	g.s.Until("Alt+F4 has closed the window", func() bool { return g.s.Get(g.id) == nil })
}

// sumMotion adds up by how much a guest's pointer was moved.
func sumMotion(t *testing.T, said []string) (x, y int) {
	t.Helper()
	for _, s := range said {
		var dx, dy int
		if n, _ := fmt.Sscanf(s, "by %d,%d", &dx, &dy); n == 2 {
			x, y = x+dx, y+dy
		}
	}
	return x, y
}

// grabbed waits for something of the window's.
func (g *glass) grabbed(what string, is func(w *window) bool) {
	g.t.Helper()
	g.s.Until(what, func() bool {
		now := make(chan bool, 1)
		g.host.presenter.post(func(w *window) { now <- is(w) })
		return <-now
	})
}
