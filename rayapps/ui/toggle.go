package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Checkbox is a choice that is on or off.
type Checkbox struct {
	Text    string
	Checked bool
	// Mixed is neither: some of many are on.
	Mixed    bool
	Disabled bool
	// Name is what it is called where Text doesn't say.
	Name     string
	OnChange func(checked bool)
}

// NewState implements Stater.
func (Checkbox) NewState() any { return new(press) }

// Focus implements Focuser.
func (b Checkbox) Focus(*Element) FocusPolicy { return policy(b.Disabled) }

// mark is the size of boxes and radio buttons.
const mark = 16

// The text after a mark has at most markLines, and one in less room than
// markWraps, in logical pixels.
const (
	markLines = 3
	markWraps = 120
)

// besides is the text after a mark, in several lines where one is too short.
func besides(e *Element, s string, room int32) *text.Layout {
	st := style(0, text.Regular)
	if l := e.line1(s, st, 0); ceil(l.Advance()) <= room {
		return l
	}
	if room < markWraps {
		return e.line1(s, st, max(room, 1))
	}
	return e.Fonts().Layout(&text.Paragraph{Text: oneLine(tame(s, maxLine)), Style: st, Width: text.Px(max(room, 1)), MaxLines: markLines, Align: e.edge(Start)})
}

// markedLayout lays out a mark with text after it.
func markedLayout(e *Element, c Constraints, s string, markWidth int32) geom.Size {
	h := e.Theme().Control()
	e.controlLine(h)
	if s == "" {
		return geom.Size{W: markWidth, H: h}
	}
	lead := markWidth + theme.Space2
	room := max(bounded(c.MaxW, 0)-lead, 0)
	l := besides(e, s, room)
	if len(l.Lines()) > 1 {
		h = high(l) + theme.Space2
	}
	return geom.Size{W: lead + wide(l, room), H: h}
}

// paintBeside draws the text after a mark.
func paintBeside(e *Element, p *Painter, s string, markWidth int32, disabled bool) {
	if s == "" {
		return
	}
	ink := e.Theme().Text1
	if disabled {
		ink = theme.Disabled(e.Theme().Text2)
	}
	lead := markWidth + theme.Space2
	l := besides(e, s, e.size.W-lead)
	p.Text(l, e.Mirror(geom.XYWH(lead, 0, wide(l, e.size.W-lead), 0)).X0, (e.size.H-high(l))/2, ink)
}

// Layout implements Node.
func (b Checkbox) Layout(e *Element, c Constraints) geom.Size {
	return markedLayout(e, c, b.Text, mark)
}

// markColours returns fill, border and ink of a mark.
func markColours(e *Element, on, disabled bool) (fill, border, ink render.Color) {
	th := e.Theme()
	s := e.State().(*press)
	switch {
	case disabled && on:
		return theme.Fade(th.Text3, 90), 0, th.Surface1
	case disabled:
		return 0, theme.Disabled(th.Edge), 0
	case on:
		return s.tint(e, th.Accent, th.OnAccent), 0, th.OnAccent
	}
	return s.veil(e), th.Edge, 0
}

// Paint implements Node.
func (b Checkbox) Paint(e *Element, p *Painter) {
	box := e.Mirror(geom.XYWH(0, (e.size.H-mark)/2, mark, mark))
	fill, border, ink := markColours(e, b.Checked || b.Mixed, b.Disabled)
	p.Frame(box, theme.RadiusSmall, fill, border)
	switch {
	case b.Mixed:
		p.Round(geom.XYWH(box.X0+4, box.Y0+7, 8, 2), 1, ink)
	case b.Checked:
		// A tick reads the same from both sides.
		icon.Draw(p.Builder(), icon.Check, 12, geom.FixedPt(box.X0+2, box.Y0+2), false, ink)
	}
	if e.FocusShown() {
		p.Ring(box, theme.RadiusSmall)
	}
	paintBeside(e, p, b.Text, mark, b.Disabled)
}

