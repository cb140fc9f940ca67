package proctest

import (
	"image"
	"io"
	"log"
	"slices"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"rayos/shell/control"
)

func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// xclient is an X11 program of the test's own.
type xclient struct {
	s    *Session
	c    *xgb.Conn
	root xproto.Window
}

func (s *Session) xclient() *xclient {
	s.T.Helper()
	c, err := xgb.NewConnDisplay(s.X11)
	if err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(c.Close)
	return &xclient{s, c, xproto.Setup(c).DefaultScreen(c).Root}
}

func (x *xclient) atom(name string) xproto.Atom {
	x.s.T.Helper()
	r, err := xproto.InternAtom(x.c, false, uint16(len(name)), name).Reply()
	if err != nil {
		x.s.T.Fatal(err)
	}
	return r.Atom
}

// create makes a window of one colour.
func (x *xclient) create(r image.Rectangle, color uint32, override bool) xproto.Window {
	x.s.T.Helper()
	id, err := xproto.NewWindowId(x.c)
	if err != nil {
		x.s.T.Fatal(err)
	}
	or := uint32(0)
	if override {
		or = 1
	}
	err = xproto.CreateWindowChecked(x.c, 0, id, x.root, int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0,
		xproto.WindowClassInputOutput, 0, xproto.CwBackPixel|xproto.CwOverrideRedirect|xproto.CwEventMask,
		[]uint32{color, or, xproto.EventMaskStructureNotify}).Check()
	if err != nil {
		x.s.T.Fatal(err)
	}
	return id
}

func (x *xclient) words(w xproto.Window, name, kind string, values ...uint32) {
	b := make([]byte, 4*len(values))
	for i, v := range values {
		xgb.Put32(b[4*i:], v)
	}
	xproto.ChangeProperty(x.c, xproto.PropModeReplace, w, x.atom(name), x.atom(kind), 32, uint32(len(values)), b)
}

func (x *xclient) text(w xproto.Window, name, kind, s string) {
	xproto.ChangeProperty(x.c, xproto.PropModeReplace, w, x.atom(name), x.atom(kind), 8, uint32(len(s)), []byte(s))
}

// open maps a window and waits until the session has it under a title.
func (x *xclient) open(w xproto.Window, title string) control.Window {
	x.s.T.Helper()
	x.text(w, "_NET_WM_NAME", "UTF8_STRING", title)
	xproto.MapWindow(x.c, w)
	var found control.Window
	x.s.Until("the window "+title, func() bool {
		for _, v := range x.s.Windows() {
			if v.Title == title && v.FrameSeq > 0 {
				found = v
			}
		}
		return found.ID != 0
	})
	return found
}

// property returns 32-bit values.
func (x *xclient) property(w xproto.Window, name string) []uint32 {
	x.s.T.Helper()
	r, err := xproto.GetProperty(x.c, false, w, x.atom(name), xproto.GetPropertyTypeAny, 0, 64).Reply()
	if err != nil {
		x.s.T.Fatal(err)
	}
	var out []uint32
	for i := 0; i+4 <= len(r.Value) && r.Format == 32; i += 4 {
		out = append(out, xgb.Get32(r.Value[i:]))
	}
	return out
}

// ask sends the window manager a message about a window.
func (x *xclient) ask(w xproto.Window, name string, data ...uint32) {
	var d [5]uint32
	copy(d[:], data)
	ev := xproto.ClientMessageEvent{Format: 32, Window: w, Type: x.atom(name), Data: xproto.ClientMessageDataUnionData32New(d[:])}
	const mask = xproto.EventMaskSubstructureNotify | xproto.EventMaskSubstructureRedirect
	xproto.SendEvent(x.c, false, x.root, mask, string(ev.Bytes()))
}

// at is where the X server has a window.
func (x *xclient) at(w xproto.Window) image.Rectangle {
	x.s.T.Helper()
	g, err := xproto.GetGeometry(x.c, xproto.Drawable(w)).Reply()
	if err != nil {
		x.s.T.Fatal(err)
	}
	return image.Rect(int(g.X), int(g.Y), int(g.X)+int(g.Width), int(g.Y)+int(g.Height))
}

