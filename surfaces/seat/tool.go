package seat

import (
	"slices"
	"time"

	"rayos/geom"
)

// ToolType is a kind of tool, with the values of zwp_tablet_tool_v2.type.
type ToolType uint32

// The kinds of tools.
const (
	Pen ToolType = iota + 0x140
	Eraser
	Brush
	Pencil
	Airbrush
	ToolFinger
	ToolMouse
	Lens
)

// ToolCaps is a set of what a tool measures besides its position. Bits are
// those of 1<<zwp_tablet_tool_v2.capability.
type ToolCaps uint32

// What tools measure.
const (
	ToolTilt ToolCaps = 1 << (iota + 1)
	ToolPressure
	ToolDistance
	ToolRotation
	ToolSlider
	ToolWheel
)

// ToolInfo describes a tool.
type ToolInfo struct {
	Type       ToolType
	Serial     uint64 // of the piece, 0 when it has none
	HardwareID uint64 // in Wacom's numbering, 0 when unknown
	Caps       ToolCaps
}

// ToolAxes are measurements. Only those in Set have a meaning.
type ToolAxes struct {
	Set                ToolCaps
	Pressure, Distance uint32  // 0 to 65535
	TiltX, TiltY       float64 // degrees from upright
	Rotation           float64 // degrees clockwise
	Slider             int32   // -65535 to 65535
	Wheel              float64 // degrees since the last
	Clicks             int32   // of the wheel since the last
}

// merge takes over what a has. Wheels are told once and never kept.
func (m *ToolAxes) merge(a *ToolAxes) {
	set := a.Set &^ ToolWheel
	m.Set |= set
	if set&ToolPressure != 0 {
		m.Pressure = a.Pressure
	}
	if set&ToolDistance != 0 {
		m.Distance = a.Distance
	}
	if set&ToolTilt != 0 {
		m.TiltX, m.TiltY = a.TiltX, a.TiltY
	}
	if set&ToolRotation != 0 {
		m.Rotation = a.Rotation
	}
	if set&ToolSlider != 0 {
		m.Slider = a.Slider
	}
}

// ToolFocus is an optional part of Focus: it takes tablet tools as what they
// are. For others, and while TakesTools is false, a tool is a pointer: its tip
// is the left button.
type ToolFocus interface {
	TakesTools() bool
	ToolEnter(serial uint32, t *Tool)
	ToolLeave(t *Tool)
	ToolMotion(t *Tool, p geom.FPoint)
	ToolDown(serial uint32, t *Tool)
	ToolUp(t *Tool)
	ToolAxes(t *Tool, a *ToolAxes)
	ToolButton(serial uint32, t *Tool, button uint32, pressed bool)
	ToolFrame(t *Tool, at time.Duration)
}

// Tool is a pen, an eraser or the like. While it is on a Focus with its tip
// down or a button held, it stays there.
type Tool struct {
	Info ToolInfo

	seat    *Seat
	home    *Tablet // that it was made on
	tablet  *Tablet // that it is near, nil for none
	pos     geom.FPoint
	offset  geom.FPoint // from pos to the focus's own coordinates
	focus   Focus       // a ToolFocus, nil while the tool is a pointer or away
	axes    ToolAxes
	fresh   ToolAxes // measured just now
	down    bool
	serial  uint32 // of the tip's press on focus, 0 for none
	buttons []heldButton
	mouse   []uint32 // pointer buttons that it holds instead
	framed  bool
	gone    bool
}

// NewTool makes a tool known.
func (t *Tablet) NewTool(info ToolInfo) *Tool {
	s := t.seat
	u := &Tool{Info: info, seat: s, home: t}
	s.tools = append(s.tools, u)
	for _, l := range s.listeners {
		if l.Tool != nil {
			l.Tool(u, true)
		}
	}
	return u
}

// Remove forgets the tool.
func (u *Tool) Remove() {
	if u.gone {
		return
	}
	s := u.seat
	u.Away(s.cfg.Now())
	u.gone = true
	s.tools = slices.DeleteFunc(s.tools, func(o *Tool) bool { return o == u })
	for _, l := range s.listeners {
		if l.Tool != nil {
			l.Tool(u, false)
		}
	}
}

// Tablet returns what the tool is near, or nil.
func (u *Tool) Tablet() *Tablet { return u.tablet }

// Focus returns who has the tool, nil while it is a pointer or away.
func (u *Tool) Focus() Focus { return u.focus }

// Axes returns what was measured last.
func (u *Tool) Axes() *ToolAxes { return &u.axes }

