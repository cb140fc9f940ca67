package paint

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/digest"
	"rayos/rayapps/text"
)

// Builder collects commands for a List. The zero value is ready. It is used by
// one goroutine.
type Builder struct {
	list   List
	origin geom.FixedPoint
	clip   int32
	group  int32 // innermost open group, -1 is none
	stack  []saved
	ready  bool
	spare  *List // what Finish may return
}

// saved is what Pop goes back to.
type saved struct {
	origin geom.FixedPoint
	clip   int32
	group  int32
	ends   bool // a group ends here
}

// everything is more than any command touches.
var everything = geom.Rect{X0: -1 << 20, Y0: -1 << 20, X1: 1 << 20, Y1: 1 << 20}

func (b *Builder) start() {
	if !b.ready {
		b.list.clips = append(b.list.clips[:0], clip{parent: -1, box: everything.Fixed(), bounds: everything})
		b.group, b.clip, b.origin, b.ready = -1, 0, geom.FixedPoint{}, true
	}
}

// Reset drops everything and takes over a list that nobody reads any more, to
// make the next one in its memory; it may be nil.
func (b *Builder) Reset(old *List) {
	b.stack, b.ready, b.list, b.spare = b.stack[:0], false, List{}, old
	if old != nil {
		clear(old.texts)
		clear(old.paths)
		clear(old.images)
		b.list = List{
			ops: old.ops[:0], clips: old.clips[:0], texts: old.texts[:0],
			paths: old.paths[:0], images: old.images[:0],
		}
	}
}

// Finish returns the list and makes the builder empty. What is still pushed is
// popped.
func (b *Builder) Finish() *List {
	b.start()
	for len(b.stack) > 0 {
		b.Pop()
	}
	l := b.list
	d := digest.New()
	for i := range l.ops {
		d.Uint(l.ops[i].hash)
		l.bounds = l.bounds.Union(l.ops[i].bounds)
	}
	l.hash = d.Sum()
	out := b.spare
	if out == nil {
		out = new(List)
	}
	*out = l
	b.list, b.spare, b.ready = List{}, nil, false
	return out
}

// Pop undoes the last push.
func (b *Builder) Pop() {
	n := len(b.stack) - 1
	if n < 0 {
		return
	}
	s := b.stack[n]
	b.stack = b.stack[:n]
	if s.ends {
		begin := b.group
		b.clip = s.clip
		b.list.ops[begin].ref = int32(len(b.list.ops))
		b.put(op{kind: endOp, ref: begin}, geom.Rect{})
		inner := geom.Rect{}
		for i := int(begin) + 1; i < len(b.list.ops); i++ {
			inner = inner.Union(b.list.ops[i].bounds)
		}
		b.list.ops[begin].bounds = inner
	}
	b.origin, b.clip, b.group = s.origin, s.clip, s.group
}

func (b *Builder) push(ends bool) {
	b.start()
	b.stack = append(b.stack, saved{b.origin, b.clip, b.group, ends})
}

// PushOffset moves what follows by p, until Pop.
func (b *Builder) PushOffset(p geom.FixedPoint) {
	b.push(false)
	b.origin = b.origin.Add(p)
}

// PushClip limits what follows to a box, until Pop.
func (b *Builder) PushClip(box geom.FixedRect) { b.PushRoundedClip(box, Radii{}) }

// PushRoundedClip limits what follows to a box with rounded corners, until Pop.
func (b *Builder) PushRoundedClip(box geom.FixedRect, r Radii) {
	b.push(false)
	b.addClip(b.bounded(box), r)
}

// addClip makes a box within the current clip the current clip.
func (b *Builder) addClip(box geom.FixedRect, r Radii) {
	parent := &b.list.clips[b.clip]
	c := clip{parent: b.clip, box: box, radii: r.fit(box), bounds: box.Outwards().Intersect(parent.bounds)}
	d := digest.New()
	d.Uint(parent.hash)
	hashRect(&d, box)
	c.radii.hash(&d)
	c.hash = d.Sum()
	b.list.clips = append(b.list.clips, c)
	b.clip = int32(len(b.list.clips) - 1)
}

// PushOpacity makes what follows, until Pop, one layer that is drawn with the
// given alpha: parts that overlap don't show through each other.
func (b *Builder) PushOpacity(alpha uint8) {
	b.push(true)
	b.put(op{kind: groupOp, alpha: alpha}, geom.Rect{})
	b.group = int32(len(b.list.ops) - 1)
}

