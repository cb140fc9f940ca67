package paint

import (
	"encoding/binary"
	"errors"
	"fmt"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
)

// Limits of what Decode accepts.
const (
	MaxCommands  = 1 << 15
	MaxClips     = 1 << 12
	MaxDepth     = 32 // of clips, and of layers
	MaxPoints    = 1 << 16
	MaxListText  = 256 << 10 // bytes in all paragraphs
	MaxSpans     = 1 << 12
	MaxListImage = 32 << 20 // pixels in all images
	MaxListWidth = text.MaxSize * 64
)

// ErrList says that bytes are not a list, or one beyond the limits.
var ErrList = errors.New("paint: not a display list")

// Decode reads what AppendBinary wrote, from a source that isn't trusted. It
// lays out the text with fonts. Nothing of data is kept. What a list says is
// bounded, but not how much work it makes: see List.Cost.
func Decode(data []byte, fonts *text.Fonts) (*List, error) {
	d := decoder{data: data, fonts: fonts}
	l, err := d.list()
	if err != nil {
		return nil, fmt.Errorf("%w: %w at byte %d", ErrList, err, len(data)-len(d.data))
	}
	return l, nil
}

// decoder reads values until one is wrong; then it reads zeros.
type decoder struct {
	data   []byte
	err    error
	fonts  *text.Fonts
	b      Builder
	depth  []int32 // of clips
	paths  []*Path
	texts  []*text.Layout
	images []*Image
	layers int
}

func (d *decoder) fail(why string) {
	if d.err == nil {
		d.err = errors.New(why)
	}
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.data) || d.err != nil {
		d.fail("it ends too early")
		return nil
	}
	b := d.data[:n]
	d.data = d.data[n:]
	return b
}

