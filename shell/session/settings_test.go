package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/shell/control"
	"rayos/shell/theme"
	"rayos/surfaces/protocol"
)

func (d *desk) set(name, value string) error {
	d.t.Helper()
	ended := make(chan error, 1)
	d.ctl.Preferences().Set(name, value, func(err error) { ended <- err })
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); d.pass(time.Millisecond) {
		select {
		case err := <-ended:
			return err
		default:
		}
	}
	d.t.Fatalf("set %s %s has no end", name, value)
	return nil
}

func (d *desk) mustSet(name, value string) {
	d.t.Helper()
	if err := d.set(name, value); err != nil {
		d.t.Fatal(err)
	}
	d.pass(200 * time.Millisecond)
}

func TestColoursChangeAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	d := newDeskWith(t, Options{Shell: true, Plain: true, Settings: file})
	d.pass(100 * time.Millisecond)
	strip := d.session.bars.bars[0].panel.Strip()
	ink := func() uint32 { return d.pixel(0, geom.Point{X: strip.X0 + 330, Y: strip.Y0 + 10}) }
	dark := ink()
	d.mustSet("appearance.scheme", "light")
	light := ink()
	if dark&0xff > 100 || light&0xff < 150 {
		t.Errorf("the bar was %#x and is %#x", dark, light)
	}
	th := d.session.parts.theme
	before := th.Accent
	d.mustSet("appearance.motion", "reduced")
	d.mustSet("appearance.accent", "#ff0000")
	if !th.Still || th.Accent == before {
		t.Errorf("still %v, accent %#x", th.Still, th.Accent)
	}
	if got := strings.Join(d.session.prefs.environ(), " "); got != "RAYOS_THEME=light RAYOS_ACCENT=#ff0000 RAYOS_REDUCED_MOTION=1" {
		t.Errorf("apps are told %s", got)
	}
	// Another session begins with them.
	again := newDeskWith(t, Options{Shell: true, Settings: file})
	if again.session.opt.Scheme != theme.Light || !again.session.parts.theme.Light() {
		t.Error("the next session is dark")
	}
}

func TestKeysRepeatAsSet(t *testing.T) {
	d := newDesk(t)
	d.mustSet("keyboard.repeat", "40")
	d.mustSet("keyboard.delay", "250")
	if rate, delay := d.session.seat.Repeat(); rate != 40 || delay != 250*time.Millisecond {
		t.Errorf("%d a second after %v", rate, delay)
	}
}

func TestLayoutsThatThereArentAreNotKept(t *testing.T) {
	if _, err := os.Stat("/usr/share/X11/xkb/symbols/de"); err != nil {
		t.Skip("there are no layouts (package xkb-data)")
	}
	d := newDesk(t)
	d.mustSet("keyboard.layout", "de,us")
	if n := d.session.seat.State().Keymap().Groups(); n != 2 {
		t.Skipf("%d layouts after de,us: no compiler of keymaps (package libxkbcommon-tools or x11-xkb-utils)", n)
	}
	if err := d.set("keyboard.layout", "nosuchlayout"); err == nil {
		t.Error("a layout that there isn't was taken")
	}
	if got := d.session.prefs.store.Get("keyboard.layout"); got != "de,us" {
		t.Errorf("it is %q now", got)
	}
}

func TestNaturalScrolling(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	got := 0.0
	c.seat.GetPointer().OnAxis = func(_ uint32, _ protocol.WlPointerAxis, v geom.Fixed) { got = v.Float() }
	f := d.window(w.id).Frame
	if err := d.ctl.PointerMove(geom.FPoint{X: float64(f.X + f.W/2), Y: float64(f.Y + f.H/2)}, false); err != nil {
		t.Fatal(err)
	}
	d.talk()
	turn := func() float64 {
		got = 0
		d.session.PointerAxis(d.loop.Now(), display.Axis{Value: 10, Value120: 120})
		d.session.PointerFrame()
		d.pass(10 * time.Millisecond)
		return got
	}
	if v := turn(); v != 10 {
		t.Errorf("%v; want 10", v)
	}
	d.mustSet("pointer.natural-scroll", "on")
	if v := turn(); v != -10 {
		t.Errorf("natural: %v; want -10", v)
	}
	d.mustSet("pointer.natural-scroll", "off")
	for percent, want := range map[string]float64{"200": 20, "50": 5, "100": 10} {
		d.mustSet("pointer.scroll-speed", percent)
		if v := turn(); v != want {
			t.Errorf("at %s %%: %v; want %v", percent, v, want)
		}
	}
}

// TestLeftHanded: buttons of devices change places, and none that a command
// names.
func TestLeftHanded(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	var got uint32
	c.seat.GetPointer().OnButton = func(_, _, button uint32, _ protocol.WlPointerButtonState) { got = button }
	f := d.window(w.id).Frame
	if err := d.ctl.PointerMove(geom.FPoint{X: float64(f.X + f.W/2), Y: float64(f.Y + f.H/2)}, false); err != nil {
		t.Fatal(err)
	}
	d.talk()
	press := func(button uint32) uint32 {
		got = 0
		for _, down := range []bool{true, false} {
			d.session.PointerButton(d.loop.Now(), button, down)
			d.session.PointerFrame()
			d.pass(10 * time.Millisecond)
		}
		return got
	}
	for _, c := range []struct {
		set  string
		want [3]uint32
	}{{"off", [3]uint32{btnLeft, btnRight, btnMiddle}}, {"on", [3]uint32{btnRight, btnLeft, btnMiddle}}} {
		d.mustSet("pointer.left-handed", c.set)
		for i, b := range []uint32{btnLeft, btnRight, btnMiddle} {
			if g := press(b); g != c.want[i] {
				t.Errorf("left-handed %s: button %#x is %#x; want %#x", c.set, b, g, c.want[i])
			}
		}
	}
	if err := d.ctl.Button(btnLeft, control.Tap); err != nil {
		t.Fatal(err)
	}
	d.pass(10 * time.Millisecond)
	if got != btnLeft {
		t.Errorf("a command's left button is %#x", got)
	}
}

func TestForgetting(t *testing.T) {
	dir := t.TempDir()
	history := filepath.Join(dir, "history")
	if err := os.WriteFile(history, []byte("show linux desktop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDeskWith(t, Options{History: history})
	d.mustSet("privacy.history", "off")
	if _, err := os.Stat(history); err == nil {
		t.Error("the history is still there")
	}
	if d.session.opt.History != "" {
		t.Error("it is kept on")
	}
	d.mustSet("privacy.history", "on")
	if d.session.opt.History != history {
		t.Error("it isn't kept again")
	}
}

func TestOutputsAreSet(t *testing.T) {
	d := newDesk(t)
	name := d.session.outputs[0].info.Name
	if err := d.ctl.Preferences().SetOutput(name, control.OutputChange{Scale: 1.5, Transform: "90"}); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	if o := d.ctl.Outputs()[0]; o.Scale != 1.5 || o.Transform != "90" || o.Logical.W != 400 {
		t.Errorf("%+v", o)
	}
	if err := d.ctl.Preferences().SetOutput(name, control.OutputChange{At: &geom.Point{X: -300, Y: 40}}); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	if o := d.ctl.Outputs()[0]; o.Logical.X != -300 || o.Logical.Y != 40 {
		t.Errorf("%+v", o)
	}
	if err := d.ctl.Preferences().SetOutput("NONE", control.OutputChange{}); err == nil {
		t.Error("an output that there isn't was set")
	}
}
