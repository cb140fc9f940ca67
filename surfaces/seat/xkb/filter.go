package xkb

// filter is the effect of a key that is held, or of a latch that waits.
type filter struct {
	live  bool
	code  uint32
	act   action
	held  int // presses without release, from several keyboards
	latch latchPhase
	prior int32 // group or locked modifiers to go back to
}

type latchPhase uint8

const (
	latchBroken  latchPhase = iota // another key was pressed meanwhile
	latchHeld                      // the latching key is down
	latchPending                   // released: waits for the next key
)

// runFilters shows the event to all live filters and, for a press that none
// of them claimed, starts the key's own action.
func (s *State) runFilters(code uint32, down bool) {
	claimed := false
	for i := range s.filters {
		if s.filters[i].live && s.step(&s.filters[i], code, down) {
			claimed = true
		}
	}
	if claimed || !down {
		return
	}
	act := s.action(code)
	switch act.kind {
	case ActionNone, ActionOther, ActionBreaksLatch:
		return
	}
	f := s.newFilter()
	*f = filter{live: true, code: code, act: *act, held: 1}
	s.start(f)
}

func (s *State) newFilter() *filter {
	for i := range s.filters {
		if !s.filters[i].live {
			return &s.filters[i]
		}
	}
	s.filters = append(s.filters, filter{})
	return &s.filters[len(s.filters)-1]
}

func (s *State) start(f *filter) {
	a := &f.act
	switch a.kind {
	case ActionSetMods:
		s.set |= a.mask
	case ActionLatchMods:
		f.latch = latchHeld
		s.set |= a.mask
	case ActionLockMods:
		f.prior = int32(s.locked & a.mask)
		s.set |= a.mask
		if a.flags&flagNoLock == 0 {
			s.locked |= a.mask
		}
	case ActionSetGroup:
		f.prior = s.baseGroup
		s.baseGroup = a.moveGroup(s.baseGroup)
	case ActionLatchGroup:
		f.latch = latchHeld
		f.prior = s.baseGroup
		s.baseGroup = a.moveGroup(s.baseGroup)
	case ActionLockGroup:
		s.lockedGroup = a.moveGroup(s.lockedGroup)
	}
}

// moveGroup keeps sums small whatever a hostile keymap asks for.
func (a *action) moveGroup(from int32) int32 {
	if a.flags&flagAbsolute != 0 {
		return a.group
	}
	return (from + a.group) % 0x10000
}

// step shows one event to a filter; true claims a press so that it does not
// start another action.
func (s *State) step(f *filter, code uint32, down bool) bool {
	switch f.act.kind {
	case ActionLatchMods, ActionLatchGroup:
		return s.stepLatch(f, code, down)
	}
	if code != f.code {
		if f.act.kind == ActionSetMods || f.act.kind == ActionSetGroup {
			f.act.flags &^= flagClearLocks // used with another key: not a tap
		}
		return false
	}
	if down {
		f.held++
		return true
	}
	if f.held--; f.held > 0 {
		return true
	}
	f.live = false
	switch f.act.kind {
	case ActionSetMods:
		s.clr |= f.act.mask
		if f.act.flags&flagClearLocks != 0 {
			s.locked &^= f.act.mask
		}
	case ActionLockMods:
		s.clr |= f.act.mask
		if f.act.flags&flagNoUnlock == 0 {
			s.locked &^= ModMask(f.prior)
		}
	case ActionSetGroup:
		s.baseGroup = f.prior
		if f.act.flags&flagClearLocks != 0 {
			s.lockedGroup = 0
		}
	}
	return false
}

func (s *State) stepLatch(f *filter, code uint32, down bool) bool {
	group := f.act.kind == ActionLatchGroup
	switch {
	case down && f.latch == latchPending:
		act := s.action(code)
		if act.kind == f.act.kind && act.flags == f.act.flags && act.mask == f.act.mask && act.group == f.act.group {
			s.promote(f, act, code)
			return true
		}
		if act.breaksLatch() {
			s.unlatch(f)
			f.live = false
		}
	case !down && code == f.code:
		locked := !group && s.locked&f.act.mask == f.act.mask || group && s.lockedGroup != 0
		if f.latch == latchBroken || f.act.flags&flagClearLocks != 0 && locked {
			s.endLatch(f)
			return false
		}
		if f.latch == latchPending {
			return false
		}
		f.latch = latchPending
		if group {
			step := s.baseGroup - f.prior
			s.baseGroup = f.prior
			s.latchedGroup += step
			f.prior = step
		} else {
			s.clr |= f.act.mask
			s.latched |= f.act.mask
		}
	case down && f.latch == latchHeld:
		f.latch = latchBroken
	}
	return false
}

// promote turns a latch that was pressed twice into a lock or a plain set.
func (s *State) promote(f *filter, act *action, code uint32) {
	s.unlatch(f)
	f.act, f.code, f.held = *act, code, 1
	lock := f.act.flags&flagLatchToLock != 0
	switch {
	case f.act.kind == ActionLatchMods && lock:
		f.act.kind, f.prior = ActionLockMods, 0
		s.locked |= f.act.mask
	case f.act.kind == ActionLatchMods:
		f.act.kind = ActionSetMods
		s.set |= f.act.mask
	case lock:
		f.act.kind = ActionLockGroup
		s.lockedGroup = f.act.moveGroup(s.lockedGroup)
	default:
		f.act.kind = ActionSetGroup
		f.prior = s.baseGroup
		s.baseGroup = f.act.moveGroup(s.baseGroup)
	}
}

// unlatch takes a pending latch back.
func (s *State) unlatch(f *filter) {
	if f.act.kind == ActionLatchGroup {
		s.latchedGroup -= f.prior
	} else {
		s.latched &^= f.act.mask
	}
}

// endLatch ends a latch whose key was released without it being tripped.
func (s *State) endLatch(f *filter) {
	f.live = false
	if f.act.kind == ActionLatchGroup {
		if f.latch == latchPending {
			s.unlatch(f)
		} else {
			s.baseGroup = f.prior
		}
		if f.act.flags&flagClearLocks != 0 && s.lockedGroup != 0 && f.latch != latchBroken {
			s.lockedGroup = 0
		}
		return
	}
	if f.latch == latchPending {
		s.latched &^= f.act.mask
	} else {
		s.clr |= f.act.mask
	}
	s.locked &^= f.act.mask
}
