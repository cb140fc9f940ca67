package host

import (
	"image"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/proctest"
)

// TestAStillGuestIsShownAgain hides and shows a guest that draws nothing
// meanwhile: that its picture is on the screen is told each time. Memory is to
// be given back while it is hidden.
func TestAStillGuestIsShownAgain(t *testing.T) {
	g := newGlass(t, "800x600")
	g.show(geom.Size{W: 320, H: 200}, 0x40)
	g.shows("the guest's picture", 0x40, image.Rect(200, 200, 400, 300))
	c, err := Dial(g.host.dir.Socket("vm"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// An answer comes when we are known; from then on we are told.
	if _, err := c.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	hear := func(what string) {
		t.Helper()
		late := time.After(patience)
		for {
			select {
			case ev := <-c.Events():
				if ev.Event == what {
					return
				}
			case <-late:
				t.Fatalf("not heard: %s", what)
			}
		}
	}
	for range 3 {
		g.s.Call("state", proctest.Args{"window": g.id, "state": "minimize"})
		hear(EventHidden)
		if !g.host.memory.timer.Reset(tidyAfter) {
			t.Error("hidden, no memory will be given back")
		}
		g.s.Call("state", proctest.Args{"window": g.id, "state": "restore"})
		hear(EventShown)
		if g.host.memory.timer.Stop() {
			t.Error("shown, memory will be given back")
		}
	}
}
