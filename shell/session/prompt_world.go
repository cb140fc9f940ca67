package session

import (
	"cmp"
	"slices"
	"strconv"

	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
	"rayos/shell/theme"
	"rayos/vmm"
	"rayos/wm"
)

// This file tells the launcher what there is.

// world is what can be found and what lines can be about now.
func (p *promptPanel) world() launcher.World {
	s := p.s
	w := launcher.World{
		Env: s.console.env(), Machines: map[string]launcher.MachineInfo{}, Windows: p.windows(),
		Sensible: func(c grammar.Command) bool { return sensible(&c, nil) },
	}
	w.Apps, w.Ready = p.ready.Apps(), p.ready
	w.Deeds, w.Pages, w.Commands = p.offered.deeds, p.offered.pages, p.offered.commands
	for _, space := range s.Workspaces(nil) {
		w.Workspaces = append(w.Workspaces, launcher.WorkspaceInfo{Name: space.Name, Shown: space.Active})
	}
	list, err := s.vms.VMs()
	if err != nil {
		return w // there are no machines, and the acknowledgement says why
	}
	now := map[string]*control.VM{}
	w.Sensible = func(c grammar.Command) bool { return sensible(&c, now[c.VM]) }
	for i := range list {
		v := &list[i]
		now[v.ID] = v
		m := launcher.MachineInfo{Name: v.Name, State: v.InWords(), Trust: theme.Linux}
		if v.Kind == string(vmm.Windows) {
			m.Trust = theme.Windows
		}
		w.Machines[v.ID] = m
	}
	return w
}

// windows are those that are open, in the order in which they came.
func (p *promptPanel) windows() []launcher.WindowInfo {
	s := p.s
	var list []launcher.WindowInfo
	ids := make([]*window, 0, len(s.windows))
	for _, w := range s.windows {
		if w.mapped && s.server.Parent(w.guest) == nil && s.machineOf(w.guest) == nil {
			ids = append(ids, w)
		}
	}
	slices.SortFunc(ids, func(a, b *window) int { return cmp.Compare(a.id, b.id) })
	behind := map[wm.WindowID]int{}
	spaces := map[wm.WindowID]int{}
	stack := s.wm.Arrange(nil) // from the bottom
	for i, p := range stack {
		behind[p.ID], spaces[p.ID] = len(stack)-1-i, p.Workspace
	}
	for _, w := range ids {
		t := trust(w.guest.Owner.Trust)
		list = append(list, launcher.WindowInfo{
			ID: strconv.FormatUint(uint64(w.id), 10), Title: w.title(), App: w.guest.AppID, Trust: t, Guest: t != theme.Session,
			AppID: w.guest.AppID, Workspace: spaces[w.id], Behind: behind[w.id],
		})
	}
	return list
}

// sensible reports whether a command would change anything about a machine,
// which is nil for one that isn't known.
func sensible(c *grammar.Command, v *control.VM) bool {
	switch c.Verb {
	case grammar.Run, grammar.Processes, grammar.SystemLog:
		return true
	}
	if v == nil {
		return c.Kind != grammar.None
	}
	alive := vmm.State(v.State).Alive()
	switch c.Verb {
	case grammar.Show:
		return true // at least it comes to the front
	case grammar.Hide:
		return v.Shown
	case grammar.Start:
		return !alive
	case grammar.Resume:
		return vmm.State(v.State) == vmm.Suspended
	}
	return alive // only what runs can be ended, or take input
}
