package scene

import (
	"math"

	"rayos/geom"
	"rayos/gpu/render"
)

// maxOpaque is how many rectangles of an opaque region are taken seriously.
// Culling is a shortcut: of a longer list only the largest one is used.
const maxOpaque = 64

// maxSide bounds the logical size, so that what reaches the renderer stays
// within numbers that it can sample by, whatever a client asks for.
const maxSide = 1 << 20

// maxDamage is how many rectangles of damage are kept apart.
const maxDamage = 64

// Buffer is a node that shows a texture.
type Buffer struct {
	Node
	texture   render.Texture
	texSize   geom.Size // of texture, which may be released by now
	texOpaque bool
	src       geom.FRect // zero: all
	dest      geom.Size  // zero: the size of what src selects
	size      geom.Size  // logical, of what is shown; empty if nothing is
	transform geom.Transform
	alpha     uint8
	filter    render.Filter
	opaque    geom.Region
	input     geom.Region
	someInput bool // input limits where the node takes input
	pixels    *render.Pixels
	clones    []*Buffer // in mirrors
	of        *Buffer   // that this is a clone of, or nil
}

// SetTexture shows t, which the caller owns and keeps alive until it is
// replaced. nil shows nothing. Only damage, in buffer pixels, is redrawn; nil
// is all. A texture of another size or opacity is redrawn as a whole.
func (b *Buffer) SetTexture(t render.Texture, damage *geom.Region) {
	had, size, opaque := b.texture != nil, b.texSize, b.texOpaque
	b.texture, b.texSize, b.texOpaque = t, geom.Size{}, false
	if t != nil {
		b.texSize, b.texOpaque = t.Size(), t.Opaque()
	}
	switch {
	case had != (t != nil) || size != b.texSize || opaque != b.texOpaque:
		b.reshape()
	case damage == nil:
		b.damageVisible()
	default:
		b.damageContent(damage)
	}
	for _, c := range b.clones {
		c.SetTexture(t, damage)
	}
}

// Texture returns what SetTexture was given.
func (b *Buffer) Texture() render.Texture { return b.texture }

// SetSource selects what is shown, in buffer pixels before the transform. The
// zero FRect is the whole texture.
func (b *Buffer) SetSource(src geom.FRect) {
	if src != b.src {
		b.src = src
		b.reshape()
	}
}

// SetDestSize sets the logical size. Zero is the size of the source in pixels,
// after the transform is undone.
func (b *Buffer) SetDestSize(size geom.Size) {
	if size != b.dest {
		b.dest = size
		b.reshape()
	}
}

// SetTransform sets the transform that the content of the texture has, which
// showing it undoes.
func (b *Buffer) SetTransform(t geom.Transform) {
	if t != b.transform {
		b.transform = t
		b.reshape()
	}
}

// SetOpaque says which part of the node, in logical pixels from its corner, is
// known to be opaque. The region is copied; nil is none.
func (b *Buffer) SetOpaque(r *geom.Region) {
	switch {
	case r == nil:
		if b.opaque.Empty() {
			return
		}
		b.opaque.Clear()
	case r.Len() > maxOpaque:
		b.opaque.SetRect(largest(r))
	case b.opaque.Equal(r):
		return
	default:
		b.opaque.Set(r)
	}
	b.touch()
}

func largest(r *geom.Region) (best geom.Rect) {
	var most int64
	for _, s := range r.Rects() {
		if area := int64(s.W()) * int64(s.H()); area > most {
			best, most = s, area
		}
	}
	return best
}

// SetInput says which part of the node, in logical pixels from its corner,
// takes input. The region is copied; nil is all.
func (b *Buffer) SetInput(r *geom.Region) {
	if b.someInput = r != nil; b.someInput {
		b.input.Set(r)
	}
}

// SetInputNone makes input pass through the node.
func (b *Buffer) SetInputNone() {
	b.someInput = true
	b.input.Clear()
}

// SetAlpha multiplies the content; 255 leaves it as it is.
func (b *Buffer) SetAlpha(a uint8) {
	if a == b.alpha {
		return
	}
	same := a != 255 && b.alpha != 255
	b.alpha = a
	if same {
		b.damageVisible()
	} else {
		b.touch()
	}
	for _, c := range b.clones {
		c.SetAlpha(a)
	}
}

// Alpha returns what SetAlpha was given, 255 at first.
func (b *Buffer) Alpha() uint8 { return b.alpha }

// SetFilter sets how the texture is sampled where its size changes.
func (b *Buffer) SetFilter(f render.Filter) {
	if f != b.filter {
		b.filter = f
		b.touch()
	}
}

