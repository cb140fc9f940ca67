package switcher

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// ground is the sheet itself. It has the keyboard.
type ground struct {
	keys             func(k *ui.Keystroke) bool
	scroll           func(rows int)
	top, shown, rows int
	child            ui.Node
}

func (g ground) Build(*ui.Element) []ui.Node { return []ui.Node{g.child} }

func (g ground) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	e.Child(0).Layout(ui.Tight(size))
	e.Child(0).Place(0, 0)
	return size
}

func (g ground) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPrompt) }

// PaintOver implements ui.Overpainter: a bar says how much there is.
func (g ground) PaintOver(e *ui.Element, p *ui.Painter) {
	if g.rows <= g.shown {
		return
	}
	const wide = 3
	size := e.Size()
	track := size.H - 2*theme.RadiusPrompt
	h := max(track*int32(g.shown)/int32(g.rows), 2*wide)
	y := theme.RadiusPrompt + (track-h)*int32(g.top)/int32(g.rows-g.shown)
	p.Round(e.Mirror(geom.XYWH(size.W-wide-2, y, wide, h)), 1, e.Theme().Edge)
}

// Focus implements ui.Focuser.
func (ground) Focus(*ui.Element) ui.FocusPolicy { return ui.TakesAll }

// Handle implements ui.Handler.
func (g ground) Handle(e *ui.Element, ev ui.Event) bool {
	switch ev := ev.(type) {
	case *ui.Keystroke:
		return g.keys(ev)
	case *ui.Pointer:
		switch {
		case ev.Kind == ui.PointerScroll && ev.Scroll.Y > 0:
			g.scroll(1)
		case ev.Kind == ui.PointerScroll && ev.Scroll.Y < 0:
			g.scroll(-1)
		}
		return true
	}
	return false
}

// Describe implements ui.Describer.
func (ground) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RolePopover, lang.T("Window switcher")
}
