package ui

import (
	"math"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// scroll is one axis of something that shows a part of a larger whole: where
// it is, its bar, and the momentum that a finger gave it.
type scroll struct {
	at            int32 // of the view in the content
	view, content int32
	upright       bool

	rest  float64 // of a pixel, not scrolled yet
	bar   motion
	grip  int32 // where the thumb was taken
	held  bool
	drag  bool // a finger drags the content
	last  float64
	when  time.Duration
	speed float64 // pixels a second
}

const (
	barWidth = 12 // of the strip that takes the pointer
	minThumb = 24
)

func (s *scroll) most() int32 { return max(s.content-s.view, 0) }

// measure takes new sizes and keeps the place within them.
func (s *scroll) measure(view, content int32) {
	s.view, s.content = view, content
	s.at = min(max(s.at, 0), s.most())
}

// to moves the view and reports whether it did.
func (s *scroll) to(e *Element, at int32) bool {
	at = min(max(at, 0), s.most())
	if at == s.at {
		return false
	}
	s.at = at
	e.Relayout()
	return true
}

// by moves the view by a distance with a fraction.
func (s *scroll) by(e *Element, d float64) bool {
	if d == 0 || math.IsNaN(d) || math.Abs(d) > 1<<20 {
		return false
	}
	s.rest += d
	whole := math.Trunc(s.rest)
	s.rest -= whole
	moved := s.to(e, s.at+int32(whole))
	return moved || whole == 0 && (d < 0 && s.at > 0 || d > 0 && s.at < s.most())
}

// show moves the view so that lo to hi can be seen, or lo if they are too far
// apart.
func (s *scroll) show(e *Element, lo, hi int32) {
	switch {
	case lo < s.at || hi-lo > s.view:
		s.to(e, lo)
	case hi > s.at+s.view:
		s.to(e, hi-s.view)
	}
}

// strip returns where the bar is, from the start edge, and the thumb in it.
func (s *scroll) strip(e *Element) (strip, knob geom.Rect) {
	if s.most() == 0 {
		return geom.Rect{}, geom.Rect{}
	}
	w, h := e.size.W, e.size.H
	long := w
	if s.upright {
		long = h
	}
	size := min(max(scaled(s.view, long, s.content), minThumb), long)
	at := scaled(s.at, long-size, s.most())
	if s.upright {
		return geom.XYWH(w-barWidth, 0, barWidth, h), geom.XYWH(w-barWidth, at, barWidth, size)
	}
	return geom.XYWH(0, h-barWidth, w, barWidth), geom.XYWH(at, h-barWidth, size, barWidth)
}

// paint draws the thumb: thin until the pointer comes near.
func (s *scroll) paint(e *Element, p *Painter) {
	_, knob := s.strip(e)
	if knob.Empty() {
		return
	}
	to := int32(0)
	if s.held || e.Hovered() && s.covers(e, e.root.pointer.pos.Floor().Sub(e.origin())) {
		to = 256
	}
	s.bar.set(e, to, theme.MotionPress)
	k := s.bar.at(e)
	thick := 4 + 4*k/256
	if s.upright {
		knob.X0, knob.X1 = knob.X1-2-thick, knob.X1-2
		knob.Y0, knob.Y1 = knob.Y0+2, knob.Y1-2
	} else {
		knob.Y0, knob.Y1 = knob.Y1-2-thick, knob.Y1-2
		knob.X0, knob.X1 = knob.X0+2, knob.X1-2
	}
	p.Round(e.Mirror(knob), thick/2, theme.Fade(e.Theme().Edge, uint8(140+80*k/256)))
}

// covers reports whether p, in e, is on the bar.
func (s *scroll) covers(e *Element, p geom.Point) bool {
	strip, _ := s.strip(e)
	return p.In(e.Mirror(strip))
}

// along returns the part of a position that matters, from the start.
func (s *scroll) along(e *Element, p geom.FPoint) float64 {
	switch {
	case s.upright:
		return p.Y
	case e.RTL():
		return float64(e.size.W) - p.X
	}
	return p.X
}

// handle takes wheels, the bar and fingers.
func (s *scroll) handle(e *Element, p *Pointer) bool {
	x := s.along(e, p.Pos)
	switch p.Kind {
	case PointerScroll:
		s.speed = 0
		if s.upright {
			return s.by(e, p.Scroll.Y)
		}
		d := p.Scroll.X
		if e.RTL() {
			d = -d
		}
		return s.by(e, d)
	case PointerPress:
		s.speed = 0
		if p.Touch {
			return s.start(e, x)
		}
		return p.Button == LeftButton && s.take(e, p.Pos.Floor(), int32(x))
	case PointerMove:
		return s.move(e, x)
	case PointerRelease, PointerCancel:
		return s.drop(e, p.Kind == PointerRelease)
	}
	return false
}

// take begins to drag the thumb, or jumps to where the bar was pressed.
func (s *scroll) take(e *Element, p geom.Point, x int32) bool {
	if !s.covers(e, p) {
		return false
	}
	_, knob := s.strip(e)
	lo, hi := knob.X0, knob.X1
	if s.upright {
		lo, hi = knob.Y0, knob.Y1
	}
	s.held, s.grip = true, x-lo
	if x < lo || x >= hi {
		s.grip = (hi - lo) / 2
		s.dragThumb(e, x)
	}
	return true
}

func (s *scroll) dragThumb(e *Element, x int32) {
	_, knob := s.strip(e)
	long, size := e.size.W, knob.W()
	if s.upright {
		long, size = e.size.H, knob.H()
	}
	s.to(e, scaled(min(max(x-s.grip, 0), long-size), s.most(), max(long-size, 1)))
}

// start begins to drag the content.
func (s *scroll) start(e *Element, x float64) bool {
	if s.most() == 0 {
		return false
	}
	s.drag, s.last, s.when = true, x, e.root.Now()
	return true
}

func (s *scroll) move(e *Element, x float64) bool {
	switch {
	case s.held:
		s.dragThumb(e, int32(x))
	case s.drag:
		now := e.root.Now()
		s.by(e, s.last-x)
		if dt := (now - s.when).Seconds(); dt > 0 {
			s.speed = 0.7*(s.last-x)/dt + 0.3*s.speed
		}
		s.last, s.when = x, now
	default:
		return false
	}
	return true
}

// drop ends a drag; the content goes on for a while.
func (s *scroll) drop(e *Element, fling bool) bool {
	was := s.held || s.drag
	now := e.root.Now()
	if !s.drag || !fling || e.Theme().Still || now-s.when > 80*time.Millisecond {
		s.speed = 0
	}
	s.held, s.drag, s.when = false, false, now
	if s.speed != 0 {
		e.SetTimer(now)
	}
	return was
}

// glide goes on with the momentum. It reports whether there is more.
func (s *scroll) glide(e *Element, now time.Duration) bool {
	if s.speed == 0 {
		return false
	}
	dt := min((now - s.when).Seconds(), 0.1)
	s.when = now
	moved := s.by(e, s.speed*dt)
	s.speed *= math.Exp(-4 * dt)
	if !moved && dt > 0 || math.Abs(s.speed) < 20 {
		s.speed = 0
	}
	return s.speed != 0
}

// ScrollView shows a part of a child that is higher than the view, or wider.
type ScrollView struct {
	Name string
	// Sideways scrolls across too; without, the child is as wide as the view.
	Sideways bool
	Child    Node
}

type scrollState struct{ x, y scroll }

// NewState implements Stater.
func (ScrollView) NewState() any {
	s := new(scrollState)
	s.y.upright = true
	return s
}

// Build implements Parent.
func (v ScrollView) Build(*Element) []Node { return []Node{v.Child} }

// Layout implements Node.
func (v ScrollView) Layout(e *Element, c Constraints) geom.Size {
	s := e.State().(*scrollState)
	k := e.Child(0)
	if k == nil {
		return geom.Size{}
	}
	in := Constraints{MinW: bounded(c.MaxW, 0), MaxW: c.MaxW, MaxH: Unbounded}
	if v.Sideways {
		in.MaxW = Unbounded
	}
	size := k.Layout(in)
	view := c.Clamp(size)
	s.x.measure(view.W, size.W)
	s.y.measure(view.H, size.H)
	k.Place(-s.x.at, -s.y.at)
	e.Clip()
	return view
}

// Paint implements Node.
func (ScrollView) Paint(*Element, *Painter) {}

// PaintOver implements Overpainter.
func (v ScrollView) PaintOver(e *Element, p *Painter) {
	s := e.State().(*scrollState)
	s.x.paint(e, p)
	s.y.paint(e, p)
	if e.FocusShown() {
		p.InnerRing(e.Box(), theme.RadiusSmall)
	}
}

// Focus implements Focuser: what overflows and has nothing in it that takes the
// focus would otherwise be out of reach.
func (v ScrollView) Focus(e *Element) FocusPolicy {
	s := e.State().(*scrollState)
	if s.x.most() == 0 && s.y.most() == 0 {
		return NoFocus
	}
	for _, k := range e.children {
		if k.firstStop() != nil {
			return NoFocus
		}
	}
	return TabStop
}

func (v ScrollView) covers(e *Element, p geom.Point) bool {
	s := e.State().(*scrollState)
	return s.x.covers(e, p) || s.y.covers(e, p)
}

// Handle implements Handler.
func (v ScrollView) Handle(e *Element, ev Event) bool {
	s := e.State().(*scrollState)
	switch ev := ev.(type) {
	case *Pointer:
		x := s.x.handle(e, ev)
		return s.y.handle(e, ev) || x
	case *Keystroke:
		return v.key(e, s, ev)
	}
	return false
}

func (v ScrollView) key(e *Element, s *scrollState, k *Keystroke) bool {
	if k.Release || k.Mods&(Ctrl|Alt|Super|Shift) != 0 {
		return false
	}
	const line = 40
	switch across, down := e.step(k, true, false), e.step(k, false, true); {
	case down != 0:
		return s.y.to(e, s.y.at+int32(down)*line)
	case across != 0:
		return s.x.to(e, s.x.at+int32(across)*line)
	case k.Sym == KeyPageUp:
		return s.y.to(e, s.y.at-s.y.view*7/8)
	case k.Sym == KeyPageDown, k.Sym == KeySpace:
		return s.y.to(e, s.y.at+s.y.view*7/8)
	case k.Sym == KeyHome:
		return s.y.to(e, 0)
	case k.Sym == KeyEnd:
		return s.y.to(e, s.y.content)
	}
	return false
}

func (v ScrollView) grab(e *Element, dx, dy float64) bool {
	s := e.State().(*scrollState)
	ok := false
	at := e.root.pointer.pos.Sub(e.origin().F())
	if math.Abs(dx) > math.Abs(dy) || s.y.most() == 0 {
		ok = s.x.start(e, s.x.along(e, at))
	} else {
		ok = s.y.start(e, s.y.along(e, at))
	}
	return ok
}

// Tick implements Ticker.
func (v ScrollView) Tick(e *Element, now time.Duration) {
	s := e.State().(*scrollState)
	x := s.x.glide(e, now)
	if s.y.glide(e, now) || x {
		e.SetTimer(now + 1)
	}
}

func (v ScrollView) reveal(e *Element, r geom.Rect) {
	s := e.State().(*scrollState)
	const ring = theme.FocusRing + theme.FocusOffset
	s.y.show(e, r.Y0+s.y.at-ring, r.Y1+s.y.at+ring)
	r = e.Mirror(r)
	s.x.show(e, r.X0+s.x.at-ring, r.X1+s.x.at+ring)
	if k := e.Child(0); k != nil {
		k.Place(-s.x.at, -s.y.at)
	}
}

// Describe implements Describer. A view that is no more than a means says
// nothing.
func (v ScrollView) Describe(e *Element, i *Info) {
	if v.Name != "" || v.Focus(e) != NoFocus {
		i.Role, i.Name = RoleScroll, v.Name
	}
}
