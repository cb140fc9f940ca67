package xkb

import "strings"

type matchOp uint8

// The order is that in which interpretations are tried.
const (
	matchExactly matchOp = iota
	matchAll
	matchNone
	matchAny
	matchAnyOrNone
)

// interp gives keys their default actions by keysym.
type interp struct {
	sym      Keysym // NoSymbol matches any
	match    matchOp
	mods     ModMask
	vmod     int // index, -1 for none
	levelOne bool
	repeat   bool
	action   action
}

var defaultInterp = interp{match: matchAnyOrNone, mods: realMods, vmod: -1}

// fallback is what keys get that nothing interprets.
var fallback = interp{match: matchAnyOrNone, vmod: -1, repeat: true}

func (p *parser) compatStatement() {
	switch {
	case p.word("include"):
		p.include("xkb_compatibility", p.compatStatement)
	case p.word("virtual_modifiers"):
		p.virtualModifiers()
	case p.word("interpret"):
		p.next()
		if p.accept(".") {
			p.interpField(&p.base)
			return
		}
		p.interpret()
	case p.word("indicator"):
		p.next()
		name := p.str()
		led := indicator{name: name, index: -1}
		p.block(func() { p.indicatorField(&led) })
		p.expect(";")
		p.mergeIndicator(led)
	case p.word("group"):
		p.next()
		p.group()
		p.expect("=")
		p.modExpr()
		p.expect(";")
	default:
		p.fail("found %v in the compatibility section", p.tok)
	}
}

func (p *parser) interpret() {
	in := p.base
	in.match, in.mods, in.sym = matchAnyOrNone, realMods, p.keysym()
	if p.accept("+") {
		p.predicate(&in)
	}
	p.block(func() { p.interpField(&in) })
	p.expect(";")
	for i := range p.interps {
		if o := &p.interps[i]; o.sym == in.sym && o.match == in.match && o.mods == in.mods {
			*o = in
			return
		}
	}
	if len(p.interps) == maxInterps {
		p.fail("more than %d interpretations", maxInterps)
		return
	}
	p.interps = append(p.interps, in)
}

func (p *parser) predicate(in *interp) {
	ops := map[string]matchOp{
		"exactly": matchExactly, "allof": matchAll, "noneof": matchNone,
		"anyof": matchAny, "anyofornone": matchAnyOrNone,
	}
	if op, ok := ops[strings.ToLower(p.tok.text)]; ok && p.tok.kind == tokIdent {
		p.next()
		p.expect("(")
		in.match, in.mods = op, p.modExpr()
		p.expect(")")
		return
	}
	in.match, in.mods = matchExactly, p.modExpr()
}

func (p *parser) interpField(in *interp) {
	field := strings.ToLower(p.ident())
	p.expect("=")
	switch field {
	case "action":
		in.action = p.action()
	case "virtualmodifier", "virtualmod":
		name := p.ident()
		if in.vmod = p.km.ModIndex(name); in.vmod < 8 && p.err == nil {
			p.fail("unknown virtual modifier %q", name)
		}
	case "repeat":
		in.repeat = p.boolean()
	case "usemodmap", "usemodmapmods":
		switch word := strings.ToLower(p.tok.text); word {
		case "level1", "levelone":
			in.levelOne = true
		case "any", "anylevel":
			in.levelOne = false
		default:
			p.fail("found %v where level1 or AnyLevel was expected", p.tok)
		}
		p.next()
	case "locking":
		p.boolean()
	default:
		p.fail("unknown field %q of an interpretation", field)
	}
	p.expect(";")
}

// keysym reads a keysym by name or number; unknown names are NoSymbol, for a
// newer keyboard database may know more than this program.
func (p *parser) keysym() Keysym {
	if p.tok.kind == tokNumber {
		n := p.number()
		if n < 10 {
			return Keysym('0' + n)
		}
		return Keysym(n)
	}
	name := p.ident()
	if strings.EqualFold(name, "any") || strings.EqualFold(name, "nosymbol") {
		return NoSymbol
	}
	sym, ok := KeysymByName(name)
	if !ok && p.err == nil && len(p.missing) < 32 {
		p.missing = append(p.missing, name)
	}
	return sym
}

func (p *parser) indicatorField(led *indicator) {
	if p.accept("!") {
		p.ident()
		p.expect(";")
		return
	}
	field := strings.ToLower(p.ident())
	if !p.accept("=") {
		p.expect(";")
		return
	}
	switch field {
	case "modifiers", "mods":
		led.mods = p.modExpr()
	case "groups":
		led.groups = p.groupMask()
	case "whichmodstate", "whichmodifierstate":
		led.whichMods = p.components()
	case "whichgroupstate":
		led.whichGroup = p.components()
	case "controls", "ctrls", "allowexplicit", "drivesKbd", "driveskbd", "leddriveskbd",
		"leddriveskeyboard", "indicatordriveskbd", "indicatordriveskeyboard", "index":
		p.skipExpr()
	default:
		p.fail("unknown field %q of an indicator", field)
	}
	p.expect(";")
}

func (p *parser) components() component {
	names := map[string]component{
		"none": 0, "base": compBase, "latched": compLatched, "locked": compLocked,
		"effective": compEffective, "compat": compEffective, "any": compEffective,
	}
	var c component
	for p.err == nil {
		name := p.ident()
		bit, ok := names[strings.ToLower(name)]
		if !ok {
			p.fail("unknown state component %q", name)
		}
		c |= bit
		if !p.accept("+") {
			break
		}
	}
	return c
}

func (p *parser) groupMask() uint32 {
	var m uint32
	for p.err == nil {
		switch {
		case p.tok.kind == tokNumber:
			m |= p.number()
		case p.word("all"):
			p.next()
			m = 0xffffffff
		case p.word("none"):
			p.next()
		default:
			m |= 1 << p.group()
		}
		if !p.accept("+") {
			break
		}
	}
	return m
}

func (p *parser) mergeIndicator(led indicator) {
	if led.mods != 0 && led.whichMods == 0 {
		led.whichMods = compEffective
	}
	if led.groups != 0 && led.whichGroup == 0 {
		led.whichGroup = compEffective
	}
	for i := range p.km.leds {
		if p.km.leds[i].name == led.name {
			led.index = p.km.leds[i].index
			p.km.leds[i] = led
			return
		}
	}
	// An indicator without a number cannot be seen from outside.
}
