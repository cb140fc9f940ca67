package wm

import (
	"slices"

	"rayos/geom"
)

// tester is what testing.T, testing.F and rapid.T have in common.
type tester interface {
	Helper()
	Fatalf(string, ...any)
}

// check holds the rules of the package comment against a state.
func check(t tester, s State) {
	t.Helper()
	ids := make([]WindowID, 0, len(s.wins))
	for _, w := range s.wins {
		ids = append(ids, w.id)
	}
	if !slices.IsSorted(ids) {
		t.Fatalf("wins not sorted: %v", ids)
	}
	for name, list := range map[string][]WindowID{"stack": s.stack, "mru": s.mru, "tiles": s.tiles} {
		l := slices.Clone(list)
		slices.Sort(l)
		if !slices.Equal(l, ids) {
			t.Fatalf("%s = %v; want a permutation of %v", name, list, ids)
		}
	}
	if s.current < 0 || s.current >= len(s.workspaces) {
		t.Fatalf("current workspace = %d of %d", s.current, len(s.workspaces))
	}
	seen := map[WorkspaceID]bool{}
	for _, w := range s.Workspaces(nil) {
		if seen[w.ID] || w.ID == 0 || w.Name == "" {
			t.Fatalf("a workspace has no name of its own: %v", s.Workspaces(nil))
		}
		seen[w.ID] = true
	}
	checkFocus(t, s)
	for _, w := range s.wins {
		checkWindow(t, s, w)
	}
	checkArrange(t, s)
}

func checkFocus(t tester, s State) {
	t.Helper()
	if s.focus != 0 {
		w := s.win(s.focus)
		if w == nil || !s.shown(w) {
			t.Fatalf("focus = %d, which is not shown\n%v", s.focus, s)
		}
		if s.mru[0] != s.focus {
			t.Fatalf("focus = %d, but mru = %v", s.focus, s.mru)
		}
		for _, c := range s.wins {
			if c.parent == w.id && c.modal {
				t.Fatalf("focus = %d, which has the modal child %d\n%v", s.focus, c.id, s)
			}
		}
	}
	if s.cycle != 0 && !slices.Contains(s.CycleList(), s.cycle) {
		t.Fatalf("cycle = %d; want one of %v", s.cycle, s.CycleList())
	}
}

func checkWindow(t tester, s State, w *window) {
	t.Helper()
	if w.parent != 0 {
		p := s.win(w.parent)
		if p == nil || s.isAncestor(w.id, p) {
			t.Fatalf("window %d has a bad parent %d", w.id, w.parent)
		}
		if slices.Index(s.stack, w.id) < slices.Index(s.stack, p.id) {
			t.Fatalf("window %d is below its parent %d: %v", w.id, p.id, s.stack)
		}
		if w.modal && w.minimized {
			t.Fatalf("modal window %d is minimised without its parent", w.id)
		}
	} else if w.workspace < 0 || w.workspace >= len(s.workspaces) {
		t.Fatalf("window %d is on workspace %d", w.id, w.workspace)
	}
	if (w.output == 0) != (len(s.outputs) == 0) || w.output != 0 && s.out(w.output) == nil {
		t.Fatalf("window %d is on output %d of %v", w.id, w.output, s.outputs)
	}
	if w.fullOn != 0 && s.out(w.fullOn) == nil {
		t.Fatalf("window %d is fullscreen on output %d", w.id, w.fullOn)
	}
	if w.size.W < 0 || w.size.H < 0 || w.size.W > maxSize || w.size.H > maxSize {
		t.Fatalf("window %d has size %v", w.id, w.size)
	}
	if w.shaded && !w.decorated {
		t.Fatalf("window %d is shaded without a title bar", w.id)
	}
	if len(s.outputs) > 0 && !reachable(s, s.floatFrame(w)) {
		t.Fatalf("title bar of window %d at %v is out of reach\n%v", w.id, s.floatFrame(w), s)
	}
}

// reachable is the rule of the title bar, written down a second time.
func reachable(s State, f geom.Rect) bool {
	bar := geom.XYWH(f.X0, f.Y0, f.W(), s.cfg.Title)
	return slices.ContainsFunc(s.outputs, func(o output) bool {
		v := bar.Intersect(o.usable)
		return v.W() >= min(s.cfg.Reach, f.W(), o.usable.W()) && v.H() >= min(s.cfg.Title, o.usable.H())
	})
}

func checkArrange(t tester, s State) {
	t.Helper()
	list := s.Arrange(nil)
	if len(list) != len(s.wins) {
		t.Fatalf("Arrange = %d windows; want %d", len(list), len(s.wins))
	}
	at := map[WindowID]int{}
	for i, p := range list {
		at[p.ID] = i
		if i > 0 && p.Layer < list[i-1].Layer {
			t.Fatalf("normal window %d is above a fullscreen one\n%v", p.ID, s)
		}
		if j, ok := at[p.Parent]; p.Parent != 0 && (!ok || j > i) {
			t.Fatalf("Arrange puts %d below its parent %d\n%v", p.ID, p.Parent, s)
		}
		if p.Frame.Empty() || p.Content.Empty() {
			t.Fatalf("window %d has no room: frame %v content %v\n%v", p.ID, p.Frame, p.Content, s)
		}
		if p.Activated != (p.ID == s.focus) {
			t.Fatalf("window %d: Activated = %v, focus = %d", p.ID, p.Activated, s.focus)
		}
		if p.Visible && p.Fullscreen {
			if o := s.out(p.Output); p.Frame != o.rect {
				t.Fatalf("fullscreen window %d has frame %v; want %v", p.ID, p.Frame, o.rect)
			}
		} else if p.Output != 0 && p.Zone != ZoneNone && !p.Fullscreen {
			if u := s.out(p.Output).usable; !u.Contains(p.Frame) && u.W() > 1 && u.H() > 1 && !p.Shaded {
				t.Fatalf("window %d in zone %v has frame %v outside %v", p.ID, p.Zone, p.Frame, u)
			}
		}
	}
	checkTiles(t, s, list)
	again := s.Arrange(list[len(list):])
	for i := range again {
		if again[i] != list[i] {
			t.Fatalf("Arrange twice: %v, then %v", list[i], again[i])
		}
	}
}

// checkTiles holds that tiles of one output and workspace do not overlap if
// there is room for them at all.
func checkTiles(t tester, s State, list []Placement) {
	t.Helper()
	for i, p := range list {
		if p.Tiled != EdgesAll || p.Zone != ZoneNone {
			continue
		}
		u := s.out(p.Output).usable
		if u.W() < 100 || u.H() < 40*int32(len(list)) {
			continue
		}
		if !u.Contains(p.Frame) {
			t.Fatalf("tile %d at %v is outside %v", p.ID, p.Frame, u)
		}
		for _, q := range list[i+1:] {
			if q.Tiled == EdgesAll && q.Zone == ZoneNone && q.Output == p.Output && q.Workspace == p.Workspace && q.Frame.Overlaps(p.Frame) {
				t.Fatalf("tiles %d and %d overlap: %v, %v\n%v", p.ID, q.ID, p.Frame, q.Frame, s)
			}
		}
	}
}
