package rayapps

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat/xkb"
)

// field is an app with a text field, which has the focus.
type field struct {
	probe
	text string
}

func newField(text string) *field {
	f := &field{text: text}
	f.view = func(*Window) ui.Node {
		return ui.Column{Children: ui.Nodes{
			ui.Sized{W: 200, Child: ui.TextField{Name: "Text", Text: f.text, OnChange: func(s string) { f.text = s }}},
			ui.Button{Text: "Press", OnPress: func() { f.note("pressed") }},
		}}
	}
	return f
}

// showField shows it with the keyboard in the field and the corner at a place.
func (r *room) showField(o Options, f *field, at geom.Point) *stand {
	r.t.Helper()
	o.Size = geom.Size{W: 240, H: 100}
	s := r.show(o, &f.probe)
	s.until("it has the keyboard", func(w *Window) bool { return w.Active() })
	s.do(func(w *Window) {
		w.root.Layout()
		w.root.FocusNext(false)
	})
	s.place(at)
	s.still()
	return s
}

func TestKeys(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	f := newField("")
	s := r.showField(Options{}, f, geom.Point{})
	who.presses(codeA)
	who.presses(codeShift, codeB)
	who.presses(codeCtrl, codeB)
	s.until("the field has the letters", func(*Window) bool { return f.text == "aB" })
	s.until("the app has the key that the field doesn't want", func(*Window) bool { return s.heard("key:") })
	s.do(func(w *Window) {
		if w.host.seat.mods() != 0 {
			t.Errorf("modifiers that are down: %v", w.host.seat.mods())
		}
		if w.host.seat.keyboard.repeat.Armed() {
			t.Error("a key repeats that isn't down")
		}
	})
}

