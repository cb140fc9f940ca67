package ui

import (
	"math"
	"strconv"
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// Series is a line of a LineChart.
type Series struct {
	Name string
	// Color is Theme.Accent if 0.
	Color render.Color
	// Values stand at equal distances; NaN leaves a gap. Of more than 4,096
	// the last ones are shown.
	Values []float64
}

// LineChart shows how numbers went. The pointer, or arrows, read single values.
type LineChart struct {
	Name   string
	Series []Series
	// Min and Max are the ends of the scale; equal ones fit the values.
	Min, Max float64
	// Format writes a value; nil is the number.
	Format func(float64) string
	// Area fills below the lines.
	Area bool
	H    int32 // 0 is 120
}

type chartState struct{ cursor int } // a place in the values, -1 for none

const (
	chartH    = 120
	maxPoints = 4096
	gridLines = 4
)

// NewState implements Stater.
func (LineChart) NewState() any { return &chartState{-1} }

// Focus implements Focuser.
func (c LineChart) Focus(*Element) FocusPolicy { return policy(c.count() == 0) }

// Layout implements Node.
func (c LineChart) Layout(_ *Element, k Constraints) geom.Size {
	h := c.H
	if h <= 0 {
		h = chartH
	}
	return geom.Size{W: bounded(k.MaxW, 240), H: h}
}

func (s *Series) shown() []float64 { return s.Values[max(len(s.Values)-maxPoints, 0):] }

func (c LineChart) count() int {
	n := 0
	for i := range c.Series {
		n = max(n, len(c.Series[i].shown()))
	}
	return n
}

// finite reports whether v can be drawn.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// span returns the ends of the scale.
func (c LineChart) span() (lo, hi float64) {
	if c.Max > c.Min && finite(c.Max-c.Min) {
		return c.Min, c.Max
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range c.Series {
		for _, v := range c.Series[i].shown() {
			if finite(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > 0 && lo < hi/2 {
		lo = 0
	}
	if !(hi > lo) || !finite(hi-lo) {
		if !finite(lo) || !finite(hi) {
			lo = 0
		}
		return lo, lo + 1
	}
	return lo, hi
}

func (c LineChart) format(v float64) string { return number(c.Format, v) }

func number(format func(float64) string, v float64) string {
	if format != nil {
		return format(v)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// plot returns the place of the lines, from the start edge.
func (c LineChart) plot(e *Element, lo, hi float64) geom.Rect {
	st := axisStyle()
	w := int32(0)
	for _, v := range [3]float64{lo, (lo + hi) / 2, hi} {
		w = max(w, ceil(e.line1(c.format(v), st, 0).Advance()))
	}
	half := st.Height().Int() / 2
	return geom.Rect{X0: min(w+theme.Space2, e.size.W/2), Y0: half, X1: e.size.W - theme.Space1, Y1: e.size.H - half}
}

// axisStyle is that of the numbers beside a chart.
func axisStyle() text.Style {
	st := style(theme.Caption, text.Regular)
	st.Tabular = true
	return st
}

// Paint implements Node.
func (c LineChart) Paint(e *Element, p *Painter) {
	th := e.Theme()
	lo, hi := c.span()
	plot := c.plot(e, lo, hi)
	if plot.Empty() {
		return
	}
	st := axisStyle()
	for i := range int32(gridLines + 1) {
		y := plot.Y1 - 1 - plot.H()*i/gridLines
		y = max(y, plot.Y0)
		p.Fill(e.Mirror(geom.Rect{X0: plot.X0, Y0: y, X1: plot.X1, Y1: y + 1}), theme.Fade(th.Outline, 160))
		if i%gridLines == 0 || i == gridLines/2 {
			l := e.line1(c.format(lo+(hi-lo)*float64(i)/gridLines), st, 0)
			w := ceil(l.Advance())
			p.Text(l, e.Mirror(geom.XYWH(plot.X0-theme.Space2-w, 0, w, 0)).X0, y-high(l)/2, th.Text3)
		}
	}
	n := c.count()
	for i := range c.Series {
		c.draw(e, p, &c.Series[i], plot, lo, hi, n)
	}
	if at := c.reading(e, plot, n); at >= 0 {
		c.read(e, p, plot, lo, hi, n, at)
	}
	if e.FocusShown() {
		p.Ring(e.Box(), theme.RadiusSmall)
	}
}

// point returns where value i of n is drawn, in e.
func point(e *Element, plot geom.Rect, lo, hi float64, i, n int, v float64) geom.FixedPoint {
	x := plot.X0<<8 + int32(int64(plot.W()-1)<<8*int64(i)/int64(max(n-1, 1)))
	if e.RTL() {
		x = e.size.W<<8 - x
	}
	f := min(max((v-lo)/(hi-lo), 0), 1)
	return geom.FixedPoint{X: geom.Fixed(x), Y: geom.Fixed(plot.Y1<<8-256) - geom.Fixed(part(f, (plot.H()-1)<<8))}
}

func (s *Series) color(th *theme.Theme) render.Color {
	if s.Color != 0 {
		return s.Color
	}
	return th.Accent
}

// draw adds one line, in pieces where values are missing.
func (c LineChart) draw(e *Element, p *Painter, s *Series, plot geom.Rect, lo, hi float64, n int) {
	values := s.shown()
	ink := s.color(e.Theme())
	base := geom.Fixed(plot.Y1 << 8)
	for i := 0; i < len(values); {
		if !finite(values[i]) {
			i++
			continue
		}
		line, area := new(paint.Path), new(paint.Path)
		from := point(e, plot, lo, hi, n-len(values)+i, n, values[i])
		line.MoveTo(from.X, from.Y)
		area.MoveTo(from.X, base)
		area.LineTo(from.X, from.Y)
		at := from
		for i++; i < len(values) && finite(values[i]); i++ {
			at = point(e, plot, lo, hi, n-len(values)+i, n, values[i])
			line.LineTo(at.X, at.Y)
			area.LineTo(at.X, at.Y)
		}
		area.LineTo(at.X, base)
		area.Close()
		if at == from {
			p.disc(geom.FixedRect{X0: at.X - 512, Y0: at.Y - 512, X1: at.X + 512, Y1: at.Y + 512}, ink)
			continue
		}
		if c.Area {
			p.Builder().Path(area, geom.FixedPoint{}, theme.Fade(ink, 38))
		}
		p.Builder().Stroke(line, geom.FixedPoint{}, 384, paint.RoundCap, ink)
	}
}

// reading returns which value is read, or -1.
func (c LineChart) reading(e *Element, plot geom.Rect, n int) int {
	if n == 0 {
		return -1
	}
	if e.FocusShown() {
		return min(e.State().(*chartState).cursor, n-1)
	}
	at := e.root.pointer.pos.Floor().Sub(e.origin())
	x := e.Start(at.X) - plot.X0
	if !e.Hovered() || x < 0 || x > plot.W() {
		return -1
	}
	return int((int64(x)*int64(n-1) + int64(plot.W()/2)) / int64(max(plot.W(), 1)))
}

// read marks the values at one place.
func (c LineChart) read(e *Element, p *Painter, plot geom.Rect, lo, hi float64, n, at int) {
	th := e.Theme()
	x := point(e, plot, lo, hi, at, n, lo).X.Int()
	p.Fill(geom.Rect{X0: x, Y0: plot.Y0, X1: x + 1, Y1: plot.Y1}, th.Edge)
	var said []string
	for i := range c.Series {
		s := &c.Series[i]
		values := s.shown()
		k := at - (n - len(values))
		if k < 0 || k >= len(values) || !finite(values[k]) {
			continue
		}
		q := point(e, plot, lo, hi, at, n, values[k])
		const r, hole = 4 << 8, 2 << 8
		p.disc(geom.FixedRect{X0: q.X - r, Y0: q.Y - r, X1: q.X + r, Y1: q.Y + r}, s.color(th))
		p.disc(geom.FixedRect{X0: q.X - hole, Y0: q.Y - hole, X1: q.X + hole, Y1: q.Y + hole}, th.Surface1)
		word := c.format(values[k])
		if s.Name != "" && len(c.Series) > 1 {
			word = s.Name + " " + word
		}
		said = append(said, word)
	}
	if len(said) == 0 {
		return
	}
	l := e.line1(strings.Join(said, " · "), axisStyle(), plot.W())
	w := wide(l, plot.W()) + 2*theme.Space2
	box := geom.XYWH(min(max(x-w/2, 0), e.size.W-w), plot.Y0, w, high(l)+theme.Space1)
	p.Frame(box, theme.RadiusSmall, th.Surface3, th.Outline)
	p.Text(l, box.X0+theme.Space2, box.Y0+theme.Space1/2, th.Text1)
}

// Handle implements Handler.
func (c LineChart) Handle(e *Element, ev Event) bool {
	switch ev := ev.(type) {
	case *Pointer:
		if ev.Kind == PointerMove {
			e.Repaint()
		}
	case *Keystroke:
		d := e.step(ev, true, false)
		if d == 0 || c.count() == 0 {
			return false
		}
		s := e.State().(*chartState)
		if s.cursor < 0 {
			s.cursor = c.count()
		}
		s.cursor = min(max(s.cursor+d, 0), c.count()-1)
		e.Repaint()
		return true
	}
	return false
}

// Describe implements Describer: the last value of each line, and its range.
func (c LineChart) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleChart, c.Name
	var said []string
	for k := range c.Series {
		s := &c.Series[k]
		lo, hi, last := math.Inf(1), math.Inf(-1), math.NaN()
		for _, v := range s.shown() {
			if finite(v) {
				lo, hi, last = min(lo, v), max(hi, v), v
			}
		}
		if finite(last) {
			said = append(said, strings.TrimSpace(s.Name+" "+c.format(last)+", "+c.format(lo)+" to "+c.format(hi)))
		}
	}
	i.Value = strings.Join(said, "; ")
}

// Bar is one of a BarChart.
type Bar struct {
	Text  string
	Value float64
	Color render.Color // 0 is Theme.Accent
}

// BarChart compares numbers that aren't negative.
type BarChart struct {
	Name   string
	Bars   []Bar // the first 200 are shown
	Max    float64
	Format func(float64) string
	H      int32 // 0 is 120
}

const maxBars = 200

// Layout implements Node.
func (c BarChart) Layout(e *Element, k Constraints) geom.Size {
	return LineChart{H: c.H}.Layout(e, k)
}

// Paint implements Node.
func (c BarChart) Paint(e *Element, p *Painter) {
	th := e.Theme()
	bars := c.Bars[:min(len(c.Bars), maxBars)]
	if len(bars) == 0 {
		return
	}
	top := c.Max
	for _, b := range bars {
		if c.Max <= 0 && finite(b.Value) {
			top = max(top, b.Value)
		}
	}
	st := axisStyle()
	line := st.Height().Int()
	room := max(e.size.H-2*line-theme.Space1, 1)
	foot := line + room
	n := int32(len(bars))
	p.Fill(geom.XYWH(0, foot, e.size.W, 1), th.Outline)
	for i, b := range bars {
		x0, x1 := e.size.W*int32(i)/n, e.size.W*int32(i+1)/n
		gap := min((x1-x0)/5, theme.Space3)
		h := int32(0)
		if finite(b.Value) && top > 0 {
			h = part(b.Value/top, room)
		}
		ink := b.Color
		if ink == 0 {
			ink = th.Accent
		}
		box := e.Mirror(geom.Rect{X0: x0 + gap, Y0: foot - h, X1: x1 - gap, Y1: foot})
		r := text.Px(min(theme.RadiusSmall, h))
		p.Builder().Box(box.Fixed(), paint.Box{Radii: paint.Radii{r, r, 0, 0}, Fill: ink})
		c.label(e, p, number(c.Format, b.Value), x0, x1, foot-h-line, th.Text2)
		c.label(e, p, b.Text, x0, x1, foot+theme.Space1, th.Text2)
	}
}

// label writes below or above a bar.
func (c BarChart) label(e *Element, p *Painter, s string, x0, x1, y int32, ink render.Color) {
	if x1-x0 < 12 {
		return
	}
	l := e.line1(s, axisStyle(), x1-x0)
	w := wide(l, x1-x0)
	p.Text(l, e.Mirror(geom.XYWH(x0+(x1-x0-w)/2, 0, w, 0)).X0, y, ink)
}

// Describe implements Describer.
func (c BarChart) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleChart, c.Name
	said := make([]string, 0, len(c.Bars))
	for _, b := range c.Bars[:min(len(c.Bars), maxBars)] {
		said = append(said, b.Text+" "+number(c.Format, b.Value))
	}
	i.Value = strings.Join(said, ", ")
}
