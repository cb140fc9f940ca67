package rayapps

import (
	"fmt"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// menus is an app with more in its menus than its window has room for.
type menus struct {
	probe
	lines int
	open  bool // the popover
}

func newMenus() *menus {
	m := &menus{lines: 10}
	m.view = func(*Window) ui.Node {
		var items []ui.MenuItem
		for i := range m.lines {
			name := fmt.Sprint("Line ", i)
			items = append(items, ui.MenuItem{Text: name, OnPress: func() { m.note(name) }})
		}
		menu := func(name string) ui.Node { return ui.MenuButton{Button: ui.Button{Text: name}, Items: items} }
		return ui.Column{Children: ui.Nodes{
			menu("Menu"),
			ui.Popover{
				Open: m.open, Name: "Popover", OnClose: func() { m.open = false; m.note("closed") },
				Child: ui.Button{Text: "More", OnPress: func() { m.open = true }},
				Content: ui.Column{Children: ui.Nodes{
					ui.Sized{W: 200, Child: ui.TextField{Name: "Text", OnChange: func(s string) { m.note("typed " + s) }}},
					menu("Inner"),
				}},
			},
		}}
	}
	return m
}

// Focus implements Focuser.
func (m *menus) Focus(_ *Window, has bool) { m.note(fmt.Sprint("focus ", has)) }

func (r *room) showMenus(o Options, m *menus) *stand {
	r.t.Helper()
	o.Size = geom.Size{W: 160, H: 90}
	s := r.showApp(o, m, &m.probe)
	s.until("it has the keyboard", func(w *Window) bool { return w.Active() })
	s.place(geom.Point{X: 300, Y: 100})
	s.still()
	return s
}

// middle returns the middle of what has a name.
func (s *stand) middle(name string) (at geom.Point) {
	s.r.t.Helper()
	s.until(name+" is there", func(w *Window) bool {
		i := find(w.root.Semantics(), name)
		if i != nil {
			at = geom.Point{X: (i.Bounds.X0 + i.Bounds.X1) / 2, Y: (i.Bounds.Y0 + i.Bounds.Y1) / 2}
		}
		return i != nil
	})
	return at
}

// click presses what has a name.
func (s *stand) click(name string) {
	s.r.t.Helper()
	at := s.middle(name)
	s.pointTo(at.X, at.Y)
	s.r.desk.Button(btnLeft, true)
	s.r.desk.Button(btnLeft, false)
}

// popped waits until there are n popups on the screen, and nothing else to do.
func (s *stand) popped(n int) {
	s.r.t.Helper()
	s.until(fmt.Sprint(n, " popups are there"), func(w *Window) bool {
		for _, p := range w.popups {
			if !p.shown || p.stale || p.next.ack {
				return false
			}
		}
		return len(w.popups) == n && len(w.root.Popups()) == n
	})
	s.still()
}

// TestMenuBeyondTheWindow: a menu that the window has no room for is a surface of
// its own, with the pointer and the keyboard, and gone after a press.
func TestMenuBeyondTheWindow(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	m := newMenus()
	s := r.showMenus(Options{}, m)
	s.click("Menu")
	s.popped(1)
	s.do(func(w *Window) {
		p := w.popups[0]
		if !p.grabs || p.ui.Rect.Size() != p.ui.Size || p.ui.Rect.Y1 <= w.size.H {
			t.Errorf("grabs %v, the menu of %v is at %v in a window of %v", p.grabs, p.ui.Size, p.ui.Rect, w.size)
		}
		if px := p.swap.buffers[0].pixels; px.Data[3] != 0 {
			t.Errorf("the corner of a menu has the alpha %d; want 0", px.Data[3])
		}
	})
	if at := s.middle("Line 8"); at.Y < 90 {
		t.Fatalf("line 8 is at %v, inside of the window", at)
	}
	s.click("Line 8")
	s.until("the line was chosen", func(*Window) bool { return s.heard("Line 8") })
	s.popped(0)

	// By keys: the window keeps the focus all the time, as far as the app knows.
	s.click("Menu")
	s.popped(1)
	s.until("the keyboard is on the menu", func(*Window) bool { return len(s.requests("wl_keyboard")) > 0 })
	who.presses(codeDown)
	who.presses(codeDown)
	who.presses(codeEnter)
	s.until("the line was chosen", func(*Window) bool { return s.heard("Line 1") || s.heard("Line 2") })
	s.popped(0)
	if life := s.life(); strings.Contains(life, "focus false") {
		t.Errorf("menus take the focus from the app: %q", life)
	}

	// By a finger.
	s.click("Menu")
	s.popped(1)
	finger := r.desk.NewFinger()
	r.desk.TouchDown(finger, s.origin.Add(s.middle("Line 9")).F())
	r.desk.TouchUp(finger)
	s.until("the line was touched", func(*Window) bool { return s.heard("Line 9") })
	s.popped(0)
}

// TestPressElsewhereClosesMenus: one on nobody, or on another window, reaches the
// app by popup_done.
func TestPressElsewhereClosesMenus(t *testing.T) {
	r := newRoom(t)
	m := newMenus()
	s := r.showMenus(Options{}, m)
	s.click("More")
	s.popped(1)
	s.click("Inner")
	s.popped(2)
	s.do(func(w *Window) {
		if p := w.popups[1]; p.parent != w.popups[0] || !p.grabs {
			t.Errorf("the parent of the menu is %p; want %p", p.parent, w.popups[0])
		}
	})
	s.forget()
	r.desk.PointerTo(geom.FPoint{X: 5, Y: 700})
	r.desk.Button(btnLeft, true)
	r.desk.Button(btnLeft, false)
	s.until("the popover is closed", func(*Window) bool { return s.heard("closed") })
	s.popped(0)
	if l := s.requests("popup_done"); len(l) != 2 {
		t.Errorf("the ends of two popups: %q", l)
	}
}

// TestNested: a menu in a popover is a popup of the popover, and typing goes into
// the popover's field.
func TestNested(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	m := newMenus()
	s := r.showMenus(Options{}, m)
	s.click("More")
	s.popped(1)
	who.presses(codeA)
	s.until("the field has it", func(*Window) bool { return s.heard("typed a") })
	s.click("Inner")
	s.popped(2)
	s.click("Line 3")
	s.until("the line was chosen", func(*Window) bool { return s.heard("Line 3") })
	s.popped(1)
	who.presses(codeA)
	who.presses(codeEsc)
	s.until("the popover is closed", func(*Window) bool { return s.heard("closed") })
	s.popped(0)
}

// TestPopupsFollow: a menu that gets longer asks for more, and one whose scale
// changes is drawn anew.
func TestPopupsFollow(t *testing.T) {
	r := newRoom(t)
	m := newMenus()
	s := r.showMenus(Options{}, m)
	s.click("More")
	s.popped(1)
	s.click("Inner")
	s.popped(2)
	var before geom.Size
	s.do(func(w *Window) {
		before = w.popups[1].ui.Rect.Size()
		m.lines = 14
		w.Invalidate()
	})
	s.until("the menu has become longer", func(w *Window) bool {
		p := w.popups[1]
		return p.ui.Rect.H() > before.H && p.ui.Rect.Size() == p.ui.Size && !p.stale
	})
	if l := s.requests("reposition("); len(l) != 1 {
		t.Errorf("it was asked for by %q; want one request", l)
	}
	s.do(func(w *Window) { w.popups[1].next.scale = 180 })
	s.until("it is drawn at the new scale", func(w *Window) bool {
		p := w.popups[1]
		return p.scale == 180 && !p.stale && p.swap.size == geom.Size{W: p.scale.Apply(p.size.W), H: p.scale.Apply(p.size.H)}
	})
}

// TestRefused: a popover whose press is nobody's may not grab, and is inside of the
// window then.
func TestRefused(t *testing.T) {
	r := newRoom(t)
	m := newMenus()
	s := r.showMenus(Options{}, m)
	s.do(func(w *Window) {
		w.host.seat.pressed = 12345678 // of nobody's press
		m.open = true
		w.Invalidate()
	})
	s.until("the popover is inside", func(w *Window) bool {
		i := find(w.root.Semantics(), "Inner")
		return len(w.popups) == 0 && i != nil && w.root.Trapping()
	})
	if s.heard("closed") {
		t.Error("a popover that wasn't let grab was closed")
	}
}

// TestPopupsGoWithTheWindow: in the protocol's order, the topmost first.
func TestPopupsGoWithTheWindow(t *testing.T) {
	r := newRoom(t)
	m := newMenus()
	s := r.showMenus(Options{}, m)
	s.click("More")
	s.popped(1)
	s.click("Inner")
	s.popped(2)
	s.do(func(w *Window) { w.Close() })
	if err := <-s.done; err != nil {
		t.Errorf("the app has ended with %v", err)
	}
	for _, l := range s.requests("wl_display") {
		if strings.Contains(l, "error") {
			t.Error(l)
		}
	}
}
