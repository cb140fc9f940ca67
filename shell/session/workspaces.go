package session

import (
	"rayos/shell/control"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

// Workspaces implements wayland.WorkspaceShell.
func (s *Session) Workspaces(dst []wayland.WorkspaceState) []wayland.WorkspaceState {
	var few [16]wm.WorkspaceInfo
	first := wm.WorkspaceID(s.wm.Config().Workspaces)
	base := len(dst)
	for i, w := range s.wm.Workspaces(few[:0]) {
		dst = append(dst, wayland.WorkspaceState{
			ID: uint32(w.ID), Lasts: w.ID <= first, Name: w.Name, Active: i == s.wm.Current(),
		})
	}
	for _, w := range s.windows {
		if n := base + w.spot.Workspace; w.mapped && w.attention && n < len(dst) {
			dst[n].Urgent = true
		}
	}
	return dst
}

// ChangeWorkspaces implements wayland.WorkspaceShell. What is no longer
// possible is left out.
func (s *Session) ChangeWorkspaces(list []wayland.WorkspaceChange) {
	for i := range list {
		switch c := &list[i]; c.Kind {
		case wayland.WorkspaceCreate:
			s.do(wm.AddWorkspace{Name: c.Name})
		case wayland.WorkspaceActivate:
			if n := s.workspaceNumber(c.ID); n >= 0 {
				s.do(wm.Workspace{N: n})
			}
		case wayland.WorkspaceRemove:
			if n := s.workspaceNumber(c.ID); n >= 0 {
				s.do(wm.RemoveWorkspace{N: n})
			}
		}
	}
}

// workspaceNumber returns where a workspace is among all, -1 if it is gone.
func (s *Session) workspaceNumber(id uint32) int {
	for i, w := range s.wm.Workspaces(nil) {
		if uint32(w.ID) == id {
			return i
		}
	}
	return -1
}

// Workspaces implements control.Session.
func (c *commands) Workspaces() []control.Workspace {
	list := c.s.Workspaces(nil)
	out := make([]control.Workspace, len(list))
	for i, w := range list {
		out[i] = control.Workspace{N: i, Name: w.Name, Shown: w.Active, Urgent: w.Urgent, Layout: c.s.wm.Layout(i).String()}
	}
	for _, p := range c.s.wm.Arrange(nil) {
		if p.Workspace < len(out) {
			out[p.Workspace].Windows++
		}
	}
	return out
}

// Workspace implements control.Session.
func (c *commands) Workspace(n int) error { return c.apply(wm.Workspace{N: n, Make: true}) }

// MoveToWorkspace implements control.Session.
func (c *commands) MoveToWorkspace(id uint32, n int) error {
	return c.onWindow(id, wm.MoveToWorkspace{ID: wm.WindowID(id), N: n, Make: true})
}

// AddWorkspace implements control.Session.
func (c *commands) AddWorkspace(name string) (int, error) {
	if err := c.apply(wm.AddWorkspace{Name: name}); err != nil {
		return 0, err
	}
	return len(c.s.wm.Workspaces(nil)) - 1, nil
}

// RemoveWorkspace implements control.Session.
func (c *commands) RemoveWorkspace(n int) error { return c.apply(wm.RemoveWorkspace{N: n}) }
