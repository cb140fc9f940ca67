package seat

import (
	"time"

	"rayos/geom"
)

// Edges are the sides of a window that a resize moves; bits are those of
// xdg_toplevel.resize_edge.
type Edges uint8

// The edges. A corner is two of them.
const (
	EdgeTop Edges = 1 << iota
	EdgeBottom
	EdgeLeft
	EdgeRight
)

// Resize is an interactive resize of a window, in logical pixels.
type Resize struct {
	Edges Edges
	// Resized gets by how much width and height should have grown since the
	// start; negative shrinks. Axes without an edge stay 0.
	Resized func(grow geom.FPoint)
	// Done ends it: with cancelled set, the window gets its old size back.
	Done func(cancelled bool)

	track track
}

// StartResize begins a resize that ends with the release of the button or
// finger of serial, which must be client's; serial 0 starts from the pointer.
func (s *Seat) StartResize(r *Resize, serial uint32, client any) error {
	return s.begin(&r.track, r, serial, client)
}

// Motion implements PointerGrab.
func (r *Resize) Motion(s *Seat, _ time.Duration) {
	p := r.track.position(s)
	if p == r.track.last && !r.track.touched {
		return
	}
	r.track.last = p
	d, grow := p.Sub(r.track.start), geom.FPoint{}
	switch {
	case r.Edges&EdgeLeft != 0:
		grow.X = -d.X
	case r.Edges&EdgeRight != 0:
		grow.X = d.X
	}
	switch {
	case r.Edges&EdgeTop != 0:
		grow.Y = -d.Y
	case r.Edges&EdgeBottom != 0:
		grow.Y = d.Y
	}
	r.Resized(grow)
}

// Button implements PointerGrab.
func (r *Resize) Button(s *Seat, _ time.Duration, button uint32, pressed bool) {
	if r.track.released(s, button, pressed) && s.EndGrab(r) {
		r.Done(false)
	}
}

// Axis implements PointerGrab.
func (*Resize) Axis(*Seat, time.Duration, Axis) {}

// Refocus implements PointerGrab.
func (*Resize) Refocus(*Seat, time.Duration) {}

// Forget implements PointerGrab. The window's owner ends the resize with
// EndGrab when the window goes.
func (*Resize) Forget(*Seat, Focus) {}

// Cancel implements PointerGrab.
func (r *Resize) Cancel(s *Seat) {
	r.track.detach(s)
	r.Done(true)
}

func (*Resize) escapable() {}
