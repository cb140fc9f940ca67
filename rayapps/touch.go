package rayapps

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol/client"
)

// touch is the seat's touch screen. The first finger is the pointer; others are
// for those who handle them.
type touch struct {
	s     *seat
	touch *client.WlTouch
	down  bool
	id    int32
	on    *surface // that the first finger went down on
	event ui.Pointer
}

func newTouch(s *seat) *touch {
	t := &touch{s: s, touch: s.seat.GetTouch()}
	t.event.Touch = true
	t.touch.OnDown = func(serial, _ uint32, on *client.WlSurface, id int32, x, y geom.Fixed) {
		s.serial = serial
		if t.down {
			return
		}
		t.down, t.id, t.on = true, id, s.h.w.find(on)
		s.press(serial, t.on)
		t.send(ui.PointerPress, x, y)
	}
	t.touch.OnMotion = func(_ uint32, id int32, x, y geom.Fixed) {
		if t.down && id == t.id {
			t.send(ui.PointerMove, x, y)
		}
	}
	t.touch.OnUp = func(serial, _ uint32, id int32) {
		s.serial = serial
		if t.down && id == t.id {
			t.end(ui.PointerRelease)
		}
	}
	t.touch.OnCancel = func() { t.end(ui.PointerCancel) }
	return t
}

func (t *touch) send(k ui.PointerKind, x, y geom.Fixed) {
	t.event.Kind, t.event.Mods, t.event.Button = k, t.s.mods(), ui.LeftButton
	t.event.Pos = t.on.point(x, y)
	t.s.h.w.event(&t.event)
}

func (t *touch) end(k ui.PointerKind) {
	if t.down {
		t.down = false
		t.event.Kind = k
		t.s.h.w.event(&t.event)
	}
}

func (t *touch) release() {
	t.end(ui.PointerCancel)
	if t.touch.Version() >= 3 {
		t.touch.Release()
	}
}
