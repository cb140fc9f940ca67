package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/wm"
)

// tear drags a tab out of a client's window.
type tear struct {
	d      *desk
	c      *deskClient
	home   *deskWindow
	drag   *client.XdgToplevelDragV1
	src    *client.WlDataSource
	serial uint32
	over   []*client.WlSurface // that the drag entered
	events []string
}

func newTear(t *testing.T) *tear {
	t.Helper()
	d := newDesk(t)
	c := d.connect()
	r := &tear{d: d, c: c, home: c.open(geom.Size{W: 300, H: 200})}
	m, k := &client.WlDataDeviceManager{}, &client.XdgToplevelDragManagerV1{}
	c.bind(m, &protocol.WlDataDeviceManagerInterface, 3)
	c.bind(k, &protocol.XdgToplevelDragManagerV1Interface, 1)
	dev := m.GetDataDevice(c.seat)
	dev.OnEnter = func(_ uint32, s *client.WlSurface, _, _ geom.Fixed, _ *client.WlDataOffer) {
		r.over = append(r.over, s)
	}
	r.src = m.CreateDataSource()
	r.src.Offer("tab")
	r.src.OnDndDropPerformed = func() { r.events = append(r.events, "dropped") }
	r.src.OnDndFinished = func() { r.events = append(r.events, "finished") }
	r.src.OnCancelled = func() { r.events = append(r.events, "cancelled") }
	r.drag = k.GetXdgToplevelDrag(r.src)
	c.seat.GetPointer().OnButton = func(serial, _, _ uint32, _ protocol.WlPointerButtonState) { r.serial = serial }
	d.talk()
	at := d.session.windows[d.session.stackID(r.home.id)].spot.Content.Min()
	r.move(float64(at.X)+10, float64(at.Y)+10)
	if err := d.ctl.Button(0x110, control.Press); err != nil {
		t.Fatal(err)
	}
	d.talk()
	dev.StartDrag(r.src, r.home.surface, nil, r.serial)
	d.talk()
	return r
}

func (r *tear) attach(w *deskWindow, x, y int32) {
	r.d.t.Helper()
	r.drag.Attach(w.top, x, y)
	r.d.talk()
}

func (r *tear) move(x, y float64) {
	r.d.t.Helper()
	if err := r.d.ctl.PointerMove(geom.FPoint{X: x, Y: y}, false); err != nil {
		r.d.t.Fatal(err)
	}
	r.d.pass(time.Second / 30)
}

func (r *tear) release() {
	r.d.t.Helper()
	if err := r.d.ctl.Button(0x110, control.Release); err != nil {
		r.d.t.Fatal(err)
	}
	r.d.pass(time.Second / 30)
}

// content is where a window's content is on screen.
func (r *tear) content(w *deskWindow) geom.Point {
	return r.d.session.windows[r.d.session.stackID(w.id)].spot.Content.Min()
}

func TestTornOffWindowIsUnderThePointer(t *testing.T) {
	r := newTear(t)
	w := r.c.prepare(geom.Size{W: 120, H: 90})
	r.attach(w, 15, 8)
	// Where it would be placed by itself, too.
	p, err := r.d.session.wm.Preview(wm.Map{ID: 99, Size: w.size, Decorated: true})
	if err != nil {
		t.Fatal(err)
	}
	x, y := p.Frame.X0+70, p.Frame.Y0+80
	r.move(float64(x), float64(y))
	w.show()
	if got, want := r.content(w), (geom.Point{X: x - 15, Y: y - 8}); got != want {
		t.Errorf("the new window's content is at %v; want %v", got, want)
	}
	r.move(400, 150)
	if got, want := r.content(w), (geom.Point{X: 385, Y: 142}); got != want {
		t.Errorf("moved, it is at %v; want %v", got, want)
	}
	// It lies under the pointer, and the drag sees what is below.
	r.over = nil
	r.move(300, 300)
	at := r.content(r.home)
	r.move(float64(at.X)+20, float64(at.Y)+20)
	if len(r.over) != 1 || r.over[0] != r.home.surface {
		t.Errorf("the drag entered %d surfaces; want the first window", len(r.over))
	}
	r.move(700, 500)
	r.release()
	if got, want := r.content(w), (geom.Point{X: 685, Y: 492}); got != want {
		t.Errorf("released, it is at %v; want %v", got, want)
	}
	if len(r.events) != 2 || r.events[0] != "dropped" || r.events[1] != "finished" {
		t.Errorf("the source heard %v; want dropped, finished", r.events)
	}
	// From now on it takes input.
	r.move(700, 500)
	if r.d.session.seat.PointerFocus() == nil {
		t.Error("the pointer is over nothing; want the window")
	}
}

func TestCarriedWindowSnapsAndGoesBack(t *testing.T) {
	r := newTear(t)
	before := r.content(r.home)
	r.attach(r.home, 10, 10)
	r.move(400, 400)
	if got, want := r.content(r.home), (geom.Point{X: 390, Y: 390}); got != want {
		t.Errorf("carried, the window is at %v; want %v", got, want)
	}
	r.d.key("Escape")
	r.d.pass(time.Second / 30)
	if got := r.content(r.home); got != before {
		t.Errorf("after Escape the window is at %v; want %v", got, before)
	}
	if len(r.events) != 1 || r.events[0] != "cancelled" {
		t.Errorf("the source heard %v; want cancelled", r.events)
	}

	r = newTear(t)
	r.attach(r.home, 10, 10)
	r.move(1, 300)
	r.release()
	r.d.pass(time.Second / 5)
	if got, want := r.d.window(r.home.id).Frame.W, int32(400); got != want {
		t.Errorf("released at the left edge, the window is %d wide; want %d", got, want)
	}
}

func TestDockedWindowIsLetGo(t *testing.T) {
	r := newTear(t)
	w := r.c.prepare(geom.Size{W: 120, H: 90})
	r.attach(w, 0, 0)
	w.show()
	w.surface.Attach(nil, 0, 0)
	w.surface.Commit()
	r.move(300, 300)
	r.release()
	if n := len(r.d.ctl.Windows()); n != 1 {
		t.Errorf("%d windows are left; want the first", n)
	}
}
