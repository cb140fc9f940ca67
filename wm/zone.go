package wm

func (op Snap) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.Zone.Valid() {
		return ErrInvalid
	}
	if op.Output != 0 {
		if s.out(op.Output) == nil {
			return ErrNoOutput
		}
		s.moveToOutput(w, op.Output)
	}
	s.snap(w, op.Zone)
	return nil
}

// snap puts w into a zone, or takes it out, and remembers what maximising
// hides.
func (s *State) snap(w *window, z Zone) {
	switch {
	case z == w.zone:
	case z == ZoneMax:
		w.zone, w.unzone = ZoneMax, w.zone
	default:
		w.zone, w.unzone = z, ZoneNone
	}
	w.anchor = 0
}

func (op Maximize) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	is := w.zone == ZoneMax
	switch to := op.To.of(is); {
	case to && !is:
		s.snap(w, ZoneMax)
	case !to && is:
		s.snap(w, w.unzone)
	}
	return nil
}

func (op Fullscreen) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	if op.Output != 0 && s.out(op.Output) == nil {
		return ErrNoOutput
	}
	w.full, w.fullOn = op.To.of(w.full), 0
	if w.full {
		w.fullOn = op.Output
	}
	return nil
}
