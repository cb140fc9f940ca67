package taskbar

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// trust returns the colour of a level on the bar.
func (b *Bar) trust(t trust.Trust) render.Color {
	s := trust.Dark
	if b.theme.Light() {
		s = trust.Light
	}
	return trust.For(s).Trust[min(t, trust.Unknown)]
}

// ground is the bar itself: a surface of fixed height with a line above.
type ground struct {
	child ui.Node
	moved func() // the pointer was moved beside the tasks
}

func (g ground) Build(*ui.Element) []ui.Node { return []ui.Node{g.child} }

func (g ground) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := geom.Size{W: c.MaxW, H: Height}
	e.Child(0).Layout(ui.Tight(geom.Size{W: max(s.W-2*theme.Space2, 0), H: Height - 1}))
	e.Child(0).Place(theme.Space2, 1)
	return s
}

func (g ground) Paint(e *ui.Element, p *ui.Painter) {
	th, box := e.Theme(), e.Box()
	p.Fill(box, th.Surface2)
	p.Fill(geom.XYWH(0, 0, box.W(), 1), th.Outline)
}

// Handle keeps presses on the bar from what lies below.
func (g ground) Handle(_ *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	if ok && p.Kind == ui.PointerMove {
		g.moved()
	}
	return ok && p.Kind == ui.PointerPress
}

// shelf puts tasks beside each other. Where there are too many all become
// narrower, down to their pictures; those that still don't fit are left out.
type shelf struct{ kids ui.Nodes }

const (
	progressEdge = theme.Space2 // beside the line that tells how far a task is
	notch        = 15           // logical pixels that one notch of a wheel scrolls
)

// Widths of a task.
const (
	taskMost  = 200
	taskLeast = 36
	taskGap   = theme.Space1
)

func (s shelf) Build(*ui.Element) []ui.Node { return s.kids }

func (s shelf) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	n := int32(len(s.kids))
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	if n == 0 {
		return size
	}
	e.Clip()
	most := min(max((c.MaxW-taskGap*(n-1))/n, taskLeast), taskMost)
	x := int32(0)
	for _, k := range e.Children() {
		got := k.Layout(ui.Constraints{MinW: taskLeast, MaxW: most, MaxH: c.MaxH})
		y := (c.MaxH - got.H) / 2
		if x+got.W > c.MaxW {
			y = Height // below the bar, where nothing is to be seen
		}
		k.Place(x, y)
		x += got.W + taskGap
	}
	return size
}

func (shelf) Paint(*ui.Element, *ui.Painter) {}

func (shelf) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleGroup, lang.C("list", "Windows")
}

// task is what can be pressed for a window or a machine, with a mark below that
// tells its state, and the middle button.
type task struct {
	mark   render.Color
	active bool // the mark is long
	bare   bool // there is none
	done   int  // percent of what it works on, which a line tells in place of the mark; less than 0 for nothing
	middle func()
	wheel  func(x, y float64) // by notches; nil leaves it to others
	child  ui.Node
}

func (t task) Build(*ui.Element) []ui.Node { return []ui.Node{t.child} }

func (t task) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(ui.Constraints{MinW: c.MinW, MaxW: c.MaxW, MinH: 32, MaxH: 32})
	e.Child(0).Place(0, 0)
	return s
}

func (t task) Paint(*ui.Element, *ui.Painter) {}

// PaintOver implements ui.Overpainter.
func (t task) PaintOver(e *ui.Element, p *ui.Painter) {
	w, s := int32(8), e.Size()
	if t.done >= 0 {
		all := geom.XYWH(progressEdge, s.H-3, max(s.W-2*progressEdge, 1), 2)
		part := all
		part.X1 = all.X0 + (all.W()*int32(min(t.done, 100))+50)/100
		p.Round(all, 1, e.Theme().Outline)
		if !part.Empty() {
			p.Round(e.Mirror(part), 1, e.Theme().Accent)
		}
		return
	}
	if t.bare {
		return
	}
	if t.active {
		w = 20
	}
	p.Round(geom.XYWH((s.W-w)/2, s.H-3, w, 2), 1, t.mark)
}

// Handle implements ui.Handler.
func (t task) Handle(e *ui.Element, ev ui.Event) bool {
	if p, ok := ev.(*ui.Pointer); ok && p.Kind == ui.PointerScroll && t.wheel != nil {
		e.Call(func() { t.wheel(p.Scroll.X/notch, p.Scroll.Y/notch) })
		return true
	}
	return ui.Click(e, ev, ui.MiddleButton, func() { e.Call(t.middle) })
}

// dot is the state of a machine: full while it runs, a ring while it doesn't.
type dot struct {
	color     render.Color
	full, bad bool
}

const dotSize = 10

func (dot) Layout(*ui.Element, ui.Constraints) geom.Size { return geom.Size{W: 20, H: 20} }

func (d dot) Paint(e *ui.Element, p *ui.Painter) {
	box := geom.XYWH((20-dotSize)/2, (20-dotSize)/2, dotSize, dotSize)
	switch {
	case d.bad:
		p.Border(box, dotSize/2, 2, e.Theme().Bad)
	case d.full:
		p.Disc(box, d.color)
	default:
		p.Border(box, dotSize/2, 2, d.color)
	}
}
