package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// headTool is a client that configures outputs.
type headTool struct {
	c                 *deskClient
	m                 *client.ZwlrOutputManagerV1
	heads             []*client.ZwlrOutputHeadV1
	serial            uint32
	succeeded, failed int
}

func (d *desk) headTool() *headTool {
	h := &headTool{c: d.connect(), m: &client.ZwlrOutputManagerV1{}}
	h.m.OnHead = func(o *client.ZwlrOutputHeadV1) { h.heads = append(h.heads, o) }
	h.m.OnDone = func(serial uint32) { h.serial = serial }
	h.c.bind(h.m, &protocol.ZwlrOutputManagerV1Interface, 4)
	return h
}

// apply configures the heads; a nil function turns one off.
func (h *headTool) apply(list ...func(*client.ZwlrOutputConfigurationHeadV1)) {
	k := h.m.CreateConfiguration(h.serial)
	k.OnSucceeded = func() { h.succeeded++ }
	k.OnFailed = func() { h.failed++ }
	for i, fn := range list {
		if fn == nil {
			k.DisableHead(h.heads[i])
			continue
		}
		fn(k.EnableHead(h.heads[i]))
	}
	k.Apply()
	h.c.d.talk()
}

func keep(*client.ZwlrOutputConfigurationHeadV1) {}

func (d *desk) wantOutputs(want ...geom.Rect) {
	d.t.Helper()
	if len(d.session.outputs) != len(want) {
		d.t.Fatalf("%d outputs; want %d", len(d.session.outputs), len(want))
	}
	for i, o := range d.session.outputs {
		if got := o.scene.Logical(); got != want[i] {
			d.t.Errorf("output %s is at %v; want %v", o.info.Name, got, want[i])
		}
	}
}

func TestOutputsAreConfigured(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 400, H: 300})
	h := d.headTool()
	d.wantOutputs(geom.XYWH(0, 0, 800, 600), geom.XYWH(800, 0, 400, 300))
	h.apply(func(c *client.ZwlrOutputConfigurationHeadV1) {
		c.SetCustomMode(1000, 500, 0)
		c.SetScale(geom.FixedFromFloat(2))
		c.SetTransform(protocol.WlOutputTransform90)
	}, keep)
	d.pass(time.Second / 10)
	if h.succeeded != 1 {
		t.Fatal("the configuration did not succeed")
	}
	d.wantOutputs(geom.XYWH(0, 0, 250, 500), geom.XYWH(250, 0, 400, 300))
	if m := d.display.Outputs()[0].Info().Mode; m.Size != (geom.Size{W: 1000, H: 500}) || m.Refresh != display.DefaultRefresh {
		t.Errorf("mode %v", m)
	}
	// The pointer comes from the mounted side of the screen.
	d.session.PointerAbsolute(d.display.Outputs()[0], d.loop.Now(), 0.25, 0.5)
	got := d.session.seat.Position()
	in := d.session.outputs[0].info.Transform.ApplyFRect(geom.FRect{X0: got.X / 250, Y0: got.Y / 500, X1: got.X / 250, Y1: got.Y / 500}, 1, 1)
	if abs(in.X0-0.25) > 0.01 || abs(in.Y0-0.5) > 0.01 {
		t.Errorf("the pointer is at %v, which is mounted at %v, %v", got, in.X0, in.Y0)
	}
	// A place of its own stays, others go around it.
	h.apply(keep, func(c *client.ZwlrOutputConfigurationHeadV1) { c.SetPosition(-400, 50) })
	d.wantOutputs(geom.XYWH(0, 0, 250, 500), geom.XYWH(-400, 50, 400, 300))
	h.apply(func(c *client.ZwlrOutputConfigurationHeadV1) { c.SetScale(geom.FixedFromFloat(0.1)) }, keep)
	h.apply(func(c *client.ZwlrOutputConfigurationHeadV1) { c.SetCustomMode(20000, 10, 0) }, keep)
	h.apply(func(c *client.ZwlrOutputConfigurationHeadV1) { c.SetAdaptiveSync(1) }, keep)
	if h.failed != 3 {
		t.Errorf("%d of three impossible configurations failed", h.failed)
	}
	d.wantOutputs(geom.XYWH(0, 0, 250, 500), geom.XYWH(-400, 50, 400, 300))
}