func (d *decoder) byte() uint8 {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

// enum reads a byte of at most most.
func (d *decoder) enum(most uint8) uint8 {
	v := d.byte()
	if v > most {
		d.fail("a value that has no meaning")
		return 0
	}
	return v
}

// uint reads a number of at most most.
func (d *decoder) uint(most int) int {
	v, n := binary.Uvarint(d.data)
	if n <= 0 || v > uint64(most) {
		d.fail("a number that is cut short or too large")
		return 0
	}
	d.take(n)
	if d.err != nil {
		return 0
	}
	return int(v)
}

func (d *decoder) fixed() geom.Fixed {
	v, n := binary.Varint(d.data)
	if n <= 0 || v != int64(int32(v)) {
		d.fail("a coordinate that is cut short or too large")
		return 0
	}
	d.take(n)
	return geom.Fixed(v)
}

func (d *decoder) color() render.Color {
	b := d.take(4)
	if b == nil {
		return 0
	}
	c := render.Color(binary.LittleEndian.Uint32(b))
	if a := c >> 24; c>>16&0xff > a || c>>8&0xff > a || c&0xff > a {
		d.fail("a colour that isn't premultiplied")
		return 0
	}
	return c
}

func (d *decoder) point() geom.FixedPoint {
	x := d.fixed()
	return geom.FixedPoint{X: x, Y: d.fixed()}
}

func (d *decoder) rect() geom.FixedRect {
	a := d.point()
	b := d.point()
	return geom.FixedRect{X0: a.X, Y0: a.Y, X1: b.X, Y1: b.Y}
}

func (d *decoder) radii() (r Radii) {
	switch d.enum(2) {
	case 1:
		return Round(d.fixed())
	case 2:
		for i := range r {
			r[i] = d.fixed()
		}
	}
	return r
}

func (d *decoder) list() (*List, error) {
	if string(d.take(len(magic))) != magic {
		d.fail("it starts otherwise")
		return nil, d.err
	}
	d.b.start()
	d.clips()
	points := MaxPoints
	for range d.uint(MaxCommands) {
		if d.err != nil {
			return nil, d.err
		}
		d.path(&points)
	}
	left, spans := MaxListText, MaxSpans
	for range d.uint(MaxCommands) {
		if d.err != nil {
			return nil, d.err
		}
		d.paragraph(&left, &spans)
	}
	pixels := MaxListImage
	for range d.uint(MaxCommands) {
		if d.err != nil {
			return nil, d.err
		}
		d.image(&pixels)
	}
	for range d.uint(MaxCommands) {
		if d.err != nil {
			return nil, d.err
		}
		d.op()
	}
	switch {
	case d.err != nil:
	case d.layers != 0:
		d.fail("a layer doesn't end")
	case len(d.data) != 0:
		d.fail("it goes on after its end")
	}
	if d.err != nil {
		return nil, d.err
	}
	return d.b.Finish(), nil
}

func (d *decoder) clips() {
	d.depth = append(d.depth, 0)
	for range d.uint(MaxClips) {
		parent := d.uint(len(d.depth) - 1)
		box, radii := d.rect(), d.radii()
		depth := d.depth[parent] + 1
		if depth > MaxDepth {
			d.fail("clips are nested too deep")
		}
		if d.err != nil {
			return
		}
		d.b.clip = int32(parent)
		d.b.addClip(d.b.bounded(box), radii)
		d.depth = append(d.depth, depth)
	}
}

func (d *decoder) path(points *int) {
	n := d.uint(min(*points, MaxPathPoints))
	*points -= n
	p := &Path{}
	count := 0
	for _, v := range d.take(n) {
		if v > uint8(closeVerb) {
			d.fail("a path goes no known way")
			return
		}
		p.verbs = append(p.verbs, verb(v))
		count += pointCount[v]
	}
	if *points -= count; *points < 0 || count > MaxPathPoints {
		d.fail("a path is too long")
		return
	}
	for range count {
		q := d.point()
		p.pts = append(p.pts, geom.FixedPoint{X: clampTo(q.X, MaxCoordinate), Y: clampTo(q.Y, MaxCoordinate)})
	}
	d.paths = append(d.paths, p)
}

func (d *decoder) style() text.Style {
	return text.Style{
		Family: text.Family(d.enum(uint8(text.Mono))), Weight: text.Weight(d.enum(uint8(text.SemiBold))),
		Tabular: d.enum(1) == 1, Size: d.fixed(), LineHeight: d.fixed(),
	}
}

func (d *decoder) string(left *int) string {
	n := d.uint(*left)
	*left -= n
	return string(d.take(n))
}

func (d *decoder) paragraph(left, spans *int) {
	p := text.Paragraph{
		Width: min(d.fixed(), MaxListWidth), MaxLines: d.uint(1 << 20),
		Align: text.Align(d.enum(uint8(text.Right))), Dir: text.Direction(d.enum(uint8(text.RTL))),
	}
	n := d.uint(*spans)
	*spans -= n
	if n == 0 {
		p.Style = d.style()
		p.Text = d.string(left)
	}
	for range n {
		if d.err != nil {
			return
		}
		s := text.Span{Style: d.style(), Color: d.color()}
		s.Text = d.string(left)
		p.Spans = append(p.Spans, s)
	}
	if d.err == nil {
		d.texts = append(d.texts, d.fonts.Layout(&p))
	}
}

func (d *decoder) image(left *int) {
	var f [4]byte
	copy(f[:], d.take(4))
	p := render.Pixels{Format: render.Format(binary.LittleEndian.Uint32(f[:])), W: int32(d.uint(MaxImageSide)), H: int32(d.uint(MaxImageSide))}
	p.Stride = 4 * p.W
	n := int(p.W) * int(p.H)
	if *left -= n; *left < 0 {
		d.fail("images are too large")
		return
	}
	p.Data = append([]byte(nil), d.take(4*n)...)
	if d.err != nil {
		return
	}
	m, err := NewImage(p)
	if err != nil {
		d.fail(err.Error())
		return
	}
	d.images = append(d.images, m)
}

// ref reads an index into one of the tables.
func ref[T any](d *decoder, table []T) (v T) {
	i := d.uint(max(len(table)-1, 0))
	if len(table) == 0 {
		d.fail("a command names what isn't there")
	}
	if d.err != nil {
		return v
	}
	return table[i]
}

// op reads a command and gives it to the builder, which bounds it.
func (d *decoder) op() {
	k := kind(d.enum(uint8(endOp)))
	if k == endOp {
		if d.layers == 0 {
			d.fail("a layer ends that didn't start")
			return
		}
		d.layers--
		d.b.Pop()
		return
	}
	d.b.clip = int32(d.uint(len(d.depth) - 1))
	var box geom.FixedRect
	var radii Radii
	switch k {
	case fillOp:
		box = d.rect()
	case boxOp, shadowOp, gradientOp, backdropOp, imageOp:
		box = d.rect()
		radii = d.radii()
	}
	switch k {
	case fillOp:
		if c := d.color(); d.err == nil {
			d.b.Fill(box, c)
		}
	case boxOp:
		s := Box{Radii: radii, Fill: d.color(), Border: d.color(), Width: d.fixed()}
		if d.err == nil {
			d.b.Box(box, s)
		}
	case shadowOp:
		s := Shadow{Color: d.color()}
		by := d.point()
		s.X, s.Y, s.Blur, s.Spread = by.X, by.Y, d.fixed(), d.fixed()
		if d.err == nil {
			d.b.Shadow(box, radii, s)
		}
	case gradientOp:
		g := Gradient{Start: d.color(), End: d.color(), From: d.point(), To: d.point()}
		if d.err == nil {
			d.b.Gradient(box, radii, g)
		}
	case backdropOp:
		if blur := d.fixed(); d.err == nil {
			d.b.Backdrop(box, radii, blur)
		}
	case pathOp, strokeOp:
		d.shape(k)
	case textOp:
		t := ref(d, d.texts)
		at, c := d.point(), d.color()
		if d.err == nil {
			d.b.Text(t, at, c)
		}
	case imageOp:
		d.picture(box, radii)
	case groupOp:
		alpha := d.byte()
		if d.layers++; d.layers > MaxDepth {
			d.fail("layers are nested too deep")
		}
		if d.err == nil {
			d.b.PushOpacity(alpha)
		}
	}
}

func (d *decoder) shape(k kind) {
	p := ref(d, d.paths)
	at, c := d.point(), d.color()
	if k == pathOp {
		if d.err == nil {
			d.b.Path(p, at, c)
		}
		return
	}
	width, end := d.fixed(), Cap(d.enum(uint8(SquareCap)))
	if d.err == nil {
		d.b.Stroke(p, at, width, end, c)
	}
}

func (d *decoder) picture(box geom.FixedRect, radii Radii) {
	m := ref(d, d.images)
	src := geom.Rect{X0: int32(d.uint(MaxImageSide)), Y0: int32(d.uint(MaxImageSide)), X1: int32(d.uint(MaxImageSide)), Y1: int32(d.uint(MaxImageSide))}
	o := ImageOptions{Src: src, Radii: radii, Filter: render.Filter(d.enum(uint8(render.Bilinear))), Alpha: d.byte()}
	if d.err == nil {
		d.b.Image(m, box, o)
	}
}
