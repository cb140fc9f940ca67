package ui

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// TableColumn is a column of a Table.
type TableColumn struct {
	Title string
	// Width is in logical pixels; 0 shares what is left with others by
	// Weight, 0 of which counts as 1.
	Width, Weight int32
	// Align is End for numbers.
	Align Align
	// Sortable columns call OnSort when their head is pressed.
	Sortable bool
}

// Table shows rows with columns that have heads. Its rows are those of a List.
// Columns of a fixed width can be dragged wider, or with Shift and the arrows.
type Table struct {
	Name    string
	Columns []TableColumn
	Count   int
	// Cell describes a cell.
	Cell func(row, column int) Node
	// Key and Text are those of List.
	Key        func(row int) string
	Text       func(row int) string
	RowHeight  int32
	Selected   int
	Empty      Node
	SortBy     int // the column that rows are sorted by
	Descending bool
	OnSort     func(column int)
	OnSelect   func(row int)
	OnActivate func(row int)
	OnMenu     func(row int, at geom.Point)
}

type tableState struct{ own []int32 } // widths that the person chose, 0 for none

// NewState implements Stater.
func (Table) NewState() any { return new(tableState) }

// cellPad is the room at both sides of a cell.
const cellPad = theme.Space2

// edges returns where columns begin, and where the last one ends.
func (t Table) edges(s *tableState, width int32, to []int32) []int32 {
	const margin = theme.Space1
	used, weights := int32(2*margin), int32(0)
	fixed := func(i int) int32 {
		if i < len(s.own) && s.own[i] > 0 {
			return s.own[i]
		}
		return t.Columns[i].Width
	}
	for i, c := range t.Columns {
		if w := fixed(i); w > 0 {
			used += w
		} else {
			weights += max(c.Weight, 1)
		}
	}
	room := max(width-used, 0)
	x := int32(margin)
	for i, c := range t.Columns {
		to = append(to, x)
		w := fixed(i)
		if w <= 0 {
			k := max(c.Weight, 1)
			w = int32(int64(room) * int64(k) / int64(weights))
			room, weights = room-w, weights-k
		}
		x += w
	}
	return append(to, x)
}

// Build implements Parent.
func (t Table) Build(e *Element) []Node {
	s := e.State().(*tableState)
	heads := make(Nodes, len(t.Columns))
	for i := range t.Columns {
		heads[i] = tableHead{t, i}
	}
	return []Node{
		tableRow{t, s, heads},
		List{
			Name: t.Name, Count: t.Count, Key: t.Key, Text: t.Text, RowHeight: t.RowHeight, Selected: t.Selected, Empty: t.Empty,
			OnSelect: t.OnSelect, OnActivate: t.OnActivate, OnMenu: t.OnMenu, role: RoleTable, rowRole: RoleTableRow,
			Row: func(row int) Node {
				cells := make(Nodes, len(t.Columns))
				for i := range t.Columns {
					cells[i] = tableCell{t.Cell(row, i), t.Columns[i].Align}
				}
				return tableRow{t, s, cells}
			},
		},
	}
}

// Layout implements Node.
func (t Table) Layout(e *Element, c Constraints) geom.Size {
	head, list := e.children[0], e.children[1]
	w := bounded(c.MaxW, 0)
	h := head.Layout(Tight(geom.Size{W: w, H: e.Theme().Control()})).H
	head.Place(0, 0)
	in := c.Shrink(0, h)
	in.MinW, in.MaxW = w, w
	s := list.Layout(in)
	list.Place(0, h)
	return geom.Size{W: w, H: h + s.H}
}

// Paint implements Node.
func (t Table) Paint(e *Element, p *Painter) {
	p.Fill(geom.XYWH(0, e.children[0].size.H-1, e.size.W, 1), e.Theme().Outline)
}

// Handle implements Handler: arrows move along the heads.
func (t Table) Handle(e *Element, ev Event) bool {
	k, ok := ev.(*Keystroke)
	if !ok || k.Mods&Shift != 0 {
		return false
	}
	d := e.step(k, true, false)
	heads := e.children[0].children
	for i, h := range heads {
		if d != 0 && h.Focused() {
			for at := i + d; at >= 0 && at < len(heads); at += d {
				if heads[at].Focus() {
					break
				}
			}
			return true
		}
	}
	return false
}

// resize gives a column a width of its own.
func (t Table) resize(e *Element, column int, w int32) {
	s := e.State().(*tableState)
	for len(s.own) < len(t.Columns) {
		s.own = append(s.own, 0)
	}
	s.own[column] = min(max(w, 32), 1<<12)
	var mark func(*Element)
	mark = func(k *Element) {
		k.Relayout()
		for _, c := range k.children {
			mark(c)
		}
	}
	mark(e)
}

// tableRow puts cells into columns.
type tableRow struct {
	table Table
	state *tableState
	cells Nodes
}

func (r tableRow) Build(*Element) []Node { return r.cells }

