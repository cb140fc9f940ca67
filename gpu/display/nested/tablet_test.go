package nested

import (
	"slices"
	"testing"

	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

type fakeGestures struct {
	server.ZwpPointerGesturesV1Handler
	h *fakeHost
}

func (f fakeGestures) GetSwipeGesture(_ *server.ZwpPointerGesturesV1, g *server.ZwpPointerGestureSwipeV1, _ *server.WlPointer) {
	f.h.swipe = g
	g.Handler = fakeSwipe{}
}

func (f fakeGestures) GetPinchGesture(_ *server.ZwpPointerGesturesV1, g *server.ZwpPointerGesturePinchV1, _ *server.WlPointer) {
	f.h.pinch = g
	g.Handler = fakePinch{}
}

func (f fakeGestures) GetHoldGesture(_ *server.ZwpPointerGesturesV1, g *server.ZwpPointerGestureHoldV1, _ *server.WlPointer) {
	f.h.hold = g
	g.Handler = fakeHold{}
}

type fakeSwipe struct{}

func (fakeSwipe) Destroy(*server.ZwpPointerGestureSwipeV1) {}

type fakePinch struct{}

func (fakePinch) Destroy(*server.ZwpPointerGesturePinchV1) {}

type fakeHold struct{}

func (fakeHold) Destroy(*server.ZwpPointerGestureHoldV1) {}

type fakeTablets struct {
	server.ZwpTabletManagerV2Handler
	h *fakeHost
}

func (f fakeTablets) GetTabletSeat(_ *server.ZwpTabletManagerV2, s *server.ZwpTabletSeatV2, _ *server.WlSeat) {
	f.h.tablets = s
	s.Handler = fakeTabletSeat{h: f.h}
}

type fakeTabletSeat struct {
	server.ZwpTabletSeatV2Handler
	h *fakeHost
}

func (f fakeTabletSeat) Destroy(*server.ZwpTabletSeatV2) { f.h.given = append(f.h.given, "seat") }

type fakeTablet struct{ h *fakeHost }

func (f fakeTablet) Destroy(*server.ZwpTabletV2) { f.h.given = append(f.h.given, "tablet") }

type fakeTool struct {
	server.ZwpTabletToolV2Handler
	h *fakeHost
}

func (f fakeTool) Destroy(*server.ZwpTabletToolV2) { f.h.given = append(f.h.given, "tool") }

type fakePad struct {
	server.ZwpTabletPadV2Handler
	h *fakeHost
}

func (f fakePad) Destroy(*server.ZwpTabletPadV2) { f.h.given = append(f.h.given, "pad") }

type fakePadGroup struct{ h *fakeHost }

func (f fakePadGroup) Destroy(*server.ZwpTabletPadGroupV2) { f.h.given = append(f.h.given, "group") }

type fakeRing struct {
	server.ZwpTabletPadRingV2Handler
	h *fakeHost
}

func (f fakeRing) Destroy(*server.ZwpTabletPadRingV2) { f.h.given = append(f.h.given, "ring") }

type fakeStrip struct {
	server.ZwpTabletPadStripV2Handler
	h *fakeHost
}

func (f fakeStrip) Destroy(*server.ZwpTabletPadStripV2) { f.h.given = append(f.h.given, "strip") }

func TestGestures(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(200, 100)}},
		func(h *fakeHost) { h.seatCaps = protocol.WlSeatCapabilityPointer })
	settle(t, l, d)
	r.Take()
	h.do(func() {
		s := h.windows[0].surface
		h.swipe.SendBegin(1, 0, s, 3)
		h.swipe.SendUpdate(0, fx(1.5), fx(-2))
		h.swipe.SendEnd(2, 0, 0)
		h.pinch.SendBegin(3, 0, s, 2)
		h.pinch.SendUpdate(0, fx(1), fx(0), fx(1.5), fx(-10))
		h.pinch.SendEnd(4, 0, 1)
		h.hold.SendBegin(5, 0, s, 4)
		h.seat.SendCapabilities(0)
	})
	sync(t, l, d)
	wantLog(t, r,
		"gesture 0 begin 3", "gesture {Delta:{X:1.5 Y:-2} Scale:0 Rotation:0}", "gesture end false",
		"gesture 1 begin 2", "gesture {Delta:{X:1 Y:0} Scale:1.5 Rotation:-10}", "gesture end true",
		"gesture 2 begin 4", "gesture end true")
}

