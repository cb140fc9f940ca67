package seat

import (
	"fmt"
	"os/exec"
	"testing"
	"time"

	"rayos/surfaces/seat/xkb"
)

func TestKeyboardFocusOrder(t *testing.T) {
	d := newDesk(t)
	a, b := d.add("a", &client{}, 0, 0, 1, 1), d.add("b", &client{}, 0, 0, 1, 1)
	d.Listen(&Listener{KeyboardFocus: func(f Focus) {
		if f != nil {
			d.note("listener %s", f.(*fake).name)
		} else {
			d.note("listener none")
		}
	}})
	d.SetKeyboardFocus(a)
	d.expect("listener a", "a keyboard enter []", "a mods 0 0 0 0")
	d.press(keyShift, keyA)
	d.expect("a key 42 true", "a mods 1 0 0 0", "a key 30 true")
	d.SetKeyboardFocus(b)
	d.expect("a keyboard leave", "listener b", "b keyboard enter [42 30]", "b mods 1 0 0 0")
	d.release(keyA, keyShift)
	d.expect("b key 30 false", "b key 42 false", "b mods 0 0 0 0")
	d.SetKeyboardFocus(b)
	d.expect()
	d.SetKeyboardFocus(nil)
	d.expect("b keyboard leave", "listener none")
}

func TestGuestsGetReleasesOnLeave(t *testing.T) {
	d := newDesk(t)
	vm := d.add("vm", &client{}, 0, 0, 1, 1)
	vm.release = true
	d.SetKeyboardFocus(vm)
	d.press(keyCtrl, keyA)
	d.forgetLog()
	d.SetKeyboardFocus(nil)
	d.expect("vm key 30 false", "vm key 29 false", "vm keyboard leave")
	d.SetKeyboardFocus(vm)
	d.expect("vm keyboard enter [29 30]", "vm mods 4 0 0 0")
}

func TestTwoKeyboardsHoldOneKey(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	other := d.NewKeyboard(nil)
	d.forgetLog()
	d.press(keyShift)
	other.Key(0, keyShift, true)
	d.press(keyShift) // a repeat by the kernel
	d.release(keyShift)
	d.expect("a key 42 true", "a mods 1 0 0 0")
	other.Remove()
	d.expect("a key 42 false", "a mods 0 0 0 0")
}

func TestOwnKeymapOfAVirtualKeyboard(t *testing.T) {
	km, err := xkb.Parse(`xkb_keymap { xkb_keycodes { <K1> = 9; }; xkb_types { include "complete" };
		xkb_compatibility { include "complete" }; xkb_symbols { key <K1> { [x] }; }; };`)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.Listen(&Listener{Keymap: func(km *xkb.Keymap) {
		if km == xkb.Builtin() {
			d.note("keymap us")
		} else {
			d.note("keymap own")
		}
	}})
	d.press(keyCaps)
	d.release(keyCaps)
	d.forgetLog()
	v := d.NewKeyboard(nil)
	v.SetKeymap(km)
	d.expect()
	v.Key(0, 1, true)
	d.expect("keymap own", "a mods 0 0 0 0", "a key 1 true")
	v.Key(0, 1, false)
	v.Modifiers(xkb.Mods{Depressed: xkb.ModControl})
	d.expect("a key 1 false", "a mods 4 0 0 0")
	d.press(keyA)
	d.expect("keymap us", "a mods 0 0 2 0", "a key 30 true")
	v.Key(0, 1, true)
	d.forgetLog()
	v.Remove()
	d.expect("a key 1 false", "keymap us", "a mods 0 0 2 0")
}

func TestSetKeymapKeepsLocksAndHeldKeys(t *testing.T) {
	if _, err := exec.LookPath("xkbcli"); err != nil {
		t.Skip("xkbcli is not installed: no second layout")
	}
	de, err := xkb.Load(xkb.Names{Layout: "de"})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.press(keyCaps)
	d.release(keyCaps)
	d.press(keyShift)
	d.forgetLog()
	d.SetKeymap(de)
	d.expect("a mods 1 0 2 0")
	d.SetKeymap(de)
	d.expect()
	d.release(keyShift)
	d.expect("a key 42 false", "a mods 0 0 2 0")
}

func TestRepeatSettings(t *testing.T) {
	d := newDesk(t)
	if rate, delay := d.Repeat(); rate != 25 || delay != 600*time.Millisecond {
		t.Errorf("Repeat() = %d, %v; want 25, 600ms", rate, delay)
	}
	d.Listen(&Listener{Repeat: func(rate int32, delay time.Duration) { d.note("repeat %d %v", rate, delay) }})
	d.SetRepeat(40, 300*time.Millisecond)
	d.expect("repeat 40 300ms")
}

// inputMethod is a KeyboardGrab that swallows the letter A.
type inputMethod struct{ d *desk }

func (g inputMethod) Key(s *Seat, t time.Duration, key uint32, pressed bool) {
	g.d.note("grab key %d %v", key, pressed)
	if key != keyA {
		s.SendKey(t, key, pressed)
	}
}
func (g inputMethod) Modifiers(s *Seat, m xkb.Mods)  { g.d.note("grab mods %x", m.Depressed) }
func (g inputMethod) Keymap(_ *Seat, km *xkb.Keymap) { g.d.note("grab keymap %d", km.Size()) }
func (g inputMethod) Owner() any                     { return "ime" }
func (g inputMethod) Cancel(*Seat)                   { g.d.note("grab cancelled") }

