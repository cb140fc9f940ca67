package wayland

import (
	"encoding/binary"
	"slices"
	"strconv"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// WorkspaceShell is the policy of workspaces. All outputs show the same one.
type WorkspaceShell interface {
	// Workspaces appends all workspaces to dst, in their order. After a
	// change the session calls Server.WorkspacesChanged.
	Workspaces(dst []WorkspaceState) []WorkspaceState
	// ChangeWorkspaces does what a pager asks for in one step, as far as it
	// is possible.
	ChangeWorkspaces(list []WorkspaceChange)
}

// WorkspaceState is what pagers are told of a workspace.
type WorkspaceState struct {
	ID     uint32 // for its life
	Lasts  bool   // the next session has it too, with the same ID
	Name   string
	Active bool
	Urgent bool // a window on it asks for attention
}

// WorkspaceChange is one wish of a pager.
type WorkspaceChange struct {
	Kind WorkspaceChangeKind
	ID   uint32 // of an existing workspace
	Name string // of a new one
}

// WorkspaceChangeKind is a kind of WorkspaceChange.
type WorkspaceChangeKind uint8

// Changes.
const (
	WorkspaceActivate WorkspaceChangeKind = iota
	WorkspaceRemove
	WorkspaceCreate
)

func (s *Server) addWorkspaceManager() {
	s.addPrivilegedGlobal(&protocol.ExtWorkspaceManagerV1Interface, 1, func(c *Client, id, version uint32) {
		m := &workspaceManager{c: c, res: server.NewExtWorkspaceManagerV1(c.conn, id, version)}
		m.res.Handler = m
		s.workspaces.managers = append(s.workspaces.managers, m)
		m.announce()
		m.update(s.shell.Workspaces(nil))
		m.res.SendDone()
	})
}

// workspaces brings pagers up to date once a turn, if anything may have
// changed.
type workspaces struct {
	managers []*workspaceManager
	stale    bool
	scratch  []WorkspaceState
}

// WorkspacesChanged says that the answer of Shell.Workspaces may have changed.
func (s *Server) WorkspacesChanged() { s.workspaces.stale = true }

// refreshWorkspaces tells all pagers what is new.
func (s *Server) refreshWorkspaces() {
	w := &s.workspaces
	if !w.stale {
		return
	}
	w.stale = false
	if len(w.managers) == 0 {
		return
	}
	w.scratch = s.shell.Workspaces(w.scratch[:0])
	for _, m := range w.managers {
		if m.update(w.scratch) {
			m.res.SendDone()
		}
	}
}

// outputBound tells a client's group of an output that it has bound.
func (w *workspaces) outputBound(c *Client, b *outputBinding) {
	for _, m := range w.managers {
		if m.c == c {
			m.group.SendOutputEnter(b.res)
			m.res.SendDone()
		}
	}
}

// outputGone takes an output out while clients can still be told of it.
func (w *workspaces) outputGone(o *Output) {
	for _, m := range w.managers {
		told := false
		for i := range m.c.outputs {
			if b := &m.c.outputs[i]; b.output == o {
				m.group.SendOutputLeave(b.res)
				told = true
			}
		}
		if told {
			m.res.SendDone()
		}
	}
}

// maxWorkspaceChanges bounds what a pager may ask for before it commits.
const maxWorkspaceChanges = 256

// workspaceManager is ext_workspace_manager_v1.
type workspaceManager struct {
	c       *Client
	res     *server.ExtWorkspaceManagerV1
	group   *server.ExtWorkspaceGroupHandleV1
	handles []*workspaceHandle // as the client knows them, in order
	asked   []WorkspaceChange  // since the last commit
	over    bool
}

// announce makes the group: all outputs share the workspaces.
func (m *workspaceManager) announce() {
	m.group = m.res.SendWorkspaceGroup()
	if m.group == nil {
		return
	}
	m.group.Handler = workspaceGroup{m}
	m.group.SendCapabilities(protocol.ExtWorkspaceGroupHandleV1GroupCapabilitiesCreateWorkspace)
	for i := range m.c.outputs {
		if b := &m.c.outputs[i]; !b.output.gone {
			m.group.SendOutputEnter(b.res)
		}
	}
}

// update sends what differs from what the client knows. It reports whether
// anything did.
func (m *workspaceManager) update(list []WorkspaceState) bool {
	changed := false
	m.handles = slices.DeleteFunc(m.handles, func(h *workspaceHandle) bool {
		if slices.ContainsFunc(list, func(w WorkspaceState) bool { return w.ID == h.known.ID }) {
			return false
		}
		h.m = nil
		m.group.SendWorkspaceLeave(h.res)
		h.res.SendRemoved()
		changed = true
		return true
	})
	for i := range list {
		at := slices.IndexFunc(m.handles, func(h *workspaceHandle) bool { return h.known.ID == list[i].ID })
		if at < 0 {
			h := m.introduce(&list[i], uint32(i))
			if h == nil {
				return changed
			}
			m.handles = append(m.handles, h)
			changed = true
			continue
		}
		if m.handles[at].update(&list[i], uint32(i)) {
			changed = true
		}
	}
	return changed
}

// introduce makes the handle of a workspace.
func (m *workspaceManager) introduce(w *WorkspaceState, n uint32) *workspaceHandle {
	res := m.res.SendWorkspace()
	if res == nil {
		return nil
	}
	h := &workspaceHandle{m: m, res: res, known: *w, n: n}
	res.Handler = h
	if w.Lasts {
		res.SendId("workspace-" + strconv.FormatUint(uint64(w.ID), 10))
	}
	res.SendName(w.Name)
	h.sendPlace()
	h.sendState()
	res.SendCapabilities(protocol.ExtWorkspaceHandleV1WorkspaceCapabilitiesActivate |
		protocol.ExtWorkspaceHandleV1WorkspaceCapabilitiesRemove)
	m.group.SendWorkspaceEnter(res)
	return h
}

// ask notes a wish until the commit.
func (m *workspaceManager) ask(w WorkspaceChange) {
	switch {
	case m.over:
	case len(m.asked) >= maxWorkspaceChanges:
		m.c.tooMany("too many changes of workspaces without a commit")
	default:
		m.asked = append(m.asked, w)
	}
}

// Commit does what was asked for, all at once.
func (m *workspaceManager) Commit(*server.ExtWorkspaceManagerV1) {
	if len(m.asked) == 0 {
		return
	}
	list := m.asked
	m.asked = nil
	m.c.srv.shell.ChangeWorkspaces(list)
}

// Stop ends the manager.
func (m *workspaceManager) Stop(*server.ExtWorkspaceManagerV1) { m.res.SendFinished() }

// ResourceDestroyed forgets the manager; its handles do nothing any more.
func (m *workspaceManager) ResourceDestroyed() {
	m.over = true
	w := &m.c.srv.workspaces
	w.managers = remove(w.managers, m)
}

// workspaceGroup is ext_workspace_group_handle_v1.
type workspaceGroup struct{ m *workspaceManager }

// CreateWorkspace asks for one more.
func (g workspaceGroup) CreateWorkspace(_ *server.ExtWorkspaceGroupHandleV1, name string) {
	g.m.ask(WorkspaceChange{Kind: WorkspaceCreate, Name: cleanText(name)})
}

func (workspaceGroup) Destroy(*server.ExtWorkspaceGroupHandleV1) {}

// workspaceHandle is ext_workspace_handle_v1. One that the client has
// destroyed stays in the manager's list: the workspace is known.
type workspaceHandle struct {
	m     *workspaceManager // nil once the workspace is gone
	res   *server.ExtWorkspaceHandleV1
	known WorkspaceState
	n     uint32 // in the order of all
}

// update sends what is new, and reports whether anything is.
func (h *workspaceHandle) update(w *WorkspaceState, n uint32) bool {
	was := h.known
	if was == *w && h.n == n {
		return false
	}
	h.known = *w
	if was.Name != w.Name {
		h.res.SendName(w.Name)
	}
	if h.n != n {
		h.n = n
		h.sendPlace()
	}
	if was.Active != w.Active || was.Urgent != w.Urgent {
		h.sendState()
	}
	return true
}

func (h *workspaceHandle) sendPlace() {
	var at [4]byte
	binary.NativeEndian.PutUint32(at[:], h.n)
	h.res.SendCoordinates(at[:])
}

func (h *workspaceHandle) sendState() {
	var st protocol.ExtWorkspaceHandleV1State
	if h.known.Active {
		st |= protocol.ExtWorkspaceHandleV1StateActive
	}
	if h.known.Urgent {
		st |= protocol.ExtWorkspaceHandleV1StateUrgent
	}
	h.res.SendState(st)
}

func (*workspaceHandle) Destroy(*server.ExtWorkspaceHandleV1) {}

func (h *workspaceHandle) ask(k WorkspaceChangeKind) {
	if h.m != nil {
		h.m.ask(WorkspaceChange{Kind: k, ID: h.known.ID})
	}
}

// Activate asks to show it.
func (h *workspaceHandle) Activate(*server.ExtWorkspaceHandleV1) { h.ask(WorkspaceActivate) }

// Deactivate has no effect: one workspace is always shown.
func (*workspaceHandle) Deactivate(*server.ExtWorkspaceHandleV1) {}

// Assign has no effect: there is one group.
func (*workspaceHandle) Assign(*server.ExtWorkspaceHandleV1, *server.ExtWorkspaceGroupHandleV1) {}

// Remove asks to take it away.
func (h *workspaceHandle) Remove(*server.ExtWorkspaceHandleV1) { h.ask(WorkspaceRemove) }
