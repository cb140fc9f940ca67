package vnc

import (
	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/rfb"
	"rayos/rayapps/ui"
)

// ask asks the server for a desktop as large as the window has room for, once for
// each size. Servers that can't say nothing.
func (v *Viewer) ask(size geom.Size) {
	pixels := geom.Size{W: v.w.Scale().Apply(size.W), H: v.w.Scale().Apply(size.H)}
	if pixels == v.room || pixels.Empty() || v.lookOnly || !v.whole {
		return
	}
	v.room = pixels
	v.link.do(func(c *rfb.Client) error { return c.SetDesktopSize(pixels) })
}

// buttons are those of the pointer, as they are called here and there.
var buttons = map[ui.PointerButton]rfb.Button{
	ui.LeftButton: rfb.Left, ui.RightButton: rfb.Right, ui.MiddleButton: rfb.Middle,
}

// notch is how far a step of a wheel scrolls, in logical pixels.
const notch = 15

// event gets what the pointer does on the picture.
func (v *Viewer) event(ev ui.Event) bool {
	if v.lookOnly {
		return false
	}
	if p, ok := ev.(*ui.Paste); ok {
		v.link.do(func(c *rfb.Client) error { return c.SetClipboard(rfb.Clip{Text: []byte(p.Text)}) })
		return true
	}
	p, ok := ev.(*ui.Pointer)
	if !ok {
		return false
	}
	at := v.screen.at(p.Pos, v.box)
	switch p.Kind {
	case ui.PointerPress:
		v.down |= buttons[p.Button]
	case ui.PointerRelease:
		v.down &^= buttons[p.Button]
	case ui.PointerCancel, ui.PointerLeave:
		v.down = 0
	case ui.PointerScroll:
		v.scroll(at, p.Scroll)
		return true
	}
	v.point(at, v.down)
	return true
}

func (v *Viewer) point(at geom.Point, down rfb.Button) {
	v.link.do(func(c *rfb.Client) error { return c.Pointer(at, down) })
}

// scroll sends steps of wheels, as many as fit into what has been scrolled.
func (v *Viewer) scroll(at geom.Point, by geom.FPoint) {
	v.wheel.X += by.X
	v.wheel.Y += by.Y
	for _, a := range []struct {
		sum        *float64
		back, more rfb.Button
	}{{&v.wheel.Y, rfb.WheelUp, rfb.WheelDown}, {&v.wheel.X, rfb.WheelLeft, rfb.WheelRight}} {
		for *a.sum >= notch || *a.sum <= -notch {
			b, step := a.more, float64(notch)
			if *a.sum < 0 {
				b, step = a.back, -notch
			}
			*a.sum -= step
			v.point(at, v.down|b)
			v.point(at, v.down)
		}
	}
}

// RawKey implements rayapps.RawKeyHandler: while there is a picture, keys are the
// server's.
func (v *Viewer) RawKey(_ *rayapps.Window, sym ui.Sym, code uint32, down bool) bool {
	if v.screen == nil || v.lookOnly {
		return false
	}
	k, is := v.held[code]
	switch {
	case down && !is:
		k = rfbKey{uint32(sym), scancode(code)}
		v.held[code] = k
	case !down && is:
		delete(v.held, code)
	default:
		return down
	}
	v.link.do(func(c *rfb.Client) error { return c.Key(down, k.sym, k.scan) })
	return true
}

// Focus implements rayapps.Focuser: what is held isn't any more when the keyboard
// goes.
func (v *Viewer) Focus(_ *rayapps.Window, has bool) {
	if !has {
		v.release()
	} else if v.screen != nil && !v.lookOnly {
		v.w.Root().Clipboard().Request() // comes as an event
	}
}

// release lets go of all that is held.
func (v *Viewer) release() {
	if v.link == nil {
		clear(v.held)
		return
	}
	for code, k := range v.held {
		v.link.do(func(c *rfb.Client) error { return c.Key(false, k.sym, k.scan) })
		delete(v.held, code)
	}
}

// attention presses Ctrl+Alt+Del.
func (v *Viewer) attention() {
	keys := []rfbKey{{0xffe3, 0x1d}, {0xffe9, 0x38}, {0xffff, 0xd3}}
	for _, k := range keys {
		v.link.do(func(c *rfb.Client) error { return c.Key(true, k.sym, k.scan) })
	}
	for i := len(keys) - 1; i >= 0; i-- {
		v.link.do(func(c *rfb.Client) error { return c.Key(false, keys[i].sym, keys[i].scan) })
	}
}

// extended are the keys that have a prefix of 0xe0 in set 1, by their codes of
// linux/input-event-codes.h.
var extended = map[uint32]uint32{
	96: 0x1c, 97: 0x1d, 98: 0x35, 99: 0x37, 100: 0x38, 102: 0x47, 103: 0x48, 104: 0x49, 105: 0x4b, 106: 0x4d, 107: 0x4f, 108: 0x50,
	109: 0x51, 110: 0x52, 111: 0x53, 113: 0x20, 114: 0x2e, 115: 0x30, 119: 0x46, 125: 0x5b, 126: 0x5c, 127: 0x5d,
	158: 0x6a, 159: 0x69, 163: 0x19, 164: 0x22, 165: 0x10, 166: 0x24, 172: 0x32,
}

// scancode is a key's of set 1, as rfb.Client.Key takes it; 0 if it has none.
func scancode(code uint32) uint32 {
	if code > 0 && code <= 0x58 {
		return code
	}
	if s := extended[code]; s != 0 {
		return s | 0x80
	}
	return 0
}
