package ui

import (
	"reflect"

	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// Element is a part of the retained tree: the node that describes it today, and
// what lasts from one view to the next.
type Element struct {
	root     *Root
	parent   *Element
	children []*Element
	node     Node
	kind     reflect.Type
	key      string
	state    any
	id       uint64

	// Layout. pos is from the start edge of the parent: from its right one
	// where text runs right to left.
	cons     Constraints
	size     geom.Size
	pos      geom.Point
	baseline int32
	dirty    bool // has to be laid out
	layer    bool // lies above everything; pos is from the root's left edge
	clip     bool
	gone     bool
	hovered  bool
}

// Root returns the tree that e is in.
func (e *Element) Root() *Root { return e.root }

// State returns what NewState of the first node returned.
func (e *Element) State() any { return e.state }

// Node returns the current description.
func (e *Element) Node() Node { return e.node }

// Children returns the children. The slice is e's own.
func (e *Element) Children() []*Element { return e.children }

// Child returns a child, or nil.
func (e *Element) Child(i int) *Element {
	if i < 0 || i >= len(e.children) {
		return nil
	}
	return e.children[i]
}

// Size returns the size that the last layout gave e.
func (e *Element) Size() geom.Size { return e.size }

// Box returns the rectangle of e in its own coordinates.
func (e *Element) Box() geom.Rect { return e.size.Rect() }

// Bounds returns the rectangle of e in the coordinates of the root.
func (e *Element) Bounds() geom.Rect { return e.size.Rect().Add(e.origin()) }

// Baseline returns how far below its top the first line of text of e stands, or
// 0 if it has none.
func (e *Element) Baseline() int32 { return e.baseline }

// SetBaseline is for Layout of nodes that show text.
func (e *Element) SetBaseline(y int32) { e.baseline = y }

// Clip keeps the children, and the pointer, inside of e. For Layout.
func (e *Element) Clip() { e.clip = true }

// Theme returns the colours and sizes.
func (e *Element) Theme() *theme.Theme { return e.root.opts.Theme }

// Fonts returns the fonts.
func (e *Element) Fonts() *text.Fonts { return e.root.opts.Fonts }

// RTL reports whether the view runs right to left.
func (e *Element) RTL() bool { return e.root.opts.RTL }

// Hovered reports whether the pointer is over e or something in it.
func (e *Element) Hovered() bool { return e.hovered }

// Pressed reports whether e holds the pointer.
func (e *Element) Pressed() bool { return e.root.pointer.capture == e }

// Focused reports whether e has the keyboard focus of its root, which need not
// be the one that gets keys.
func (e *Element) Focused() bool { return e.root.focus == e }

// Active reports whether keys go to e.
func (e *Element) Active() bool { return e.root.focus == e && e.root.active }

// FocusShown reports whether e has the focus and a ring has to say so: the
// person uses the keyboard.
func (e *Element) FocusShown() bool { return e.Active() && e.root.byKeyboard }

// Holds reports whether d is e or inside of it.
func (e *Element) Holds(d *Element) bool {
	for ; d != nil; d = d.parent {
		if d == e {
			return true
		}
	}
	return false
}

// Layout lays e out. It is for the Layout of the parent's node, once for each
// child.
func (e *Element) Layout(c Constraints) geom.Size {
	if !e.dirty && e.cons == c {
		return e.size
	}
	e.root.counts.Layouts++
	e.cons, e.clip, e.baseline = c, false, 0
	e.size = c.Clamp(e.node.Layout(e, c))
	e.dirty = false
	return e.size
}

// layoutOnly lays out the first child at the origin.
func (e *Element) layoutOnly(c Constraints) geom.Size {
	k := e.Child(0)
	if k == nil {
		return geom.Size{}
	}
	s := k.Layout(c)
	k.Place(0, 0)
	e.baseline = k.baseline
	return s
}

// Place puts e at x, y in its parent: x counts from the edge where lines of
// text start.
func (e *Element) Place(x, y int32) { e.pos = geom.Point{X: x, Y: y} }

// offset returns the place of e in its parent.
func (e *Element) offset() geom.Point {
	if e.root.opts.RTL && e.parent != nil && !e.layer {
		return geom.Point{X: e.parent.size.W - e.pos.X - e.size.W, Y: e.pos.Y}
	}
	return e.pos
}

// origin returns the place of e in the root.
func (e *Element) origin() geom.Point {
	var at geom.Point
	for ; e != nil; e = e.parent {
		at = at.Add(e.offset())
		if e.layer {
			break
		}
	}
	return at
}

// Mirror returns r, which is given from the start edge of e, as it lies in e.
func (e *Element) Mirror(r geom.Rect) geom.Rect {
	if e.root.opts.RTL {
		r.X0, r.X1 = e.size.W-r.X1, e.size.W-r.X0
	}
	return r
}

// Start returns how far x is from the start edge of e.
func (e *Element) Start(x int32) int32 {
	if e.root.opts.RTL {
		return e.size.W - x
	}
	return x
}

// Relayout says that the size of e or the places in it may change.
func (e *Element) Relayout() {
	e.root.repaint = true
	for ; e != nil && !e.dirty; e = e.parent {
		e.dirty = true
	}
}

// Repaint says that e looks different.
func (e *Element) Repaint() { e.root.repaint = true }

// Rebuild asks the node of e for its children again.
func (e *Element) Rebuild() {
	if p, ok := e.node.(Parent); ok {
		e.SetChildren(p.Build(e))
	}
	e.Relayout()
}

// Call runs a callback of the application, which may be nil, and makes the root
// ask for a new view.
func (e *Element) Call(fn func()) {
	if fn != nil {
		e.root.Invalidate()
		fn()
	}
}