// Bounds of what commands say, in logical pixels; what is beyond is brought to
// them.
const (
	// MaxCoordinate bounds the edges of boxes, after all offsets.
	MaxCoordinate = geom.Fixed(1 << 16 << 8)
	// MaxRadius bounds the radii of corners.
	MaxRadius = geom.Fixed(256 << 8)
	// MaxBlur bounds blurs of shadows and backdrops.
	MaxBlur = geom.Fixed(64 << 8)
)

func clampTo(v, limit geom.Fixed) geom.Fixed { return min(max(v, -limit), limit) }

// position returns where a point of the caller lies in the list.
func (b *Builder) position(p geom.FixedPoint) geom.FixedPoint {
	p = p.Add(b.origin)
	return geom.FixedPoint{X: clampTo(p.X, MaxCoordinate), Y: clampTo(p.Y, MaxCoordinate)}
}

// bounded returns where a box of the caller lies in the list.
func (b *Builder) bounded(r geom.FixedRect) geom.FixedRect {
	r = r.Add(b.origin)
	return geom.FixedRect{
		X0: clampTo(r.X0, MaxCoordinate), Y0: clampTo(r.Y0, MaxCoordinate),
		X1: clampTo(r.X1, MaxCoordinate), Y1: clampTo(r.Y1, MaxCoordinate),
	}
}

// fit bounds the radii by the box.
func (r Radii) fit(box geom.FixedRect) Radii {
	limit := min(max(min(box.W(), box.H())/2, 0), MaxRadius)
	for i := range r {
		r[i] = min(max(r[i], 0), limit)
	}
	return r
}

// put appends a command that can touch bounds.
func (b *Builder) put(o op, bounds geom.Rect) {
	b.start()
	o.clip = b.clip
	c := &b.list.clips[b.clip]
	o.bounds = bounds.Intersect(c.bounds)
	d := digest.New()
	d.Uint(uint64(o.kind) | uint64(o.cap)<<8 | uint64(o.alpha)<<16 | uint64(o.filter)<<24 | uint64(o.color)<<32)
	d.Uint(uint64(o.color2))
	hashRect(&d, o.box)
	o.radii.hash(&d)
	d.Pair(int32(o.width), int32(o.blur))
	d.Pair(int32(o.at.X), int32(o.at.Y))
	d.Pair(int32(o.to.X), int32(o.to.Y))
	switch o.kind {
	case textOp:
		d.Uint(b.list.texts[o.ref].Hash())
	case pathOp, strokeOp:
		d.Uint(b.list.paths[o.ref].seal())
	case imageOp:
		d.Uint(b.list.images[o.ref].image.hash())
		d.Pair(o.src.X0, o.src.Y0)
		d.Pair(o.src.X1, o.src.Y1)
	}
	d.Uint(c.hash)
	if b.group >= 0 {
		d.Uint(b.list.ops[b.group].hash)
	}
	o.hash = d.Sum()
	b.list.ops = append(b.list.ops, o)
}

// skip reports whether nothing of bounds would be seen.
func (b *Builder) skip(bounds geom.Rect) bool {
	b.start()
	return bounds.Intersect(b.list.clips[b.clip].bounds).Empty()
}

// Fill fills a box.
func (b *Builder) Fill(box geom.FixedRect, c render.Color) {
	box = b.bounded(box)
	if out := box.Outwards(); c != 0 && !box.Empty() && !b.skip(out) {
		b.put(op{kind: fillOp, box: box, color: c}, out)
	}
}

// Box draws a box with rounded corners and a border.
func (b *Builder) Box(box geom.FixedRect, s Box) {
	box = b.bounded(box)
	if s.Width <= 0 || s.Border == 0 {
		s.Width, s.Border = 0, 0
	}
	s.Width = min(s.Width, 2*MaxRadius)
	if out := box.Outwards(); s.Fill|s.Border != 0 && !box.Empty() && !b.skip(out) {
		b.put(op{kind: boxOp, box: box, radii: s.Radii.fit(box), color: s.Fill, color2: s.Border, width: s.Width}, out)
	}
}

// maxStop bounds where a gradient starts and ends: twice the box away.
const maxStop = geom.Fixed(512)

// Gradient fills a box with rounded corners with a gradient.
func (b *Builder) Gradient(box geom.FixedRect, r Radii, g Gradient) {
	box = b.bounded(box)
	g.From.X, g.From.Y = clampTo(g.From.X, maxStop), clampTo(g.From.Y, maxStop)
	g.To.X, g.To.Y = clampTo(g.To.X, maxStop), clampTo(g.To.Y, maxStop)
	if out := box.Outwards(); g.Start|g.End != 0 && !box.Empty() && !b.skip(out) {
		b.put(op{kind: gradientOp, box: box, radii: r.fit(box), at: g.From, to: g.To, color: g.Start, color2: g.End}, out)
	}
}