func (r tableRow) Layout(e *Element, c Constraints) geom.Size {
	var room [33]int32
	x := r.table.edges(r.state, c.MaxW, room[:0])
	for i, k := range e.children {
		k.Layout(Tight(geom.Size{W: x[i+1] - x[i], H: c.MaxH}))
		k.Place(x[i], 0)
	}
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (tableRow) Paint(*Element, *Painter) {}

func (tableRow) passes() bool { return true }

// tableCell is a cell of a row.
type tableCell struct {
	child Node
	align Align
}

func (c tableCell) Build(*Element) []Node { return []Node{c.child} }

func (c tableCell) Layout(e *Element, k Constraints) geom.Size {
	e.Clip()
	if child := e.Child(0); child != nil {
		s := child.Layout(Loose(geom.Size{W: max(k.MaxW-2*cellPad, 0), H: k.MaxH}))
		child.Place(cellPad+c.align.in(k.MaxW-2*cellPad-s.W), (k.MaxH-s.H)/2)
	}
	return geom.Size{W: k.MaxW, H: k.MaxH}
}

func (tableCell) Paint(*Element, *Painter) {}

func (tableCell) passes() bool { return true }

func (c tableCell) Describe(e *Element, i *Info) { i.Role, i.Name = RoleTableCell, e.words() }

// tableHead is the head of a column.
type tableHead struct {
	table Table
	i     int
}

type headState struct {
	press
	resizing bool
	grip     int32 // from the pointer to the edge
}

func (tableHead) NewState() any { return new(headState) }

func (h tableHead) column() *TableColumn { return &h.table.Columns[h.i] }

// Focus: one head is a stop for Tab, arrows lead to the others.
func (h tableHead) Focus(e *Element) FocusPolicy {
	if !h.column().Sortable && h.column().Width <= 0 {
		return NoFocus
	}
	for _, k := range e.parent.children {
		if k == e {
			return TabStop
		}
		if c := k.node.(tableHead).column(); c.Sortable || c.Width > 0 {
			break
		}
	}
	return ByPress
}

func (tableHead) Layout(_ *Element, c Constraints) geom.Size {
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (h tableHead) Paint(e *Element, p *Painter) {
	th := e.Theme()
	c := h.column()
	s := e.State().(*headState)
	if c.Sortable {
		p.Round(e.Box().Inset(2), theme.RadiusSmall, s.veil(e))
	}
	st := style(theme.Caption, text.SemiBold)
	room := e.size.W - 2*cellPad
	sorted := c.Sortable && h.table.SortBy == h.i
	if sorted {
		room -= theme.IconSmall
	}
	l := e.line1(c.Title, st, max(room, 1))
	w := wide(l, room)
	ink := th.Text2
	if sorted {
		ink = th.Text1
	}
	x := cellPad + c.Align.in(room-w)
	p.Text(l, e.Mirror(geom.XYWH(x, 0, w, 0)).X0, (e.size.H-high(l))/2, ink)
	if sorted {
		up := icon.ChevronUp
		if h.table.Descending {
			up = icon.ChevronDown
		}
		p.Icon(up, 12, e.Mirror(geom.XYWH(x+w+2, 0, theme.IconSmall-4, e.size.H)), ink)
	}
	if h.edge(e, e.root.pointer.pos.Floor().Sub(e.origin())) && e.Hovered() || s.resizing {
		p.Fill(e.Mirror(geom.XYWH(e.size.W-1, 6, 1, e.size.H-12)), th.Accent)
	}
	if e.FocusShown() {
		p.InnerRing(e.Box().Inset(1), theme.RadiusSmall)
	}
}

// edge reports whether a point is where the width can be dragged.
func (h tableHead) edge(e *Element, at geom.Point) bool {
	x := e.Start(at.X)
	return h.column().Width > 0 && x >= e.size.W-6 && x <= e.size.W
}

func (h tableHead) Cursor(e *Element, at geom.Point) Cursor {
	if h.edge(e, at) || e.State().(*headState).resizing {
		return CursorColResize
	}
	return CursorDefault
}

func (h tableHead) Handle(e *Element, ev Event) bool {
	s := e.State().(*headState)
	table := e.parent.parent
	switch ev := ev.(type) {
	case *Pointer:
		switch {
		case ev.Kind == PointerPress && ev.Button == LeftButton && h.edge(e, ev.Pos.Floor()):
			s.resizing, s.grip = true, e.size.W-e.Start(ev.Pos.Floor().X)
			return true
		case ev.Kind == PointerMove && s.resizing:
			h.table.resize(table, h.i, e.Start(ev.Pos.Floor().X)+s.grip)
			return true
		case s.resizing && (ev.Kind == PointerRelease || ev.Kind == PointerCancel):
			s.resizing = false
			return true
		}
	case *Keystroke:
		if d := e.step(ev, true, false); d != 0 && ev.Mods&Shift != 0 && h.column().Width > 0 {
			h.table.resize(table, h.i, e.size.W+int32(d)*8)
			return true
		}
	}
	return h.column().Sortable && s.handle(e, ev, func() { h.sort(e) })
}

func (h tableHead) sort(e *Element) {
	if h.table.OnSort != nil {
		e.Call(func() { h.table.OnSort(h.i) })
	}
}

func (h tableHead) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleColumnHeader, h.column().Title
	if h.column().Sortable {
		i.Can(DoActivate)
		if h.table.SortBy == h.i {
			i.Description = lang.T("sorted, ascending")
			if h.table.Descending {
				i.Description = lang.T("sorted, descending")
			}
		}
	}
}

func (h tableHead) Act(e *Element, a Action, _ string) bool {
	if a != DoActivate || !h.column().Sortable {
		return false
	}
	h.sort(e)
	return true
}
