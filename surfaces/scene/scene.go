package scene

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Scene is a tree of nodes and the outputs that show it.
type Scene struct {
	root       *Tree
	outputs    []*Output
	background render.Color
	mirrors    []*Mirror
	// mirrorStale says that some mirror isn't up to date.
	mirrorStale bool
	tmp         scratch
}

// scratch holds storage that is reused from call to call. No value outlives
// the method that wrote it.
type scratch struct {
	part, covered, mapped, few geom.Region // visibility and damage
	painter                    painter
	node                       projection // of RenderNode
	moved, nodes               []*Node    // of Restack
}

// New returns an empty scene with a black background.
func New() *Scene {
	s := &Scene{background: render.RGBA(0, 0, 0, 255)}
	s.root = &Tree{}
	s.root.init(s, nil)
	s.root.tree = s.root
	return s
}

// Root returns the tree that holds all others. It is never destroyed.
func (s *Scene) Root() *Tree { return s.root }

// Nodes returns how many nodes there are.
func (s *Scene) Nodes() int { return s.root.count() }

func (t *Tree) count() int {
	n := 1
	for _, c := range t.children {
		if c.tree != nil {
			n += c.tree.count()
		} else {
			n++
		}
	}
	return n
}

// SetBackground sets what outputs show where no opaque node is.
func (s *Scene) SetBackground(c render.Color) {
	if c == s.background {
		return
	}
	s.background = c
	for _, o := range s.outputs {
		o.refresh()
		o.damage(&o.empty)
		o.notify()
	}
}

// At returns the topmost buffer whose input region holds the logical point p,
// and p relative to that buffer, or nil.
func (s *Scene) At(p geom.FPoint) (*Buffer, geom.FPoint) {
	if !s.root.enabled {
		return nil, geom.FPoint{}
	}
	return s.root.at(p.Sub(s.root.pos.F()))
}

// at is At in coordinates of t.
func (t *Tree) at(p geom.FPoint) (*Buffer, geom.FPoint) {
	if t.deaf || t.clips && !p.Floor().In(t.clip) {
		return nil, geom.FPoint{}
	}
	for i := len(t.children) - 1; i >= 0; i-- {
		n := t.children[i]
		if !n.enabled {
			continue
		}
		local := p.Sub(n.pos.F())
		if n.tree != nil {
			if hit, at := n.tree.at(local); hit != nil {
				return hit, at
			}
		} else if b, ok := n.leaf.(*Buffer); ok && b.accepts(local) {
			return b, local
		}
	}
	return nil, geom.FPoint{}
}

// EachOutput calls fn for the outputs that the area of b reaches, as far as
// clips leave it, whether or not something hides it there. It calls it for none while b or a tree above
// is disabled, or b has nothing to show.
func (s *Scene) EachOutput(b *Buffer, fn func(*Output)) {
	pos, on, clip := b.where()
	if !on || b.scene != s {
		return
	}
	box := b.extent().Rect().Add(pos).Intersect(clip)
	for _, o := range s.outputs {
		if box.Overlaps(o.logical) {
			fn(o)
		}
	}
}

// PrimaryOutput returns the output where the largest logical area of b can be
// seen, or nil. Its refresh paces the frame callbacks of b.
func (s *Scene) PrimaryOutput(b *Buffer) *Output {
	if b.scene != s {
		return nil
	}
	var best *Output
	var most float64
	for i, o := range s.outputs {
		o.refresh()
		f := o.scale.Float()
		if area := float64(b.views[i].visible.Area()) / (f * f); area > most {
			best, most = o, area
		}
	}
	return best
}
