package ui

import "rayos/geom"

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
