//go:build cgo && !wayland

package window

import (
	"github.com/go-gl/glfw/v3.3/glfw"

	"rayos/gpu/display"
	"rayos/gpu/display/internal/keys"
)

// Codes of linux/input-event-codes.h.
const (
	btnLeft = 0x110 // right, middle, side and extra follow as in GLFW
	// x11KeyOffset is how much higher X11 numbers its keys.
	x11KeyOffset = 8
)

// listen registers GLFW's callbacks. They only queue: see Display.pollEvents.
func (o *Output) listen() {
	d := o.display
	later := func(fn func()) {
		d.events = append(d.events, func() {
			if !o.removed && d.handler != nil {
				fn()
			}
		})
	}
	o.win.SetFramebufferSizeCallback(func(_ *glfw.Window, w, h int) { later(func() { o.resized(w, h) }) })
	o.win.SetContentScaleCallback(func(_ *glfw.Window, x, _ float32) { later(func() { o.rescaled(scaleFrom(x)) }) })
	o.win.SetRefreshCallback(func(*glfw.Window) {
		later(func() {
			if o.drawn {
				if err := o.paint(nil); err != nil {
					d.handler.Closed(err)
				}
			}
		})
	})
	o.win.SetCloseCallback(func(w *glfw.Window) {
		w.SetShouldClose(false)
		later(func() { d.closeWindow(o) })
	})
	o.win.SetFocusCallback(func(_ *glfw.Window, focused bool) {
		if focused {
			later(o.focused)
		} else {
			later(o.unfocused)
		}
	})
	o.win.SetKeyCallback(func(_ *glfw.Window, _ glfw.Key, code int, a glfw.Action, _ glfw.ModifierKey) {
		if a != glfw.Repeat {
			later(func() { o.key(code, a == glfw.Press) })
		}
	})
	o.win.SetCursorPosCallback(func(_ *glfw.Window, x, y float64) { later(func() { o.motion(x, y) }) })
	o.win.SetCursorEnterCallback(func(_ *glfw.Window, entered bool) {
		if !entered {
			later(func() { d.handler.PointerLeft() })
		}
	})
	o.win.SetMouseButtonCallback(func(_ *glfw.Window, b glfw.MouseButton, a glfw.Action, _ glfw.ModifierKey) {
		later(func() {
			d.handler.PointerButton(d.loop.Now(), btnLeft+uint32(b), a == glfw.Press)
			d.handler.PointerFrame()
		})
	})
	o.win.SetScrollCallback(func(_ *glfw.Window, x, y float64) { later(func() { o.scroll(x, y) }) })
}

// unfocused lets go of all keys. Those that stay down are not ours when the
// focus comes back.
func (o *Output) unfocused() {
	o.foreign, o.held, o.justUnfocused = o.held, keys.Set{}, true
	o.display.handler.KeysLost()
}

// focused presses the modifiers that went down before the focus came.
func (o *Output) focused() {
	o.justUnfocused = false
	down := o.display.x.down()
	o.foreign.Keep(&down)
	for _, key := range keys.Modifiers {
		o.foreign.Change(key, false)
		if down.Has(key) {
			o.key(int(key)+x11KeyOffset, true)
		}
	}
	o.justFocused = true
}

func (o *Output) key(code int, pressed bool) {
	key := uint32(code - x11KeyOffset)
	if o.justUnfocused && !pressed {
		return // made up by GLFW: the key may well be down
	}
	if o.foreign.Has(key) {
		o.foreign.Change(key, pressed)
		return
	}
	if o.held.Change(key, pressed) {
		o.display.handler.Key(o.display.loop.Now(), key, pressed)
	}
}

// motion takes a position in pixels of the window, which is outside of it
// while a button is held there.
func (o *Output) motion(x, y float64) {
	size := o.info.Mode.Size
	h := o.display.handler
	h.PointerAbsolute(o, o.display.loop.Now(), min(max(x/float64(size.W), 0), 1), min(max(y/float64(size.H), 0), 1))
	h.PointerFrame()
}

// scroll takes clicks of a wheel, up and left positive.
func (o *Output) scroll(x, y float64) {
	h, now := o.display.handler, o.display.loop.Now()
	for _, s := range []struct {
		clicks     float64
		horizontal bool
	}{{-y, false}, {-x, true}} {
		if s.clicks != 0 {
			h.PointerAxis(now, display.Axis{
				Horizontal: s.horizontal,
				Source:     display.Wheel,
				Value:      s.clicks * 15,
				Value120:   int32(s.clicks * 120),
			})
		}
	}
	h.PointerFrame()
}
