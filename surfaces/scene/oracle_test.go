package scene

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// world drives a scene with random changes and compares every frame that was
// drawn from damage with a painting of the whole tree, back to front, without
// regard to what hides what.
type world struct {
	t       *testing.T
	rng     *rand.Rand
	r       *raster.Renderer
	s       *Scene
	trees   []*Tree
	rects   []*Rect
	buffers []*painted
	screens []*screen
	history []string
}

// painted is a buffer node and the pixels it shows.
type painted struct {
	*Buffer
	px    render.Pixels
	tex   render.Texture
	solid geom.Rect // the opaque part, in pixels upright
}

// screen is an output with the targets of its swapchain.
type screen struct {
	out     *Output
	targets [3]render.Pixels
	drawn   [3]int // frame that each target holds; 0 is none
	frame   int
}

var (
	scales = []geom.Scale{120, 150, 180, 240}
	turns  = []geom.Transform{0, 1, 2, 3, 4, 5, 6, 7}
)

func pick[T any](w *world, list []T) T { return list[w.rng.IntN(len(list))] }

func (w *world) between(lo, hi int32) int32 { return lo + w.rng.Int32N(hi-lo+1) }

func (w *world) log(format string, args ...any) {
	w.history = append(w.history, fmt.Sprintf(format, args...))
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 7)), s: New()}
	w.r = raster.New(raster.Options{Workers: 1})
	t.Cleanup(w.r.Close)
	w.s.SetBackground(0xff102030)
	w.trees = []*Tree{w.s.Root()}
	for range 1 + w.rng.IntN(2) {
		sc := &screen{out: w.s.NewOutput(geom.Point{}, geom.Size{W: 1, H: 1}, 120, 0)}
		w.screens = append(w.screens, sc)
		w.configure(sc)
	}
	return w
}

func (w *world) configure(sc *screen) {
	mode := geom.Size{W: w.between(40, 70), H: w.between(30, 60)}
	at := geom.Point{X: w.between(-5, 30), Y: w.between(-5, 10)}
	scale, turn := pick(w, scales), pick(w, turns)
	sc.out.Configure(at, mode, scale, turn)
	for i := range sc.targets {
		sc.targets[i] = render.NewPixels(mode.W, mode.H, render.XRGB8888)
		sc.drawn[i] = 0
	}
	w.log("configure %d: %v at %v scale %d %v", sc.out.index, mode, at, scale, turn)
}

func (w *world) color() render.Color {
	a := pick(w, []uint8{255, 255, 128, 0, 40})
	return render.RGBA(uint8(w.rng.Uint32()), uint8(w.rng.Uint32()), uint8(w.rng.Uint32()), a)
}

func (w *world) node() *Node {
	n := w.rng.IntN(len(w.trees) + len(w.rects) + len(w.buffers))
	if n < len(w.trees) {
		return &w.trees[n].Node
	}
	if n -= len(w.trees); n < len(w.rects) {
		return &w.rects[n].Node
	}
	return &w.buffers[n-len(w.rects)].Node
}

// fill writes random pixels into r, opaque ones inside the opaque part.
func (w *world) fill(p *painted, r geom.Rect) {
	opaque := p.solid
	if p.px.Format == render.ARGB8888 {
		opaque = p.transform.ApplyRect(p.solid, p.transform.Invert().ApplySize(p.px.Size()))
	}
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			c := uint32(w.color())
			if (geom.Point{X: x, Y: y}).In(opaque) {
				c |= 0xff000000
			}
			i := y*p.px.Stride + x*4
			p.px.Data[i], p.px.Data[i+1], p.px.Data[i+2], p.px.Data[i+3] =
				byte(c), byte(c>>8), byte(c>>16), byte(c>>24)
		}
	}
}

