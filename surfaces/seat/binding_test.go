package seat

import (
	"os/exec"
	"testing"
	"time"

	"rayos/surfaces/seat/xkb"
)

func chord(t *testing.T, text string) Chord {
	t.Helper()
	c, err := ParseChord(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseChord(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Chord
		back string
	}{
		{"Super+Tab", Chord{Super, xkb.Tab}, "Super+Tab"},
		{"ctrl+ALT+backspace", Chord{Ctrl | Alt, xkb.BackSpace}, "Ctrl+Alt+BackSpace"},
		{"Shift+Super+A", Chord{Super | Shift, 'a'}, "Super+Shift+a"},
		{"Super+1", Chord{Super, '1'}, "Super+1"},
		{"Super+Enter", Chord{Super, xkb.Return}, "Super+Return"},
		{"Super_L", Chord{0, 0xffeb}, "Super_L"},
		{"XF86AudioMute", Chord{0, 0x1008ff12}, "XF86AudioMute"},
		{"Super++", Chord{Super, '+'}, "Super+plus"},
		{"Ctrl+Alt+F1", Chord{Ctrl | Alt, 0xffbe}, "Ctrl+Alt+F1"},
		{"Alt+aE", Chord{Alt, 0xe6}, "Alt+ae"},
	} {
		c, err := ParseChord(tt.text)
		if err != nil || c != tt.want || c.String() != tt.back {
			t.Errorf("ParseChord(%q) = %v, %v; want %v", tt.text, c, err, tt.back)
		}
	}
	for _, bad := range []string{"", "Foo+a", "Super+nosuchkey", "Super+"} {
		if c, err := ParseChord(bad); err == nil {
			t.Errorf("ParseChord(%q) = %v; want an error", bad, c)
		}
	}
}

func FuzzParseChord(f *testing.F) {
	f.Add("Super+Shift+Tab")
	f.Add("++")
	f.Add("aE") // no name of its own; AE by its letters, whose key is ae
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseChord(text)
		if err != nil {
			return
		}
		again, err := ParseChord(c.String())
		if err != nil || again != c {
			t.Errorf("ParseChord(%q) = %v; read back %v, %v", text, c, again, err)
		}
	})
}

func TestChordIsNotDelivered(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.press(keyCaps, keyNumLck)
	d.release(keyCaps, keyNumLck)
	d.forgetLog()
	b := d.Bind(chord(t, "Super+Tab"), 0, func(time.Duration) { d.note("switch") })
	d.press(keySuper, keyTab)
	d.expect("a key 125 true", "a mods 40 0 12 0", "switch")
	d.SetKeyboardFocus(nil)
	d.SetKeyboardFocus(a)
	d.expect("a keyboard leave", "a keyboard enter [125]", "a mods 40 0 12 0")
	d.release(keySuper, keyTab)
	d.expect("a key 125 false", "a mods 0 0 12 0")
	d.press(keyShift, keySuper, keyTab)
	d.release(keyShift, keySuper, keyTab)
	d.forgetLog()
	d.Unbind(b)
	d.press(keySuper, keyTab)
	d.expect("a key 125 true", "a mods 40 0 12 0", "a key 15 true")
}

func TestShortcutsInhibitor(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 1, 1)
	d.SetKeyboardFocus(a)
	d.Bind(chord(t, "Super+q"), 0, func(time.Duration) { d.note("close") })
	d.Bind(chord(t, "Super+Escape"), Unstealable, func(time.Duration) { d.note("release") })
	d.InhibitShortcuts(a, true)
	d.press(keySuper)
	d.forgetLog()
	d.press(keyQ, keyEsc)
	d.release(keyQ, keyEsc)
	d.expect("a key 16 true", "release", "a key 16 false")
	d.InhibitShortcuts(a, false)
	d.press(keyQ)
	d.expect("close")
}

func TestTap(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	d.SetKeyboardFocus(a)
	d.motion(1, 1)
	d.forgetLog()
	d.Bind(chord(t, "Super_L"), OnTap, func(time.Duration) { d.note("launcher") })
	d.press(keySuper)
	d.motion(2, 1)
	d.release(keySuper)
	d.expect("a key 125 true", "a mods 40 0 0 0", "a motion 2,1", "a frame", "a key 125 false", "a mods 0 0 0 0", "launcher")
	d.press(keySuper, keyA)
	d.release(keyA, keySuper)
	d.press(keySuper)
	d.button(btnLeft, true)
	d.release(keySuper)
	for _, line := range d.log {
		if line == "launcher" {
			t.Error("a modifier that was used counts as tapped")
		}
	}
}

func TestChordsOnOtherLayouts(t *testing.T) {
	if _, err := exec.LookPath("xkbcli"); err != nil {
		t.Skip("xkbcli is not installed: no other layouts")
	}
	for _, tt := range []struct {
		layout, variant, chord string
		code                   uint32
	}{
		{"ru", "", "Super+c", keyC},
		{"fr", "", "Super+1", key1},
		{"fr", "", "Super+a", keyQ},
		{"il", "", "Super+q", keyQ},
		{"us", "dvorak", "Super+apostrophe", keyQ},
		{"us,gr", "", "Super+Tab", keyTab},
	} {
		km, err := xkb.Load(xkb.Names{Layout: tt.layout, Variant: tt.variant})
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(t)
		d.SetKeymap(km)
		fired := false
		d.Bind(chord(t, tt.chord), 0, func(time.Duration) { fired = true })
		d.press(keySuper, tt.code)
		if !fired {
			t.Errorf("%s: key %d does not match %s", tt.layout, tt.code, tt.chord)
		}
	}
}