func (x *xclient) focus() xproto.Window {
	x.s.T.Helper()
	r, err := xproto.GetInputFocus(x.c).Reply()
	if err != nil {
		x.s.T.Fatal(err)
	}
	return r.Focus
}

// TestX11WindowSaysWhatItIs: class, limits, parent, type and decorations.
func TestX11WindowSaysWhatItIs(t *testing.T) {
	s := startX11(t)
	x := s.xclient()
	w := x.create(image.Rect(0, 0, 300, 200), 0x2050a0, false)
	x.text(w, "WM_CLASS", "STRING", "one\x00One\x00")
	x.words(w, "_NET_WM_ICON", "CARDINAL", append([]uint32{16, 16}, make([]uint32, 256)...)...)
	main := x.open(w, "main")
	if main.AppID != "One" || !slices.Contains(main.States, "decorated") || main.PID == 0 {
		t.Errorf("window %+v; want a decorated One with a process", main)
	}
	if !slices.Equal(main.IconSizes, []int32{16}) {
		t.Errorf("icons of %v; want one of 16", main.IconSizes)
	}
	if got := Bounds(main.Content).Size(); got != image.Pt(300, 200) {
		t.Errorf("content %v; want the program's 300x200", got)
	}
	if got := x.at(w); got != Bounds(main.Content) {
		t.Errorf("X has it at %v, the session at %v", got, Bounds(main.Content))
	}
	d := x.create(image.Rect(0, 0, 120, 80), 0xa05020, false)
	x.words(d, "WM_TRANSIENT_FOR", "WINDOW", uint32(w))
	x.words(d, "_NET_WM_WINDOW_TYPE", "ATOM", uint32(x.atom("_NET_WM_WINDOW_TYPE_DIALOG")))
	x.words(d, "_MOTIF_WM_HINTS", "_MOTIF_WM_HINTS", 2, 0, 0, 0, 0)
	dialog := x.open(d, "dialog")
	if dialog.Parent != main.ID || slices.Contains(dialog.States, "decorated") {
		t.Errorf("dialog %+v; want a child of %d without a frame", dialog, main.ID)
	}
	x.words(d, "_MOTIF_WM_HINTS", "_MOTIF_WM_HINTS", 2, 0, 1, 0, 0)
	s.becomes(dialog.ID, "the dialog has a frame", func(w *control.Window) bool { return slices.Contains(w.States, "decorated") })
	// A limit holds for the person's resizing.
	x.words(w, "WM_NORMAL_HINTS", "WM_SIZE_HINTS", 1<<4|1<<5, 0, 0, 0, 0, 250, 150, 310, 210, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	s.Until("the limit holds", func() bool {
		s.Call("resize", Args{"window": main.ID, "size": "900x700"})
		s.Settle()
		return Bounds(s.Get(main.ID).Content).Size() == image.Pt(310, 210)
	})
	s.Until("X follows", func() bool { return x.at(w) == Bounds(s.Get(main.ID).Content) })
	// The lists name both, oldest first.
	if got := x.property(x.root, "_NET_CLIENT_LIST"); !slices.Equal(got, []uint32{uint32(w), uint32(d)}) {
		t.Errorf("client list %v; want %v", got, []uint32{uint32(w), uint32(d)})
	}
}

// TestX11States: what a program asks for, and what it is told.
func TestX11States(t *testing.T) {
	s := startX11(t)
	x := s.xclient()
	w := x.create(image.Rect(0, 0, 300, 200), 0x2050a0, false)
	id := x.open(w, "window").ID
	says := func(name string) func() bool {
		return func() bool { return slices.Contains(x.property(w, "_NET_WM_STATE"), uint32(x.atom(name))) }
	}
	was := x.at(w)
	x.ask(w, "_NET_WM_STATE", 1, uint32(x.atom("_NET_WM_STATE_FULLSCREEN")))
	s.Until("it is told that it is full-screen", says("_NET_WM_STATE_FULLSCREEN"))
	s.Until("it covers the output", func() bool { return x.at(w) == image.Rect(0, 0, 1280, 720) })
	x.ask(w, "_NET_WM_STATE", 0, uint32(x.atom("_NET_WM_STATE_FULLSCREEN")))
	s.Until("it is where it was", func() bool { return x.at(w) == was && !says("_NET_WM_STATE_FULLSCREEN")() })

	v, h := uint32(x.atom("_NET_WM_STATE_MAXIMIZED_VERT")), uint32(x.atom("_NET_WM_STATE_MAXIMIZED_HORZ"))
	x.ask(w, "_NET_WM_STATE", 2, v, h)
	s.Until("it is maximised", func() bool { return says("_NET_WM_STATE_MAXIMIZED_VERT")() && x.at(w).Dx() > 1200 })
	// A maximised window doesn't choose its size; it is told where it is.
	max := x.at(w)
	xproto.ConfigureWindow(x.c, w, xproto.ConfigWindowWidth, []uint32{200})
	x.ask(w, "_NET_WM_STATE", 2, v, h)
	s.Until("it is not", func() bool { return !says("_NET_WM_STATE_MAXIMIZED_VERT")() && x.at(w) == was })
	if max == was {
		t.Errorf("maximised at %v", max)
	}

	x.ask(w, "WM_CHANGE_STATE", 3)
	s.Until("it is minimised", func() bool {
		st := x.property(w, "WM_STATE")
		return len(st) > 0 && st[0] == 3 && says("_NET_WM_STATE_HIDDEN")()
	})
	x.ask(w, "_NET_ACTIVE_WINDOW", 2)
	s.becomes(id, "it is back", func(w *control.Window) bool { return w.Visible && w.Focused })
	if st := x.property(w, "WM_STATE"); len(st) == 0 || st[0] != 1 {
		t.Errorf("WM_STATE %v; want normal", st)
	}
	// A floating window chooses.
	xproto.ConfigureWindow(x.c, w, xproto.ConfigWindowX|xproto.ConfigWindowY|xproto.ConfigWindowWidth|xproto.ConfigWindowHeight,
		[]uint32{50, 90, 220, 140})
	want := image.Rect(50, 90, 270, 230)
	s.becomes(id, "it has the size and place that it wants", func(w *control.Window) bool { return Bounds(w.Content) == want })
	s.Until("X agrees", func() bool { return x.at(w) == want })
	// Withdrawn, and shown again.
	xproto.UnmapWindow(x.c, w)
	s.Until("it is gone", func() bool { return len(s.Windows()) == 0 })
	x.open(w, "window")
}

// TestX11FocusIsTheSeats: a program can't take it, and one that asks to be told
// is told.
func TestX11FocusIsTheSeats(t *testing.T) {
	Need(t, "foot")
	s := startX11(t)
	x := s.xclient()
	a := x.create(image.Rect(0, 0, 200, 100), 0x204060, false)
	x.words(a, "WM_PROTOCOLS", "ATOM", uint32(x.atom("WM_TAKE_FOCUS")))
	x.words(a, "WM_HINTS", "WM_HINTS", 1, 0, 1, 0, 0, 0, 0, 0, 0)
	first := x.open(a, "first")
	x.s.Until("it was told to take the focus", func() bool {
		for {
			ev, _ := x.c.PollForEvent()
			if ev == nil {
				return false
			}
			if m, ok := ev.(xproto.ClientMessageEvent); ok && m.Data.Data32[0] == uint32(x.atom("WM_TAKE_FOCUS")) {
				return true
			}
		}
	})
	second := s.xterm()
	b := x.property(x.root, "_NET_ACTIVE_WINDOW")[0]
	if b == uint32(a) || b == 0 {
		t.Errorf("active window %d; want the terminal", b)
	}
	has := x.focus()
	xproto.SetInputFocus(x.c, xproto.InputFocusParent, a, xproto.TimeCurrentTime)
	s.Until("the theft is undone", func() bool { return x.focus() == has })
	x.ask(a, "_NET_ACTIVE_WINDOW", 1, 0, uint32(a))
	s.becomes(first.ID, "it may only ask for attention", func(w *control.Window) bool { return !w.Focused })
	if !s.Get(second.ID).Focused {
		t.Error("a program has taken the focus from another")
	}
	s.Window(s.Launch("foot", "sh"))
	s.Until("no X11 window has the focus", func() bool { return x.focus() == 0 })
}

// TestX11StackFollows: the X server finds the same window under the pointer.
func TestX11StackFollows(t *testing.T) {
	s := startX11(t)
	x := s.xclient()
	a := x.create(image.Rect(0, 0, 200, 100), 0x204060, false)
	b := x.create(image.Rect(0, 0, 200, 100), 0x604020, false)
	first := x.open(a, "a")
	x.open(b, "b")
	order := func(want ...xproto.Window) func() bool {
		return func() bool {
			r, err := xproto.QueryTree(x.c, x.root).Reply()
			if err != nil {
				t.Fatal(err)
			}
			var got []xproto.Window
			for _, id := range r.Children {
				if id == a || id == b {
					got = append(got, id)
				}
			}
			return slices.Equal(got, want)
		}
	}
	s.Until("b is above a", order(a, b))
	s.Call("focus", Args{"window": first.ID})
	s.Until("a is above b", order(b, a))
	s.Call("state", Args{"window": first.ID, "state": "minimize"})
	s.Until("what isn't shown is below", order(a, b))
	x.ask(b, "_NET_WM_STATE", 1, uint32(x.atom("_NET_WM_STATE_ABOVE")))
	s.Call("focus", Args{"window": first.ID})
	s.Until("b stays above a", order(a, b))
}

// TestX11PixelsAtFractionalScale: the X server has two pixels for a logical one.
func TestX11PixelsAtFractionalScale(t *testing.T) {
	t.Parallel()
	Need(t, "Xwayland")
	s := StartWith(t, Options{Args: []string{"--headless", "--output", "1200x900@1.5"}}) // 800x600 logical
	x := s.xclient()
	w := x.create(image.Rect(0, 0, 301, 200), 0x2050a0, false)
	win := x.open(w, "window")
	c := Bounds(win.Content)
	if c.Size() != image.Pt(150, 100) {
		t.Errorf("content %v; want half of 301x200", c.Size())
	}
	want := image.Rectangle{Min: c.Min.Mul(2), Max: c.Min.Mul(2).Add(image.Pt(301, 200))}
	if got := x.at(w); got != want {
		t.Errorf("X has it at %v; want %v", got, want)
	}
	for _, p := range []image.Point{c.Min, c.Min.Add(image.Pt(37, 51)), c.Max.Sub(image.Pt(1, 1))} {
		s.Call("input pointer", Args{"x": p.X, "y": p.Y})
		s.Until("X has the pointer there", func() bool {
			r, err := xproto.QueryPointer(x.c, x.root).Reply()
			return err == nil && image.Pt(int(r.RootX), int(r.RootY)) == p.Mul(2)
		})
	}
	// What is not managed is where the program says.
	menu := x.create(image.Rect(100, 60, 180, 120), 0xff8000, true)
	xproto.MapWindow(x.c, menu)
	inside := image.Pt(100*3/4+10, 60*3/4+10) // two X pixels are one and a half of the output's
	s.Until("the menu shows", func() bool {
		p := s.Shoot(nil)
		return p.RGBAAt(inside.X, inside.Y).R == 0xff && p.RGBAAt(inside.X-14, inside.Y).R != 0xff
	})
	if n := len(s.Windows()); n != 1 {
		t.Errorf("%d windows; a menu is none", n)
	}
	// Programs are told to draw twice as large.
	r, err := xproto.GetProperty(x.c, false, x.root, xproto.AtomResourceManager, xproto.AtomString, 0, 1024).Reply()
	if err != nil || string(r.Value) != "Xft.dpi:\t192\nXcursor.size:\t48\n" {
		t.Errorf("resources %q, %v", r.Value, err)
	}
}

// TestX11HungProgramIsKilled: it is asked, found silent, and killed when the
// person insists.
func TestX11HungProgramIsKilled(t *testing.T) {
	s := startX11(t)
	x := s.xclient()
	w := x.create(image.Rect(0, 0, 200, 100), 0x204060, false)
	x.words(w, "WM_PROTOCOLS", "ATOM", uint32(x.atom("WM_DELETE_WINDOW")), uint32(x.atom("_NET_WM_PING")))
	id := x.open(w, "silent").ID
	if err := s.Try("close", Args{"window": id}, nil); err == nil {
		t.Error("a silent program has closed its window")
	}
	s.becomes(id, "it is found silent", func(w *control.Window) bool { return w.Title == "silent (not responding)" })
	s.Call("close", Args{"window": id})
	s.Until("it is gone", func() bool { return s.Get(id) == nil })
}
