package xkb

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Limits on keymap text. Real keymaps stay far below.
const (
	maxText    = 1 << 20
	maxCode    = 4096 // X11 key codes
	maxTypes   = 256
	maxLevels  = 64      // of a type
	maxCells   = 1 << 16 // levels of all keys together
	maxGroups  = 32
	maxMods    = 32
	maxInterps = 512
	maxModmaps = 512
	maxSyms    = 16 // of a level
)

type parser struct {
	scanner
	km      *Keymap
	byName  map[string]*key
	alias   map[string]string
	types   map[string]*keyType
	interps []interp
	base    interp // defaults that "interpret.x = y" sets
	symbols []*keySymbols
	bySyms  map[*key]*keySymbols
	modmaps []modmap
	cells   int
	nested  bool // inside an included section
	missing []string
}

// Parse reads a resolved keymap, as xkbcli compile-keymap or
// xkb_keymap_get_as_string write it. Text may be hostile; a trailing NUL is
// allowed.
func Parse(text string) (*Keymap, error) {
	text = strings.TrimSuffix(text, "\x00")
	if len(text) > maxText {
		return nil, fmt.Errorf("keymap: %d bytes, more than %d", len(text), maxText)
	}
	p := &parser{
		scanner: scanner{text: text, line: 1},
		km:      &Keymap{text: text, hash: sha256.Sum256([]byte(text))},
		byName:  map[string]*key{},
		alias:   map[string]string{},
		types:   map[string]*keyType{},
		base:    defaultInterp,
		bySyms:  map[*key]*keySymbols{},
	}
	for _, name := range realModNames {
		p.km.mods = append(p.km.mods, modifier{name, 1 << len(p.km.mods)})
	}
	p.next()
	p.keymap()
	if p.err == nil {
		p.finish()
	}
	if p.err != nil {
		return nil, p.err
	}
	p.km.missing = p.missing
	return p.km, nil
}

func (p *parser) keymap() {
	for p.tok.kind == tokIdent && !p.word("xkb_keymap") {
		p.next() // flags such as "default"
	}
	if !p.word("xkb_keymap") {
		p.fail("found %v where “xkb_keymap” was expected", p.tok)
		return
	}
	p.next()
	p.optString()
	p.expect("{")
	seen := map[string]bool{}
	for p.err == nil && !p.is("}") {
		for p.tok.kind == tokIdent && !strings.HasPrefix(strings.ToLower(p.tok.text), "xkb_") {
			p.next()
		}
		kind := strings.ToLower(p.ident())
		if kind == "xkb_compat" || kind == "xkb_compat_map" || kind == "xkb_compatibility_map" {
			kind = "xkb_compatibility"
		}
		if seen[kind] {
			p.fail("second section %s", kind)
		}
		seen[kind] = true
		p.optString()
		p.section(kind)
		p.expect(";")
	}
	p.expect("}")
	p.accept(";")
	if p.err == nil && !p.end() {
		p.fail("found %v after the keymap", p.tok)
	}
	for _, kind := range []string{"xkb_keycodes", "xkb_types", "xkb_compatibility", "xkb_symbols"} {
		if !seen[kind] {
			p.fail("section %s is missing", kind)
		}
	}
}

func (p *parser) section(kind string) {
	switch kind {
	case "xkb_keycodes":
		p.block(p.keycodeStatement)
	case "xkb_types":
		p.block(p.typeStatement)
	case "xkb_compatibility":
		p.block(p.compatStatement)
	case "xkb_symbols":
		p.block(p.symbolStatement)
	case "xkb_geometry":
		p.skipBlock()
	default:
		p.fail("unknown section %q", kind)
	}
}

// block reads statements in braces.
func (p *parser) block(statement func()) {
	p.expect("{")
	for p.err == nil && !p.is("}") {
		if p.end() {
			p.fail("text ends within a section")
			return
		}
		statement()
	}
	p.expect("}")
}

// include reads the one include that a resolved keymap may have: clients with
// virtual keyboards write it rather than spell out the standard types.
func (p *parser) include(kind string, statement func()) {
	p.next()
	name := p.str()
	if name != "complete" || p.nested {
		p.fail("include %q: keymap is not resolved", name)
		return
	}
	outer := p.scanner
	p.scanner = scanner{text: builtinSection(kind), line: 1}
	p.nested = true
	p.next()
	p.block(statement)
	p.nested = false
	err := p.err
	p.scanner = outer
	if err != nil && p.err == nil {
		p.err = err
	}
	p.accept(";")
}

func (p *parser) keycodeStatement() {
	switch {
	case p.word("minimum") || p.word("maximum"):
		p.next()
		p.expect("=")
		p.number()
	case p.word("alias"):
		p.next()
		name := p.keyName()
		p.expect("=")
		p.alias[name] = p.keyName()
	case p.word("indicator") || p.word("virtual"):
		p.next()
		if p.word("indicator") {
			p.next()
		}
		i := p.number()
		p.expect("=")
		name := p.str()
		if i < 1 || i > 32 {
			p.fail("indicator %d: only 1 to 32 exist", i)
		}
		p.addIndicator(name, int(i)-1)
	case p.tok.kind == tokKey:
		name := p.keyName()
		p.expect("=")
		p.addKey(name, p.number())
	default:
		p.fail("found %v among key codes", p.tok)
	}
	p.expect(";")
}

func (p *parser) addKey(name string, code uint32) {
	if p.err != nil {
		return
	}
	if code > maxCode {
		p.fail("key code %d of <%s> is above %d", code, name, maxCode)
		return
	}
	if code < 8 {
		return // no evdev key can reach it
	}
	code -= 8
	for uint32(len(p.km.keys)) <= code {
		p.km.keys = append(p.km.keys, nil)
	}
	if old := p.km.keys[code]; old != nil {
		delete(p.byName, old.name)
	}
	k := &key{name: name, code: code}
	if prior := p.byName[name]; prior != nil {
		p.km.keys[prior.code] = nil
	}
	p.km.keys[code], p.byName[name] = k, k
}

func (p *parser) findKey(name string) *key {
	if k := p.byName[name]; k != nil {
		return k
	}
	return p.byName[p.alias[name]]
}

func (p *parser) addIndicator(name string, index int) {
	for i := range p.km.leds {
		if p.km.leds[i].name == name {
			p.km.leds[i].index = index
			return
		}
	}
	p.km.leds = append(p.km.leds, indicator{name: name, index: index})
}
