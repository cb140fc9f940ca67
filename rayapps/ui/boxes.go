package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Insets are distances from the four edges. Start is where lines of text
// start.
type Insets struct{ Top, End, Bottom, Start int32 }

// All returns equal insets.
func All(v int32) Insets { return Insets{v, v, v, v} }

// Sides returns insets of x at start and end, y above and below.
func Sides(x, y int32) Insets { return Insets{y, x, y, x} }

// Padding keeps its child away from its edges.
type Padding struct {
	Insets Insets
	Child  Node
}

// Pad keeps n away from the edges by v.
func Pad(v int32, n Node) Node { return Padding{All(v), n} }

// Build implements Parent.
func (p Padding) Build(*Element) []Node { return []Node{p.Child} }

// Layout implements Node.
func (p Padding) Layout(e *Element, c Constraints) geom.Size {
	return padded(e, c, p.Insets)
}

func padded(e *Element, c Constraints, i Insets) geom.Size {
	w, h := i.Start+i.End, i.Top+i.Bottom
	k := e.Child(0)
	if k == nil {
		return geom.Size{W: w, H: h}
	}
	s := k.Layout(c.Shrink(w, h))
	k.Place(i.Start, i.Top)
	if k.baseline > 0 {
		e.baseline = i.Top + k.baseline
	}
	return geom.Size{W: s.W + w, H: s.H + h}
}

// Paint implements Node.
func (Padding) Paint(*Element, *Painter) {}

func (Padding) passes() bool { return true }

// Sized gives its child a size of its own; 0 leaves that to the child.
type Sized struct {
	W, H       int32
	MinW, MinH int32
	MaxW, MaxH int32
	Child      Node
}

// Build implements Parent.
func (s Sized) Build(*Element) []Node { return []Node{s.Child} }

// Layout implements Node.
func (s Sized) Layout(e *Element, c Constraints) geom.Size {
	limit := func(lo, hi, least, most, exact int32) (int32, int32) {
		if exact > 0 {
			least, most = exact, exact
		}
		if most > 0 {
			hi = min(hi, max(most, lo))
		}
		return min(max(lo, least), hi), hi
	}
	c.MinW, c.MaxW = limit(c.MinW, c.MaxW, s.MinW, s.MaxW, s.W)
	c.MinH, c.MaxH = limit(c.MinH, c.MaxH, s.MinH, s.MaxH, s.H)
	return c.Clamp(e.layoutOnly(c))
}

// Paint implements Node.
func (Sized) Paint(*Element, *Painter) {}

func (Sized) passes() bool { return true }

// Aligned puts its child into the room that there is. Where it is Start it takes
// no more room than the child needs.
type Aligned struct {
	X, Y  Align // Start, Centre, End or Stretch
	Child Node
}

// Centred puts n into the middle.
func Centred(n Node) Node { return Aligned{Centre, Centre, n} }

// Build implements Parent.
func (a Aligned) Build(*Element) []Node { return []Node{a.Child} }

// Layout implements Node.
func (a Aligned) Layout(e *Element, c Constraints) geom.Size {
	k := e.Child(0)
	if k == nil {
		return geom.Size{}
	}
	in := c.Loosen()
	if a.X == Stretch {
		in.MinW = bounded(c.MaxW, 0)
	}
	if a.Y == Stretch {
		in.MinH = bounded(c.MaxH, 0)
	}
	s := k.Layout(in)
	size := s
	if a.X != Start {
		size.W = bounded(c.MaxW, s.W)
	}
	if a.Y != Start {
		size.H = bounded(c.MaxH, s.H)
	}
	size = c.Clamp(size)
	x, y := a.X.in(size.W-s.W), a.Y.in(size.H-s.H)
	k.Place(x, y)
	if k.baseline > 0 {
		e.baseline = y + k.baseline
	}
	return size
}

func bounded(maximum, otherwise int32) int32 {
	if maximum >= Unbounded {
		return otherwise
	}
	return maximum
}

// in returns where something stands that leaves room.
func (a Align) in(room int32) int32 {
	switch a {
	case Centre:
		return room / 2
	case End:
		return room
	}
	return 0
}

