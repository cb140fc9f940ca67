package ui

import (
	"rayos/geom"
	"rayos/rayapps/paint"
)

// Foreign shows what somebody else draws and means: a tree of its own that lives
// elsewhere, as in another process. It takes all the room there is.
type Foreign struct {
	List *paint.List
	// Info is what is in it, with IDs below 1<<32 and bounds from the corner of
	// the surface. It isn't changed.
	Info []*Info
	// Input is what an input method needs to know of it.
	Input IME
	// Shape is the pointer's over it.
	Shape Cursor
	// Resized is told the size when it is laid out.
	Resized func(geom.Size)
	// Painted is told when the list is drawn: time for the next one.
	Painted func()
	// OnEvent gets the events, in coordinates of the surface.
	OnEvent func(ev Event) bool
	// OnAct is to carry an action out on what has an ID of Info.
	OnAct func(id uint64, a Action, value string) bool
}

// Layout implements Node.
func (s Foreign) Layout(e *Element, c Constraints) geom.Size {
	e.Clip()
	size := geom.Size{W: bounded(c.MaxW, 0), H: bounded(c.MaxH, 0)}
	if s.Resized != nil {
		s.Resized(size)
	}
	return size
}

// Focus implements Focuser.
func (Foreign) Focus(*Element) FocusPolicy { return TakesAll }

// Paint implements Node.
func (s Foreign) Paint(e *Element, p *Painter) {
	if s.List != nil {
		p.Builder().PushClip(e.Box().Fixed())
		p.Builder().List(s.List)
		p.Builder().Pop()
	}
	if s.Painted != nil {
		s.Painted()
	}
}

// Handle implements Handler.
func (s Foreign) Handle(_ *Element, ev Event) bool { return s.OnEvent != nil && s.OnEvent(ev) }

// Cursor implements Pointed.
func (s Foreign) Cursor(*Element, geom.Point) Cursor { return s.Shape }

// IME implements Typist.
func (s Foreign) IME(e *Element) IME {
	m := s.Input
	m.Rect = m.Rect.Add(e.Bounds().Min())
	return m
}

// Describe implements Describer.
func (s Foreign) Describe(e *Element, i *Info) {
	i.Role = RolePanel
	i.Children = places(s.Info, e.id<<32, e.Bounds().Min())
}

// places copies what is in a surface, as its root sees it.
func places(list []*Info, id uint64, by geom.Point) []*Info {
	out := make([]*Info, len(list))
	for n, i := range list {
		k := *i
		k.ID |= id
		k.Bounds = k.Bounds.Add(by)
		k.Children = places(i.Children, id, by)
		out[n] = &k
	}
	return out
}

// inside is a node with IDs of its own, below those of its element.
type inside interface {
	actInside(id uint64, a Action, value string) bool
}

func (s Foreign) actInside(id uint64, a Action, value string) bool {
	return s.OnAct != nil && s.OnAct(id, a, value)
}
