package scene

import (
	"slices"

	"rayos/geom"
)

// Mirror shows what is below a tree a second time, at another place and size:
// the same textures, sampled anew, with no copy of their pixels. It doesn't
// matter whether the tree itself, or what is above it, is enabled or in sight,
// so a mirror of a hidden window shows its last picture. It follows changes by
// itself, and content is redrawn by damage. It takes no input.
//
// A mirror ends with Destroy; one whose tree was destroyed shows nothing.
type Mirror struct {
	Tree
	of    *Tree
	from  geom.Rect // in coordinates of the tree
	size  geom.Size // logical
	parts []mirrorPart
	stale bool
}

// mirrorPart is one leaf of the tree, shown again.
type mirrorPart struct {
	of     *Node
	clip   *Tree
	buffer *Buffer // or
	rect   *Rect
}

// NewMirror adds a mirror of a tree on top, which shows nothing before Show. A
// mirror is not below the tree that it shows.
func (t *Tree) NewMirror(of *Tree) *Mirror {
	if of.scene != t.scene || t.below(&of.Node) {
		panic("scene: mirror of another scene, of a destroyed tree, or within itself")
	}
	m := &Mirror{of: of}
	m.tree = &m.Tree
	m.deaf = true
	t.add(&m.Node)
	of.mirrors = append(of.mirrors, m)
	m.scene.mirrors = append(m.scene.mirrors, m)
	return m
}

// Show shows the part of the tree within from, in its coordinates, in an area
// of size logical pixels at the position of the mirror.
func (m *Mirror) Show(from geom.Rect, size geom.Size) {
	if m.scene != nil && (m.from != from || m.size != size) {
		m.from, m.size = from, size
		m.invalidate()
	}
}

// Of returns the buffer that b shows again, if it is part of a mirror, or nil.
func (b *Buffer) Of() *Buffer { return b.of }

// invalidate has the mirror brought up to date before the next frame.
func (m *Mirror) invalidate() {
	if m.stale {
		return
	}
	m.stale, m.scene.mirrorStale = true, true
	for _, o := range m.scene.outputs {
		o.dirty = true
		o.notify()
	}
}

// tellMirrors tells the mirrors of n and of trees above it that n has changed.
func (n *Node) tellMirrors() {
	if len(n.scene.mirrors) == 0 {
		return
	}
	t := n.tree
	if t == nil {
		t = n.parent
	}
	for ; t != nil; t = t.parent {
		for _, m := range t.mirrors {
			m.invalidate()
		}
	}
}

// syncMirrors brings all mirrors up to date.
func (s *Scene) syncMirrors() {
	// A mirror of a tree with mirrors in it makes more of them stale.
	for rounds := 0; s.mirrorStale && rounds < maxMirrorDepth; rounds++ {
		s.mirrorStale = false
		for _, m := range s.mirrors {
			if m.stale {
				m.sync()
			}
		}
	}
}

// maxMirrorDepth is how deep mirrors of mirrors are followed within a frame.
const maxMirrorDepth = 4

func (m *Mirror) sync() {
	m.stale = false
	n := 0
	if m.of.scene != nil && !m.from.Empty() && !m.size.Empty() {
		n = m.walk(m.of, geom.Point{}, m.from, corners{}, 0)
	}
	m.cut(n)
}

// walk shows the leaves of t, which is at the point at, from part n on, and
// returns how many parts there are then.
func (m *Mirror) walk(t *Tree, at geom.Point, clip geom.Rect, round corners, n int) int {
	clip, round = t.within(clip, at), round.inside(t, at)
	if clip.Empty() {
		return n
	}
	for _, c := range t.children {
		if !c.enabled {
			continue
		}
		pos := at.Add(c.pos)
		if c.tree != nil {
			n = m.walk(c.tree, pos, clip, round, n)
			continue
		}
		box := c.leaf.extent().Rect().Add(pos)
		if box.Overlaps(clip) {
			m.put(n, c, m.to(box), m.to(clip))
			m.parts[n].clip.SetCorners(m.to(round.box), scaleEdge(round.radius, m.size.W, m.from.W()))
			n++
		}
	}
	return n
}

