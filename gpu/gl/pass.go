//go:build cgo

package gl

import (
	"errors"
	"unsafe"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/geom"
	"rayos/gpu/render"
)

// op is one recorded draw. Its rectangles are clipped to the target.
type op struct {
	from, to  int32 // rects of the pass
	over      bool  // composite; otherwise replace
	colour    render.Color
	tex       *texture
	opaque    bool // without the texture's alpha
	alpha     uint8
	transform geom.Transform
	visible   geom.Rect // part of the destination that is on the target
	x, y      steps
	kind      kind
}

// pass records ops until Submit.
type pass struct {
	r      *Renderer
	open   bool
	target *Target
	size   geom.Size
	memory render.Pixels // what the target stands for, if Data is not nil
	ops    []op
	rects  []geom.Rect
	// Of memory: what the ops change, and what of it shows through them.
	changed, needed, part geom.Region
}

func (p *pass) begin(t *Target, size geom.Size) { p.open, p.target, p.size = true, t, size }

// reset closes p and lets go of its images.
func (p *pass) reset() {
	clear(p.ops)
	p.ops, p.rects = p.ops[:0], p.rects[:0]
	p.memory, p.target, p.open = render.Pixels{}, nil, false
	p.changed.Clear()
	p.needed.Clear()
}

// Rect implements render.Pass.
func (p *pass) Rect(box geom.Rect, c render.Color, clip *geom.Region) {
	if c != 0 {
		p.add(&op{kind: kindFill, colour: c, over: !c.Opaque()}, box, clip)
	}
}

// Clear implements render.Pass.
func (p *pass) Clear(c render.Color, clip *geom.Region) {
	p.add(&op{kind: kindFill, colour: c}, p.size.Rect(), clip)
}

// Texture implements render.Pass. A texture of another renderer, one released
// before Submit and an op without area draw nothing.
func (p *pass) Texture(t *render.TextureOp, clip *geom.Region) {
	tex, ok := t.Texture.(*texture)
	if !ok || tex.gone || tex.r != p.r || t.Alpha == 0 || t.Dst.Empty() || !t.Transform.Valid() {
		return
	}
	src := t.Src
	size := tex.Size()
	if src == (geom.FRect{}) {
		src = size.Rect().F()
	}
	// Extents beyond int32 cannot be sampled; nothing real has them.
	w, h := int64(t.Dst.X1)-int64(t.Dst.X0), int64(t.Dst.Y1)-int64(t.Dst.Y0)
	if w > 1<<30 || h > 1<<30 {
		return
	}
	visible := t.Dst.Intersect(p.size.Rect())
	if visible.Empty() {
		return
	}
	c, l := span{w, t.Dst.X0, visible.X0, visible.X1}, span{h, t.Dst.Y0, visible.Y0, visible.Y1}
	if t.Transform.Swaps() {
		c, l = l, c
	}
	x, okX := makeAxis(src.X0, src.X1, size.W, int32(c.n), t.Filter)
	y, okY := makeAxis(src.Y0, src.Y1, size.H, int32(l.n), t.Filter)
	if !okX || !okY {
		return
	}
	o := op{tex: tex, opaque: t.Opaque || tex.Opaque(), alpha: t.Alpha, transform: t.Transform, visible: visible}
	o.over = !o.opaque || t.Alpha != 255
	o.kind = textureKind(max(x.kind, y.kind), tex.layered())
	if x.direct && y.direct {
		o.kind = textureKind(sampleDirect, tex.layered())
	}
	o.x = x.steps(c.first(columnsBackwards(t.Transform)))
	o.y = y.steps(l.first(linesBackwards(t.Transform)))
	p.add(&o, visible, clip)
}

// span is one side of a destination: n pixels from at on, of which those from
// a to b are on the target.
type span struct {
	n        int64
	at, a, b int32
}

// first returns the number of the first visible pixel in buffer orientation.
func (s span) first(backwards bool) int32 {
	if backwards {
		return int32(s.n - (int64(s.b) - int64(s.at)))
	}
	return int32(int64(s.a) - int64(s.at))
}

// Destination pixel (x, y) shows pixel (column, line) of the picture in buffer
// orientation. Upright transforms take the column from x and the line from y,
// the others the other way round; either may run backwards.

func columnsBackwards(t geom.Transform) bool {
	return t == geom.Rotate180 || t == geom.Rotate270 || t == geom.Flipped || t == geom.Flipped270
}

func linesBackwards(t geom.Transform) bool {
	return t == geom.Rotate90 || t == geom.Rotate180 || t == geom.Flipped180 || t == geom.Flipped270
}

// add records o for the pixels of box inside clip.
func (p *pass) add(o *op, box geom.Rect, clip *geom.Region) {
	box = box.Intersect(p.size.Rect())
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
	if o.to = int32(len(p.rects)); o.from == o.to {
		return
	}
	p.ops = append(p.ops, *o)
	if p.memory.Data == nil {
		return
	}
	p.part.SetRect(box)
	if clip != nil {
		p.part.Intersect(clip)
	}
	if o.over {
		// Its pixels show what was there before, unless an op of this pass
		// has replaced that.
		show := &p.r.scratch
		show.Set(&p.part)
		show.Subtract(&p.changed)
		p.needed.Union(show)
	}
	p.changed.Union(&p.part)
}

