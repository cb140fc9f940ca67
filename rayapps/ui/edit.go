package ui

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// edit is the state of a text that is edited: the editor, what part of it is to
// be seen, and since when the caret stands still.
type edit struct {
	ed     text.Editor
	x      scroll // of a single line
	y      scroll // of several
	chase  bool   // the caret is to be seen after the next layout
	seen   uint64 // revision of the editor that was last looked at
	told   string // text that was last reported
	moved  time.Duration
	press  press
	menu   bool // the context menu is open
	menuAt geom.Point
}

// editing is what a field lets be done.
type editing struct {
	style    text.Style
	wrap     bool // several lines, as wide as the place
	grows    bool // wraps as soon as it has to
	inner    geom.Rect
	ghost    string
	onChange func(string)
	onSubmit func(string)
}

// layout lays the text out as it is shown.
func (s *edit) layout(e *Element, c *editing) *text.Layout {
	p := text.Paragraph{Text: s.ed.Display(), Style: c.style, Align: e.edge(Start)}
	if c.wrap {
		p.Width = text.Px(max(c.inner.W(), 1))
	}
	return e.Fonts().Layout(&p)
}

// origin returns where the layout's corner is in e.
func (s *edit) origin(e *Element, c *editing, l *text.Layout) geom.Point {
	if c.wrap {
		return geom.Point{X: c.inner.X0, Y: c.inner.Y0 - s.y.at}
	}
	y := c.inner.Y0 + (c.inner.H()-high(l))/2
	lo, hi := s.extent(l)
	if room := c.inner.W() - (hi - lo) - ceil(s.ghost(e, c).Advance()); e.RTL() && room > 0 {
		return geom.Point{X: c.inner.X0 + room - lo, Y: y}
	}
	return geom.Point{X: c.inner.X0 - lo - s.x.at, Y: y}
}

// extent returns where a single line begins and ends, with the spaces at its
// end and room for a caret.
func (s *edit) extent(l *text.Layout) (lo, hi int32) {
	end := l.Caret(len(l.Text()), true).X0
	return min(end.Int(), 0), max(ceil(l.Advance()), ceil(end)) + 1
}

// ghost lays out what stands behind the text.
func (s *edit) ghost(e *Element, c *editing) *text.Layout {
	if s.ed.Caret() != s.ed.Len() {
		return e.line1("", c.style, 0)
	}
	return e.line1(c.ghost, c.style, 0)
}

// follow scrolls so that the caret can be seen.
func (s *edit) follow(c *editing, l *text.Layout) {
	at, _ := s.ed.DisplayCaret()
	box := l.Caret(at, s.ed.Upstream())
	show := func(v *scroll, lo, hi int32) {
		if hi > v.at+v.view {
			v.at = hi - v.view
		}
		if lo < v.at {
			v.at = lo
		}
		v.at = min(max(v.at, 0), v.most())
	}
	if c.wrap {
		s.y.measure(c.inner.H(), high(l))
		show(&s.y, box.Y0.Int(), ceil(box.Y1))
		return
	}
	lo, hi := s.extent(l)
	s.x.measure(c.inner.W(), hi-lo)
	show(&s.x, box.X0.Int()-lo, ceil(box.X1)-lo+1)
}

// limit says what may be done with the text; without a most the usual one
// holds.
func (s *edit) limit(readOnly bool, most, usual int) {
	if most <= 0 {
		most = usual
	}
	s.ed.ReadOnly, s.ed.MaxBytes = readOnly, most
}

// adopt takes a text that the view has changed, and none that the person
// typed.
func (s *edit) adopt(old, text string) {
	if text != old && text != s.ed.Text() {
		s.reset(text)
	}
}

// reset makes text what is edited.
func (s *edit) reset(text string) {
	s.ed.SetText(text)
	s.seen, s.told = s.ed.Revision(), s.ed.Text()
}

// changed is called after whatever may have changed text or selection. A
// clipboard that answers at once has it called within itself.
func (s *edit) changed(e *Element, c *editing) {
	if s.ed.Revision() == s.seen {
		return
	}
	s.seen, s.moved = s.ed.Revision(), e.root.Now()
	e.Repaint()
	if c.grows {
		s.chase = true
		e.Relayout()
	} else {
		s.follow(c, s.layout(e, c))
	}
	now := s.ed.Text()
	if now == s.told {
		return
	}
	s.told = now
	if c.wrap {
		e.Relayout()
	}
	if c.onChange != nil {
		e.Call(func() { c.onChange(now) })
	}
}

