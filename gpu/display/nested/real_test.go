package nested

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/displaytest"
	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

var _ display.Display = (*Display)(nil)

func start(t *testing.T, opts Options) (*loop.Loop, *Display, *displaytest.Recorder) {
	t.Helper()
	l := displaytest.Loop(t, loop.New)
	d, err := New(l, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &displaytest.Recorder{}
	if err := d.Start(r); err != nil {
		t.Fatal(err)
	}
	return l, d, r
}

func presented(t *testing.T, l *loop.Loop, r *displaytest.Recorder) {
	t.Helper()
	n := r.Presents
	displaytest.Until(t, l, "presentation", func() bool { return r.Presents > n })
}

func spec(w, h int32) display.Spec { return display.Spec{Size: geom.Size{W: w, H: h}} }

func TestWestonPresentsFrames(t *testing.T) {
	h := startWeston(t)
	l, _, r := start(t, Options{Socket: h.socket, Outputs: []display.Spec{spec(320, 200), spec(64, 64)}})
	if len(r.Outputs) != 2 {
		t.Fatalf("%d outputs; want 2", len(r.Outputs))
	}
	for i, want := range []geom.Size{{W: 320, H: 200}, {W: 64, H: 64}} {
		if got := r.Outputs[i].Info().Mode.Size; got != want {
			t.Errorf("output %d is %v; want %v", i, got, want)
		}
	}
	o := r.Outputs[0]
	for i := range 10 {
		displaytest.Draw(t, o, 0x102030)
		if err := o.Commit(display.Frame{}); err != display.ErrBusy {
			t.Errorf("frame %d: second Commit = %v; want ErrBusy", i, err)
		}
		presented(t, l, r)
	}
	if late := l.Now() - r.Last.Time; late < -r.Last.Refresh || late > time.Second {
		t.Errorf("presented %v ago", late)
	}
	if r.Last.Refresh == 0 {
		t.Error("no refresh period")
	}
	if o.Shown() == nil {
		t.Error("nothing is shown")
	}
	before := l.Wakeups()
	if err := l.Dispatch(200 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if n := l.Wakeups() - before; n > 1 {
		t.Errorf("an idle window woke the loop %d times in 200 ms", n)
	}
}

func TestSwayShowsTheWindow(t *testing.T) {
	h := startSway(t)
	l, _, r := start(t, Options{Socket: h.socket, Title: "nested title", AppID: "nested.app"})
	o := r.Outputs[0]
	// A tiled window gets its size from sway once it has pixels.
	displaytest.Draw(t, o, 0xffffff)
	displaytest.Until(t, l, "resize", func() bool { return r.Has("changed WL-1 800x600@1") })
	if r.Presents == 0 {
		presented(t, l, r)
	}
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 10, H: 10}}); err == nil {
		t.Error("SetMode of a tiled window succeeded")
	}
	displaytest.Draw(t, o, 0x204060)
	presented(t, l, r)
	target, age, err := o.Framebuffer()
	if err != nil {
		t.Fatal(err)
	}
	if age == 0 {
		displaytest.Fill(t, target, geom.XYWH(0, 0, 800, 600), 0x204060)
	}
	damage := geom.RegionOf(geom.XYWH(10, 20, 30, 40))
	displaytest.Fill(t, target, geom.XYWH(10, 20, 30, 40), 0xff8000)
	if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
		t.Fatal(err)
	}
	presented(t, l, r)
	if tree := h.run(t, "swaymsg", "-s", h.swaySocket(t), "-t", "get_tree"); !strings.Contains(tree, `"nested title"`) || !strings.Contains(tree, `"nested.app"`) {
		t.Errorf("sway does not know the window's title and app id:\n%s", tree)
	}
	img := h.screenshot(t)
	for _, c := range []struct {
		x, y int
		want uint32
	}{{0, 0, 0x204060}, {799, 599, 0x204060}, {10, 20, 0xff8000}, {39, 59, 0xff8000}, {40, 20, 0x204060}, {10, 60, 0x204060}} {
		if got := rgb(img, c.x, c.y); got != c.want {
			t.Errorf("pixel %d,%d is %06x; want %06x", c.x, c.y, got, c.want)
		}
	}
}

// swaySocket is where swaymsg talks to.
func (h *realHost) swaySocket(t *testing.T) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(h.dir, "sway-ipc.*.sock"))
	if err != nil || len(list) != 1 {
		t.Fatalf("sway's sockets: %v, %v", list, err)
	}
	return list[0]
}

