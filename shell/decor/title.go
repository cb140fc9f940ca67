package decor

import (
	"cmp"
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/rayapps/text"
	"rayos/shell/line"
	"rayos/shell/theme"
)

// Places in the title bar, in logical pixels.
const (
	ownerMax = 240 // width of the owner's place at most
	ownerMin = 96  // and at least: the longest word of a trust level
	nameMin  = 28  // room below which an owner's name is left out, not cut
	ownerX   = 20  // where the owner's word starts
	dotX     = 11  // centre of the owner's dot
	titleMin = 28  // the same for a title
	gap      = theme.Space2
)

// maxBar bounds the width of a title bar's picture, in physical pixels. A
// wider one is drawn this wide.
const maxBar = 1 << 14

// Renderer draws decorations. It caches glyphs, shadows and the title bar's
// memory.
type Renderer struct {
	text    *line.Writer
	raster  vector.Rasterizer
	path    vector.Path
	strokes vector.Path
	data    []byte
	shadows []*Shadow
	corners []cornerPicture
}

// NewRenderer returns a renderer that writes with fonts, or with the embedded ones
// if fonts is nil.
func NewRenderer(fonts *text.Fonts) *Renderer { return &Renderer{text: line.New(fonts)} }

// canvas is a title bar while it is drawn.
type canvas struct {
	*Renderer
	*pen
	f   *Frame
	px  render.Pixels
	pal *theme.Palette
	bg  render.Color
	// middle is the y that text and icons are centred on, 24.8 physical.
	middle geom.Fixed
}

// pen turns logical pixels into physical ones.
type pen struct{ scale geom.Scale }

// u returns v logical pixels in 24.8 physical ones.
func (p *pen) u(v int32) geom.Fixed { return geom.Fixed(p.scale.Apply(v << 8)) }

// style returns that of text of a logical size.
func (p *pen) style(w text.Weight, size int32) line.Style {
	return line.Style{Weight: w, Size: size, Scale: p.scale}
}

// u8 returns v/8 logical pixels in 24.8 physical ones.
func (p *pen) u8(v int32) geom.Fixed { return geom.Fixed(p.scale.Apply(v << 5)) }

// Title draws the title bar: premultiplied ARGB8888 of the physical size of
// the frame's width times theme.TitleBar. The pixels are valid until the next
// call.
func (r *Renderer) Title(f *Frame) render.Pixels {
	scale := max(f.Scale, 1)
	size := scale.ApplyRect(geom.XYWH(0, 0, f.Outer().W, theme.TitleBar)).Size()
	if f.Snap.Bar != (geom.Size{}) {
		size = f.Snap.Bar
	}
	size.W, size.H = min(max(size.W, 1), maxBar), max(size.H, 1)
	n := int(size.W) * int(size.H) * 4
	if cap(r.data) < n {
		r.data = make([]byte, n)
	}
	pal := theme.For(f.Scheme)
	c := canvas{
		Renderer: r, pen: &pen{scale}, f: f, pal: pal,
		px: render.Pixels{Data: r.data[:n], W: size.W, H: size.H, Stride: size.W * 4, Format: render.ARGB8888},
		bg: pal.Surface1,
	}
	if f.Active {
		c.bg = pal.Surface2
	}
	stripe := scale.Apply(theme.Stripe)
	c.middle = (vector.Px(stripe) + vector.Px(size.H)) / 2
	vector.FillRect(&c.px, size.Rect(), c.bg)
	c.edge()
	right := c.controls()
	left := c.owner(right)
	c.title(left, right)
	if f.Attention {
		line := max(scale.Apply(2), 1)
		vector.FillRect(&c.px, geom.XYWH(0, size.H-line, size.W, line), pal.Warn)
	}
	if f.rounded() {
		c.corners()
	}
	return c.px
}

