package wayland

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
)

func (c *testClient) inhibit(s *client.WlSurface, seat *client.WlSeat, name string) *client.ZwpKeyboardShortcutsInhibitorV1 {
	m := bind[client.ZwpKeyboardShortcutsInhibitManagerV1](c, &protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface, 1)
	h := m.InhibitShortcuts(s, seat)
	c.label(h, name)
	m.Destroy()
	return h
}

// chord binds Super+a and returns how often it was pressed.
func (f *fixture) chord(t *testing.T) *int {
	t.Helper()
	k, err := seat.ParseChord("Super+a")
	if err != nil {
		t.Fatal(err)
	}
	n := new(int)
	f.seat.Bind(k, 0, func(time.Duration) { *n++ })
	return n
}

func (f *fixture) superA() {
	for _, k := range []struct {
		code uint32
		down bool
	}{{125, true}, {30, true}, {30, false}, {125, false}} {
		f.key(k.code, k.down)
	}
}

func TestShortcutsInhibitor(t *testing.T) {
	f := newFixture(t)
	n := f.chord(t)
	c := f.connect()
	s := c.bindSeat(9)
	w := c.window("win", 100, 100, 0)
	f.shell.at = geom.Point{X: 200}
	o := c.window("other", 100, 100, 0) // has the keyboard
	h := c.inhibit(w.surf, s, "inhibitor")
	c.ok()
	f.superA()
	if *n != 1 {
		t.Errorf("a window without the keyboard inhibits shortcuts")
	}
	f.seat.SetKeyboardFocus(c.core(w.surf))
	f.superA()
	if *n != 1 {
		t.Errorf("shortcuts are not inhibited")
	}
	c.ok()
	c.take()

	// The person takes the keys back, and gives them again.
	f.srv.ToggleInput(f.seat)
	c.expect("inhibitor.inactive()")
	f.superA()
	if *n != 2 {
		t.Errorf("shortcuts are inhibited against the person's will")
	}
	f.srv.ToggleInput(f.seat)
	c.expect("inhibitor.active()")
	f.superA()
	if *n != 2 {
		t.Errorf("shortcuts are not inhibited again")
	}
	h.Destroy()
	c.ok()
	f.superA()
	if *n != 3 {
		t.Errorf("shortcuts are inhibited by nobody")
	}
	f.srv.ToggleInput(f.seat) // there is nothing to toggle
	c.expect("")

	// A surface that is gone inhibits nothing; its object stays silent.
	c.inhibit(w.surf, s, "again")
	c.ok()
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	f.seat.SetKeyboardFocus(c.core(o.surf))
	f.superA()
	if *n != 4 {
		t.Errorf("a surface that is gone inhibits shortcuts")
	}
}

func TestShortcutsAlreadyInhibited(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	surf := c.surface("s")
	c.inhibit(surf, s, "a")
	c.inhibit(surf, s, "b")
	c.wantError("zwp_keyboard_shortcuts_inhibit_manager_v1", uint32(protocol.ZwpKeyboardShortcutsInhibitManagerV1ErrorAlreadyInhibited))
}
