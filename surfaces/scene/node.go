package scene

import (
	"slices"

	"rayos/geom"
)

// Noder is one of *Tree, *Rect and *Buffer.
type Noder interface{ node() *Node }

// Node is what the three kinds have in common: a place in the tree.
type Node struct {
	// Data is the owner's value. The scene does not look at it.
	Data any

	scene   *Scene // nil once destroyed
	parent  *Tree
	tree    *Tree // this node as a tree, or
	leaf    leaf  // this node as something to draw
	index   int   // in parent.children
	pos     geom.Point
	enabled bool
	listed  bool   // scratch of Restack
	views   []view // of a leaf: one per output, by Output.index
}

// leaf is a node that has pixels.
type leaf interface {
	// extent returns the logical size, empty if there is nothing to show.
	extent() geom.Size
	// project writes the pixels known to be opaque, upright, for a node
	// whose area is up.
	project(up geom.Rect, opaque *geom.Region)
	// draw draws the node, whose area is up, within p.clip.
	draw(p *painter, up geom.Rect, opaque *geom.Region)
}

func (n *Node) node() *Node { return n }

func (n *Node) init(s *Scene, parent *Tree) {
	n.scene, n.parent, n.enabled = s, parent, true
}

// Parent returns the tree that n is in: nil for the root and after Destroy.
func (n *Node) Parent() *Tree { return n.parent }

// Position returns the logical position relative to the parent.
func (n *Node) Position() geom.Point { return n.pos }

// Enabled reports whether n itself is enabled.
func (n *Node) Enabled() bool { return n.enabled }

// AbsPosition returns the logical position in the layout, and whether n and
// all trees above are enabled.
func (n *Node) AbsPosition() (pos geom.Point, enabled bool) {
	pos, enabled, _ = n.where()
	return pos, enabled
}

// where is AbsPosition with the part of the layout that n may cover: the clips of
// the trees above, not its own.
func (n *Node) where() (pos geom.Point, on bool, clip geom.Rect) {
	on, clip = n.scene != nil, everywhere
	if n.parent != nil {
		pos, on, clip = n.parent.place()
	}
	return pos.Add(n.pos), on && n.enabled, clip
}

// SetPosition moves n to a logical position relative to its parent.
func (n *Node) SetPosition(x, y int32) {
	if p := (geom.Point{X: x, Y: y}); p != n.pos {
		n.pos = p
		n.touch()
	}
}

// SetEnabled shows or hides n with all that is below it.
func (n *Node) SetEnabled(on bool) {
	if on != n.enabled {
		n.enabled = on
		n.touch()
	}
}

// PlaceAbove puts n right above sibling, which is in the same tree.
func (n *Node) PlaceAbove(sibling Noder) { n.place(sibling.node(), 1) }

// PlaceBelow puts n right below sibling, which is in the same tree.
func (n *Node) PlaceBelow(sibling Noder) { n.place(sibling.node(), 0) }

func (n *Node) place(sibling *Node, after int) {
	if sibling == n || n.parent == nil {
		return
	}
	if sibling.parent != n.parent {
		panic("scene: placed beside a node of another tree")
	}
	to := sibling.index + after
	if n.index < to {
		to--
	}
	n.shift(to)
}

// Raise puts n on top of its siblings.
func (n *Node) Raise() {
	if n.parent != nil {
		n.shift(len(n.parent.children) - 1)
	}
}

// Lower puts n below its siblings.
func (n *Node) Lower() {
	if n.parent != nil {
		n.shift(0)
	}
}

// shift moves n in the order of its siblings.
func (n *Node) shift(to int) {
	list, from := n.parent.children, n.index
	if from == to {
		return
	}
	for ; n.index < to; n.index++ {
		list[n.index] = list[n.index+1]
		list[n.index].index = n.index
	}
	for ; n.index > to; n.index-- {
		list[n.index] = list[n.index-1]
		list[n.index].index = n.index
	}
	list[to] = n
	n.touch()
}

// Reparent moves n to the top of another tree of the scene, and keeps its
// relative position.
func (n *Node) Reparent(t *Tree) {
	if n.parent == nil || n.parent == t {
		return
	}
	if t.scene != n.scene {
		panic("scene: reparented to another scene or a destroyed tree")
	}
	for up := t; up != nil; up = up.parent {
		if up == n.tree {
			panic("scene: reparented below itself")
		}
	}
	n.tellMirrors()
	n.detach()
	n.parent = t
	t.append(n)
	n.touch()
}

func (n *Node) detach() {
	t := n.parent
	t.children = slices.Delete(t.children, n.index, n.index+1)
	for i := n.index; i < len(t.children); i++ {
		t.children[i].index = i
	}
}

// Destroy removes n with all that is below it. Doing it again is harmless, and
// so is calling a setter afterwards.
func (n *Node) Destroy() {
	if n.parent == nil {
		return
	}
	n.enabled = false
	n.touch()
	n.detach()
	n.forget()
}

func (n *Node) forget() {
	n.unlink()
	if n.tree != nil {
		for _, c := range n.tree.children {
			c.forget()
		}
		n.tree.children = nil
	}
	n.scene, n.parent, n.views = nil, nil, nil
}

// touch tells the outputs that n changed in more than its content: where it
// is, how large, what it hides.
func (n *Node) touch() {
	if n.scene == nil {
		return
	}
	pos, on, clip := n.where()
	n.touchAt(pos, on, clip, n.scene.outputs)
	n.tellMirrors()
	for _, o := range n.scene.outputs {
		o.notify()
	}
}

func (n *Node) touchAt(pos geom.Point, on bool, clip geom.Rect, outputs []*Output) {
	if n.tree != nil {
		clip = n.tree.within(clip, pos)
		for _, c := range n.tree.children {
			c.touchAt(pos.Add(c.pos), on && c.enabled, clip, outputs)
		}
		return
	}
	var box geom.Rect
	if on {
		box = n.leaf.extent().Rect().Add(pos).Intersect(clip)
	}
	for _, o := range outputs {
		o.touch(&n.views[o.index], box)
	}
}

// below reports whether n is top or somewhere below it. Nothing is below nil.
func (n *Node) below(top *Node) bool {
	for ; n != nil && top != nil; n = &n.parent.Node {
		if n == top {
			return true
		}
		if n.parent == nil {
			break
		}
	}
	return false
}

// damageVisible damages what can be seen of a leaf on all outputs.
func (n *Node) damageVisible() {
	if n.scene == nil {
		return
	}
	for i, o := range n.scene.outputs {
		if v := &n.views[i]; v.state == viewCurrent {
			o.damage(&v.visible)
			o.notify()
		}
	}
}
