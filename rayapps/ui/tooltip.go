package ui

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// Tooltip says more about its child when the pointer rests on it, or the focus
// that came by keyboard.
type Tooltip struct {
	Text  string
	Child Node
}

type tooltipState struct{ open bool }

// NewState implements Stater.
func (Tooltip) NewState() any { return new(tooltipState) }

// Build implements Parent.
func (t Tooltip) Build(e *Element) []Node {
	kids := []Node{t.Child}
	if e.State().(*tooltipState).open && t.Text != "" {
		kids = append(kids, Key("layer", tip{t.Text}))
	}
	return kids
}

// Layout implements Node.
func (Tooltip) Layout(e *Element, c Constraints) geom.Size {
	if k := e.Child(1); k != nil {
		k.raise()
	}
	return e.layoutOnly(c)
}

// Paint implements Node.
func (Tooltip) Paint(*Element, *Painter) {}

func (Tooltip) passes() bool { return true }

func (t Tooltip) hoverChanged(e *Element, over bool) {
	if over {
		e.SetTimer(e.root.Now() + theme.TooltipDelay)
		return
	}
	t.show(e, false)
}

// Tick implements Ticker.
func (t Tooltip) Tick(e *Element, _ time.Duration) {
	f := e.root.focus
	t.show(e, e.Hovered() || f != nil && e.Holds(f) && f.FocusShown())
}

func (t Tooltip) focusWithin(e *Element, has bool) {
	switch {
	case has && e.root.byKeyboard:
		e.SetTimer(e.root.Now() + theme.TooltipDelay)
	case !e.Hovered():
		t.show(e, false)
	}
}

func (t Tooltip) show(e *Element, open bool) {
	e.StopTimer()
	if s := e.State().(*tooltipState); s.open != open {
		s.open = open
		e.Rebuild()
	}
}

// hideTips closes tooltips: who presses or types has understood.
func (r *Root) hideTips() {
	for _, l := range r.layers {
		if t, ok := l.parent.node.(Tooltip); ok && !l.gone {
			t.show(l.parent, false)
		}
	}
}

func (Tooltip) placeLayer(e, layer *Element, within geom.Size) {
	layer.placeBeside(spot{anchor: e.Bounds(), gap: theme.Space2, width: 320, middle: true}, within)
}

func (Tooltip) traps(*Element) (*Element, bool) { return nil, false }

func (t Tooltip) dismiss(e *Element) { t.show(e, false) }

// Describe implements Describer: the text is to be had without a pointer.
func (t Tooltip) Describe(_ *Element, i *Info) {
	i.Role, i.Description = RoleGroup, t.Text
}

// tip is the panel of a tooltip.
type tip struct{ text string }

func (t tip) para(e *Element, w int32) *text.Layout {
	return e.Fonts().Layout(&text.Paragraph{Text: tame(t.text, maxLine), Style: style(theme.Caption, text.Regular), Width: text.Px(w), Align: e.edge(Start)})
}

func (t tip) Layout(e *Element, c Constraints) geom.Size {
	l := t.para(e, 0)
	if ceil(l.Advance()) > c.MaxW-2*theme.Space2 {
		l = t.para(e, max(c.MaxW-2*theme.Space2, 1))
	}
	return geom.Size{W: ceil(l.Advance()) + 2*theme.Space2, H: high(l) + theme.Space2}
}

func (t tip) Paint(e *Element, p *Painter) {
	p.raised(e.Box(), theme.RadiusControl, e.Theme().TipShadow())
	p.Text(t.para(e, e.size.W-2*theme.Space2), theme.Space2, theme.Space1, e.Theme().Text1)
}

func (t tip) Describe(_ *Element, i *Info) { i.Role, i.Name = RoleTooltip, t.text }

func (tip) passes() bool { return true }
