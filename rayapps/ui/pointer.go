package ui

import (
	"time"

	"rayos/geom"
)

// pointerState is where the pointer is and who has it.
type pointerState struct {
	pos     geom.FPoint
	inside  bool
	target  *Element // below it
	capture *Element // gets everything until all buttons are up
	buttons int
	local   Pointer // what handlers see

	clicks     int
	clickAt    geom.FPoint
	clickTime  time.Duration
	clickOn    PointerButton
	touchStart geom.FPoint
	dragging   bool
}

// Presses within this time and distance count together.
const (
	clickTime = 400 * time.Millisecond
	clickSlop = 5
	touchSlop = 8 // a finger that goes further drags
)

// scroller is a node that a finger can drag.
type scroller interface {
	grab(e *Element, dx, dy float64) bool
}

// at returns the innermost element at p, in coordinates of the root.
func (r *Root) at(p geom.Point) *Element {
	for i := len(r.layers) - 1; i >= 0; i-- {
		l := r.layers[i]
		if hit := l.at(p.Sub(l.pos)); hit != nil {
			return hit
		}
		if _, traps := l.trapping(); traps {
			return nil
		}
	}
	return r.top.at(p)
}

// at returns the innermost element at p, in coordinates of e. Layers are not
// looked at.
func (e *Element) at(p geom.Point) *Element {
	inside := p.In(e.Box())
	if !inside && e.clip {
		return nil
	}
	if c, ok := e.node.(cover); ok && inside && c.covers(e, p) {
		return e
	}
	if through, ok := e.node.(sieve); ok && through.passes() {
		inside = false
	}
	for i := len(e.children) - 1; i >= 0; i-- {
		if k := e.children[i]; !k.layer {
			if hit := k.at(p.Sub(k.offset())); hit != nil {
				return hit
			}
		}
	}
	if inside {
		return e
	}
	return nil
}

// cover is a node that lies above its children at some places.
type cover interface {
	covers(e *Element, p geom.Point) bool
}

// sieve is a node that only its children can be hit in.
type sieve interface{ passes() bool }

// hover makes e what the pointer is over.
func (r *Root) hover(e *Element) {
	s := &r.pointer
	if s.target == e && (e == nil || e.hovered) {
		return
	}
	r.repaint = true
	old := s.target
	for k := old; k != nil; k = k.parent {
		k.hovered = false
	}
	s.target = e
	for k := e; k != nil; k = k.parent {
		k.hovered = true
	}
	for k := old; k != nil; k = k.parent {
		if w, ok := k.node.(hoverWatcher); ok && !k.hovered && !k.gone {
			w.hoverChanged(k, false)
		}
	}
	for k := e; k != nil; k = k.parent {
		if w, ok := k.node.(hoverWatcher); ok && !(old != nil && k.Holds(old)) {
			w.hoverChanged(k, true)
		}
	}
}

// hoverWatcher is a node that is told when the pointer comes and goes.
type hoverWatcher interface {
	hoverChanged(e *Element, over bool)
}

// refreshHover finds what came below a pointer that stands still.
func (r *Root) refreshHover() {
	s := &r.pointer
	if s.target != nil && s.target.gone {
		for k := s.target; k != nil; k = k.parent {
			k.hovered = false
		}
		s.target = nil
	}
	if s.inside && s.capture == nil {
		r.hover(r.at(s.pos.Floor()))
	}
}

func (r *Root) pointerEvent(p *Pointer) bool {
	r.Layout()
	s := &r.pointer
	s.pos = p.Pos
	switch p.Kind {
	case PointerLeave:
		s.inside = false
		if s.capture == nil {
			r.hover(nil)
		}
		return false
	case PointerCancel:
		handled := r.deliver(s.capture, p)
		s.capture, s.buttons = nil, 0
		r.repaint = true
		return handled
	}
	s.inside = !p.Touch || p.Kind != PointerRelease
	hit := r.at(p.Pos.Floor())
	r.hover(hit)
	switch p.Kind {
	case PointerPress:
		return r.press(p, hit)
	case PointerRelease:
		if s.buttons > 0 {
			s.buttons--
		}
		to := s.capture
		if s.buttons == 0 {
			s.capture, s.dragging = nil, false
		}
		r.repaint = true
		handled := r.deliver(to, p)
		if p.Touch {
			r.hover(nil)
		}
		return handled
	case PointerMove:
		if s.capture != nil {
			r.drag(p)
			return r.deliver(s.capture, p)
		}
	}
	return r.bubble(hit, p) != nil
}