// TestDeadKeys: an accent waits for its letter.
func TestDeadKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "compose")
	if err := os.WriteFile(file, []byte(`<dead_acute> <e> : "é"`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XCOMPOSEFILE", file)
	km, err := xkb.Parse(strings.Replace(xkb.Builtin().Text(), "semicolon, colon", "dead_acute, colon", 1))
	if err != nil {
		t.Fatal(err)
	}
	r := newRoom(t)
	who := r.personWith(km)
	f := newField("")
	s := r.showField(Options{}, f, geom.Point{})
	for _, key := range []uint32{codeSemi, codeE, codeSemi, codeA, codeE} {
		who.presses(key)
	}
	s.until("the letters are there", func(*Window) bool { return f.text == "ée" })
	if s.heard("key:") {
		t.Errorf("the app was told %q", s.life())
	}
}

// TestRepeat: a key that is held types on, until another window gets the
// keyboard.
func TestRepeat(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	f := newField("")
	s := r.showField(Options{}, f, geom.Point{})
	who.keyboard.Key(0, codeA, 1)
	who.sync()
	s.until("the key repeats", func(*Window) bool { return len(f.text) > 4 })
	other := r.showField(Options{ID: "org.example.Other"}, newField(""), geom.Point{X: 400})
	s.until("it has stopped", func(w *Window) bool { return !w.host.seat.keyboard.repeat.Armed() })
	who.keyboard.Key(0, codeA, 0)
	who.sync()
	other.do(func(*Window) {})
	if strings.Trim(f.text, "a") != "" {
		t.Errorf("the field has %q", f.text)
	}
}

func TestPointer(t *testing.T) {
	r := newRoom(t)
	f := newField("")
	s := r.showField(Options{}, f, geom.Point{X: 100, Y: 100})
	var at geom.Point
	s.do(func(w *Window) {
		b := w.root.Semantics()
		at = find(b, "Press").Bounds.Min().Add(geom.Point{X: 10, Y: 10})
	})
	s.pointTo(at.X, at.Y)
	s.do(func(*Window) {})
	s.forget()
	for range 2 {
		r.desk.Button(btnLeft, true)
		r.desk.Button(btnLeft, false)
	}
	s.until("the button was pressed", func(*Window) bool { return strings.Count(s.life(), "pressed") == 2 })
	s.pointTo(10, 10)
	s.until("its shape is another", func(*Window) bool { return len(s.requests("set_shape")) > 0 })
	shapes := s.requests("set_shape")
	if len(shapes) != 1 || !strings.HasSuffix(shapes[0], ", 9)") {
		t.Errorf("shapes were set: %q; want text (9) once", shapes)
	}
	finger := r.desk.NewFinger()
	r.desk.TouchDown(finger, s.origin.Add(at).F())
	r.desk.TouchUp(finger)
	s.until("the button was touched", func(*Window) bool { return strings.Count(s.life(), "pressed") == 3 })
}

// find returns the element with a name.
func find(i *ui.Info, name string) *ui.Info {
	if i.Name == name {
		return i
	}
	for k := range i.Children {
		if f := find(i.Children[k], name); f != nil {
			return f
		}
	}
	return nil
}

// TestWheel: a high-resolution wheel scrolls by what it was turned, and counts
// once.
func TestWheel(t *testing.T) {
	p := &pointer{s: &seat{h: &host{}}}
	var got []geom.FPoint
	w := scrollWindow(t, &got)
	p.s.h.w = w
	const down, right = protocol.WlPointerAxisVerticalScroll, protocol.WlPointerAxisHorizontalScroll
	for _, c := range []struct {
		what  string
		turn  func()
		wantX float64
		wantY float64
	}{
		{"a click", func() { p.axis(down, geom.FixedFromInt(15)); p.wheel(down, 120) }, 0, wheelClick},
		{"an eighth of a click", func() { p.axis(down, geom.FixedFromInt(2)); p.wheel(down, -15) }, 0, -wheelClick / 8.0},
		{"fingers", func() { p.axis(down, geom.FixedFromInt(7)); p.axis(right, geom.FixedFromInt(-3)) }, -3, 7},
		{"a click to the right", func() { p.axis(right, geom.FixedFromInt(15)); p.wheel(right, 120) }, wheelClick, 0},
	} {
		got = nil
		c.turn()
		p.flush()
		p.flush()
		if len(got) != 1 || got[0] != (geom.FPoint{X: c.wantX, Y: c.wantY}) {
			t.Errorf("%s scrolls %v; want %v, %v once", c.what, got, c.wantX, c.wantY)
		}
	}
}

// scrollWindow is a window that notes how it is scrolled.
func scrollWindow(t *testing.T, got *[]geom.FPoint) *Window {
	t.Helper()
	v := func(*Window) ui.Node {
		return ui.Canvas{OnEvent: func(ev ui.Event) bool {
			if p, ok := ev.(*ui.Pointer); ok && p.Kind == ui.PointerScroll {
				*got = append(*got, p.Scroll)
			}
			return true
		}}
	}
	p, err := NewPreview(Options{ID: "org.example.Scroll"}, &probe{view: v}, Look{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p.w
}

func TestClipboard(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	from, to := newField("Grüße"), newField("")
	a := r.showField(Options{ID: "org.example.From"}, from, geom.Point{})
	who.presses(codeCtrl, codeA)
	who.presses(codeCtrl, codeC)
	a.until("it has copied", func(w *Window) bool { return w.host.seat.clips.own != nil })
	who.presses(codeCtrl, codeV)
	who.presses(codeCtrl, codeV)
	a.until("it has pasted its own", func(*Window) bool { return from.text == "GrüßeGrüße" })
	b := r.showField(Options{ID: "org.example.To"}, to, geom.Point{X: 400})
	b.until("it knows of the clipboard", func(w *Window) bool { return w.host.seat.clips.offer != nil })
	who.presses(codeCtrl, codeV)
	b.until("it has pasted", func(*Window) bool { return to.text == "Grüße" })
	who.presses(codeCtrl, codeA)
	who.presses(codeCtrl, codeC)
	a.until("its clipboard is another's", func(w *Window) bool { return w.host.seat.clips.own == nil })
}

// TestPrimary: what is selected in one window is pasted with the middle button
// in another.
func TestPrimary(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	from, to := newField("selected"), newField("")
	a := r.showField(Options{ID: "org.example.From"}, from, geom.Point{})
	who.presses(codeCtrl, codeA)
	a.until("it is selected", func(w *Window) bool { return w.host.seat.picks.text == "selected" })
	b := r.showField(Options{ID: "org.example.To"}, to, geom.Point{X: 400})
	b.until("it knows of it", func(w *Window) bool { return w.host.seat.picks.offer != nil })
	b.pointTo(10, 10)
	r.desk.Button(btnMiddle, true)
	r.desk.Button(btnMiddle, false)
	b.until("it was pasted", func(*Window) bool { return to.text == "selected" })
}

func TestInputMethod(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	im := who.methods.GetInputMethod(who.seat)
	var dones uint32
	var around string
	active := false
	im.OnActivate = func() { active = true }
	im.OnDeactivate = func() { active = false }
	im.OnSurroundingText = func(text string, _, _ uint32) { around = text }
	im.OnDone = func() { dones++ }
	who.sync()
	f := newField("key")
	s := r.showField(Options{}, f, geom.Point{})
	waits := func(what string, holds func() bool) {
		t.Helper()
		s.until(what, func(*Window) bool {
			who.sync()
			return holds()
		})
	}
	waits("the input method knows the field", func() bool { return active && around == "key" })
	who.presses(codeEnd) // the focus that came by Tab has selected it
	im.SetPreeditString("bo", 2, 2)
	im.Commit(dones)
	waits("it is composing", func() bool { return strings.Contains(s.shown(), `"keybo"`) })
	if f.text != "key" {
		t.Errorf("the field has %q while something is being composed", f.text)
	}
	im.Commit(dones) // of nothing
	waits("it has thought better of it", func() bool { return strings.Contains(s.shown(), `"key"`) })
	im.CommitString("board")
	im.Commit(dones)
	waits("it is committed", func() bool { return f.text == "keyboard" && around == "keyboard" })
	im.DeleteSurroundingText(5, 0)
	im.CommitString("s")
	im.Commit(dones)
	waits("it is exchanged", func() bool { return f.text == "keys" && around == "keys" })
	s.do(func(w *Window) { w.root.FocusNext(false) })
	waits("there is no field any more", func() bool { return !active })
}

// shown returns what the window shows; on the window's goroutine.
func (p *probe) shown() string { return p.w.root.Frame().List.String() }

// What isn't text is made when it is pasted, elsewhere.
func TestCopyData(t *testing.T) {
	r := newRoom(t)
	who := r.person()
	from, to := newField(""), newField("")
	a := r.showField(Options{ID: "org.example.From"}, from, geom.Point{})
	who.presses(codeCtrl, codeA) // the serial of something that the person did
	a.do(func(w *Window) {
		w.CopyData([]string{"image/png", "text/plain"}, func(mime string) ([]byte, error) { return []byte("as " + mime), nil })
	})
	who.presses(codeCtrl, codeV) // no text of its own
	b := r.showField(Options{ID: "org.example.To"}, to, geom.Point{X: 400})
	b.until("it knows of the clipboard", func(w *Window) bool { return w.host.seat.clips.offer != nil })
	b.do(func(w *Window) {
		if got := w.host.seat.clips.offer.types; !slices.Contains(got, "image/png") {
			t.Errorf("types are %q", got)
		}
	})
	who.presses(codeCtrl, codeV)
	b.until("it has pasted", func(*Window) bool { return to.text == "as text/plain" })
	a.do(func(*Window) {
		if from.text != "" {
			t.Errorf("its own window has pasted %q", from.text)
		}
	})
}

func TestFullscreen(t *testing.T) {
	r := newRoom(t)
	s := r.showField(Options{ID: "org.example.Full"}, newField(""), geom.Point{})
	for _, on := range []bool{true, false} {
		s.do(func(w *Window) { w.SetFullscreen(on) })
		s.until("the compositor has answered", func(w *Window) bool { return w.Fullscreen() == on })
	}
}
