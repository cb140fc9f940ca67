package vncserver

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

// keymap is the compositor's, and where its keysyms are.
type keymap struct {
	*xkb.Keymap
	where map[xkb.Keysym][]uint32 // the keys that have one on any level
}

func newKeymap(km *xkb.Keymap) *keymap {
	k := &keymap{km, map[xkb.Keysym][]uint32{}}
	km.EachKey(func(code uint32, _ string) {
		for level := range km.Levels(code, 0) {
			if sym := km.SymAt(code, 0, level); sym != 0 {
				k.where[sym] = append(k.where[sym], code)
			}
		}
	})
	return k
}

// maxKeymap bounds a keymap, in bytes.
const maxKeymap = 1 << 20

// readKeymap takes over the first seat's, or if it has no keyboard the one that is
// built in.
func (s *server) readKeymap() (*keymap, error) {
	var caps protocol.WlSeatCapability
	s.first.OnCapabilities = func(c protocol.WlSeatCapability) { caps = c }
	if err := s.conn.Roundtrip(); err != nil {
		return nil, err
	}
	if caps&protocol.WlSeatCapabilityKeyboard == 0 {
		return newKeymap(xkb.Builtin()), nil // no compiler can be run any more
	}
	keyboard := s.first.GetKeyboard()
	var text string
	var err error
	keyboard.OnKeymap = func(format protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
		if format != protocol.WlKeyboardKeymapFormatXkbV1 || size == 0 || size > maxKeymap {
			err = fmt.Errorf("a keymap of format %d, %d bytes", format, size)
			return
		}
		var data []byte
		if data, err = unix.Mmap(fd.Borrow(), 0, int(size), unix.PROT_READ, unix.MAP_PRIVATE); err == nil {
			text = string(data[:size-1])
			err = unix.Munmap(data)
		}
	}
	if rerr := s.conn.Roundtrip(); rerr != nil {
		return nil, rerr
	}
	if err != nil {
		return nil, err
	}
	keyboard.Release()
	km, err := xkb.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the compositor's keymap: %w", err)
	}
	return newKeymap(km), nil
}

// keyboard is a viewer's.
type keyboard struct {
	s     *server
	km    *keymap
	main  *client.ZwpVirtualKeyboardV1
	state *xkb.State
	down  map[uint64]press // by what the viewer calls it

	extra *client.ZwpVirtualKeyboardV1 // has keysyms that the keymap lacks
	syms  []xkb.Keysym                 // of extra, the first on code 1
}

// press is a key that is held.
type press struct {
	on   *client.ZwpVirtualKeyboardV1
	code uint32
}

func newKeyboard(s *server, seat *client.WlSeat) (*keyboard, error) {
	k := &keyboard{
		s: s, km: s.keymap, main: s.keys.CreateVirtualKeyboard(seat), state: xkb.NewState(s.keymap.Keymap), down: map[uint64]press{},
	}
	k.extra = s.keys.CreateVirtualKeyboard(seat)
	return k, giveKeymap(k.main, k.km.Keymap)
}

func giveKeymap(to *client.ZwpVirtualKeyboardV1, km *xkb.Keymap) error {
	fd, err := km.CopyFD()
	if err != nil {
		return err
	}
	to.Keymap(protocol.WlKeyboardKeymapFormatXkbV1, fd, km.Size())
	return unix.Close(fd)
}

// now is a time in events, in milliseconds.
func now() uint32 { return uint32(time.Now().UnixMilli()) }

// nameOf is what a viewer calls a key: they may release another keysym than they
// pressed, if shift has gone up between.
func nameOf(sym xkb.Keysym, code uint32) uint64 {
	if code != 0 {
		return 1<<32 | uint64(code)
	}
	return uint64(sym.Lower())
}

// key passes a key on: by its code if the viewer tells it, and else by where the
// keymap has the keysym.
func (k *keyboard) key(sym xkb.Keysym, code uint32, down bool) error {
	name := nameOf(sym, code)
	held, is := k.down[name]
	if !down {
		if is {
			delete(k.down, name)
			k.send(held, false)
		}
		return nil
	}
	if is {
		return nil // the compositor repeats keys, not the viewer
	}
	p := press{k.main, code}
	if code == 0 {
		var mods xkb.ModMask
		var there bool
		if p.code, mods, there = k.find(sym); !there {
			var err error
			if p, err = k.make(sym); err != nil {
				return err
			}
		} else if own := k.state.Mods(); mods != own.Depressed {
			k.main.Modifiers(uint32(mods), 0, 0, own.Group)
			defer k.modifiers()
		}
	}
	k.down[name] = p
	k.send(p, true)
	return nil
}

func (k *keyboard) send(p press, down bool) {
	state := protocol.WlKeyboardKeyStateReleased
	if down {
		state = protocol.WlKeyboardKeyStatePressed
	}
	p.on.Key(now(), p.code, uint32(state))
	if p.on == k.main && k.state.UpdateKey(p.code, down) {
		k.modifiers()
	}
}

// modifiers tells of those that are held.
func (k *keyboard) modifiers() {
	m := k.state.Mods()
	k.main.Modifiers(uint32(m.Depressed), uint32(m.Latched), uint32(m.Locked), m.Group)
}

// find returns the key for a keysym and the modifiers that it takes: those that are
// held if they do.
func (k *keyboard) find(sym xkb.Keysym) (code uint32, mods xkb.ModMask, ok bool) {
	held := k.state.Mods()
	codes := k.km.where[sym]
	for _, code := range codes {
		if k.state.Sym(code) == sym || sym.IsModifier() {
			return code, held.Depressed, true
		}
	}
	third := k.km.ModMask("LevelThree") | xkb.Mod5
	keep := held.Depressed &^ (xkb.ModShift | third)
	try := xkb.NewState(k.km.Keymap)
	for _, mods := range []xkb.ModMask{0, xkb.ModShift, third, xkb.ModShift | third} {
		mods |= keep
		try.SetMods(xkb.Mods{Depressed: mods, Group: held.Group})
		for _, code := range codes {
			if try.Sym(code) == sym {
				return code, mods, true
			}
		}
	}
	return 0, 0, false
}

// maxSyms is how many keysyms a keymap of ours has.
const maxSyms = 200

// make gives a keysym a key that the keymap lacks.
func (k *keyboard) make(sym xkb.Keysym) (press, error) {
	for i, s := range k.syms {
		if s == sym {
			return press{k.extra, uint32(i) + 1}, nil
		}
	}
	for name, p := range k.down { // a keymap changes with no key held
		if p.on == k.extra {
			delete(k.down, name)
			k.send(p, false)
		}
	}
	if len(k.syms) == maxSyms {
		k.syms = k.syms[:0]
	}
	k.syms = append(k.syms, sym)
	km, err := xkb.OfSyms(k.syms)
	if err != nil {
		return press{}, err
	}
	if err := giveKeymap(k.extra, km); err != nil {
		return press{}, err
	}
	return press{k.extra, uint32(len(k.syms))}, km.Close()
}

// end lets go of everything.
func (k *keyboard) end() {
	for _, p := range k.down {
		k.send(p, false)
	}
	clear(k.down)
	k.main.Destroy()
	k.extra.Destroy()
}
