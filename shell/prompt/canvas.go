package prompt

import (
	"slices"
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/glyph"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// Canvas is the picture of the panel. The zero value is ready. It keeps what it
// has drawn, and draws what is different.
type Canvas struct {
	px     render.Pixels
	text   glyph.Text
	raster vector.Rasterizer
	path   vector.Path
	line   vector.Path // strokes, before they are made outlines

	scale  geom.Scale
	scheme theme.Scheme
	pal    *theme.Palette
	drawn  View
	damage geom.Region
}

// Pixels returns the picture: premultiplied ARGB8888. It is the canvas's, and
// changes with the next Draw.
func (c *Canvas) Pixels() render.Pixels { return c.px }

// Draw brings the picture in line with v, in size physical pixels. It returns
// what has changed, in physical pixels and borrowed until the next call; nil
// for all of it, as when the picture is a new one.
func (c *Canvas) Draw(v View, size geom.Size, scale geom.Scale, scheme theme.Scheme) *geom.Region {
	size = geom.Size{W: max(size.W, 1), H: max(size.H, 1)}
	scale = max(scale, 1)
	fresh := c.px.Size() != size || c.scale != scale || c.scheme != scheme || c.drawn.Size != v.Size
	if fresh {
		c.px = render.NewPixels(size.W, size.H, render.ARGB8888)
		c.scale, c.scheme, c.pal = scale, scheme, theme.For(scheme)
		c.drawn = View{}
	}
	c.damage.Clear()
	for i := range v.bands {
		b := &v.bands[i]
		if i < len(c.drawn.bands) && c.drawn.bands[i] == *b {
			continue
		}
		box := geom.Rect{Y0: scale.Apply(b.y0), X1: size.W, Y1: min(scale.Apply(b.y1), size.H)}
		if i == len(v.bands)-1 {
			box.Y1 = size.H
		}
		c.band(b, box)
		c.damage.UnionRect(box)
	}
	c.drawn = View{Size: v.Size, bands: slices.Clone(v.bands)}
	if fresh {
		return nil
	}
	return &c.damage
}

// u returns v logical pixels in 24.8 physical ones.
func (c *Canvas) u(v int32) geom.Fixed { return geom.Fixed(c.scale.Apply(v << 8)) }

// snap returns v at the nearest whole pixel.
func snap(v geom.Fixed) geom.Fixed { return (v + 128) &^ 255 }

// band draws a part of the panel in its box.
func (c *Canvas) band(b *band, box geom.Rect) {
	for y := box.Y0; y < box.Y1; y++ {
		clear(c.px.Data[y*c.px.Stride : y*c.px.Stride+4*c.px.W])
	}
	w, h := vector.Px(c.px.W), vector.Px(c.px.H)
	one := max(snap(c.u(1)), 256)
	r := min(c.u(theme.RadiusPrompt), h/2)
	c.fill(box, 0, 0, w, h, r, c.pal.Outline)
	c.fill(box, one, one, w-one, h-one, r-one, c.pal.Surface2)
	switch what := b.what.(type) {
	case input:
		c.input(&what, box)
	case meaning:
		c.meaning(&what, box)
	case rule:
		y := snap(c.u(b.y0 + ruleH/2))
		c.fill(box, one, y, w-one, y+one, 0, c.pal.Outline)
	case choice:
		c.choice(&what, b, box)
	case asked:
		c.asked(&what, b, box)
	}
}

// fill paints a rectangle with round corners.
func (c *Canvas) fill(clip geom.Rect, x0, y0, x1, y1, radius geom.Fixed, color render.Color) {
	c.path.Reset()
	c.path.RoundRect(x0, y0, x1, y1, radius)
	c.raster.Fill(&c.px, clip, &c.path, vector.Solid(color))
}

// say writes text between two logical heights, cut to a width, and returns
// where it ends.
func (c *Canvas) say(clip geom.Rect, s glyph.Style, x, width geom.Fixed, top, bottom int32, color render.Color, text string) geom.Fixed {
	text = c.text.Ellipsise(s, text, max(width, 0), glyph.End)
	base := c.text.Baseline(s, c.scale.Apply(top), c.scale.Apply(bottom))
	return x + c.text.Draw(&c.px, clip, s, x, base, color, text)
}

// sayRight is say for text that ends at right; it returns where it begins.
func (c *Canvas) sayRight(clip geom.Rect, s glyph.Style, right, width geom.Fixed, top, bottom int32, color render.Color, text string) geom.Fixed {
	text = c.text.Ellipsise(s, text, max(width, 0), glyph.End)
	x := right - c.text.Measure(s, text)
	base := c.text.Baseline(s, c.scale.Apply(top), c.scale.Apply(bottom))
	c.text.Draw(&c.px, clip, s, x, base, color, text)
	return x
}

// placeholder is what an empty line shows.
const placeholder = "Say what to do, like: show linux desktop"

func (c *Canvas) lineStyle() glyph.Style { return glyph.Scaled(glyph.Sans, theme.Title, c.scale) }

// scrolled is how far the line's text is moved to the left so that the caret
// is seen, and the width that it has.
func (c *Canvas) scrolled(in *input) (scroll, room geom.Fixed) {
	room = vector.Px(c.px.W) - c.u(textLeft+edge)
	width := c.text.Measure(c.lineStyle(), in.text) + c.u(theme.Space1)
	at := c.text.Measure(c.lineStyle(), in.text[:in.caret])
	return min(max(at-room*3/4, 0), max(width-room, 0)), room
}

func (c *Canvas) input(in *input, box geom.Rect) {
	style := c.lineStyle()
	mid := c.u(inputH) / 2
	// The sign before the line.
	c.line.Reset()
	x, d := c.u(edge+4), c.u(6)
	c.line.MoveTo(vector.Pt(x, mid-d))
	c.line.LineTo(vector.Pt(x+d, mid))
	c.line.LineTo(vector.Pt(x, mid+d))
	c.path.Reset()
	c.path.Stroke(&c.line, c.u(2), vector.Round)
	c.raster.Fill(&c.px, box, &c.path, vector.Solid(c.pal.Accent))

	scroll, room := c.scrolled(in)
	left := c.u(textLeft)
	clip := box
	clip.X0, clip.X1 = max(left.Int()-1, 0), min((left+room).Int()+2, c.px.W)
	at := func(offset int) geom.Fixed { return left - scroll + c.text.Measure(style, in.text[:offset]) }
	half := c.u(14)
	if in.from != in.to {
		c.fill(clip, snap(at(in.from)), snap(mid-half), snap(at(in.to)), snap(mid+half), c.u(2), vector.Mix(c.pal.Surface2, c.pal.Accent, 90))
	}
	base := c.text.Baseline(style, 0, c.scale.Apply(inputH))
	if in.text == "" {
		c.text.Draw(&c.px, clip, style, left, base, c.pal.Text3, placeholder)
	} else {
		c.text.Draw(&c.px, clip, style, left-scroll, base, c.pal.Text1, in.text)
		c.text.Draw(&c.px, clip, style, at(len(in.text))+c.u(theme.Space1)/2, base, c.pal.Text3, in.ghost)
	}
	width := max(snap(c.u(2)), 256)
	caret := snap(at(in.caret))
	c.fill(box, caret, snap(mid-half), caret+width, snap(mid+half), 0, c.pal.Accent)
}

// Offset returns the byte offset in the line that is nearest to a logical x of
// the panel.
func (c *Canvas) Offset(x float64) int {
	if len(c.drawn.bands) == 0 {
		return 0
	}
	in, ok := c.drawn.bands[0].what.(input)
	if !ok {
		return 0
	}
	scroll, _ := c.scrolled(&in)
	to := geom.Fixed(x*c.scale.Float()*256) - c.u(textLeft) + scroll
	best, nearest := 0, geom.Fixed(-1)
	for p := 0; ; p = next(in.text, p) {
		d := c.text.Measure(c.lineStyle(), in.text[:p]) - to
		if d = max(d, -d); nearest < 0 || d < nearest {
			best, nearest = p, d
		}
		if p == len(in.text) {
			return best
		}
	}
}

func (c *Canvas) meaning(m *meaning, box geom.Rect) {
	small := glyph.Scaled(glyph.Sans, theme.Caption, c.scale)
	left, right := c.u(edge), vector.Px(c.px.W)-c.u(edge)
	top, bottom := int32(inputH), int32(inputH+chipH)
	if m.hint != "" {
		right = c.sayRight(box, small, right, right-left, top, bottom, c.pal.Text3, m.hint) - c.u(theme.Space4)
	}
	if m.wrong != "" {
		color := c.pal.Text2
		if m.bad {
			color = c.pal.Bad
		}
		c.say(box, small, left+c.u(textLeft-edge), right-left-c.u(textLeft-edge), top, bottom, color, m.wrong)
		return
	}
	x := left + c.u(textLeft-edge)
	for _, chip := range m.chips {
		if chip.Text == "" {
			break
		}
		x = c.chip(&chip, m.guess, x, right, box) + c.u(theme.Space2)
	}
}

// chip draws a chip and returns where it ends. What is only guessed is hollow.
func (c *Canvas) chip(chip *Chip, guess bool, x, right geom.Fixed, box geom.Rect) geom.Fixed {
	style := glyph.Scaled(glyph.Sans, theme.Caption, c.scale)
	pad := c.u(10)
	before := pad
	if chip.VM {
		before = c.u(22)
	}
	x = snap(x)
	text := c.text.Ellipsise(style, strings.TrimSpace(chip.Text), right-x-before-pad, glyph.End)
	if text == "" {
		return x
	}
	end := snap(x + before + c.text.Measure(style, text) + pad)
	y := snap(c.u(inputH))
	height := snap(c.u(chipH))
	c.fill(box, x, y, end, y+height, height/2, c.pal.Outline)
	one := max(snap(c.u(1)), 256)
	back, front := c.pal.Surface3, c.pal.Text1
	if guess {
		back, front = c.pal.Surface2, c.pal.Text3
	}
	c.fill(box, x+one, y+one, end-one, y+height-one, height/2-one, back)
	if chip.VM {
		c.dot(box, x+c.u(12), y+height/2, chip.Trust)
	}
	base := c.text.Baseline(style, y.Int(), (y + height).Int())
	c.text.Draw(&c.px, box, style, x+before, base, front, text)
	return end
}

func (c *Canvas) dot(box geom.Rect, x, y geom.Fixed, t theme.Trust) {
	c.path.Reset()
	c.path.Circle(vector.Pt(x, y), c.u(4))
	c.raster.Fill(&c.px, box, &c.path, vector.Solid(c.pal.Trust[t]))
}

func (c *Canvas) choice(o *choice, b *band, box geom.Rect) {
	bottom := b.y0 + theme.PromptRow
	left, right := c.u(textLeft), vector.Px(c.px.W)-c.u(edge)
	if o.picked {
		c.fill(box, c.u(theme.Space2), snap(c.u(b.y0)), vector.Px(c.px.W)-c.u(theme.Space2), snap(c.u(bottom)), c.u(theme.RadiusControl), c.pal.Surface3)
		c.line.Reset()
		x, y, d := c.u(edge+4), (c.u(b.y0)+c.u(bottom))/2, c.u(4)
		c.line.MoveTo(vector.Pt(x, y-d))
		c.line.LineTo(vector.Pt(x+d, y))
		c.line.LineTo(vector.Pt(x, y+d))
		c.path.Reset()
		c.path.Stroke(&c.line, c.u(2), vector.Round)
		c.raster.Fill(&c.px, box, &c.path, vector.Solid(c.pal.Accent))
	} else if o.VM {
		c.dot(box, c.u(edge+8), (c.u(b.y0)+c.u(bottom))/2, o.Trust)
	}
	note := glyph.Scaled(glyph.Sans, theme.Caption, c.scale)
	right = c.sayRight(box, note, right, (right-left)/2, b.y0, bottom, c.pal.Text3, o.Note) - c.u(theme.Space4)
	title := glyph.Scaled(glyph.Sans, theme.Heading, c.scale)
	end := c.say(box, title, left, right-left, b.y0, bottom, c.pal.Text1, o.Title)
	mono := glyph.Scaled(glyph.Mono, theme.Caption, c.scale)
	line := o.Line
	if o.Needs != "" {
		line += "‹" + needs[o.Needs] + "›"
	}
	end += c.u(theme.Space3)
	c.say(box, mono, end, right-end, b.y0, bottom, c.pal.Text3, line)
}

func (c *Canvas) asked(q *asked, b *band, box geom.Rect) {
	mono := glyph.Scaled(glyph.Mono, theme.Caption, c.scale)
	top, bottom := b.y0, b.y0+askedH
	left, right := c.u(edge), vector.Px(c.px.W)-c.u(edge)
	color := [...]render.Color{Starting: c.pal.Text3, OK: c.pal.Good, Failed: c.pal.Bad}[q.Progress]
	c.say(box, mono, left, right-left, top, bottom, color, q.Progress.String())
	left = c.u(textLeft)
	quiet := c.pal.Text3
	if q.newest {
		quiet = c.pal.Text2
	}
	if q.Progress != Starting {
		time := mono
		time.Tabular = true
		right = c.sayRight(box, time, right, right-left, top, bottom, c.pal.Text3, took(q.Took)) - c.u(theme.Space3)
	}
	text := c.pal.Text2
	if q.newest {
		text = c.pal.Text1
	}
	end := c.say(box, mono, left, right-left, top, bottom, text, q.Line) + c.u(theme.Space4)
	word, _, _ := strings.Cut(q.Detail, ":")
	switch {
	case q.Progress == Starting:
		word = "starting"
	case q.Op != "":
		word = q.Op + " " + word
	}
	c.sayRight(box, mono, right, right-end, top, bottom, quiet, word)
	if q.Why != "" {
		small := glyph.Scaled(glyph.Sans, theme.Caption, c.scale)
		right = vector.Px(c.px.W) - c.u(edge)
		c.say(box, small, left, right-left, bottom-4, bottom+whyH-4, c.pal.Bad, q.Why)
	}
}
