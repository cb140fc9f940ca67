package seat

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rayos/geom"
	"rayos/surfaces/seat/xkb"
)

// Evdev codes used in the tests.
const (
	btnLeft  = 0x110
	btnRight = 0x111

	keyEsc    = 1
	key1      = 2
	keyTab    = 15
	keyQ      = 16
	keyA      = 30
	keyC      = 46
	keyCtrl   = 29
	keyShift  = 42
	keyAlt    = 56
	keyCaps   = 58
	keySuper  = 125
	keyNumLck = 69
)

// client is who owns fakes.
type client struct{ name string }

// desk is a seat over rectangles, and the log of everything that they heard.
type desk struct {
	*Seat
	t     reporter
	now   time.Duration
	fakes []*fake // bottom first
	log   []string
	kbd   *Keyboard
	// relative says that all want relative motion.
	relative bool
}

// reporter is *testing.T or *rapid.T.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func newDesk(t reporter) *desk {
	d := &desk{t: t}
	d.Seat = New(Config{Hit: d.hit, Now: func() time.Duration { return d.now }, Keymap: xkb.Builtin()})
	d.kbd = d.NewKeyboard(nil)
	return d
}

func (d *desk) hit(p geom.FPoint) (Focus, geom.FPoint) {
	for i := len(d.fakes) - 1; i >= 0; i-- {
		f := d.fakes[i]
		if !f.gone && p.X >= f.box.X0 && p.X < f.box.X1 && p.Y >= f.box.Y0 && p.Y < f.box.Y1 {
			return f, f.Locate(p)
		}
	}
	return nil, geom.FPoint{}
}

// add puts a rectangle on top.
func (d *desk) add(name string, c *client, x, y, w, h float64) *fake {
	f := &fake{d: d, name: name, owner: c, box: geom.FRect{X0: x, Y0: y, X1: x + w, Y1: y + h}}
	d.fakes = append(d.fakes, f)
	return f
}

// expect compares the log since the last call.
func (d *desk) expect(want ...string) {
	d.t.Helper()
	if !slices.Equal(d.log, want) {
		d.t.Errorf("heard\n\t%s\nwant\n\t%s", strings.Join(d.log, "\n\t"), strings.Join(want, "\n\t"))
	}
	d.log = d.log[:0]
}

func (d *desk) note(format string, args ...any) { d.log = append(d.log, fmt.Sprintf(format, args...)) }

func (d *desk) forgetLog() { d.log = d.log[:0] }

func (d *desk) motion(x, y float64) { d.Motion(d.now, geom.FPoint{X: x, Y: y}); d.Frame() }

func (d *desk) button(code uint32, pressed bool) { d.Button(d.now, code, pressed); d.Frame() }

func (d *desk) press(codes ...uint32) {
	for _, c := range codes {
		d.kbd.Key(d.now, c, true)
	}
}

func (d *desk) release(codes ...uint32) {
	for _, c := range codes {
		d.kbd.Key(d.now, c, false)
	}
}

// fake is a Focus that writes down what it hears and checks that it may.
type fake struct {
	d       *desk
	name    string
	owner   *client
	box     geom.FRect
	closed  bool // gate
	gone    bool // destroyed: must hear nothing
	release bool

	pointer, keyboard bool
	keys              []uint32
	buttons           []uint32
	touches           []int32
}

func (f *fake) say(need bool, format string, args ...any) {
	f.d.t.Helper()
	text := f.name + " " + fmt.Sprintf(format, args...)
	if f.gone {
		f.d.t.Errorf("a forgotten focus heard %q", text)
	}
	if !need {
		f.d.t.Errorf("without focus: %q", text)
	}
	f.d.log = append(f.d.log, text)
}

func (f *fake) Locate(p geom.FPoint) geom.FPoint {
	return geom.FPoint{X: p.X - f.box.X0, Y: p.Y - f.box.Y0}
}
func (f *fake) Accepts() bool        { return !f.closed }
func (f *fake) ReleaseOnLeave() bool { return f.release }
func (f *fake) Client() any          { return f.owner }

func (f *fake) PointerEnter(_ uint32, p geom.FPoint) {
	f.say(!f.pointer && !f.closed, "enter %v,%v", p.X, p.Y)
	f.pointer = true
}

func (f *fake) PointerLeave(uint32) {
	f.say(f.pointer, "leave")
	f.pointer, f.buttons = false, nil
}

func (f *fake) PointerMotion(_ time.Duration, p geom.FPoint) {
	f.say(f.pointer && !f.closed, "motion %v,%v", p.X, p.Y)
}

func (f *fake) WantsRelative() bool { return f.d.relative }

func (f *fake) RelativeMotion(_ time.Duration, d, raw geom.FPoint) {
	f.say(f.pointer && !f.closed, "relative %v,%v raw %v,%v", d.X, d.Y, raw.X, raw.Y)
}

func (f *fake) PointerButton(_ uint32, _ time.Duration, b uint32, pressed bool) {
	f.say(f.pointer && !f.closed && slices.Contains(f.buttons, b) != pressed, "button %#x %v", b, pressed)
	if pressed {
		f.buttons = append(f.buttons, b)
	} else {
		f.buttons = slices.DeleteFunc(f.buttons, func(o uint32) bool { return o == b })
	}
}

func (f *fake) PointerAxis(_ time.Duration, a Axis) {
	f.say(f.pointer && !f.closed, "axis %d value %v v120 %d discrete %d", a.Orientation, a.Value, a.V120, a.Discrete)
}

func (f *fake) PointerFrame() { f.say(true, "frame") }

func (f *fake) KeyboardEnter(_ uint32, keys []uint32, m xkb.Mods) {
	f.say(!f.keyboard && !f.closed, "keyboard enter %v", keys)
	f.keyboard, f.keys = true, slices.Clone(keys)
}

func (f *fake) KeyboardLeave(uint32) {
	f.say(f.keyboard, "keyboard leave")
	if f.release && len(f.keys) > 0 {
		f.d.t.Errorf("%s left with keys %v down", f.name, f.keys)
	}
	f.keyboard, f.keys = false, nil
}

func (f *fake) Key(_ uint32, _ time.Duration, key uint32, pressed bool) {
	f.say(f.keyboard && slices.Contains(f.keys, key) != pressed, "key %d %v", key, pressed)
	if pressed {
		f.keys = append(f.keys, key)
	} else {
		f.keys = slices.DeleteFunc(f.keys, func(o uint32) bool { return o == key })
	}
}

func (f *fake) Modifiers(_ uint32, m xkb.Mods) {
	f.say(f.keyboard, "mods %x %x %x %d", m.Depressed, m.Latched, m.Locked, m.Group)
}

func (f *fake) TouchDown(_ uint32, _ time.Duration, id int32, p geom.FPoint) {
	f.say(!f.closed && !slices.Contains(f.touches, id), "touch down %d at %v,%v", id, p.X, p.Y)
	f.touches = append(f.touches, id)
}

func (f *fake) TouchMotion(_ time.Duration, id int32, p geom.FPoint) {
	f.say(!f.closed && slices.Contains(f.touches, id), "touch motion %d at %v,%v", id, p.X, p.Y)
}

func (f *fake) TouchUp(_ uint32, _ time.Duration, id int32) {
	f.say(slices.Contains(f.touches, id), "touch up %d", id)
	f.touches = slices.DeleteFunc(f.touches, func(o int32) bool { return o == id })
}
func (f *fake) TouchFrame() { f.say(true, "touch frame") }

func (f *fake) TouchCancel() {
	f.say(len(f.touches) > 0, "touch cancel")
	f.touches = nil
}
