package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Tone is how much a button asks for.
type Tone uint8

// Tones.
const (
	Plain   Tone = iota
	Primary      // what most people want; one in a place
	Quiet        // no fill until the pointer is over it
	Danger       // can't be undone
)

// Button does something when it is pressed. Without Text it is an icon button
// and needs a Name.
type Button struct {
	Text string
	Icon icon.Name
	// Trailing stands after the text: a chevron for what opens a menu.
	Trailing icon.Name
	Tone     Tone
	Disabled bool
	// Selected shows a button that is on.
	Selected bool
	// Toggle says that Selected means something, for who doesn't see it.
	Toggle bool
	// Name is what it is called where Text doesn't say.
	Name        string
	Description string
	OnPress     func()

	popup bool // opens something
	open  bool // and it is open
	apart bool // text and trailing icon stand at the edges, not together
}

// IconButton returns a button that shows an icon only.
func IconButton(i icon.Name, name string, onPress func()) Button {
	return Button{Icon: i, Name: name, Tone: Quiet, OnPress: onPress}
}

// NewState implements Stater.
func (Button) NewState() any { return new(press) }

// Focus implements Focuser.
func (b Button) Focus(*Element) FocusPolicy { return policy(b.Disabled) }

// Layout implements Node.
func (b Button) Layout(e *Element, c Constraints) geom.Size {
	h := e.Theme().Control()
	e.controlLine(h)
	if b.Text == "" {
		return geom.Size{W: h, H: h}
	}
	w := 2*theme.Space3 + b.icons()
	l := e.line1(b.Text, b.style(), max(bounded(c.MaxW, 0)-w, 0))
	return geom.Size{W: wide(l, bounded(c.MaxW, 0)-w) + w, H: h}
}

func (b Button) style() text.Style { return style(theme.Body, text.Regular) }

// icons returns the width that icons need.
func (b Button) icons() int32 {
	w := int32(0)
	if b.Icon != icon.None {
		w += theme.IconSmall + theme.Space2
	}
	if b.Trailing != icon.None {
		w += theme.IconSmall + theme.Space1
	}
	return w
}

// colours returns fill, border and ink.
func (b Button) colours(e *Element) (fill, border, ink render.Color) {
	th := e.Theme()
	s := e.State().(*press)
	switch {
	case b.Disabled && b.Tone == Quiet:
		return 0, 0, theme.Disabled(th.Text2)
	case b.Disabled:
		return theme.Fade(th.Surface3, 160), theme.Fade(th.Outline, 160), theme.Disabled(th.Text2)
	case b.Tone == Primary:
		return s.tint(e, th.Accent, th.OnAccent), 0, th.OnAccent
	case b.Tone == Danger:
		return s.tint(e, th.Bad, th.OnBad), 0, th.OnBad
	case b.Selected:
		return over(s.veil(e), th.Selection()), 0, th.Text1
	case b.Tone == Quiet:
		fill = s.veil(e)
		if b.open {
			fill = theme.Fade(th.Text1, 28)
		}
		return fill, 0, th.Text1
	}
	return s.fill(e, th.Surface3), th.Outline, th.Text1
}

// tint returns a strong fill as it is now: a little towards what is written on
// it.
func (s *press) tint(e *Element, c, ink render.Color) render.Color {
	if e.Pressed() && e.Hovered() || s.held && e.Focused() {
		return theme.Mix(c, ink, 48)
	}
	return theme.Mix(c, ink, uint8(uint32(s.glow(e))*24/255))
}

// over composites two translucent colours.
func over(a, b render.Color) render.Color {
	var out render.Color
	for shift := uint(0); shift < 32; shift += 8 {
		out |= render.Color(uint32(a>>shift&0xff)+uint32(b>>shift&0xff)*(255-uint32(a.A()))/255) << shift
	}
	return out
}

