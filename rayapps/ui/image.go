package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// Fit is how a picture fills a place of another shape.
type Fit uint8

// Fits.
const (
	Contain Fit = iota // all of it
	Cover              // all of the place
	Fill               // stretched
)

// Image shows a picture.
type Image struct {
	Image *paint.Image
	// W and H are its size in logical pixels; 0 is that of the picture, or
	// what its shape makes of the other.
	W, H   int32
	Fit    Fit
	Radius int32
	// Name says what it shows; without, it is decoration.
	Name string
}

func (m Image) natural() geom.Size {
	if m.Image == nil {
		return geom.Size{W: m.W, H: m.H}
	}
	s := m.Image.Size()
	switch {
	case m.W > 0 && m.H > 0:
		return geom.Size{W: m.W, H: m.H}
	case m.W > 0:
		return geom.Size{W: m.W, H: scaled(s.H, m.W, s.W)}
	case m.H > 0:
		return geom.Size{W: scaled(s.W, m.H, s.H), H: m.H}
	}
	return s
}

// scaled returns v·n/d, rounded.
func scaled(v, n, d int32) int32 {
	if d <= 0 {
		return 0
	}
	return int32((int64(v)*int64(n) + int64(d)/2) / int64(d))
}

// Layout implements Node.
func (m Image) Layout(_ *Element, c Constraints) geom.Size {
	s := m.natural()
	if s.W > c.MaxW {
		s = geom.Size{W: c.MaxW, H: scaled(s.H, c.MaxW, s.W)}
	}
	if s.H > c.MaxH {
		s = geom.Size{W: scaled(s.W, c.MaxH, s.H), H: c.MaxH}
	}
	return s
}

// Paint implements Node.
func (m Image) Paint(e *Element, p *Painter) {
	if m.Image == nil || e.size.Empty() {
		return
	}
	s := m.Image.Size()
	box, o := e.Box(), paint.ImageOptions{Filter: render.Bilinear, Radii: paint.Round(text.Px(m.Radius))}
	wider := int64(s.W)*int64(box.H()) > int64(box.W())*int64(s.H)
	switch {
	case m.Fit == Contain && wider:
		h := scaled(s.H, box.W(), s.W)
		box = geom.XYWH(0, (box.H()-h)/2, box.W(), h)
	case m.Fit == Contain:
		w := scaled(s.W, box.H(), s.H)
		box = geom.XYWH((box.W()-w)/2, 0, w, box.H())
	case m.Fit == Cover && wider:
		w := max(scaled(box.W(), s.H, box.H()), 1)
		o.Src = geom.XYWH((s.W-w)/2, 0, w, s.H)
	case m.Fit == Cover:
		h := max(scaled(box.H(), s.W, box.W()), 1)
		o.Src = geom.XYWH(0, (s.H-h)/2, s.W, h)
	}
	p.Builder().Image(m.Image, box.Fixed(), o)
}

// Describe implements Describer.
func (m Image) Describe(_ *Element, i *Info) {
	if m.Name != "" {
		i.Role, i.Name = RoleImage, m.Name
	}
}

// Canvas is a place that the application draws itself.
type Canvas struct {
	// Name and Value say what is to be seen.
	Name, Value string
	// W and H are the size in logical pixels; 0 is all the room there is.
	W, H int32
	// Draw draws into a builder whose origin is the corner of the canvas; it
	// is clipped.
	Draw func(b *paint.Builder, size geom.Size)
	// OnEvent gets the events, and makes the canvas take the focus.
	OnEvent func(ev Event) bool
}

// Layout implements Node.
func (v Canvas) Layout(e *Element, c Constraints) geom.Size {
	e.Clip()
	s := geom.Size{W: v.W, H: v.H}
	if s.W <= 0 {
		s.W = bounded(c.MaxW, 0)
	}
	if s.H <= 0 {
		s.H = bounded(c.MaxH, 0)
	}
	return s
}

// Focus implements Focuser.
func (v Canvas) Focus(*Element) FocusPolicy { return policy(v.OnEvent == nil) }

// Paint implements Node.
func (v Canvas) Paint(e *Element, p *Painter) {
	if v.Draw != nil {
		p.Builder().PushClip(e.Box().Fixed())
		v.Draw(p.Builder(), e.size)
		p.Builder().Pop()
	}
}

// PaintOver implements Overpainter.
func (v Canvas) PaintOver(e *Element, p *Painter) {
	if e.FocusShown() {
		p.InnerRing(e.Box(), theme.RadiusSmall)
	}
}

// Handle implements Handler.
func (v Canvas) Handle(e *Element, ev Event) bool {
	if v.OnEvent == nil || !v.OnEvent(ev) {
		return false
	}
	e.root.Invalidate()
	e.Repaint()
	return true
}

// Describe implements Describer.
func (v Canvas) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Value = RoleCanvas, v.Name, v.Value
}
