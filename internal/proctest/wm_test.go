package proctest

import (
	"image"
	"slices"
	"testing"

	"rayos/shell/control"
)

// Distances in a frame, in logical pixels, as a person meets them.
const (
	titleY   = 18 // into the title bar
	buttonW  = 34 // of a title bar button
	borderPx = 2
)

// Buttons from the right edge of the title bar.
const (
	closeButton = iota
	shadeButton
	maximizeButton
	minimizeButton
)

// button returns the middle of a title bar button.
func button(w *control.Window, n int) image.Point {
	f := Bounds(w.Frame)
	edge := borderPx
	if has(w, "maximized") {
		edge = 0
	}
	return image.Pt(f.Max.X-edge-n*buttonW-buttonW/2, f.Min.Y+titleY)
}

// bar returns a place on the title bar that is neither title button nor menu.
func bar(w *control.Window) image.Point {
	f := Bounds(w.Frame)
	return image.Pt(f.Max.X-borderPx-4*buttonW-20, f.Min.Y+titleY)
}

func has(w *control.Window, state string) bool { return w != nil && slices.Contains(w.States, state) }

// drag presses the left button at a point and releases it at another.
func (s *Session) drag(from, to image.Point) {
	s.T.Helper()
	s.Call("input click", Args{"at": at(from), "press": true})
	mid := from.Add(to).Div(2)
	s.Call("input pointer", Args{"x": mid.X, "y": mid.Y})
	s.Call("input pointer", Args{"x": to.X, "y": to.Y})
	s.Call("input click", Args{"release": true})
	s.Settle()
}

func (s *Session) key(chord string) {
	s.T.Helper()
	s.Call("input key", Args{"chord": chord})
}

// becomes waits until a window fulfils a condition.
func (s *Session) becomes(id uint32, what string, holds func(*control.Window) bool) *control.Window {
	s.T.Helper()
	s.Until(what, func() bool {
		w := s.Get(id)
		return w != nil && holds(w)
	})
	s.Settle()
	return s.Get(id)
}

// TestWindowManagementByHand does with one terminal what a person does with
// mouse and keyboard.
func TestWindowManagementByHand(t *testing.T) {
	Need(t, "foot")
	s := Start(t)
	first := shell(s)
	id := first.ID
	get := func() *control.Window { t.Helper(); return s.Get(id) }

	w := get()
	s.drag(bar(w), bar(w).Add(image.Pt(60, 40)))
	if got, want := get().Frame, (control.Rect{X: w.Frame.X + 60, Y: w.Frame.Y + 40, W: w.Frame.W, H: w.Frame.H}); got != want {
		t.Errorf("after a drag of the title bar by 60, 40 the frame is %v; want %v", got, want)
	}

	w = get()
	corner := Bounds(w.Frame).Max.Sub(image.Pt(1, 1))
	s.drag(corner, corner.Sub(image.Pt(120, 80)))
	got := s.becomes(id, "the window is smaller", func(n *control.Window) bool { return n.Frame.W < w.Frame.W && n.Frame.H < w.Frame.H })
	if got.Frame.X != w.Frame.X || got.Frame.Y != w.Frame.Y || w.Frame.W-got.Frame.W < 100 || w.Frame.H-got.Frame.H < 60 {
		t.Errorf("after a drag of the corner by -120, -80 the frame is %v; it was %v", got.Frame, w.Frame)
	}

	floating := get().Frame
	restored := func(what string) {
		t.Helper()
		s.becomes(id, what, func(n *control.Window) bool {
			return n.Frame == floating && !has(n, "maximized") && !has(n, "fullscreen")
		})
	}
	s.Call("input click", Args{"at": at(bar(get())), "count": 2})
	s.becomes(id, "a double click maximises", func(n *control.Window) bool {
		return has(n, "maximized") && n.Frame == control.Rect{W: 1280, H: 720}
	})
	s.Call("input click", Args{"at": at(button(get(), maximizeButton))})
	restored("the maximise button restores")
	s.key("super+Up")
	s.becomes(id, "Super+Up maximises", func(n *control.Window) bool { return has(n, "maximized") })
	s.key("super+Up")
	restored("Super+Up restores")
	s.key("super+f")
	s.becomes(id, "Super+f goes to fullscreen", func(n *control.Window) bool {
		return has(n, "fullscreen") && n.Content == control.Rect{W: 1280, H: 720}
	})
	s.key("super+f")
	restored("Super+f comes back")

	s.Call("input click", Args{"at": at(button(get(), shadeButton))})
	s.becomes(id, "the shade button rolls the window up", func(n *control.Window) bool { return has(n, "shaded") && n.Frame.H < 60 })
	s.key("super+s")
	restored("Super+s rolls it down")

	s.key("super+Left")
	s.becomes(id, "Super+Left takes the left half", func(n *control.Window) bool { return n.Frame == control.Rect{W: 640, H: 720} })
	s.key("super+Right")
	s.becomes(id, "Super+Right takes the right half", func(n *control.Window) bool { return n.Frame == control.Rect{X: 640, W: 640, H: 720} })
	s.Call("state", Args{"window": id, "state": "unsnap"})
	restored("unsnapped it has its own place")
	s.drag(bar(get()), image.Pt(0, 360))
	s.becomes(id, "a drag to the left edge takes the left half", func(n *control.Window) bool { return n.Frame == control.Rect{W: 640, H: 720} })
	s.drag(bar(get()), image.Pt(600, 300))
	s.becomes(id, "a drag off the edge restores the size", func(n *control.Window) bool {
		return n.Frame.W == floating.W && n.Frame.H == floating.H
	})

	s.Call("input click", Args{"at": at(button(get(), minimizeButton))})
	s.becomes(id, "the minimise button hides the window", func(n *control.Window) bool { return has(n, "minimized") && !n.Visible })
	s.Call("focus", Args{"window": id})
	s.becomes(id, "focus shows it again", func(n *control.Window) bool { return n.Visible && n.Focused && !has(n, "minimized") })

	s.Call("input click", Args{"at": at(button(get(), closeButton))})
	s.Until("the close button closes the window", func() bool { return get() == nil })
}