// handle takes events of the person and of input methods.
func (s *edit) handle(e *Element, ev Event, c *editing) bool {
	handled := true
	switch ev := ev.(type) {
	case *Pointer:
		handled = s.pointer(e, ev, c)
	case *Keystroke:
		handled = s.key(e, ev, c)
	case *Preedit:
		s.ed.SetPreedit(text.Preedit{Text: ev.Text, Begin: ev.Start, End: ev.End})
	case *Commit:
		s.ed.SetPreedit(text.Preedit{})
		s.ed.Insert(ev.Text)
	case *Delete:
		s.ed.DeleteSurrounding(ev.Before, ev.After)
	case *Paste:
		s.ed.Insert(ev.Text)
	default:
		return false
	}
	s.changed(e, c)
	return handled
}

// place moves the caret to a point of e.
func (s *edit) place(e *Element, c *editing, p geom.FPoint, extend bool) {
	l := s.layout(e, c)
	at := p.Sub(s.origin(e, c, l).F())
	s.ed.Place(l, geom.FixedPoint{X: geom.FixedFromFloat(at.X), Y: geom.FixedFromFloat(at.Y)}, extend)
}

func (s *edit) pointer(e *Element, p *Pointer, c *editing) bool {
	switch {
	case p.Kind == PointerPress && p.Button == LeftButton:
		s.place(e, c, p.Pos, p.Mods&Shift != 0)
		switch {
		case p.Clicks == 2:
			s.ed.SelectWord(s.ed.Caret())
		case p.Clicks > 2 && c.wrap:
			s.ed.SelectLine(s.ed.Caret())
		case p.Clicks > 2:
			s.ed.SelectAll()
		}
	case p.Kind == PointerPress && p.Button == RightButton:
		if start, end := s.ed.Selection(); start == end {
			s.place(e, c, p.Pos, false)
		}
		e.Focus()
		s.openMenu(e, p.Pos.Floor())
	case p.Kind == PointerMove && e.Pressed():
		if p.Clicks < 2 {
			s.place(e, c, p.Pos, true)
		}
	case p.Kind == PointerRelease:
	case p.Kind == PointerScroll && c.wrap:
		return s.y.by(e, p.Scroll.Y)
	default:
		return false
	}
	return true
}

// key does what a key stands for. Keys that mean nothing here go to the parent.
func (s *edit) key(e *Element, k *Keystroke, c *editing) bool {
	if k.Release {
		return false
	}
	if k.Mods&(Alt|Super) != 0 {
		return false
	}
	if wantsMenu(k) {
		l := s.layout(e, c)
		at, _ := s.ed.DisplayCaret()
		box := l.Caret(at, s.ed.Upstream())
		s.openMenu(e, s.origin(e, c, l).Add(geom.Point{X: box.X0.Int(), Y: ceil(box.Y1)}))
		return true
	}
	if s.command(e, k) || s.motion(e, k, c) {
		return true
	}
	switch {
	case k.Sym == KeyEnter || k.Sym == KeyPadEnter:
		if c.wrap && !c.grows && k.Mods&Ctrl == 0 {
			s.ed.Insert("\n")
			return true
		}
		if c.onSubmit == nil {
			return false
		}
		e.Call(func() { c.onSubmit(s.ed.Text()) })
		return true
	case k.Mods&Ctrl == 0 && printable(k.Text):
		s.ed.Insert(k.Text)
		return true
	}
	return false
}

func printable(s string) bool {
	return s != "" && (s[0] >= ' ' && s[0] != 0x7f)
}

// command does what has a shortcut.
func (s *edit) command(e *Element, k *Keystroke) bool {
	ctrl, shift := k.Mods&Ctrl != 0, k.Mods&Shift != 0
	sym := k.Sym
	if sym >= 'A' && sym <= 'Z' {
		sym += 'a' - 'A'
	}
	motion := text.Backward
	switch {
	case ctrl && sym == 'a':
		s.ed.SelectAll()
	case ctrl && (sym == 'c' || sym == KeyInsert):
		s.copy(e)
	case ctrl && sym == 'x', shift && sym == KeyDelete:
		s.cut(e)
	case ctrl && sym == 'v', shift && sym == KeyInsert:
		s.paste(e)
	case ctrl && sym == 'z' && !shift:
		s.ed.Undo()
	case ctrl && (sym == 'y' || sym == 'z'):
		s.ed.Redo()
	case sym == KeyBackspace:
		if ctrl {
			motion = text.WordBackward
		}
		s.ed.Delete(motion)
	case sym == KeyDelete:
		motion = text.Forward
		if ctrl {
			motion = text.WordForward
		}
		s.ed.Delete(motion)
	default:
		return false
	}
	return true
}

