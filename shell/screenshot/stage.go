package screenshot

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// stage is the whole output: dimmed but for what is chosen.
type stage struct {
	s     *Sheet
	hole  geom.Rect
	note  string
	child ui.Node
}

func (g stage) Build(e *ui.Element) []ui.Node {
	return []ui.Node{g.child, tag{g.note}}
}

func (g stage) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	e.Child(0).Layout(ui.Tight(size))
	e.Child(0).Place(0, 0)
	t := e.Child(1)
	s := t.Layout(ui.Loose(size))
	x, y := (size.W-s.W)/2, (size.H-s.H)/2
	if !g.hole.Empty() {
		// Below what is chosen, or above where there is no room, or inside.
		x, y = (g.hole.X0+g.hole.X1-s.W)/2, g.hole.Y1+theme.Space2
		if y+s.H > size.H {
			y = g.hole.Y0 - theme.Space2 - s.H
		}
		if y < 0 {
			y = g.hole.Y0 + theme.Space4
		}
	}
	x = min(max(x, 0), size.W-s.W)
	if e.RTL() {
		x = size.W - x - s.W
	}
	t.Place(x, y)
	return size
}

func (g stage) Paint(e *ui.Element, p *ui.Painter) {
	box, h := e.Box(), g.hole
	if h.Empty() {
		p.Fill(box, dim())
		return
	}
	for _, r := range [...]geom.Rect{
		{X0: box.X0, Y0: box.Y0, X1: box.X1, Y1: h.Y0},
		{X0: box.X0, Y0: h.Y1, X1: box.X1, Y1: box.Y1},
		{X0: box.X0, Y0: h.Y0, X1: h.X0, Y1: h.Y1},
		{X0: h.X1, Y0: h.Y0, X1: box.X1, Y1: h.Y1},
	} {
		if !r.Empty() {
			p.Fill(r, dim())
		}
	}
	th := e.Theme()
	out := h
	if g.s.mode != Screen {
		out = h.Inset(-2)
	}
	p.Border(out, 0, 2, th.Accent)
	if g.s.mode != Region {
		return
	}
	const d = 10
	for _, y := range [...]int32{h.Y0, (h.Y0 + h.Y1) / 2, h.Y1} {
		for _, x := range [...]int32{h.X0, (h.X0 + h.X1) / 2, h.X1} {
			if x == (h.X0+h.X1)/2 && y == (h.Y0+h.Y1)/2 {
				continue
			}
			r := geom.XYWH(x-d/2, y-d/2, d, d)
			p.Disc(r, th.OnAccent)
			p.Disc(r.Inset(1), th.Accent)
		}
	}
}

// Focus implements ui.Focuser.
func (stage) Focus(*ui.Element) ui.FocusPolicy { return ui.TakesAll }

// Cursor implements ui.Pointed.
func (g stage) Cursor(_ *ui.Element, at geom.Point) ui.Cursor {
	if g.s.mode != Region {
		return ui.CursorPointer
	}
	switch h := g.s.sel.at(at); h {
	case gripMove:
		return ui.CursorGrab
	case gripE, gripW:
		return ui.CursorColResize
	case gripN, gripS:
		return ui.CursorRowResize
	default:
		return ui.CursorCrosshair
	}
}

// Handle implements ui.Handler.
func (g stage) Handle(e *ui.Element, ev ui.Event) bool {
	taken := false
	switch ev := ev.(type) {
	case *ui.Keystroke:
		taken = g.s.key(ev)
	case *ui.Pointer:
		over, sel := g.s.over, g.s.sel.box
		taken = g.s.pointer(ev)
		if ev.Kind == ui.PointerMove && over == g.s.over && sel == g.s.sel.box {
			return taken
		}
	}
	if taken {
		e.Call(func() {})
	}
	return taken
}

// Describe implements ui.Describer.
func (g stage) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name, i.Value = ui.RolePanel, [...]string{Region: lang.T("Screenshot: region"), Window: lang.T("Screenshot: window"), Screen: lang.T("Screenshot: screen")}[g.s.mode], g.note
}

// tag is a few words on a dark ground, which can be read over anything.
type tag struct{ text string }

const tagInk = render.Color(0xffeceff4)

func (t tag) Build(*ui.Element) []ui.Node {
	return []ui.Node{ui.Label{Text: t.text, Tabular: true, Lines: 1, Color: tagInk}}
}

func (t tag) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c.Loosen().Shrink(2*theme.Space3, 2*theme.Space1))
	e.Child(0).Place(theme.Space3, theme.Space1)
	return geom.Size{W: s.W + 2*theme.Space3, H: s.H + 2*theme.Space1}
}

func (t tag) Paint(e *ui.Element, p *ui.Painter) {
	p.Round(e.Box(), theme.RadiusControl, render.RGBA(15, 17, 21, 216))
}

// plate is what the buttons stand on.
type plate struct{ child ui.Node }

func (b plate) Build(*ui.Element) []ui.Node { return []ui.Node{b.child} }

func (b plate) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c.Loosen().Shrink(2*theme.Space2, 2*theme.Space2))
	e.Child(0).Place(theme.Space2, theme.Space2)
	return geom.Size{W: s.W + 2*theme.Space2, H: s.H + 2*theme.Space2}
}

func (b plate) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPrompt) }

// Handle keeps presses beside the buttons from the screen below.
func (b plate) Handle(_ *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	return ok && p.Kind == ui.PointerPress
}
