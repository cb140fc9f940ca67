package scene

import (
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
)

// without takes a picture that leaves out a node, between frames.
func (w *world) without(sc *screen) {
	o, skip := sc.out, w.node()
	damaged := o.Damaged()
	before := geom.Region{}
	before.Set(&o.pending)
	target := render.NewPixels(o.mode.W, o.mode.H, render.XRGB8888)
	var n Noder
	if w.rng.IntN(8) > 0 {
		n = skip.self()
	} else {
		skip = nil
	}
	if err := o.RenderWithout(w.r, n, &target); err != nil {
		w.t.Fatal(err)
	}
	w.log("without %p", skip)
	w.same(o, "without a node", &target, w.paint(o, skip))
	if o.Damaged() != damaged || !o.pending.Equal(&before) {
		w.t.Fatal("a picture changed the damage")
	}
}

// hit compares hit tests and the outputs of buffers with a walk of the tree.
func (w *world) hit() {
	p := geom.FPoint{X: w.rng.Float64()*80 - 10, Y: w.rng.Float64()*70 - 10}
	var want *Buffer
	reach := map[*Buffer]geom.Rect{}
	w.eachShown(func(n *Node, box geom.Rect, clips []geom.Rect) {
		b, ok := n.leaf.(*Buffer)
		if !ok {
			return
		}
		area := box // of input, which needs no texture
		if b.texture == nil {
			area = b.dest.Rect().Add(box.Min())
		}
		deaf := false
		for t := n.parent; t != nil; t = t.parent {
			deaf = deaf || t.deaf
		}
		for _, c := range clips {
			box, area = box.Intersect(c), area.Intersect(c)
		}
		if !deaf && p.Floor().In(area) {
			want = b
		}
		reach[b] = box
	})
	if got, _ := w.s.At(p); got != want {
		w.t.Fatalf("At %v: %p; want %p\n%s", p, got, want, strings.Join(w.history, "\n"))
	}
	for _, b := range w.buffers {
		on := map[*Output]bool{}
		w.s.EachOutput(b.Buffer, func(o *Output) { on[o] = true })
		primary := w.s.PrimaryOutput(b.Buffer)
		for _, sc := range w.screens {
			if o := sc.out; on[o] != reach[b.Buffer].Overlaps(o.logical) || primary == o && b.views[o.index].visible.Empty() {
				w.t.Fatalf("buffer %p: on %v; area %v, output %v\n%s", b.Buffer, on[o], reach[b.Buffer], o.logical, strings.Join(w.history, "\n"))
			}
		}
	}
}
