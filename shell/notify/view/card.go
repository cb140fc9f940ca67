package view

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/notify"
	trust "rayos/shell/theme"
)

// card is a notification. It can be pressed, and dragged away sideways.
type card struct {
	n     *notify.Notification
	act   Actions
	toast bool // it floats over windows
	live  bool // its program hears of actions
	pics  pictures
	icons Icons // may be nil
	th    *theme.Theme
}

// Distances of a drag.
const (
	dragSlop = 6   // before it is one
	dragAway = 120 // from where on a release takes the card away
)

type cardState struct {
	held    bool
	drag    bool
	pressed float64
	by      float64 // to the right
	pushed  int     // layers that PaintOver has to pop
}

// NewState implements ui.Stater.
func (card) NewState() any { return new(cardState) }

// Build implements ui.Parent.
func (c card) Build(*ui.Element) []ui.Node {
	n, th := c.n, c.th
	head := ui.Nodes{
		ui.Expand{Child: ui.Label{Text: title(n), Size: theme.Caption, Lines: 1, Color: th.Text2}},
		ui.Label{Text: lang.Clock(n.At), Size: theme.Caption, Tabular: true, Lines: 1, Color: th.Text3},
		ui.IconButton(icon.Close, lang.T("Dismiss"), func() { c.act.Dismiss(n.ID) }),
	}
	if !c.toast {
		head = head[1:]
		line := ui.Label{Text: n.Summary, Bold: true, Lines: 2}
		if n.Summary == "" {
			line = ui.Label{Text: title(n), Size: theme.Caption, Lines: 1, Color: th.Text2}
		}
		head = append(ui.Nodes{ui.Expand{Child: line}}, head...)
	}
	body := ui.Nodes{ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: head}}
	if c.toast && n.Summary != "" {
		body = append(body, ui.Label{Text: n.Summary, Bold: true, Lines: 2})
	}
	if len(n.Body) > 0 {
		body = append(body, ui.Padding{Insets: ui.Insets{End: theme.Space2}, Child: bodyOf(n, c.toast)})
	}
	if n.Value >= 0 {
		body = append(body, ui.Padding{
			Insets: ui.Insets{Top: theme.Space2, Bottom: theme.Space1, End: theme.Space2},
			Child:  ui.Progress{Name: n.Summary, Value: float64(n.Value) / 100},
		})
	}
	if row := c.buttons(); row != nil {
		body = append(body, ui.Padding{Insets: ui.Insets{Top: theme.Space2, End: theme.Space2, Bottom: theme.Space1}, Child: row})
	}
	return []ui.Node{ui.Row{Gap: theme.Space3, Children: ui.Nodes{
		ui.Padding{Insets: ui.Insets{Top: theme.Space1}, Child: c.picture()},
		ui.Expand{Child: ui.Column{Align: ui.Stretch, Children: body}},
	}}}
}

func bodyOf(n *notify.Notification, toast bool) ui.Node {
	lines := 12
	if toast {
		lines = 4
	}
	return body{n.Body, lines}
}

// maxButtons is how many actions a toast has room for; the drawer has all.
const maxButtons = 3

func (c card) buttons() ui.Node {
	list := c.n.Actions
	if !c.live || len(list) == 0 {
		return nil
	}
	if c.toast && len(list) > maxButtons {
		list = list[:maxButtons]
	}
	kids := make(ui.Nodes, 0, len(list))
	for _, a := range list {
		kids = append(kids, ui.Key(a.Key, ui.Button{Text: a.Label, OnPress: func() { c.act.Choose(c.n.ID, a.Key) }}))
	}
	return ui.Grid{Columns: min(len(kids), maxButtons), Gap: theme.Space2, Children: kids}
}

// insets leave room for the stripe.
var insets = ui.Insets{Top: theme.Space2, End: theme.Space2, Bottom: theme.Space3, Start: theme.Space4}

// Layout implements ui.Node.
func (c card) Layout(e *ui.Element, k ui.Constraints) geom.Size {
	in := k.Shrink(insets.Start+insets.End, insets.Top+insets.Bottom)
	in.MinH = 0
	s := e.Child(0).Layout(in.Width(in.MaxW))
	e.Child(0).Place(insets.Start, insets.Top)
	return geom.Size{W: k.MaxW, H: s.H + insets.Top + insets.Bottom}
}

// Paint implements ui.Node.
func (c card) Paint(e *ui.Element, p *ui.Painter) {
	s, th, b := e.State().(*cardState), e.Theme(), p.Builder()
	b.PushOffset(geom.FixedPoint{X: text.Px(int32(s.by))})
	s.pushed = 1
	if away := min(int64(abs(s.by)), dragAway*2); away > dragSlop {
		b.PushOpacity(uint8(255 * (dragAway*3 - away) / (dragAway * 3)))
		s.pushed = 2
	}
	box := e.Box()
	switch {
	case c.toast:
		p.Popover(box, theme.RadiusPopover)
	default:
		p.Frame(box, theme.RadiusPopover, th.Surface1, th.Outline)
	}
	c.stripe(e, p)
}

