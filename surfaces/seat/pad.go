package seat

import (
	"slices"
	"time"
)

// PadInfo describes the buttons, rings and strips beside a tablet's area.
type PadInfo struct {
	Path    string // of the device node, "" when there is none
	Buttons uint32
	Groups  []PadGroup // at least one
}

// PadGroup is a part of a pad that switches its mode as one. Rings and strips
// are numbered through all groups.
type PadGroup struct {
	Buttons       []uint32 // by number, from 0
	Rings, Strips int
	Modes         uint32 // at least 1
}

// PadTouch is a finger on a ring or a strip.
type PadTouch struct {
	At     float64 // ring: degrees clockwise from the top; strip: 0 to 65535
	Stop   bool    // the finger was lifted
	Finger bool    // it is known to be one
}

// PadFocus is an optional part of Focus, beside ToolFocus: it takes a pad. The
// pads are where the keyboard is.
type PadFocus interface {
	PadEnter(serial uint32, p *Pad)
	PadLeave(serial uint32, p *Pad)
	PadButton(t time.Duration, p *Pad, button uint32, pressed bool)
	PadRing(t time.Duration, p *Pad, ring int, e PadTouch)
	PadStrip(t time.Duration, p *Pad, strip int, e PadTouch)
	PadMode(serial uint32, t time.Duration, p *Pad, group int)
}

// Pad is the set of buttons beside a tablet.
type Pad struct {
	Info PadInfo

	seat   *Seat
	tablet *Tablet
	focus  Focus // a PadFocus, or nil
	modes  []uint32
	gone   bool
}

// NewPad attaches a tablet's pad.
func (t *Tablet) NewPad(info PadInfo) *Pad {
	s := t.seat
	p := &Pad{Info: info, seat: s, tablet: t, modes: make([]uint32, len(info.Groups))}
	s.pads = append(s.pads, p)
	for _, l := range s.listeners {
		if l.Pad != nil {
			l.Pad(p, true)
		}
	}
	s.RefocusPads()
	return p
}

// Remove detaches the pad.
func (p *Pad) Remove() {
	if p.gone {
		return
	}
	s := p.seat
	p.setFocus(nil)
	p.gone = true
	s.pads = slices.DeleteFunc(s.pads, func(o *Pad) bool { return o == p })
	for _, l := range s.listeners {
		if l.Pad != nil {
			l.Pad(p, false)
		}
	}
}

// Tablet returns the tablet that the pad belongs to.
func (p *Pad) Tablet() *Tablet { return p.tablet }

// Mode returns the mode that a group is in.
func (p *Pad) Mode(group int) uint32 { return p.modes[group] }

// RefocusPads gives the pads to who has the keyboard. The seat does it by
// itself; an adapter does when its focus begins to take tools.
func (s *Seat) RefocusPads() {
	f := s.kbd.focus
	if tf, ok := f.(ToolFocus); !ok || !s.accepts(f) || !tf.TakesTools() {
		f = nil
	}
	if _, ok := f.(PadFocus); !ok {
		f = nil
	}
	for _, p := range s.pads {
		p.setFocus(f)
	}
}

func (p *Pad) setFocus(f Focus) {
	old := p.focus
	if p.gone || f == old {
		return
	}
	p.focus = f
	if old != nil && old != p.seat.dying {
		old.(PadFocus).PadLeave(p.seat.issue(SerialOther, old.Client()), p)
	}
	if f != nil && p.focus == f {
		f.(PadFocus).PadEnter(p.seat.issue(SerialOther, f.Client()), p)
	}
}

// taker returns who takes the pad's events, or nil.
func (p *Pad) taker(t time.Duration) PadFocus {
	p.seat.active(t)
	if p.focus == nil || !p.seat.accepts(p.focus) {
		return nil
	}
	return p.focus.(PadFocus)
}

// Button says that a button was pressed or released.
func (p *Pad) Button(t time.Duration, button uint32, pressed bool) {
	if f := p.taker(t); f != nil && button < p.Info.Buttons {
		f.PadButton(t, p, button, pressed)
	}
}

// Ring says where a finger is on a ring.
func (p *Pad) Ring(t time.Duration, ring int, e PadTouch) {
	if f := p.taker(t); f != nil {
		f.PadRing(t, p, ring, e)
	}
}

// Strip says where a finger is on a strip.
func (p *Pad) Strip(t time.Duration, strip int, e PadTouch) {
	if f := p.taker(t); f != nil {
		f.PadStrip(t, p, strip, e)
	}
}

// SwitchMode puts a group into another mode.
func (p *Pad) SwitchMode(t time.Duration, group int, mode uint32) {
	if group < 0 || group >= len(p.modes) || mode >= max(p.Info.Groups[group].Modes, 1) {
		return
	}
	p.modes[group] = mode
	if f := p.taker(t); f != nil {
		f.PadMode(p.seat.issue(SerialOther, p.focus.Client()), t, p, group)
	}
}
