package decor

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/theme"
)

// State is what of a window's state changes the shape of its frame.
type State struct {
	Maximized  bool // no border and no outer corners
	Fullscreen bool // no frame at all
	Tiled      bool // a border, but square corners
	Shaded     bool // the title bar alone
}

// Frame is everything a decoration shows. Two equal Frames look the same.
type Frame struct {
	State
	// Size of the content in logical pixels. A shaded frame ignores its
	// height.
	Size geom.Size
	// Title is the client's own word, and hostile until drawn. Owner is
	// the session's: a guest's or program's name.
	Title, Owner string
	Trust        theme.Trust
	// Word is what the trust level is called in the person's language; "" is
	// Trust.Word.
	Word string
	// Color replaces the colour of the trust level when a policy sets one;
	// 0 doesn't.
	Color render.Color
	// Active is the focused window.
	Active bool
	// Attention says that the window would like to be the focused one.
	Attention bool
	Resizable bool
	// Hover is the part under the pointer, Pressed the one held down.
	Hover, Pressed Part
	Scale          geom.Scale
	Scheme         theme.Scheme
	// Snap is what rounding makes of the frame's lines where it lies; zero is
	// as at the origin.
	Snap Snap
}

// Snap is the physical size of a title bar and of the sides at its place. At
// fractional scales they differ by a pixel from place to place.
type Snap struct {
	Bar         geom.Size
	Left, Right int32
}

// SnapAt returns the Snap of a frame with its corner at a logical point of an
// output.
func (f *Frame) SnapAt(p geom.Point) Snap {
	s, w := max(f.Scale, 1), f.Outer().W
	if s%geom.ScaleOne == 0 {
		return Snap{}
	}
	n := Snap{Bar: s.ApplyRect(geom.XYWH(p.X, p.Y, w, theme.TitleBar)).Size()}
	if _, right, _, left := Insets(f.State); left > 0 {
		n.Left = s.Apply(p.X+left) - s.Apply(p.X)
		n.Right = s.Apply(p.X+w) - s.Apply(p.X+w-right)
	}
	return n
}

// Insets returns how far the frame reaches beyond its content, in logical
// pixels.
func Insets(s State) (top, right, bottom, left int32) {
	switch {
	case s.Fullscreen:
		return 0, 0, 0, 0
	case s.Maximized:
		return theme.TitleBar, 0, 0, 0
	}
	return theme.TitleBar, theme.Border, theme.Border, theme.Border
}

// Outer returns the logical size of the whole frame.
func (f *Frame) Outer() geom.Size {
	top, right, bottom, left := Insets(f.State)
	h := max(f.Size.H, 0)
	if f.Shaded {
		h = 0
	}
	return geom.Size{W: max(f.Size.W, 0) + left + right, H: h + top + bottom}
}

// Content returns where the content lies in the frame, in logical pixels from
// the frame's top-left corner. It is empty when the frame is shaded.
func (f *Frame) Content() geom.Rect {
	top, _, _, left := Insets(f.State)
	if f.Shaded {
		return geom.XYWH(left, top, max(f.Size.W, 0), 0)
	}
	return geom.XYWH(left, top, max(f.Size.W, 0), max(f.Size.H, 0))
}

// rounded reports whether the top corners are round.
func (f *Frame) rounded() bool { return !f.Maximized && !f.Fullscreen && !f.Tiled }
