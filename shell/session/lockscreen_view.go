package session

import (
	"time"

	"rayos/rayapps/ui"
	"rayos/shell/lockscreen"
	"rayos/shell/panel"
	"rayos/surfaces/seat"
)

// This file is what the lock screen shows, on each output.

// state is what is to be seen now.
func (k *lockScreen) state() lockscreen.State {
	s := k.s
	st := s.seat.State()
	v := lockscreen.State{
		Now: s.bars.wall().Truncate(time.Minute), Name: k.name, Busy: k.checking != nil, Message: k.message, Bad: k.bad,
		Caps: s.seat.Mods().Locked&st.Keymap().ModMask("Lock") != 0,
	}
	if st.Keymap().Groups() > 1 {
		v.Layout = st.Keymap().GroupName(st.Group())
	}
	v.Sleep = k.canSleep
	if left := k.until - s.loop.Now(); left > 0 {
		v.Wait = int((left + time.Second - 1) / time.Second)
	}
	return v
}

// refresh draws all views anew.
func (k *lockScreen) refresh() {
	for _, p := range k.panels {
		p.panel.Invalidate()
	}
}

// follow gives every output its view.
func (k *lockScreen) follow() {
	if !k.on {
		return
	}
	keep := k.panels[:0]
	for _, p := range k.panels {
		if k.s.outputs != nil && k.has(p.o) && !p.dead {
			keep = append(keep, p)
			continue
		}
		p.panel.Close()
		if k.front == p {
			k.front = nil
		}
	}
	clear(k.panels[len(keep):])
	k.panels = keep
	if k.revive.Armed() {
		return
	}
	for _, o := range k.s.outputs {
		p := k.of(o)
		if p == nil {
			p = k.add(o)
		}
		area := o.scene.Logical()
		p.panel.Place(area, lockscreen.Place(area), o.info.Scale)
	}
}

func (k *lockScreen) has(o *output) bool {
	for _, q := range k.s.outputs {
		if q == o {
			return true
		}
	}
	return false
}

// of returns the view of an output, or nil.
func (k *lockScreen) of(o *output) *lockPanel {
	for _, p := range k.panels {
		if p.o == o {
			return p
		}
	}
	return nil
}

// add makes the view of an output.
func (k *lockScreen) add(o *output) *lockPanel {
	s, p := k.s, &lockPanel{o: o}
	po := s.parts.options("lock", func() ui.Node { return k.view(o.scene.Logical().H()) })
	po.Strip, po.Above, po.Shadow = k.tree, k.tree, true
	po.Open = func() bool { return k.on }
	failed := po.Failed
	po.Failed = func(last bool) {
		// The outputs stay covered, and the session locked.
		if failed(last); last {
			p.dead = true
			k.revive.Arm(s.loop.Now() + reviveAfter)
		}
	}
	p.panel = panel.New(po)
	k.panels = append(k.panels, p)
	return p
}

// raise brings views back that have failed.
func (k *lockScreen) raise() {
	k.revive.Disarm()
	k.follow()
	k.s.moved = true
}

// drop takes the views away.
func (k *lockScreen) drop() {
	k.timer.Disarm()
	k.revive.Disarm()
	for _, p := range k.panels {
		p.panel.Close()
	}
	k.panels, k.front = nil, nil
}

// turn implements part.
func (k *lockScreen) turn() {
	k.adopt()
	if !k.on {
		return
	}
	if st := k.state(); !sameScreen(&st, &k.shown) {
		k.shown = st
		k.screen.Show(st)
		k.refresh()
	}
	k.clock()
	k.hold()
	for _, p := range k.panels {
		p.panel.Turn()
	}
}

func sameScreen(a, b *lockscreen.State) bool {
	return a.Now.Equal(b.Now) && a.Name == b.Name && a.Caps == b.Caps && a.Layout == b.Layout && a.Busy == b.Busy &&
		a.Message == b.Message && a.Sleep == b.Sleep && a.Bad == b.Bad && a.Wait == b.Wait
}

// clock wakes the session when something that is shown changes by itself.
func (k *lockScreen) clock() {
	if k.s.unseen() {
		k.timer.Disarm()
		return
	}
	now, wall := k.s.loop.Now(), k.s.bars.wall()
	next := now + wall.Truncate(time.Minute).Add(time.Minute+5*time.Millisecond).Sub(wall)
	if left := k.until - now; left > 0 {
		next = min(next, now+(left-1)%time.Second+1)
	}
	if !k.timer.Armed() || k.timer.At() > next || k.timer.At() <= now {
		k.timer.Arm(next)
	}
}

// hold sees to it that a view has the keyboard.
func (k *lockScreen) hold() {
	if k.front != nil && k.front.panel.Keyboard() != nil {
		return
	}
	k.front = nil
	for _, p := range k.panels {
		if p.panel.Down() {
			continue
		}
		if k.front == nil || k.s.seat.Position().Floor().In(p.o.scene.Logical()) {
			k.front = p
		}
	}
	if k.front != nil {
		k.front.panel.Focus()
		k.s.focusWindow()
	}
}

// pressed gives the keyboard to the view that was pressed.
func (k *lockScreen) pressed(f seat.Focus) {
	for _, p := range k.panels {
		if p.panel.Owns(f) && p != k.front {
			if k.front != nil {
				k.front.panel.Release()
			}
			k.front = p
			p.panel.Focus()
			k.s.focusWindow()
		}
	}
}

// owns implements part.
func (k *lockScreen) owns(f seat.Focus) bool {
	for _, p := range k.panels {
		if p.panel.Owns(f) {
			return true
		}
	}
	return false
}

// shows reports whether a panel is one of the lock's, the only ones that can be
// seen while it is on.
func (k *lockScreen) shows(p *panel.Panel) bool {
	for _, q := range k.panels {
		if q.panel == p {
			return true
		}
	}
	return false
}

// release implements part: nobody takes the keyboard from the lock.
func (k *lockScreen) release() {}

// keyboard implements part.
func (k *lockScreen) keyboard() seat.Focus {
	if !k.on || k.front == nil {
		return nil
	}
	return k.front.panel.Keyboard()
}
