package xkb

import "strings"

func (p *parser) typeStatement() {
	switch {
	case p.word("include"):
		p.include("xkb_types", p.typeStatement)
	case p.word("virtual_modifiers"):
		p.virtualModifiers()
	case p.word("type"):
		p.next()
		p.keyType(p.str())
	default:
		p.fail("found %v among key types", p.tok)
	}
}

func (p *parser) keyType(name string) {
	t := &keyType{name: name, levels: 1}
	p.block(func() { p.typeField(t) })
	p.expect(";")
	if p.err != nil {
		return
	}
	for i := range t.entries {
		t.entries[i].mods &= t.mods
	}
	if old := p.types[name]; old != nil {
		*old = *t
		return
	}
	if len(p.km.types) == maxTypes {
		p.fail("more than %d key types", maxTypes)
		return
	}
	p.types[name] = t
	p.km.types = append(p.km.types, t)
}

func (p *parser) typeField(t *keyType) {
	field := strings.ToLower(p.ident())
	switch field {
	case "modifiers", "mods":
		p.expect("=")
		t.mods = p.modExpr()
	case "map":
		mods := p.modIndex()
		p.expect("=")
		level := p.level()
		t.levels = max(t.levels, level+1)
		p.entry(t, mods).level = level
	case "preserve":
		mods := p.modIndex()
		p.expect("=")
		p.entry(t, mods).preserve = p.modExpr()
	case "level_name", "levelname":
		p.expect("[")
		p.level()
		p.expect("]")
		p.expect("=")
		p.str()
	default:
		p.fail("unknown field %q of a key type", field)
	}
	p.expect(";")
}

func (p *parser) modIndex() ModMask {
	p.expect("[")
	m := p.modExpr()
	p.expect("]")
	return m
}

// entry returns the map entry for exactly these modifiers.
func (p *parser) entry(t *keyType, mods ModMask) *typeEntry {
	for i := range t.entries {
		if t.entries[i].mods == mods {
			return &t.entries[i]
		}
	}
	if len(t.entries) >= 1024 {
		p.fail("too many entries in type %q", t.name)
		return &typeEntry{}
	}
	t.entries = append(t.entries, typeEntry{mods: mods})
	return &t.entries[len(t.entries)-1]
}

// automaticType names the type of a key that does not say: what its keysyms
// look like decides.
func automaticType(levels []keyLevel) string {
	sym := func(i int) Keysym {
		if i < len(levels) && len(levels[i].syms) == 1 {
			return levels[i].syms[0]
		}
		return NoSymbol
	}
	letters := sym(0).isLower() && sym(1).isUpper()
	keypad := sym(0).isKeypad() || sym(1).isKeypad()
	switch n := len(levels); {
	case n <= 1:
		return "ONE_LEVEL"
	case n == 2 && letters:
		return "ALPHABETIC"
	case n == 2 && keypad:
		return "KEYPAD"
	case n == 2:
		return "TWO_LEVEL"
	case n <= 4 && letters && sym(2).isLower() && sym(3).isUpper():
		return "FOUR_LEVEL_ALPHABETIC"
	case n <= 4 && letters:
		return "FOUR_LEVEL_SEMIALPHABETIC"
	case n <= 4 && keypad:
		return "FOUR_LEVEL_KEYPAD"
	case n <= 4:
		return "FOUR_LEVEL"
	}
	return ""
}
