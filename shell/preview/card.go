package preview

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// Card is a window: its badge and name, whose it is, and room for its picture.
// It is as large as it is told to be.
type Card struct {
	Window Window
	// Chosen is the one that a key would take.
	Chosen bool
	// Bare has no ground of its own unless it is chosen.
	Bare bool
	// Loose is where the picture is not shown on the card: it is being dragged,
	// or on its way.
	Loose   bool
	OnPress func()
	// OnOver is told where in the root the pointer is while it moves over the
	// card.
	OnOver func(at geom.FPoint)
	// OnClose gives the card a cross, and the middle button something to do.
	OnClose func()
	// OnDrag is told where in the root the picture is dragged to, and once that
	// it is over; dropped is false if it was given up.
	OnDrag func(at geom.FPoint)
	OnDrop func(at geom.FPoint, dropped bool)
	// Index of Count is its place among the cards, from 1.
	Index, Count int
}

// far is how far a press has to go to be a drag.
const far = 8

// hold is what a card remembers of a press.
type hold struct {
	down, drag bool
	from       geom.FPoint
}

// NewState implements ui.Stater.
func (Card) NewState() any { return &hold{} }

// Build implements ui.Parent.
func (c Card) Build(e *ui.Element) []ui.Node {
	th, w := e.Theme(), &c.Window
	line := ui.Nodes{Badge{Window: *w}}
	if w.Trust != trust.Session {
		line = append(line, ui.Label{Text: w.Trust.Name(), Size: theme.Caption, Bold: true, Color: ink(w, th), Lines: 1})
	}
	colour := th.Text1
	if w.Minimised && !c.Chosen {
		colour = th.Text2
	}
	line = append(line, ui.Expand{Child: ui.Label{Text: w.Name(), Lines: 1, Color: colour}})
	if c.OnClose != nil {
		line = append(line, cross{name: lang.F("Close {window}", "window", w.Name()), act: c.OnClose})
	}
	return []ui.Node{ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: line}}
}

// ink is the trust colour for words, which have to be read.
func ink(w *Window, th *theme.Theme) render.Color {
	c := w.colour(th)
	for k := uint8(32); theme.Contrast(c, th.Surface3) < 4.5 && k < 224; k += 32 {
		c = theme.Mix(w.colour(th), th.Text1, k)
	}
	return c
}

// Layout implements ui.Node.
func (c Card) Layout(e *ui.Element, k ui.Constraints) geom.Size {
	size := geom.Size{W: k.MaxW, H: k.MaxH}
	e.Child(0).Layout(ui.Tight(geom.Size{W: max(size.W-2*Pad, 0), H: min(Header, max(size.H-Pad, 0))}))
	e.Child(0).Place(Pad, Pad-2)
	return size
}

// Paint implements ui.Node.
func (c Card) Paint(e *ui.Element, p *ui.Painter) {
	th, box := e.Theme(), e.Box()
	switch {
	case c.Chosen:
		p.Round(box, theme.RadiusPopover, th.Surface3)
		p.Border(box, theme.RadiusPopover, 2, th.Accent)
	case e.Hovered():
		p.Round(box, theme.RadiusPopover, th.Surface3)
	case !c.Bare:
		p.Frame(box, theme.RadiusPopover, th.Surface2, th.Outline)
	}
	if c.Window.Attention {
		p.Disc(e.Mirror(geom.XYWH(4, 4, 8, 8)), th.Warn)
	}
	if c.Loose {
		return
	}
	pic := Picture(box, c.Window.Size)
	if pic.Empty() {
		pic = room(box)
		p.Frame(pic, theme.RadiusSmall, th.Surface1, th.Outline)
		p.Icon(icon.Window, theme.IconLarge, pic, th.Text3)
	} else {
		p.Fill(pic, th.Surface1)
	}
	Pattern(p.Builder(), c.Window.Trust, geom.XYWH(pic.X0, pic.Y0-Stripe, pic.W(), Stripe), c.Window.colour(th))
}

// Pattern draws a trust stripe: each level has a pattern of its own.
func Pattern(b *paint.Builder, t trust.Trust, r geom.Rect, c render.Color) {
	row := func(y, h int32) { b.Fill(geom.XYWH(r.X0, r.Y0+y, r.W(), h).Fixed(), c) }
	dash := func(on, off int32) {
		for x := r.X0; x < r.X1; x += on + off {
			b.Fill(geom.Rect{X0: x, Y0: r.Y0, X1: min(x+on, r.X1), Y1: r.Y1}.Fixed(), c)
		}
	}
	switch t.Pattern() {
	case trust.Plain:
		row(r.H()-1, 1)
	case trust.Solid:
		row(0, r.H())
	case trust.DoubleLine:
		row(0, 1)
		row(r.H()-1, 1)
	case trust.Dashes:
		dash(8, 4)
	case trust.Dots:
		dash(3, 3)
	case trust.Hatched:
		dash(2, 2)
	}
}

// Handle implements ui.Handler.
func (c Card) Handle(e *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	if !ok {
		return false
	}
	h := e.State().(*hold)
	b := e.Bounds().Min()
	at := geom.FPoint{X: p.Pos.X + float64(b.X), Y: p.Pos.Y + float64(b.Y)}
	switch {
	case p.Button == ui.MiddleButton && (p.Kind == ui.PointerPress || p.Kind == ui.PointerRelease):
		return ui.Click(e, ev, ui.MiddleButton, func() { e.Call(c.OnClose) })
	case p.Kind == ui.PointerMove && h.down:
		c.drag(e, h, at)
		return true
	case p.Kind == ui.PointerMove:
		if c.OnOver != nil {
			c.OnOver(at)
		}
		return false
	case p.Kind == ui.PointerPress && p.Button == ui.LeftButton:
		*h = hold{down: true, from: at}
		return true
	case p.Kind == ui.PointerRelease && p.Button == ui.LeftButton, p.Kind == ui.PointerCancel:
		was, cancelled := *h, p.Kind == ui.PointerCancel
		*h = hold{}
		switch {
		case was.drag:
			e.Call(func() { c.OnDrop(at, !cancelled) })
		case was.down && !cancelled && p.Pos.Floor().In(e.Box()):
			e.Call(c.OnPress)
		}
		return was.down
	}
	return false
}

func (c Card) drag(e *ui.Element, h *hold, at geom.FPoint) {
	dx, dy := at.X-h.from.X, at.Y-h.from.Y
	if c.OnDrag == nil || !h.drag && dx*dx+dy*dy < far*far {
		return
	}
	h.drag = true
	e.Call(func() { c.OnDrag(at) })
}

// Describe implements ui.Describer.
func (c Card) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleListItem, c.Window.described()
	i.Index, i.Count = c.Index, c.Count
	i.Can(ui.DoActivate)
	if c.OnClose != nil {
		i.Can(ui.DoDismiss)
	}
	if c.Chosen {
		i.Traits |= ui.IsSelected
	}
}

// Act implements ui.Actor.
func (c Card) Act(e *ui.Element, a ui.Action, _ string) bool {
	switch {
	case a == ui.DoActivate && c.OnPress != nil:
		e.Call(c.OnPress)
	case a == ui.DoDismiss && c.OnClose != nil:
		e.Call(c.OnClose)
	default:
		return false
	}
	return true
}

var _ interface {
	ui.Node
	ui.Parent
	ui.Handler
	ui.Describer
	ui.Actor
	ui.Stater
} = Card{}
