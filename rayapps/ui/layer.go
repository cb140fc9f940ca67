package ui

import (
	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// layerHost is a node one of whose children lies above everything.
type layerHost interface {
	// placeLayer lays the layer out and puts it into the root.
	placeLayer(e, layer *Element, within geom.Size)
	// traps reports whether the layer keeps the focus and the pointer, and
	// who gets the focus, nil for the first that takes it.
	traps(e *Element) (first *Element, ok bool)
	// dismiss is called when the person presses outside.
	dismiss(e *Element)
}

// raise makes e a layer. It is for Layout of its parent.
func (e *Element) raise() { e.layer = true }

// gather appends the layers in e.
func (r *Root) gather(to []*Element, e *Element) []*Element {
	for _, k := range e.children {
		if k.layer {
			to = append(to, k)
			continue
		}
		to = r.gather(to, k)
	}
	return to
}

// trapping reports whether a layer keeps the focus.
func (e *Element) trapping() (first *Element, ok bool) {
	if h, ok := e.parent.node.(layerHost); ok {
		return h.traps(e.parent)
	}
	return nil, false
}

// dismissOutside closes the topmost layer that keeps the pointer if p is not in
// it or above it.
func (r *Root) dismissOutside(p geom.Point) bool {
	for i := len(r.layers) - 1; i >= 0; i-- {
		l := r.layers[i]
		if l.gone {
			continue
		}
		if p.In(l.size.Rect().Add(l.pos)) {
			return false
		}
		if _, traps := l.trapping(); traps {
			l.parent.node.(layerHost).dismiss(l.parent)
			return true
		}
	}
	return false
}

// Layers appends the rectangles of what lies above everything: menus, popovers,
// dialogs, tooltips, toasts. Who shows a panel on a small surface makes it
// larger while there are any.
func (r *Root) Layers(to []geom.Rect) []geom.Rect {
	for _, l := range r.layers {
		if !l.gone {
			to = append(to, l.size.Rect().Add(l.pos))
		}
	}
	return to
}

// Dismiss closes the topmost menu or popover, as a press outside of it does, and
// reports whether there was one. It is for presses that the root doesn't see.
func (r *Root) Dismiss() bool {
	n := len(r.traps)
	if n == 0 {
		return false
	}
	l := r.traps[n-1].layer
	if h, ok := l.parent.node.(layerHost); ok && !l.gone {
		h.dismiss(l.parent)
	}
	r.Layout()
	return len(r.traps) < n
}

// Trapping reports whether a menu, a popover or a dialog is open, which keeps the
// keyboard and the pointer.
func (r *Root) Trapping() bool { return len(r.traps) > 0 }

// spot is where a layer would like to be.
type spot struct {
	anchor geom.Rect // what it belongs to, in coordinates of the root
	gap    int32     // between the two
	width  int32     // the most that it may have; 0 is any
	middle bool      // below the middle of the anchor, not from its start edge
}

// room returns the most that a layer may take of a surface.
func (s *spot) room(within geom.Size) geom.Size {
	w := max(within.W-2*theme.Space1, 0)
	if s.width > 0 {
		w = min(w, s.width)
	}
	return geom.Size{W: w, H: max(within.H-2*theme.Space1, 0)}
}

// holds reports whether a box of a size has room beside the anchor.
func (s *spot) holds(size, within geom.Size) bool {
	room := s.room(within)
	below, above := s.anchor.Y1+s.gap+size.H <= within.H, s.anchor.Y0-s.gap-size.H >= 0
	return size.W <= room.W && size.H <= room.H && (below || above)
}

// beside returns the anchor as something of a size sees it.
func (s *spot) beside(size geom.Size) geom.Rect {
	a := s.anchor
	if s.middle {
		return geom.XYWH((a.X0+a.X1-size.W)/2, a.Y0, size.W, a.H())
	}
	return a
}

// placeBeside lays a layer out and puts it next to something, or makes a popup
// of it.
func (e *Element) placeBeside(s spot, within geom.Size) {
	if e.popUp(s, within) {
		return
	}
	size := e.Layout(Loose(s.room(within)))
	e.pos = beside(s.beside(size), size, within, s.gap, e.RTL())
}

// beside returns where a box of size s goes next to the anchor: below it, or
// above where that is too low, from its start edge, and always inside.
func beside(anchor geom.Rect, s, within geom.Size, gap int32, rtl bool) geom.Point {
	x := anchor.X0
	if rtl {
		x = anchor.X1 - s.W
	}
	y := anchor.Y1 + gap
	if y+s.H > within.H && anchor.Y0-gap-s.H >= 0 {
		y = anchor.Y0 - gap - s.H
	}
	return geom.Point{X: max(min(x, within.W-s.W-4), min(4, within.W-s.W), 0), Y: max(min(y, within.H-s.H), 0)}
}
