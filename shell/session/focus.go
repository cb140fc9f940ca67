package session

import (
	"time"

	"rayos/geom"
	"rayos/shell/decor"
	"rayos/surfaces"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// hit finds what takes input at a layout point: a surface or a frame.
func (s *Session) hit(p geom.FPoint) (seat.Focus, geom.FPoint) {
	b, local := s.scene.At(p)
	if b == nil {
		return nil, local
	}
	switch d := b.Data.(type) {
	case *surfaces.Surface:
		f, _ := d.Data.(seat.Focus)
		return f, local
	case seat.Focus:
		return d, local
	}
	return nil, local
}

// pressed is click to focus: the window under a press comes to the front.
func (s *Session) pressed(f seat.Focus) {
	if s.screenLock.on {
		s.screenLock.pressed(f)
		return
	}
	if s.lock.on {
		s.seat.SetKeyboardFocus(f)
		return
	}
	s.prompt.meta = false
	if s.server.InputPopup(f) {
		return // what is typed into goes on
	}
	owner := s.parts.owner(f)
	s.parts.release(owner)
	if owner != nil {
		return
	}
	if s.server.PanelPressed(f) {
		return
	}
	w := s.windowBehind(f)
	if w != nil && w.mapped && s.wm.Focused() != w.id {
		s.do(wm.Activate{ID: w.id})
	}
}

// Times and distances of the title bar.
const (
	doubleClick = 400 * time.Millisecond
	clickSlop   = 4.0 // logical pixels that a click may move
)

// Linux button codes (linux/input-event-codes.h).
const (
	btnLeft   = 0x110
	btnRight  = 0x111
	btnMiddle = 0x112
)

// frameFocus takes input on a window's frame.
type frameFocus struct {
	seat.NoFocus
	w       *window
	seat    *seat.Seat // that it is of
	margin  int32      // how far the input area reaches beyond the frame
	hover   decor.Part
	pressed decor.Part
	at      geom.FPoint // frame-local
	clicked time.Duration
	clickAt geom.FPoint
}

// Accepts: a frame takes input as long as its window is shown.
func (f *frameFocus) Accepts() bool { return !f.w.s.lock.on && f.w.guest.AcceptsInput() }

// Client makes each frame a client of its own, so that its serials are no use
// to anybody else.
func (f *frameFocus) Client() any { return f }

// PointerEnter implements seat.Focus.
func (f *frameFocus) PointerEnter(_ uint32, p geom.FPoint) { f.track(p) }

// PointerLeave implements seat.Focus.
func (f *frameFocus) PointerLeave(uint32) {
	f.hover, f.pressed = decor.None, decor.None
	f.w.drawFrame()
}

// PointerMotion implements seat.Focus.
func (f *frameFocus) PointerMotion(_ time.Duration, p geom.FPoint) { f.track(p) }

// track follows the pointer: hover and the shape of the cursor.
func (f *frameFocus) track(p geom.FPoint) {
	m := float64(f.margin)
	f.at = geom.FPoint{X: p.X - m, Y: p.Y - m}
	part := decor.HitTest(&f.w.frame.drawn, f.at)
	if part != f.hover {
		f.hover = part
		f.w.drawFrame()
	}
	f.w.s.SetCursorShape(f.seat, partCursor(part))
}

// partCursor names the cursor over a part of a frame.
func partCursor(p decor.Part) string {
	switch p {
	case decor.ResizeN:
		return "n_resize"
	case decor.ResizeNE:
		return "ne_resize"
	case decor.ResizeE:
		return "e_resize"
	case decor.ResizeSE:
		return "se_resize"
	case decor.ResizeS:
		return "s_resize"
	case decor.ResizeSW:
		return "sw_resize"
	case decor.ResizeW:
		return "w_resize"
	case decor.ResizeNW:
		return "nw_resize"
	}
	return "default"
}

// PointerButton implements seat.Focus.
func (f *frameFocus) PointerButton(_ uint32, t time.Duration, button uint32, pressed bool) {
	w, s := f.w, f.w.s
	switch {
	case button == btnMiddle && pressed && f.hover == decor.Title:
		s.do(wm.Lower{ID: w.id})
	case button != btnLeft:
	case pressed:
		f.press(t)
	default:
		part := f.pressed
		f.pressed = decor.None
		w.drawFrame()
		if part == f.hover {
			f.act(part)
		}
	}
}

// press begins what the part under the pointer is for.
func (f *frameFocus) press(t time.Duration) {
	w, s := f.w, f.w.s
	if x, y := f.hover.Edges(); x != 0 || y != 0 {
		s.startResize(f.seat, w, edgesOf(x, y), 0, nil)
		return
	}
	switch f.hover {
	case decor.Title, decor.Menu:
		near := abs(f.at.X-f.clickAt.X) <= clickSlop && abs(f.at.Y-f.clickAt.Y) <= clickSlop
		if t-f.clicked <= doubleClick && near && f.clicked != 0 {
			f.clicked = 0
			s.do(wm.Maximize{ID: w.id, To: wm.Toggle})
			return
		}
		f.clicked, f.clickAt = t, f.at
		s.startMove(f.seat, w, 0, nil)
	default:
		f.pressed = f.hover
		w.drawFrame()
	}
}

func abs(v float64) float64 { return max(v, -v) }

// edgesOf turns a direction into edges.
func edgesOf(x, y int32) seat.Edges {
	var e seat.Edges
	switch {
	case x < 0:
		e |= seat.EdgeLeft
	case x > 0:
		e |= seat.EdgeRight
	}
	switch {
	case y < 0:
		e |= seat.EdgeTop
	case y > 0:
		e |= seat.EdgeBottom
	}
	return e
}

// act does what a button says.
func (f *frameFocus) act(p decor.Part) {
	w, s := f.w, f.w.s
	switch p {
	case decor.Close:
		w.guest.Window.Close()
	case decor.Maximize:
		s.do(wm.Maximize{ID: w.id, To: wm.Toggle})
	case decor.Minimize:
		s.do(wm.Minimize{ID: w.id, To: wm.On})
	case decor.Shade:
		s.do(wm.Shade{ID: w.id, To: wm.Toggle})
	}
}

// PointerAxis implements seat.Focus: the wheel shades.
func (f *frameFocus) PointerAxis(_ time.Duration, a seat.Axis) {
	if f.hover != decor.Title || a.Orientation != seat.Vertical || a.Value == 0 {
		return
	}
	to := wm.On
	if a.Value > 0 {
		to = wm.Off
	}
	f.w.s.do(wm.Shade{ID: f.w.id, To: to})
}

// TouchDown implements seat.Focus: a finger on a button does what a click does,
// elsewhere it moves the window.
func (f *frameFocus) TouchDown(serial uint32, t time.Duration, _ int32, p geom.FPoint) {
	f.track(p)
	if f.hover.Button() {
		f.pressed = f.hover
		f.w.drawFrame()
		return
	}
	if f.hover == decor.Title || f.hover == decor.Menu {
		f.clicked = t
		f.w.s.startMove(f.seat, f.w, serial, f)
	}
}

// TouchUp implements seat.Focus.
func (f *frameFocus) TouchUp(uint32, time.Duration, int32) {
	part := f.pressed
	f.hover, f.pressed = decor.None, decor.None
	f.w.drawFrame()
	f.act(part)
}
