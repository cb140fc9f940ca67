package taskbar

import (
	"rayos/geom"
	"rayos/rayapps/ui"
)

// Hover is what the pointer rests on, of which there may be a picture: windows
// of an application, or a machine. The zero Hover is nothing.
type Hover struct {
	Windows []uint32
	Machine string
	Box     geom.Rect // of the task in the root, logical
}

// Empty reports whether it is nothing.
func (h *Hover) Empty() bool { return len(h.Windows) == 0 && h.Machine == "" }

// hovering tells that the pointer is over a task.
type hovering struct {
	windows []uint32
	machine string
	tell    func(Hover)
	child   ui.Node
}

func (h hovering) Build(*ui.Element) []ui.Node { return []ui.Node{h.child} }

func (h hovering) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return s
}

func (hovering) Paint(*ui.Element, *ui.Painter) {}

// Handle implements ui.Handler.
func (h hovering) Handle(e *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	if !ok || p.Kind != ui.PointerMove || p.Touch {
		return false
	}
	h.tell(Hover{h.windows, h.machine, e.Bounds()})
	return true
}

// ids are those of a group's windows.
func (g *group) ids() []uint32 {
	out := make([]uint32, len(g.windows))
	for i := range g.windows {
		out[i] = g.windows[i].ID
	}
	return out
}

// hover tells of a task that the pointer is over, and once that it is over none.
func (b *Bar) hover(h Hover) {
	if h.Empty() && !b.hovered {
		return
	}
	b.hovered = !h.Empty()
	b.act.Hover(h)
}
