package layer

import "rayos/geom"

// Anchor is a set of edges. The bits are those of
// zwlr_layer_surface_v1.anchor.
type Anchor uint8

// Edges.
const (
	Top Anchor = 1 << iota
	Bottom
	Left
	Right

	horizontal = Left | Right
	vertical   = Top | Bottom
)

// Valid reports whether a has edges only.
func (a Anchor) Valid() bool { return a&^(horizontal|vertical) == 0 }

// Single reports whether a is exactly one edge.
func (a Anchor) Single() bool { return a == Top || a == Bottom || a == Left || a == Right }

// Margin is the distance from the edges that an item is anchored to.
type Margin struct{ Top, Right, Bottom, Left int32 }

// Item is one surface.
type Item struct {
	Anchor Anchor
	Size   geom.Size // 0 stretches between two opposite anchors
	// Zone is how much of the output windows and items without a zone stay
	// away from, measured at the edge; 0 stays away from the zones of
	// others, and a negative one ignores them.
	Zone   int32
	Edge   Anchor // of the zone, where the anchors leave a choice; 0 for none
	Margin Margin
	// Mapped items take their zone; others are only told their size.
	Mapped bool
}

// Fits reports whether the item can be laid out: a size of 0 needs both edges.
func (it *Item) Fits() bool {
	return (it.Size.W != 0 || it.Anchor&horizontal == horizontal) &&
		(it.Size.H != 0 || it.Anchor&vertical == vertical)
}

// ZoneEdge returns the edge that a positive Zone lies at, 0 if there is none:
// the one asked for, or the one that is anchored without its opposite while
// the other two are alike.
func (it *Item) ZoneEdge() Anchor {
	if it.Edge != 0 {
		return it.Edge
	}
	one := func(a, along Anchor) bool { return a.Single() && (along == 0 || !along.Single()) }
	h, v := it.Anchor&horizontal, it.Anchor&vertical
	switch {
	case one(v, h):
		return v
	case one(h, v):
		return h
	}
	return 0
}

// Spot is what Arrange has for an item.
type Spot struct {
	Bounds geom.Rect // that the item is anchored in
	Size   geom.Size // that it should take, positive
}

// Arrange appends a Spot for each item to dst. Items come in the order in
// which they take their zones: those of the topmost layer first, of one layer
// the oldest first. usable is what the zones leave of the output; it always
// has at least a pixel.
func Arrange(dst []Spot, output geom.Rect, items []Item) (spots []Spot, usable geom.Rect) {
	base := len(dst)
	for range items {
		dst = append(dst, Spot{})
	}
	usable = output
	for pass := range 2 {
		for i := range items {
			it := &items[i]
			if exclusive := it.Zone > 0; exclusive != (pass == 0) {
				continue
			}
			bounds := usable
			if it.Zone < 0 {
				bounds = output
			}
			dst[base+i] = Spot{bounds, it.size(bounds)}
			if pass == 0 && it.Mapped {
				usable = it.takeZone(usable)
			}
		}
	}
	return dst, usable
}

// size is that asked for, or what the margins leave between the edges.
func (it *Item) size(b geom.Rect) geom.Size {
	s := it.Size
	if s.W == 0 {
		s.W = clamp(int64(b.W()) - int64(it.Margin.Left) - int64(it.Margin.Right))
	}
	if s.H == 0 {
		s.H = clamp(int64(b.H()) - int64(it.Margin.Top) - int64(it.Margin.Bottom))
	}
	return geom.Size{W: max(s.W, 1), H: max(s.H, 1)}
}

// takeZone returns what the item's zone, with the margin before it, leaves of
// the area.
func (it *Item) takeZone(r geom.Rect) geom.Rect {
	take := func(margin int32, room int32) int32 {
		return min(max(clamp(int64(it.Zone)+int64(margin)), 0), room-1)
	}
	switch it.ZoneEdge() {
	case Top:
		r.Y0 += take(it.Margin.Top, r.H())
	case Bottom:
		r.Y1 -= take(it.Margin.Bottom, r.H())
	case Left:
		r.X0 += take(it.Margin.Left, r.W())
	case Right:
		r.X1 -= take(it.Margin.Right, r.W())
	}
	return r
}

// Place returns where the top-left corner of an item goes that has taken a
// size of its own: next to the edges it is anchored to, or in the middle
// between them.
func (it *Item) Place(bounds geom.Rect, size geom.Size) geom.Point {
	return geom.Point{
		X: place(bounds.X0, bounds.X1, size.W, it.Margin.Left, it.Margin.Right, it.Anchor&Left != 0, it.Anchor&Right != 0),
		Y: place(bounds.Y0, bounds.Y1, size.H, it.Margin.Top, it.Margin.Bottom, it.Anchor&Top != 0, it.Anchor&Bottom != 0),
	}
}

// place solves one axis. Margins count at anchored edges only.
func place(from, to, size, near, far int32, atNear, atFar bool) int32 {
	switch {
	case atNear && !atFar:
		return clamp(int64(from) + int64(near))
	case atFar && !atNear:
		return clamp(int64(to) - int64(far) - int64(size))
	case !atNear:
		near, far = 0, 0
	}
	return clamp((int64(from) + int64(near) + int64(to) - int64(far) - int64(size)) >> 1)
}

// limit keeps coordinates of hostile clients where sums of a few are exact.
const limit = 1 << 24

func clamp(v int64) int32 { return int32(min(max(v, -limit), limit)) }