// Handle implements Handler.
func (b Checkbox) Handle(e *Element, ev Event) bool {
	return !b.Disabled && e.State().(*press).handle(e, ev, func() { b.flip(e) })
}

func (b Checkbox) flip(e *Element) {
	if b.OnChange != nil {
		e.Call(func() { b.OnChange(!b.Checked) })
	}
}

// Describe implements Describer.
func (b Checkbox) Describe(_ *Element, i *Info) {
	describeToggle(i, RoleCheckbox, b.Name, b.Text, b.Checked, b.Disabled)
	i.Traits |= trait(b.Mixed, IsMixed)
}

func describeToggle(i *Info, r Role, name, s string, on, disabled bool) {
	i.Role, i.Name = r, name
	if name == "" {
		i.Name = s
	}
	i.Traits |= trait(on, IsChecked) | trait(disabled, IsDisabled)
	if !disabled {
		i.Can(DoActivate)
	}
}

// Act implements Actor.
func (b Checkbox) Act(e *Element, a Action, _ string) bool {
	if a != DoActivate || b.Disabled {
		return false
	}
	b.flip(e)
	return true
}

// Switch turns something on or off at once.
type Switch struct {
	Text     string
	On       bool
	Disabled bool
	// Name is what it is called where Text doesn't say.
	Name     string
	OnChange func(on bool)
}

type switchState struct {
	press
	knob motion
}

// The track of a switch.
const (
	switchW = 36
	switchH = 20
)

// NewState implements Stater.
func (s Switch) NewState() any {
	st := new(switchState)
	if s.On {
		st.knob.jump(256)
	}
	return st
}

// Focus implements Focuser.
func (s Switch) Focus(*Element) FocusPolicy { return policy(s.Disabled) }

// Layout implements Node.
func (s Switch) Layout(e *Element, c Constraints) geom.Size {
	return markedLayout(e, c, s.Text, switchW)
}

// Paint implements Node.
func (s Switch) Paint(e *Element, p *Painter) {
	th := e.Theme()
	st := e.State().(*switchState)
	to := int32(0)
	if s.On {
		to = 256
	}
	st.knob.set(e, to, theme.MotionPress)
	at := st.knob.at(e)
	track := e.Mirror(geom.XYWH(0, (e.size.H-switchH)/2, switchW, switchH))
	off, knob := th.Surface3, th.Edge
	on, onKnob := st.tint(e, th.Accent, th.OnAccent), th.OnAccent
	if s.Disabled {
		off, knob = 0, theme.Disabled(th.Edge)
		on, onKnob = theme.Fade(th.Text3, 90), th.Surface1
	} else {
		off = st.fill(e, off)
	}
	k := uint8(min(at, 255))
	p.Frame(track, switchH/2, theme.Mix(off, on, k), theme.Mix(knob, on, k))
	const size, inset = 12, 4
	travel := geom.Fixed((switchW - size - 2*inset) * at) // 24.8: at is of 256
	if e.RTL() {
		travel = (switchW-size-2*inset)<<8 - travel
	}
	box := geom.FixedXYWH(track.X0+inset, track.Y0+inset, size, size)
	box = box.Add(geom.FixedPoint{X: travel})
	p.disc(box, theme.Mix(knob, onKnob, k))
	if e.FocusShown() {
		p.Ring(track, switchH/2)
	}
	paintBeside(e, p, s.Text, switchW, s.Disabled)
}

// Handle implements Handler.
func (s Switch) Handle(e *Element, ev Event) bool {
	return !s.Disabled && e.State().(*switchState).handle(e, ev, func() { s.flip(e) })
}

func (s Switch) flip(e *Element) {
	if s.OnChange != nil {
		e.Call(func() { s.OnChange(!s.On) })
	}
}

// Describe implements Describer.
func (s Switch) Describe(_ *Element, i *Info) {
	describeToggle(i, RoleSwitch, s.Name, s.Text, s.On, s.Disabled)
}

// Act implements Actor.
func (s Switch) Act(e *Element, a Action, _ string) bool {
	if a != DoActivate || s.Disabled {
		return false
	}
	s.flip(e)
	return true
}
