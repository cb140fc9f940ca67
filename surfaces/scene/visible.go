package scene

import "rayos/geom"

// refresh brings list and the visible regions up to date. Only what lies
// within stale is computed.
func (o *Output) refresh() {
	if o.scene != nil {
		o.scene.syncMirrors()
	}
	if !o.dirty || o.scene == nil {
		return
	}
	o.dirty = false
	clear(o.list)
	o.list = o.list[:0]
	o.flatten(o.scene.root, o.scene.root.pos, everywhere, corners{})
	o.stale.IntersectRect(o.mode.Rect())
	o.limit(&o.stale)
	o.cull()
	o.stale.Clear()
}

// flatten appends the leaves of t that are on o. Those that changed get their
// new area, which becomes stale.
func (o *Output) flatten(t *Tree, pos geom.Point, clip geom.Rect, round corners) {
	clip, round = t.within(clip, pos), round.inside(t, pos)
	for _, n := range t.children {
		if !n.enabled {
			continue
		}
		at := pos.Add(n.pos)
		if n.tree != nil {
			o.flatten(n.tree, at, clip, round)
			continue
		}
		v := &n.views[o.index]
		if v.state == viewAway {
			continue
		}
		if v.state == viewStale {
			o.project(n, v, at, clip, round)
			o.stale.UnionRect(v.box)
			o.limit(&o.stale)
		}
		o.list = append(o.list, n)
	}
}

// project computes the areas of a leaf at a logical position of which clip is
// what may be seen.
func (o *Output) project(n *Node, v *view, at geom.Point, clip geom.Rect, round corners) {
	v.up = o.upright(n.leaf.extent().Rect().Add(at))
	seen := v.up.Intersect(o.upright(clip)).Intersect(o.size.Rect())
	v.box = o.place(seen)
	v.opaque.Clear()
	n.leaf.project(v.up, &v.opaque)
	v.opaque.IntersectRect(seen)
	v.notch.Clear()
	if round.notch(&o.projection, seen, &v.notch); !v.notch.Empty() {
		v.opaque.Subtract(&v.notch)
		v.notch.Transform(o.transform, o.size)
	}
	v.opaque.Transform(o.transform, o.size)
}

// cull computes the visible regions within stale, from the front to the back,
// and adds those of changed leaves to the damage.
func (o *Output) cull() {
	if o.stale.Empty() {
		return
	}
	t := &o.scene.tmp
	reach := o.stale.Extents()
	hidden := false // opaque nodes cover all of stale
	t.covered.Clear()
	for i := len(o.list) - 1; i >= 0; i-- {
		v := &o.list[i].views[o.index]
		if !v.box.Overlaps(reach) {
			continue
		}
		v.visible.Subtract(&o.stale)
		if !hidden {
			t.part.Set(&o.stale)
			t.part.IntersectRect(v.box)
			t.part.Subtract(&v.notch)
			t.part.Subtract(&t.covered)
			v.visible.Union(&t.part)
			if v.opaque.Extents().Overlaps(reach) {
				t.part.Intersect(&v.opaque)
				t.covered.Union(&t.part)
				hidden = t.covered.Equal(&o.stale)
			}
		}
		if v.state == viewStale {
			v.state = viewCurrent
			o.damage(&v.visible)
		}
	}
	o.empty.Subtract(&o.stale)
	if !hidden {
		o.stale.Subtract(&t.covered)
		o.empty.Union(&o.stale)
	}
}

// EachVisible calls fn for the buffers that have a visible pixel on o, bottom
// up. fn does not change the scene.
func (o *Output) EachVisible(fn func(*Buffer)) {
	o.refresh()
	for _, n := range o.list {
		if b, ok := n.leaf.(*Buffer); ok && !n.views[o.index].visible.Empty() {
			fn(b)
		}
	}
}

// Scanout returns the buffer that may be shown on o as it is: opaque, pixel
// for pixel the whole framebuffer, with nothing visible above it and with
// Pixels set. Otherwise nil.
func (o *Output) Scanout() *Buffer {
	o.refresh()
	for i := len(o.list) - 1; i >= 0; i-- {
		n := o.list[i]
		v := &n.views[o.index]
		if v.visible.Empty() {
			continue
		}
		b, ok := n.leaf.(*Buffer)
		all := o.mode.Rect()
		if !ok || b.pixels == nil || b.cropped() || b.transform != o.transform ||
			b.texSize != o.mode || b.pixels.Size() != o.mode ||
			v.up != o.size.Rect() || !v.opaque.ContainsRect(all) || !v.visible.ContainsRect(all) {
			return nil
		}
		return b
	}
	return nil
}
