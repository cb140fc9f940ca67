package ui

import "rayos/geom"

// FocusWatcher is a Node that is told when it gets or loses the focus.
type FocusWatcher interface {
	FocusChanged(e *Element, has bool)
}

// revealer is a node that can scroll to show a part of it.
type revealer interface {
	reveal(e *Element, r geom.Rect)
}

// trap is a layer that keeps the focus, and who had it before.
type trap struct {
	layer, before *Element
}

func (e *Element) policy() FocusPolicy {
	if f, ok := e.node.(Focuser); ok {
		return f.Focus(e)
	}
	return NoFocus
}

// Focus gives e the keyboard focus if it takes it.
func (e *Element) Focus() bool {
	if e.gone || e.policy() == NoFocus {
		return false
	}
	e.root.setFocus(e)
	e.Reveal(e.Box())
	return true
}

// Reveal scrolls what e is in so that r, in coordinates of e, can be seen.
func (e *Element) Reveal(r geom.Rect) {
	for k := e; k.parent != nil; k = k.parent {
		r = r.Add(k.offset())
		if v, ok := k.parent.node.(revealer); ok {
			before := k.offset()
			v.reveal(k.parent, r)
			r = r.Add(k.offset().Sub(before))
		}
		if k.layer {
			return
		}
	}
}

// setFocus moves the focus. While a layer keeps it, what is outside gets it when
// the layer closes.
func (r *Root) setFocus(e *Element) {
	if n := len(r.traps); n > 0 && e != nil && !r.traps[n-1].layer.Holds(e) {
		r.traps[n-1].before = e
		return
	}
	old := r.focus
	if old == e {
		return
	}
	r.focus = e
	r.repaint = true
	if old != nil && !old.gone {
		if w, ok := old.node.(FocusWatcher); ok {
			w.FocusChanged(old, false)
		}
	}
	if e != nil {
		if w, ok := e.node.(FocusWatcher); ok {
			w.FocusChanged(e, true)
		}
	}
	for k := old; k != nil; k = k.parent {
		if w, ok := k.node.(withinWatcher); ok && !k.Holds(e) && !k.gone {
			w.focusWithin(k, false)
		}
	}
	for k := e; k != nil; k = k.parent {
		if w, ok := k.node.(withinWatcher); ok && !k.Holds(old) {
			w.focusWithin(k, true)
		}
	}
}

// withinWatcher is a node that is told when the focus comes into it and leaves
// it.
type withinWatcher interface {
	focusWithin(e *Element, has bool)
}

// Focused returns the element that has the focus, or nil.
func (r *Root) Focused() *Element { return r.focus }

// Active reports whether keys go to this root.
func (r *Root) Active() bool { return r.active }

// SetActive tells whether keys go to this root at all.
func (r *Root) SetActive(active bool) {
	if r.active != active {
		r.active = active
		r.repaint = true
	}
}

// scope returns the element within which Tab goes around.
func (r *Root) scope() *Element {
	if n := len(r.traps); n > 0 {
		return r.traps[n-1].layer
	}
	return r.top
}

// settleFocus follows layers that keep the focus and came or went, and takes
// the focus from what is gone or no more can have it.
func (r *Root) settleFocus() {
	for i := len(r.traps) - 1; i >= 0; i-- {
		t := r.traps[i]
		if !t.layer.gone {
			continue
		}
		r.traps = append(r.traps[:i], r.traps[i+1:]...)
		if i < len(r.traps) {
			// What lies above gives the focus back to whom this one would have.
			r.traps[i].before = t.before
		} else if t.before != nil && !t.before.gone && (r.focus == nil || !r.scope().Holds(r.focus)) {
			r.setFocus(t.before)
		}
	}
	for _, l := range r.layers {
		if l.gone {
			continue
		}
		if first, traps := l.trapping(); traps && !r.trapped(l) {
			r.traps = append(r.traps, trap{l, r.focus})
			if first == nil {
				first = l.firstStop()
			}
			r.setFocus(first)
		}
	}
	if r.focus != nil && r.focus.policy() == NoFocus {
		r.setFocus(nil)
	}
}

func (r *Root) trapped(l *Element) bool {
	for i := range r.traps {
		if r.traps[i].layer == l {
			return true
		}
	}
	return false
}

// firstStop returns what gets the focus when e opens.
func (e *Element) firstStop() *Element {
	var first, best *Element
	e.walk(func(k *Element) bool {
		switch k.policy() {
		case TakesAll:
			best = k
			return false
		case TabStop:
			if first == nil {
				first = k
			}
		}
		return true
	})
	if best != nil {
		return best
	}
	return first
}

// walk calls fn for e and everything in it that is no layer of its own, in the
// order of the tree, until fn returns false.
func (e *Element) walk(fn func(*Element) bool) bool {
	if !fn(e) {
		return false
	}
	for _, k := range e.children {
		if !k.layer && !k.walk(fn) {
			return false
		}
	}
	return true
}

// stops calls fn for everything that Tab may go to, in its order.
func (r *Root) stops(fn func(*Element) bool) {
	scope := r.scope()
	scope.walk(fn)
	if scope != r.top {
		return
	}
	for _, l := range r.layers {
		if !l.gone {
			l.walk(fn)
		}
	}
}

// FocusNext moves the focus to the next stop, or the one before, around the
// root or the dialog that is open. It reports whether there is one.
func (r *Root) FocusNext(back bool) bool {
	r.Layout()
	var prev, next, first, last *Element
	passed := false
	r.stops(func(k *Element) bool {
		if k == r.focus {
			passed = true
			return true
		}
		if k.policy() < TabStop {
			return true
		}
		if first == nil {
			first = k
		}
		last = k
		switch {
		case !passed:
			prev = k
		case next == nil:
			next = k
		}
		return true
	})
	if !passed {
		prev = nil
	}
	to := next
	if to == nil {
		to = first
	}
	if back {
		if to = prev; to == nil {
			to = last
		}
	}
	if to == nil {
		return false
	}
	r.byKeyboard, r.tabbing = true, true
	defer func() { r.tabbing = false }()
	return to.Focus()
}
