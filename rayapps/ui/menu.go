package ui

import (
	"strings"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// MenuItem is a line of a menu.
type MenuItem struct {
	Text string
	Icon icon.Name
	// Shortcut is shown at the end of the line, as "Ctrl+Z", with the names that
	// keys have in the person's language; the menu doesn't act on it.
	Shortcut string
	// Checked is shown before the text; Check says that it can be.
	Check, Checked bool
	Disabled       bool
	Danger         bool
	// Separator is a line between groups, and nothing else.
	Separator bool
	OnPress   func()
}

// MenuButton is a button that opens a menu.
type MenuButton struct {
	Button Button
	Items  []MenuItem
}

type menuState struct{ open bool }

// NewState implements Stater.
func (MenuButton) NewState() any { return new(menuState) }

// Build implements Parent.
func (m MenuButton) Build(e *Element) []Node {
	s := e.State().(*menuState)
	b := m.Button
	b.popup, b.open = true, s.open
	b.OnPress = func() {
		s.open = !s.open
		e.Rebuild()
	}
	kids := []Node{b}
	if s.open {
		kids = append(kids, Key("layer", menuPanel(b.Text, m.Items, func() {
			s.open = false
			e.Rebuild()
		})))
	}
	return kids
}

// Layout implements Node.
func (MenuButton) Layout(e *Element, c Constraints) geom.Size {
	if k := e.Child(1); k != nil {
		k.raise()
	}
	return e.layoutOnly(c)
}

// Paint implements Node.
func (MenuButton) Paint(*Element, *Painter) {}

// Handle implements Handler: Down opens the menu.
func (m MenuButton) Handle(e *Element, ev Event) bool {
	s := e.State().(*menuState)
	if k, ok := ev.(*Keystroke); ok && !s.open && !m.Button.Disabled && e.step(k, false, true) > 0 {
		s.open = true
		e.Rebuild()
		return true
	}
	return false
}

func (MenuButton) passes() bool { return true }

func (MenuButton) placeLayer(e, layer *Element, within geom.Size) {
	layer.placeBeside(spot{anchor: e.Bounds(), gap: theme.Space1}, within)
}

func (MenuButton) traps(*Element) (*Element, bool) { return nil, true }

func (MenuButton) dismiss(e *Element) {
	e.State().(*menuState).open = false
	e.Rebuild()
}

// Menu is a menu beside its child, open while Open says so: for menus whose
// lines aren't known before the press. It closes, by OnClose, for Escape, for a
// press outside, and before a line is carried out.
type Menu struct {
	Child Node
	Open  bool
	Name  string
	Items []MenuItem
	// Page is for menus of several pages: with another page it begins anew.
	Page    string
	OnClose func()
}

// Build implements Parent.
func (m Menu) Build(e *Element) []Node {
	kids := []Node{m.Child}
	if m.Open {
		kids = append(kids, Key("layer "+m.Page, menuPanel(m.Name, m.Items, func() { e.Call(m.OnClose) })))
	}
	return kids
}

// Layout implements Node.
func (Menu) Layout(e *Element, c Constraints) geom.Size { return MenuButton{}.Layout(e, c) }

// Paint implements Node.
func (Menu) Paint(*Element, *Painter) {}

func (Menu) passes() bool { return true }

func (Menu) placeLayer(e, layer *Element, within geom.Size) {
	layer.placeBeside(spot{anchor: e.Bounds(), gap: theme.Space1}, within)
}

func (Menu) traps(*Element) (*Element, bool) { return nil, true }

func (m Menu) dismiss(e *Element) { e.Call(m.OnClose) }

// ContextMenu gives its child a menu of its own, for the right button and the
// menu key.
type ContextMenu struct {
	Name  string
	Child Node
	// Items is asked when the menu opens.
	Items func() []MenuItem
}

type contextState struct {
	open  bool
	at    geom.Point
	items []MenuItem
}

// NewState implements Stater.
func (ContextMenu) NewState() any { return new(contextState) }

// Build implements Parent.
func (m ContextMenu) Build(e *Element) []Node {
	s := e.State().(*contextState)
	kids := []Node{m.Child}
	if s.open {
		kids = append(kids, menuAt{at: s.at, items: s.items, name: m.Name, onClose: func() {
			s.open = false
			e.Rebuild()
		}})
	}
	return kids
}

// Layout implements Node.
func (ContextMenu) Layout(e *Element, c Constraints) geom.Size {
	if k := e.Child(1); k != nil {
		k.Layout(Tight(geom.Size{}))
	}
	return e.layoutOnly(c)
}

// Paint implements Node.
func (ContextMenu) Paint(*Element, *Painter) {}

// Handle implements Handler.
func (m ContextMenu) Handle(e *Element, ev Event) bool {
	s := e.State().(*contextState)
	if s.open || m.Items == nil || !wantsMenu(ev) {
		return false
	}
	s.at = geom.Point{Y: e.size.H}
	if p, ok := ev.(*Pointer); ok {
		s.at = p.Pos.Floor()
	} else if f := e.root.focus; f != nil && e.Holds(f) {
		b := f.Bounds()
		s.at = geom.Point{X: b.X0, Y: b.Y1}.Sub(e.origin())
	}
	s.open, s.items = true, m.Items()
	e.Rebuild()
	return true
}

// menuAt is an open menu at a point of its parent.
type menuAt struct {
	at      geom.Point
	items   []MenuItem
	name    string
	onClose func()
}

func (m menuAt) Build(*Element) []Node { return []Node{menuPanel(m.name, m.items, m.onClose)} }

func (m menuAt) Layout(e *Element, _ Constraints) geom.Size {
	e.Child(0).raise()
	return geom.Size{}
}

func (menuAt) Paint(*Element, *Painter) {}

func (m menuAt) placeLayer(e, layer *Element, within geom.Size) {
	at := m.at.Add(e.parent.origin())
	layer.placeBeside(spot{anchor: geom.Rect{X0: at.X, Y0: at.Y, X1: at.X, Y1: at.Y}, gap: theme.Space1}, within)
}

func (menuAt) traps(*Element) (*Element, bool) { return nil, true }

func (m menuAt) dismiss(*Element) { m.onClose() }

// menuPanel returns the panel of a menu.
func menuPanel(name string, items []MenuItem, onClose func()) Node {
	return panel{
		child:  menuList{name: name, items: items, onClose: onClose},
		insets: All(theme.Space1), radius: theme.RadiusPopover - 2, onEsc: func(*Element) { onClose() },
	}
}

// menuList is the lines of a menu.
type menuList struct {
	name    string
	items   []MenuItem
	onClose func()
}

func (m menuList) Build(*Element) []Node {
	kids := make([]Node, len(m.items))
	for i := range m.items {
		kids[i] = menuLine{list: m, i: i}
	}
	return []Node{ScrollView{Child: menuColumn{kids}}}
}

// menuColumn is as wide as its widest line.
type menuColumn struct{ lines []Node }

func (m menuColumn) Build(*Element) []Node { return m.lines }

func (m menuColumn) Layout(e *Element, c Constraints) geom.Size {
	w, y := c.MinW, int32(0)
	for _, k := range e.children {
		w = max(w, k.node.(menuLine).width(k))
	}
	w = min(w, c.MaxW)
	for _, k := range e.children {
		s := k.Layout(Constraints{w, w, 0, Unbounded})
		k.Place(0, y)
		y += s.H
	}
	return geom.Size{W: w, H: y}
}

func (menuColumn) Paint(*Element, *Painter) {}

func (m menuList) Layout(e *Element, c Constraints) geom.Size {
	w := int32(0)
	column := e.Child(0).Child(0)
	for _, k := range column.children {
		w = max(w, k.node.(menuLine).width(k))
	}
	if p := e.parent.parent; p != nil {
		if m, ok := p.node.(MenuButton); ok && m.Button.apart {
			w = max(w, p.size.W-2*theme.Space1) // as wide as what it opens from
		}
	}
	return e.layoutOnly(c.Width(max(w, 160)))
}

func (menuList) Paint(*Element, *Painter) {}

// Handle implements Handler: arrows go around.
func (m menuList) Handle(e *Element, ev Event) bool {
	k, ok := ev.(*Keystroke)
	if !ok || k.Release {
		return false
	}
	lines := e.Child(0).Child(0).children
	at := -1
	for i, l := range lines {
		if l.Focused() {
			at = i
		}
	}
	d := e.step(k, false, true)
	switch {
	case k.Sym == KeyHome:
		at, d = -1, 1
	case k.Sym == KeyEnd:
		at, d = len(lines), -1
	case d == 0:
		return m.jump(lines, at, k)
	case at < 0 && d < 0:
		at = len(lines)
	}
	n := len(lines)
	for range n {
		at = (at + d + n) % n
		if lines[at].Focus() {
			break
		}
	}
	return true
}

// jump goes to the next line that begins with a letter.
func (m menuList) jump(lines []*Element, at int, k *Keystroke) bool {
	if k.Mods&(Ctrl|Alt|Super) != 0 || !printable(k.Text) || k.Text == " " {
		return k.Sym == KeyTab || k.Sym == KeyBackTab
	}
	for i := range lines {
		next := (at + 1 + i + len(lines)) % len(lines)
		if hasPrefixFold(m.items[next].Text, k.Text) && lines[next].Focus() {
			return true
		}
	}
	return false
}

func (m menuList) Describe(_ *Element, i *Info) { i.Role, i.Name = RoleMenu, m.name }

// menuLine is one line of a menu.
type menuLine struct {
	list menuList
	i    int
}

func (menuLine) NewState() any { return new(press) }

func (m menuLine) item() *MenuItem { return &m.list.items[m.i] }

func (m menuLine) Focus(*Element) FocusPolicy {
	it := m.item()
	return policy(it.Disabled || it.Separator)
}

// lead is the room before the text, for icons and checks.
func (m menuLine) lead() int32 {
	for i := range m.list.items {
		if it := &m.list.items[i]; it.Icon != icon.None || it.Check {
			return theme.Space2 + theme.IconSmall + theme.Space2
		}
	}
	return theme.Space3
}

func (m menuLine) width(e *Element) int32 {
	it := m.item()
	w := m.lead() + ceil(e.line1(it.Text, style(0, text.Regular), 0).Advance()) + theme.Space3
	if it.Shortcut != "" {
		w += theme.Space5 + ceil(e.line1(chord(it.Shortcut), style(theme.Caption, text.Regular), 0).Advance())
	}
	return w
}

// chord writes keys joined by + as their caps are named.
func chord(keys string) string {
	if keys == "" {
		return ""
	}
	names := strings.Split(keys, "+")
	for i, k := range names {
		switch k {
		case "Ctrl":
			names[i] = lang.C("key", "Ctrl")
		case "Shift":
			names[i] = lang.C("key", "Shift")
		case "Space":
			names[i] = lang.C("key", "Space")
		case "Enter":
			names[i] = lang.C("key", "Enter")
		case "Del":
			names[i] = lang.C("key", "Del")
		}
	}
	return strings.Join(names, "+")
}

func (m menuLine) Layout(e *Element, c Constraints) geom.Size {
	if m.item().Separator {
		return geom.Size{W: c.MaxW, H: 9}
	}
	return geom.Size{W: c.MaxW, H: e.Theme().Control()}
}

func (m menuLine) Paint(e *Element, p *Painter) {
	th := e.Theme()
	it := m.item()
	if it.Separator {
		p.Fill(geom.XYWH(theme.Space1, 4, e.size.W-2*theme.Space1, 1), th.Outline)
		return
	}
	ink, dim := th.Text1, th.Text3
	switch {
	case it.Disabled:
		ink, dim = theme.Disabled(th.Text2), theme.Disabled(th.Text3)
	case it.Danger:
		ink = th.Bad
	}
	if e.Focused() && !it.Disabled {
		p.Round(e.Box(), theme.RadiusSmall+1, theme.Fade(th.Text1, 24))
	}
	if e.FocusShown() {
		p.InnerRing(e.Box(), theme.RadiusSmall+1)
	}
	mark := e.Mirror(geom.XYWH(theme.Space2, 0, theme.IconSmall, e.size.H))
	switch {
	case it.Check && it.Checked:
		p.Icon(icon.Check, theme.IconSmall, mark, th.Accent)
	case it.Icon != icon.None:
		p.Icon(it.Icon, theme.IconSmall, mark, ink)
	}
	end := e.size.W - theme.Space3
	if it.Shortcut != "" {
		l := e.line1(chord(it.Shortcut), style(theme.Caption, text.Regular), 0)
		w := ceil(l.Advance())
		p.Text(l, e.Mirror(geom.XYWH(end-w, 0, w, 0)).X0, (e.size.H-high(l))/2, dim)
		end -= w + theme.Space3
	}
	room := end - m.lead()
	l := e.line1(it.Text, style(0, text.Regular), room)
	p.Text(l, e.Mirror(geom.XYWH(m.lead(), 0, wide(l, room), 0)).X0, (e.size.H-high(l))/2, ink)
}

func (m menuLine) hoverChanged(e *Element, over bool) {
	if over && m.Focus(e) != NoFocus {
		e.root.setFocus(e)
		e.root.byKeyboard = false
	}
}

func (m menuLine) Handle(e *Element, ev Event) bool {
	it := m.item()
	if it.Disabled || it.Separator {
		_, press := ev.(*Pointer)
		return press
	}
	return e.State().(*press).handle(e, ev, func() { m.run(e) })
}

// run closes the menu, gives the focus back and then does what the line says,
// which may look at the focus.
func (m menuLine) run(e *Element) {
	r := e.root
	m.list.onClose()
	r.settleFocus()
	if fn := m.item().OnPress; fn != nil {
		r.Invalidate()
		fn()
	}
}

func (m menuLine) Describe(_ *Element, i *Info) {
	it := m.item()
	if it.Separator {
		i.Role = RoleSeparator
		return
	}
	i.Role, i.Name, i.Description = RoleMenuItem, it.Text, chord(it.Shortcut)
	if it.Check {
		i.Role = RoleCheckMenuItem
	}
	i.Traits |= trait(it.Checked, IsChecked) | trait(it.Disabled, IsDisabled)
	if !it.Disabled {
		i.Can(DoActivate)
	}
}

func (m menuLine) Act(e *Element, a Action, _ string) bool {
	if it := m.item(); a != DoActivate || it.Disabled || it.Separator {
		return false
	}
	m.run(e)
	return true
}