func TestWorkspaces(t *testing.T) {
	Need(t, "foot")
	s := Start(t)
	w := shell(s)
	s.key("super+2")
	s.becomes(w.ID, "its workspace is hidden", func(n *control.Window) bool { return !n.Visible && n.Workspace == 0 })
	other := shell(s)
	if other.Workspace != 1 || !other.Visible {
		t.Errorf("a window on the second workspace is on %d, visible %v", other.Workspace, other.Visible)
	}
	s.key("super+1")
	s.becomes(w.ID, "its workspace is back", func(n *control.Window) bool { return n.Visible && n.Focused })
	s.becomes(other.ID, "the other is hidden", func(n *control.Window) bool { return !n.Visible })
	s.key("super+shift+2")
	s.becomes(w.ID, "it has moved to the second", func(n *control.Window) bool { return n.Workspace == 1 && !n.Visible })
	s.key("super+2")
	s.becomes(w.ID, "both show", func(n *control.Window) bool { return n.Visible && s.Get(other.ID).Visible })
}

func TestOutputsComeAndGo(t *testing.T) {
	Need(t, "foot")
	s := Start(t, "--output", "800x600")
	outs := s.Outputs()
	if len(outs) != 2 {
		t.Fatalf("there are %d outputs; want 2", len(outs))
	}
	w := shell(s)
	c := shell(s)
	second := outs[1].Logical
	s.Call("move", Args{"window": w.ID, "x": second.X + 20, "y": second.Y + 30})
	s.becomes(w.ID, "it is on the second output", func(n *control.Window) bool { return n.Output == outs[1].Name })
	s.Call("output remove", Args{"name": outs[1].Name})
	s.becomes(w.ID, "it is kept on the first output", func(n *control.Window) bool {
		return n.Output == outs[0].Name && n.Visible && !Bounds(n.Frame).Intersect(Bounds(outs[0].Logical)).Empty()
	})
	s.Call("output add", Args{"size": "1024x768", "scale": 2})
	s.Until("the new output is there", func() bool { return len(s.Outputs()) == 2 })
	s.Settle()
	for _, id := range []uint32{w.ID, c.ID} {
		if n := s.Get(id); n == nil || !n.Visible {
			t.Errorf("window %d is %+v after outputs came and went", id, n)
		}
	}
	for _, o := range s.Outputs() {
		if p := s.Shoot(Args{"output": o.Name}); p.Rect.Max != image.Pt(int(o.Width), int(o.Height)) || p.Colors() < 2 {
			t.Errorf("the picture of %s has size %v and %d colours", o.Name, p.Rect.Max, p.Colors())
		}
	}
}
