package scene

import (
	"fmt"

	"rayos/geom"
	"rayos/gpu/render"
)

// painter is where leaves draw.
type painter struct {
	pass  render.Pass
	to    *projection
	clip  geom.Region // physical, may be overwritten
	solid geom.Region // scratch
	op    render.TextureOp
}

// painter returns the one that all passes of the scene share.
func (s *Scene) painter(pass render.Pass, to *projection) *painter {
	p := &s.tmp.painter
	p.pass, p.to = pass, to
	return p
}

// submit ends the pass and lets go of what it used.
func (p *painter) submit() error {
	err := p.pass.Submit()
	p.pass, p.to, p.op.Texture = nil, nil, nil
	return err
}

// Render brings target, which has the size of the mode, up to date. age says
// what it holds: 1 the last frame, 2 the one before, 0 nothing of use. It
// returns the physical damage since the last frame, borrowed until the next.
// After an error the damage is still there, and target counts as age 0.
func (o *Output) Render(r render.Renderer, target render.Target, age int) (*geom.Region, error) {
	s := o.scene
	if s == nil {
		return nil, fmt.Errorf("scene: render a destroyed output")
	}
	if target.Size() != o.mode {
		return nil, fmt.Errorf("scene: render into %v; the output is %v", target.Size(), o.mode)
	}
	o.refresh()
	o.want(age)
	if o.repaint.Empty() {
		return o.TakeDamage(), nil
	}
	pass, err := r.Begin(target)
	if err != nil {
		return nil, fmt.Errorf("scene: begin a frame: %w", err)
	}
	p := s.painter(pass, &o.projection)
	p.clip.Set(&o.repaint)
	p.clip.Intersect(&o.empty)
	if !p.clip.Empty() {
		pass.Clear(s.background, &p.clip)
	}
	reach := o.repaint.Extents()
	for _, n := range o.list {
		v := &n.views[o.index]
		if !v.visible.Extents().Overlaps(reach) {
			continue
		}
		p.clip.Set(&o.repaint)
		p.clip.Intersect(&v.visible)
		if !p.clip.Empty() {
			n.leaf.draw(p, v.up, &v.opaque)
		}
	}
	if err := p.submit(); err != nil {
		return nil, fmt.Errorf("scene: submit a frame: %w", err)
	}
	return o.TakeDamage(), nil
}

// want sets repaint to what changed since a target of the given age.
func (o *Output) want(age int) {
	if age <= 0 || age-1 > o.frames {
		o.repaint.SetRect(o.mode.Rect())
		return
	}
	o.repaint.Set(&o.pending)
	for i := range age - 1 {
		o.repaint.Union(&o.ring[(o.last-i+ages)%ages])
	}
	o.limit(&o.repaint)
}

// RenderNode draws n with all that is below it into target, whose top-left
// corner is the position of n, on transparent ground. What is elsewhere in the
// scene hides nothing, and it does not matter whether n and the trees above it
// are enabled; below n it does. Clips count from n on downwards.
func (s *Scene) RenderNode(r render.Renderer, n Noder, target render.Target, scale geom.Scale) error {
	if n.node().scene != s {
		return fmt.Errorf("scene: render a node that is not in the scene")
	}
	s.syncMirrors()
	pass, err := r.Begin(target)
	if err != nil {
		return fmt.Errorf("scene: begin a node: %w", err)
	}
	s.tmp.node = projection{scale: scale, size: target.Size()}
	p := s.painter(pass, &s.tmp.node)
	p.clip.SetRect(target.Size().Rect())
	pass.Clear(0, &p.clip)
	p.node(n.node(), geom.Point{}, target.Size().Rect(), corners{}, &s.tmp.mapped)
	if err := p.submit(); err != nil {
		return fmt.Errorf("scene: submit a node: %w", err)
	}
	return nil
}

// RenderWithout draws all of o once into target as if n were disabled, for a
// screenshot without the cursor; nil leaves out nothing. The frames of o go on
// as if it had not been called: it takes no damage and counts as none.
func (o *Output) RenderWithout(r render.Renderer, n Noder, target render.Target) error {
	s := o.scene
	var skip *Node
	if n != nil {
		skip = n.node()
	}
	switch {
	case s == nil:
		return fmt.Errorf("scene: render a destroyed output")
	case skip != nil && skip.scene != s:
		return fmt.Errorf("scene: leave out a node that is not in the scene")
	case target.Size() != o.mode:
		return fmt.Errorf("scene: render into %v; the output is %v", target.Size(), o.mode)
	}
	o.refresh()
	pass, err := r.Begin(target)
	if err != nil {
		return fmt.Errorf("scene: begin a picture: %w", err)
	}
	p := s.painter(pass, &o.projection)
	o.paint(p, skip)
	if err := p.submit(); err != nil {
		return fmt.Errorf("scene: submit a picture: %w", err)
	}
	return nil
}

// paint draws all of o but skip: as in a frame where skip is not seen, and
// where it is, whatever lies there from the back to the front.
func (o *Output) paint(p *painter, skip *Node) {
	s := o.scene
	hole := &s.tmp.part
	hole.Clear()
	for _, n := range o.list {
		if n.below(skip) {
			hole.Union(&n.views[o.index].visible)
		}
	}
	p.clip.Set(&o.empty)
	p.clip.Union(hole)
	if !p.clip.Empty() {
		p.pass.Clear(s.background, &p.clip)
	}
	for _, n := range o.list {
		v := &n.views[o.index]
		if n.below(skip) {
			continue
		}
		p.clip.Set(hole)
		p.clip.IntersectRect(v.box)
		p.clip.Subtract(&v.notch)
		p.clip.Union(&v.visible)
		if !p.clip.Empty() {
			n.leaf.draw(p, v.up, &v.opaque)
		}
	}
}

// node draws n at a logical position, without culling.
func (p *painter) node(n *Node, at geom.Point, bounds geom.Rect, round corners, opaque *geom.Region) {
	if n.tree != nil {
		round = round.inside(n.tree, at)
		if n.tree.clips {
			bounds = bounds.Intersect(p.to.upright(n.tree.clip.Add(at)))
		}
		for _, c := range n.tree.children {
			if c.enabled {
				p.node(c, at.Add(c.pos), bounds, round, opaque)
			}
		}
		return
	}
	up := p.to.upright(n.leaf.extent().Rect().Add(at))
	box := up.Intersect(bounds)
	if box.Empty() {
		return
	}
	opaque.Clear()
	n.leaf.project(up, opaque)
	p.clip.SetRect(box)
	p.solid.Clear()
	if round.notch(p.to, box, &p.solid); !p.solid.Empty() {
		opaque.Subtract(&p.solid)
		p.clip.Subtract(&p.solid)
	}
	n.leaf.draw(p, up, opaque)
}
