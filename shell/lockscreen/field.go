package lockscreen

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// field is where the password is typed.
type field struct{ s *Screen }

const (
	fieldHeight = 40
	dot         = 8
	dotStep     = 14
)

// Focus implements ui.Focuser.
func (f field) Focus(*ui.Element) ui.FocusPolicy { return ui.TakesAll }

// Handle implements ui.Handler.
func (f field) Handle(e *ui.Element, ev ui.Event) bool {
	k, ok := ev.(*ui.Keystroke)
	if !ok || k.Release {
		return false
	}
	s := f.s
	if s.state.Busy {
		return k.Sym != ui.KeyTab
	}
	switch {
	case k.Sym == ui.KeyEnter || k.Sym == ui.KeyPadEnter:
		if !k.Repeat {
			e.Call(s.act.Submit)
		}
		return true
	case k.Sym == ui.KeyBackspace && k.Mods&ui.Ctrl != 0, k.Sym == ui.KeyEscape, k.Sym == 'u' && k.Mods&ui.Ctrl != 0:
		s.secret.forget()
	case k.Sym == ui.KeyBackspace:
		s.secret.back()
	case k.Mods&(ui.Ctrl|ui.Alt|ui.Super) != 0 || !s.secret.add(k.Text):
		return false
	}
	e.Repaint()
	e.Call(s.act.Typed)
	return true
}

// Layout implements ui.Node.
func (field) Layout(_ *ui.Element, c ui.Constraints) geom.Size {
	return c.Clamp(geom.Size{W: c.MaxW, H: fieldHeight})
}

// Paint implements ui.Node.
func (f field) Paint(e *ui.Element, p *ui.Painter) {
	th, s, box := e.Theme(), f.s, e.Box()
	border := th.Outline
	if s.state.Bad {
		border = th.Bad
	}
	p.Frame(box, theme.RadiusControl, th.Surface1, border)
	if e.Active() {
		p.Border(box, theme.RadiusControl, 2, th.Accent)
	}
	inner := geom.Rect{X0: theme.Space3, Y0: 0, X1: box.X1 - theme.Space3, Y1: box.Y1}
	n := s.secret.length()
	switch {
	case s.state.Busy:
		f.words(e, p, inner, lang.T("Checking…"))
		return
	case n == 0 && !e.Active():
		f.words(e, p, inner, lang.T("Password"))
		return
	case s.reveal && n > 0:
		f.revealed(e, p, inner)
		return
	}
	// The last characters, where there are more than there is room for.
	n = min(n, int(inner.W()/dotStep)-1)
	x := inner.X0 + (inner.W()-int32(n)*dotStep)/2
	y := (box.H() - dot) / 2
	for range n {
		p.Disc(e.Mirror(geom.XYWH(x+(dotStep-dot)/2, y, dot, dot)), th.Text1)
		x += dotStep
	}
	if e.Active() {
		p.Fill(e.Mirror(geom.XYWH(x, 11, 1, box.H()-22)), th.Text1)
	}
}

func (f field) layout(e *ui.Element, words string) *text.Layout {
	para := text.Paragraph{
		Spans: []text.Span{{Text: words, Style: text.Style{Size: text.Px(theme.Heading)}}}, MaxLines: 1,
	}
	return e.Fonts().Layout(&para)
}

// words shows a hint in the middle.
func (f field) words(e *ui.Element, p *ui.Painter, inner geom.Rect, words string) {
	l := f.layout(e, words)
	p.Text(l, inner.X0+(inner.W()-l.Width().Ceil())/2, (e.Size().H-l.Height().Ceil())/2, e.Theme().Text3)
}

// revealed shows the password, or its end.
func (f field) revealed(e *ui.Element, p *ui.Painter, inner geom.Rect) {
	l := f.layout(e, string(f.s.secret.buf[:f.s.secret.n]))
	w := l.Width().Ceil()
	x := inner.X0 + (inner.W()-w)/2
	if w > inner.W() {
		x = inner.X1 - w
	}
	p.Builder().PushClip(inner.Fixed())
	p.Text(l, x, (e.Size().H-l.Height().Ceil())/2, e.Theme().Text1)
	p.Builder().Pop()
}

// Describe implements ui.Describer.
func (f field) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RolePassword, lang.T("Password")
	if n := f.s.secret.length(); n > 0 {
		i.Description = lang.N("{n} character", "{n} characters", n)
	}
}