func TestKeyboardGrab(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.forgetLog()
	d.GrabKeyboard(inputMethod{d})
	d.press(keyA, keyQ)
	d.release(keyA, keyQ)
	d.press(keyShift)
	d.expect("grab key 30 true", "grab key 16 true", "a key 16 true", "grab key 30 false",
		"grab key 16 false", "a key 16 false", "grab key 42 true", "a key 42 true", "grab mods 1")
	d.GrabKeyboard(inputMethod{d})
	d.expect("grab cancelled")
	d.GrabKeyboard(nil)
	d.expect("a mods 1 0 0 0")
}

// greedy is an inputMethod that swallows everything.
type greedy struct{ inputMethod }

func (g greedy) Key(_ *Seat, _ time.Duration, key uint32, pressed bool) {
	g.d.note("grab key %d %v", key, pressed)
}

func TestKeyboardGrabGivesReleasesToWhoSawThePress(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.press(keyA)
	d.forgetLog()
	d.GrabKeyboard(inputMethod{d})
	d.release(keyA)
	d.expect("a key 30 false")
	d.press(keyA)
	d.expect("grab key 30 true")
	d.GrabKeyboard(nil)
	d.release(keyA)
	d.expect()
	d.press(keyA)
	d.release(keyA)
	d.expect("a key 30 true", "a key 30 false")
}

func TestKeyboardsOfTheGrabsOwnerPassItBy(t *testing.T) {
	d := newDesk(t)
	a, b := d.add("a", &client{}, 0, 0, 1, 1), d.add("b", &client{}, 2, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.Bind(chord(t, "Super_L"), OnTap, func(time.Duration) { d.note("launcher") })
	d.GrabKeyboard(greedy{inputMethod{d}})
	km, err := xkb.Parse(xkb.Builtin().Text() + "// another\n")
	if err != nil {
		t.Fatal(err)
	}
	own := d.NewKeyboard(km)
	own.Owner = "ime"
	d.forgetLog()
	// The same key is down on both: they are different worlds.
	d.press(keyA)
	own.Key(0, keyA, true)
	d.expect("grab key 30 true", "a mods 0 0 0 0", "a key 30 true")
	// What a newcomer is told is what the focus saw.
	d.SetKeyboardFocus(b)
	d.expect("a keyboard leave", "b keyboard enter [30]", "b mods 0 0 0 0")
	own.Key(0, keyA, false)
	d.release(keyA)
	d.expect("b key 30 false", "grab key 30 false")
	// Modifiers of a person go to the grab alone, its own to the focus.
	d.press(keyShift)
	d.expect("grab key 42 true", "grab mods 1")
	own.Modifiers(xkb.Mods{Depressed: 1})
	d.expect("b mods 1 0 0 0")
	own.Modifiers(xkb.Mods{})
	d.release(keyShift)
	d.expect("b mods 0 0 0 0", "grab key 42 false", "grab mods 0")
	// Chords were matched before: handing on the key is no second tap.
	d.press(keySuper)
	own.Key(0, keySuper, true)
	d.forgetLog()
	own.Key(0, keySuper, false)
	d.release(keySuper)
	d.expect("b key 125 false", "b mods 0 0 0 0", "grab key 125 false", "grab mods 0", "launcher")
	if d.Used() == d.State() {
		t.Error("the grab's keyboard counts as the person's")
	}
	// Others are a person's keyboards.
	other := d.NewKeyboard(km)
	other.Owner = "wtype"
	other.Key(0, keyQ, true)
	d.expect("grab keymap "+fmt.Sprint(km.Size()), "grab mods 0", "grab key 16 true")
	other.Remove()
	d.forgetLog()
	own.Remove()
	d.GrabKeyboard(nil)
	d.forgetLog()
	d.press(keyA)
	d.expect("b key 30 true")
}

func TestReleaseAllFiresNoTap(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.Bind(chord(t, "Super_L"), OnTap, func(time.Duration) { d.note("launcher") })
	d.press(keySuper)
	d.forgetLog()
	d.kbd.ReleaseAll()
	d.expect("a key 125 false", "a mods 0 0 0 0")
	d.release(keySuper)
	d.expect()
}

// private is a fake of the session's own.
type private struct{ *fake }

func (private) Private() {}

func TestKeysOfAPrivateFocusStayThere(t *testing.T) {
	d := newDesk(t)
	a, p := d.add("a", &client{}, 0, 0, 1, 1), private{d.add("p", &client{}, 2, 0, 1, 1)}
	d.GrabKeyboard(inputMethod{d})
	d.SetKeyboardFocus(p)
	d.forgetLog()
	d.press(keyA, keyQ)
	d.release(keyA)
	d.expect("p key 30 true", "p key 16 true", "p key 30 false")
	d.GrabKeyboard(nil)
	d.SetKeyboardFocus(a)
	d.release(keyQ)
	d.expect("p keyboard leave", "a keyboard enter []", "a mods 0 0 0 0")
	d.press(keyQ)
	d.release(keyQ)
	d.expect("a key 16 true", "a key 16 false")
}

// composed is a fake of the session's own in which text may be composed.
type composed struct {
	private
	on bool
}

func (c *composed) Composed() bool { return c.on }

func TestKeysOfTextInAPrivateFocusGoToTheGrab(t *testing.T) {
	d := newDesk(t)
	p := &composed{private{d.add("p", &client{}, 2, 0, 1, 1)}, true}
	d.GrabKeyboard(inputMethod{d})
	d.SetKeyboardFocus(p)
	d.forgetLog()
	d.press(keyA)
	p.on = false // a password is next
	d.release(keyA)
	d.press(keyQ)
	d.release(keyQ)
	d.expect("grab key 30 true", "grab key 30 false", "p key 16 true", "p key 16 false")
}
