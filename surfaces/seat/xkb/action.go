package xkb

// ActionKind says what a key does to the keyboard state.
type ActionKind uint8

// The kinds that change modifiers or groups have names; ActionOther stands for
// those that act on something else and do not break a latch (pointer motion,
// private actions), ActionBreaksLatch for those that do (pointer buttons,
// controls, VT switches, terminate).
const (
	ActionNone ActionKind = iota
	ActionSetMods
	ActionLatchMods
	ActionLockMods
	ActionSetGroup
	ActionLatchGroup
	ActionLockGroup
	ActionOther
	ActionBreaksLatch
)

type actionFlags uint8

const (
	flagClearLocks actionFlags = 1 << iota
	flagLatchToLock
	flagNoLock
	flagNoUnlock
	flagModMap   // the modifiers are the key's modifier_map
	flagAbsolute // the group is a number, not a step
)

type action struct {
	kind  ActionKind
	flags actionFlags
	mods  ModMask // as written, virtual modifiers included
	mask  ModMask // resolved to real modifiers
	group int32
}

func (a *action) breaksLatch() bool {
	return a.kind == ActionNone || a.kind == ActionBreaksLatch
}
