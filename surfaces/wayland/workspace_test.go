package wayland

import (
	"encoding/binary"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// pager is a client that lists workspaces; handles get the names w0, w1 ….
type pager struct {
	c     *testClient
	m     *client.ExtWorkspaceManagerV1
	group *client.ExtWorkspaceGroupHandleV1
	all   []*client.ExtWorkspaceHandleV1
}

func (f *fixture) pager() *pager {
	f.t.Helper()
	p := &pager{c: f.connect()}
	out := bind[client.WlOutput](p.c, &protocol.WlOutputInterface, 4)
	p.c.label(out, "out")
	p.c.ok()
	p.c.take()
	p.m = bind[client.ExtWorkspaceManagerV1](p.c, &protocol.ExtWorkspaceManagerV1Interface, 1)
	p.c.label(p.m, "m")
	p.m.OnWorkspaceGroup = func(g *client.ExtWorkspaceGroupHandleV1) {
		p.c.label(g, "group")
		p.group = g
	}
	p.m.OnWorkspace = func(h *client.ExtWorkspaceHandleV1) {
		p.c.label(h, "w"+string(rune('0'+len(p.all))))
		h.OnCoordinates = func(b []byte) { p.c.note("[%d]", binary.NativeEndian.Uint32(b)) }
		p.all = append(p.all, h)
	}
	p.c.ok()
	return p
}

func twoDesks() []WorkspaceState {
	return []WorkspaceState{{ID: 1, Lasts: true, Name: "1", Active: true}, {ID: 7, Name: "mail"}}
}

func TestWorkspacesAreListed(t *testing.T) {
	f := newFixture(t)
	f.shell.desks = twoDesks()
	p := f.pager()
	p.c.expect(`
		m.workspace_group(new id ext_workspace_group_handle_v1)
		group.capabilities(1)
		group.output_enter(out)
		m.workspace(new id ext_workspace_handle_v1)
		w0.id("workspace-1")
		w0.name("1")
		w0.coordinates(array[4]) [0]
		w0.state(1)
		w0.capabilities(5)
		group.workspace_enter(w0)
		m.workspace(new id ext_workspace_handle_v1)
		w1.name("mail")
		w1.coordinates(array[4]) [1]
		w1.state(0)
		w1.capabilities(5)
		group.workspace_enter(w1)
		m.done()`)
	// Changes of a turn are told together, and only once.
	f.srv.WorkspacesChanged()
	p.c.expect("")
	f.shell.desks[0].Active, f.shell.desks[1].Active = false, true
	f.srv.WorkspacesChanged()
	p.c.expect("w0.state(0)\nw1.state(1)\nm.done()")
	f.shell.desks[0].Urgent, f.shell.desks[1].Name = true, "post"
	f.srv.WorkspacesChanged()
	p.c.expect("w0.state(2)\nw1.name(\"post\")\nm.done()")
	// One goes, one comes in its place.
	f.shell.desks = []WorkspaceState{{ID: 7, Name: "post", Active: true}, {ID: 8, Name: "2"}}
	f.srv.WorkspacesChanged()
	p.c.expect(`
		group.workspace_leave(w0)
		w0.removed()
		w1.coordinates(array[4]) [0]
		m.workspace(new id ext_workspace_handle_v1)
		w2.name("2")
		w2.coordinates(array[4]) [1]
		w2.state(0)
		w2.capabilities(5)
		group.workspace_enter(w2)
		m.done()`)
	// One that the client has destroyed is not told again.
	p.all[1].Destroy()
	p.c.ok()
	f.shell.desks[0].Name, f.shell.desks[1].Name = "x", "y"
	f.srv.WorkspacesChanged()
	p.c.expect("w2.name(\"y\")\nm.done()")
}

func TestWorkspacesAreChangedAtOnce(t *testing.T) {
	f := newFixture(t)
	f.shell.desks = twoDesks()
	p := f.pager()
	f.shell.take()
	p.all[0].Deactivate()
	p.all[1].Activate()
	p.all[1].Assign(p.group)
	p.all[0].Remove()
	p.group.CreateWorkspace("new")
	p.c.ok()
	compare(t, "before the commit", f.shell.take(), "")
	p.m.Commit()
	p.m.Commit()
	p.c.ok()
	compare(t, "commit", f.shell.take(), "workspaces [{0 7 } {1 1 } {2 0 new}]")
	// A workspace that is gone, and a manager that was stopped, ask nothing.
	f.shell.desks = f.shell.desks[:1]
	f.srv.WorkspacesChanged()
	p.c.ok()
	p.c.take()
	p.all[1].Activate()
	p.m.Commit()
	p.c.ok()
	compare(t, "a workspace that is gone", f.shell.take(), "")
	p.all[1].Destroy()
	p.all[0].Activate()
	p.m.Stop()
	p.c.expect("m.finished()")
	p.all[0].Activate()
	p.group.CreateWorkspace("late")
	p.group.Destroy()
	p.all[0].Destroy()
	f.srv.WorkspacesChanged()
	p.c.expect("")
	compare(t, "after the end", f.shell.take(), "")
	if n := len(f.srv.workspaces.managers); n != 0 {
		t.Errorf("%d managers are left", n)
	}
}

func TestWorkspacesAreOnAllOutputs(t *testing.T) {
	f := newFixture(t)
	f.shell.desks = twoDesks()[:1]
	p := f.pager()
	p.c.take()
	o := f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
	p.c.expect("")
	p.c.quiet = true
	late := bind[client.WlOutput](p.c, &protocol.WlOutputInterface, 4)
	p.c.label(late, "late")
	p.c.quiet = false
	var entered []*client.WlOutput
	p.group.OnOutputEnter = func(o *client.WlOutput) { entered = append(entered, o) }
	var left []*client.WlOutput
	p.group.OnOutputLeave = func(o *client.WlOutput) { left = append(left, o) }
	p.c.ok()
	if len(entered) != 1 || entered[0] != late {
		t.Errorf("the group entered %v; want the output that was bound late", entered)
	}
	p.c.take()
	o.Remove()
	p.c.expect("group.output_leave(late)\nm.done()")
	if len(left) != 1 {
		t.Errorf("the group left %v; want the output that is gone", left)
	}
}

func TestTooManyWorkspaceChanges(t *testing.T) {
	f := newFixture(t)
	f.shell.desks = twoDesks()
	p := f.pager()
	for range maxWorkspaceChanges + 1 {
		p.all[0].Activate()
	}
	p.c.wantError("wl_display", uint32(protocol.WlDisplayErrorNoMemory))
}