// PaintOver implements ui.Overpainter.
func (c card) PaintOver(e *ui.Element, p *ui.Painter) {
	if e.FocusShown() {
		p.InnerRing(e.Box(), theme.RadiusPopover)
	}
	s := e.State().(*cardState)
	for ; s.pushed > 0; s.pushed-- {
		p.Builder().Pop()
	}
}

// stripe says at the start edge whose word this is: by a colour and a pattern.
func (c card) stripe(e *ui.Element, p *ui.Painter) {
	th, color := e.Theme(), trustColor(c.n.Trust, e.Theme())
	pattern := c.n.Trust.Pattern()
	switch {
	case c.n.Trust != trust.Session:
	case c.n.Urgency == notify.Critical:
		color, pattern = th.Bad, trust.Solid
	default:
		return
	}
	box := e.Box()
	b := p.Builder()
	b.PushRoundedClip(box.Fixed(), paint.Round(text.Px(theme.RadiusPopover)))
	on, off := box.H(), int32(0)
	switch pattern {
	case trust.Dashes:
		on, off = 8, 4
	case trust.Dots:
		on, off = trust.Stripe, trust.Stripe
	case trust.Hatched:
		on, off = 2, 2
	}
	for y := int32(0); y < box.H(); y += on + off {
		if pattern == trust.DoubleLine {
			p.Fill(e.Mirror(geom.XYWH(0, y, 2, on)), color)
			p.Fill(e.Mirror(geom.XYWH(4, y, 2, on)), color)
			continue
		}
		p.Fill(e.Mirror(geom.XYWH(0, y, trust.Stripe, on)), color)
	}
	b.Pop()
}

// Handle implements ui.Handler.
func (c card) Handle(e *ui.Element, ev ui.Event) bool {
	switch ev := ev.(type) {
	case *ui.Pointer:
		return c.pointer(e, ev)
	case *ui.Keystroke:
		if ev.Release || ev.Mods&(ui.Ctrl|ui.Alt|ui.Super) != 0 {
			return false
		}
		switch ev.Sym {
		case ui.KeyEnter, ui.KeyPadEnter, ui.KeySpace:
			e.Call(c.press)
		case ui.KeyDelete, ui.KeyBackspace:
			e.Call(c.dismiss)
		default:
			return false
		}
		return true
	}
	return false
}

func (c card) pointer(e *ui.Element, ev *ui.Pointer) bool {
	s := e.State().(*cardState)
	switch ev.Kind {
	case ui.PointerPress:
		if ev.Button != ui.LeftButton {
			return ev.Button == ui.MiddleButton
		}
		s.held, s.pressed = true, ev.Pos.X
	case ui.PointerMove:
		if !s.held {
			return false
		}
		if d := ev.Pos.X - s.pressed; s.drag || abs(d) > dragSlop {
			s.drag, s.by = true, d
			e.Repaint()
		}
	case ui.PointerRelease:
		switch {
		case ev.Button == ui.MiddleButton || s.drag && abs(s.by) > dragAway:
			e.Call(c.dismiss)
		case s.held && !s.drag && ev.Pos.Floor().In(e.Box()):
			e.Call(c.press)
		}
		s.held, s.drag, s.by = false, false, 0
		e.Repaint()
	case ui.PointerCancel:
		s.held, s.drag, s.by = false, false, 0
		e.Repaint()
	default:
		return false
	}
	return true
}

// press does what the program offers for a click. A toast without that goes.
func (c card) press() {
	switch {
	case c.live && c.n.Default:
		c.act.Choose(c.n.ID, notify.DefaultAction)
	case c.toast:
		c.dismiss()
	}
}

func (c card) dismiss() { c.act.Dismiss(c.n.ID) }

// Focus implements ui.Focuser.
func (c card) Focus(*ui.Element) ui.FocusPolicy { return ui.TabStop }

// Describe implements ui.Describer.
func (c card) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name, i.Description = ui.RoleListItem, c.n.Summary, title(c.n)
	if c.toast {
		i.Role = ui.RoleAlert
	}
	if i.Name == "" {
		i.Name = c.n.Text()
	}
	if c.n.Value >= 0 {
		i.Value = lang.F("{percent}%", "percent", lang.Number(int(c.n.Value)))
	}
	i.Can(ui.DoActivate, ui.DoDismiss)
}

// Act implements ui.Actor.
func (c card) Act(e *ui.Element, a ui.Action, _ string) bool {
	switch a {
	case ui.DoActivate:
		e.Call(c.press)
	case ui.DoDismiss:
		e.Call(c.dismiss)
	default:
		return false
	}
	return true
}

func abs(v float64) float64 { return max(v, -v) }