// Paint implements Node.
func (b Button) Paint(e *Element, p *Painter) {
	fill, border, ink := b.colours(e)
	box := e.Box()
	if border != 0 {
		p.Frame(box, theme.RadiusControl, fill, border)
	} else {
		p.Round(box, theme.RadiusControl, fill)
	}
	if e.FocusShown() {
		p.Ring(box, theme.RadiusControl)
	}
	if b.Text == "" {
		p.Icon(b.Icon, theme.IconSmall, box, ink)
		return
	}
	room := e.size.W - 2*theme.Space3 - b.icons()
	l := e.line1(b.Text, b.style(), room)
	w := wide(l, room)
	x, trailing := (e.size.W-w-b.icons())/2, int32(0)
	if trailing = x + b.icons() + w - theme.IconSmall; b.apart {
		x, trailing = theme.Space3, e.size.W-theme.Space3-theme.IconSmall
	}
	if b.Icon != icon.None {
		p.Icon(b.Icon, theme.IconSmall, e.Mirror(geom.XYWH(x, 0, theme.IconSmall, e.size.H)), ink)
		x += theme.IconSmall + theme.Space2
	}
	p.Text(l, e.Mirror(geom.XYWH(x, 0, w, 0)).X0, (e.size.H-high(l))/2, ink)
	if b.Trailing != icon.None {
		p.Icon(b.Trailing, theme.IconSmall, e.Mirror(geom.XYWH(trailing, 0, theme.IconSmall, e.size.H)), ink)
	}
}

// Handle implements Handler.
func (b Button) Handle(e *Element, ev Event) bool {
	return !b.Disabled && e.State().(*press).handle(e, ev, func() { e.Call(b.OnPress) })
}

// Describe implements Describer.
func (b Button) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Description = RoleButton, b.Name, b.Description
	if i.Name == "" {
		i.Name = b.Text
	}
	if b.Toggle {
		i.Role = RoleToggle
	}
	i.Traits |= trait(b.Disabled, IsDisabled) | trait(b.Toggle && b.Selected, IsChecked) |
		trait(b.popup, HasPopup|IsExpandable) | trait(b.open, IsExpanded)
	if !b.Disabled {
		i.Can(DoActivate)
	}
}

// Act implements Actor.
func (b Button) Act(e *Element, a Action, _ string) bool {
	if a != DoActivate || b.Disabled {
		return false
	}
	e.Call(b.OnPress)
	return true
}

// Pressable makes any view a button.
type Pressable struct {
	Child    Node
	Name     string
	Radius   int32
	Disabled bool
	Selected bool
	OnPress  func()
	// OnMenu is called for a press of the right button or the menu key.
	OnMenu func()
}

// NewState implements Stater.
func (Pressable) NewState() any { return new(press) }

// Build implements Parent.
func (b Pressable) Build(*Element) []Node { return []Node{b.Child} }

// Focus implements Focuser.
func (b Pressable) Focus(*Element) FocusPolicy { return policy(b.Disabled) }

// Layout implements Node.
func (b Pressable) Layout(e *Element, c Constraints) geom.Size { return e.layoutOnly(c) }

// Paint implements Node.
func (b Pressable) Paint(e *Element, p *Painter) {
	if b.Disabled {
		return
	}
	fill := e.State().(*press).veil(e)
	if b.Selected {
		fill = over(fill, e.Theme().Selection())
	}
	p.Round(e.Box(), b.Radius, fill)
	if e.FocusShown() {
		p.Ring(e.Box(), b.Radius)
	}
}

// Handle implements Handler.
func (b Pressable) Handle(e *Element, ev Event) bool {
	if b.Disabled {
		return false
	}
	if b.OnMenu != nil && wantsMenu(ev) {
		e.Call(b.OnMenu)
		return true
	}
	return e.State().(*press).handle(e, ev, func() { e.Call(b.OnPress) })
}

// wantsMenu reports whether an event asks for the menu of a thing.
func wantsMenu(ev Event) bool {
	switch ev := ev.(type) {
	case *Pointer:
		return ev.Kind == PointerPress && ev.Button == RightButton
	case *Keystroke:
		return !ev.Release && (ev.Sym == KeyMenu || ev.Sym == KeyF10 && ev.Mods == Shift)
	}
	return false
}

// Describe implements Describer.
func (b Pressable) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleButton, b.Name
	i.Traits |= trait(b.Disabled, IsDisabled) | trait(b.Selected, IsSelected) | trait(b.OnMenu != nil, HasPopup)
	if !b.Disabled {
		i.Can(DoActivate)
	}
}

// Act implements Actor.
func (b Pressable) Act(e *Element, a Action, _ string) bool {
	if a != DoActivate || b.Disabled {
		return false
	}
	e.Call(b.OnPress)
	return true
}
