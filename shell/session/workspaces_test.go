package session

import (
	"testing"
	"time"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

func (d *desk) wantWorkspace(what string, shown, count int) {
	d.t.Helper()
	list := d.ctl.Workspaces()
	if len(list) != count || d.session.wm.Current() != shown {
		d.t.Errorf("%s: workspace %d of %d; want %d of %d", what, d.session.wm.Current(), len(list), shown, count)
		return
	}
	for i, w := range list {
		if w.Shown != (i == shown) {
			d.t.Errorf("%s: workspace %d: shown %v", what, i, w.Shown)
		}
	}
}

func TestWorkspaceKeys(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	d.key("Super+7")
	d.wantWorkspace("Super+7", 6, 7)
	if d.window(w.id).Visible {
		t.Error("the window of the first workspace is visible on the seventh")
	}
	d.key("Super+1")
	d.wantWorkspace("Super+1", 0, 4)
	d.key("Super+Shift+9")
	d.wantWorkspace("Super+Shift+9", 0, 9)
	if got := d.window(w.id); got.Workspace != 8 || got.Visible {
		t.Errorf("the window is on workspace %d, visible %v; want 8, false", got.Workspace, got.Visible)
	}
	if n, err := d.ctl.AddWorkspace("mail"); n != 9 || err != nil {
		t.Errorf("AddWorkspace = %d, %v; want 9", n, err)
	}
	if err := d.ctl.RemoveWorkspace(0); err != nil {
		t.Error(err)
	}
	if list := d.ctl.Workspaces(); len(list) != 9 || list[8].Name != "mail" || list[7].Windows != 1 {
		t.Errorf("workspaces %+v; want nine with mail at the end and a window before it", list)
	}
	if err := d.ctl.RemoveWorkspace(40); err == nil {
		t.Error("a workspace that is not there was removed")
	}
}

func TestSwitchingIsOneStep(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a := c.open(small)
	d.key("Super+2")
	b := c.open(small)
	d.pass(time.Second / 10)
	visible := func() string {
		out := ""
		for _, w := range []*deskWindow{a, b} {
			if d.session.windows[wm.WindowID(w.id)].frame.tree.Enabled() {
				out += "x"
			} else {
				out += "-"
			}
		}
		return out
	}
	if got := visible(); got != "-x" {
		t.Fatalf("on the second workspace: %s", got)
	}
	// What has another size there, as it is snapped meanwhile, is waited for:
	// until then nothing changes, and then everything does.
	a.slow = true
	if err := d.ctl.SetState(a.id, "left"); err != nil {
		t.Fatal(err)
	}
	d.key("Super+1")
	if got := visible(); got != "-x" {
		t.Errorf("while a window has yet to answer: %s; want the second workspace", got)
	}
	a.answer()
	d.talk()
	if got := visible(); got != "x-" {
		t.Errorf("after it has: %s; want the first workspace", got)
	}
}

func TestPagerChangesWorkspaces(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	m := &client.ExtWorkspaceManagerV1{}
	var group *client.ExtWorkspaceGroupHandleV1
	var all []*client.ExtWorkspaceHandleV1
	states := map[int]protocol.ExtWorkspaceHandleV1State{}
	m.OnWorkspaceGroup = func(g *client.ExtWorkspaceGroupHandleV1) { group = g }
	m.OnWorkspace = func(h *client.ExtWorkspaceHandleV1) {
		n := len(all)
		h.OnState = func(st protocol.ExtWorkspaceHandleV1State) { states[n] = st }
		all = append(all, h)
	}
	c.bind(m, &protocol.ExtWorkspaceManagerV1Interface, 1)
	d.talk()
	if len(all) != 4 || states[0] != protocol.ExtWorkspaceHandleV1StateActive {
		t.Fatalf("%d workspaces, states %v; want 4, the first active", len(all), states)
	}
	all[2].Activate()
	all[1].Remove()
	group.CreateWorkspace("mail")
	m.Commit()
	d.talk()
	d.wantWorkspace("the pager's commit", 1, 4)
	if states[0] != 0 || states[2] != protocol.ExtWorkspaceHandleV1StateActive || len(all) != 5 {
		t.Errorf("the pager knows %v of %d workspaces", states, len(all))
	}
	// A window elsewhere that asks for attention.
	d.session.WindowRequest(d.session.windows[wm.WindowID(w.id)].guest, wayland.Request{Kind: wayland.RequestAttention})
	d.talk()
	if states[0] != protocol.ExtWorkspaceHandleV1StateUrgent {
		t.Errorf("the first workspace is %v; want urgent", states[0])
	}
	all[0].Activate()
	m.Commit()
	d.pass(time.Second / 10)
	if got := d.window(w.id); !got.Visible {
		t.Error("the window is not visible on its workspace")
	}
}
