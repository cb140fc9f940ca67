package seat

import (
	"errors"

	"rayos/geom"
)

// ErrNoPress means that a serial is of no button or finger that is down, or of
// one that went down on another client.
var ErrNoPress = errors.New("serial is of no held button or touch point of this client")

// track ties an interactive grab to the button or finger that started it.
type track struct {
	touched bool
	id      int32
	start   geom.FPoint
	last    geom.FPoint
}

// HeldBy returns the focus that a held button or a touch point with this
// serial went down on, and nil if there is none: what move, resize and drag
// requests must prove.
func (s *Seat) HeldBy(serial uint32) Focus {
	if serial == 0 {
		return nil
	}
	for i := range s.ptr.buttons {
		if b := &s.ptr.buttons[i]; b.serial == serial {
			return b.focus
		}
	}
	for i := range s.touch.points {
		if p := &s.touch.points[i]; p.serial == serial {
			return p.focus
		}
	}
	if u := s.toolHeldBy(serial); u != nil {
		return u.focus
	}
	return nil
}

// begin starts a grab from the held button or touch point with this serial,
// or from the pointer as it is with serial 0 (the session's own request).
func (s *Seat) begin(tr *track, g PointerGrab, serial uint32, client any) error {
	if serial != 0 {
		f := s.HeldBy(serial)
		if f == nil || f.Client() != client {
			return ErrNoPress
		}
		for i := range s.touch.points {
			p := &s.touch.points[i]
			if p.serial != serial {
				continue
			}
			*tr = track{touched: true, id: p.id, start: p.pos, last: p.pos}
			p.grab, p.focus, p.framed, p.serial = g, nil, false, 0
			f.TouchCancel()
			s.touch.forget(f)
			s.grabs = append(s.grabs, g)
			return nil
		}
	}
	if u := s.toolHeldBy(serial); serial != 0 && u != nil {
		u.becomePointer()
	}
	*tr = track{start: s.ptr.pos, last: s.ptr.pos}
	s.setPointerFocus(nil, geom.FPoint{})
	s.grabs = append(s.grabs, g)
	return nil
}

// position returns where the button or finger that drives the grab is.
func (tr *track) position(s *Seat) geom.FPoint {
	if !tr.touched {
		return s.ptr.pos
	}
	if i := s.touch.find(tr.id); i >= 0 {
		tr.last = s.touch.points[i].pos
	}
	return tr.last
}

// released reports whether the button event ends the grab: the finger is up,
// or no button is held any more but the one that is just going up.
func (tr *track) released(s *Seat, button uint32, pressed bool) bool {
	if tr.touched {
		return button == 0 && !pressed
	}
	return !pressed && len(s.ptr.buttons) <= 1
}

// detach frees the finger from the grab.
func (tr *track) detach(s *Seat) {
	if i := s.touch.find(tr.id); tr.touched && i >= 0 {
		s.touch.points[i].grab = nil
	}
}