func TestOutputIsTurnedOffAndOnAgain(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 400, H: 300})
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	d.pass(time.Second / 20)
	h := d.headTool()
	// The pointer and the window leave with the output.
	h.apply(nil, keep)
	d.wantOutputs(geom.XYWH(0, 0, 400, 300))
	d.pass(time.Second / 10)
	if got := d.window(w.id).Output; got != "HEADLESS-2" {
		t.Errorf("the window is on %q", got)
	}
	if p := d.session.seat.Position(); !p.Floor().In(geom.XYWH(0, 0, 400, 300)) {
		t.Errorf("the pointer is at %v", p)
	}
	if got := d.pixel(0, geom.Point{X: 400, Y: 300}); got != 0 {
		t.Errorf("the screen that is not in use shows %06x", got)
	}
	// It is still there for tools, and follows the display.
	if err := d.display.Outputs()[0].SetMode(display.Mode{Size: geom.Size{W: 640, H: 480}}); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 10)
	if got := d.pixel(0, geom.Point{X: 400, Y: 300}); got != 0 {
		t.Errorf("the screen that is not in use shows %06x in its new mode", got)
	}
	h.apply(keep, nil)
	d.pass(time.Second / 10)
	d.wantOutputs(geom.XYWH(0, 0, 640, 480))
	if got := d.window(w.id).Output; got != "HEADLESS-1" {
		t.Errorf("the window is on %q", got)
	}
	if got := d.pixel(0, geom.Point{X: 600, Y: 470}); got == 0 {
		t.Error("the screen is black after it was enabled")
	}
	h.apply(nil, nil)
	d.wantOutputs()
	h.apply(keep, keep)
	d.pass(time.Second / 10)
	d.wantOutputs(geom.XYWH(0, 0, 640, 480), geom.XYWH(640, 0, 400, 300))
	if err := d.display.RemoveOutput("HEADLESS-1"); err != nil {
		t.Fatal(err)
	}
	h.apply(nil)
	if err := d.display.RemoveOutput("HEADLESS-2"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 20)
	if len(d.session.heads) != 0 {
		t.Errorf("%d heads are left", len(d.session.heads))
	}
}

// pixel is what a screen of the display shows.
func (d *desk) pixel(n int, at geom.Point) uint32 {
	d.t.Helper()
	p, _ := d.display.Outputs()[n].Shown().(*render.Pixels)
	if p == nil {
		d.t.Fatal("the screen shows nothing")
	}
	px := p.Data[at.Y*p.Stride+4*at.X:]
	return uint32(px[0]) | uint32(px[1])<<8 | uint32(px[2])<<16
}

func TestPowerOffIsBlackAndDrawsNothing(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	d.pass(time.Second / 10)
	out, m := &client.WlOutput{}, &client.ZwlrOutputPowerManagerV1{}
	c.bind(out, &protocol.WlOutputInterface, 4)
	c.bind(m, &protocol.ZwlrOutputPowerManagerV1Interface, 1)
	p := m.GetOutputPower(out)
	var modes []protocol.ZwlrOutputPowerV1Mode
	p.OnMode = func(mode protocol.ZwlrOutputPowerV1Mode) { modes = append(modes, mode) }
	p.SetMode(protocol.ZwlrOutputPowerV1ModeOff)
	d.pass(time.Second / 20)
	o := d.session.outputs[0]
	frames := o.frames
	called := false
	w.surface.Frame().OnDone = func(uint32) { called = true }
	w.draw()
	d.pass(time.Second)
	if o.frames != frames || called {
		t.Errorf("%d frames drawn, callback %v without power", o.frames-frames, called)
	}
	if d.session.busy() {
		t.Error("the session waits for a screen without power")
	}
	d.wantShot(0, geom.Point{X: 790, Y: 590}, 0)
	if got := d.pixel(0, geom.Point{X: 790, Y: 590}); got != 0 {
		t.Errorf("the screen shows %06x without power", got)
	}
	// It can be locked, and a new mode stays black.
	l := d.lock()
	d.pass(time.Second / 20)
	if !l.locked {
		t.Error("a dark screen keeps the lock from being held")
	}
	if err := d.display.Outputs()[0].SetMode(display.Mode{Size: geom.Size{W: 640, H: 480}}); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 20)
	d.wantShot(0, geom.Point{X: 630, Y: 470}, 0)
	p.SetMode(protocol.ZwlrOutputPowerV1ModeOn)
	d.pass(time.Second / 20)
	d.wantShot(0, geom.Point{X: 630, Y: 470}, coverColor)
	l.lock.UnlockAndDestroy()
	d.pass(time.Second / 20)
	if !called {
		t.Error("the frame callback is not answered with the power back")
	}
	if len(modes) != 3 || modes[1] != protocol.ZwlrOutputPowerV1ModeOff || modes[2] != protocol.ZwlrOutputPowerV1ModeOn {
		t.Errorf("modes %v", modes)
	}
}