// Near says that the tool has come close to a tablet, over a layout point.
// Frame ends this and all other groups of events.
func (u *Tool) Near(t time.Duration, tablet *Tablet, p geom.FPoint) {
	if u.gone || tablet.gone {
		return
	}
	if u.tablet != nil {
		u.Away(t)
	}
	u.seat.active(t)
	u.tablet, u.pos, u.axes = tablet, p, ToolAxes{}
	u.aim(t)
}

// Move says where the tool is.
func (u *Tool) Move(t time.Duration, p geom.FPoint) {
	if u.tablet == nil {
		return
	}
	u.seat.active(t)
	u.pos = p
	u.aim(t)
}

// held reports whether the tool stays where it is.
func (u *Tool) held() bool { return u.down || len(u.buttons) > 0 || len(u.mouse) > 0 }

// aim finds who has the tool now and tells where it is.
func (u *Tool) aim(t time.Duration) {
	if u.tablet == nil {
		return
	}
	u.gate(t)
	if !u.held() {
		u.setFocus(t)
	}
	if u.focus == nil {
		u.seat.Motion(t, u.pos)
		return
	}
	u.takePointer()
	u.framed = true
	u.focus.(ToolFocus).ToolMotion(u, u.local())
}

// gate leaves a focus that may have no input any more.
func (u *Tool) gate(t time.Duration) {
	if u.focus != nil && !u.seat.accepts(u.focus) {
		u.leave(t)
	}
}

func (u *Tool) local() geom.FPoint {
	if l, ok := u.focus.(Locator); ok {
		return l.Locate(u.pos)
	}
	return u.pos.Add(u.offset)
}

// setFocus gives the tool to what lies under it.
func (u *Tool) setFocus(t time.Duration) {
	f, local := u.target()
	if f == u.focus {
		return
	}
	u.leave(t)
	if f == nil {
		return
	}
	u.focus, u.offset, u.framed = f, local.Sub(u.pos), true
	u.takePointer()
	tf := f.(ToolFocus)
	tf.ToolEnter(u.seat.issue(SerialToolEnter, f.Client()), u)
	if u.axes.Set != 0 {
		tf.ToolAxes(u, &u.axes)
	}
}

// target returns who takes the tool here. While something has grabbed the
// pointer, the tool is one.
func (u *Tool) target() (Focus, geom.FPoint) {
	s := u.seat
	f, local := s.cfg.Hit(u.pos)
	if tf, ok := f.(ToolFocus); !ok || !s.accepts(f) || !tf.TakesTools() {
		return nil, local
	}
	if s.Grabbed() {
		if g := s.popups(); g == nil || s.grab() != PointerGrab(g) || g.client != f.Client() {
			return nil, local
		}
	}
	return f, local
}

// takePointer has the cursor follow the tool, and nobody else has it.
func (u *Tool) takePointer() {
	s := u.seat
	if len(s.ptr.buttons) > 0 {
		return
	}
	s.ptr.placed = false
	s.setPointerFocus(nil, geom.FPoint{})
	if s.ptr.pos != u.pos {
		s.ptr.pos = u.pos
		s.tellMoved()
	}
}

// leave takes the tool from its focus. What is held there is released.
func (u *Tool) leave(t time.Duration) {
	f := u.focus
	if f == nil {
		return
	}
	tf := f.(ToolFocus)
	for i := range u.buttons {
		tf.ToolButton(u.seat.issue(SerialToolRelease, f.Client()), u, u.buttons[i].code, false)
	}
	if u.serial != 0 {
		tf.ToolUp(u)
	}
	u.focus, u.serial, u.buttons, u.framed = nil, 0, u.buttons[:0], false
	tf.ToolLeave(u)
	tf.ToolFrame(u, t)
}

// Away says that the tool is not near a tablet any more.
func (u *Tool) Away(t time.Duration) {
	if u.tablet == nil {
		return
	}
	u.seat.active(t)
	u.leave(t)
	u.letMouse(t)
	u.down, u.tablet = false, nil
}

// letMouse releases the pointer's buttons.
func (u *Tool) letMouse(t time.Duration) {
	if len(u.mouse) == 0 {
		return
	}
	for _, b := range u.mouse {
		u.seat.Button(t, b, false)
	}
	u.mouse = u.mouse[:0]
	u.seat.Frame()
}

// Linux button codes (linux/input-event-codes.h).
const (
	codeLeft    = 0x110
	codeRight   = 0x111
	codeMiddle  = 0x112
	codeStylus  = 0x14b
	codeStylus2 = 0x14c
)

