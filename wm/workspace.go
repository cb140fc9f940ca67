package wm

import "slices"

func (op Workspace) apply(s *State) error {
	if op.N < 0 || op.N >= len(s.workspaces) {
		return ErrNoWorkspace
	}
	if op.N != s.current {
		s.current = op.N
		s.cycle = 0
		s.focusNext()
	}
	return nil
}

func (op MoveToWorkspace) apply(s *State) error {
	if op.N < 0 || op.N >= len(s.workspaces) {
		return ErrNoWorkspace
	}
	w := s.win(op.ID)
	if w == nil {
		return ErrNoWindow
	}
	i, _ := s.index(s.root(w).id)
	s.editAt(i).workspace = op.N
	if op.Follow {
		s.activate(op.ID)
	}
	return nil
}

func (op SetLayout) apply(s *State) error {
	if op.N < 0 || op.N >= len(s.workspaces) {
		return ErrNoWorkspace
	}
	if !op.Layout.Valid() {
		return ErrInvalid
	}
	s.workspaces = slices.Clone(s.workspaces)
	s.workspaces[op.N].layout = op.Layout
	return nil
}
