package ui

import (
	"fmt"
	"strconv"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// SplitPane shows two things beside each other, or above each other with
// Upright, and lets the person move the border: by pointer, or with arrows when
// it has the focus.
type SplitPane struct {
	Name    string
	Upright bool
	First   Node
	Second  Node
	// At is the size of the first in logical pixels at the start; 0 is half.
	At int32
	// Min is the least size of both; 0 is 64.
	Min      int32
	OnChange func(at int32)
}

type splitState struct{ at int32 }

const splitGap = 8

// NewState implements Stater.
func (v SplitPane) NewState() any { return &splitState{v.At} }

// Updated implements Updater.
func (v SplitPane) Updated(e *Element, old Node) {
	if v.At != old.(SplitPane).At {
		e.State().(*splitState).at = v.At
	}
}

// Build implements Parent.
func (v SplitPane) Build(*Element) []Node {
	return []Node{splitSide{v.First}, splitBorder{v}, splitSide{v.Second}}
}

func (v SplitPane) least() int32 {
	if v.Min > 0 {
		return v.Min
	}
	return 64
}

// room returns the size that both share.
func (v SplitPane) room(e *Element) int32 {
	if v.Upright {
		return e.size.H - splitGap
	}
	return e.size.W - splitGap
}

// clamp keeps the border inside.
func (v SplitPane) clamp(at, room int32) int32 {
	if room < 2*v.least() {
		return max(room/2, 0)
	}
	return min(max(at, v.least()), room-v.least())
}

// Layout implements Node.
func (v SplitPane) Layout(e *Element, c Constraints) geom.Size {
	size := geom.Size{W: bounded(c.MaxW, 0), H: bounded(c.MaxH, 0)}
	s := e.State().(*splitState)
	f := flex{down: v.Upright}
	t := f.turn(size)
	if s.at <= 0 {
		s.at = (t.W - splitGap) / 2
	}
	at := v.clamp(s.at, t.W-splitGap)
	x := int32(0)
	for i, w := range []int32{at, splitGap, t.W - splitGap - at} {
		e.children[i].Layout(Tight(f.turn(geom.Size{W: max(w, 0), H: t.H})))
		p := f.turn(geom.Size{W: x})
		e.children[i].Place(p.W, p.H)
		x += w
	}
	return size
}

// Paint implements Node.
func (SplitPane) Paint(*Element, *Painter) {}

func (SplitPane) passes() bool { return true }

func (v SplitPane) move(e *Element, at int32) {
	s := e.State().(*splitState)
	at = v.clamp(at, v.room(e))
	if at == s.at {
		return
	}
	s.at = at
	e.Relayout()
	if v.OnChange != nil {
		e.Call(func() { v.OnChange(at) })
	}
}

// splitSide is one side. It shows nothing outside of itself.
type splitSide struct{ child Node }

func (s splitSide) Build(*Element) []Node { return []Node{s.child} }

func (splitSide) Layout(e *Element, c Constraints) geom.Size {
	e.Clip()
	e.layoutOnly(c)
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (splitSide) Paint(*Element, *Painter) {}

func (splitSide) passes() bool { return true }

// splitBorder is what is dragged.
type splitBorder struct{ pane SplitPane }

type borderState struct {
	press
	grip float64
}

func (splitBorder) NewState() any { return new(borderState) }

func (splitBorder) Focus(*Element) FocusPolicy { return TabStop }

func (splitBorder) Layout(_ *Element, c Constraints) geom.Size {
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (b splitBorder) Paint(e *Element, p *Painter) {
	th := e.Theme()
	k := e.State().(*borderState).glow(e)
	line := geom.XYWH(e.size.W/2, 0, 1, e.size.H)
	knob := geom.XYWH(e.size.W/2-1, e.size.H/2-12, 3, 24)
	if b.pane.Upright {
		line = geom.XYWH(0, e.size.H/2, e.size.W, 1)
		knob = geom.XYWH(e.size.W/2-12, e.size.H/2-1, 24, 3)
	}
	p.Fill(line, th.Outline)
	c := theme.Mix(th.Edge, th.Accent, k)
	if e.Pressed() {
		c = th.Accent
	}
	p.Round(knob, 1, c)
	if e.FocusShown() {
		p.Ring(knob, 1)
	}
}

func (b splitBorder) Cursor(*Element, geom.Point) Cursor {
	if b.pane.Upright {
		return CursorRowResize
	}
	return CursorColResize
}

// along returns where a point is in the pane, from the start.
func (b splitBorder) along(e *Element, p geom.FPoint) float64 {
	p = p.Add(e.offset().F())
	switch {
	case b.pane.Upright:
		return p.Y
	case e.RTL():
		return float64(e.parent.size.W) - p.X
	}
	return p.X
}

func (b splitBorder) Handle(e *Element, ev Event) bool {
	s := e.State().(*borderState)
	pane := e.parent
	at := pane.state.(*splitState).at
	switch ev := ev.(type) {
	case *Pointer:
		switch {
		case ev.Kind == PointerPress && ev.Button == LeftButton:
			s.grip = b.along(e, ev.Pos) - float64(at)
		case ev.Kind == PointerMove && e.Pressed():
			b.pane.move(pane, int32(b.along(e, ev.Pos)-s.grip))
		default:
			return ev.Kind == PointerRelease
		}
		return true
	case *Keystroke:
		d := e.step(ev, !b.pane.Upright, b.pane.Upright)
		if d == 0 {
			return false
		}
		b.pane.move(pane, at+int32(d)*theme.Space4)
		return true
	}
	return false
}

func (b splitBorder) Describe(e *Element, i *Info) {
	at := e.parent.state.(*splitState).at
	i.Role, i.Name = RoleSplitPane, b.pane.Name
	i.Range = Range{Max: float64(b.pane.room(e.parent)), Now: float64(at), Step: theme.Space4}
	i.Value = fmt.Sprint(at)
	i.Can(DoIncrease, DoDecrease, DoSetValue)
}

func (b splitBorder) Act(e *Element, a Action, value string) bool {
	at := e.parent.state.(*splitState).at
	switch a {
	case DoIncrease:
		at += theme.Space4
	case DoDecrease:
		at -= theme.Space4
	case DoSetValue:
		v, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			return false
		}
		at = int32(v)
	default:
		return false
	}
	b.pane.move(e.parent, at)
	return true
}
