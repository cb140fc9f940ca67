package wayland

import (
	"testing"
	"time"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
)

const (
	keyA     = 30
	keyB     = 48
	keyShift = 42
)

// keyboardOf makes a wl_keyboard of a version and forgets what it is told at
// first.
func (c *testClient) keyboardOf(version uint32, name string) *client.WlKeyboard {
	k := bind[client.WlSeat](c, &protocol.WlSeatInterface, version).GetKeyboard()
	c.label(k, name)
	return k
}

func TestServerRepeatsKeysFromVersion10On(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	old, now := c.keyboardOf(9, "old"), c.keyboardOf(10, "new")
	var told []string
	for k, name := range map[*client.WlKeyboard]string{old: "old", now: "new"} {
		k.OnRepeatInfo = func(rate, delay int32) {
			if rate != 0 && name == "new" || delay != 600 {
				t.Errorf("%s: rate %d, delay %d", name, rate, delay)
			}
			told = append(told, name)
		}
	}
	c.ok()
	f.seat.SetRepeat(50, seat.DefaultRepeatDelay)
	c.ok()
	if len(told) != 4 {
		t.Errorf("repeat info was told %d times; want 4", len(told))
	}
	w := c.window("win", 20, 20, 0)
	repeats := func(k *client.WlKeyboard) *[]uint32 {
		var keys []uint32
		k.OnKey = func(_, _, key uint32, state protocol.WlKeyboardKeyState) {
			if state == protocol.WlKeyboardKeyStateRepeated {
				keys = append(keys, key)
			}
		}
		return &keys
	}
	byOld, byNew := repeats(old), repeats(now)
	pass := func(what string, d time.Duration, key uint32, want int) {
		t.Helper()
		*byNew = (*byNew)[:0]
		for ; d > 0; d -= time.Millisecond {
			f.loop.Advance(time.Millisecond)
		}
		c.ok()
		if len(*byNew) != want || len(*byOld) != 0 {
			t.Errorf("%s: %d repeats, %d for the old keyboard; want %d, 0", what, len(*byNew), len(*byOld), want)
		}
		for _, k := range *byNew {
			if k != key {
				t.Errorf("%s: key %d repeats; want %d", what, k, key)
			}
		}
	}
	f.key(keyA, true)
	pass("before the delay", 599*time.Millisecond, keyA, 0)
	pass("from then on 50 a second", 101*time.Millisecond, keyA, 6)
	f.key(keyShift, true)
	pass("Shift does not end it", 100*time.Millisecond, keyA, 5)
	f.key(keyB, true)
	pass("another key begins anew", 599*time.Millisecond, keyB, 0)
	pass("and takes over", time.Millisecond, keyB, 1)
	f.key(keyA, false)
	pass("the other's release is nothing", 100*time.Millisecond, keyB, 5)
	f.key(keyB, false)
	f.key(keyShift, false)
	pass("released", time.Second, 0, 0)

	f.key(keyA, true)
	c.srv.writing = true
	f.seat.RepeatKey(f.loop.Now(), keyA)
	pass("to a client that does not read", time.Millisecond, 0, 0)
	f.key(keyA, false)
	f.key(keyA, true)
	pass("again", 620*time.Millisecond, keyA, 2)
	f.seat.SetKeyboardFocus(nil)
	focus := f.srv.FocusOn(f.seat, w.guest().Surface.Data.(*surface))
	f.seat.SetKeyboardFocus(focus)
	pass("with the focus lost and back", time.Second, 0, 0)
	f.key(keyA, false)
	f.key(keyA, true)
	f.seat.SetKeyboardFocus(nil)
	pass("without the focus", time.Second, 0, 0)
	f.key(keyA, false)
	f.seat.SetKeyboardFocus(focus)
	f.key(keyA, true)
	f.seat.SetRepeat(0, seat.DefaultRepeatDelay)
	pass("turned off", time.Second, 0, 0)
	f.key(keyA, false)
	f.seat.SetRepeat(50, seat.DefaultRepeatDelay)
	f.key(keyA, true)
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	pass("without the window", time.Second, 0, 0)
	f.key(keyA, false)
}
