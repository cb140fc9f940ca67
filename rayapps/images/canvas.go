package images

import (
	"math"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// canvas is the widget that shows a picture.
type canvas struct{ s *Images }

// Layout implements ui.Node.
func (v canvas) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	e.Clip()
	v.s.el = e
	size := geom.Size{W: min(c.MaxW, 1<<14), H: min(c.MaxH, 1<<14)}
	scale := e.Root().Scale()
	room := geom.Size{W: scale.Apply(size.W), H: scale.Apply(size.H)}
	v.s.room, v.s.scale = room, scale.Float()
	if p := v.s.shown(); p != nil {
		v.s.camera.settle(room, p.size)
	}
	return size
}

// Focus implements ui.Focuser.
func (canvas) Focus(*ui.Element) ui.FocusPolicy { return ui.TabStop }

// Cursor implements ui.Pointed.
func (v canvas) Cursor(e *ui.Element, _ geom.Point) ui.Cursor {
	p := v.s.shown()
	switch {
	case p == nil || !v.s.camera.larger(v.s.room, p.size):
		return ui.CursorDefault
	case v.s.panning:
		return ui.CursorGrabbing
	}
	return ui.CursorGrab
}

// Describe implements ui.Describer.
func (v canvas) Describe(_ *ui.Element, i *ui.Info) {
	i.Role = ui.RoleImage
	if it := v.s.item(); it != nil {
		i.Name = it.name
	}
	if p := v.s.shown(); p != nil {
		i.Description = dimensions(p.size)
	}
}

// Paint implements ui.Node.
func (v canvas) Paint(e *ui.Element, p *ui.Painter) {
	s := v.s
	if s.full {
		p.Fill(e.Box(), render.RGBA(0, 0, 0, 255))
	}
	pic := s.shown()
	if pic == nil {
		return
	}
	b := p.Builder()
	b.PushClip(e.Box().Fixed())
	defer b.Pop()
	if err := s.draw(b, pic, e.Theme()); err != nil {
		s.fail(err)
	}
}

// draw draws the part of a picture that can be seen.
func (s *Images) draw(b *paint.Builder, pic *picture, th *theme.Theme) error {
	z := s.camera.scale(s.room, pic.size)
	o := s.camera.origin(s.room, pic.size)
	tiles, size, err := pic.source(z)
	if err != nil {
		return err
	}
	// The part of the picture that is in the room, in pixels of the source.
	k := geom.FPoint{X: float64(pic.size.W) * z / float64(size.W), Y: float64(pic.size.H) * z / float64(size.H)}
	along := func(o, k float64, room, size int32) (from, to int32) {
		from = int32(math.Floor(max(-o/k, 0))) - 1
		to = int32(math.Ceil(min((float64(room)-o)/k, float64(size)))) + 1
		return max(from, 0), min(to, size)
	}
	var seen geom.Rect
	seen.X0, seen.X1 = along(o.X, k.X, s.room.W, size.W)
	seen.Y0, seen.Y1 = along(o.Y, k.Y, s.room.H, size.H)
	if seen.Empty() {
		return nil
	}
	// place is where a part of the source is in the widget.
	place := func(r geom.Rect) geom.FixedRect {
		at := func(v int32, o, k float64) geom.Fixed {
			return geom.FixedFromFloat(math.Round(o+float64(v)*k) / s.scale)
		}
		return geom.FixedRect{X0: at(r.X0, o.X, k.X), Y0: at(r.Y0, o.Y, k.Y), X1: at(r.X1, o.X, k.X), Y1: at(r.Y1, o.Y, k.Y)}
	}
	if pic.about.alpha {
		if err := s.checkers(b, place(seen), th); err != nil {
			return err
		}
	}
	filter := render.Bilinear
	if z >= 3 {
		filter = render.Nearest
	}
	for _, t := range tiles {
		part := t.image.Size().Rect().Add(geom.Point{X: t.x, Y: t.y}).Intersect(seen)
		if !part.Empty() {
			b.Image(t.image, place(part), paint.ImageOptions{Src: part.Add(geom.Point{X: -t.x, Y: -t.y}), Filter: filter})
		}
	}
	return nil
}

// source returns what to draw at a zoom: the level that is shrunk by less than
// two, and its size.
func (p *picture) source(z float64) ([]tile, geom.Size, error) {
	if a := p.moving; a != nil {
		if a.image == nil {
			m, err := paint.NewImage(a.canvas)
			if err != nil {
				return nil, p.size, err
			}
			a.image = m
		}
		return []tile{{image: a.image}}, p.size, nil
	}
	i := 0
	for z *= 2; z <= 1 && i < len(p.levels)-1; z *= 2 {
		i++
	}
	t, err := p.levels[i].images()
	return t, p.levels[i].pixels.Size(), err
}

