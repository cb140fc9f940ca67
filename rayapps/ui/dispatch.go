package ui

// Event delivers an event and reports whether something handled it. Pointer
// events and pinches go to what is below, or holds, the pointer; all others to what has the
// focus.
func (r *Root) Event(ev Event) bool {
	if p, ok := ev.(*Pointer); ok {
		return r.pointerEvent(p)
	}
	r.Layout()
	if p, ok := ev.(*Pinch); ok {
		return r.pinch(p)
	}
	k, ok := ev.(*Keystroke)
	if !ok {
		if r.focus == nil {
			return false
		}
		h, ok := r.focus.node.(Handler)
		return ok && h.Handle(r.focus, ev)
	}
	if !k.Release && !r.byKeyboard && !modifier(k.Sym) {
		r.byKeyboard = true
		r.repaint = true
	}
	if !k.Release {
		r.hideTips()
	}
	e := r.focus
	if e == nil {
		e = r.scope()
	}
	for ; e != nil; e = e.parent {
		if h, ok := e.node.(Handler); ok && h.Handle(e, k) {
			return true
		}
	}
	if k.Release || k.Mods&(Ctrl|Alt|Super) != 0 {
		return false
	}
	switch k.Sym {
	case KeyTab:
		return r.FocusNext(k.Mods&Shift != 0)
	case KeyBackTab:
		return r.FocusNext(true)
	}
	return false
}

// modifier reports whether a key does nothing by itself.
func modifier(s Sym) bool { return s >= 0xffe1 && s <= 0xffee }