// Paint implements Node.
func (Aligned) Paint(*Element, *Painter) {}

func (Aligned) passes() bool { return true }

// Stack puts its children above each other, the last one on top. It is as large
// as the largest.
type Stack struct {
	X, Y     Align
	Children Nodes
}

// Build implements Parent.
func (s Stack) Build(*Element) []Node { return s.Children }

// Layout implements Node.
func (s Stack) Layout(e *Element, c Constraints) geom.Size {
	in := c.Loosen()
	if s.X == Stretch {
		in.MinW = bounded(c.MaxW, 0)
	}
	if s.Y == Stretch {
		in.MinH = bounded(c.MaxH, 0)
	}
	var size geom.Size
	for _, k := range e.children {
		ks := k.Layout(in)
		size = geom.Size{W: max(size.W, ks.W), H: max(size.H, ks.H)}
	}
	size = c.Clamp(size)
	for _, k := range e.children {
		k.Place(s.X.in(size.W-k.size.W), s.Y.in(size.H-k.size.H))
	}
	return size
}

// Paint implements Node.
func (Stack) Paint(*Element, *Painter) {}

func (Stack) passes() bool { return true }

// Grid puts its children into rows of equal columns.
type Grid struct {
	Columns int
	// MinWidth makes as many columns as fit, where Columns is 0.
	MinWidth  int32
	Gap       int32
	RowHeight int32 // 0 is what the highest of each row needs
	Children  Nodes
}

// Build implements Parent.
func (g Grid) Build(*Element) []Node { return g.Children }

// Layout implements Node.
func (g Grid) Layout(e *Element, c Constraints) geom.Size {
	n := int32(g.Columns)
	width := bounded(c.MaxW, 0)
	if n <= 0 {
		n = max((width+g.Gap)/max(g.MinWidth+g.Gap, 1), 1)
	}
	if width == 0 {
		width = n*(g.MinWidth+g.Gap) - g.Gap
	}
	x := func(i int32) int32 { return int32(int64(width+g.Gap) * int64(i) / int64(n)) }
	y, high := int32(0), int32(0)
	for i, k := range e.children {
		col := int32(i) % n
		if col == 0 && i > 0 {
			y, high = y+high+g.Gap, 0
		}
		w := max(x(col+1)-x(col)-g.Gap, 0)
		kc := Constraints{w, w, g.RowHeight, Unbounded}
		if g.RowHeight > 0 {
			kc.MaxH = g.RowHeight
		}
		high = max(high, k.Layout(kc).H)
		k.Place(x(col), y)
	}
	return geom.Size{W: width, H: y + high}
}

// Paint implements Node.
func (Grid) Paint(*Element, *Painter) {}

func (Grid) passes() bool { return true }

// Surface is a coloured box with a child.
type Surface struct {
	Fill    render.Color // 0 is Theme.Surface2
	Outline bool
	Radius  int32
	Insets  Insets
	Child   Node
}

// Build implements Parent.
func (s Surface) Build(*Element) []Node { return []Node{s.Child} }

// Layout implements Node.
func (s Surface) Layout(e *Element, c Constraints) geom.Size { return padded(e, c, s.Insets) }

// Paint implements Node.
func (s Surface) Paint(e *Element, p *Painter) {
	fill := s.Fill
	if fill == 0 {
		fill = e.Theme().Surface2
	}
	if s.Outline {
		p.Frame(e.Box(), s.Radius, fill, e.Theme().Outline)
		return
	}
	p.Round(e.Box(), s.Radius, fill)
}

// Divider is a line between things, across the room it has: in a column it lies,
// with Upright it stands.
type Divider struct{ Upright bool }

// Layout implements Node.
func (d Divider) Layout(_ *Element, c Constraints) geom.Size {
	if d.Upright {
		return geom.Size{W: 1, H: bounded(c.MaxH, 16)}
	}
	return geom.Size{W: bounded(c.MaxW, 16), H: 1}
}

// Paint implements Node.
func (Divider) Paint(e *Element, p *Painter) { p.Fill(e.Box(), e.Theme().Outline) }

// Describe implements Describer.
func (Divider) Describe(_ *Element, i *Info) { i.Role = RoleSeparator }
