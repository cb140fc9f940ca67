package seat

import (
	"time"

	"rayos/geom"
)

// Move is an interactive move of a window. Its owner moves the window; the
// seat only says how far. All in logical pixels.
type Move struct {
	// Moved gets the total travel since the start, and where the pointer or
	// finger is, for snapping.
	Moved func(total, at geom.FPoint)
	// Done ends it: with cancelled set, the window goes back to where it was.
	Done func(cancelled bool)

	track track
}

// StartMove begins a move that ends with the release of the button or finger
// of serial, which must be client's; serial 0 starts from the pointer.
func (s *Seat) StartMove(m *Move, serial uint32, client any) error {
	return s.begin(&m.track, m, serial, client)
}

// Motion implements PointerGrab.
func (m *Move) Motion(s *Seat, _ time.Duration) {
	if p := m.track.position(s); p != m.track.last || m.track.touched {
		m.track.last = p
		m.Moved(p.Sub(m.track.start), p)
	}
}

// Button implements PointerGrab.
func (m *Move) Button(s *Seat, _ time.Duration, button uint32, pressed bool) {
	if m.track.released(s, button, pressed) && s.EndGrab(m) {
		m.Done(false)
	}
}

// Axis implements PointerGrab.
func (*Move) Axis(*Seat, time.Duration, Axis) {}

// Refocus implements PointerGrab.
func (*Move) Refocus(*Seat, time.Duration) {}

// Forget implements PointerGrab. The window's owner ends the move with
// EndGrab when the window goes.
func (*Move) Forget(*Seat, Focus) {}

// Cancel implements PointerGrab.
func (m *Move) Cancel(s *Seat) {
	m.track.detach(s)
	m.Done(true)
}

func (*Move) escapable() {}