// SetPixels sets what a display may scan out instead of drawing the node, which
// the caller keeps alive. nil makes it not eligible.
func (b *Buffer) SetPixels(p *render.Pixels) { b.pixels = p }

// Pixels returns what SetPixels was given.
func (b *Buffer) Pixels() *render.Pixels { return b.pixels }

// source returns the part of the texture that is shown.
func (b *Buffer) source() geom.FRect {
	whole := b.texSize.Rect().F()
	if b.src == (geom.FRect{}) {
		return whole
	}
	return geom.FRect{
		X0: max(b.src.X0, 0), Y0: max(b.src.Y0, 0),
		X1: min(b.src.X1, whole.X1), Y1: min(b.src.Y1, whole.Y1),
	}
}

// cropped reports whether not all of the texture is shown.
func (b *Buffer) cropped() bool { return b.source() != b.texSize.Rect().F() }

// upright returns the size of the source after the transform is undone.
func (b *Buffer) upright() (w, h float64) {
	src := b.source()
	if b.transform.Swaps() {
		return src.H(), src.W()
	}
	return src.W(), src.H()
}

func (b *Buffer) extent() geom.Size { return b.size }

// reshape follows a change of what the logical size depends on.
func (b *Buffer) reshape() {
	w, h := b.upright()
	switch {
	case b.texture == nil || !(w > 0 && h > 0):
		b.size = geom.Size{}
	case b.dest != geom.Size{}:
		b.size = geom.Size{W: min(b.dest.W, maxSide), H: min(b.dest.H, maxSide)}
	default:
		b.size = geom.Size{W: int32(math.Ceil(min(w, maxSide))), H: int32(math.Ceil(min(h, maxSide)))}
	}
	b.touch()
}

// accepts reports whether the node takes input at a point of its own. A node
// with a size and no texture is an area that only takes input.
func (b *Buffer) accepts(p geom.FPoint) bool {
	at, size := p.Floor(), b.size
	if b.texture == nil {
		size = b.dest
	}
	return at.In(size.Rect()) && (!b.someInput || b.input.Contains(at))
}

// exact reports whether the whole texture is drawn pixel by pixel on the area
// up: rounding leaves them at most one pixel apart.
func (b *Buffer) exact(up geom.Rect) bool {
	w, h := b.upright()
	return !b.cropped() &&
		math.Abs(w-float64(up.W())) <= 1 && math.Abs(h-float64(up.H())) <= 1
}

// aligned reports whether a cropped source falls on the pixels of up, so that
// there is nothing to filter.
func (b *Buffer) aligned(up geom.Rect) bool {
	src := b.source()
	w, h := b.upright()
	return w == float64(up.W()) && h == float64(up.H()) &&
		src.X0 == math.Floor(src.X0) && src.Y0 == math.Floor(src.Y0)
}

// damageContent damages where the buffer pixels of damage are shown.
func (b *Buffer) damageContent(damage *geom.Region) {
	if b.scene == nil {
		return
	}
	t := &b.scene.tmp
	if damage.Len() > maxDamage {
		t.few.Set(damage)
		t.few.Simplify(maxDamage)
		damage = &t.few
	}
	for i, o := range b.scene.outputs {
		v := &b.views[i]
		if v.state != viewCurrent || v.visible.Empty() {
			continue
		}
		t.mapped.Clear()
		for _, r := range damage.Rects() {
			box := o.place(b.shown(r, v.up)).Intersect(v.box)
			t.mapped.UnionRect(box)
		}
		t.mapped.Intersect(&v.visible)
		o.damage(&t.mapped)
		o.notify()
	}
}

// shown returns the upright pixels of the area up that the buffer pixels r have
// an effect on.
func (b *Buffer) shown(r, up geom.Rect) geom.Rect {
	src := b.source()
	w, h := b.upright()
	exact, aligned := b.exact(up), b.aligned(up)
	var reach float64 // how far sampling looks, in buffer pixels
	if !exact && !aligned && b.filter != render.Nearest {
		reach = 1
	}
	f := geom.FRect{
		X0: max(float64(r.X0)-reach-src.X0, 0), Y0: max(float64(r.Y0)-reach-src.Y0, 0),
		X1: min(float64(r.X1)+reach-src.X0, src.W()), Y1: min(float64(r.Y1)+reach-src.Y0, src.H()),
	}
	if !(f.X0 < f.X1 && f.Y0 < f.Y1) {
		return geom.Rect{}
	}
	f = b.transform.Invert().ApplyFRect(f, src.W(), src.H())
	kx, ky, round := 1.0, 1.0, 0.0
	switch {
	case exact:
		// The last column and row are repeated if up is one larger.
		if f.X1 == w {
			f.X1++
		}
		if f.Y1 == h {
			f.Y1++
		}
	case !aligned:
		kx, ky, round = float64(up.W())/w, float64(up.H())/h, 1
	}
	ox, oy := float64(up.X0), float64(up.Y0)
	return outwards(geom.FRect{
		X0: ox + f.X0*kx - round, Y0: oy + f.Y0*ky - round,
		X1: ox + f.X1*kx + round, Y1: oy + f.Y1*ky + round,
	}).Intersect(up)
}

