package screenshot

import "rayos/geom"

// grip is a part of the selection that can be dragged.
type grip uint8

const (
	gripNone grip = 0
	gripW    grip = 1 << (iota - 1)
	gripE
	gripN
	gripS
	gripMove grip = gripW | gripE | gripN | gripS
)

// gripReach is how far from an edge it can be caught, in logical pixels.
const gripReach = 8

// selection is a region being chosen.
type selection struct {
	box  geom.Rect
	held grip
	new  bool // the drag began outside of it: it is drawn anew
	from geom.Point
	was  geom.Rect // when the drag began
}

// at returns what of the selection is at a point.
func (s *selection) at(p geom.Point) grip {
	b := s.box
	if b.Empty() || !p.In(b.Inset(-gripReach)) {
		return gripNone
	}
	var g grip
	// Of a small box each half belongs to its edge.
	rx, ry := min(gripReach, b.W()/3), min(gripReach, b.H()/3)
	switch {
	case p.X < b.X0+rx:
		g |= gripW
	case p.X >= b.X1-rx:
		g |= gripE
	}
	switch {
	case p.Y < b.Y0+ry:
		g |= gripN
	case p.Y >= b.Y1-ry:
		g |= gripS
	}
	if g == gripNone {
		return gripMove
	}
	return g
}

// press begins a drag.
func (s *selection) press(p geom.Point) {
	s.from, s.was, s.held = p, s.box, s.at(p)
	s.new = s.held == gripNone
}

// drag goes on with it, within an output of the given size.
func (s *selection) drag(p geom.Point, size geom.Size) {
	all := size.Rect()
	p = geom.Point{X: min(max(p.X, 0), size.W), Y: min(max(p.Y, 0), size.H)}
	if s.new {
		s.box = span(s.from, p)
		return
	}
	d := p.Sub(s.from)
	if s.held == gripMove {
		s.box = keep(s.was.Add(d), all)
		return
	}
	a, b := s.was.Min(), geom.Point{X: s.was.X1, Y: s.was.Y1}
	if s.held&gripW != 0 {
		a.X += d.X
	}
	if s.held&gripE != 0 {
		b.X += d.X
	}
	if s.held&gripN != 0 {
		a.Y += d.Y
	}
	if s.held&gripS != 0 {
		b.Y += d.Y
	}
	s.box = span(a, b).Intersect(all)
}

// nudge moves the selection by keys, or its lower right corner.
func (s *selection) nudge(d geom.Point, resize bool, size geom.Size) {
	if s.box.Empty() {
		return
	}
	if resize {
		s.box.X1 = min(max(s.box.X1+d.X, s.box.X0+1), size.W)
		s.box.Y1 = min(max(s.box.Y1+d.Y, s.box.Y0+1), size.H)
		return
	}
	s.box = keep(s.box.Add(d), size.Rect())
}

// span is the box between two corners.
func span(a, b geom.Point) geom.Rect {
	return geom.Rect{X0: min(a.X, b.X), Y0: min(a.Y, b.Y), X1: max(a.X, b.X), Y1: max(a.Y, b.Y)}
}

// keep moves a box into all.
func keep(b, all geom.Rect) geom.Rect {
	dx := max(all.X0-b.X0, 0) - max(b.X1-all.X1, 0)
	dy := max(all.Y0-b.Y0, 0) - max(b.Y1-all.Y1, 0)
	return b.Add(geom.Point{X: dx, Y: dy})
}
