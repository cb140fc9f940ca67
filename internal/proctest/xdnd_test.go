package proctest

import (
	"image"
	"sync/atomic"
	"testing"

	"github.com/jezek/xgb/xproto"

	"rayos/shell/control"
)

// flower is what weston-dnd drags and takes.
const flower = "application/x-wayland-dnd-flower"

// dndProgram is an X11 program that takes drops and drags what it got. It runs
// on a goroutine of its own.
type dndProgram struct {
	x       *xclient
	win     xproto.Window
	atoms   map[string]xproto.Atom
	got     chan []byte            // drops
	done    chan bool              // what it dragged was taken, or not
	data    atomic.Pointer[[]byte] // to be dragged
	target  xproto.Window
	ok      bool // the target would take it
	dragged bool
}

func (d *dndProgram) tell(to xproto.Window, name string, data ...uint32) {
	var w [5]uint32
	copy(w[:], data)
	ev := xproto.ClientMessageEvent{Format: 32, Window: to, Type: d.atoms[name], Data: xproto.ClientMessageDataUnionData32New(w[:])}
	xproto.SendEvent(d.x.c, false, to, 0, string(ev.Bytes()))
}

func (d *dndProgram) run() {
	for {
		ev, err := d.x.c.WaitForEvent()
		if ev == nil && err == nil {
			return
		}
		switch e := ev.(type) {
		case xproto.ClientMessageEvent:
			d.message(e)
		case xproto.SelectionNotifyEvent:
			r, err := xproto.GetProperty(d.x.c, true, d.win, e.Property, xproto.GetPropertyTypeAny, 0, 1<<16).Reply()
			if err == nil {
				d.got <- r.Value
			}
			d.tell(d.target, "XdndFinished", uint32(d.win), 1, uint32(d.atoms["XdndActionCopy"]))
		case xproto.ButtonPressEvent:
			d.dragged = d.data.Load() != nil
			if d.dragged {
				d.target, d.ok = 0, false
				xproto.SetSelectionOwner(d.x.c, d.win, d.atoms["XdndSelection"], e.Time)
			}
		case xproto.MotionNotifyEvent:
			if d.dragged {
				d.follow(e)
			}
		case xproto.ButtonReleaseEvent:
			if d.dragged && d.target != 0 {
				d.tell(d.target, "XdndDrop", uint32(d.win), 0, uint32(e.Time))
			}
		case xproto.SelectionRequestEvent:
			data := *d.data.Load()
			xproto.ChangeProperty(d.x.c, xproto.PropModeReplace, e.Requestor, e.Property, e.Target, 8, uint32(len(data)), data)
			answer := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: e.Property}
			xproto.SendEvent(d.x.c, false, e.Requestor, 0, string(answer.Bytes()))
		}
	}
}

// follow tells the window under the pointer, if it takes drops, of the drag.
func (d *dndProgram) follow(e xproto.MotionNotifyEvent) {
	r, err := xproto.TranslateCoordinates(d.x.c, d.x.root, d.x.root, e.RootX, e.RootY).Reply()
	if err != nil || r.Child == d.win {
		return
	}
	p, err := xproto.GetProperty(d.x.c, false, r.Child, d.atoms["XdndAware"], xproto.AtomAtom, 0, 1).Reply()
	if err != nil || len(p.Value) == 0 {
		return
	}
	if d.target != r.Child {
		d.target = r.Child
		d.tell(d.target, "XdndEnter", uint32(d.win), 5<<24, uint32(d.atoms[flower]))
	}
	d.tell(d.target, "XdndPosition", uint32(d.win), 0, uint32(e.RootX)<<16|uint32(e.RootY), uint32(e.Time), uint32(d.atoms["XdndActionCopy"]))
}

func (d *dndProgram) message(e xproto.ClientMessageEvent) {
	w := e.Data.Data32
	switch e.Type {
	case d.atoms["XdndPosition"]:
		d.target = xproto.Window(w[0])
		d.tell(d.target, "XdndStatus", uint32(d.win), 1, 0, 0, uint32(d.atoms["XdndActionCopy"]))
	case d.atoms["XdndDrop"]:
		xproto.ConvertSelection(d.x.c, d.win, d.atoms["XdndSelection"], d.atoms[flower], d.atoms["XdndSelection"], xproto.Timestamp(w[2]))
	case d.atoms["XdndFinished"]:
		d.done <- w[1]&1 != 0
	}
}

// TestX11DragAndDrop drags a flower into an X11 window and back out of it.
func TestX11DragAndDrop(t *testing.T) {
	Need(t, "weston-dnd")
	s := startX11(t)
	wl := s.Window(s.Launch("weston-dnd"))
	s.Call("move", Args{"window": wl.ID, "x": 0, "y": 0})
	s.Settle()
	x := s.xclient()
	d := &dndProgram{x: x, atoms: map[string]xproto.Atom{}, got: make(chan []byte, 4), done: make(chan bool, 4)}
	for _, n := range []string{
		"XdndAware", "XdndSelection", "XdndEnter", "XdndPosition", "XdndStatus", "XdndDrop", "XdndFinished", "XdndActionCopy", flower,
	} {
		d.atoms[n] = x.atom(n)
	}
	d.win = x.create(image.Rect(0, 0, 300, 200), 0x2050a0, false)
	const events = xproto.EventMaskStructureNotify | xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskPointerMotion
	xproto.ChangeWindowAttributes(x.c, d.win, xproto.CwEventMask, []uint32{events})
	x.words(d.win, "XdndAware", "ATOM", 5)
	win := x.open(d.win, "target")
	s.Call("move", Args{"window": win.ID, "x": 700, "y": 300})
	win = *s.becomes(win.ID, "the target is placed", func(w *control.Window) bool { return w.Frame.X == 700 })
	s.Until("X has it there", func() bool { return x.at(d.win) == Bounds(win.Content) })
	go d.run()

	// Flowers grow in every other of 4x4 cells of 80 pixels.
	cell := func(col, row int) image.Point { return image.Pt(54+80*col, 75+80*row) }
	drag := func(from, to image.Point) {
		s.Call("input pointer", Args{"x": from.X, "y": from.Y})
		s.Settle()
		s.Call("input click", Args{"press": true})
		for i := range 12 {
			p := from.Add(to.Sub(from).Mul(i + 1).Div(12))
			s.Call("input pointer", Args{"x": p.X, "y": p.Y})
			s.Settle()
		}
	}
	inside := Bounds(win.Content).Min.Add(image.Pt(150, 100))
	var data []byte
	s.Until("the flower was dropped on the X11 window", func() bool {
		drag(cell(1, 0), inside)
		s.Settle()
		s.Call("input click", Args{"release": true})
		s.Settle()
		select {
		case data = <-d.got:
			return true
		default:
			return false
		}
	})
	if len(data) == 0 {
		t.Fatal("the X11 program got nothing")
	}

	empty := s.Shoot(Args{"window": wl.ID})
	s.Settle()
	d.data.Store(&data)
	taken := false
	s.Until("the flower is back", func() bool {
		drag(inside, cell(0, 0))
		s.Settle()
		s.Call("input click", Args{"release": true})
		s.Settle()
		select {
		case taken = <-d.done:
			return taken
		default:
			return false
		}
	})
	s.Until("it is drawn", func() bool { return !Diff(empty, s.Shoot(Args{"window": wl.ID})).Empty() })
}
