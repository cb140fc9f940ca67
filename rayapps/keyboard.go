package rayapps

import (
	"fmt"
	"os"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
	"rayos/rayapps/compose"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

// keyboard is the seat's keyboard. Its keymap is parsed when the first key
// needs it.
type keyboard struct {
	s        *seat
	keyboard *client.WlKeyboard
	text     string // the keymap that state isn't of yet
	state    *xkb.State
	now      xkb.Mods
	held     uint32 // the key that repeats
	rate     int32  // repeats a second
	delay    time.Duration
	repeat   *loop.Timer
	stroke   ui.Keystroke
	compose  *compose.State // nil before the first key that begins something
}

func newKeyboard(s *seat) *keyboard {
	k := &keyboard{s: s, keyboard: s.seat.GetKeyboard(), rate: 25, delay: 600 * time.Millisecond}
	k.repeat = s.h.w.loop.NewTimer(k.again)
	wk := k.keyboard
	wk.OnKeymap = k.keymap
	wk.OnEnter = func(_ uint32, _ *client.WlSurface, _ []byte) {
		s.entered = true
		s.focus(true)
	}
	wk.OnLeave = func(uint32, *client.WlSurface) {
		k.repeat.Disarm()
		if k.compose != nil {
			k.compose.Reset()
		}
		s.entered = false
	}
	wk.OnKey = func(serial, _, key uint32, state protocol.WlKeyboardKeyState) {
		s.serial = serial
		pressed := state == protocol.WlKeyboardKeyStatePressed
		if pressed {
			s.pressed = serial
		}
		k.key(key, pressed)
	}
	wk.OnModifiers = func(_, depressed, latched, locked, group uint32) {
		k.now = xkb.Mods{
			Depressed: xkb.ModMask(depressed), Latched: xkb.ModMask(latched), Locked: xkb.ModMask(locked), Group: group,
		}
		if k.state != nil {
			k.state.SetMods(k.now)
		}
	}
	wk.OnRepeatInfo = func(rate, delay int32) {
		k.rate, k.delay = min(rate, 1000), time.Duration(delay)*time.Millisecond
	}
	return k
}

// maxKeymap bounds a keymap, in bytes.
const maxKeymap = 1 << 20

func (k *keyboard) keymap(format protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
	if format != protocol.WlKeyboardKeymapFormatXkbV1 {
		return
	}
	text, err := readKeymap(fd.Borrow(), size)
	if err != nil {
		k.s.h.w.opts.Log.Warn("keymap", "err", err)
		return
	}
	k.text = text
	k.state = nil
}

func readKeymap(fd int, size uint32) (string, error) {
	if size == 0 || size > maxKeymap {
		return "", fmt.Errorf("a keymap of %d bytes", size)
	}
	// The compositor may share the file with others, and that it can be
	// mapped is all that is promised.
	data, err := unix.Mmap(fd, 0, int(size), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return "", err
	}
	text := string(data)
	return text, unix.Munmap(data)
}

// current returns the keyboard's state.
func (k *keyboard) current() *xkb.State {
	if k.state != nil {
		return k.state
	}
	km, err := xkb.Parse(k.text)
	if err != nil {
		if k.text != "" {
			k.s.h.w.opts.Log.Warn("keymap", "err", err)
		}
		km = xkb.Builtin()
	}
	k.text = ""
	k.state = xkb.NewState(km)
	k.state.SetMods(k.now)
	return k.state
}

// modNames are those of ui.Mods, in their order.
var modNames = [...]string{"Shift", "Control", "Mod1", "Mod4"}

func (k *keyboard) mods() ui.Mods {
	if k.now == (xkb.Mods{Group: k.now.Group}) {
		return 0
	}
	st := k.current()
	var m ui.Mods
	for i, name := range modNames {
		if st.Effective()&st.Keymap().ModMask(name) != 0 {
			m |= ui.Shift << i
		}
	}
	return m
}

func (k *keyboard) key(key uint32, pressed bool) {
	w := k.s.h.w
	if h, ok := as[RawKeyHandler](w.app); ok && h.RawKey(w, ui.Sym(k.current().Sym(key)), key, pressed) {
		k.repeat.Disarm()
		return
	}
	if !pressed {
		if key == k.held {
			k.repeat.Disarm()
		}
		k.s.picking = true
		k.press(key, true, false)
		return
	}
	k.repeat.Disarm()
	if k.rate > 0 && k.current().Keymap().KeyRepeats(key) {
		k.held = key
		k.repeat.Arm(k.s.h.w.loop.Now() + k.delay)
	}
	k.press(key, false, false)
}

// again is a key that is held.
func (k *keyboard) again() {
	if k.s.focused && k.rate > 0 {
		k.repeat.Arm(k.s.h.w.loop.Now() + time.Second/time.Duration(k.rate))
		k.press(k.held, false, true)
	}
}

// press gives a key to the widgets, and to the app if they don't want it.
func (k *keyboard) press(key uint32, release, repeat bool) {
	st := k.current()
	sym := st.Sym(key)
	if sym.IsModifier() {
		return
	}
	e := &k.stroke
	*e = ui.Keystroke{Sym: ui.Sym(sym), Mods: k.mods(), Release: release, Repeat: repeat}
	if e.Mods&(ui.Ctrl|ui.Alt|ui.Super) == 0 && !release {
		e.Text = string(st.AppendUTF8(nil, key))
		if !k.composed(e, sym) {
			return
		}
	}
	if w := k.s.h.w; !w.event(e) {
		w.key(e)
	}
}

// composed lets dead accents and the compose key change what a key types. It
// returns false for keys that type nothing yet.
func (k *keyboard) composed(e *ui.Keystroke, sym xkb.Keysym) bool {
	if k.compose == nil {
		if !compose.Begins(sym) {
			return true
		}
		k.compose = compose.NewState(compose.Load(os.Getenv))
	}
	text, what := k.compose.Feed(sym)
	if what == compose.Nothing {
		return true
	}
	k.repeat.Disarm()
	if what != compose.Composed {
		return false
	}
	e.Text, e.Sym = text, 0
	if r, size := utf8.DecodeRuneInString(text); size == len(text) {
		e.Sym = ui.Sym(xkb.KeysymOf(r))
	}
	return true
}

func (k *keyboard) release() {
	k.repeat.Disarm()
	k.s.entered = false
	k.s.focus(false)
	if k.keyboard.Version() >= 3 {
		k.keyboard.Release()
	}
}
