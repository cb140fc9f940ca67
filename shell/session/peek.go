package session

import (
	"slices"
	"time"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/shell/preview"
	"rayos/shell/taskbar"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// How long the pointer rests on a task before its windows are shown, and how
// long they stay when it is gone, so that it can be moved there.
const (
	peekAfter  = 300 * time.Millisecond
	peekLinger = 250 * time.Millisecond
)

// peeks shows the windows of the task that the pointer rests on.
type peeks struct {
	sheet
	view  *preview.Peek
	pics  pictures
	slots []preview.Slot
	of    taskbar.Hover // what is shown, or will be
	bar   *bar
	timer *loop.Timer
	stay  bool // the timer shows, rather than hides
	stale bool
}

func (k *peeks) init(s *Session) {
	k.s, k.name = s, "preview"
	k.view = preview.NewPeek(k, s.opt.RTL)
	k.timer = s.loop.NewTimer(k.due)
	tree := s.layers.menus.Parent().NewTree()
	tree.PlaceBelow(s.layers.menus)
	k.strip = tree.NewTree()
	k.pics.init(s, tree)
	k.sheet.view, k.hidden = k.view.View, k.pics.hide
	k.place = func(area geom.Rect) geom.Rect { return k.view.Box().Add(area.Min()) }
}

// hover follows the pointer over a bar.
func (k *peeks) hover(b *bar, h taskbar.Hover) {
	switch {
	case h.Empty():
		k.away()
		return
	case k.bar == b && k.of.Machine == h.Machine && slices.Equal(k.of.Windows, h.Windows):
		if k.shown() {
			k.stay = true
			k.timer.Disarm()
		}
		return // or the person has pressed there
	}
	k.bar, k.of, k.stay = b, h, true
	if k.shown() {
		k.due() // from task to task without a pause
		return
	}
	k.timer.Arm(k.s.loop.Now() + peekAfter)
}

// pointed follows the pointer from part to part.
func (k *peeks) pointed(f seat.Focus) {
	switch {
	case k.view == nil || k.of.Empty():
	case k.owns(f):
		k.stay = true
		k.timer.Disarm()
	case k.bar != nil && k.bar.panel.Owns(f) && f != nil:
	default:
		k.away()
	}
}

// away is when the pointer is on no task: the sheet goes in a while.
func (k *peeks) away() {
	switch {
	case !k.shown():
		k.timer.Disarm()
		k.of = taskbar.Hover{}
	case k.stay || !k.timer.Armed():
		k.stay = false
		k.timer.Arm(k.s.loop.Now() + peekLinger)
	}
}

// due shows the sheet, or hides it.
func (k *peeks) due() {
	k.timer.Disarm()
	if !k.stay || k.s.lock.on || k.bar == nil || !slices.Contains(k.s.bars.bars, k.bar) {
		k.hide()
		k.of = taskbar.Hover{}
		return
	}
	if k.fill(); k.view.Box().Empty() {
		k.hide()
		return
	}
	if k.out != nil && k.out != k.bar.o {
		k.hide()
	}
	if k.out == nil {
		k.s.console.marker("RAYOS_SHELL:preview:shown")
	}
	k.show(k.bar.o)
}

// fill finds the windows that are shown.
func (k *peeks) fill() {
	k.stale = false
	var list []preview.Window
	for _, id := range k.ids() {
		if w := k.s.windows[id]; w != nil {
			list = append(list, w.preview())
		}
	}
	if k.view.Show(list, k.of.Box, k.bar.o.scene.Logical().Size()) {
		k.invalidate()
	}
}

// ids are the windows of what the pointer rests on.
func (k *peeks) ids() (out []wm.WindowID) {
	for _, id := range k.of.Windows {
		out = append(out, wm.WindowID(id))
	}
	if k.of.Machine == "" || k.s.vms == nil {
		return out
	}
	list, err := k.s.vms.VMs()
	if err != nil {
		return out // there are none; who asks for one is told why
	}
	for i := range list {
		if list[i].ID == k.of.Machine && list[i].Window != 0 {
			out = append(out, wm.WindowID(list[i].Window))
		}
	}
	return out
}

// follow implements part.
func (k *peeks) follow() {
	k.stale = true
	k.sheet.follow()
}

// turn implements part.
func (k *peeks) turn() {
	if k.out == nil {
		return
	}
	if k.s.lock.on {
		k.hide()
		return
	}
	if k.stale {
		if k.fill(); k.view.Box().Empty() {
			k.hide()
			return
		}
	}
	k.sheet.turn()
	area := k.out.scene.Logical()
	k.slots = k.view.Slots(k.slots[:0])
	k.pics.show(k.slots, area.Size().Rect(), area.Min())
}

// release implements part: a press elsewhere hides it, and it does not come
// again before the pointer has been elsewhere.
func (k *peeks) release() {
	k.timer.Disarm()
	k.hide()
}

// lasts implements lasting: it has no keyboard to give back.
func (*peeks) lasts() bool { return true }

// Take implements preview.PeekActions.
func (k *peeks) Take(id uint32) {
	machine := k.of.Machine
	k.release()
	if machine != "" {
		barActions{s: k.s}.Machine(machine, taskbar.Show)
		return
	}
	k.s.do(wm.Activate{ID: wm.WindowID(id)})
}

// Close implements preview.PeekActions.
func (k *peeks) Close(id uint32) {
	if machine := k.of.Machine; machine != "" {
		k.release()
		barActions{s: k.s}.Machine(machine, taskbar.Hide)
		return
	}
	barActions{s: k.s}.Close(id)
}

var (
	_ part                = (*peeks)(nil)
	_ lasting             = (*peeks)(nil)
	_ preview.PeekActions = (*peeks)(nil)
)