// attach gives p new pixels, size and geometry.
func (w *world) attach(p *painted) {
	size := geom.Size{W: w.between(1, 30), H: w.between(1, 30)}
	format := pick(w, []render.Format{render.ARGB8888, render.XRGB8888})
	p.px = render.NewPixels(size.W, size.H, format)
	turn := pick(w, turns)
	up := turn.Invert().ApplySize(size)
	p.SetTransform(turn)
	p.SetSource(geom.FRect{})
	p.solid = geom.Rect{}
	dest := geom.Size{}
	switch w.rng.IntN(4) {
	case 0: // as a client that knows the scale of an output
		f := pick(w, w.screens).out.Scale().Float()
		dest = geom.Size{W: max(int32(float64(up.W)/f+0.5), 1), H: max(int32(float64(up.H)/f+0.5), 1)}
	case 1: // as a client that scales
		dest = geom.Size{W: w.between(1, 40), H: w.between(1, 40)}
	}
	p.SetDestSize(dest)
	if dest.Empty() {
		dest = up
	}
	var opaque geom.Region
	if w.rng.IntN(3) > 0 {
		// An opaque region in logical pixels, and the pixels wholly inside.
		o := geom.Rect{X0: w.between(0, dest.W), Y0: w.between(0, dest.H)}
		o.X1, o.Y1 = w.between(o.X0, dest.W), w.between(o.Y0, dest.H)
		if w.rng.IntN(3) == 0 {
			o = dest.Rect()
		}
		if !o.Empty() {
			opaque.SetRect(o)
			p.solid = geom.Rect{
				X0: (o.X0*up.W + dest.W - 1) / dest.W, Y0: (o.Y0*up.H + dest.H - 1) / dest.H,
				X1: o.X1 * up.W / dest.W, Y1: o.Y1 * up.H / dest.H,
			}
		}
	}
	if w.rng.IntN(4) == 0 {
		x, y := w.rng.Float64()*float64(size.W-1), w.rng.Float64()*float64(size.H-1)
		if w.rng.IntN(2) == 0 {
			x, y = float64(int(x)), float64(int(y))
		}
		p.SetSource(geom.FRect{X0: x, Y0: y, X1: x + 1 + w.rng.Float64()*(float64(size.W)-x-1), Y1: float64(size.H)})
		p.solid = geom.Rect{}
		opaque.Clear()
	}
	p.SetOpaque(&opaque)
	p.SetFilter(pick(w, []render.Filter{render.Nearest, render.Bilinear}))
	w.fill(p, size.Rect())
	tex, err := w.r.Import(p.px, true)
	if err != nil {
		w.t.Fatal(err)
	}
	old := p.tex
	p.tex = tex
	p.SetTexture(tex, nil)
	if old != nil {
		old.Release()
	}
	w.log("attach %p: %v %v %v src %v dest %v opaque %v filter %d",
		p.Buffer, size, format, turn, p.src, p.dest, opaque.Rects(), p.filter)
}

// content changes some pixels and says so.
func (w *world) content(p *painted) {
	var damage geom.Region
	for range 1 + w.rng.IntN(2) {
		x, y := w.between(0, p.px.W-1), w.between(0, p.px.H-1)
		if w.rng.IntN(4) == 0 {
			x, y = p.px.W-1, p.px.H-1
		}
		r := geom.XYWH(x, y, 1+w.rng.Int32N(6), 1+w.rng.Int32N(6)).Intersect(p.px.Size().Rect())
		w.fill(p, r)
		damage.UnionRect(r)
	}
	if err := w.r.Update(p.tex, p.px, &damage); err != nil {
		w.t.Fatal(err)
	}
	p.SetTexture(p.tex, &damage)
	w.log("content %p: %v", p.Buffer, damage.Rects())
}

