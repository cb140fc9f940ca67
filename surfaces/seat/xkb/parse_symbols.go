package xkb

import "strings"

// keySymbols is a key of the symbols section before types are chosen.
type keySymbols struct {
	key         *key
	groups      []groupSymbols
	defaultType string
}

type groupSymbols struct {
	typ     string
	levels  []keyLevel
	defined bool
	syms    bool // symbols were given
	acts    bool // actions were given
}

// modmap is one entry of a modifier_map: a key, or the key of a keysym.
type modmap struct {
	mod ModMask
	key string
	sym Keysym
}

func (p *parser) symbolStatement() {
	for p.word("override") || p.word("augment") || p.word("replace") {
		p.next()
	}
	switch {
	case p.word("virtual_modifiers"):
		p.virtualModifiers()
	case p.word("name"):
		p.next()
		p.groupName()
	case p.word("key"):
		p.next()
		p.keySymbols()
	case p.word("modifier_map") || p.word("modmap") || p.word("mod_map"):
		p.next()
		p.modifierMap()
	case p.word("include"):
		p.next()
		p.fail("include %v: keymap is not resolved", p.tok)
	default:
		p.fail("found %v among symbols", p.tok)
	}
}

func (p *parser) groupName() {
	p.expect("[")
	g := p.group()
	p.expect("]")
	p.expect("=")
	name := p.str()
	p.expect(";")
	for len(p.km.groupNames) <= g {
		p.km.groupNames = append(p.km.groupNames, "")
	}
	p.km.groupNames[g] = name
}

func (p *parser) modifierMap() {
	var mod ModMask
	if name := p.ident(); !strings.EqualFold(name, "none") {
		i := p.km.ModIndex(name)
		if i < 0 || i > 7 {
			p.fail("modifier_map of %q, which is no real modifier", name)
			return
		}
		mod = 1 << i
	}
	p.expect("{")
	for p.err == nil && !p.is("}") {
		if len(p.modmaps) >= maxModmaps {
			p.fail("too many modifier_map entries")
		}
		if p.tok.kind == tokKey {
			p.modmaps = append(p.modmaps, modmap{mod: mod, key: p.keyName()})
		} else {
			p.modmaps = append(p.modmaps, modmap{mod: mod, sym: p.keysym()})
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect("}")
	p.expect(";")
}

func (p *parser) keySymbols() {
	name := p.keyName()
	k := p.findKey(name)
	ks := &keySymbols{key: k}
	if k == nil {
		ks.key = &key{name: name} // read, then dropped: no code leads to it
	}
	p.expect("{")
	for p.err == nil && !p.is("}") {
		p.keyField(ks)
		if !p.accept(",") {
			break
		}
	}
	p.expect("}")
	p.expect(";")
	if k == nil || p.err != nil {
		return
	}
	if old := p.bySyms[k]; old != nil {
		*old = *ks
		return
	}
	p.bySyms[k] = ks
	p.symbols = append(p.symbols, ks)
}

func (p *parser) keyField(ks *keySymbols) {
	if p.is("[") {
		p.levels(ks, ks.nextGroup(false))
		return
	}
	negate := p.accept("!")
	field := strings.ToLower(p.ident())
	group := -1
	if p.accept("[") {
		group = p.group()
		p.expect("]")
	}
	valued := p.accept("=")
	switch field {
	case "type":
		name := p.str()
		if group < 0 {
			ks.defaultType = name
		} else {
			g := ks.at(group)
			g.typ, g.defined = name, true
		}
	case "symbols", "actions":
		if group < 0 {
			group = ks.nextGroup(field == "actions")
		}
		p.levels(ks, group)
	case "vmods", "virtualmods", "virtualmodifiers":
		ks.key.vmods, ks.key.explicitVMods = p.modExpr(), true
	case "repeat", "repeats", "repeating":
		p.repeat(ks.key)
	case "groupswrap", "wrapgroups", "groupsclamp", "clampgroups":
		on := !negate
		if valued {
			on = p.boolean()
		}
		if strings.Contains(field, "clamp") == on {
			ks.key.outOfRange = rangeClamp
		} else {
			ks.key.outOfRange = rangeWrap
		}
	case "groupsredirect", "redirectgroups":
		ks.key.outOfRange, ks.key.redirect = rangeRedirect, p.group()
	case "overlay1", "overlay2", "radiogroup", "permanentradiogroup", "locking", "lock", "locks", "allownone":
		p.skipExpr() // has no meaning on Wayland
	default:
		p.fail("unknown field %q of key <%s>", field, ks.key.name)
	}
}

func (p *parser) repeat(k *key) {
	if p.word("default") {
		p.next()
		k.explicitRepeat = false
		return
	}
	k.repeats, k.explicitRepeat = p.boolean(), true
}

// nextGroup returns the first group that has no symbols (or actions) yet.
func (ks *keySymbols) nextGroup(actions bool) int {
	for i := range ks.groups {
		if g := &ks.groups[i]; !actions && !g.syms || actions && !g.acts {
			return i
		}
	}
	return len(ks.groups)
}

func (ks *keySymbols) at(group int) *groupSymbols {
	for len(ks.groups) <= group {
		ks.groups = append(ks.groups, groupSymbols{})
	}
	return &ks.groups[group]
}

// levels reads "[ a, { b, c }, SetMods() ]" into a group.
func (p *parser) levels(ks *keySymbols, group int) {
	if group >= maxGroups {
		p.fail("more than %d groups on key <%s>", maxGroups, ks.key.name)
		return
	}
	g := ks.at(group)
	g.defined = true
	p.expect("[")
	for i := 0; p.err == nil && !p.is("]"); i++ {
		if i == len(g.levels) {
			if p.cells++; i >= maxLevels || p.cells > maxCells {
				p.fail("too many levels on key <%s>", ks.key.name)
				return
			}
			g.levels = append(g.levels, keyLevel{})
		}
		p.cell(ks.key, g, &g.levels[i])
		if !p.accept(",") {
			break
		}
	}
	p.expect("]")
}

func (p *parser) cell(k *key, g *groupSymbols, l *keyLevel) {
	if !p.accept("{") {
		p.item(k, g, l)
		return
	}
	for p.err == nil && !p.is("}") {
		p.item(k, g, l)
		if len(l.syms) > maxSyms {
			p.fail("too many keysyms in a level of key <%s>", k.name)
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect("}")
}

// item reads a keysym or an action: a name with a parenthesis is an action.
func (p *parser) item(k *key, g *groupSymbols, l *keyLevel) {
	if p.tok.kind == tokIdent && strings.HasPrefix(strings.TrimLeft(p.text[p.pos:], " \t"), "(") {
		l.action = p.action()
		k.explicitActions, g.acts = true, true
		return
	}
	g.syms = true
	if sym := p.keysym(); sym != NoSymbol {
		l.syms = append(l.syms, sym)
	}
}
