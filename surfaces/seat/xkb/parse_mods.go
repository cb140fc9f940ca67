package xkb

import "strings"

// virtualModifiers reads the declaration of virtual modifiers, which every
// section may repeat.
func (p *parser) virtualModifiers() {
	p.next()
	for p.err == nil {
		name := p.ident()
		i := p.km.ModIndex(name)
		if i < 0 {
			if len(p.km.mods) == maxMods {
				p.fail("more than %d modifiers", maxMods)
				return
			}
			i = len(p.km.mods)
			p.km.mods = append(p.km.mods, modifier{name: name})
		}
		if p.accept("=") {
			m := p.modExpr() & realMods
			if i >= 8 {
				p.km.mods[i].mapping = m
			}
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect(";")
}

// modExpr reads a sum of modifiers.
func (p *parser) modExpr() ModMask {
	m := p.modTerm()
	for p.err == nil {
		switch {
		case p.accept("+"):
			m |= p.modTerm()
		case p.accept("-"):
			m &^= p.modTerm()
		default:
			return m
		}
	}
	return 0
}

func (p *parser) modTerm() ModMask {
	if p.tok.kind == tokNumber {
		return ModMask(p.number())
	}
	name := p.ident()
	switch strings.ToLower(name) {
	case "none":
		return 0
	case "all":
		return realMods
	}
	i := p.km.ModIndex(name)
	if i < 0 {
		p.fail("unknown modifier %q", name)
		return 0
	}
	return 1 << i
}

// ordinal reads a level or group number, "2" or "Level2", and counts from 0.
func (p *parser) ordinal(prefix string, limit uint32) int {
	n := uint32(0)
	if p.tok.kind == tokNumber {
		n = p.number()
	} else {
		name := p.ident()
		digits := strings.TrimPrefix(strings.ToLower(name), prefix)
		for _, c := range digits {
			if c < '0' || c > '9' || n > limit {
				n = 0
				break
			}
			n = n*10 + uint32(c-'0')
		}
		if len(digits) == len(name) {
			n = 0
		}
	}
	if p.err == nil && (n < 1 || n > limit) {
		p.fail("bad %s number", prefix)
	}
	if p.err != nil {
		return 0
	}
	return int(n) - 1
}

func (p *parser) level() int { return p.ordinal("level", maxLevels) }
func (p *parser) group() int { return p.ordinal("group", maxGroups) }
