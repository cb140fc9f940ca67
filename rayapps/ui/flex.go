package ui

import "rayos/geom"

// Align is where things stand across a row or column, or in a larger place.
type Align uint8

// Alignments.
const (
	Start Align = iota
	Centre
	End
	Stretch  // as large as the place
	Baseline // first lines of text on one line; only in rows
)

// Row puts its children beside each other, from the start edge.
type Row struct {
	Gap int32
	// Align is across: Start is the top.
	Align Align
	// Justify is along, where room is left: Start, Centre or End.
	Justify  Align
	Children Nodes
}

// Build implements Parent.
func (r Row) Build(*Element) []Node { return r.Children }

// Layout implements Node.
func (r Row) Layout(e *Element, c Constraints) geom.Size {
	return flex{gap: r.Gap, align: r.Align, justify: r.Justify}.layout(e, c)
}

// Paint implements Node.
func (Row) Paint(*Element, *Painter) {}

func (Row) passes() bool { return true }

// Column puts its children below each other.
type Column struct {
	Gap int32
	// Align is across: Start is the edge where text starts.
	Align Align
	// Justify is along, where room is left: Start, Centre or End.
	Justify  Align
	Children Nodes
}

// Build implements Parent.
func (l Column) Build(*Element) []Node { return l.Children }

// Layout implements Node.
func (l Column) Layout(e *Element, c Constraints) geom.Size {
	return flex{down: true, gap: l.Gap, align: l.Align, justify: l.Justify}.layout(e, c)
}

// Paint implements Node.
func (Column) Paint(*Element, *Painter) {}

func (Column) passes() bool { return true }

// Expand gives its child the room that is left in a row or column, shared with
// others by weight; 0 counts as 1.
type Expand struct {
	wrap
	Weight int32
	Child  Node
}

// Build implements Parent.
func (x Expand) Build(*Element) []Node { return []Node{x.Child} }

func (x Expand) weight() int32 { return max(x.Weight, 1) }

func (Expand) passes() bool { return true }

// Spacer takes the room that is left in a row or column, or Size.
type Spacer struct{ Size int32 }

// Layout implements Node.
func (s Spacer) Layout(_ *Element, c Constraints) geom.Size {
	return c.Clamp(geom.Size{W: min(s.Size, c.MaxW), H: min(s.Size, c.MaxH)})
}

// Paint implements Node.
func (Spacer) Paint(*Element, *Painter) {}

func (Spacer) passes() bool { return true }

func (s Spacer) weight() int32 {
	if s.Size > 0 {
		return 0
	}
	return 1
}

// flexible is a node that takes a share of what is left; one of weight 0
// doesn't.
type flexible interface{ weight() int32 }

// flex lays out rows and columns.
type flex struct {
	down           bool
	gap            int32
	align, justify Align
}

// along turns a size so that W is along.
func (f flex) turn(s geom.Size) geom.Size {
	if f.down {
		return geom.Size{W: s.H, H: s.W}
	}
	return s
}

func (f flex) turnC(c Constraints) Constraints {
	if f.down {
		return Constraints{c.MinH, c.MaxH, c.MinW, c.MaxW}
	}
	return c
}

func (f flex) layout(e *Element, outer Constraints) geom.Size {
	c := f.turnC(outer)
	kids := e.children
	cross := Constraints{MinH: 0, MaxH: c.MaxH}
	if f.align == Stretch && c.MaxH < Unbounded {
		cross.MinH = c.MaxH
	}
	used := f.gap * int32(max(len(kids)-1, 0))
	weights := int32(0)
	deep := int32(0)
	for _, k := range kids {
		if w, ok := k.node.(flexible); ok && w.weight() > 0 && c.MaxW < Unbounded {
			weights += w.weight()
			continue
		}
		s := f.turn(k.Layout(f.turnC(Constraints{0, left(c.MaxW, used), cross.MinH, cross.MaxH})))
		used += s.W
		deep = max(deep, s.H)
	}
	room := max(c.MaxW-used, 0)
	for _, k := range kids {
		w, ok := k.node.(flexible)
		if !ok || w.weight() == 0 || c.MaxW >= Unbounded {
			continue
		}
		// What rounding leaves goes to those that follow.
		share := int32(int64(room) * int64(w.weight()) / int64(weights))
		room, weights = room-share, weights-w.weight()
		s := f.turn(k.Layout(f.turnC(Constraints{share, share, cross.MinH, cross.MaxH})))
		used += s.W
		deep = max(deep, s.H)
	}
	above := int32(0)
	if f.align == Baseline && !f.down {
		below := int32(0)
		for _, k := range kids {
			above = max(above, k.line())
			below = max(below, k.size.H-k.line())
		}
		deep = max(deep, above+below)
	}
	size := f.turn(outer.Clamp(f.turn(geom.Size{W: used, H: deep})))
	f.place(e, size, used, above)
	return f.turn(size)
}

// left returns what of a maximum is not used yet.
func left(maximum, used int32) int32 {
	if maximum >= Unbounded {
		return maximum
	}
	return max(maximum-used, 0)
}

// line returns where an element stands on a line of text: on its baseline, or
// on its bottom if it has none.
func (e *Element) line() int32 {
	if e.baseline > 0 {
		return e.baseline
	}
	return e.size.H
}

// place puts the children into size, which is turned.
func (f flex) place(e *Element, size geom.Size, used, above int32) {
	at := int32(0)
	switch f.justify {
	case Centre:
		at = max(size.W-used, 0) / 2
	case End:
		at = max(size.W-used, 0)
	}
	for _, k := range e.children {
		s := f.turn(k.size)
		y := int32(0)
		switch f.align {
		case Centre:
			y = (size.H - s.H) / 2
		case End:
			y = size.H - s.H
		case Baseline:
			if !f.down {
				y = above - k.line()
			}
		}
		p := f.turn(geom.Size{W: at, H: y})
		k.Place(p.W, p.H)
		if e.baseline == 0 && k.baseline > 0 {
			e.baseline = p.H + k.baseline
		}
		at += s.W + f.gap
	}
}
