package session

import (
	"rayos/geom"
	"rayos/surfaces"
)

// carry is a window that goes along with a drag and drop. It takes no input
// meanwhile: what lies below it may be the target.
type carry struct {
	hot  geom.Point  // where the pointer should be in the window's geometry
	from geom.FPoint // where the pointer was when the move began
	at   geom.FPoint // where it is
	move *mover      // nil until the window is mapped
	new  bool        // it was not mapped when it was taken along
}

// CarryWindow implements wayland.CarryShell.
func (s *Session) CarryWindow(g *surfaces.GuestSurface, hot geom.Point, p geom.FPoint) {
	w := s.windowOf(g)
	if w == nil {
		w = s.newWindow(g)
	}
	if w.carry == nil {
		w.carry = &carry{hot: hot, new: !w.mapped}
		w.frame.tree.SetInput(false)
		s.moved = true
	}
	c := w.carry
	switch c.at = p; {
	case !w.mapped:
	case c.move == nil:
		s.endGrabOf(w)
		c.begin(w)
	default:
		c.move.moved(c.at.Sub(c.from), c.at)
	}
}

// begin takes hold of a mapped window. A new one comes to the pointer, and so
// does one that the pointer is not in.
func (c *carry) begin(w *window) {
	s := w.s
	m := s.newMover(w)
	if m == nil {
		return
	}
	c.move, c.from = m, c.at
	if at := c.at.Floor(); c.new || !at.In(m.from.Frame) {
		inset := m.from.Content.Min().Sub(m.from.Frame.Min())
		m.jump(at.Sub(c.hot).Sub(inset))
	}
	m.raise()
}

// DropWindow implements wayland.CarryShell.
func (s *Session) DropWindow(g *surfaces.GuestSurface, cancelled bool) {
	w := s.windowOf(g)
	if w == nil || w.carry == nil {
		return
	}
	c := w.carry
	w.carry = nil
	w.frame.tree.SetInput(true)
	s.moved = true
	if c.move != nil && w.mapped {
		c.move.done(cancelled)
	}
}
