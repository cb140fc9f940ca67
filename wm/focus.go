package wm

import "slices"

func (op Focus) apply(s *State) error {
	if op.ID == 0 {
		s.focus = 0
		return nil
	}
	w := s.win(op.ID)
	if w == nil {
		return ErrNoWindow
	}
	if !s.shown(w) {
		return ErrHidden
	}
	s.setFocus(w.id)
	return nil
}

func (op Activate) apply(s *State) error {
	if s.win(op.ID) == nil {
		return ErrNoWindow
	}
	s.activate(op.ID)
	return nil
}

func (s *State) activate(id WindowID) {
	w := s.win(id)
	s.current = s.root(w).workspace
	s.restore(w)
	s.raise(s.win(id))
	s.setFocus(id)
}

// setFocus focuses id and makes it the most recently used.
func (s *State) setFocus(id WindowID) {
	s.focus = id
	if s.mru[0] != id {
		s.mru = with(without(s.mru, id), 0, id)
	}
}

// focusNext focuses the most recently used window that can have the focus.
func (s *State) focusNext() {
	s.focus = 0
	for _, id := range s.mru {
		if s.shown(s.win(id)) {
			s.setFocus(id)
			return
		}
	}
}

// settleFocus restores the rules of the focus after an op.
func (s *State) settleFocus() {
	if s.focus != 0 {
		if w := s.win(s.focus); w == nil || !s.shown(w) {
			s.focusNext()
		}
	}
	for s.focus != 0 {
		m := s.modalOf(s.focus)
		if m == 0 {
			break
		}
		s.setFocus(m)
	}
	if s.cycle != 0 {
		if list := s.CycleList(); !slices.Contains(list, s.cycle) {
			s.cycle = 0
			if len(list) > 0 {
				s.cycle = list[0]
			}
		}
	}
}

// modalOf returns the topmost modal child of a window, or 0.
func (s *State) modalOf(id WindowID) WindowID {
	var found WindowID
	n := 0
	for _, w := range s.wins {
		if w.parent == id && w.modal {
			found = w.id
			n++
		}
	}
	if n < 2 {
		return found
	}
	for _, v := range slices.Backward(s.stack) {
		if w := s.win(v); w.parent == id && w.modal {
			return v
		}
	}
	return found
}

// CycleList returns the windows that Cycle walks through: those of the
// current workspace, minimised ones too, last used first. Of a window with a
// modal child only the child is in it.
func (s State) CycleList() []WindowID {
	blocked := map[WindowID]bool{}
	for _, w := range s.wins {
		if w.modal && w.parent != 0 {
			blocked[w.parent] = true
		}
	}
	list := make([]WindowID, 0, len(s.mru))
	for _, id := range s.mru {
		w := s.win(id)
		if blocked[id] || s.root(w).workspace != s.current || w.parent != 0 && !w.modal && s.hidden(s.win(w.parent)) {
			continue
		}
		list = append(list, id)
	}
	return list
}

// Cycling returns the window that a walk has reached, or 0 if there is none.
func (s State) Cycling() WindowID { return s.cycle }

func (op Cycle) apply(s *State) error {
	list := s.CycleList()
	if len(list) == 0 {
		return nil
	}
	from := s.cycle
	if from == 0 {
		from = s.focus
	}
	i := slices.Index(list, from)
	switch {
	case i < 0 && !op.Back:
		i = 0
	case i < 0:
		i = len(list) - 1
	case op.Back:
		i = (i + len(list) - 1) % len(list)
	default:
		i = (i + 1) % len(list)
	}
	s.cycle = list[i]
	return nil
}

func (op CycleEnd) apply(s *State) error {
	id := s.cycle
	s.cycle = 0
	if id != 0 && !op.Cancel {
		s.activate(id)
	}
	return nil
}
