package rayapps

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
)

// board is a view of many numbers.
func board(cells []int) func(*Window) ui.Node {
	return func(*Window) ui.Node {
		var rows ui.Nodes
		for y := range 5 {
			var row ui.Nodes
			for x := range 5 {
				row = append(row, ui.Sized{W: 40, H: 30, Child: ui.Label{Text: fmt.Sprint(cells[5*y+x])}})
			}
			rows = append(rows, ui.Row{Children: row})
		}
		return ui.Column{Children: rows}
	}
}

// TestFrames: buffers are used again, what is sent is what has changed, and each
// buffer holds the whole picture all the same.
func TestFrames(t *testing.T) {
	r := newRoom(t)
	cells := make([]int, 25)
	s := r.show(Options{Size: geom.Size{W: 300, H: 200}}, &probe{view: board(cells)})
	s.still()
	s.forget()
	random := rand.New(rand.NewPCG(1, 2))
	want := render.NewPixels(300, 200, render.XRGB8888)
	for range 60 {
		s.do(func(w *Window) {
			cells[random.IntN(25)] = random.IntN(1000)
			w.Invalidate()
		})
		s.until("the frame is there", func(w *Window) bool {
			_, due := w.root.Next()
			return w.waiting == nil && !due
		})
		s.do(func(w *Window) {
			if err := w.raster.Draw(paint.Target{Pixels: &want}, w.root.Frame().List, nil); err != nil {
				t.Fatal(err)
			}
			for _, b := range w.swap.buffers {
				if b.stale.Empty() && !bytes.Equal(b.pixels.Data, want.Data) {
					t.Fatal("a buffer without damage isn't the picture")
				}
			}
		})
	}
	if n := len(s.requests("create_pool")); n > maxBuffers-1 {
		t.Errorf("%d more pools were made for 60 frames", n)
	}
	for _, l := range s.requests("damage_buffer") {
		var id int
		var d geom.Rect
		l = l[strings.Index(l, "wl_surface"):]
		if _, err := fmt.Sscanf(l, "wl_surface@%d.damage_buffer(%d, %d, %d, %d)", &id, &d.X0, &d.Y0, &d.X1, &d.Y1); err != nil {
			t.Fatal(l, err)
		}
		if d.X1 > 48 || d.Y1 > 40 {
			t.Errorf("a number changed, and %s was sent", l)
		}
	}
}

// TestResizeKeepsMemory: a size that fits the memory takes no other.
func TestResizeKeepsMemory(t *testing.T) {
	r := newRoom(t)
	s := r.show(Options{Size: geom.Size{W: 400, H: 300}}, &probe{})
	s.still()
	s.forget()
	for i := range int32(20) {
		size := geom.Size{W: 400 - 3*i, H: 300 - 2*i}
		s.do(func(w *Window) {
			w.configured(size.W, size.H, nil)
			w.next.serial, w.next.ack = 0, false
			w.size = size
			w.swap.resize(size)
			w.root.Resize(size, w.scale)
			w.root.Repaint()
			w.stale = true
		})
		s.until("it has the new size", func(w *Window) bool { return w.waiting == nil && !w.stale })
	}
	if n := len(s.requests("create_pool")); n > maxBuffers-1 {
		t.Errorf("%d pools were made for windows that get smaller", n)
	}
	if n := len(s.requests("create_buffer")); n < 20 {
		t.Errorf("%d buffers were made for 20 sizes", n)
	}
}

// TestNothingIsUnderWay: a window in which nothing happens waits for nothing but
// the compositor, and a turn in which nothing has changed costs no memory.
func TestNothingIsUnderWay(t *testing.T) {
	r := newRoom(t)
	s := r.show(Options{}, &probe{view: board(make([]int, 25))})
	s.still()
	s.until("the state is saved", func(w *Window) bool { return !w.saver.Armed() })
	s.forget()
	s.do(func(w *Window) {
		if w.timer.Armed() || w.saver.Armed() || w.believe.Armed() {
			t.Error("a timer is armed")
		}
		if n := testing.AllocsPerRun(100, w.turn); n > 0 {
			t.Errorf("a turn in which nothing has changed allocates %v times", n)
		}
	})
	if l := s.requests(" -> "); len(l) > 0 {
		t.Errorf("requests of a window in which nothing happens: %q", l)
	}
}

