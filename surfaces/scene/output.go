package scene

import (
	"slices"

	"rayos/geom"
)

// ages is how many frames back a target may be to be brought up to date by its
// damage alone.
const ages = 6

// Output shows the part of the layout that its logical rectangle covers.
type Output struct {
	// OnDamage is called when the output goes from clean to damaged, and not
	// again before Render, TakeDamage, or Damaged has said that there was
	// nothing to see after all. It may be called in the middle of a change,
	// so it only schedules a frame.
	OnDamage func()

	projection
	scene    *Scene
	index    int
	mode     geom.Size // of the framebuffer
	logical  geom.Rect
	notified bool

	dirty bool        // the tree changed here since the last refresh
	stale geom.Region // where visible regions are out of date
	list  []*Node     // the leaves that reach the output, bottom up
	empty geom.Region // where no node is opaque

	pending geom.Region       // damage since the last frame
	frame   geom.Region       // what Render returned last
	repaint geom.Region       // what Render draws
	ring    [ages]geom.Region // damage of earlier frames, ring[last] the latest
	last    int
	frames  int // how many entries of ring are valid
}

// NewOutput adds an output that shows the layout from the logical point on, in
// a framebuffer of mode pixels. t is the transform that the framebuffer has
// relative to the layout, as in wl_output.
func (s *Scene) NewOutput(logical geom.Point, mode geom.Size, scale geom.Scale, t geom.Transform) *Output {
	o := &Output{scene: s, index: len(s.outputs)}
	s.outputs = append(s.outputs, o)
	s.root.eachLeaf(func(n *Node) { n.views = append(n.views, view{}) })
	o.Configure(logical, mode, scale, t)
	return o
}

// Configure changes the geometry of o and damages all of it. Earlier targets
// do not count any more.
func (o *Output) Configure(logical geom.Point, mode geom.Size, scale geom.Scale, t geom.Transform) {
	if o.scene == nil {
		return
	}
	if scale <= 0 {
		panic("scene: output scale is not positive")
	}
	o.mode = mode
	o.projection = projection{origin: logical, scale: scale, transform: t, size: t.Invert().ApplySize(mode)}
	w, h := unapply(scale, o.size.W), unapply(scale, o.size.H)
	o.logical = geom.XYWH(logical.X, logical.Y, w, h)
	o.frames = 0
	o.scene.root.eachLeaf(func(n *Node) {
		v := &n.views[o.index]
		v.state = viewAway
		v.visible.Clear()
	})
	o.stale.SetRect(mode.Rect())
	o.empty.Clear()
	o.dirty = true
	o.pending.SetRect(mode.Rect())
	pos, on, clip := o.scene.root.where()
	o.scene.root.touchAt(pos, on, clip, []*Output{o})
	o.notify()
}

// unapply returns a physical length in logical pixels, rounded half up.
func unapply(s geom.Scale, v int32) int32 {
	return int32((int64(v)*240 + int64(s)) / (2 * int64(s)))
}

// Destroy removes o from its scene.
func (o *Output) Destroy() {
	s := o.scene
	if s == nil {
		return
	}
	s.outputs = slices.Delete(s.outputs, o.index, o.index+1)
	for i, p := range s.outputs {
		p.index = i
	}
	s.root.eachLeaf(func(n *Node) { n.views = slices.Delete(n.views, o.index, o.index+1) })
	o.scene, o.list, o.OnDamage = nil, nil, nil
}

// Logical returns the rectangle of the layout that o shows. Its size is that
// of the mode over the scale, rounded.
func (o *Output) Logical() geom.Rect { return o.logical }

// Mode returns the size of the framebuffer in physical pixels.
func (o *Output) Mode() geom.Size { return o.mode }

// Scale returns the scale.
func (o *Output) Scale() geom.Scale { return o.scale }

// Transform returns the transform.
func (o *Output) Transform() geom.Transform { return o.transform }

// AddDamage has the physical rectangle r redrawn.
func (o *Output) AddDamage(r geom.Rect) {
	o.pending.UnionRect(r.Intersect(o.mode.Rect()))
	o.limit(&o.pending)
	o.notify()
}

// DamageAll has all of o redrawn.
func (o *Output) DamageAll() { o.AddDamage(o.mode.Rect()) }

// Damaged reports whether a pixel may have changed since the last frame.
func (o *Output) Damaged() bool {
	o.refresh()
	o.notified = !o.pending.Empty()
	return o.notified
}

// TakeDamage ends a frame that was shown without Render, as by scan-out. It
// returns the physical damage since the last one, borrowed until the next.
func (o *Output) TakeDamage() *geom.Region {
	o.refresh()
	o.notified = false
	o.frame.Set(&o.pending)
	if !o.pending.Empty() {
		o.last = (o.last + 1) % ages
		o.ring[o.last].Set(&o.pending)
		o.frames = min(o.frames+1, ages)
		o.pending.Clear()
	}
	return &o.frame
}

// damage adds r, physical and on the output.
func (o *Output) damage(r *geom.Region) {
	o.pending.Union(r)
	o.limit(&o.pending)
}

func (o *Output) limit(r *geom.Region) {
	if r.Len() > maxDamage {
		r.Simplify(maxDamage / 2)
	}
}

// notify calls OnDamage if o was clean.
func (o *Output) notify() {
	if !o.notified && (o.dirty || !o.pending.Empty()) {
		o.notified = true
		if o.OnDamage != nil {
			o.OnDamage()
		}
	}
}

// touch takes in that a leaf has changed and has the logical area box now,
// empty if it is not shown.
func (o *Output) touch(v *view, box geom.Rect) {
	here := !box.Empty() && o.upright(box).Overlaps(o.size.Rect())
	if v.state == viewCurrent {
		o.damage(&v.visible)
		o.stale.UnionRect(v.box)
		o.limit(&o.stale)
	}
	switch {
	case here:
		v.state = viewStale
	case v.state == viewAway:
		return
	default:
		v.state = viewAway
		v.visible.Clear()
	}
	o.dirty = true
}
