package wayland

import (
	"slices"

	"rayos/geom"
	"rayos/surfaces/scene"
)

// popupParent is what popups open above: a window, another popup, a panel.
type popupParent struct {
	s         *surface
	mapped    bool        // has pixels
	popupTree *scene.Tree // above the surface
	popups    []*popup    // oldest first
}

// dismissPopups ends the popups, the topmost first.
func (x *popupParent) dismissPopups() {
	for len(x.popups) > 0 {
		x.popups[len(x.popups)-1].dismiss()
	}
}

// base returns what a chain of popups stands on, nil if it was cut, and how
// many popups there are from it to x.
func (x *popupParent) base() (b *popupParent, popups int) {
	for {
		switch r := x.s.role.(type) {
		case *toplevel, *layerSurface:
			return x, popups
		case *popup:
			if r.parent == nil {
				return nil, popups
			}
			popups++
			x = r.parent
		default:
			return nil, popups
		}
	}
}

// origin returns where the geometry of x begins in that of its base.
func (x *popupParent) origin() geom.Point {
	var at geom.Point
	for {
		r, ok := x.s.role.(*popup)
		if !ok || r.parent == nil {
			return at
		}
		at = at.Add(r.rect.Min())
		x = r.parent
	}
}

// bounds returns the area that popups may use, relative to the geometry of
// the base.
func (x *popupParent) bounds() geom.Rect {
	b, _ := x.base()
	if b == nil {
		return geom.Rect{}
	}
	switch r := b.s.role.(type) {
	case *toplevel:
		return r.srv().shell.PopupBounds(r.guest)
	case *layerSurface:
		return r.popupBounds()
	}
	return geom.Rect{}
}

// react places reactive popups anew.
func (x *popupParent) react() {
	for _, p := range slices.Clone(x.popups) {
		if p.place.reactive && p.x.opened {
			before := p.want
			p.arrange()
			if p.want != before {
				p.sendConfigure()
			}
		}
		p.x.react()
	}
}
