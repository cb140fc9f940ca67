package session

import (
	"slices"
	"time"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/preview"
	"rayos/shell/switcher"
	"rayos/wm"
)

// switchDelay is how long a walk through the windows goes on without a picture:
// who knows where they want to go sees none.
const switchDelay = 150 * time.Millisecond

// walk is the window switcher: a walk through the windows in the order of last
// use, and the sheet that shows it.
type walk struct {
	sheet
	on    bool
	keys  bool          // it ends when Alt goes up
	list  []wm.WindowID // the one used last first
	at    int
	app   bool // only windows of one application
	view  *switcher.Sheet
	pics  pictures
	slots []preview.Slot
	timer *loop.Timer
	stale bool
}

func (k *walk) init(s *Session) {
	k.s, k.name = s, "switcher"
	k.view = switcher.New(walkActions{k}, s.opt.RTL)
	k.timer = s.loop.NewTimer(k.appear)
	tree := s.layers.prompt.Parent().NewTree()
	tree.PlaceBelow(s.layers.prompt)
	k.strip = tree.NewTree()
	k.pics.init(s, tree)
	k.sheet.view, k.modal, k.sparse, k.hidden = k.view.View, true, true, k.left
	k.place = func(area geom.Rect) geom.Rect {
		k.view.Resize(area.Size())
		return k.view.Box().Add(area.Min())
	}
}

// start begins a walk by a chord, or goes on with one.
func (k *walk) start(back, app bool) {
	k.begin(back, app)
	k.keys = k.on
}

// begin begins a walk or goes on with it.
func (k *walk) begin(back, app bool) {
	if k.on {
		k.step(back)
		return
	}
	list := k.windows(app)
	if len(list) == 0 {
		return
	}
	k.on, k.app, k.list, k.at = true, app, list, 0
	if k.s.wm.Focused() == list[0] {
		k.step(back)
	} else if back {
		k.at = len(list) - 1
	}
	k.timer.Arm(k.s.loop.Now() + switchDelay)
}

// windows are those that a walk goes through.
func (k *walk) windows(app bool) []wm.WindowID {
	list := k.s.wm.CycleList()
	if !app || len(list) == 0 {
		return list
	}
	first := k.s.windows[list[0]]
	return slices.DeleteFunc(list, func(id wm.WindowID) bool {
		w := k.s.windows[id]
		return w == nil || first == nil || w.guest.AppID != first.guest.AppID || w.guest.Owner.Trust != first.guest.Owner.Trust
	})
}

func (k *walk) step(back bool) {
	n := len(k.list)
	if back {
		n += len(k.list) - 2
	}
	k.choose((k.at + 1 + n) % len(k.list))
}

func (k *walk) choose(i int) {
	if i != k.at && i < len(k.list) {
		k.at, k.stale = i, true
	}
}

// appear shows the sheet.
func (k *walk) appear() {
	o := k.s.preferred()
	if !k.on || k.s.lock.on || o == nil {
		return
	}
	k.view.Open()
	k.refresh()
	k.show(o)
	k.s.console.marker("RAYOS_SHELL:switcher:shown")
}

// refresh brings the sheet in line with the windows that there are.
func (k *walk) refresh() {
	chosen := k.list[k.at]
	k.list = slices.DeleteFunc(k.list, func(id wm.WindowID) bool {
		w := k.s.windows[id]
		return w == nil || !w.mapped
	})
	if k.stale = false; len(k.list) == 0 {
		k.finish(false)
		return
	}
	if i := slices.Index(k.list, chosen); i >= 0 {
		k.at = i
	} else {
		k.at = min(k.at, len(k.list)-1)
	}
	st := switcher.State{Chosen: k.at}
	for _, id := range k.list {
		st.Windows = append(st.Windows, k.s.windows[id].preview())
	}
	if k.view.Show(st) {
		k.invalidate()
	}
}

// finish ends the walk, at the chosen window or where it began.
func (k *walk) finish(take bool) {
	if !k.on {
		return
	}
	chosen := k.list[min(k.at, max(len(k.list)-1, 0)):]
	k.on, k.keys, k.list = false, false, nil
	k.timer.Disarm()
	shown := k.shown()
	k.hide()
	if w := k.first(chosen); take && w != nil {
		k.s.do(wm.Activate{ID: w.id})
	}
	if what := "cancelled"; shown {
		if take {
			what = "taken"
		}
		k.s.console.marker("RAYOS_SHELL:switcher:" + what)
	}
}

func (k *walk) first(list []wm.WindowID) *window {
	if len(list) == 0 {
		return nil
	}
	if w := k.s.windows[list[0]]; w != nil && w.mapped {
		return w
	}
	return nil
}

// left follows the sheet when it goes, by Escape or a press elsewhere.
func (k *walk) left() {
	k.pics.hide()
	k.finish(false)
}

// follow implements part: windows may have gone or changed.
func (k *walk) follow() {
	k.stale = k.on
	k.sheet.follow()
}

// lasts implements lasting: a window may close during a walk.
func (k *walk) lasts() bool { return k.on }

// turn implements part.
func (k *walk) turn() {
	if k.s.lock.on {
		k.finish(false)
	}
	if k.on && k.stale {
		k.refresh()
	}
	k.sheet.turn()
	if k.out == nil {
		return
	}
	k.slots = k.view.Slots(k.slots[:0])
	k.pics.show(k.slots, k.view.Viewport(), k.out.scene.Logical().Min())
}

// walkActions does what people do on the sheet.
type walkActions struct{ k *walk }

func (a walkActions) Choose(i int) { a.k.choose(i) }
func (a walkActions) Take()        { a.k.finish(true) }
func (a walkActions) Cancel()      { a.k.finish(false) }

func (a walkActions) Close(i int) {
	if i < len(a.k.list) {
		if w := a.k.s.windows[a.k.list[i]]; w != nil && w.mapped {
			w.guest.Window.Close()
		}
	}
}

// released ends a walk that a chord began: the person has let go of Alt.
func (k *walk) released() {
	if k.keys {
		k.finish(true)
	}
}

// deskCommands are the live pictures as rayctl sees them.
type deskCommands struct{ s *Session }

// Desk implements control.Session.
func (c *commands) Desk() control.Desk { return deskCommands{c.s} }

// Switcher implements control.Desk.
func (c deskCommands) Switcher(do control.SwitcherAction, app bool) error {
	k := &c.s.walk
	switch {
	case k.view == nil:
		return errNoShell
	case c.s.lock.on:
		return errLocked
	case do == control.SwitchNext || do == control.SwitchBack:
		k.begin(do == control.SwitchBack, app)
		if !k.on {
			return control.Errorf(control.CodeNoWindow, "there is no window to go to")
		}
	case !k.on:
		return control.Errorf(control.CodeFailed, "no walk through the windows is under way: begin with switcher next")
	default:
		k.finish(do == control.SwitchTake)
	}
	return nil
}

var (
	errNoShell = control.Errorf(control.CodeFailed, "this session has no shell")
	errLocked  = control.Errorf(control.CodeFailed, "the session is locked")

	_ part             = (*walk)(nil)
	_ switcher.Actions = walkActions{}
)