func (s *edit) copy(e *Element) {
	if t := s.ed.SelectedText(); t != "" {
		e.root.opts.Clipboard.Copy(t)
	}
}

func (s *edit) cut(e *Element) {
	if t := s.ed.SelectedText(); t != "" && !s.ed.ReadOnly {
		e.root.opts.Clipboard.Copy(t)
		s.ed.Insert("")
	}
}

func (s *edit) paste(e *Element) {
	if !s.ed.ReadOnly {
		e.root.opts.Clipboard.Request()
	}
}

// motion moves the caret.
func (s *edit) motion(e *Element, k *Keystroke, c *editing) bool {
	ctrl, extend := k.Mods&Ctrl != 0, k.Mods&Shift != 0
	l := s.layout(e, c)
	page := int(max(c.inner.H()/max(c.style.Height().Int(), 1)-1, 1))
	switch k.Sym {
	case KeyLeft, KeyRight:
		right := k.Sym == KeyRight
		switch {
		case !ctrl:
			s.ed.MoveAcross(l, right, extend)
		case right != e.RTL():
			s.ed.Move(text.WordForward, extend)
		default:
			s.ed.Move(text.WordBackward, extend)
		}
	case KeyHome, KeyEnd:
		switch {
		case !ctrl:
			s.ed.MoveToEdge(l, k.Sym == KeyEnd, extend)
		case k.Sym == KeyHome:
			s.ed.Move(text.TextStart, extend)
		default:
			s.ed.Move(text.TextEnd, extend)
		}
	case KeyUp, KeyDown, KeyPageUp, KeyPageDown:
		if !c.wrap {
			return false
		}
		n := map[Sym]int{KeyUp: -1, KeyDown: 1, KeyPageUp: -page, KeyPageDown: page}[k.Sym]
		s.ed.MoveLines(l, n, extend)
	default:
		return false
	}
	return true
}

// paint draws selection, text, preedit and caret.
func (s *edit) paint(e *Element, p *Painter, c *editing, placeholder string, disabled bool) {
	th := e.Theme()
	l := s.layout(e, c)
	if !c.wrap {
		lo, hi := s.extent(l)
		s.x.measure(c.inner.W(), hi-lo)
	}
	at := s.origin(e, c, l)
	b := p.Builder()
	// One pixel more for a caret before the first character.
	clip := c.inner
	clip.X0, clip.X1 = clip.X0-1, clip.X1+1
	b.PushClip(clip.Fixed())
	defer b.Pop()
	if start, end := s.ed.Selection(); start != end && e.Focused() {
		fill := th.Selection()
		if !e.root.active {
			fill = theme.Fade(th.Text1, 30)
		}
		var boxes [16]geom.FixedRect
		for _, r := range l.Selection(s.ed.ToDisplay(start), s.ed.ToDisplay(end), boxes[:0]) {
			b.Fill(r.Add(geom.FixedPt(at.X, at.Y)), fill)
		}
	}
	ink := th.Text1
	if disabled {
		ink = theme.Disabled(th.Text2)
	}
	if s.ed.Display() == "" && placeholder != "" {
		hint := th.Text3
		if disabled {
			hint = theme.Disabled(hint)
		}
		pl := e.line1(placeholder, c.style, c.inner.W())
		p.Text(pl, e.Mirror(geom.XYWH(e.Mirror(c.inner).X0, 0, wide(pl, c.inner.W()), 0)).X0, at.Y, hint)
	}
	p.Text(l, at.X, at.Y, ink)
	switch {
	case c.ghost == "":
	case c.wrap:
		s.paintGhost(e, p, c, l, at)
	default:
		_, hi := s.extent(l)
		p.Text(s.ghost(e, c), at.X+hi-1, at.Y, th.Text3)
	}
	s.paintPreedit(b.Fill, l, at, th)
	s.paintCaret(e, p, l, at)
}