func TestSwayResizesTypesPointsAndCloses(t *testing.T) {
	h := startSway(t)
	l, d, r := start(t, Options{Socket: h.socket, AppID: "nested.app"})
	sway := func(command string) { h.run(t, "swaymsg", "-s", h.swaySocket(t), command) }
	redraw := func() {
		displaytest.Draw(t, r.Outputs[0], 0x00ff00)
		presented(t, l, r)
	}
	displaytest.Draw(t, r.Outputs[0], 0)
	displaytest.Until(t, l, "first size", func() bool { return r.Has("changed WL-1 800x600@1") })
	redraw()
	for _, size := range []string{"500 300", "333 222"} {
		r.Take()
		sway("[app_id=nested.app] floating enable, resize set " + size + ", move position 0 0")
		want := "changed WL-1 " + strings.ReplaceAll(size, " ", "x") + "@1"
		displaytest.Until(t, l, want, func() bool { return r.Has(want) })
		redraw()
	}

	p := newVirtualPointer(t, h)
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() { p.MotionAbsolute(0, 100, 60, 800, 600) }, "pointer WL-1 0.3003 0.2703"},
		{func() { p.Button(0, 0x110, protocol.WlPointerButtonStatePressed) }, "button 0x110 true"},
		{func() { p.Button(0, 0x110, protocol.WlPointerButtonStateReleased) }, "button 0x110 false"},
		{func() {
			p.AxisSource(protocol.WlPointerAxisSourceWheel)
			p.AxisDiscrete(0, protocol.WlPointerAxisVerticalScroll, geom.FixedFromInt(15), 1)
		}, fmt.Sprintf("axis %+v", display.Axis{Value: 15, Value120: 120})},
		{func() { p.MotionAbsolute(0, 790, 590, 800, 600) }, "left"},
	} {
		step.do()
		p.Frame()
		if err := p.Client().Flush(); err != nil {
			t.Fatal(err)
		}
		displaytest.Until(t, l, step.want, func() bool { return r.Has(step.want) })
	}

	k := newVirtualKeyboard(t, h)
	displaytest.Until(t, l, "keyboard", func() bool { return d.seat.keyboard != nil })
	settle(t, l, d) // the host knows that we listen
	r.Take()
	const pressed, released = 1, 0
	k.Key(0, 30, pressed)
	k.Key(0, 30, released)
	k.Key(0, 42, pressed)
	if err := k.Client().Flush(); err != nil {
		t.Fatal(err)
	}
	displaytest.Until(t, l, "keys", func() bool { return r.Has("key 42 true") })
	if !r.Has("key 30 true") || !r.Has("key 30 false") {
		t.Errorf("typing gave %q; want a press and its release", r.Log)
	}
	sway("[app_id=nested.app] kill")
	displaytest.Until(t, l, "close", func() bool { return r.IsClosed })
	if r.ClosedErr != nil {
		t.Error(r.ClosedErr)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// connect returns a client of the host that injects input.
func (h *realHost) connect(t *testing.T) (*client.Display, *client.Globals) {
	t.Helper()
	c, err := client.Connect(h.socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	g, err := c.Globals()
	if err != nil {
		t.Fatal(err)
	}
	return c, g
}

// newVirtualPointer plugs a pointer into the host.
func newVirtualPointer(t *testing.T, h *realHost) *client.ZwlrVirtualPointerV1 {
	t.Helper()
	c, g := h.connect(t)
	m := bind(g, &protocol.ZwlrVirtualPointerManagerV1Interface, client.BindZwlrVirtualPointerManagerV1)
	if m == nil {
		t.Skip("the host has no virtual pointers")
	}
	p := m.CreateVirtualPointer(nil)
	if err := c.Roundtrip(); err != nil {
		t.Fatal(err)
	}
	return p
}

// newVirtualKeyboard plugs a keyboard into the host.
func newVirtualKeyboard(t *testing.T, h *realHost) *client.ZwpVirtualKeyboardV1 {
	t.Helper()
	keymap := h.run(t, "xkbcli", "compile-keymap", "--layout", "us") + "\x00"
	file, err := os.CreateTemp(t.TempDir(), "keymap")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(keymap); err != nil {
		t.Fatal(err)
	}
	c, g := h.connect(t)
	m := bind(g, &protocol.ZwpVirtualKeyboardManagerV1Interface, client.BindZwpVirtualKeyboardManagerV1)
	seat := bind(g, &protocol.WlSeatInterface, client.BindWlSeat)
	if m == nil || seat == nil {
		t.Skip("the host has no virtual keyboards")
	}
	k := m.CreateVirtualKeyboard(seat)
	k.Keymap(protocol.WlKeyboardKeymapFormatXkbV1, int(file.Fd()), uint32(len(keymap)))
	if err := c.Roundtrip(); err != nil {
		t.Fatal(err)
	}
	return k
}