func (w *world) step() {
	switch k := w.rng.IntN(100); {
	case k < 6 && len(w.trees) < 6:
		w.trees = append(w.trees, pick(w, w.trees).NewTree())
		w.log("tree")
	case k < 14 && len(w.rects) < 8:
		w.rects = append(w.rects, pick(w, w.trees).NewRect(geom.Size{W: w.between(1, 30), H: w.between(1, 30)}, w.color()))
		w.log("rect")
	case k < 24 && len(w.buffers) < 8:
		p := &painted{Buffer: pick(w, w.trees).NewBuffer()}
		w.buffers = append(w.buffers, p)
		w.attach(p)
	case k < 44:
		n := w.node()
		if n.tree != nil {
			n.SetPosition(w.between(-8, 8), w.between(-8, 8))
		} else {
			n.SetPosition(w.between(-10, 40), w.between(-10, 30))
		}
		w.log("move %p to %v", n, n.pos)
	case k < 49:
		n := w.node()
		n.SetEnabled(!n.Enabled() || w.rng.IntN(4) == 0)
		w.log("enable %p: %v", n, n.enabled)
	case k < 53:
		w.order(w.node())
	case k < 58:
		t := pick(w, w.trees)
		x, y := w.between(-8, 20), w.between(-8, 20)
		t.SetClip(geom.XYWH(x, y, w.between(0, 40), w.between(0, 40)), w.rng.IntN(3) > 0)
		w.log("clip %p: %v %v", t, t.clip, t.clips)
	case k < 59:
		pick(w, w.trees).SetInput(w.rng.IntN(2) > 0)
	case k < 61:
		w.reparent(w.node())
	case k < 63:
		w.destroy(w.node())
	case k < 68 && len(w.rects) > 0:
		r := pick(w, w.rects)
		r.SetColor(w.color())
		w.log("color %p: %08x", r, r.color)
	case k < 71 && len(w.rects) > 0:
		r := pick(w, w.rects)
		r.SetSize(geom.Size{W: w.between(0, 40), H: w.between(0, 40)})
		w.log("size %p: %v", r, r.size)
	case k < 73:
		w.configure(pick(w, w.screens))
	case len(w.buffers) == 0:
	case k < 78:
		w.attach(pick(w, w.buffers))
	case k < 82:
		p := pick(w, w.buffers)
		p.SetAlpha(pick(w, []uint8{255, 255, 255, 200, 100, 0}))
		w.log("alpha %p: %d", p.Buffer, p.alpha)
	case k < 84:
		p := pick(w, w.buffers)
		p.SetTexture(nil, nil)
		w.log("unmap %p", p.Buffer)
	default:
		w.content(pick(w, w.buffers))
	}
}

func (w *world) order(n *Node) {
	if n.parent == nil {
		return
	}
	sibling := pick(w, n.parent.children).self()
	switch w.rng.IntN(6) {
	case 0:
		n.Raise()
	case 1:
		n.Lower()
	case 2:
		n.PlaceAbove(sibling)
	case 3:
		n.PlaceBelow(sibling)
	case 4: // some of them, anyhow
		list := slices.Clone(n.parent.children)
		w.rng.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		list = list[:w.rng.IntN(len(list)+1)]
		w.restack(n.parent, list)
	case 5: // one of them, up or down
		list := slices.Clone(n.parent.children)
		list = slices.Delete(list, n.index, n.index+1)
		w.restack(n.parent, slices.Insert(list, w.rng.IntN(len(list)+1), n))
	}
	for i, c := range n.parent.children {
		if c.index != i {
			w.t.Fatalf("child %d has the index %d", i, c.index)
		}
	}
	w.log("order %p", n)
}

func (w *world) restack(t *Tree, list []*Node) {
	want := slices.Clone(list)
	for _, c := range t.children {
		if !slices.Contains(list, c) {
			want = append(want, c)
		}
	}
	t.Restack(list)
	if !slices.Equal(t.children, want) {
		w.t.Fatalf("restacked to %v; want %v", t.children, want)
	}
}

// self returns n as a Noder.
func (n *Node) self() Noder {
	if n.tree != nil {
		return n.tree
	}
	return n.leaf.(Noder)
}

func (w *world) reparent(n *Node) {
	t := pick(w, w.trees)
	for up := t; up != nil; up = up.parent {
		if &up.Node == n {
			return
		}
	}
	n.Reparent(t)
	w.log("reparent %p", n)
}

