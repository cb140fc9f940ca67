package preview

import (
	"rayos/geom"
	"rayos/rayapps/ui"
)

// Board puts nodes where they are told to be. It takes all the room there is.
type Board struct {
	Kids []Placed
	// Clip keeps them within the board.
	Clip bool
	// Name and Role are what the board means to who doesn't see it; a board
	// without a role is no more than a means.
	Name string
	Role ui.Role
}

// Placed is a node and its box on a board, from the board's corner.
type Placed struct {
	Box  geom.Rect
	Node ui.Node
	Key  string
}

// Build implements ui.Parent.
func (b Board) Build(*ui.Element) []ui.Node {
	nodes := make([]ui.Node, len(b.Kids))
	for i, k := range b.Kids {
		if nodes[i] = k.Node; k.Key != "" {
			nodes[i] = ui.Key(k.Key, k.Node)
		}
	}
	return nodes
}

// Layout implements ui.Node.
func (b Board) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	if b.Clip {
		e.Clip()
	}
	for i, k := range e.Children() {
		box := b.Kids[i].Box
		k.Layout(ui.Tight(geom.Size{W: max(box.W(), 0), H: max(box.H(), 0)}))
		x := box.X0
		if e.RTL() {
			x = size.W - box.X1
		}
		k.Place(x, box.Y0)
	}
	return size
}

// Paint implements ui.Node.
func (Board) Paint(*ui.Element, *ui.Painter) {}

// Describe implements ui.Describer.
func (b Board) Describe(_ *ui.Element, i *ui.Info) { i.Role, i.Name = b.Role, b.Name }
