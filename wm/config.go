package wm

import "rayos/geom"

// Limits of what ops may ask for; anything beyond is clamped.
const (
	maxSize    = 1 << 15 // width and height of a window or output
	maxPos     = 1 << 20 // distance from the origin
	maxOutputs = 64

	maxWorkspaces = 64
)

// Insets is how much a decoration adds around the content, in logical pixels.
type Insets struct{ Left, Top, Right, Bottom int32 }

// Outset returns content plus the insets.
func (i Insets) Outset(r geom.Rect) geom.Rect {
	return geom.Rect{X0: r.X0 - i.Left, Y0: r.Y0 - i.Top, X1: r.X1 + i.Right, Y1: r.Y1 + i.Bottom}
}

// inset returns frame without the insets, at least one pixel big.
func (i Insets) inset(r geom.Rect) geom.Rect {
	x, y := r.X0+i.Left, r.Y0+i.Top
	return geom.Rect{X0: x, Y0: y, X1: max(r.X1-i.Right, x+1), Y1: max(r.Y1-i.Bottom, y+1)}
}

// Decoration is the insets of one kind of window in its three shapes.
// A fullscreen window has none.
type Decoration struct{ Floating, Tiled, Maximized Insets }

// Config is what the policy is told about the desktop. It is fixed for the
// life of a State.
type Config struct {
	Workspaces int        // how many there are at first, at least 1
	Server     Decoration // windows that the session decorates
	Client     Decoration // windows that draw their own decoration
	Title      int32      // height of the strip that must stay reachable
	Reach      int32      // its width
	SnapEdge   int32      // how near to an output's edge a drag snaps
	Gap        int32      // between tiles and around them
	MinSize    geom.Size  // smallest content that Resize makes
}

// DefaultConfig returns 4 workspaces, a title bar of 34 px and a border of 2.
func DefaultConfig() Config {
	frame := Insets{Left: 2, Top: 34, Right: 2, Bottom: 2}
	return Config{
		Workspaces: 4,
		Server:     Decoration{Floating: frame, Tiled: frame, Maximized: Insets{Top: 34}},
		Title:      34,
		Reach:      48,
		SnapEdge:   12,
		Gap:        8,
		MinSize:    geom.Size{W: 64, H: 32},
	}
}

// sane returns c with every value in its range.
func (c Config) sane() Config {
	c.Workspaces = min(max(c.Workspaces, 1), maxWorkspaces)
	for _, d := range []*Decoration{&c.Server, &c.Client} {
		for _, i := range []*Insets{&d.Floating, &d.Tiled, &d.Maximized} {
			for _, v := range []*int32{&i.Left, &i.Top, &i.Right, &i.Bottom} {
				*v = clamp(*v, 0, 1024)
			}
		}
	}
	c.Title, c.Reach = clamp(c.Title, 1, 1024), clamp(c.Reach, 1, 1024)
	c.SnapEdge, c.Gap = clamp(c.SnapEdge, 0, 1024), clamp(c.Gap, 0, 1024)
	c.MinSize = geom.Size{W: clamp(c.MinSize.W, 1, maxSize), H: clamp(c.MinSize.H, 1, maxSize)}
	return c
}

func clamp(v, lo, hi int32) int32 { return min(max(v, lo), hi) }

func clampPos(p geom.Point) geom.Point {
	return geom.Point{X: clamp(p.X, -maxPos, maxPos), Y: clamp(p.Y, -maxPos, maxPos)}
}

// addPos is p+d clamped, without wrapping for any d.
func addPos(p, d geom.Point) geom.Point {
	at := func(a, b int32) int32 { return int32(min(max(int64(a)+int64(b), -maxPos), maxPos)) }
	return geom.Point{X: at(p.X, d.X), Y: at(p.Y, d.Y)}
}

func clampRect(r geom.Rect) geom.Rect {
	p := clampPos(r.Min())
	w := min(max(int64(r.X1)-int64(r.X0), 1), maxSize)
	h := min(max(int64(r.Y1)-int64(r.Y0), 1), maxSize)
	return geom.XYWH(p.X, p.Y, int32(w), int32(h))
}