func (b *Buffer) project(up geom.Rect, opaque *geom.Region) {
	if b.alpha != 255 {
		return
	}
	if b.texOpaque {
		opaque.SetRect(up)
		return
	}
	if b.opaque.Empty() {
		return
	}
	dest := b.extent()
	w, h := up.W(), up.H()
	var mx, my int64 // how far the translucent part may bleed inwards
	if b.exact(up) {
		uw, uh := b.upright()
		w, h = int32(uw), int32(uh)
	} else if !b.aligned(up) {
		uw, uh := b.upright()
		mx, my = bleed(w, uw), bleed(h, uh)
	}
	for _, r := range b.opaque.Rects() {
		var in geom.Rect
		in.X0, in.X1 = inwards(r.X0, r.X1, dest.W, w, mx, up.X0, up.X1)
		in.Y0, in.Y1 = inwards(r.Y0, r.Y1, dest.H, h, my, up.Y0, up.Y1)
		opaque.UnionRect(in.Intersect(up))
	}
}

// bleed returns how many pixels on the target one pixel of the source may
// colour on each side.
func bleed(target int32, source float64) int64 {
	return int64(math.Ceil(float64(target)/source)) + 1
}

// inwards maps the span [a,b) of a node that is n logical pixels long and
// drawn over px pixels from lo on, rounded inwards and with a margin. The
// edges of the node itself are those of its area [lo,hi), whatever they were
// rounded to.
func inwards(a, b, n, px int32, margin int64, lo, hi int32) (int32, int32) {
	from, to := int64(lo), int64(hi)
	if a > 0 {
		from += (int64(a)*int64(px)+int64(n)-1)/int64(n) + margin
	}
	if b < n {
		to = int64(lo) + int64(b)*int64(px)/int64(n) - margin
	}
	const far = math.MaxInt32
	return int32(min(max(from, -far), far)), int32(min(max(to, -far), far))
}

func (b *Buffer) draw(p *painter, up geom.Rect, opaque *geom.Region) {
	if b.alpha == 0 {
		return
	}
	op := &p.op
	*op = render.TextureOp{
		Texture:   b.texture,
		Transform: p.to.transform.Invert().Then(b.transform),
		Alpha:     b.alpha,
	}
	exact := b.exact(up)
	if b.cropped() {
		op.Src = b.source()
	}
	if !exact && !b.aligned(up) {
		op.Filter = b.filter
	}
	// SRC where the node is opaque, OVER for the rest.
	switch {
	case opaque.Empty():
	case opaque.ContainsRect(p.clip.Extents()):
		op.Opaque = true
	default:
		p.solid.Set(&p.clip)
		p.solid.Intersect(opaque)
		if p.solid.Empty() {
			break
		}
		p.clip.Subtract(opaque)
		op.Opaque = true
		b.emit(p, up, exact, &p.solid)
		op.Opaque = false
	}
	if !p.clip.Empty() {
		b.emit(p, up, exact, &p.clip)
	}
}

// emit draws p.op over up. If that is one pixel larger than the texture, the
// last column and row are drawn again, so that there is no gap to what touches
// the node.
func (b *Buffer) emit(p *painter, up geom.Rect, exact bool, clip *geom.Region) {
	if !exact {
		p.op.Dst = p.to.place(up)
		p.pass.Texture(&p.op, clip)
		return
	}
	fw, fh := b.upright()
	w, h := int32(fw), int32(fh)
	src := p.op.Src
	for y := int32(0); y < up.H(); y += h {
		for x := int32(0); x < up.W(); x += w {
			part := geom.Rect{X1: w, Y1: h}
			if x > 0 {
				part.X0 = w - 1
			}
			if y > 0 {
				part.Y0 = h - 1
			}
			at := geom.Point{X: up.X0 + x, Y: up.Y0 + y}
			p.op.Dst = p.to.place(part.Size().Rect().Add(at))
			if !clip.Overlaps(p.op.Dst) {
				continue
			}
			p.op.Src = src
			if x > 0 || y > 0 {
				p.op.Src = b.transform.ApplyRect(part, geom.Size{W: w, H: h}).F()
			}
			p.pass.Texture(&p.op, clip)
		}
	}
	p.op.Src = src
}
