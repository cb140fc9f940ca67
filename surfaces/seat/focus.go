package seat

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/seat/xkb"
)

// Focus is what can have input focus: a client's surface, a guest, a panel.
// The seat compares values of it, so use pointers. Embed NoFocus to leave out
// what is not of interest.
//
// Positions are surface-local. Times are CLOCK_MONOTONIC. Slices are borrowed
// for the call. A Focus must not call the seat's device entry points from
// within these methods; everything else is allowed.
type Focus interface {
	// Accepts is the input gate: while false (a hidden surface), the seat
	// treats the Focus as not there. Call Seat.Refocus after it changed.
	Accepts() bool
	// Client identifies the owner: serials and popup grabs belong to it. It
	// must be comparable; pointers are.
	Client() any
	// ReleaseOnLeave asks for the release of all held keys before the
	// keyboard leaves, as guests need that keep key state of their own.
	ReleaseOnLeave() bool

	PointerEnter(serial uint32, p geom.FPoint)
	PointerLeave(serial uint32)
	PointerMotion(t time.Duration, p geom.FPoint)
	// RelativeMotion carries accelerated and raw deltas, before any clamping.
	RelativeMotion(t time.Duration, delta, raw geom.FPoint)
	PointerButton(serial uint32, t time.Duration, button uint32, pressed bool)
	PointerAxis(t time.Duration, a Axis)
	PointerFrame()

	KeyboardEnter(serial uint32, keys []uint32, mods xkb.Mods)
	KeyboardLeave(serial uint32)
	Key(serial uint32, t time.Duration, key uint32, pressed bool)
	Modifiers(serial uint32, mods xkb.Mods)

	TouchDown(serial uint32, t time.Duration, id int32, p geom.FPoint)
	TouchMotion(t time.Duration, id int32, p geom.FPoint)
	TouchUp(serial uint32, t time.Duration, id int32)
	TouchFrame()
	TouchCancel()
}

// Locator is an optional part of Focus: where a layout point lies in its own
// coordinates, also outside of it. With it, positions stay right while the
// surface moves under a held button. Without it the seat keeps the offset of
// the press.
type Locator interface {
	Locate(p geom.FPoint) geom.FPoint
}

// RelativeListener is an optional part of Focus: whether it has any use for
// relative motion. Without it, it has.
type RelativeListener interface{ WantsRelative() bool }

// Hit finds what lies under a layout point, nil for nothing, and the point in
// its coordinates.
type Hit func(p geom.FPoint) (f Focus, local geom.FPoint)

// NoFocus is a Focus that accepts and ignores everything. Embed it.
type NoFocus struct{}

// Accepts is true.
func (NoFocus) Accepts() bool { return true }

// Client is nil: the session itself.
func (NoFocus) Client() any { return nil }

// ReleaseOnLeave is false.
func (NoFocus) ReleaseOnLeave() bool { return false }

// PointerEnter does nothing.
func (NoFocus) PointerEnter(uint32, geom.FPoint) {}

// PointerLeave does nothing.
func (NoFocus) PointerLeave(uint32) {}

// PointerMotion does nothing.
func (NoFocus) PointerMotion(time.Duration, geom.FPoint) {}

// RelativeMotion does nothing.
func (NoFocus) RelativeMotion(time.Duration, geom.FPoint, geom.FPoint) {}

// PointerButton does nothing.
func (NoFocus) PointerButton(uint32, time.Duration, uint32, bool) {}

// PointerAxis does nothing.
func (NoFocus) PointerAxis(time.Duration, Axis) {}

// PointerFrame does nothing.
func (NoFocus) PointerFrame() {}

// KeyboardEnter does nothing.
func (NoFocus) KeyboardEnter(uint32, []uint32, xkb.Mods) {}

// KeyboardLeave does nothing.
func (NoFocus) KeyboardLeave(uint32) {}

// Key does nothing.
func (NoFocus) Key(uint32, time.Duration, uint32, bool) {}

// Modifiers does nothing.
func (NoFocus) Modifiers(uint32, xkb.Mods) {}

// TouchDown does nothing.
func (NoFocus) TouchDown(uint32, time.Duration, int32, geom.FPoint) {}

// TouchMotion does nothing.
func (NoFocus) TouchMotion(time.Duration, int32, geom.FPoint) {}

// TouchUp does nothing.
func (NoFocus) TouchUp(uint32, time.Duration, int32) {}

// TouchFrame does nothing.
func (NoFocus) TouchFrame() {}

// TouchCancel does nothing.
func (NoFocus) TouchCancel() {}
