package panel

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
)

// rising is a panel that comes up.
func rising(t *testing.T, still bool) *bench {
	t.Helper()
	b := newBench(t, func() ui.Node { return bar("one", nil) })
	b.panel.o.Rise = 180 * time.Millisecond
	th := uitheme.New(uitheme.Dark, 0)
	th.Still = still
	b.panel.o.UI.Theme = th
	b.panel.Place(geom.Rect{}, geom.Rect{}, 0)
	b.uploads = nil
	b.panel.Place(geom.XYWH(0, 0, 400, 300), geom.XYWH(0, 260, 400, 40), geom.ScaleOne)
	return b
}

func TestRisingIsDrawnOnce(t *testing.T) {
	b := rising(t, false)
	node, last, steps := b.panel.base.node, uint8(0), 0
	for node.Alpha() != 255 || steps == 0 {
		b.turn(t)
		if a := node.Alpha(); a <= last {
			t.Fatalf("step %d has opacity %d after %d", steps, a, last)
		} else {
			last = a
		}
		if steps++; steps > 20 {
			t.Fatal("it doesn't end")
		}
	}
	if len(b.uploads) != 1 {
		t.Errorf("%d uploads in %d steps; want the first alone", len(b.uploads), steps)
	}
	if steps < 5 {
		t.Errorf("%d steps; want to see some", steps)
	}
	turns := b.loop.Wakeups()
	b.loop.Advance(time.Hour)
	if n := b.loop.Wakeups() - turns; n > 1 {
		t.Errorf("%d turns in the hour after", n)
	}
}

func TestRisingStops(t *testing.T) {
	b := rising(t, false)
	b.turn(t)
	if a := b.panel.base.node.Alpha(); a == 255 {
		t.Fatal("it is there at once")
	}
	b.panel.Place(geom.Rect{}, geom.Rect{}, 0)
	if _, armed := b.loop.NextTimer(); armed || b.panel.base.node.Alpha() != 255 {
		t.Errorf("away, and its timer is armed: %v, its opacity %d", armed, b.panel.base.node.Alpha())
	}
}

func TestStillPanelsDontRise(t *testing.T) {
	b := rising(t, true)
	b.turn(t)
	if a := b.panel.base.node.Alpha(); a != 255 {
		t.Errorf("opacity %d; want none of the motion", a)
	}
}

func TestPixelsAreUsedAgain(t *testing.T) {
	a := resized(render.Pixels{}, geom.Size{W: 100, H: 80})
	for _, c := range []struct {
		size  geom.Size
		again bool
	}{
		{geom.Size{W: 100, H: 40}, true},
		{geom.Size{W: 100, H: 80}, true},
		{geom.Size{W: 50, H: 10}, false}, // most of it would be wasted
		{geom.Size{W: 100, H: 81}, false},
	} {
		b := resized(a, c.size)
		if again := &b.Data[0] == &a.Data[0]; again != c.again || b.Size() != c.size || len(b.Data) != int(c.size.W*c.size.H*4) || b.Stride != c.size.W*4 {
			t.Errorf("%v: the same memory: %v; %d bytes, stride %d", c.size, again, len(b.Data), b.Stride)
		}
	}
}