func TestTablets(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(200, 100)}}, nil)
	settle(t, l, d)
	r.Take()
	var tab *server.ZwpTabletV2
	var tool *server.ZwpTabletToolV2
	h.do(func() {
		tab = h.tablets.SendTabletAdded()
		tab.Handler = fakeTablet{h}
		tab.SendName("Slate")
		tab.SendId(1, 2)
		tab.SendPath("/dev/x")
		tab.SendDone()
		tool = h.tablets.SendToolAdded()
		tool.Handler = fakeTool{h: h}
		tool.SendType(protocol.ZwpTabletToolV2TypePen)
		tool.SendHardwareSerial(1, 2)
		tool.SendHardwareIdWacom(0, 3)
		tool.SendCapability(protocol.ZwpTabletToolV2CapabilityPressure)
		tool.SendDone()
		pad := h.tablets.SendPadAdded()
		pad.Handler = fakePad{h: h}
		g := pad.SendGroup()
		g.Handler = fakePadGroup{h}
		g.SendRing().Handler = fakeRing{h: h}
		g.SendStrip().Handler = fakeStrip{h: h}
		g.SendDone()
		pad.SendDone()
	})
	settle(t, l, d)
	wantLog(t, r)
	h.do(func() {
		if want := []string{"ring", "strip", "group", "pad"}; !slices.Equal(h.given, want) {
			t.Errorf("of the pad %q were given back; want %q", h.given, want)
		}
		h.given = nil
	})
	step := func(what string, fn func(), want ...string) {
		t.Helper()
		h.do(fn)
		sync(t, l, d)
		if got := r.Take(); !slices.Equal(got, want) {
			t.Errorf("%s: heard\n%q; want\n%q", what, got, want)
		}
	}
	near := func() { tool.SendProximityIn(1, tab, h.windows[0].surface) }
	step("near", func() {
		near()
		tool.SendMotion(fx(50), fx(25))
		tool.SendFrame(0)
	}, "tablet {Name:Slate Vendor:1 Product:2 Path:/dev/x}",
		"tool 0x140 on WL-1 near Slate {Type:320 Serial:4294967298 HardwareID:3 Caps:4} at 0.25 0.25")
	step("draw", func() {
		tool.SendDown(2)
		tool.SendPressure(77)
		tool.SendDistance(8)
		tool.SendTilt(fx(1), fx(2))
		tool.SendRotation(fx(3))
		tool.SendSlider(-4)
		tool.SendWheel(fx(15), 1)
		tool.SendWheel(fx(15), 1)
		tool.SendButton(3, 0x14b, protocol.ZwpTabletToolV2ButtonStatePressed)
		tool.SendFrame(0)
	}, "tool 0x140 on WL-1 down true up false "+
		"{Set:126 Pressure:77 Distance:8 TiltX:1 TiltY:2 Rotation:3 Slider:-4 Wheel:30 Clicks:2} [{331 true}]")
	step("away", func() {
		tool.SendButton(4, 0x14b, protocol.ZwpTabletToolV2ButtonStateReleased)
		tool.SendUp()
		tool.SendProximityOut()
		tool.SendFrame(0)
		tool.SendFrame(0)
	}, "tool 0x140 on WL-1 down false up true [{331 false}] away")
	step("near again and gone", func() {
		near()
		tool.SendFrame(0)
		tool.SendRemoved()
		tab.SendRemoved()
	}, "tool 0x140 on WL-1 near Slate {Type:320 Serial:4294967298 HardwareID:3 Caps:4}", "tool 0x140 removed", "tablet Slate removed")
	settle(t, l, d)
	h.do(func() {
		if want := []string{"tool", "tablet"}; !slices.Equal(h.given, want) {
			t.Errorf("%q were given back; want %q", h.given, want)
		}
	})
}

func TestTabletsGoWithTheirWindowAndSeat(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(200, 100)}}, nil)
	settle(t, l, d)
	h.do(func() {
		tab, tool := h.tablets.SendTabletAdded(), h.tablets.SendToolAdded()
		tab.Handler, tool.Handler = fakeTablet{h}, fakeTool{h: h}
		tab.SendName("Slate")
		tool.SendType(protocol.ZwpTabletToolV2TypePen)
		tool.SendProximityIn(1, tab, h.windows[0].surface)
		tool.SendFrame(0)
	})
	sync(t, l, d)
	r.Take()
	d.seat.forget(d.outputs[0])
	wantLog(t, r, "tool 0x140 on WL-1 away")
	d.seat.release()
	d.seat = nil
	wantLog(t, r, "tool 0x140 removed", "tablet Slate removed")
	settle(t, l, d)
	h.do(func() {
		if want := []string{"tool", "tablet", "seat"}; !slices.Equal(h.given, want) {
			t.Errorf("%q were given back; want %q", h.given, want)
		}
	})
}
