package ui

import (
	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Tab is the head of one of several views.
type Tab struct {
	Text string
	Icon icon.Name
}

// Tabs shows one of several views, and the heads of all. Arrows choose.
type Tabs struct {
	Name     string
	Tabs     []Tab
	Selected int
	// Child is the view that is chosen.
	Child    Node
	OnSelect func(i int)
	// OnClose puts a cross on every tab; Delete closes the focused one.
	OnClose func(i int)
}

// Build implements Parent.
func (t Tabs) Build(*Element) []Node { return []Node{tabBar{t}, tabPanel{t}} }

// Layout implements Node.
func (t Tabs) Layout(e *Element, c Constraints) geom.Size {
	bar, panel := e.children[0], e.children[1]
	s := bar.Layout(Constraints{c.MinW, c.MaxW, 0, c.MaxH})
	bar.Place(0, 0)
	ps := panel.Layout(c.Shrink(0, s.H))
	panel.Place(0, s.H)
	return geom.Size{W: max(s.W, ps.W), H: s.H + ps.H}
}

// Paint implements Node.
func (t Tabs) Paint(e *Element, p *Painter) {
	p.Fill(geom.XYWH(0, e.children[0].size.H-1, e.size.W, 1), e.Theme().Outline)
}

func (Tabs) passes() bool { return true }

// tabPanel is the view below the heads.
type tabPanel struct{ tabs Tabs }

func (v tabPanel) Build(*Element) []Node { return []Node{v.tabs.Child} }

func (tabPanel) Layout(e *Element, c Constraints) geom.Size { return e.layoutOnly(c) }

func (tabPanel) Paint(*Element, *Painter) {}

func (tabPanel) passes() bool { return true }

func (v tabPanel) Describe(_ *Element, i *Info) {
	i.Role = RoleTabPanel
	if s := v.tabs.Selected; s >= 0 && s < len(v.tabs.Tabs) {
		i.Name = v.tabs.Tabs[s].Text
	}
}

// tabBar is the heads.
type tabBar struct{ tabs Tabs }

type tabBarState struct {
	x, w  motion // of the line below the chosen one, in pixels
	shown bool
}

func (tabBar) NewState() any { return new(tabBarState) }

func (b tabBar) Build(*Element) []Node {
	kids := make([]Node, len(b.tabs.Tabs))
	for i := range kids {
		kids[i] = tab{b.tabs, i}
	}
	return kids
}

// Layout gives each head its width, and less to all where they don't fit.
func (b tabBar) Layout(e *Element, c Constraints) geom.Size {
	h := e.Theme().Control() + theme.Space2
	total := int32(0)
	for _, k := range e.children {
		total += k.node.(tab).width(k)
	}
	x := int32(0)
	for _, k := range e.children {
		w := k.node.(tab).width(k)
		if total > c.MaxW {
			w = scaled(w, c.MaxW, total)
		}
		k.Layout(Tight(geom.Size{W: w, H: h}))
		k.Place(x, 0)
		x += w
	}
	return geom.Size{W: x, H: h}
}

func (tabBar) Paint(*Element, *Painter) {}

// PaintOver implements Overpainter.
func (b tabBar) PaintOver(e *Element, p *Painter) {
	k := e.Child(b.tabs.Selected)
	if k == nil {
		return
	}
	s := e.State().(*tabBarState)
	x, w := k.pos.X+theme.Space3, k.size.W-2*theme.Space3
	if !s.shown {
		s.shown = true
		s.x.jump(x)
		s.w.jump(w)
	}
	s.x.set(e, x, theme.MotionPanel)
	s.w.set(e, w, theme.MotionPanel)
	p.Round(e.Mirror(geom.XYWH(s.x.at(e), e.size.H-2, s.w.at(e), 2)), 1, e.Theme().Accent)
}

// Handle implements Handler.
func (b tabBar) Handle(e *Element, ev Event) bool {
	k, ok := ev.(*Keystroke)
	if !ok || len(e.children) == 0 {
		return false
	}
	at := -1
	for i, t := range e.children {
		if t.Focused() {
			at = i
		}
	}
	n := len(e.children)
	d := e.step(k, true, false)
	switch {
	case at < 0 || k.Release:
		return false
	case d != 0:
		at = (at + d + n) % n
	case k.Sym == KeyHome:
		at = 0
	case k.Sym == KeyEnd:
		at = n - 1
	case k.Sym == KeyDelete && b.tabs.OnClose != nil:
		e.Call(func() { b.tabs.OnClose(at) })
		return true
	default:
		return false
	}
	b.choose(e, at)
	return true
}

func (b tabBar) choose(e *Element, i int) {
	if i != b.tabs.Selected && b.tabs.OnSelect != nil {
		e.Call(func() { b.tabs.OnSelect(i) })
	}
	if k := e.Child(i); k != nil {
		k.Focus()
	}
}

func (b tabBar) Describe(_ *Element, i *Info) { i.Role, i.Name = RoleTabList, b.tabs.Name }

// tab is one head.
type tab struct {
	tabs Tabs
	i    int
}

func (tab) NewState() any { return new(press) }

func (t tab) on() bool { return t.i == t.tabs.Selected }

func (t tab) Focus(*Element) FocusPolicy {
	none := t.tabs.Selected < 0 || t.tabs.Selected >= len(t.tabs.Tabs)
	if t.on() || none && t.i == 0 {
		return TabStop
	}
	return ByPress
}

func (t tab) style() text.Style {
	if t.on() {
		return style(0, text.SemiBold)
	}
	return style(0, text.Regular)
}

func (t tab) extra() (before, after int32) {
	before, after = theme.Space3, theme.Space3
	if t.tabs.Tabs[t.i].Icon != icon.None {
		before += theme.IconSmall + theme.Space2
	}
	if t.tabs.OnClose != nil {
		after += theme.IconSmall + theme.Space1
	}
	return before, after
}

// width is that of the chosen head, so that choosing moves nothing.
func (t tab) width(e *Element) int32 {
	before, after := t.extra()
	return before + ceil(e.line1(t.tabs.Tabs[t.i].Text, style(0, text.SemiBold), 0).Advance()) + after
}

func (tab) Layout(_ *Element, c Constraints) geom.Size {
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (t tab) Paint(e *Element, p *Painter) {
	th := e.Theme()
	ink := th.Text2
	if t.on() {
		ink = th.Text1
	}
	box := geom.XYWH(theme.Space1, theme.Space1, e.size.W-2*theme.Space1, e.size.H-2*theme.Space1)
	p.Round(box, theme.RadiusControl, e.State().(*press).veil(e))
	if e.FocusShown() {
		p.InnerRing(box, theme.RadiusControl)
	}
	before, after := t.extra()
	it := t.tabs.Tabs[t.i]
	if it.Icon != icon.None {
		p.Icon(it.Icon, theme.IconSmall, e.Mirror(geom.XYWH(theme.Space3, 0, theme.IconSmall, e.size.H)), ink)
	}
	room := max(e.size.W-before-after, 1)
	l := e.line1(it.Text, t.style(), room)
	w := wide(l, room)
	p.Text(l, e.Mirror(geom.XYWH(before+(room-w)/2, 0, w, 0)).X0, (e.size.H-high(l))/2, ink)
	if t.tabs.OnClose != nil {
		p.Icon(icon.Close, 12, e.Mirror(t.cross(e)), th.Text2)
	}
}

func (t tab) cross(e *Element) geom.Rect {
	return geom.XYWH(e.size.W-theme.Space3-theme.IconSmall, (e.size.H-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
}

func (t tab) Handle(e *Element, ev Event) bool {
	if p, ok := ev.(*Pointer); ok && t.tabs.OnClose != nil {
		cross := p.Pos.Floor().In(e.Mirror(t.cross(e)))
		if p.Kind == PointerRelease && cross || p.Kind == PointerPress && p.Button == MiddleButton {
			e.Call(func() { t.tabs.OnClose(t.i) })
			return true
		}
	}
	return e.State().(*press).handle(e, ev, func() { e.parent.node.(tabBar).choose(e.parent, t.i) })
}

func (t tab) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Index, i.Count = RoleTab, t.tabs.Tabs[t.i].Text, t.i+1, len(t.tabs.Tabs)
	i.Traits |= trait(t.on(), IsSelected)
	i.Can(DoSelect)
	if t.tabs.OnClose != nil {
		i.Can(DoDismiss)
	}
}

func (t tab) Act(e *Element, a Action, _ string) bool {
	switch {
	case a == DoSelect:
		e.parent.node.(tabBar).choose(e.parent, t.i)
	case a == DoDismiss && t.tabs.OnClose != nil:
		e.Call(func() { t.tabs.OnClose(t.i) })
	default:
		return false
	}
	return true
}