// Submit implements render.Pass. It returns raster.ErrFault if a texture's
// memory was gone; the picture is then incomplete.
func (p *pass) Submit() error {
	if !p.open {
		return errors.New("gl: the pass is not open")
	}
	defer p.reset()
	r := p.r
	if err := r.ready(); err != nil {
		return err
	}
	err := p.run()
	if bad := r.failure(); bad != nil {
		err = errors.Join(err, bad)
	}
	if errors.Is(err, ErrLost) {
		r.lose(err)
	}
	return err
}

func (p *pass) run() error {
	if len(p.ops) == 0 {
		return nil
	}
	var errs error
	for i := range p.ops {
		o := &p.ops[i]
		if o.tex == nil || o.tex.gone {
			continue
		}
		drawn, err := o.tex.upload()
		if errs = errors.Join(errs, err); errors.Is(err, ErrLost) {
			return errs
		}
		if !drawn {
			o.tex = nil
			o.kind = kinds // nothing
		}
	}
	if p.memory.Data != nil {
		p.target.load(&p.memory, &p.needed)
	}
	gles.BindFramebuffer(gles.FRAMEBUFFER, p.target.fbo)
	gles.Viewport(0, 0, p.size.W, p.size.H)
	p.r.quads(p.rects)
	gles.BlendFunc(gles.ONE, gles.ONE_MINUS_SRC_ALPHA)
	gles.ActiveTexture(gles.TEXTURE0)
	last := kinds
	for i := range p.ops {
		o := &p.ops[i]
		if o.kind == kinds || o.tex != nil && o.tex.gone {
			continue
		}
		pr, err := p.r.program(o.kind)
		if err != nil {
			return errors.Join(errs, err)
		}
		if o.kind != last {
			last = o.kind
			gles.UseProgram(pr.id)
			gles.Uniform2f(pr.target, float32(p.size.W), float32(p.size.H))
		}
		p.draw(o, pr)
	}
	gles.Disable(gles.BLEND)
	if p.memory.Data != nil {
		return errors.Join(errs, p.target.save(&p.memory, &p.changed))
	}
	gles.Flush()
	return errs
}

// quads makes rects what is drawn, four corners and an instance for each.
func (r *Renderer) quads(rects []geom.Rect) {
	gles.BindVertexArray(r.vao)
	gles.BindBuffer(gles.ARRAY_BUFFER, r.vbo)
	gles.BufferData(gles.ARRAY_BUFFER, 16*len(rects), unsafe.Pointer(unsafe.SliceData(rects)), gles.STREAM_DRAW)
	gles.EnableVertexAttribArray(0)
	gles.VertexAttribDivisor(0, 1)
}

// draw draws o with its program, which is in use.
func (p *pass) draw(o *op, pr *program) {
	if o.over {
		gles.Enable(gles.BLEND)
	} else {
		gles.Disable(gles.BLEND)
	}
	if o.tex == nil {
		c := func(shift int) float32 { return float32(o.colour>>shift&0xff) / 255 }
		gles.Uniform4f(pr.colour, c(0), c(8), c(16), c(24))
	} else {
		o.bind(pr)
	}
	gles.VertexAttribIPointerWithOffset(0, 4, gles.INT, 0, 16*uintptr(o.from))
	gles.DrawArraysInstanced(gles.TRIANGLE_STRIP, 0, 4, o.to-o.from)
}

// bind sets the uniforms of an op with a texture.
func (o *op) bind(pr *program) {
	gles.BindTexture(o.tex.target, o.tex.id)
	gles.Uniform4i(pr.visible, o.visible.X0, o.visible.Y0, o.visible.W(), o.visible.H())
	gles.Uniform3i(pr.turned, flag(o.transform.Swaps()), flag(columnsBackwards(o.transform)), flag(linesBackwards(o.transform)))
	for _, a := range []struct {
		s                   *steps
		walk, carry, range_ int32
	}{{&o.x, pr.walkX, pr.carryX, pr.ranX}, {&o.y, pr.walkY, pr.carryY, pr.ranY}} {
		gles.Uniform4i(a.walk, a.s.base, a.s.baseFrac, a.s.step, a.s.stepFrac)
		gles.Uniform3ui(a.carry, a.s.carry, a.s.rest, a.s.n)
		gles.Uniform3i(a.range_, a.s.lo, a.s.hi, a.s.kind)
	}
	gles.Uniform2f(pr.alpha, float32(o.alpha)/255, float32(flag(o.opaque)))
	if o.tex.layered() {
		gles.Uniform3i(pr.layers, o.tex.layer.W, o.tex.layer.H, o.tex.perRow)
	}
}

func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
