package vncserver

import (
	"context"
	"errors"

	"rayos/geom"
	"rayos/rayapps/rfb"
	"rayos/rayapps/rfb/rfbserver"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
)

// seat is a viewer's. Its methods run on the viewer's goroutine, everything else on
// the Wayland one.
type seat struct {
	s         *server
	v         *rfbserver.Viewer
	transient *client.ExtTransientSeatV1 // nil for the first seat
	seat      *client.WlSeat
	keyboard  *keyboard
	pointer   *client.ZwlrVirtualPointerV1
	look      *look
	clip      *clipboard // nil without
	down      rfb.Button
	gone      bool
}

// sit makes a seat for a viewer.
func (s *server) sit(v *rfbserver.Viewer) (rfbserver.Seat, error) {
	t := &seat{s: s, v: v}
	made := make(chan error, 1)
	s.loop.do(func() { t.open(made) })
	select {
	case err := <-made:
		if err != nil {
			return nil, err
		}
		return t, nil
	case <-s.ctx.Done():
		return nil, context.Cause(s.ctx)
	}
}

func (t *seat) open(made chan<- error) {
	s := t.s
	begin := func() {
		t.seat.OnCapabilities = func(c protocol.WlSeatCapability) {
			if c&protocol.WlSeatCapabilityPointer != 0 && t.look == nil && !t.gone {
				t.look = newLook(t)
			}
		}
		var err error
		if t.keyboard, err = newKeyboard(s, t.seat); err == nil {
			t.pointer = s.pointers.CreateVirtualPointerWithOutput(t.seat, s.output)
			if s.data != nil && s.o.Clip {
				t.clip = newClipboard(t)
			}
		}
		made <- err
	}
	if s.seats == nil {
		name, version, _ := s.globals.Find(&protocol.WlSeatInterface)
		t.seat = client.BindWlSeat(s.globals.Registry, name, version)
		begin()
		return
	}
	t.transient = s.seats.Create()
	t.transient.OnReady = func(name uint32) {
		version := uint32(1)
		for _, gl := range s.globals.All() {
			if gl.Name == name {
				version = min(gl.Version, protocol.WlSeatInterface.Version)
			}
		}
		t.seat = client.BindWlSeat(s.globals.Registry, name, version)
		begin()
	}
	t.transient.OnDenied = func() {
		t.transient.Destroy()
		made <- errors.New("there are no more seats")
	}
}

// do runs fn on the Wayland goroutine, unless the viewer has gone.
func (t *seat) do(fn func()) {
	t.s.loop.do(func() {
		if !t.gone {
			fn()
		}
	})
}

// Key implements rfbserver.Seat.
func (t *seat) Key(sym, code uint32, down bool) {
	if t.s.o.ViewOnly {
		return
	}
	t.do(func() {
		if err := t.keyboard.key(xkb.Keysym(sym), code, down); err != nil {
			t.s.o.Log.Warn("key", "keysym", sym, "err", err)
		}
	})
}

// buttons are the codes of those that are no wheel.
var buttons = []struct {
	bit  rfb.Button
	code uint32 // linux/input-event-codes.h
}{{rfb.Left, 0x110}, {rfb.Middle, 0x112}, {rfb.Right, 0x111}, {rfb.Back, 0x113}, {rfb.Forward, 0x114}}

// wheels are the steps of wheels.
var wheels = []struct {
	bit  rfb.Button
	axis protocol.WlPointerAxis
	step int32
}{
	{rfb.WheelUp, protocol.WlPointerAxisVerticalScroll, -1},
	{rfb.WheelDown, protocol.WlPointerAxisVerticalScroll, 1},
	{rfb.WheelLeft, protocol.WlPointerAxisHorizontalScroll, -1},
	{rfb.WheelRight, protocol.WlPointerAxisHorizontalScroll, 1},
}

// notch is how far a step of a wheel scrolls, in logical pixels.
const notch = 15

// Pointer implements rfbserver.Seat.
func (t *seat) Pointer(at geom.Point, down rfb.Button) {
	if t.s.o.ViewOnly {
		return
	}
	t.do(func() { t.point(at, down) })
}

func (t *seat) point(at geom.Point, down rfb.Button) {
	size := t.s.camera.next
	t.pointer.MotionAbsolute(now(), uint32(min(at.X, size.W-1)), uint32(min(at.Y, size.H-1)), uint32(size.W), uint32(size.H))
	t.pointer.Frame()
	changed := t.down ^ down
	t.down = down
	for _, b := range buttons {
		if changed&b.bit == 0 {
			continue
		}
		state := protocol.WlPointerButtonStateReleased
		if down&b.bit != 0 {
			state = protocol.WlPointerButtonStatePressed
		}
		t.pointer.Button(now(), b.code, state)
		t.pointer.Frame()
	}
	for _, w := range wheels {
		if changed&down&w.bit == 0 {
			continue // a step is the way down
		}
		t.pointer.AxisSource(protocol.WlPointerAxisSourceWheel)
		t.pointer.AxisDiscrete(now(), w.axis, geom.FixedFromInt(notch*w.step), w.step)
		t.pointer.Frame()
	}
}

// Resize implements rfbserver.Seat.
func (t *seat) Resize(size geom.Size) rfb.ResizeStatus {
	if t.s.o.ViewOnly {
		return rfb.ResizeProhibited
	}
	return t.s.resize(size)
}

// Close implements rfbserver.Seat.
func (t *seat) Close() {
	t.do(func() {
		t.gone = true
		t.keyboard.end()
		t.pointer.Destroy()
		if t.look != nil {
			t.look.end()
		}
		if t.clip != nil {
			t.clip.end()
		}
		t.seat.Release()
		if t.transient != nil {
			t.transient.Destroy()
		}
	})
}