// owner draws the dot, the trust level's word and the owner, and returns the
// x from which the title may be drawn, physical: behind their place, or behind
// the text in it if the client is trusted. The controls start at right.
func (c *canvas) owner(right int32) int32 {
	f := c.f
	colour, word, name := f.trust(), c.pal.Text1, c.pal.Text2
	switch {
	case !f.Active:
		word, name = c.pal.Text3, c.pal.Text3
	case f.Trust == theme.Session:
		word, name = c.pal.Text3, c.pal.Text3
	}
	limit := min(c.scale.Apply(menuWidth(f.Outer().W)), right-c.scale.Apply(theme.Space1))
	start := c.u(ownerX)
	if start.Int() >= limit {
		return limit
	}
	c.path.Reset()
	c.path.Circle(vector.Pt(c.u(dotX), c.middle), c.u8(28))
	c.raster.Fill(&c.px, c.px.Size().Rect(), &c.path, vector.Solid(colour))

	clip := geom.Rect{X1: limit, Y1: c.px.H}
	bold := c.style(text.SemiBold, theme.Caption)
	room := vector.Px(limit) - start
	owner := c.text.Fit(bold, cmp.Or(f.Word, f.Trust.Word()), room, line.End)
	x := start + c.text.Draw(&c.px, clip, bold, start, c.baseline(bold), word, owner)
	if f.Trust != theme.Session {
		c.name(x, vector.Px(limit), clip, name)
		return limit
	}
	// Among the session's own windows the title tells more than the owner.
	title := c.text.Measure(c.titleStyle(), line.Clean(f.Title))
	x += c.name(x, min(vector.Px(limit), vector.Px(right)-title-2*c.u(gap)), clip, name)
	return min((x + 255).Int(), limit)
}

// name draws the owner's name from x up to limit and returns its width.
func (c *canvas) name(x, limit geom.Fixed, clip geom.Rect, colour render.Color) geom.Fixed {
	const dot = " ·"
	space := c.u(3) // of a line's end nothing is measured
	style := c.style(text.Regular, theme.Caption)
	room := limit - x - c.text.Measure(style, dot) - space
	name := line.Clean(c.f.Owner)
	if room < c.u(nameMin) && c.text.Measure(style, name) > room {
		return 0
	}
	if name = c.text.Fit(style, name, room, line.Middle); name == "" {
		return 0
	}
	// Apart, so that a name that is written from the right stays behind the dot.
	w := space + c.text.Draw(&c.px, clip, style, x, c.baseline(style), colour, dot)
	return w + c.text.Draw(&c.px, clip, style, x+w, c.baseline(style), colour, name)
}

// baseline returns the baseline of text in the bar.
func (c *canvas) baseline(s line.Style) int32 {
	return c.text.Baseline(s, c.scale.Apply(theme.Stripe), c.px.H)
}

// title draws the client's title centred in the bar, or as close to that as
// the places left and right of it allow.
func (c *canvas) title(left, right int32) {
	style := c.titleStyle()
	lo, hi := vector.Px(left)+c.u(gap), vector.Px(right)-c.u(gap)
	title := line.Clean(c.f.Title)
	width := c.text.Measure(style, title)
	if width > hi-lo {
		if hi-lo < c.u(titleMin) {
			return
		}
		title = c.text.Fit(style, title, hi-lo, line.End)
		width = c.text.Measure(style, title)
	}
	x := min(max((vector.Px(c.px.W)-width)/2, lo), hi-width)
	colour := c.pal.Text3
	if c.f.Active {
		colour = c.pal.Text1
	}
	clip := geom.Rect{X0: lo.Int(), X1: (hi + 255).Int(), Y1: c.px.H}
	c.text.Draw(&c.px, clip, style, x, c.baseline(style), colour, title)
}

func (c *canvas) titleStyle() line.Style {
	return c.style(text.SemiBold, theme.Body)
}

// corners cuts the round top corners out of the bar.
func (c *canvas) corners() {
	r := c.u(theme.RadiusWindow)
	n := min((r + 255).Int(), c.px.W/2, c.px.H)
	c.path.Reset()
	c.path.RoundRect4(0, 0, vector.Px(c.px.W), vector.Px(c.px.H), [4]geom.Fixed{r, r})
	for _, x := range [2]int32{0, c.px.W - n} {
		box := geom.XYWH(x, 0, n, n)
		m := c.raster.Coverage(&c.path, box)
		for y := box.Y0; y < box.Y1; y++ {
			row := c.px.Data[y*c.px.Stride:]
			for x := box.X0; x < box.X1; x++ {
				p := row[x*4 : x*4+4]
				binary.LittleEndian.PutUint32(p, vector.Scale(binary.LittleEndian.Uint32(p), m.At(x, y)))
			}
		}
	}
}
