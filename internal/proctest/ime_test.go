package proctest

import (
	"encoding/binary"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// TestInputMethodComposesInTerminal is an input method that makes an ü of each
// u, shows a popup at the cursor and hands on all other keys.
func TestInputMethodComposesInTerminal(t *testing.T) {
	s := begin(t, "foot")
	w := s.Window(s.Launch("foot", "-D", s.Dir, "sh"))
	s.prompt(w.ID)

	const keyU = 22
	const popupColor = 0x3060f0
	c := s.connect(t)
	seat, methods := &client.WlSeat{}, &client.ZwpInputMethodManagerV2{}
	keyboards, compositor := &client.ZwpVirtualKeyboardManagerV1{}, &client.WlCompositor{}
	c.bind(seat, &protocol.WlSeatInterface)
	c.bind(methods, &protocol.ZwpInputMethodManagerV2Interface)
	c.bind(keyboards, &protocol.ZwpVirtualKeyboardManagerV1Interface)
	c.bind(compositor, &protocol.WlCompositorInterface)
	kbd := keyboards.CreateVirtualKeyboard(seat)
	im := methods.GetInputMethod(seat)
	var dones uint32
	active, mapped := false, false
	im.OnActivate = func() { active = true }
	im.OnDone = func() { dones++ }
	grab := im.GrabKeyboard()
	keymap := -1
	grab.OnKeymap = func(f protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
		keymap = fd.Take()
		kbd.Keymap(f, keymap, size)
		mapped = true
	}
	grab.OnModifiers = func(_, depressed, latched, locked, group uint32) {
		kbd.Modifiers(depressed, latched, locked, group)
	}
	grab.OnKey = func(_, time, key uint32, state protocol.WlKeyboardKeyState) {
		if key != keyU {
			kbd.Key(time, key, uint32(state))
			return
		}
		if state == protocol.WlKeyboardKeyStatePressed {
			im.CommitString("ü")
			im.Commit(dones)
		}
	}
	c.until("the terminal wants text", func() bool { return active && dones > 0 && mapped })
	if err := c.Roundtrip(); err != nil { // the descriptor has gone over
		t.Fatal(err)
	}
	if err := unix.Close(keymap); err != nil {
		t.Error(err)
	}

	surface := compositor.CreateSurface()
	popup := im.GetInputPopupSurface(surface)
	var cursor image.Rectangle // relative to the popup
	popup.OnTextInputRectangle = func(x, y, w, h int32) {
		cursor = image.Rect(int(x), int(y), int(x+w), int(y+h))
	}
	b, mem := c.buffer(60, 24)
	for i := 0; i < len(mem); i += 4 {
		binary.LittleEndian.PutUint32(mem[i:], popupColor)
	}
	surface.Attach(b, 0, 0)
	surface.DamageBuffer(0, 0, 60, 24)
	surface.Commit()
	c.until("the popup is told where the cursor is", func() bool { return !cursor.Empty() })
	var at image.Rectangle
	s.Until("the popup is shown", func() bool {
		var n int
		at, n = s.Shoot(nil).Find(popupColor)
		return n == 60*24
	})
	if text := cursor.Add(at.Min); !text.In(s.content(w.ID)) || text.Overlaps(at) {
		t.Errorf("the popup at %v is for a cursor at %v in %v", at, text, s.content(w.ID))
	}

	s.Call("input type", Args{"text": "echo gut >by-ime\n"})
	path := filepath.Join(s.Dir, "by-ime")
	c.until("the command has run", func() bool {
		text, err := os.ReadFile(path)
		return err == nil && strings.HasSuffix(string(text), "\n")
	})
	if text, err := os.ReadFile(path); err != nil || string(text) != "güt\n" {
		t.Errorf("the shell wrote %q, %v", text, err)
	}
	// The popup goes with the input method, and the keys come back.
	c.Close()
	s.Until("the popup is gone", func() bool { _, n := s.Shoot(nil).Find(popupColor); return n == 0 })
	s.Call("input type", Args{"text": "echo gut >by-hand\n"})
	s.Until("the command has run", func() bool {
		text, err := os.ReadFile(filepath.Join(s.Dir, "by-hand"))
		return err == nil && string(text) == "gut\n"
	})
}
