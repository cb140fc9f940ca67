package scene

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Tree is a group of nodes that move, show and hide together. Later children
// are above earlier ones.
type Tree struct {
	Node
	children []*Node
}

// NewTree adds an empty tree on top.
func (t *Tree) NewTree() *Tree {
	n := &Tree{}
	n.tree = n
	t.add(&n.Node)
	return n
}

// NewRect adds a rectangle of one colour on top.
func (t *Tree) NewRect(size geom.Size, c render.Color) *Rect {
	n := &Rect{size: size, color: c}
	n.leaf = n
	t.add(&n.Node)
	return n
}

// NewBuffer adds a node on top that shows nothing yet. It takes input
// everywhere, is filtered bilinearly where it is scaled, and has full alpha.
func (t *Tree) NewBuffer() *Buffer {
	n := &Buffer{alpha: 255, filter: render.Bilinear}
	n.leaf = n
	t.add(&n.Node)
	return n
}

func (t *Tree) add(n *Node) {
	if t.scene == nil {
		panic("scene: node added to a destroyed tree")
	}
	n.init(t.scene, t)
	if n.leaf != nil {
		n.views = make([]view, len(t.scene.outputs))
	}
	t.children = append(t.children, n)
	n.touch()
}

// eachLeaf calls fn for all leaves below t.
func (t *Tree) eachLeaf(fn func(*Node)) {
	for _, c := range t.children {
		if c.tree != nil {
			c.tree.eachLeaf(fn)
		} else {
			fn(c)
		}
	}
}
