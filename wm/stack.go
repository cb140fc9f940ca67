package wm

import "slices"

func (op Raise) apply(s *State) error {
	w := s.win(op.ID)
	if w == nil {
		return ErrNoWindow
	}
	s.raise(w)
	return nil
}

func (op Lower) apply(s *State) error {
	w := s.win(op.ID)
	if w == nil {
		return ErrNoWindow
	}
	family, rest := s.split(s.root(w).id)
	s.stack = append(family, rest...)
	return nil
}

// raise puts w's family on top of the stack, and w with its transients on
// top of the family.
func (s *State) raise(w *window) {
	if s.stack[len(s.stack)-1] == w.id && w.parent == 0 {
		return
	}
	family, rest := s.split(s.root(w).id)
	s.stack = append(rest, family...)
	if w.parent != 0 {
		branch, rest := s.split(w.id)
		s.stack = append(rest, branch...)
	}
}

// stackAbove lifts w with its transients above p, if they are below.
func (s *State) stackAbove(w, p *window) {
	at := slices.Index(s.stack, p.id)
	if slices.Index(s.stack, w.id) > at {
		return
	}
	branch, rest := s.split(w.id)
	at = slices.Index(rest, p.id) + 1
	s.stack = slices.Insert(rest, at, branch...)
}

// split returns, both in stacking order and as new slices, id with its
// transients, and the others. A transient is above its parent, so one walk
// upwards finds them all.
func (s *State) split(id WindowID) (branch, rest []WindowID) {
	in := make([]bool, len(s.wins))
	rest = make([]WindowID, 0, len(s.stack))
	for _, v := range s.stack {
		i, _ := s.index(v)
		if v == id {
			in[i] = true
		} else if p := s.wins[i].parent; p != 0 {
			j, _ := s.index(p)
			in[i] = in[j]
		}
		if in[i] {
			branch = append(branch, v)
		} else {
			rest = append(rest, v)
		}
	}
	return branch, rest
}