// Tip says whether the tip touches the tablet.
func (u *Tool) Tip(t time.Duration, down bool) {
	if u.tablet == nil || u.down == down {
		return
	}
	s := u.seat
	s.active(t)
	s.binds.broken()
	u.gate(t)
	switch {
	case !down:
		u.down = false
		if f := u.focus; f != nil && u.serial != 0 {
			u.serial, u.framed = 0, true
			f.(ToolFocus).ToolUp(u)
		}
		u.click(t, codeLeft, false)
	case u.focus == nil:
		u.down = true
		u.click(t, codeLeft, true)
	default:
		u.down = true
		s.press(u.focus)
		if f := u.focus; f != nil {
			u.serial, u.framed = s.issue(SerialToolPress, f.Client()), true
			f.(ToolFocus).ToolDown(u.serial, u)
		}
	}
	if !u.held() {
		u.aim(t)
	}
}

// click is a pointer's button in place of the tool's.
func (u *Tool) click(t time.Duration, button uint32, pressed bool) {
	i := slices.Index(u.mouse, button)
	switch {
	case pressed == (i >= 0):
		return
	case pressed:
		u.mouse = append(u.mouse, button)
	default:
		u.mouse = slices.Delete(u.mouse, i, i+1)
	}
	u.seat.Button(t, button, pressed)
}

// maxToolButtons bounds what is remembered of a tool.
const maxToolButtons = 16

// Button says that a button on the tool was pressed or released.
func (u *Tool) Button(t time.Duration, button uint32, pressed bool) {
	if u.tablet == nil {
		return
	}
	s := u.seat
	s.active(t)
	u.gate(t)
	i := slices.IndexFunc(u.buttons, func(b heldButton) bool { return b.code == button })
	f := u.focus
	switch {
	case pressed && f != nil && i < 0 && len(u.buttons) < maxToolButtons:
		b := heldButton{code: button, serial: s.issue(SerialToolPress, f.Client())}
		u.buttons, u.framed = append(u.buttons, b), true
		f.(ToolFocus).ToolButton(b.serial, u, button, true)
	case !pressed && f != nil && i >= 0:
		u.buttons, u.framed = slices.Delete(u.buttons, i, i+1), true
		f.(ToolFocus).ToolButton(s.issue(SerialToolRelease, f.Client()), u, button, false)
	case pressed && f != nil:
		return
	case button == codeStylus:
		u.click(t, codeRight, pressed)
	case button == codeStylus2:
		u.click(t, codeMiddle, pressed)
	}
	if !u.held() {
		u.aim(t)
	}
}

// Measure reports axes. A wheel scrolls where the tool is a pointer.
func (u *Tool) Measure(t time.Duration, a ToolAxes) {
	if u.tablet == nil {
		return
	}
	u.seat.active(t)
	u.fresh = a // for a focus to look at, without garbage
	u.axes.merge(&u.fresh)
	u.gate(t)
	if u.focus != nil {
		u.framed = true
		u.focus.(ToolFocus).ToolAxes(u, &u.fresh)
		return
	}
	if a.Set&ToolWheel != 0 && a.Clicks != 0 {
		u.seat.Axis(t, Axis{V120: a.Clicks * WheelStep})
	}
}

// Frame ends a group of the tool's events.
func (u *Tool) Frame(t time.Duration) {
	if u.focus == nil {
		u.seat.Frame()
		return
	}
	if u.framed {
		u.framed = false
		u.focus.(ToolFocus).ToolFrame(u, t)
	}
}

// becomePointer goes on as a pointer with its left button down, for a move or
// resize that a client has asked for with the tip's serial.
func (u *Tool) becomePointer() {
	s := u.seat
	u.leave(s.cfg.Now())
	s.ptr.pos, s.ptr.placed = u.pos, true
	if s.ptr.held(codeLeft) < 0 {
		s.ptr.buttons = append(s.ptr.buttons, heldButton{code: codeLeft, count: 1})
		u.mouse = append(u.mouse, codeLeft)
	}
}

// toolHeldBy returns the tool whose tip or button is down with a serial.
func (s *Seat) toolHeldBy(serial uint32) *Tool {
	for _, u := range s.tools {
		if u.focus == nil {
			continue
		}
		if u.serial == serial || slices.ContainsFunc(u.buttons, func(b heldButton) bool { return b.serial == serial }) {
			return u
		}
	}
	return nil
}

// refocusTools looks again at what lies under the tools.
func (s *Seat) refocusTools() {
	for _, u := range s.tools {
		switch {
		case u.focus != nil && !s.accepts(u.focus):
			u.gate(s.cfg.Now())
		case u.tablet != nil && !u.held() && u.focus != nil:
			u.setFocus(s.cfg.Now())
		}
	}
}

// forgetTools drops a focus that ends, also from the pads.
func (s *Seat) forgetTools(f Focus) {
	for _, p := range s.pads {
		if p.focus == f {
			p.focus = nil
		}
	}
	for _, u := range s.tools {
		if u.focus == f {
			u.focus, u.serial, u.buttons, u.framed = nil, 0, u.buttons[:0], false
		}
	}
}
