package ui

import (
	"slices"

	"rayos/geom"
)

// Popup is a layer that the root has no room for: a menu, a popover or a tooltip
// that a surface of its own shows, beyond the edges of the root. It belongs to
// the root, and so do its events, in the root's coordinates. All rectangles are
// in logical pixels from the root's corner.
type Popup struct {
	// Anchor is what it lies beside, Gap apart: below it from its start edge, or
	// below its middle.
	Anchor geom.Rect
	Gap    int32
	Middle bool
	// Size is what it would like to have.
	Size geom.Size
	// Grab says that it keeps the keyboard and the pointer until it is closed.
	Grab bool
	// Margin is the room for its shadow, on each side.
	Margin int32
	// Rect is where it is, without the margin, once Root.PlacePopup has said so.
	Rect   geom.Rect
	Placed bool
	// Frame is what it looks like, from the corner of the margin, as of the last
	// Root.Frame. It has no list before it has a place.
	Frame Frame

	layer *Element
	seen  bool
}

// squeezed reports whether it has less room than it would like.
func (p *Popup) squeezed() bool {
	return p.Placed && (p.Rect.W() < p.Size.W || p.Rect.H() < p.Size.H)
}

// SetPopups says whether somebody shows popups. Without, everything lies inside
// of the root.
func (r *Root) SetPopups(on bool) {
	r.popping = on
	r.top.Relayout()
}

// Popups returns the layers that need surfaces, as of the last layout: those that
// grab first, each above those before it. The slice is the root's.
func (r *Root) Popups() []*Popup { return r.popups }

// PlacePopup tells where a popup is.
func (r *Root) PlacePopup(p *Popup, at geom.Rect) {
	if p.Placed && p.Rect == at || p.layer.gone {
		return
	}
	p.Rect, p.Placed = at, true
	p.layer.Relayout()
}

// RefusePopup says that there will be no surface for a popup: it comes inside of
// the root.
func (r *Root) RefusePopup(p *Popup) {
	if !p.layer.gone {
		r.refused = append(r.refused, p.layer)
		p.layer.Relayout()
	}
}

// DismissPopup closes a popup, as a press outside does. One that its owner keeps
// open comes inside of the root.
func (r *Root) DismissPopup(p *Popup) {
	if h, ok := p.layer.parent.node.(layerHost); ok && !p.layer.gone {
		h.dismiss(p.layer.parent)
	}
	r.Layout()
	r.RefusePopup(p)
}

// popupOf returns the popup that a layer is, or nil.
func (r *Root) popupOf(layer *Element) *Popup {
	for _, p := range r.popups {
		if p.layer == layer {
			return p
		}
	}
	return nil
}

// inPopup reports whether e is part of a popup.
func (r *Root) inPopup(e *Element) bool {
	for ; e != nil && len(r.popups) > 0; e = e.parent {
		if e.layer && r.popupOf(e) != nil {
			return true
		}
	}
	return false
}

// dropPopups forgets popups that the last layout hasn't met.
func (r *Root) dropPopups() {
	r.popups = slices.DeleteFunc(r.popups, func(p *Popup) bool { return !p.seen })
	r.refused = slices.DeleteFunc(r.refused, func(e *Element) bool { return e.gone })
}

// popupRoom is the least that a popup may take, however small the root is.
var popupRoom = geom.Size{W: 480, H: 640}

// popUp makes the layer e a popup if there is no room for it inside, and reports
// whether it is one. It stays one until it closes.
func (e *Element) popUp(s spot, within geom.Size) bool {
	r := e.root
	if !r.popping || slices.Contains(r.refused, e) {
		return false
	}
	p := r.popupOf(e)
	if p == nil || !p.squeezed() {
		size := e.Layout(Loose(s.room(geom.Size{W: max(within.W, popupRoom.W), H: max(within.H, popupRoom.H)})))
		if p == nil {
			if !r.inPopup(e.parent) && s.holds(size, within) {
				return false
			}
			p = r.addPopup(e)
		}
		p.Size = size
	}
	shadow := e.Theme().PopoverShadow()
	p.Anchor, p.Gap, p.Middle, p.Margin, p.seen = s.anchor, s.gap, s.middle, shadow.Y+2*shadow.Blur+1, true
	if p.Placed {
		e.Layout(Loose(p.Rect.Size()))
		e.pos = p.Rect.Min()
		return true
	}
	a := s.beside(p.Size)
	e.pos = geom.Point{X: a.X0, Y: a.Y1 + s.gap}
	if e.RTL() {
		e.pos.X = a.X1 - p.Size.W
	}
	return true
}

// addPopup puts a new popup above those that there are; tooltips come last.
func (r *Root) addPopup(layer *Element) *Popup {
	p := &Popup{layer: layer}
	_, p.Grab = layer.trapping()
	at := len(r.popups)
	for p.Grab && at > 0 && !r.popups[at-1].Grab {
		at--
	}
	r.popups = slices.Insert(r.popups, at, p)
	return p
}
