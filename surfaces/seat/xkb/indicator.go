package xkb

// component names the parts of the state that an indicator watches.
type component uint8

const (
	compBase component = 1 << iota
	compLatched
	compLocked
	compEffective
)

type indicator struct {
	name       string
	index      int // from 0
	whichMods  component
	whichGroup component
	mods, mask ModMask
	groups     uint32
}

func (i *indicator) lit(s *State) bool {
	if i.mask != 0 {
		var m ModMask
		if i.whichMods&compBase != 0 {
			m |= s.base
		}
		if i.whichMods&compLatched != 0 {
			m |= s.latched
		}
		if i.whichMods&compLocked != 0 {
			m |= s.locked
		}
		if i.whichMods&compEffective != 0 {
			m |= s.Effective()
		}
		if m&i.mask != 0 {
			return true
		}
	}
	if i.groups == 0 {
		return false
	}
	var g uint32
	if i.whichGroup&compBase != 0 {
		g |= 1 << (uint32(s.baseGroup) & 31)
	}
	if i.whichGroup&compLatched != 0 {
		g |= 1 << (uint32(s.latchedGroup) & 31)
	}
	if i.whichGroup&compLocked != 0 {
		g |= 1 << (uint32(s.lockedGroup) & 31)
	}
	if i.whichGroup&compEffective != 0 {
		g |= 1 << (uint32(s.group) & 31)
	}
	return g&i.groups != 0
}
