package ui

import (
	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// TextField is one line of text to write, or a line that grows to several.
//
// Text is what it starts with. From then on the field has its own text; a view
// whose Text differs from that of the view before replaces it.
type TextField struct {
	Text        string
	Placeholder string
	// Name is what it asks for; a field has no label of its own.
	Name string
	// Icon stands before the text.
	Icon     icon.Name
	Password bool
	ReadOnly bool
	Disabled bool
	// Invalid marks a text that can't be taken; say why beside it.
	Invalid bool
	// Bare draws no box: the prompt has one of its own.
	Bare bool
	Mono bool
	// Size is a type size, 0 is theme.Body.
	Size int32
	// Ghost stands behind the text, as what Tab would add.
	Ghost string
	// First takes the focus when the dialog that it is in opens.
	First    bool
	Purpose  Purpose
	MaxBytes int // 0 is 4096
	// Grow is how many lines the field may be high: it wraps, Shift+Enter begins
	// a line, and what is beyond scrolls. With 0 or 1 it stays a single line.
	Grow int
	// OnLines is told how many lines the field is high, while it is laid out: it
	// may not change the view.
	OnLines  func(n int)
	OnChange func(string)
	OnSubmit func(string)
	// OnKey sees keys first, and keeps those for which it returns true. It
	// doesn't see those that move between lines, or begin one.
	OnKey func(*Keystroke) bool
}

const (
	fieldWidth = 200
	maxField   = 4 << 10
)

// NewState implements Stater.
func (f TextField) NewState() any {
	s := new(edit)
	s.y.upright = true
	f.configure(s)
	s.reset(f.Text)
	return s
}

func (f TextField) configure(s *edit) {
	s.ed.Password, s.ed.Multiline = f.Password, f.Grow > 1
	s.limit(f.ReadOnly || f.Disabled, f.MaxBytes, maxField)
}

// Updated implements Updater.
func (f TextField) Updated(e *Element, old Node) {
	s := e.State().(*edit)
	f.configure(s)
	s.adopt(old.(TextField).Text, f.Text)
}

// Build implements Parent.
func (f TextField) Build(e *Element) []Node {
	return []Node{e.State().(*edit).menuNode(e, f.editing(e, e.size))}
}

// Focus implements Focuser.
func (f TextField) Focus(*Element) FocusPolicy {
	if f.First && !f.Disabled {
		return TakesAll
	}
	return policy(f.Disabled)
}

func (f TextField) height(e *Element) int32 {
	st := f.style()
	return max(e.Theme().Control(), st.Height().Int()+8)
}

func (f TextField) style() text.Style {
	st := style(f.Size, text.Regular)
	if f.Mono {
		st.Family = text.Mono
	}
	return st
}

// editing returns what the field lets be done, with the place of the text in e,
// which is of a size.
func (f TextField) editing(e *Element, size geom.Size) *editing {
	margin := int32(theme.Space2)
	if f.Bare {
		margin = 0
	}
	before := margin
	if f.Icon != icon.None {
		before += theme.IconSmall + theme.Space2
	}
	inner := geom.Rect{X0: before, Y0: 0, X1: max(size.W-margin, before+1), Y1: size.H}
	if e.RTL() {
		inner.X0, inner.X1 = size.W-inner.X1, size.W-inner.X0
	}
	c := &editing{style: f.style(), inner: inner, ghost: f.Ghost, onChange: f.OnChange, onSubmit: f.OnSubmit, grows: f.Grow > 1}
	if c.grows && e.State().(*edit).wraps(e, c) {
		c.wrap = true
		pad := (f.height(e) - f.lineHeight()) / 2
		c.inner.Y0, c.inner.Y1 = pad, max(size.H-pad, pad+1)
	}
	return c
}

func (f TextField) lineHeight() int32 {
	st := f.style()
	return st.Height().Int()
}

// Layout implements Node.
func (f TextField) Layout(e *Element, c Constraints) geom.Size {
	for _, k := range e.children {
		k.Layout(Tight(geom.Size{}))
	}
	h := f.height(e)
	l := e.Fonts().Layout(&text.Paragraph{Text: "x", Style: f.style()})
	e.SetBaseline((h-high(l))/2 + base(l))
	w := max(c.MinW, min(fieldWidth, c.MaxW))
	if f.Grow > 1 {
		h += f.grow(e, w, h)
	}
	return geom.Size{W: w, H: h}
}

// grow returns how much higher than one line the field is.
func (f TextField) grow(e *Element, w, h int32) int32 {
	s := e.State().(*edit)
	n, step := 1, f.lineHeight()
	if c := f.editing(e, geom.Size{W: w, H: h}); c.wrap {
		l := s.layout(e, c)
		n = min(max(len(l.Lines()), 1), f.Grow)
		c.inner.Y1 = c.inner.Y0 + int32(n)*step
		s.y.measure(c.inner.H(), high(l))
		if s.chase {
			s.follow(c, l)
		}
	}
	s.chase = false
	if f.OnLines != nil {
		f.OnLines(n)
	}
	return int32(n-1) * step
}

// Paint implements Node.
func (f TextField) Paint(e *Element, p *Painter) {
	th := e.Theme()
	s := e.State().(*edit)
	if !f.Bare {
		paintField(e, p, &s.press, f.Disabled, f.Invalid)
	}
	if f.Icon != icon.None {
		ink, x := th.Text2, int32(theme.Space2)
		if f.Disabled {
			ink = theme.Disabled(ink)
		}
		if f.Bare {
			x = 0
		}
		p.Icon(f.Icon, theme.IconSmall, e.Mirror(geom.XYWH(x, 0, theme.IconSmall, e.size.H)), ink)
	}
	c := f.editing(e, e.size)
	s.paint(e, p, c, f.Placeholder, f.Disabled)
	if c.wrap {
		s.y.paint(e, p)
	}
}

// paintField draws the box of a field.
func paintField(e *Element, p *Painter, s *press, disabled, invalid bool) {
	th := e.Theme()
	fill, border := th.Surface1, theme.Mix(th.Outline, th.Edge, 160)
	border = theme.Mix(border, th.Text2, s.glow(e)/2)
	switch {
	case disabled:
		fill, border = theme.Fade(th.Surface3, 120), th.Outline
	case invalid:
		border = th.Bad
	case e.Active() && !e.FocusShown():
		border = th.Accent
	}
	p.Frame(e.Box(), theme.RadiusControl, fill, border)
	if e.FocusShown() {
		p.Ring(e.Box(), theme.RadiusControl)
	}
}

// Handle implements Handler.
func (f TextField) Handle(e *Element, ev Event) bool {
	if f.Disabled {
		return false
	}
	s, c := e.State().(*edit), f.editing(e, e.size)
	if k, ok := ev.(*Keystroke); ok && c.grows && s.lineKey(e, k, c) {
		s.changed(e, c)
		return true
	}
	if k, ok := ev.(*Keystroke); ok && f.OnKey != nil {
		done := false
		e.Call(func() { done = f.OnKey(k) })
		if done {
			return true
		}
	}
	return s.handle(e, ev, f.editing(e, e.size))
}

// FocusChanged implements FocusWatcher.
func (f TextField) FocusChanged(e *Element, has bool) { e.State().(*edit).focus(e, has) }

// focus starts the caret, or drops what was being composed.
func (s *edit) focus(e *Element, has bool) {
	s.moved = e.root.Now()
	if !has {
		s.ed.SetPreedit(text.Preedit{})
	} else if e.root.tabbing && !s.ed.Multiline {
		s.ed.SelectAll()
	}
	e.Repaint()
}

// Cursor implements Pointed.
func (f TextField) Cursor(*Element, geom.Point) Cursor {
	if f.Disabled {
		return CursorDefault
	}
	return CursorText
}

// IME implements Typist.
func (f TextField) IME(e *Element) IME {
	purpose := f.Purpose
	if f.Password {
		purpose = ForPassword
	}
	return e.State().(*edit).ime(e, f.editing(e, e.size), purpose)
}

// Describe implements Describer.
func (f TextField) Describe(e *Element, i *Info) {
	i.Role, i.Name, i.Description = RoleEntry, f.Name, f.Placeholder
	if i.Name == "" {
		i.Name, i.Description = f.Placeholder, ""
	}
	if f.Password {
		i.Role = RolePassword
	}
	i.Traits |= trait(f.Disabled, IsDisabled) | trait(f.Invalid, IsInvalid) | trait(f.Grow > 1, IsMultiline)
	e.State().(*edit).describe(i, f.Password)
}

// Act implements Actor.
func (f TextField) Act(e *Element, a Action, value string) bool {
	return a == DoSetValue && !f.Disabled && e.State().(*edit).set(e, f.editing(e, e.size), value)
}

// TextArea is several lines of text to write.
type TextArea struct {
	Text        string
	Placeholder string
	Name        string
	ReadOnly    bool
	Disabled    bool
	Invalid     bool
	Mono        bool
	// Rows is how many lines it is high; it grows with the text up to MaxRows.
	Rows, MaxRows int
	MaxBytes      int // 0 is 65,536
	OnChange      func(string)
	// OnSubmit is called for Ctrl+Enter.
	OnSubmit func(string)
}

const maxArea = 64 << 10

// NewState implements Stater.
func (a TextArea) NewState() any {
	s := new(edit)
	s.ed.Multiline = true
	s.y.upright = true
	a.configure(s)
	s.reset(a.Text)
	return s
}

func (a TextArea) configure(s *edit) { s.limit(a.ReadOnly || a.Disabled, a.MaxBytes, maxArea) }

// Updated implements Updater.
func (a TextArea) Updated(e *Element, old Node) {
	s := e.State().(*edit)
	a.configure(s)
	s.adopt(old.(TextArea).Text, a.Text)
}

// Build implements Parent.
func (a TextArea) Build(e *Element) []Node {
	return []Node{e.State().(*edit).menuNode(e, a.editing(e, e.size))}
}

// Focus implements Focuser.
func (a TextArea) Focus(*Element) FocusPolicy { return policy(a.Disabled) }

func (a TextArea) editing(e *Element, size geom.Size) *editing {
	const x, y = theme.Space2, 5
	st := style(0, text.Regular)
	if a.Mono {
		st.Family = text.Mono
	}
	return &editing{
		style: st, wrap: true, onChange: a.OnChange, onSubmit: a.OnSubmit,
		inner: geom.Rect{X0: x, Y0: y, X1: max(size.W-x, x+1), Y1: max(size.H-y, y+1)},
	}
}

// Layout implements Node.
func (a TextArea) Layout(e *Element, c Constraints) geom.Size {
	for _, k := range e.children {
		k.Layout(Tight(geom.Size{}))
	}
	s := e.State().(*edit)
	w := bounded(c.MaxW, fieldWidth)
	ed := a.editing(e, geom.Size{W: w})
	l := s.layout(e, ed)
	line := ed.style.Height().Int()
	rows := int32(max(a.Rows, 3))
	h := min(max(high(l), rows*line), max(rows, int32(a.MaxRows))*line) + 2*ed.inner.Y0
	h = min(max(h, c.MinH), max(c.MaxH, 0))
	s.y.measure(h-2*ed.inner.Y0, high(l))
	e.SetBaseline(ed.inner.Y0 + base(l))
	return geom.Size{W: w, H: h}
}

// Paint implements Node.
func (a TextArea) Paint(e *Element, p *Painter) {
	s := e.State().(*edit)
	paintField(e, p, &s.press, a.Disabled, a.Invalid)
	s.paint(e, p, a.editing(e, e.size), a.Placeholder, a.Disabled)
	s.y.paint(e, p)
}

// Handle implements Handler.
func (a TextArea) Handle(e *Element, ev Event) bool {
	if a.Disabled {
		return false
	}
	s := e.State().(*edit)
	if p, ok := ev.(*Pointer); ok && !p.Touch && (s.y.held || p.Kind == PointerPress && s.y.covers(e, p.Pos.Floor())) {
		return s.y.handle(e, p)
	}
	return s.handle(e, ev, a.editing(e, e.size))
}

// FocusChanged implements FocusWatcher.
func (a TextArea) FocusChanged(e *Element, has bool) { e.State().(*edit).focus(e, has) }

// Cursor implements Pointed.
func (a TextArea) Cursor(e *Element, pos geom.Point) Cursor {
	if a.Disabled || e.State().(*edit).y.covers(e, pos) {
		return CursorDefault
	}
	return CursorText
}

// IME implements Typist.
func (a TextArea) IME(e *Element) IME {
	return e.State().(*edit).ime(e, a.editing(e, e.size), ForText)
}

// Describe implements Describer.
func (a TextArea) Describe(e *Element, i *Info) {
	i.Role, i.Name = RoleText, a.Name
	if i.Name == "" {
		i.Name = a.Placeholder
	}
	i.Traits |= IsMultiline | trait(a.Disabled, IsDisabled) | trait(a.Invalid, IsInvalid)
	e.State().(*edit).describe(i, false)
}

// Act implements Actor.
func (a TextArea) Act(e *Element, act Action, value string) bool {
	return act == DoSetValue && !a.Disabled && e.State().(*edit).set(e, a.editing(e, e.size), value)
}
