package wayland

import (
	"slices"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

func (s *Server) addVirtualPointer() {
	s.addPrivilegedGlobal(&protocol.ZwlrVirtualPointerManagerV1Interface, 2, func(c *Client, id, version uint32) {
		server.NewZwlrVirtualPointerManagerV1(c.conn, id, version).Handler = &virtualPointers{c}
	})
}

type virtualPointers struct{ c *Client }

func (*virtualPointers) Destroy(*server.ZwlrVirtualPointerManagerV1) {}

// CreateVirtualPointer adds a pointer device that the client drives.
func (h *virtualPointers) CreateVirtualPointer(_ *server.ZwlrVirtualPointerManagerV1, st *server.WlSeat, id *server.ZwlrVirtualPointerV1) {
	h.create(id, st, nil)
}

// CreateVirtualPointerWithOutput adds one whose absolute motion covers one
// output.
func (h *virtualPointers) CreateVirtualPointerWithOutput(_ *server.ZwlrVirtualPointerManagerV1, st *server.WlSeat, out *server.WlOutput, id *server.ZwlrVirtualPointerV1) {
	var o *Output
	if out != nil {
		o = out.Handler.(*outputHandler).output
	}
	h.create(id, st, o)
}

func (h *virtualPointers) create(id *server.ZwlrVirtualPointerV1, st *server.WlSeat, o *Output) {
	v := &virtualPointer{srv: h.c.srv, seat: h.c.seatOf(st).g.seat, output: o}
	v.detach = v.seat.Attach(seat.CapPointer)
	id.Handler = v
}

// virtualPointer is a pointer device driven by a client.
type virtualPointer struct {
	srv    *Server
	seat   *seat.Seat
	output *Output
	detach func()
	source seat.AxisSource
	held   []uint32       // buttons, in the order they went down
	events []virtualEvent // of the frame that the client has not ended yet
	axes   [2]seat.Axis
	moved  [2]bool // axes that the frame has
}

// virtualEvent is what a device does in a frame, apart from scrolling.
type virtualEvent struct {
	kind   virtualKind
	p      geom.FPoint
	button uint32
	down   bool
}

type virtualKind uint8

const (
	virtualMotion virtualKind = iota
	virtualAbsolute
	virtualButton
)

// maxVirtualEvents bounds a frame. What is more is passed on before its end.
const maxVirtualEvents = 256

func (v *virtualPointer) add(e virtualEvent) {
	if len(v.events) >= maxVirtualEvents {
		v.pass()
	}
	v.events = append(v.events, e)
}

// pass tells the seat of the events gathered.
func (v *virtualPointer) pass() {
	now := v.srv.Loop.Now()
	for _, e := range v.events {
		switch e.kind {
		case virtualMotion:
			v.seat.RelativeMotion(now, e.p, e.p)
		case virtualAbsolute:
			v.seat.Motion(now, e.p)
		case virtualButton:
			v.seat.Button(now, e.button, e.down)
		}
	}
	v.events = v.events[:0]
}

func (*virtualPointer) Destroy(*server.ZwlrVirtualPointerV1) {}

// ResourceDestroyed lets go of what is held and unplugs the device.
func (v *virtualPointer) ResourceDestroyed() {
	for _, b := range v.held {
		v.seat.Button(v.srv.Loop.Now(), b, false)
	}
	v.seat.Frame()
	v.detach()
}

// Motion moves by a difference.
func (v *virtualPointer) Motion(_ *server.ZwlrVirtualPointerV1, _ uint32, dx, dy geom.Fixed) {
	d := geom.FPoint{X: dx.Float(), Y: dy.Float()}
	v.add(virtualEvent{kind: virtualMotion, p: d})
}

// MotionAbsolute moves to a fraction of the output or of the whole layout.
func (v *virtualPointer) MotionAbsolute(_ *server.ZwlrVirtualPointerV1, _, x, y, xExtent, yExtent uint32) {
	if xExtent == 0 || yExtent == 0 {
		return
	}
	area := v.srv.layout()
	if v.output != nil && !v.output.gone {
		area = v.output.Logical
	}
	w, h := float64(area.W()), float64(area.H())
	v.add(virtualEvent{kind: virtualAbsolute, p: geom.FPoint{
		X: float64(area.X0) + min(float64(x)*w/float64(xExtent), w),
		Y: float64(area.Y0) + min(float64(y)*h/float64(yExtent), h),
	}})
}

// layout returns the bounds of all outputs.
func (s *Server) layout() geom.Rect {
	var r geom.Rect
	for _, o := range s.outputs {
		r = r.Union(o.Logical)
	}
	return r
}

// maxHeld bounds the buttons that a device holds.
const maxHeld = 64

// Button presses or releases a button.
func (v *virtualPointer) Button(_ *server.ZwlrVirtualPointerV1, _, button uint32, state protocol.WlPointerButtonState) {
	down := state == protocol.WlPointerButtonStatePressed
	at := slices.Index(v.held, button)
	switch {
	case down == (at >= 0), down && len(v.held) >= maxHeld:
		return
	case down:
		v.held = append(v.held, button)
	default:
		v.held = slices.Delete(v.held, at, at+1)
	}
	v.add(virtualEvent{kind: virtualButton, button: button, down: down})
}

func (v *virtualPointer) axis(a protocol.WlPointerAxis) *seat.Axis {
	i := a & 1
	if !v.moved[i] {
		v.moved[i] = true
		v.axes[i] = seat.Axis{Orientation: seat.Orientation(i)}
	}
	return &v.axes[i]
}

// Axis scrolls.
func (v *virtualPointer) Axis(res *server.ZwlrVirtualPointerV1, _ uint32, axis protocol.WlPointerAxis, value geom.Fixed) {
	if !axis.Valid() {
		res.PostError(protocol.ZwlrVirtualPointerV1ErrorInvalidAxis, "axis %d", axis)
		return
	}
	v.axis(axis).Value = value.Float()
}

// AxisSource says what scrolls.
func (v *virtualPointer) AxisSource(res *server.ZwlrVirtualPointerV1, src protocol.WlPointerAxisSource) {
	if !src.Valid() {
		res.PostError(protocol.ZwlrVirtualPointerV1ErrorInvalidAxisSource, "axis source %d", src)
		return
	}
	v.source = seat.AxisSource(src)
}

// AxisStop ends a scroll.
func (v *virtualPointer) AxisStop(res *server.ZwlrVirtualPointerV1, _ uint32, axis protocol.WlPointerAxis) {
	if !axis.Valid() {
		res.PostError(protocol.ZwlrVirtualPointerV1ErrorInvalidAxis, "axis %d", axis)
		return
	}
	v.axis(axis).Stop = true
}

// AxisDiscrete scrolls by wheel clicks.
func (v *virtualPointer) AxisDiscrete(res *server.ZwlrVirtualPointerV1, _ uint32, axis protocol.WlPointerAxis, value geom.Fixed, discrete int32) {
	if !axis.Valid() {
		res.PostError(protocol.ZwlrVirtualPointerV1ErrorInvalidAxis, "axis %d", axis)
		return
	}
	a := v.axis(axis)
	a.Value = value.Float()
	a.V120 = min(max(discrete, -1000), 1000) * seat.WheelStep
}

// Frame sends what was gathered: clients hear of nothing before.
func (v *virtualPointer) Frame(*server.ZwlrVirtualPointerV1) {
	v.pass()
	for i := range v.axes {
		if v.moved[i] {
			v.moved[i] = false
			v.axes[i].Source = v.source
			v.seat.Axis(v.srv.Loop.Now(), v.axes[i])
		}
	}
	v.seat.Frame()
}