func TestModesChangeTogetherOrNotAtAll(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 400, H: 300})
	if _, err := d.display.AddOutput(display.Spec{Name: "GONE", Size: geom.Size{W: 10, H: 10}}); err != nil {
		t.Fatal(err)
	}
	gone := d.display.Output("GONE")
	if err := d.display.RemoveOutput("GONE"); err != nil {
		t.Fatal(err)
	}
	second := d.session.heads[1]
	was := second.disp
	second.disp = gone // a display that refuses
	h := d.headTool()
	h.apply(func(k *client.ZwlrOutputConfigurationHeadV1) {
		k.SetCustomMode(640, 480, 0)
		k.SetScale(geom.FixedFromFloat(2))
	}, func(k *client.ZwlrOutputConfigurationHeadV1) { k.SetCustomMode(320, 240, 0) })
	second.disp = was
	d.pass(time.Second / 10)
	if h.failed != 1 {
		t.Error("the configuration did not fail")
	}
	d.wantOutputs(geom.XYWH(0, 0, 800, 600), geom.XYWH(800, 0, 400, 300))
}

func TestScreenOutOfUseIsBlackAgainWhenItsContentIsLost(t *testing.T) {
	d := newDesk(t)
	d.headTool().apply(nil)
	d.pass(time.Second / 10)
	h := d.session.heads[0]
	if !h.black || h.pending {
		t.Fatalf("black %v, pending %v", h.black, h.pending)
	}
	d.session.NeedFrame(h.disp)
	if !h.pending {
		t.Error("no frame was committed")
	}
	d.pass(time.Second / 10)
	if got := d.pixel(0, geom.Point{X: 1, Y: 1}); got != 0 {
		t.Errorf("the screen shows %06x", got)
	}
}

// TestFullscreenOnAScreenThatGoes: the window asks for a screen that is
// unplugged before it has its first pixels. It comes up on another.
func TestFullscreenOnAScreenThatGoes(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 640, H: 480})
	c := d.connect()
	out := &client.WlOutput{}
	c.bindNth(out, &protocol.WlOutputInterface, 4, 1)
	s := c.comp.CreateSurface()
	x := c.base.GetXdgSurface(s)
	top := x.GetToplevel()
	w := &deskWindow{c: c, surface: s, xdg: x, top: top}
	top.OnConfigure = func(width, height int32, _ []byte) { w.size = geom.Size{W: width, H: height} }
	x.OnConfigure = func(serial uint32) { w.serial = serial; w.answer() }
	top.SetFullscreen(out)
	d.talk()
	if err := d.ctl.RemoveOutput(d.ctl.Outputs()[1].Name); err != nil {
		t.Fatal(err)
	}
	s.Commit()
	d.talk()
	d.pass(100 * time.Millisecond)
	list := d.ctl.Windows()
	if len(list) != 1 || list[0].Content.W != 800 || !list[0].Visible {
		t.Errorf("windows are %+v; want one that fills the first screen", list)
	}
	top.SetFullscreen(out)
	d.talk()
	if w.size != (geom.Size{W: 800, H: 600}) {
		t.Errorf("the window has size %v", w.size)
	}
}
