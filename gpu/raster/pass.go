package raster

import (
	"errors"
	"fmt"

	"rayos/geom"
	"rayos/gpu/render"
)

// op is one recorded draw. Its rectangles are clipped to the target.
type op struct {
	kind        opKind
	color       uint32
	alpha       uint8
	from, to    int32 // rects of the pass
	tex         *texture
	transform   geom.Transform
	dst         geom.Rect
	x, y        axis // in buffer orientation
	opaqueAlpha uint32
}

type opKind uint8

const (
	opFill     opKind = iota // replace by color
	opFillOver               // composite color
	opCopy                   // replace by an opaque texture
	opStream                 // the same, past the cache
	opOver                   // composite a texture
	opFade                   // composite a texture times alpha
)

// texture reports whether the op draws one.
func (k opKind) texture() bool { return k >= opCopy }

// streamPixels is the area from which a copy goes past the cache: it and its
// source fill the last-level cache of common CPUs, so that writing through the
// cache costs a read as well.
const streamPixels = 6 << 20

// pass records ops until Submit.
type pass struct {
	r      *Renderer
	open   bool
	target render.Pixels
	ops    []op
	rects  []geom.Rect
	// y0 and y1 bound the rows that change; cost estimates the work in units
	// of one copied pixel.
	y0, y1 int32
	cost   int64
}

// Begin implements render.Renderer. t is a *render.Pixels in ARGB8888 or
// XRGB8888. Nobody else touches it until Submit. A pass that is still open is
// an error and dropped, so that one lost pass does not block the renderer.
func (r *Renderer) Begin(t render.Target) (render.Pass, error) {
	px, ok := t.(*render.Pixels)
	if !ok {
		return nil, fmt.Errorf("raster: cannot draw into a %T", t)
	}
	if err := CheckTarget(px); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	p := &r.pass
	if p.open {
		p.reset()
		return nil, errors.New("raster: the last pass was not submitted; dropped it")
	}
	p.open = true
	p.target = *px
	return p, nil
}

// CheckTarget says what is wrong with memory that is to be drawn into.
func CheckTarget(p *render.Pixels) error {
	if err := check(p); err != nil {
		return err
	}
	if !native(p.Format) {
		return fmt.Errorf("%w: cannot draw into %v", ErrPixels, p.Format)
	}
	return nil
}

// Rect implements render.Pass.
func (p *pass) Rect(box geom.Rect, c render.Color, clip *geom.Region) {
	o := op{kind: opFillOver, color: uint32(c)}
	switch {
	case c.Opaque():
		o.kind = opFill
	case c == 0:
		return
	}
	p.add(&o, box, clip)
}

// Clear implements render.Pass.
func (p *pass) Clear(c render.Color, clip *geom.Region) {
	p.add(&op{kind: opFill, color: uint32(c)}, p.target.Size().Rect(), clip)
}

// Texture implements render.Pass. A texture of another renderer, one released
// before Submit and an op without area draw nothing.
func (p *pass) Texture(t *render.TextureOp, clip *geom.Region) {
	tex, ok := t.Texture.(*texture)
	if !ok || tex.px.Data == nil || t.Alpha == 0 || t.Dst.Empty() || !t.Transform.Valid() {
		return
	}
	o := op{kind: opOver, tex: tex, dst: t.Dst, transform: t.Transform, alpha: t.Alpha}
	if t.Opaque || tex.Opaque() {
		o.kind = opCopy
		o.opaqueAlpha = alphaMask
	}
	if t.Alpha != 255 {
		o.kind = opFade
	}
	src := t.Src
	if src == (geom.FRect{}) {
		src = tex.Size().Rect().F()
	}
	// Extents beyond int32 cannot be sampled; nothing real has them.
	w, h := int64(t.Dst.X1)-int64(t.Dst.X0), int64(t.Dst.Y1)-int64(t.Dst.Y0)
	if w > 1<<30 || h > 1<<30 {
		return
	}
	if t.Transform.Swaps() {
		w, h = h, w
	}
	var okX, okY bool
	o.x, okX = makeAxis(src.X0, src.X1, tex.px.W, int32(w), t.Filter)
	o.y, okY = makeAxis(src.Y0, src.Y1, tex.px.H, int32(h), t.Filter)
	if okX && okY {
		p.add(&o, t.Dst, clip)
	}
}

// add records o for the pixels of box inside clip.
func (p *pass) add(o *op, box geom.Rect, clip *geom.Region) {
	box = box.Intersect(p.target.Size().Rect())
	if box.Empty() || !p.open {
		return
	}
	o.from = int32(len(p.rects))
	if clip == nil {
		p.rects = append(p.rects, box)
	} else {
		for _, c := range clip.Rects() {
			if c = c.Intersect(box); !c.Empty() {
				p.rects = append(p.rects, c)
			}
		}
	}
	o.to = int32(len(p.rects))
	if o.from == o.to {
		return
	}
	if len(p.ops) == 0 {
		p.y0, p.y1 = p.target.H, 0
	}
	area := int64(0)
	for _, c := range p.rects[o.from:] {
		area += int64(c.W()) * int64(c.H())
		p.y0, p.y1 = min(p.y0, c.Y0), max(p.y1, c.Y1)
	}
	p.cost += area * o.weight()
	if o.kind == opCopy && area >= streamPixels && !o.transform.Swaps() {
		o.kind = opStream
	}
	p.ops = append(p.ops, *o)
}

// weight is the rough cost of one pixel of o.
func (o *op) weight() int64 {
	switch {
	case o.kind == opFill:
		return 1
	case !o.kind.texture():
		return 2
	case !o.direct():
		return 3
	case o.kind == opCopy:
		return 1
	}
	return 2
}

// direct reports whether each pixel shows one source pixel.
func (o *op) direct() bool { return o.x.kind == axisDirect && o.y.kind == axisDirect }

// Submit implements render.Pass. It returns ErrFault if a texture's memory was
// gone; the picture is then incomplete.
func (p *pass) Submit() error {
	if !p.open {
		return errors.New("raster: the pass is not open")
	}
	defer p.reset()
	return p.r.pool.run(p)
}

// reset closes p and lets go of its images.
func (p *pass) reset() {
	clear(p.ops)
	p.ops, p.rects, p.cost = p.ops[:0], p.rects[:0], 0
	p.target = render.Pixels{}
	p.open = false
}

// faulted reports whether the panic value v is a fault in one of the images of the pass.
func (p *pass) faulted(v any) bool {
	if faultIn(v, p.target.Data) {
		return true
	}
	for i := range p.ops {
		if t := p.ops[i].tex; t != nil && faultIn(v, t.px.Data) {
			return true
		}
	}
	return false
}
