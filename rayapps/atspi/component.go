package atspi

import (
	"rayos/geom"
	"rayos/rayapps/ui"
)

// What coordinates are relative to: AtspiCoordType.
const (
	ofScreen uint32 = iota
	ofWindow
	ofParent
)

// Layers: AtspiComponentLayer.
const (
	layerWidget uint32 = 3
	layerWindow uint32 = 7
)

// rect is "(iiii)".
type rect struct{ X, Y, W, H int32 }

var component = surface{methods: map[string]method{
	"Contains": {"iiu", "b", func(c *call) ([]any, error) {
		o, err := c.origin(c.uint(2))
		return []any{c.point(o).In(c.at.bounds)}, err
	}},
	"GetAccessibleAtPoint": {"iiu", "(so)", func(c *call) ([]any, error) {
		o, err := c.origin(c.uint(2))
		return []any{c.ref(c.at.under(c.point(o)))}, err
	}},
	"GetExtents": {"u", "(iiii)", func(c *call) ([]any, error) {
		o, err := c.origin(c.uint(0))
		r := c.at.bounds.Add(o)
		return []any{rect{r.X0, r.Y0, r.W(), r.H()}}, err
	}},
	"GetPosition": {"u", "ii", func(c *call) ([]any, error) {
		o, err := c.origin(c.uint(0))
		p := c.at.bounds.Min().Add(o)
		return []any{p.X, p.Y}, err
	}},
	"GetSize": {"", "ii", func(c *call) ([]any, error) { return []any{c.at.bounds.W(), c.at.bounds.H()}, nil }},
	"GetLayer": {"", "u", func(c *call) ([]any, error) {
		if c.at.parent == nil {
			return []any{layerWindow}, nil
		}
		return []any{layerWidget}, nil
	}},
	"GetMDIZOrder": {"", "n", func(*call) ([]any, error) { return []any{int16(-1)}, nil }},
	"GetAlpha":     {"", "d", func(*call) ([]any, error) { return []any{1.0}, nil }},
	"GrabFocus": {"", "b", func(c *call) ([]any, error) {
		return c.act(ui.DoFocus, "")
	}},
	// Nothing is moved from outside.
	"SetExtents":    {"iiiiu", "b", refuse},
	"SetPosition":   {"iiu", "b", refuse},
	"SetSize":       {"ii", "b", refuse},
	"ScrollTo":      {"u", "b", refuse},
	"ScrollToPoint": {"uii", "b", refuse},
}}

// refuse answers that what is asked for wasn't done.
func refuse(*call) ([]any, error) { return []any{false}, nil }

// origin returns what to add to places in the window.
func (c *call) origin(coord uint32) (geom.Point, error) {
	switch {
	case coord == ofScreen:
		return c.at.origin, nil
	case coord == ofWindow:
		return geom.Point{}, nil
	case coord == ofParent && c.at.parent != nil:
		p := c.at.parent.bounds.Min()
		return geom.Point{X: -p.X, Y: -p.Y}, nil
	case coord == ofParent:
		return c.at.origin, nil
	}
	return geom.Point{}, invalid("coordinate type %d", coord)
}

// point returns the place in the window of the first two arguments.
func (c *call) point(origin geom.Point) geom.Point {
	return geom.Point{X: c.args[0].(int32), Y: c.args[1].(int32)}.Sub(origin)
}

// under returns the innermost node that is shown at a place in the window. What
// comes later lies above, and what pops up may lie outside of its parent.
func (n *node) under(p geom.Point) *node {
	for i := len(n.kids) - 1; i >= 0; i-- {
		if k := n.kids[i].under(p); k != nil {
			return k
		}
	}
	if p.In(n.shown) {
		return n
	}
	return nil
}

// act carries an action out.
func (c *call) act(a ui.Action, value string) ([]any, error) { return c.actOn(c.at, a, value) }

func (c *call) actOn(n *node, a ui.Action, value string) ([]any, error) {
	ok, err := c.link.b.do(c.ctx, n, func(t Tree) bool { return t.Do(n.id, a, value) })
	return []any{ok}, err
}
