package xkb

import "slices"

// finish turns what was read into a keymap: types, interpretations, modifier
// maps, then virtual modifiers into real ones.
func (p *parser) finish() {
	km := p.km
	km.leds = slices.DeleteFunc(km.leds, func(l indicator) bool { return l.index < 0 })
	if len(km.types) == 0 {
		km.types = append(km.types, &keyType{name: "default", levels: 1})
	}
	for _, ks := range p.symbols {
		p.finishKey(ks)
		km.groups = max(km.groups, len(ks.key.groups))
	}
	if p.err != nil {
		return
	}
	p.applyModmaps()
	slices.SortStableFunc(p.interps, compareInterps)
	bySym := map[Keysym][]*interp{}
	for i := range p.interps {
		bySym[p.interps[i].sym] = append(bySym[p.interps[i].sym], &p.interps[i])
	}
	for _, k := range km.keys {
		if k != nil {
			k.interpret(bySym)
		}
	}
	p.resolveMods()
}

func (p *parser) finishKey(ks *keySymbols) {
	k := ks.key
	n := 0
	for i := range ks.groups {
		if ks.groups[i].defined {
			n = i + 1
		}
	}
	for i := range n {
		g := ks.groups[i]
		if !g.defined {
			g = ks.groups[0]
		}
		t := p.groupType(ks, g)
		if p.cells += t.levels; p.cells > maxCells {
			p.fail("more than %d levels in all", maxCells)
			return
		}
		levels := make([]keyLevel, t.levels)
		copy(levels, g.levels)
		k.groups = append(k.groups, keyGroup{t, levels})
	}
}

func (p *parser) groupType(ks *keySymbols, g groupSymbols) *keyType {
	name := g.typ
	if name == "" {
		name = ks.defaultType
	}
	if name == "" {
		name = automaticType(g.levels)
	}
	if t := p.types[name]; t != nil {
		return t
	}
	return p.km.types[0]
}

// compareInterps puts the most specific first.
func compareInterps(a, b interp) int {
	if (a.sym == NoSymbol) != (b.sym == NoSymbol) {
		if a.sym == NoSymbol {
			return 1
		}
		return -1
	}
	return int(a.match) - int(b.match)
}

func (p *parser) applyModmaps() {
	for _, m := range p.modmaps {
		k := p.findKey(m.key)
		if m.key == "" {
			k = p.keyOfSym(m.sym)
		}
		if k != nil {
			k.modmap |= m.mod
		}
	}
}

// keyOfSym finds the key that gives a keysym at the lowest group and level.
func (p *parser) keyOfSym(sym Keysym) *key {
	var best *key
	bestGroup, bestLevel := maxGroups, maxLevels
	for _, k := range p.km.keys {
		if k == nil {
			continue
		}
		for g := 0; g < len(k.groups) && g <= bestGroup; g++ {
			for l := range k.groups[g].levels {
				s := k.groups[g].levels[l].syms
				if len(s) == 1 && s[0] == sym && (g < bestGroup || l < bestLevel) {
					best, bestGroup, bestLevel = k, g, l
				}
			}
		}
	}
	return best
}

// interpret gives a key the actions that its keysyms imply.
func (k *key) interpret(bySym map[Keysym][]*interp) {
	if k.explicitActions {
		return
	}
	var vmods ModMask
	for g := range k.groups {
		for l := range k.groups[g].levels {
			level := &k.groups[g].levels[l]
			in := k.findInterp(bySym, level.syms, l)
			if in == nil {
				continue
			}
			first := g == 0 && l == 0
			if first && in.repeat && !k.explicitRepeat {
				k.repeats = true
			}
			if in.vmod >= 0 && (first || !in.levelOne) {
				vmods |= 1 << in.vmod
			}
			if in.action.kind != ActionNone {
				level.action = in.action
			}
		}
	}
	if !k.explicitVMods {
		k.vmods = vmods
	}
}

func (k *key) findInterp(bySym map[Keysym][]*interp, syms []Keysym, level int) *interp {
	if len(syms) == 0 {
		return nil
	}
	if len(syms) == 1 {
		for _, in := range bySym[syms[0]] {
			if in.matches(k.modmap, level) {
				return in
			}
		}
	}
	for _, in := range bySym[NoSymbol] {
		if in.matches(k.modmap, level) {
			return in
		}
	}
	return &fallback
}

func (in *interp) matches(modmap ModMask, level int) bool {
	if in.levelOne && level != 0 {
		modmap = 0
	}
	switch in.match {
	case matchExactly:
		return modmap == in.mods
	case matchAll:
		return modmap&in.mods == in.mods
	case matchNone:
		return modmap&in.mods == 0
	case matchAny:
		return modmap&in.mods != 0
	}
	return modmap == 0 || modmap&in.mods != 0
}

func (p *parser) resolveMods() {
	km := p.km
	for _, k := range km.keys {
		if k == nil {
			continue
		}
		for i := 8; i < len(km.mods); i++ {
			if k.vmods&(1<<i) != 0 {
				km.mods[i].mapping |= k.modmap
			}
		}
	}
	for _, t := range km.types {
		t.mask = km.resolve(t.mods)
		for i := range t.entries {
			e := &t.entries[i]
			e.mask, e.kept = km.resolve(e.mods), km.resolve(e.preserve)
		}
	}
	for _, k := range km.keys {
		if k == nil {
			continue
		}
		for g := range k.groups {
			for l := range k.groups[g].levels {
				a := &k.groups[g].levels[l].action
				if a.flags&flagModMap != 0 {
					a.mods = k.modmap
				}
				a.mask = km.resolve(a.mods)
			}
		}
	}
	for i := range km.leds {
		km.leds[i].mask = km.resolve(km.leds[i].mods)
	}
}
