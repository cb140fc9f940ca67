package ui

import "rayos/geom"

// Node describes one part of a view: what it is, and by its fields what is in
// it. Nodes are plain values, made anew by every view and thrown away; what
// lasts is the Element that a node is matched with.
//
// Whoever makes a widget implements Node and, of the interfaces below, those
// that it needs.
type Node interface {
	// Layout lays out the children of e and returns the size of e, given
	// what the parent allows.
	Layout(e *Element, c Constraints) geom.Size
	// Paint draws e, below its children. The origin is its top-left corner.
	Paint(e *Element, p *Painter)
}

// Parent is a Node with children. Build is called when the node is new, and
// when Element.Rebuild was called; nil ones are skipped.
type Parent interface {
	Build(e *Element) []Node
}

// Stater is a Node whose element keeps state. NewState is called once in the
// life of an element; Element.State returns what it returned.
type Stater interface {
	NewState() any
}

// Updater is a Node that looks at what it replaces.
type Updater interface {
	Updated(e *Element, old Node)
}

// Handler is a Node that takes events. An event goes to the element it is for
// and from there upwards until one handles it, which it says by returning true.
type Handler interface {
	Handle(e *Element, ev Event) bool
}

// Focuser is a Node that can have the keyboard focus.
type Focuser interface {
	Focus(e *Element) FocusPolicy
}

// Describer is a Node that means something to who doesn't see it.
type Describer interface {
	Describe(e *Element, i *Info)
}

// Actor is a Node that carries out actions of its Info other than focusing.
type Actor interface {
	Act(e *Element, a Action, value string) bool
}

// Overpainter is a Node that also draws above its children.
type Overpainter interface {
	PaintOver(e *Element, p *Painter)
}

// Pointed is a Node that says what the pointer looks like over it. Pos is
// relative to the element.
type Pointed interface {
	Cursor(e *Element, pos geom.Point) Cursor
}

// FocusPolicy says how an element gets the focus.
type FocusPolicy uint8

// Policies.
const (
	NoFocus  FocusPolicy = iota
	ByPress              // by a press or by the program, as all but one of a group
	TabStop              // also by Tab
	TakesAll             // as TabStop, and first when a dialog opens
)

// keyed is a node with a name among its siblings.
type keyed struct {
	Node
	key string
}

// Key names n among its siblings: its element, with focus, scroll position and
// half-written text, follows the name wherever it moves. Without names the
// first button matches the first button, and so on.
func Key(key string, n Node) Node {
	if k, ok := n.(keyed); ok {
		n = k.Node
	}
	if n == nil {
		return nil
	}
	return keyed{n, key}
}

// If returns n if ok, else nothing.
func If(ok bool, n Node) Node {
	if ok {
		return n
	}
	return nil
}

// Nodes is a list of nodes.
type Nodes = []Node

// wrap is embedded by nodes that are composed of one other: they are as large
// as it is and draw nothing themselves.
type wrap struct{}

// Layout implements Node.
func (wrap) Layout(e *Element, c Constraints) geom.Size { return e.layoutOnly(c) }

// Paint implements Node.
func (wrap) Paint(*Element, *Painter) {}
