package session

import (
	"cmp"
	"slices"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/overview"
	"rayos/shell/preview"
	"rayos/wm"
)

// stageActions does what people do on a stage.
type stageActions struct{ g *stage }

func (a stageActions) Take(id uint32) {
	v := a.g.v
	v.chosen = wm.WindowID(id)
	v.s.do(wm.Activate{ID: v.chosen})
	v.set(false)
}

func (a stageActions) Choose(id uint32) {
	a.g.v.chosen = wm.WindowID(id)
	a.g.v.draw()
}

// Next goes through the windows of all stages, from the left to the right.
func (a stageActions) Next(back bool) {
	v := a.g.v
	var all []uint32
	for _, g := range v.stages {
		slots := slices.Clone(g.slots)
		slices.SortStableFunc(slots, func(a, b preview.Slot) int {
			if a.Box.Y1 <= b.Box.Y0 || b.Box.Y1 <= a.Box.Y0 {
				return cmp.Compare(a.Box.Y0, b.Box.Y0)
			}
			return cmp.Compare(a.Box.X0, b.Box.X0)
		})
		for _, q := range slots {
			all = append(all, q.Window)
		}
	}
	n := len(all)
	if n == 0 {
		return
	}
	i := slices.Index(all, uint32(v.chosen))
	switch {
	case back && i < 0:
		i = n - 1
	case back:
		i = (i + n - 1) % n
	default:
		i = (i + 1) % n
	}
	v.chosen = wm.WindowID(all[i])
	v.draw()
}

func (a stageActions) Close(id uint32) {
	if w := a.g.v.s.windows[wm.WindowID(id)]; w != nil && w.mapped {
		w.guest.Window.Close()
	}
}

func (a stageActions) Workspace(n int) { a.g.v.s.do(wm.Workspace{N: n}) }

func (a stageActions) AddWorkspace() {
	if s := a.g.v.s; s.do(wm.AddWorkspace{}) {
		s.moved, a.g.v.stale = true, true
	}
}

func (a stageActions) MoveTo(id uint32, n int) {
	a.g.v.s.do(wm.MoveToWorkspace{ID: wm.WindowID(id), N: n})
}

func (a stageActions) Filter(text string) {
	v := a.g.v
	v.filter = text
	if text != "" {
		v.chosen = 0
	}
	v.draw() // the next key is about what fits now
}

func (a stageActions) Drag(id uint32, at geom.FPoint, over int) {
	v := a.g.v
	v.dragged, v.at, v.from, v.over, v.stale = wm.WindowID(id), at, a.g, over, true
}

func (a stageActions) Drop(id uint32, over int) {
	v := a.g.v
	v.dragged, v.over, v.stale = 0, -1, true
	if over >= 0 {
		a.MoveTo(id, over)
	}
}

func (a stageActions) Cancel() { a.g.v.set(false) }

// Overview implements control.Desk.
func (c deskCommands) Overview(do control.OverviewAction) error {
	v := &c.s.spread
	on := do == control.OverviewOn || do == control.OverviewToggle && !v.on
	switch {
	case v.tree == nil:
		return errNoShell
	case on && c.s.lock.on:
		return errLocked
	case on && len(c.s.outputs) == 0:
		return control.Errorf(control.CodeNoOutput, "the session has no output")
	}
	v.set(on)
	return nil
}

var _ overview.Actions = stageActions{}