// TestHiddenWindowsRest: without anybody to see it, an app draws nothing.
func TestHiddenWindowsRest(t *testing.T) {
	r := newRoom(t)
	n := 0
	s := r.show(Options{}, &probe{view: func(*Window) ui.Node { n++; return ui.Spinner{} }})
	s.do(func(w *Window) {
		w.suspend(true)
		w.frame()
		if w.timer.Armed() || w.Visible() || !s.heard("pause") {
			t.Errorf("timer %v, visible %v, told %q", w.timer.Armed(), w.Visible(), s.life())
		}
		n = 0
		w.Invalidate()
		w.turn()
		if n != 0 {
			t.Error("a window that can't be seen was drawn")
		}
		w.suspend(false)
	})
	s.until("it is drawn again", func(*Window) bool { return n > 0 })
}

// TestStarved: while the compositor holds every buffer the app waits, and what
// it missed comes with the next frame.
func TestStarved(t *testing.T) {
	r := newRoom(t)
	text := "before"
	s := r.show(Options{}, &probe{view: func(*Window) ui.Node { return ui.Label{Text: text} }})
	s.still()
	s.do(func(w *Window) {
		for len(w.swap.buffers) < maxBuffers {
			w.swap.buffers = append(w.swap.buffers, &buffer{fd: -1, old: true})
		}
		for _, b := range w.swap.buffers {
			b.busy = true
		}
		text = "after"
		w.Invalidate()
		w.drawn -= time.Second // it isn't too early for a frame
		w.frame()
		if !w.swap.starved || w.waiting != nil || w.timer.Armed() {
			t.Errorf("starved %v, waits for a frame %v, for a timer %v", w.swap.starved, w.waiting != nil, w.timer.Armed())
		}
		n := w.root.Counts().Paints
		if w.frame(); w.root.Counts().Paints != n {
			t.Error("it draws although there is nothing to draw into")
		}
		for _, b := range w.swap.buffers {
			if b.wl != nil {
				b.wl.OnRelease()
				break
			}
		}
	})
	s.until("the frame has been drawn", func(w *Window) bool { return !w.stale && w.waiting == nil })
	s.do(func(w *Window) {
		for _, b := range w.swap.buffers {
			if b.wl == nil {
				b.busy = false
			}
		}
	})
}

// TestScaleChanges: a window that comes to another output has its pixels, and
// the same size.
func TestScaleChanges(t *testing.T) {
	r := newRoom(t)
	s := r.show(Options{Size: geom.Size{W: 301, H: 200}}, &probe{})
	s.still()
	s.forget()
	s.do(func(w *Window) { w.next.scale = 180 })
	s.until("it is drawn at the new scale", func(w *Window) bool { return w.scale == 180 && w.waiting == nil && !w.stale })
	s.do(func(w *Window) {
		if got := w.swap.size; got != (geom.Size{W: 452, H: 300}) || w.Size() != (geom.Size{W: 301, H: 200}) {
			t.Errorf("a window of %v has %v pixels", w.Size(), got)
		}
	})
	if l := s.requests("create_buffer"); len(l) == 0 || !strings.Contains(l[len(l)-1], "452, 300") {
		t.Errorf("buffers that were made: %q", l)
	}
	if l := s.requests("set_destination(301, 200)"); len(l) == 0 {
		t.Error("the compositor wasn't told of the size")
	}
}

// TestPace: what moves is drawn when the compositor asks, and what would move
// without a difference not more often than the eye could see.
func TestPace(t *testing.T) {
	r := newRoom(t)
	moving := func(*Window) ui.Node { return ui.Spinner{} }
	s := r.show(Options{}, &probe{view: moving})
	s.do(func(w *Window) {
		w.paced, w.drawn = true, w.loop.Now()
		if w.least() > w.loop.Now() {
			t.Error("a frame that the compositor asked for waits")
		}
		w.paced = false
		if w.least() != w.drawn+frameTime {
			t.Errorf("frames that nobody asked for are %v apart; want %v", w.least()-w.drawn, frameTime)
		}
	})
}
