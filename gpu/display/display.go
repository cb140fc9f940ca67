package display

import (
	"errors"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
)

// Mode is a resolution and refresh rate of an output.
type Mode struct {
	Size    geom.Size // physical pixels
	Refresh int32     // mHz, 0 when unknown
}

// Info describes an output.
type Info struct {
	Name        string // connector name, "HEADLESS-1", "WL-1", "X11-1"
	Description string
	Make, Model string
	PhysicalMM  geom.Size // 0 when unknown
	Mode        Mode
	Modes       []Mode
	Scale       geom.Scale     // suggested
	Transform   geom.Transform // of the panel
}

// ErrBusy is returned by Commit while a frame waits to be presented, and by
// Framebuffer while the host holds all buffers.
var ErrBusy = errors.New("the display is not ready for the next frame")

// ErrRemoved is returned by the methods of an output that is gone.
var ErrRemoved = errors.New("the output was removed")

// Frame is what an output is asked to show next: the framebuffer that
// Framebuffer returned last, or a buffer scanned out as it is.
type Frame struct {
	// Damage in physical pixels since the frame before this one.
	Damage *geom.Region
	// Scanout, when not nil, is shown instead of the framebuffer. It has the
	// output's size and stays unchanged until a later frame is presented.
	Scanout *render.Pixels
}

// Presented tells when a frame reached the screen.
type Presented struct {
	Time     time.Duration // CLOCK_MONOTONIC
	Refresh  time.Duration // until the next one at the earliest, 0 when unknown
	Seq      uint64        // of the vertical retrace
	VSync    bool
	HWClock  bool
	ZeroCopy bool
}

// Output is one screen. All methods are called on the loop goroutine.
type Output interface {
	Info() Info
	// Framebuffer returns the next target to draw and its age: 1 when it
	// holds the frame before this one, n for n frames ago, 0 when its
	// content is undefined. Scanned out frames count. The target may be
	// written until Commit and is gone after OutputChanged and OutputRemoved.
	Framebuffer() (target render.Target, age int, err error)
	// CanScanout reports whether Commit would take these pixels directly.
	CanScanout(p *render.Pixels) bool
	// Commit shows a frame. Handler.Presented follows once, never from
	// inside Commit, unless the output is removed first. Until then a
	// further Commit is refused with ErrBusy.
	Commit(f Frame) error
	// Shown returns what is on the screen now, for capture: the framebuffer
	// presented last or the scanned out pixels. nil before the first frame.
	Shown() render.Target
	// SetMode asks for a size and refresh; Handler.OutputChanged follows
	// when it took effect, never from inside SetMode.
	SetMode(m Mode) error
	// SetCursor shows img with its hot spot as a cursor that the display
	// moves by itself; nil hides it. ok is false when the output has no such
	// plane and the cursor must be composited.
	SetCursor(img *render.Pixels, hot geom.Point) (ok bool)
}

// Patient is an Output that doesn't wake the process to tell of a frame that
// nobody waits for. Not all can: a screen's driver tells of each.
type Patient interface {
	// PutOff follows a Commit. The frame is shown as ever; Handler.Presented
	// waits until it is asked for by Await.
	PutOff()
	// Await undoes PutOff: Presented comes at the retrace, or in a turn of its
	// own if that has passed, and never from inside Await.
	Await()
}

// Handler receives what a display has to tell, on the loop goroutine.
type Handler interface {
	OutputAdded(Output)
	OutputRemoved(Output)
	// OutputChanged: Info differs from before (size, scale). With a new size
	// the next framebuffer has age 0.
	OutputChanged(Output)
	// Presented: the last committed frame is on the screen and the next may
	// be drawn.
	Presented(Output, Presented)
	// NeedFrame: the output wants a frame: its content was lost (the next
	// framebuffer has age 0), or Framebuffer failed with ErrBusy before and
	// will not now.
	NeedFrame(Output)
	// Closed: the person closed the last window of a nested display, or the
	// host went away (err then says why).
	Closed(err error)
	Input
}

// Input receives devices' events, on the loop goroutine. Times are
// CLOCK_MONOTONIC, key and button codes those of linux/input-event-codes.h.
type Input interface {
	// PointerAbsolute: position as a fraction of the output, 0 to 1, which is
	// the far edge.
	PointerAbsolute(o Output, t time.Duration, x, y float64)
	// PointerRelative: accelerated and raw motion in logical pixels. Where
	// PointerAbsolute follows in the same frame, that is where the pointer is
	// and this is for clients that want to know how it got there. A display
	// that has only positions does not send it.
	PointerRelative(t time.Duration, delta, raw geom.FPoint)
	PointerButton(t time.Duration, button uint32, pressed bool)
	PointerAxis(t time.Duration, a Axis)
	// PointerFrame ends a group of pointer events that belong together.
	PointerFrame()
	// PointerLeft: the host's pointer left the nested window.
	PointerLeft()
	Key(t time.Duration, key uint32, pressed bool)
	// KeysLost: the host's keyboard focus went elsewhere; every held key is
	// up now, without a Key of its own. When the focus comes back, Key tells
	// of modifiers that are held, and of nothing else that was pressed before.
	KeysLost()
	TouchDown(o Output, t time.Duration, id int32, x, y float64)
	TouchMotion(o Output, t time.Duration, id int32, x, y float64)
	TouchUp(t time.Duration, id int32)
	TouchFrame()
	TouchCancel()
}

// AxisSource says what scrolled (wl_pointer.axis_source).
type AxisSource uint8

// Axis sources.
const (
	Wheel AxisSource = iota
	Finger
	Continuous
	WheelTilt
)

// Axis is a scroll on one axis.
type Axis struct {
	Horizontal bool
	Source     AxisSource
	Value      float64 // logical pixels; 15 per wheel click
	Value120   int32   // wheel movement in 1/120 of a click, 0 for none
	Stop       bool    // the finger was lifted
	Inverted   bool    // natural scrolling
}

// TargetUser is a Display whose outputs are drawn faster into targets of the
// renderer than into memory. UseTargets comes before Start.
type TargetUser interface {
	UseTargets(m render.TargetMaker)
}

// Display is a backend that shows outputs and reads input.
type Display interface {
	// Name is the short name for logs and --display.
	Name() string
	// Start announces the outputs to h and begins. Call it on the loop
	// goroutine; the fds it watches are on the loop that it was made with.
	Start(h Handler) error
	// Close removes all outputs and frees everything.
	Close() error
}
