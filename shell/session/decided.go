package session

import "rayos/wm"

// decided is where the window manager has each window. It is worked out once
// for a state, since many ask: frames, taskbars, input.
type decided struct {
	list  []wm.Placement
	index map[wm.WindowID]int
	fresh bool
}

// decide makes next the state of the window manager.
func (s *Session) decide(next wm.State) {
	s.wm, s.dirty, s.decided.fresh = next, true, false
}

// placement returns where the window manager has a window.
func (s *Session) placement(id wm.WindowID) (wm.Placement, bool) {
	d := &s.decided
	if !d.fresh {
		d.list, d.fresh = s.wm.Arrange(d.list[:0]), true
		if d.index == nil {
			d.index = map[wm.WindowID]int{}
		}
		clear(d.index)
		for i := range d.list {
			d.index[d.list[i].ID] = i
		}
	}
	i, ok := d.index[id]
	if !ok {
		return wm.Placement{}, false
	}
	return d.list[i], true
}
