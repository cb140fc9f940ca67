package wm

import "rayos/geom"

func (op Move) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	return s.moveTo(w, op.To)
}

func (op MoveBy) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	return s.moveTo(w, addPos(s.frameNow(w).Min(), op.Delta))
}

func (s *State) moveTo(w *window, to geom.Point) error {
	if s.shape(w) == shapeFull {
		return ErrState
	}
	s.float(w)
	w.pos, w.placed, w.home, w.anchor = to, true, "", 0
	s.follow(w)
	return nil
}

// follow fits a window that has been moved by hand and gives it to the output
// that shows most of it.
func (s *State) follow(w *window) {
	s.fit(w)
	w.output = s.outputAt(s.floatFrame(w), w.output)
	if w.size == (geom.Size{}) {
		s.fit(w) // its default size has changed with the output
	}
}

// float takes w out of its zone or tile.
func (s *State) float(w *window) {
	w.floating = w.floating || s.tiled(w)
	w.zone, w.unzone = ZoneNone, ZoneNone
}

func (op Pull) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if s.shape(w) == shapeFloating {
		return nil
	}
	f := s.frameNow(w)
	p := clampPos(op.Pointer)
	dx := int64(clamp(p.X-f.X0, 0, f.W()))
	dy := clamp(p.Y-f.Y0, 0, s.cfg.Title-1)
	dx = dx * int64(s.floatFrame(w).W()) / int64(max(f.W(), 1))
	return s.moveTo(w, geom.Point{X: p.X - int32(dx), Y: p.Y - dy})
}

func (op Resizing) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	w.resizing = op.To.of(w.resizing)
	return nil
}

func (op Resize) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.Edges.Valid() {
		return ErrInvalid
	}
	from := s.frameNow(w)
	if op.From != (geom.Rect{}) {
		from = clampRect(op.From)
	}
	switch s.shape(w) {
	case shapeFull:
		return ErrState
	case shapeTiled:
		s.dragTile(w, op.Edges, op.Delta, from)
		return nil
	case shapeZone:
		_, in := s.frame(w)
		w.size = in.inset(s.frameNow(w)).Size()
		w.pos = from.Min()
		s.float(w)
	}
	s.resize(w, op.Edges, op.Delta, from)
	return nil
}

// resize drags edges of the floating frame from by d.
func (s *State) resize(w *window, e Edges, d geom.Point, from geom.Rect) {
	if w.shaded {
		e &^= EdgeTop | EdgeBottom
	}
	in := s.decoration(w).Floating
	z := s.floatSize(w)
	grow := func(size, inset, d int32, back bool, lo, hi int32) int32 {
		n := int64(size) - int64(inset)
		if back {
			n -= int64(d)
		} else {
			n += int64(d)
		}
		return int32(min(max(n, int64(lo)), int64(hi)))
	}
	lo, hi := s.limits(w)
	if e&EdgeTop != 0 {
		// What would leave the screen at the top is not dragged there.
		top := addPos(from.Min(), geom.Point{Y: d.Y})
		d.Y = top.Y - from.Y0 + max(s.reach(geom.XYWH(from.X0, top.Y, from.W(), from.H())).Y, 0)
	}
	if e&(EdgeLeft|EdgeRight) != 0 {
		z.W = grow(from.W(), in.Left+in.Right, d.X, e&EdgeLeft != 0, lo.W, hi.W)
	}
	if e&(EdgeTop|EdgeBottom) != 0 {
		z.H = grow(from.H(), in.Top+in.Bottom, d.Y, e&EdgeTop != 0, lo.H, hi.H)
	}
	w.pos = from.Min()
	if e&EdgeLeft != 0 {
		w.pos.X = from.X1 - in.Left - z.W - in.Right
	}
	if e&EdgeTop != 0 {
		w.pos.Y = from.Y1 - in.Top - z.H - in.Bottom
	}
	w.size, w.anchor, w.placed = z, e, true
	s.follow(w)
}

// limits returns the smallest and biggest content that resizing makes.
func (s *State) limits(w *window) (lo, hi geom.Size) {
	axis := func(least, wmin, wmax int32) (int32, int32) {
		hi := int32(maxSize)
		if wmax > 0 {
			hi = wmax
		}
		return min(max(least, wmin), hi), hi
	}
	lo.W, hi.W = axis(s.cfg.MinSize.W, w.min.W, w.max.W)
	lo.H, hi.H = axis(s.cfg.MinSize.H, w.min.H, w.max.H)
	return lo, hi
}

func (op SetSize) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if s.shape(w) != shapeFloating {
		return nil
	}
	z := sanitize(op.Size)
	z.W, z.H = max(z.W, 1), max(z.H, 1)
	was := w.size
	w.size = z
	if !w.placed {
		s.place(w)
		return nil
	}
	if w.anchor&EdgeLeft != 0 {
		w.pos.X += was.W - z.W
	}
	if w.anchor&EdgeTop != 0 && !w.shaded {
		w.pos.Y += was.H - z.H
	}
	if !w.resizing {
		w.anchor = 0
	}
	s.fit(w)
	return nil
}
