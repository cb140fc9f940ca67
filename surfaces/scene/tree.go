package scene

import (
	"math"

	"rayos/geom"
	"rayos/gpu/render"
)

// Tree is a group of nodes that move, show and hide together. Later children
// are above earlier ones.
type Tree struct {
	Node
	children []*Node
	clip     geom.Rect // in coordinates of the tree
	clips    bool      // clip counts
	corners  corners
	deaf     bool      // nothing below takes input
	mirrors  []*Mirror // of this tree
}

// SetInput says whether buffers below the tree can be hit, which is so for a
// new one. A cursor or drag icon is seen and never hit.
func (t *Tree) SetInput(on bool) { t.deaf = !on }

// everywhere is the clip of a node without one.
var everywhere = geom.Rect{X0: math.MinInt32, Y0: math.MinInt32, X1: math.MaxInt32, Y1: math.MaxInt32}

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

// SetClip limits what is drawn and hit below t to r, in logical pixels relative
// to t, or lifts the limit. Clips of trees inside each other intersect. On an
// output the edges of a clip are rounded like those of a node.
func (t *Tree) SetClip(r geom.Rect, on bool) {
	if !on {
		r = geom.Rect{}
	}
	if r != t.clip || on != t.clips {
		t.clip, t.clips = r, on
		t.touch()
	}
}

// Clip returns what SetClip was given.
func (t *Tree) Clip() (r geom.Rect, on bool) { return t.clip, t.clips }

// SetCorners leaves out of what is drawn below t what lies in the two lower
// corners of box, in logical pixels relative to t, beyond a circle of a radius;
// 0 leaves out nothing. The edge is one of whole pixels, up to one pixel beyond
// the circle: something that is drawn above, like a frame, hides it. Of trees
// inside each other the innermost counts. Input isn't limited.
func (t *Tree) SetCorners(box geom.Rect, radius int32) {
	c := corners{box, max(radius, 0)}
	if c.radius == 0 {
		c = corners{}
	}
	if c != t.corners {
		t.corners = c
		t.touch()
	}
}

// within narrows clip, in the layout, by that of t at the position pos.
func (t *Tree) within(clip geom.Rect, pos geom.Point) geom.Rect {
	if t.clips {
		return clip.Intersect(t.clip.Add(pos))
	}
	return clip
}

// place returns where the origin of t is in the layout, whether t and all
// trees above are enabled, and what part of the layout its children may cover.
func (t *Tree) place() (pos geom.Point, on bool, clip geom.Rect) {
	on, clip = t.scene != nil, everywhere
	if t.parent != nil {
		pos, on, clip = t.parent.place()
	}
	pos = pos.Add(t.pos)
	return pos, on && t.enabled, t.within(clip, pos)
}

func (t *Tree) add(n *Node) {
	if t.scene == nil {
		panic("scene: node added to a destroyed tree")
	}
	n.init(t.scene, t)
	if n.leaf != nil {
		n.views = make([]view, len(t.scene.outputs))
	}
	t.append(n)
	n.touch()
}

func (t *Tree) append(n *Node) {
	n.index = len(t.children)
	t.children = append(t.children, n)
}

// Restack puts nodes of t at its bottom in the order of list, bottom first. The
// others stay in their order above them. Its cost is that of a walk of the
// list, and one move takes no more of the picture than PlaceAbove would.
func (t *Tree) Restack(list []*Node) {
	if t.scene == nil || len(list) == 0 {
		return
	}
	top, rising := -1, 0 // rising: those that are above their predecessors
	for _, n := range list {
		if n.parent != t {
			panic("scene: restacked a node of another tree")
		}
		if n.index > top {
			top = n.index
			rising++
		}
	}
	if rising == len(list) && top == len(list)-1 {
		return
	}
	bottom, falling := len(t.children), 0 // the same from the top
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].index < bottom {
			bottom = list[i].index
			falling++
		}
	}
	// Who has kept its place among the others needs no look.
	moved := t.scene.tmp.moved[:0]
	if rising >= falling {
		top := -1
		for _, n := range list {
			if n.index < top {
				moved = append(moved, n)
			}
			top = max(top, n.index)
		}
	} else {
		bottom := len(t.children)
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].index > bottom {
				moved = append(moved, list[i])
			}
			bottom = min(bottom, list[i].index)
		}
	}
	moved = t.arrange(list, top, moved)
	for _, n := range moved {
		n.touch()
	}
	clear(moved)
	t.scene.tmp.moved = moved[:0]
}

// arrange puts list below the other children. It adds those of them to moved
// that were not above all of the list, whose topmost was at the index top.
func (t *Tree) arrange(list []*Node, top int, moved []*Node) []*Node {
	for _, n := range list {
		n.listed = true
	}
	next := append(t.scene.tmp.nodes[:0], list...)
	for _, c := range t.children {
		if c.listed {
			c.listed = false
			continue
		}
		next = append(next, c)
		if c.index < top {
			moved = append(moved, c)
		}
	}
	if len(next) != len(t.children) {
		panic("scene: restacked a node twice")
	}
	copy(t.children, next)
	for i, c := range t.children {
		c.index = i
	}
	clear(next)
	t.scene.tmp.nodes = next[:0]
	return moved
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
