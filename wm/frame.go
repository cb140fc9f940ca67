package wm

import "rayos/geom"

// shape is what decides a window's frame. The first that applies of
// fullscreen, zone and tiled does.
type shape uint8

const (
	shapeFloating shape = iota
	shapeTiled
	shapeZone
	shapeFull
)

// shape returns how w is shown. Without an output every window floats.
func (s *State) shape(w *window) shape {
	switch {
	case w.output == 0:
		return shapeFloating
	case w.full:
		return shapeFull
	case w.zone != ZoneNone:
		return shapeZone
	case s.tiled(w):
		return shapeTiled
	}
	return shapeFloating
}

func (s *State) decoration(w *window) *Decoration {
	if w.decorated {
		return &s.cfg.Server
	}
	return &s.cfg.Client
}

// floatFrame returns the floating frame, whether it is shown or not.
func (s *State) floatFrame(w *window) geom.Rect {
	in := s.decoration(w).Floating
	z := s.floatSize(w)
	if w.shaded {
		z.H = 0
	}
	return geom.XYWH(w.pos.X, w.pos.Y, in.Left+z.W+in.Right, in.Top+z.H+in.Bottom)
}

// floatSize returns the floating content size, or two thirds of the output
// while the client has not chosen one.
func (s *State) floatSize(w *window) geom.Size {
	if w.size != (geom.Size{}) {
		return w.size
	}
	b := s.bounds(w)
	return geom.Size{W: max(b.W*2/3, 1), H: max(b.H*2/3, 1)}
}

// bounds returns the biggest content that fits w's output, or zero.
func (s *State) bounds(w *window) geom.Size {
	o := s.out(w.output)
	if o == nil {
		return geom.Size{}
	}
	return s.decoration(w).Floating.inset(o.usable).Size()
}

// frame returns where w is shown, unless it is tiled, and its insets.
func (s *State) frame(w *window) (geom.Rect, Insets) {
	d := s.decoration(w)
	switch s.shape(w) {
	case shapeFull:
		if o := s.out(w.fullOn); o != nil {
			return o.rect, Insets{}
		}
		return s.out(w.output).rect, Insets{}
	case shapeZone:
		r := w.zone.Rect(s.out(w.output).usable)
		if w.zone == ZoneMax {
			return r, d.Maximized
		}
		return r, d.Tiled
	}
	return s.floatFrame(w), d.Floating
}

// frameNow returns where w is shown.
func (s *State) frameNow(w *window) geom.Rect {
	if s.shape(w) == shapeTiled {
		i, _ := s.index(w.id)
		return s.tileRect(w, s.slots()[i])
	}
	r, _ := s.frame(w)
	return r
}

// fit brings w's floating geometry into the limits and its title bar into
// reach. Every op that changes what the floating frame depends on ends here.
func (s *State) fit(w *window) {
	w.pos = clampPos(w.pos)
	w.pos = addPos(w.pos, s.reach(s.floatFrame(w)))
}

// reach returns the smallest move that brings enough of frame's title bar
// into the usable area of one output.
func (s *State) reach(frame geom.Rect) geom.Point {
	var best geom.Point
	least := int32(-1)
	for i := range s.outputs {
		u := s.outputs[i].usable
		w := min(s.cfg.Reach, frame.W(), u.W())
		h := min(s.cfg.Title, u.H())
		d := geom.Point{
			X: clamp(frame.X0, u.X0-(frame.W()-w), u.X1-w) - frame.X0,
			Y: clamp(frame.Y0, u.Y0, u.Y1-h) - frame.Y0,
		}
		if n := abs(d.X) + abs(d.Y); least < 0 || n < least {
			best, least = d, n
		}
	}
	return best
}

func abs(v int32) int32 { return max(v, -v) }
