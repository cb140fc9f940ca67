package xkb

import "strings"

// action reads "SetMods(modifiers=Shift,clearLocks)".
func (p *parser) action() action {
	name := strings.ToLower(p.ident())
	var a action
	switch name {
	case "noaction", "nosymbol":
	case "setmods":
		a.kind = ActionSetMods
	case "latchmods":
		a.kind = ActionLatchMods
	case "lockmods":
		a.kind = ActionLockMods
	case "setgroup":
		a.kind = ActionSetGroup
	case "latchgroup":
		a.kind = ActionLatchGroup
	case "lockgroup":
		a.kind = ActionLockGroup
	case "ptrbtn", "pointerbutton", "lockptrbtn", "lockptrbutton", "lockpointerbutton", "lockpointerbtn",
		"setcontrols", "lockcontrols", "switchscreen", "terminate", "terminateserver",
		"redirect", "redirectkey":
		a.kind = ActionBreaksLatch
	default:
		a.kind = ActionOther // pointer motion, Private, what may come
	}
	p.expect("(")
	for p.err == nil && !p.is(")") {
		p.argument(&a)
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	return a
}

func (p *parser) argument(a *action) {
	negate := p.accept("!") || p.accept("~")
	if p.tok.kind != tokIdent || a.kind == ActionNone || a.kind >= ActionOther {
		p.skipExpr()
		return
	}
	field := strings.ToLower(p.ident())
	if p.is("[") { // Private(data[0]=1)
		p.skipExpr()
		return
	}
	on := !negate
	valued := p.accept("=")
	switch field {
	case "modifiers", "mods":
		p.actionMods(a)
	case "group":
		p.actionGroup(a)
	case "affect":
		p.affect(a)
	case "clearlocks":
		p.actionFlag(a, flagClearLocks, valued, on)
	case "latchtolock":
		p.actionFlag(a, flagLatchToLock, valued, on)
	default:
		p.fail("unknown field %q of an action", field)
	}
}

func (p *parser) actionFlag(a *action, f actionFlags, valued, on bool) {
	if valued {
		on = p.boolean()
	}
	if on {
		a.flags |= f
	} else {
		a.flags &^= f
	}
}

func (p *parser) actionMods(a *action) {
	if p.word("usemodmap") || p.word("modmapmods") {
		p.next()
		a.flags |= flagModMap
		return
	}
	a.mods = p.modExpr()
}

func (p *parser) actionGroup(a *action) {
	sign := int32(0)
	switch {
	case p.accept("+"):
		sign = 1
	case p.accept("-"):
		sign = -1
	}
	n := int32(p.group()) + 1
	if sign == 0 {
		a.flags |= flagAbsolute
		a.group = n - 1
		return
	}
	a.group = sign * n
}

func (p *parser) affect(a *action) {
	switch word := strings.ToLower(p.ident()); word {
	case "both":
		a.flags &^= flagNoLock | flagNoUnlock
	case "lock":
		a.flags |= flagNoUnlock
	case "unlock":
		a.flags |= flagNoLock
	case "neither":
		a.flags |= flagNoLock | flagNoUnlock
	default:
		p.fail("unknown value %q of affect", word)
	}
}
