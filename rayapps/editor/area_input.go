package editor

import (
	"strings"
	"time"
	"unicode/utf8"

	"rayos/geom"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// hand is what the pointer does.
type hand struct {
	doing  doing
	clicks int
	base   buffer.Selection // of the first word or line
	last   geom.FPoint
	from   geom.FPoint // of the press
	grip   float64     // where the bar's thumb was taken, in pixels
	// dragOut lets the person drag text out of the view.
	dragOut func(s string)
}

type doing uint8

const (
	nothing doing = iota
	selecting
	lifting   // pressed on the selection: it may be dragged
	panning   // a finger
	thumbing  // the bar
	numbering // whole lines, by their numbers
)

// slop is how far a press moves before it drags, in logical pixels.
const slop = 6

// Handle implements ui.Handler.
func (a area) Handle(e *ui.Element, ev ui.Event) bool {
	v := a.v
	switch ev := ev.(type) {
	case *ui.Pointer:
		return a.pointer(e, ev)
	case *ui.Keystroke:
		return a.key(e, ev)
	case *ui.Preedit:
		if v.fixed {
			return false
		}
		if ev.Text != "" && v.selected() {
			v.insert(nil, buffer.Other)
		}
		v.pre = *ev
		v.follow()
		v.touched()
	case *ui.Commit:
		v.pre = ui.Preedit{}
		if ev.Text != "" {
			v.typed(ev.Text)
		}
	case *ui.Delete:
		start, end := v.span()
		from, to := max(start-int64(ev.Before), 0), min(end+int64(ev.After), v.text().Len())
		v.replace(from, to-from, nil, buffer.Other)
		v.choose(max(start-int64(ev.Before), 0), max(start-int64(ev.Before), 0))
	case *ui.Paste:
		v.pasted(ev.Text)
	default:
		return false
	}
	told(e)
	return true
}

// IME implements ui.Typist.
func (a area) IME(e *ui.Element) ui.IME {
	v := a.v
	box, _ := v.caretBox()
	m := ui.IME{Enabled: !v.fixed, Multiline: true, Rect: box.Add(e.Bounds().Min())}
	m.Text, m.Caret, m.Anchor = v.around(4000)
	return m
}

// around returns at most n bytes around the caret, valid UTF-8, with the ends of
// the selection in them, as far as they are.
func (v *view) around(n int64) (s string, caret, anchor int) {
	t := v.text()
	from := max(v.sel.Caret-n/2, 0)
	if t.Len() <= n {
		from = 0
	}
	b := t.Slice(from, from+n)
	for len(b) > 0 && !utf8.RuneStart(b[0]) {
		b, from = b[1:], from+1
	}
	for len(b) > 0 && from+int64(len(b)) < t.Len() {
		if r, k := utf8.DecodeLastRune(b); r != utf8.RuneError || k > 1 {
			break
		}
		b = b[:len(b)-1]
	}
	if !utf8.Valid(b) {
		return "", 0, 0 // offsets would mean nothing
	}
	at := func(off int64) int { return int(min(max(off-from, 0), int64(len(b)))) }
	return string(b), at(v.sel.Caret), at(v.sel.Anchor)
}

// local returns a point of the element in the place for text.
func (v *view) local(p geom.FPoint) geom.Point { return p.Floor().Sub(v.place.Min()) }

func (a area) pointer(e *ui.Element, p *ui.Pointer) bool {
	v := a.v
	h := &v.hand
	switch p.Kind {
	case ui.PointerPress:
		return a.press(e, p)
	case ui.PointerMove:
		if h.doing == nothing || !e.Pressed() {
			return false
		}
		a.drag(e, p)
	case ui.PointerRelease:
		e.StopTimer()
		if h.doing == lifting || h.doing == panning && near(p.Pos, h.from) {
			off, up := v.hit(v.local(p.Pos))
			v.move(off, false)
			v.upstream = up
		}
		h.doing = nothing
	case ui.PointerCancel:
		e.StopTimer()
		h.doing = nothing
	case ui.PointerScroll:
		return a.wheel(e, p)
	default:
		return false
	}
	told(e)
	return true
}

func near(p, q geom.FPoint) bool {
	d := p.Sub(q)
	return d.X*d.X+d.Y*d.Y < slop*slop
}

func (a area) press(e *ui.Element, p *ui.Pointer) bool {
	v := a.v
	h := &v.hand
	off, up := v.hit(v.local(p.Pos))
	start, end := v.span()
	inside := start <= off && off <= end && start != end
	h.from, h.last, h.clicks = p.Pos, p.Pos, p.Clicks
	switch {
	case p.Button == ui.RightButton:
		e.Focus()
		if !inside {
			v.move(off, false)
		}
		return false // the menu is a parent's
	case p.Button != ui.LeftButton:
		return false
	case p.Pos.Floor().In(a.bar(e)):
		h.doing = thumbing
		a.grab(e, p.Pos.Y)
	case p.Touch:
		h.doing = panning
	case v.numbers && !p.Pos.Floor().In(v.place) && e.Start(p.Pos.Floor().X) < e.Start(v.place.X0)+1 && e.Start(p.Pos.Floor().X) < e.Size().W-barWidth:
		h.doing = numbering
		h.base = buffer.Selection{Anchor: off, Caret: off}
		v.buf.Seal()
		v.chooseLines(off, off)
	case inside && p.Clicks == 1 && p.Mods&ui.Shift == 0:
		h.doing = lifting
	default:
		h.doing = selecting
		v.buf.Seal()
		switch {
		case p.Clicks == 2:
			h.base.Anchor, h.base.Caret = v.word(off)
			v.pick(h.base.Anchor, h.base.Caret)
		case p.Clicks > 2:
			h.base = buffer.Selection{Anchor: off, Caret: off}
			v.chooseLines(off, off)
		case p.Mods&ui.Shift != 0:
			v.pick(v.sel.Anchor, off)
		default:
			v.pick(off, off)
		}
		v.upstream, v.aims = up && p.Clicks == 1, false
	}
	told(e)
	return true
}

// drag goes on with what a press began.
func (a area) drag(e *ui.Element, p *ui.Pointer) {
	v := a.v
	h := &v.hand
	switch h.doing {
	case thumbing:
		a.slide(e, p.Pos.Y)
	case panning:
		a.scrollBy(h.last.X-p.Pos.X, h.last.Y-p.Pos.Y)
	case lifting:
		if !near(p.Pos, h.from) && v.lift() {
			h.doing = nothing
		}
	case selecting, numbering:
		h.last = p.Pos
		a.extend()
		if p.Pos.Y < float64(v.place.Y0) || p.Pos.Y >= float64(v.place.Y1) {
			e.SetTimer(e.Root().Now() + dragScroll)
		}
	}
	h.last = p.Pos
	e.Repaint()
}

// dragScroll is the time between two steps while a selection goes on outside.
const dragScroll = 30 * time.Millisecond

// Tick implements ui.Ticker: a selection goes on above or below.
func (a area) Tick(e *ui.Element, now time.Duration) {
	h := &a.v.hand
	if h.doing != selecting && h.doing != numbering {
		return
	}
	over := h.last.Y - float64(a.v.place.Y1)
	if h.last.Y < float64(a.v.place.Y0) {
		over = h.last.Y - float64(a.v.place.Y0)
	} else if over < 0 {
		return
	}
	a.v.scroll(int32(over/2) + sign(over))
	a.extend()
	e.SetTimer(now + dragScroll)
	told(e)
}

func sign(v float64) int32 {
	if v < 0 {
		return -1
	}
	return 1
}

// extend selects up to where the pointer is.
func (a area) extend() {
	v := a.v
	h := &v.hand
	at := v.local(h.last)
	at.Y = min(max(at.Y, 0), v.size.H-1)
	off, up := v.hit(at)
	switch {
	case h.doing == numbering || h.clicks > 2:
		v.chooseLines(h.base.Anchor, off)
	case h.clicks == 2:
		s, n := v.word(off)
		if off < h.base.Anchor {
			v.pick(h.base.Caret, s)
		} else {
			v.pick(h.base.Anchor, max(n, h.base.Caret))
		}
	default:
		v.pick(v.sel.Anchor, off)
		v.upstream = up
	}
}

func (a area) wheel(e *ui.Element, p *ui.Pointer) bool {
	if p.Mods&ui.Ctrl != 0 {
		if a.v.zoom == nil || p.Scroll.Y == 0 {
			return false
		}
		e.Call(func() { a.v.zoom(int(-sign(p.Scroll.Y))) })
		return true
	}
	dx, dy := p.Scroll.X, p.Scroll.Y
	if p.Mods&ui.Shift != 0 && dx == 0 {
		dx, dy = dy, 0
	}
	a.scrollBy(dx, dy)
	e.Repaint()
	return true
}

func (a area) scrollBy(dx, dy float64) {
	v := a.v
	v.rest += dy
	whole := int32(v.rest)
	v.rest -= float64(whole)
	if whole != 0 {
		v.scroll(min(max(whole, -1<<16), 1<<16))
	}
	if v.wrap == 0 {
		v.x = min(max(v.x+int32(dx), 0), max(v.wide+theme.Space5-v.size.W, 0))
	}
}

// bar returns where the scroll bar takes the pointer.
func (a area) bar(e *ui.Element) geom.Rect {
	if _, part := a.v.share(); part >= 1 {
		return geom.Rect{}
	}
	s := e.Size()
	return e.Mirror(geom.XYWH(s.W-barWidth, 0, barWidth, s.H))
}

// thumb returns its place along the bar.
func (a area) thumb(e *ui.Element) (at, size float64) {
	from, part := a.v.share()
	long := float64(e.Size().H)
	size = min(max(part*long, minThumb), long)
	return min(from/max(1-part, 1e-12), 1) * (long - size), size
}

// grab takes the thumb, or brings it to where the bar was pressed.
func (a area) grab(e *ui.Element, y float64) {
	at, size := a.thumb(e)
	a.v.hand.grip = y - at
	if y < at || y >= at+size {
		a.v.hand.grip = size / 2
		a.slide(e, y)
	}
}

func (a area) slide(e *ui.Element, y float64) {
	_, size := a.thumb(e)
	_, part := a.v.share()
	a.v.jump((y - a.v.hand.grip) / max(float64(e.Size().H)-size, 1) * (1 - part))
	e.Repaint()
}

func (a area) paintBar(e *ui.Element, p *ui.Painter) {
	if a.bar(e).Empty() {
		return
	}
	at, size := a.thumb(e)
	thick := int32(4)
	if a.v.hand.doing == thumbing {
		thick = 8
	}
	knob := geom.XYWH(e.Size().W-2-thick, int32(at)+2, thick, int32(size)-4)
	p.Round(e.Mirror(knob), thick/2, theme.Fade(e.Theme().Edge, 180))
}

func (a area) key(e *ui.Element, k *ui.Keystroke) bool {
	if k.Release || k.Mods&ui.Super != 0 {
		return false
	}
	v := a.v
	if !v.command(e, k) && !v.motion(k) {
		switch {
		case k.Mods&(ui.Ctrl|ui.Alt) != 0 || v.fixed:
			return false
		case k.Sym == ui.KeyEnter || k.Sym == ui.KeyPadEnter:
			v.breakLine()
		case k.Sym == ui.KeyBackTab, k.Sym == ui.KeyTab && k.Mods&ui.Shift != 0:
			v.shift(false)
		case k.Sym == ui.KeyTab:
			v.tabbed()
		case k.Text != "" && k.Text[0] >= ' ' && k.Text[0] != 0x7f:
			v.typed(k.Text)
		default:
			return false
		}
	}
	told(e)
	return true
}

// command does what has a shortcut.
func (v *view) command(e *ui.Element, k *ui.Keystroke) bool {
	ctrl, shift, alt := k.Mods&ui.Ctrl != 0, k.Mods&ui.Shift != 0, k.Mods&ui.Alt != 0
	sym := k.Sym
	if sym >= 'A' && sym <= 'Z' {
		sym += 'a' - 'A'
	}
	switch {
	case alt && (sym == ui.KeyUp || sym == ui.KeyDown) && !ctrl:
		v.carry(sym == ui.KeyDown)
	case alt:
		return false
	case ctrl && sym == 'a':
		v.buf.Seal()
		v.pick(0, v.text().Len())
	case ctrl && (sym == 'c' || sym == ui.KeyInsert):
		v.copy(e)
	case ctrl && sym == 'x', shift && sym == ui.KeyDelete:
		v.cut(e)
	case ctrl && sym == 'v', shift && sym == ui.KeyInsert:
		e.Root().Clipboard().Request()
	case ctrl && sym == 'z' && !shift:
		v.back()
	case ctrl && (sym == 'y' || sym == 'z'):
		v.forth()
	case sym == ui.KeyBackspace && ctrl:
		v.erase(text.WordBackward)
	case sym == ui.KeyBackspace:
		v.erase(text.Backward)
	case sym == ui.KeyDelete && ctrl:
		v.erase(text.WordForward)
	case sym == ui.KeyDelete:
		v.erase(text.Forward)
	default:
		return false
	}
	return true
}

func (v *view) copy(e *ui.Element) bool {
	s, ok := v.copied()
	if ok && s != "" {
		e.Root().Clipboard().Copy(s)
	}
	return ok
}

func (v *view) cut(e *ui.Element) {
	if v.selected() && !v.fixed && v.copy(e) {
		v.insert(nil, buffer.Other)
	}
}

// motion moves the caret.
func (v *view) motion(k *ui.Keystroke) bool {
	ctrl, extend := k.Mods&ui.Ctrl != 0, k.Mods&ui.Shift != 0
	if k.Mods&ui.Alt != 0 {
		return false
	}
	page := int(max(v.size.H/max(v.lineHeight(), 1)-1, 1))
	switch {
	case (k.Sym == ui.KeyLeft || k.Sym == ui.KeyRight) && !ctrl:
		v.across(k.Sym == ui.KeyRight, extend)
	case k.Sym == ui.KeyLeft || k.Sym == ui.KeyRight:
		m := text.WordBackward
		if (k.Sym == ui.KeyRight) != v.row(segmentAt(v.text(), v.sel.Caret)).l.Lines()[0].RTL {
			m = text.WordForward
		}
		v.move(v.step(v.sel.Caret, m), extend)
	case k.Sym == ui.KeyUp && ctrl:
		v.scroll(-v.lineHeight())
	case k.Sym == ui.KeyDown && ctrl:
		v.scroll(v.lineHeight())
	case k.Sym == ui.KeyUp:
		v.vertical(-1, extend)
	case k.Sym == ui.KeyDown:
		v.vertical(1, extend)
	case k.Sym == ui.KeyPageUp && !ctrl:
		v.vertical(-page, extend)
	case k.Sym == ui.KeyPageDown && !ctrl:
		v.vertical(page, extend)
	case (k.Sym == ui.KeyHome || k.Sym == ui.KeyEnd) && !ctrl:
		v.edge(k.Sym == ui.KeyEnd, extend)
	case k.Sym == ui.KeyHome:
		v.move(0, extend)
	case k.Sym == ui.KeyEnd:
		v.move(v.text().Len(), extend)
	default:
		return false
	}
	return true
}

// menuItems is the context menu.
func (v *view) menuItems() []ui.MenuItem {
	e := v.el
	none := !v.selected()
	run := func(fn func()) func() { return func() { fn(); e.Repaint() } }
	return []ui.MenuItem{
		{Text: lang.T("Cut"), Shortcut: "Ctrl+X", Disabled: none || v.fixed, OnPress: run(func() { v.cut(e) })},
		{Text: lang.T("Copy"), Shortcut: "Ctrl+C", Disabled: none, OnPress: run(func() { v.copy(e) })},
		{Text: lang.T("Paste"), Shortcut: "Ctrl+V", Disabled: v.fixed, OnPress: e.Root().Clipboard().Request},
		{Separator: true},
		{Text: lang.T("Undo"), Shortcut: "Ctrl+Z", Disabled: !v.buf.CanUndo() || v.fixed, OnPress: run(v.back)},
		{Text: lang.T("Redo"), Shortcut: "Ctrl+Shift+Z", Disabled: !v.buf.CanRedo() || v.fixed, OnPress: run(v.forth)},
		{Separator: true},
		{Text: lang.T("Select all"), Shortcut: "Ctrl+A", Disabled: v.text().Len() == 0, OnPress: run(func() { v.pick(0, v.text().Len()) })},
	}
}

// lift begins to drag what is selected, if it isn't too much.
func (v *view) lift() bool {
	s, ok := v.copied()
	if !ok || len(s) > 1<<20 || strings.TrimSpace(s) == "" || v.hand.dragOut == nil {
		return false
	}
	v.hand.dragOut(s)
	return true
}
