package wm

import (
	"slices"

	"rayos/geom"
)

// out returns an output to read, or nil.
func (s *State) out(id OutputID) *output {
	for i := range s.outputs {
		if s.outputs[i].id == id {
			return &s.outputs[i]
		}
	}
	return nil
}

// usableOf returns what panels leave of rect.
func usableOf(rect, usable geom.Rect) geom.Rect {
	if u := rect.Intersect(usable); !u.Empty() {
		return u
	}
	return rect
}

func (op AddOutput) apply(s *State) error {
	if op.ID == 0 {
		return ErrInvalid
	}
	if s.out(op.ID) != nil {
		return ErrExists
	}
	if len(s.outputs) >= maxOutputs {
		return ErrTooMany
	}
	r := clampRect(op.Rect)
	o := output{id: op.ID, name: op.Name, rect: r, usable: usableOf(r, op.Usable)}
	s.outputs = append(slices.Clone(s.outputs), o)
	for i, w := range s.wins {
		switch {
		case w.home != "" && w.home == op.Name:
			w = s.editAt(i)
			w.output, w.home = o.id, ""
			w.pos = addPos(w.homePos, r.Min())
		case w.output == 0:
			w = s.editAt(i)
			w.output = o.id
		default:
			continue
		}
		if !w.placed {
			s.place(w)
		}
		s.fit(w)
	}
	return nil
}

func (op ChangeOutput) apply(s *State) error {
	i := slices.IndexFunc(s.outputs, func(o output) bool { return o.id == op.ID })
	if i < 0 {
		return ErrNoOutput
	}
	s.outputs = slices.Clone(s.outputs)
	o := &s.outputs[i]
	by := o.rect.Min()
	o.rect = clampRect(op.Rect)
	o.usable = usableOf(o.rect, op.Usable)
	by = o.rect.Min().Sub(by)
	for i, w := range s.wins {
		w = s.editAt(i)
		if w.output == op.ID {
			w.pos = addPos(w.pos, by)
		}
		s.fit(w)
	}
	return nil
}

func (op RemoveOutput) apply(s *State) error {
	i := slices.IndexFunc(s.outputs, func(o output) bool { return o.id == op.ID })
	if i < 0 {
		return ErrNoOutput
	}
	old := s.outputs[i]
	s.outputs = slices.Delete(slices.Clone(s.outputs), i, i+1)
	var to *output
	if f := s.win(s.focus); f != nil {
		to = s.out(f.output)
	}
	if to == nil && len(s.outputs) > 0 {
		to = &s.outputs[0]
	}
	for i := range s.wins {
		w := s.editAt(i)
		if w.fullOn == op.ID {
			w.fullOn = 0
		}
		if w.output == op.ID {
			if w.home == "" {
				w.home, w.homePos = old.name, w.pos.Sub(old.rect.Min())
			}
			w.output = 0
			if to != nil {
				w.output = to.id
				w.pos = addPos(w.pos, to.usable.Min().Sub(old.usable.Min()))
			}
		}
		s.fit(w)
	}
	return nil
}

func (op MoveToOutput) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if s.out(op.Output) == nil {
		return ErrNoOutput
	}
	s.moveToOutput(w, op.Output)
	return nil
}

// moveToOutput takes w, in whatever state, to an output that exists.
func (s *State) moveToOutput(w *window, id OutputID) {
	w.home, w.fullOn = "", 0
	if w.output == id {
		return
	}
	if from := s.out(w.output); from != nil {
		w.pos = addPos(w.pos, s.out(id).usable.Min().Sub(from.usable.Min()))
	}
	w.output = id
	s.fit(w)
}

// outputFor returns where a new window goes.
func (s *State) outputFor(w *window, want OutputID) OutputID {
	if want != 0 {
		return want
	}
	for _, id := range []WindowID{w.parent, s.focus} {
		if v := s.win(id); v != nil && v.output != 0 {
			return v.output
		}
	}
	if len(s.outputs) > 0 {
		return s.outputs[0].id
	}
	return 0
}

// outputAt returns the output that shows most of r, or else was.
func (s *State) outputAt(r geom.Rect, was OutputID) OutputID {
	best, most := was, int64(0)
	for i := range s.outputs {
		v := s.outputs[i].rect.Intersect(r)
		if a := int64(v.W()) * int64(v.H()); a > most {
			best, most = s.outputs[i].id, a
		}
	}
	return best
}

// ZoneAt returns where a window dragged to p would snap: the zone, its frame
// and the output; or ZoneNone. An edge at which another output begins does
// not snap, for the pointer passes through it.
func (s State) ZoneAt(p geom.Point) (Zone, geom.Rect, OutputID) {
	for i := range s.outputs {
		o := &s.outputs[i]
		if !p.In(o.rect) {
			continue
		}
		near := s.cfg.SnapEdge
		var e Edges
		if p.X < o.rect.X0+near && !s.anyAt(geom.Point{X: o.rect.X0 - 1, Y: p.Y}) {
			e |= EdgeLeft
		}
		if p.X >= o.rect.X1-near && !s.anyAt(geom.Point{X: o.rect.X1, Y: p.Y}) {
			e |= EdgeRight
		}
		if p.Y < o.rect.Y0+near && !s.anyAt(geom.Point{X: p.X, Y: o.rect.Y0 - 1}) {
			e |= EdgeTop
		}
		if p.Y >= o.rect.Y1-near && !s.anyAt(geom.Point{X: p.X, Y: o.rect.Y1}) {
			e |= EdgeBottom
		}
		z := zoneFor(e, p, o.rect)
		if z == ZoneNone {
			return ZoneNone, geom.Rect{}, 0
		}
		return z, z.Rect(o.usable), o.id
	}
	return ZoneNone, geom.Rect{}, 0
}

// zoneFor maps the edges that p is near to a zone. The quarter of an edge
// next to a corner belongs to the corner.
func zoneFor(e Edges, p geom.Point, r geom.Rect) Zone {
	if e&(EdgeLeft|EdgeRight) != 0 {
		if p.Y < r.Y0+r.H()/4 {
			e |= EdgeTop
		} else if p.Y >= r.Y1-r.H()/4 {
			e |= EdgeBottom
		}
	}
	switch e {
	case EdgeLeft:
		return ZoneLeft
	case EdgeRight:
		return ZoneRight
	case EdgeTop:
		return ZoneMax
	case EdgeBottom:
		return ZoneBottom
	case EdgeTop | EdgeLeft:
		return ZoneTopLeft
	case EdgeTop | EdgeRight:
		return ZoneTopRight
	case EdgeBottom | EdgeLeft:
		return ZoneBottomLeft
	case EdgeBottom | EdgeRight:
		return ZoneBottomRight
	}
	return ZoneNone
}

func (s *State) anyAt(p geom.Point) bool {
	for i := range s.outputs {
		if p.In(s.outputs[i].rect) {
			return true
		}
	}
	return false
}
