package paint

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/rayapps/text"
)

// runKey names the coverage of a run of a layout, with its origin at a quarter
// of a pixel.
type runKey struct {
	layout uint64
	run    int32
	scale  geom.Scale
	sub    uint8
	gamma  *[256]uint8
}

// maxRun is how wide and high a run may be whose coverage is kept, in pixels.
const maxRun = 2048

// quarter is a quarter of a pixel in 24.8.
const quarter = 256 / text.Subpixels

// text draws a layout.
func (r *Raster) text(c *canvas, l *List, o *op, area geom.Rect) {
	lt := l.texts[o.ref]
	lines, runs := lt.Lines(), lt.Runs()
	x := r.scale.ApplyFixed(o.at.X) + quarter/2
	for i := range runs {
		run := &runs[i]
		if len(run.Glyphs) == 0 {
			continue
		}
		line := &lines[run.Line]
		top, bottom := r.reachY(o.at.Y+line.Top, o.at.Y+line.Bottom, run.Size)
		if bottom <= area.Y0 || top >= area.Y1 {
			continue
		}
		color := run.Color
		if color == 0 {
			color = o.color
		}
		y := r.scale.ApplyFixed(o.at.Y + line.Baseline).Round()
		at := geom.Point{X: x.Int(), Y: y}.Add(r.by)
		r.run(c, lt, i, uint8(x&255)/quarter, at, line.Baseline, color, area)
	}
}

// reachY returns the rows that a line may touch.
func (r *Raster) reachY(top, bottom, size geom.Fixed) (y0, y1 int32) {
	y0 = r.scale.ApplyFixed(top - size).Int()
	y1 = r.scale.ApplyFixed(bottom + size).Ceil()
	return y0 + r.by.Y, y1 + r.by.Y
}

// run draws one run whose layout stands at, with sub quarters of a pixel more,
// on the baseline at.Y.
func (r *Raster) run(c *canvas, lt *text.Layout, i int, sub uint8, at geom.Point, baseline geom.Fixed, color render.Color, area geom.Rect) {
	if r.fonts.Coloured(lt.Runs()[i].Face) {
		r.coloured(c, lt, i, sub, at, baseline, area)
		return
	}
	gamma := text.Gamma(color)
	key := runKey{lt.Hash(), int32(i), r.scale, sub, gamma}
	m, ok := r.runs.Get(key)
	if !ok {
		bounds := r.runBounds(lt, i, sub, baseline)
		if bounds.W() > maxRun || bounds.H() > maxRun {
			r.glyphs(c, lt, i, sub, at, baseline, color, area)
			return
		}
		m = &vector.Mask{Bounds: bounds, Pix: make([]uint8, int(bounds.W())*int(bounds.H()))}
		r.collect(m, lt, i, sub, baseline)
		for k, v := range m.Pix {
			m.Pix[k] = gamma[v]
		}
		r.runs.Put(key, m, len(m.Pix))
	}
	c.cover(m, at, color, area)
}

// place returns the coverage of a glyph and where it stands, from the layout's
// whole pixel and the baseline.
func (r *Raster) place(run *text.Run, k int, sub uint8, baseline geom.Fixed) (vector.Mask, geom.Point) {
	g := &run.Glyphs[k]
	x := r.scale.ApplyFixed(g.X) + geom.Fixed(sub)*quarter + quarter/2
	m := r.fonts.Mask(run.Face, g.ID, r.scale.ApplyFixed(run.Size), uint8(x&255)/quarter)
	return m, geom.Point{X: x.Int(), Y: r.scale.ApplyFixed(g.Y - baseline).Round()}
}

func (r *Raster) runBounds(lt *text.Layout, i int, sub uint8, baseline geom.Fixed) geom.Rect {
	run := &lt.Runs()[i]
	var b geom.Rect
	for k := range run.Glyphs {
		m, at := r.place(run, k, sub, baseline)
		b = b.Union(m.Bounds.Add(at))
	}
	return b
}

// collect adds the coverage of all glyphs of a run, saturating.
func (r *Raster) collect(out *vector.Mask, lt *text.Layout, i int, sub uint8, baseline geom.Fixed) {
	run := &lt.Runs()[i]
	w := int(out.Bounds.W())
	for k := range run.Glyphs {
		m, at := r.place(run, k, sub, baseline)
		b := m.Bounds.Add(at)
		n := int(b.W())
		for y := range int(b.H()) {
			dst := out.Pix[(int(b.Y0-out.Bounds.Y0)+y)*w+int(b.X0-out.Bounds.X0):][:n]
			for x, v := range m.Pix[y*n:][:n] {
				if v != 0 {
					dst[x] = uint8(min(uint32(dst[x])+uint32(v), 255))
				}
			}
		}
	}
}

// coloured draws a run whose glyphs have their own colours, each at a whole pixel.
func (r *Raster) coloured(c *canvas, lt *text.Layout, i int, sub uint8, at geom.Point, baseline geom.Fixed, area geom.Rect) {
	run := &lt.Runs()[i]
	size := r.scale.ApplyFixed(run.Size)
	for k := range run.Glyphs {
		g := &run.Glyphs[k]
		p := r.fonts.Picture(run.Face, g.ID, size)
		x := r.scale.ApplyFixed(g.X) + geom.Fixed(sub)*quarter
		b := p.Bounds.Add(at).Add(geom.Point{X: x.Round(), Y: r.scale.ApplyFixed(g.Y - baseline).Round()})
		w := int(b.W())
		for y := max(b.Y0, area.Y0); y < min(b.Y1, area.Y1); y++ {
			c.over(y, b.X0, p.Pix[int(y-b.Y0)*w:][:w], area)
		}
	}
}

// glyphs draws a run that is too long to be kept, glyph by glyph.
func (r *Raster) glyphs(c *canvas, lt *text.Layout, i int, sub uint8, at geom.Point, baseline geom.Fixed, color render.Color, area geom.Rect) {
	run := &lt.Runs()[i]
	gamma := text.Gamma(color)
	for k := range run.Glyphs {
		m, by := r.place(run, k, sub, baseline)
		by = by.Add(at)
		if !m.Bounds.Add(by).Overlaps(area) {
			continue
		}
		r.cells = grow(r.cells, len(m.Pix))
		for j, v := range m.Pix {
			r.cells[j] = gamma[v]
		}
		c.cover(&vector.Mask{Bounds: m.Bounds, Pix: r.cells}, by, color, area)
	}
}