func (w *world) destroy(n *Node) {
	n.Destroy()
	w.log("destroy %p", n)
	trees, rects, buffers := w.trees[:1], w.rects[:0], w.buffers[:0]
	for _, t := range w.trees[1:] {
		if t.scene != nil {
			trees = append(trees, t)
		}
	}
	for _, r := range w.rects {
		if r.scene != nil {
			rects = append(rects, r)
		}
	}
	for _, b := range w.buffers {
		if b.scene != nil {
			buffers = append(buffers, b)
		}
	}
	w.trees, w.rects, w.buffers = trees, rects, buffers
}

// eachShown calls fn for the enabled leaves, bottom up, with their place in the
// layout and the clips above them there.
func (w *world) eachShown(fn func(n *Node, box geom.Rect, clips []geom.Rect)) {
	var walk func(n *Node, at geom.Point, clips []geom.Rect)
	walk = func(n *Node, at geom.Point, clips []geom.Rect) {
		if !n.enabled {
			return
		}
		at = at.Add(n.pos)
		if n.tree == nil {
			fn(n, n.leaf.extent().Rect().Add(at), clips)
			return
		}
		if r, on := n.tree.Clip(); on {
			clips = append(clips[:len(clips):len(clips)], r.Add(at))
		}
		for _, c := range n.tree.children {
			walk(c, at, clips)
		}
	}
	walk(&w.s.root.Node, geom.Point{}, nil)
}

// paint draws the whole tree but skip back to front as o would show it.
func (w *world) paint(o *Output, skip *Node) render.Pixels {
	target := render.NewPixels(o.mode.W, o.mode.H, render.XRGB8888)
	pass, err := w.r.Begin(&target)
	if err != nil {
		w.t.Fatal(err)
	}
	all, none := geom.RegionOf(o.mode.Rect()), geom.Region{}
	pass.Clear(w.s.background, &all)
	w.eachShown(func(n *Node, box geom.Rect, clips []geom.Rect) {
		for up := n; skip != nil; up = &up.parent.Node {
			if up == skip {
				return
			}
			if up.parent == nil {
				break
			}
		}
		up := o.upright(box)
		p := painter{pass: pass, to: &o.projection}
		p.clip.SetRect(o.place(up).Intersect(o.mode.Rect()))
		for _, c := range clips {
			p.clip.IntersectRect(o.place(o.upright(c)))
		}
		if !p.clip.Empty() {
			n.leaf.draw(&p, up, &none)
		}
	})
	if err := pass.Submit(); err != nil {
		w.t.Fatal(err)
	}
	return target
}

// show renders a frame into one of the targets and checks it.
func (w *world) show(sc *screen) {
	i := w.rng.IntN(len(sc.targets))
	age := 0
	if sc.drawn[i] > 0 {
		age = sc.frame + 1 - sc.drawn[i]
	}
	sc.frame++
	damage, err := sc.out.Render(w.r, &sc.targets[i], age)
	if err != nil {
		w.t.Fatal(err)
	}
	sc.drawn[i] = sc.frame
	w.log("show %d age %d damage %v", sc.out.index, age, damage.Rects())
	w.same(sc.out, "drawn", &sc.targets[i], w.paint(sc.out, nil))
	if sc.out.Damaged() {
		w.t.Fatal("damaged right after a frame")
	}
}

// same compares a picture of o with what it should be.
func (w *world) same(o *Output, what string, got *render.Pixels, want render.Pixels) {
	for y := range want.H {
		for x := range want.W {
			k := y*want.Stride + x*4
			a, b := got.Data[k:k+3], want.Data[k:k+3]
			if string(a) != string(b) {
				w.t.Fatalf("output %d at %d,%d: %s %x; want %x\n%s",
					o.index, x, y, what, a, b, strings.Join(w.history, "\n"))
			}
		}
	}
}

func TestFramesFromDamageEqualFullPaintings(t *testing.T) {
	for seed := range uint64(400) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, seed)
			for range 120 {
				for range w.rng.IntN(4) {
					w.step()
				}
				if w.rng.IntN(4) == 0 {
					w.without(pick(w, w.screens))
				}
				if w.rng.IntN(4) == 0 {
					w.hit()
				}
				w.show(pick(w, w.screens))
			}
		})
	}
}