// check is the side of a square of the board below what is translucent, in
// logical pixels.
const check = 8

// boardSide is how large the picture of the board is.
const boardSide = 32 * check

// checkers draws the board below a box.
func (s *Images) checkers(b *paint.Builder, box geom.FixedRect, th *theme.Theme) error {
	if s.board == nil || s.boardOf != th.Scheme {
		light, dark := render.RGBA(255, 255, 255, 255), render.RGBA(224, 224, 224, 255)
		if !th.Light() {
			light, dark = render.RGBA(72, 74, 80, 255), render.RGBA(52, 54, 60, 255)
		}
		p := render.NewPixels(boardSide, boardSide, render.XRGB8888)
		for y := range int32(boardSide) {
			for x := range int32(boardSide) {
				c := light
				if (x/check+y/check)%2 != 0 {
					c = dark
				}
				o := y*p.Stride + 4*x
				p.Data[o], p.Data[o+1], p.Data[o+2], p.Data[o+3] = byte(c), byte(c>>8), byte(c>>16), 255
			}
		}
		m, err := paint.NewImage(p)
		if err != nil {
			return err
		}
		s.board, s.boardOf = m, th.Scheme
	}
	b.PushClip(box)
	defer b.Pop()
	r := box.Outwards()
	for y := r.Y0 / boardSide * boardSide; y < r.Y1; y += boardSide {
		for x := r.X0 / boardSide * boardSide; x < r.X1; x += boardSide {
			b.Image(s.board, geom.FixedXYWH(x, y, boardSide, boardSide), paint.ImageOptions{Filter: render.Nearest})
		}
	}
	return nil
}

// Handle implements ui.Handler.
func (v canvas) Handle(e *ui.Element, ev ui.Event) bool {
	s := v.s
	pic := s.shown()
	if g, ok := ev.(*ui.Pinch); ok && pic != nil {
		at := geom.FPoint{X: g.Pos.X * s.scale, Y: g.Pos.Y * s.scale}
		s.camera.zoomTo(s.camera.scale(s.room, pic.size)*g.Zoom, at, s.room, pic.size)
		s.camera.pan(geom.FPoint{X: -g.Pan.X * s.scale, Y: -g.Pan.Y * s.scale}, s.room, pic.size)
		e.Root().Invalidate()
		return true
	}
	p, ok := ev.(*ui.Pointer)
	if !ok || pic == nil {
		return false
	}
	at := geom.FPoint{X: p.Pos.X * s.scale, Y: p.Pos.Y * s.scale}
	switch p.Kind {
	case ui.PointerPress:
		if p.Button != ui.LeftButton {
			return false
		}
		s.panning, s.last = true, at
		if p.Clicks == 2 {
			s.toggle(at)
		}
	case ui.PointerMove:
		if !s.panning || !e.Pressed() {
			return false
		}
		s.camera.pan(geom.FPoint{X: s.last.X - at.X, Y: s.last.Y - at.Y}, s.room, pic.size)
		s.last = at
	case ui.PointerRelease, ui.PointerCancel:
		s.panning = false
	case ui.PointerScroll:
		switch {
		case p.Scroll.Y != 0:
			z := s.camera.scale(s.room, pic.size) * math.Pow(zoomStep, -min(max(p.Scroll.Y, -200), 200)/wheelClick)
			s.camera.zoomTo(z, at, s.room, pic.size)
		case p.Scroll.X != 0:
			s.camera.pan(geom.FPoint{X: p.Scroll.X * s.scale}, s.room, pic.size)
		}
	default:
		return false
	}
	e.Root().Invalidate()
	e.Repaint()
	return true
}

// wheelClick is how far a click of a wheel scrolls, in logical pixels.
const wheelClick = 54

// toggle changes between all of the picture and its own pixels.
func (s *Images) toggle(at geom.FPoint) {
	p := s.shown()
	if p == nil {
		return
	}
	if s.camera.zoom != 0 {
		s.camera.zoom = 0
		s.camera.settle(s.room, p.size)
		return
	}
	z := 1.0
	if fit(s.room, p.size) == 1 {
		z = 2
	}
	s.camera.zoomTo(z, at, s.room, p.size)
}
