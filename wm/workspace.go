package wm

import (
	"slices"
	"strconv"
)

// WorkspaceID names a workspace for its life; its number changes when one
// before it is removed. Those that a State begins with are 1, 2, 3 ….
type WorkspaceID uint32

// WorkspaceInfo is what has become of one workspace.
type WorkspaceInfo struct {
	ID     WorkspaceID
	Name   string // its number, counted from 1, if it was given none
	Layout Layout
}

// Workspaces appends all workspaces to dst, in their order, and returns it.
func (s State) Workspaces(dst []WorkspaceInfo) []WorkspaceInfo {
	for i := range s.workspaces {
		w := &s.workspaces[i]
		name := w.name
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		dst = append(dst, WorkspaceInfo{ID: w.id, Name: name, Layout: w.layout})
	}
	return dst
}

// addWorkspace appends a workspace to a list that nobody else has.
func (s *State) addWorkspace(name string, brief bool) {
	s.lastWorkspace++
	s.workspaces = append(s.workspaces, workspace{
		id: s.lastWorkspace, name: name, brief: brief, ratio: ratioOne * 55 / 100,
	})
}

// lookFor makes workspace n exist, if it may be made.
func (s *State) lookFor(n int, mayMake bool) error {
	if n < 0 || n >= len(s.workspaces) && (!mayMake || n >= maxWorkspaces) {
		return ErrNoWorkspace
	}
	if n >= len(s.workspaces) {
		s.workspaces = slices.Clone(s.workspaces)
		for n >= len(s.workspaces) {
			s.addWorkspace("", true)
		}
	}
	return nil
}

// trim forgets the last workspaces as far as they were made in passing and
// nobody is there.
func (s *State) trim() {
	n := len(s.workspaces)
	for n > 1 && s.workspaces[n-1].brief && s.current != n-1 && !s.inhabited(n-1) {
		n--
	}
	s.workspaces = s.workspaces[:n:n]
}

func (s *State) inhabited(n int) bool {
	return slices.ContainsFunc(s.wins, func(w *window) bool { return w.parent == 0 && w.workspace == n })
}

func (op Workspace) apply(s *State) error {
	if err := s.lookFor(op.N, op.Make); err != nil {
		return err
	}
	if op.N != s.current {
		s.current = op.N
		s.cycle = 0
		s.focusNext()
	}
	return nil
}

func (op MoveToWorkspace) apply(s *State) error {
	w := s.win(op.ID)
	if w == nil {
		return ErrNoWindow
	}
	if err := s.lookFor(op.N, op.Make); err != nil {
		return err
	}
	i, _ := s.index(s.root(w).id)
	s.editAt(i).workspace = op.N
	if op.Follow {
		s.activate(op.ID)
	}
	return nil
}

func (op AddWorkspace) apply(s *State) error {
	if len(s.workspaces) >= maxWorkspaces {
		return ErrTooMany
	}
	s.workspaces = slices.Clone(s.workspaces)
	s.addWorkspace(op.Name, false)
	return nil
}

func (op RemoveWorkspace) apply(s *State) error {
	if op.N < 0 || op.N >= len(s.workspaces) {
		return ErrNoWorkspace
	}
	if len(s.workspaces) == 1 {
		return ErrState
	}
	s.workspaces = slices.Delete(slices.Clone(s.workspaces), op.N, op.N+1)
	moved := func(n int) int {
		if n > op.N || n == op.N && n > 0 {
			n--
		}
		return n
	}
	for i, w := range s.wins {
		if n := moved(w.workspace); n != w.workspace {
			s.editAt(i).workspace = n
		}
	}
	s.current = moved(s.current)
	if s.focus == 0 {
		s.focusNext()
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