// Shadow draws the shadow of a box with rounded corners.
func (b *Builder) Shadow(box geom.FixedRect, r Radii, s Shadow) {
	box = b.bounded(box)
	s.Blur, s.Spread = min(max(s.Blur, 0), MaxBlur), clampTo(s.Spread, MaxBlur)
	s.X, s.Y = clampTo(s.X, MaxCoordinate), clampTo(s.Y, MaxCoordinate)
	// Three box filters reach a little less than 3 standard deviations.
	out := box.Add(geom.FixedPoint{X: s.X, Y: s.Y}).Inset(-s.Spread - s.Blur*2 - 256).Outwards()
	if s.Color != 0 && !box.Empty() && !b.skip(out) {
		b.put(op{
			kind: shadowOp, box: box, radii: r.fit(box), color: s.Color, width: s.Spread, blur: s.Blur,
			at: geom.FixedPoint{X: s.X, Y: s.Y},
		}, out)
	}
}

// Backdrop blurs what the list has drawn so far below a box with rounded
// corners. Blur is twice the standard deviation.
func (b *Builder) Backdrop(box geom.FixedRect, r Radii, blur geom.Fixed) {
	box = b.bounded(box)
	if out := box.Outwards(); blur > 0 && !box.Empty() && !b.skip(out) {
		b.put(op{kind: backdropOp, box: box, radii: r.fit(box), blur: min(blur, MaxBlur)}, out)
	}
}

// Path fills a path whose origin is at.
func (b *Builder) Path(p *Path, at geom.FixedPoint, c render.Color) {
	at = b.position(at)
	if out := p.Bounds().Add(at).Outwards(); c != 0 && len(p.pts) > 0 && !b.skip(out) {
		b.list.paths = append(b.list.paths, p)
		b.put(op{kind: pathOp, at: at, color: c, ref: int32(len(b.list.paths) - 1)}, out)
	}
}

// Stroke draws along a path whose origin is at, width wide, with round joins.
func (b *Builder) Stroke(p *Path, at geom.FixedPoint, width geom.Fixed, end Cap, c render.Color) {
	width = min(width, 2*MaxRadius)
	at = b.position(at)
	if out := p.Bounds().Add(at).Inset(-width).Outwards(); c != 0 && width > 0 && len(p.pts) > 0 && !b.skip(out) {
		b.list.paths = append(b.list.paths, p)
		b.put(op{kind: strokeOp, cap: min(end, SquareCap), at: at, width: width, color: c, ref: int32(len(b.list.paths) - 1)}, out)
	}
}

// Text draws a layout whose top-left corner is at. Spans without a colour of
// their own get c.
func (b *Builder) Text(l *text.Layout, at geom.FixedPoint, c render.Color) {
	at = b.position(at)
	if out := l.Ink().Add(at).Outwards(); len(l.Runs()) > 0 && !b.skip(out) {
		b.list.texts = append(b.list.texts, l)
		b.put(op{kind: textOp, at: at, color: c, ref: int32(len(b.list.texts) - 1)}, out)
	}
}

// ImageOptions says how an image is drawn.
type ImageOptions struct {
	// Src is the part that is drawn, in pixels of the image; the zero
	// rectangle is all of it.
	Src geom.Rect
	// Filter is how it is sampled when its size changes.
	Filter render.Filter
	// Alpha is how opaque it is, 1 to 255; 0 stands for 255.
	Alpha uint8
	// Radii round the corners.
	Radii Radii
}

// Image draws an image into a box.
func (b *Builder) Image(m *Image, box geom.FixedRect, o ImageOptions) {
	box = b.bounded(box)
	if o.Src == (geom.Rect{}) {
		o.Src = m.Size().Rect()
	}
	o.Src = o.Src.Intersect(m.Size().Rect())
	if o.Alpha == 0 {
		o.Alpha = 255
	}
	if out := box.Outwards(); !o.Src.Empty() && !box.Empty() && !b.skip(out) {
		b.list.images = append(b.list.images, imageUse{m, m.version})
		b.put(op{
			kind: imageOp, box: box, radii: o.Radii.fit(box), alpha: o.Alpha, filter: min(o.Filter, render.Bilinear),
			src: o.Src, ref: int32(len(b.list.images) - 1),
		}, out)
	}
}