// press counts clicks, closes what a press outside closes, moves the focus and
// gives the pointer to who takes it.
func (r *Root) press(p *Pointer, hit *Element) bool {
	s := &r.pointer
	now := r.Now()
	near := abs(p.Pos.X-s.clickAt.X) <= clickSlop && abs(p.Pos.Y-s.clickAt.Y) <= clickSlop
	if near && s.clickOn == p.Button && s.clicks > 0 && now-s.clickTime <= clickTime {
		s.clicks++
	} else {
		s.clicks = 1
	}
	s.clickAt, s.clickTime, s.clickOn = p.Pos, now, p.Button
	s.buttons++
	s.touchStart = p.Pos
	if s.buttons > 1 && s.capture != nil {
		return r.deliver(s.capture, p)
	}
	r.byKeyboard = false
	r.repaint = true
	r.hideTips()
	if r.dismissOutside(p.Pos.Floor()) {
		return true
	}
	for e := hit; e != nil && p.Button == LeftButton; e = e.parent {
		if e.policy() != NoFocus {
			r.setFocus(e)
			break
		}
	}
	s.capture = r.bubble(hit, p)
	return s.capture != nil
}

// drag lets something that scrolls take a finger over from what it is on.
func (r *Root) drag(p *Pointer) {
	s := &r.pointer
	dx, dy := s.touchStart.X-p.Pos.X, s.touchStart.Y-p.Pos.Y
	if !p.Touch || s.dragging || abs(dx) <= touchSlop && abs(dy) <= touchSlop {
		return
	}
	for e := s.capture; e != nil; e = e.parent {
		if k, ok := e.node.(scroller); ok && k.grab(e, dx, dy) {
			if e != s.capture {
				r.deliver(s.capture, &Pointer{Kind: PointerCancel, Pos: p.Pos, Touch: true})
				s.capture = e
			}
			break
		}
	}
	s.dragging = true
}

// deliver gives p to e alone.
func (r *Root) deliver(e *Element, p *Pointer) bool {
	if e == nil || e.gone {
		return false
	}
	h, ok := e.node.(Handler)
	return ok && h.Handle(e, r.localise(e, p))
}

// bubble gives p to e and upwards, and returns who took it.
func (r *Root) bubble(e *Element, p *Pointer) *Element {
	for ; e != nil; e = e.parent {
		if r.deliver(e, p) {
			return e
		}
	}
	return nil
}

// pinch gives a pinch to what is below it and upwards.
func (r *Root) pinch(p *Pinch) bool {
	for e := r.at(p.Pos.Floor()); e != nil; e = e.parent {
		if h, ok := e.node.(Handler); ok {
			local := *p
			local.Pos = p.Pos.Sub(e.origin().F())
			if h.Handle(e, &local) {
				return true
			}
		}
	}
	return false
}

// localise returns p as e sees it.
func (r *Root) localise(e *Element, p *Pointer) *Pointer {
	l := &r.pointer.local
	*l = *p
	l.Pos = p.Pos.Sub(e.origin().F())
	l.Clicks = r.pointer.clicks
	if p.Mods&Shift != 0 && p.Scroll.X == 0 {
		l.Scroll = geom.FPoint{X: p.Scroll.Y}
	}
	return l
}

// Cursor returns what the pointer looks like.
func (r *Root) Cursor() Cursor {
	s := &r.pointer
	e := s.capture
	if e == nil {
		e = s.target
	}
	for ; e != nil; e = e.parent {
		if c, ok := e.node.(Pointed); ok {
			return c.Cursor(e, s.pos.Floor().Sub(e.origin()))
		}
	}
	return CursorDefault
}

func abs(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}
