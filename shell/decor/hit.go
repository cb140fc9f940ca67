package decor

import (
	"rayos/geom"
	"rayos/shell/theme"
)

// Part is a place of the frame that reacts to the pointer.
type Part uint8

// Parts.
const (
	None    Part = iota // outside
	Content             // the client's
	Title               // moves the window
	Menu                // the owner, opens the window menu
	Minimize
	Maximize
	Shade
	Close
	ResizeN
	ResizeNE
	ResizeE
	ResizeSE
	ResizeS
	ResizeSW
	ResizeW
	ResizeNW
	parts
)

func (p Part) String() string {
	if p >= parts {
		return "invalid"
	}
	return [...]string{
		"none", "content", "title", "menu", "minimize", "maximize", "shade", "close",
		"resize-n", "resize-ne", "resize-e", "resize-se", "resize-s", "resize-sw", "resize-w", "resize-nw",
	}[p]
}

// Edges returns the edges that a resize part moves: -1 left or top, 1 right or
// bottom, 0 neither.
func (p Part) Edges() (x, y int32) {
	switch p {
	case ResizeNW, ResizeW, ResizeSW:
		x = -1
	case ResizeNE, ResizeE, ResizeSE:
		x = 1
	}
	switch p {
	case ResizeNW, ResizeN, ResizeNE:
		y = -1
	case ResizeSW, ResizeS, ResizeSE:
		y = 1
	}
	return x, y
}

// Button reports whether the part is one of the controls.
func (p Part) Button() bool { return p >= Minimize && p <= Close }

// controls are the buttons from left to right.
var controls = [...]Part{Minimize, Maximize, Shade, Close}

// shownControls returns the controls that fit into a frame of width w beside
// the word of its trust: the close button stays the longest.
func shownControls(w int32) []Part {
	n := int32(len(controls))
	for n > 1 && n*theme.ButtonW+ownerMin+theme.Border > w {
		n--
	}
	return controls[int32(len(controls))-n:]
}

// ButtonRect returns where a control lies, in logical pixels from the frame's
// top-left corner, or an empty rectangle if the frame is too narrow for it.
func (f *Frame) ButtonRect(p Part) geom.Rect {
	if f.Fullscreen {
		return geom.Rect{}
	}
	w := f.Outer().W
	shown := shownControls(w)
	x := w - theme.Border - int32(len(shown))*theme.ButtonW
	for i, q := range shown {
		if q == p {
			return geom.XYWH(x+int32(i)*theme.ButtonW, theme.Stripe, theme.ButtonW, theme.TitleBar-theme.Stripe)
		}
	}
	return geom.Rect{}
}

// HitTest returns the part at p, in logical pixels from the frame's top-left
// corner. A resizable frame can be taken a few pixels outside of it too.
func HitTest(f *Frame, p geom.FPoint) Part {
	outer := f.Outer()
	q := p.Floor()
	if part := resizePart(f, q, outer); part != None {
		return part
	}
	if !q.In(outer.Rect()) {
		return None
	}
	if q.In(f.Content()) {
		return Content
	}
	for _, c := range controls {
		if q.In(f.ButtonRect(c)) {
			return c
		}
	}
	if q.Y < theme.TitleBar && q.X < menuWidth(outer.W) {
		return Menu
	}
	return Title
}

// resizePart returns the resize edge at q, or None.
func resizePart(f *Frame, q geom.Point, outer geom.Size) Part {
	if !f.Resizable || f.Maximized || f.Fullscreen {
		return None
	}
	const out, grip = theme.ResizeEdge, theme.ResizeGrip
	if !q.In(outer.Rect().Inset(-out)) || q.In(geom.Rect{
		X0: theme.Border, Y0: theme.Stripe, X1: outer.W - theme.Border, Y1: outer.H - theme.Border,
	}) {
		return None
	}
	gx, gy := min(grip, outer.W/3), min(grip, outer.H/3)
	west, east := q.X < gx, q.X >= outer.W-gx
	north, south := q.Y < gy, q.Y >= outer.H-gy
	if f.Shaded {
		// A shaded window has no height to change.
		switch {
		case q.X < theme.Border:
			return ResizeW
		case q.X >= outer.W-theme.Border:
			return ResizeE
		}
		return None
	}
	switch {
	case north && west:
		return ResizeNW
	case north && east:
		return ResizeNE
	case south && west:
		return ResizeSW
	case south && east:
		return ResizeSE
	case q.X < theme.Border:
		return ResizeW
	case q.X >= outer.W-theme.Border:
		return ResizeE
	case q.Y < theme.Stripe:
		return ResizeN
	}
	return ResizeS
}

// menuWidth returns the width of the owner's place at the left of a title bar
// of width w.
func menuWidth(w int32) int32 { return min(max(int32(int64(w)*3/8), ownerMin), ownerMax) }
