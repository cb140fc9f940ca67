package seat

import (
	"time"

	"rayos/geom"
)

// DragHandler carries out a drag and drop: it owns the source and the icon and
// tells targets what is offered. Exactly one of Drop and Cancelled ends it,
// after the last Leave.
type DragHandler interface {
	// Accepts says whether a target may see this drag at all.
	Accepts(f Focus) bool
	Enter(f Focus, serial uint32, p geom.FPoint)
	Motion(f Focus, t time.Duration, p geom.FPoint)
	Leave(f Focus)
	// Drop says that the button or finger went up over f, nil for nothing. It
	// comes instead of the Leave, and before the pointer enters what is under
	// it.
	Drop(f Focus)
	// Cancelled says that Escape was pressed or that the session took the
	// pointer.
	Cancelled()
	// Moved says where the icon's hot spot is, in logical pixels.
	Moved(p geom.FPoint)
}

// Drag is the grab of a drag and drop.
type Drag struct {
	h      DragHandler
	track  track
	target Focus
	local  geom.FPoint
}

// StartDrag begins a drag with the held button or finger of serial, which must
// be client's.
func (s *Seat) StartDrag(h DragHandler, serial uint32, client any) (*Drag, error) {
	d := &Drag{h: h}
	if s.HeldBy(serial) == nil {
		return nil, ErrNoPress
	}
	if err := s.begin(&d.track, d, serial, client); err != nil {
		return nil, err
	}
	h.Moved(d.track.start)
	d.follow(s, s.cfg.Now())
	return d, nil
}

// CancelDrag ends the drag without a drop, as when the source is gone.
func (s *Seat) CancelDrag(d *Drag) {
	if s.takeGrab(d) {
		d.Cancel(s)
		s.grab().Refocus(s, s.cfg.Now())
	}
}

func (d *Drag) follow(s *Seat, t time.Duration) {
	f, local := s.cfg.Hit(d.track.position(s))
	if !s.accepts(f) || !d.h.Accepts(f) {
		f = nil
	}
	if f != d.target {
		d.leave()
		if f != nil {
			d.target, d.local = f, local
			d.h.Enter(f, s.issue(SerialPointerEnter, f.Client()), local)
		}
		return
	}
	if f != nil && local != d.local {
		d.local = local
		d.h.Motion(f, t, local)
	}
}

func (d *Drag) leave() {
	if f := d.target; f != nil {
		d.target = nil
		d.h.Leave(f)
	}
}

// Motion implements PointerGrab.
func (d *Drag) Motion(s *Seat, t time.Duration) {
	p := d.track.position(s)
	d.track.last = p
	d.h.Moved(p)
	d.follow(s, t)
}

// Button implements PointerGrab.
func (d *Drag) Button(s *Seat, t time.Duration, button uint32, pressed bool) {
	if !d.track.released(s, button, pressed) {
		return
	}
	d.follow(s, t)
	f := d.target
	d.target = nil
	if s.takeGrab(d) {
		d.h.Drop(f)
		s.grab().Refocus(s, t)
	}
}

// Axis implements PointerGrab: scrolling does nothing during a drag.
func (*Drag) Axis(*Seat, time.Duration, Axis) {}

// Refocus implements PointerGrab.
func (d *Drag) Refocus(s *Seat, t time.Duration) { d.follow(s, t) }

// Forget implements PointerGrab.
func (d *Drag) Forget(_ *Seat, f Focus) {
	if d.target == f {
		d.target = nil
	}
}

// Cancel implements PointerGrab.
func (d *Drag) Cancel(s *Seat) {
	d.track.detach(s)
	d.leave()
	d.h.Cancelled()
}

func (*Drag) escapable() {}