// to maps a rectangle of the tree into the mirror. Neighbours stay neighbours.
func (m *Mirror) to(r geom.Rect) geom.Rect {
	x := func(v int32) int32 { return scaleEdge(v-m.from.X0, m.size.W, m.from.W()) }
	y := func(v int32) int32 { return scaleEdge(v-m.from.Y0, m.size.H, m.from.H()) }
	return geom.Rect{X0: x(r.X0), Y0: y(r.Y0), X1: x(r.X1), Y1: y(r.Y1)}
}

// scaleEdge returns v·num/den, rounded down.
func scaleEdge(v, num, den int32) int32 {
	p := int64(v) * int64(num)
	q := p / int64(den)
	if p%int64(den) < 0 {
		q--
	}
	return int32(q)
}

// put makes part i show n in a box.
func (m *Mirror) put(i int, n *Node, box, clip geom.Rect) {
	if i < len(m.parts) && m.parts[i].of != n {
		m.cut(i)
	}
	if i == len(m.parts) {
		m.parts = append(m.parts, m.add(n))
	}
	p := &m.parts[i]
	p.clip.SetClip(clip, true)
	p.clip.SetEnabled(!box.Empty())
	switch {
	case box.Empty():
	case p.buffer != nil:
		src := n.leaf.(*Buffer)
		p.buffer.SetPosition(box.X0, box.Y0)
		p.buffer.SetDestSize(box.Size())
		p.buffer.SetSource(src.src)
		p.buffer.SetTransform(src.transform)
		p.buffer.SetAlpha(src.alpha)
	default:
		p.rect.SetPosition(box.X0, box.Y0)
		p.rect.SetSize(box.Size())
		p.rect.SetColor(n.leaf.(*Rect).color)
	}
}

// add makes a part for a leaf.
func (m *Mirror) add(n *Node) mirrorPart {
	p := mirrorPart{of: n, clip: m.NewTree()}
	src, ok := n.leaf.(*Buffer)
	if !ok {
		p.rect = p.clip.NewRect(geom.Size{}, 0)
		return p
	}
	p.buffer = p.clip.NewBuffer()
	p.buffer.Data, p.buffer.of = src.Data, src
	src.clones = append(src.clones, p.buffer)
	p.buffer.SetTexture(src.texture, nil)
	return p
}

// cut drops the parts from i on.
func (m *Mirror) cut(i int) {
	for j := i; j < len(m.parts); j++ {
		m.parts[j].clip.Destroy()
	}
	clear(m.parts[i:])
	m.parts = m.parts[:i]
}

// unlink ends what connects a destroyed leaf or tree with mirrors.
func (n *Node) unlink() {
	if b, ok := n.leaf.(*Buffer); ok {
		for _, c := range b.clones {
			c.of = nil
			c.SetTexture(nil, nil)
		}
		b.clones = nil
		if b.of != nil {
			b.of.clones = slices.DeleteFunc(b.of.clones, func(c *Buffer) bool { return c == b })
			b.of = nil
		}
	}
	if n.tree == nil {
		return
	}
	for _, m := range n.tree.mirrors {
		m.cut(0)
	}
	n.tree.mirrors = nil
	s := n.scene
	i := slices.IndexFunc(s.mirrors, func(m *Mirror) bool { return &m.Tree == n.tree })
	if i < 0 {
		return
	}
	m := s.mirrors[i]
	s.mirrors = slices.Delete(s.mirrors, i, i+1)
	m.parts, m.stale = nil, false
	m.of.mirrors = slices.DeleteFunc(m.of.mirrors, func(o *Mirror) bool { return o == m })
}
