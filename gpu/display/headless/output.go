package headless

import (
	"errors"
	"fmt"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/fb"
	"rayos/gpu/display/internal/vblank"
	"rayos/gpu/render"
)

var errNotStarted = errors.New("headless display: not started")

// Output is a screen in memory. It belongs to the loop goroutine.
type Output struct {
	display *Display
	info    display.Info
	clock   *vblank.Clock
	removed bool

	buffer render.Target // nil until it is first drawn into
	memory *fb.Buffer    // behind buffer, nil for a target of the renderer
	// frames counts commits; drawn is the number of the last one that showed
	// the framebuffer, 0 when it holds none.
	frames, drawn uint64

	shown, next   render.Target // on the screen; waiting for the retrace
	nextIsScanout bool
	putOff        bool // nobody waits for next

	wanted    display.Mode
	changing  bool   // applyMode will run at the end of the turn
	applyMode func() // changeMode, bound once
}

// Info describes the output.
func (o *Output) Info() display.Info { return o.info }

// Framebuffer returns the output's one framebuffer: a target of the renderer
// that makes some, else an XRGB8888 *render.Pixels.
func (o *Output) Framebuffer() (render.Target, int, error) {
	if o.removed {
		return nil, 0, display.ErrRemoved
	}
	if o.buffer == nil {
		if err := o.allocate(); err != nil {
			return nil, 0, fmt.Errorf("output %s: %w", o.info.Name, err)
		}
		o.drawn = 0
	}
	if o.drawn == 0 {
		return o.buffer, 0, nil
	}
	return o.buffer, int(o.frames-o.drawn) + 1, nil
}

func (o *Output) allocate() (err error) {
	if o.display.maker != nil {
		o.buffer, err = o.display.maker.NewTarget(o.info.Mode.Size)
		return err
	}
	if o.memory, err = fb.New(o.info.Mode.Size); err != nil {
		return err
	}
	o.buffer = &o.memory.Pixels
	return nil
}

// CanScanout reports whether p has the output's size and a format that readers
// of Shown take for the framebuffer's.
func (o *Output) CanScanout(p *render.Pixels) bool {
	return p.Size() == o.info.Mode.Size && (p.Format == render.XRGB8888 || p.Format == render.ARGB8888)
}

// Commit shows a frame at the next retrace.
func (o *Output) Commit(f display.Frame) error {
	switch {
	case o.removed:
		return display.ErrRemoved
	case o.display.handler == nil:
		return errNotStarted
	case o.clock.Pending() || o.putOff:
		return display.ErrBusy
	case f.Scanout != nil && !o.CanScanout(f.Scanout):
		return fmt.Errorf("output %s cannot scan out %v of %v", o.info.Name, f.Scanout.Format, f.Scanout.Size())
	case f.Scanout == nil && o.buffer == nil:
		return errors.New("output " + o.info.Name + ": commit without a framebuffer")
	}
	o.frames++
	if o.nextIsScanout = f.Scanout != nil; o.nextIsScanout {
		o.next = f.Scanout
	} else {
		o.next, o.drawn = o.buffer, o.frames
	}
	o.clock.Request()
	return nil
}

// PutOff implements display.Patient: no timer runs for a frame that nobody
// waits for.
func (o *Output) PutOff() {
	if o.clock.Pending() {
		o.putOff = true
		o.clock.Cancel()
	}
}

// Await implements display.Patient.
func (o *Output) Await() {
	if o.putOff && !o.removed {
		o.putOff = false
		o.clock.Resume()
	}
}

var _ display.Patient = (*Output)(nil)

func (o *Output) present(at time.Duration, seq uint64) {
	zeroCopy := o.nextIsScanout
	o.shown, o.next, o.nextIsScanout = o.next, nil, false
	o.display.handler.Presented(o, display.Presented{
		Time:     at,
		Refresh:  o.clock.Period(),
		Seq:      seq,
		VSync:    true,
		ZeroCopy: zeroCopy,
	})
}

// Shown returns what was presented last, or nil: the framebuffer, or a
// *render.Pixels that was scanned out.
func (o *Output) Shown() render.Target {
	if o.putOff && o.clock.Passed() {
		return o.next
	}
	return o.shown
}

// SetMode changes size and refresh at the end of the turn; a refresh of 0
// keeps the present one. A frame that waits is still presented.
func (o *Output) SetMode(m display.Mode) error {
	if o.removed {
		return display.ErrRemoved
	}
	if o.display.handler == nil {
		return errNotStarted
	}
	if m.Size.Empty() {
		return fmt.Errorf("output %s: mode of size %v", o.info.Name, m.Size)
	}
	if m.Refresh == 0 {
		m.Refresh = o.info.Mode.Refresh
	}
	o.wanted = m
	if !o.changing {
		o.changing = true
		o.display.loop.Idle(o.applyMode)
	}
	return nil
}

func (o *Output) changeMode() {
	o.changing = false
	if o.removed || o.wanted == o.info.Mode {
		return
	}
	resized := o.wanted.Size != o.info.Mode.Size
	o.info.Mode = o.wanted
	o.info.Modes = []display.Mode{o.wanted}
	o.clock.SetRefresh(o.wanted.Refresh)
	release := func() error { return nil }
	if resized {
		release = o.takeBuffer()
	}
	o.display.handler.OutputChanged(o)
	if resized {
		if err := release(); err != nil {
			o.display.handler.Closed(fmt.Errorf("output %s: %w", o.info.Name, err))
		}
	}
}

// SetCursor reports that there is no cursor plane.
func (o *Output) SetCursor(*render.Pixels, geom.Point) bool { return false }

func (o *Output) free() error { return o.takeBuffer()() }

// takeBuffer takes the framebuffer away and returns what frees it.
func (o *Output) takeBuffer() (release func() error) {
	buffer, memory := o.buffer, o.memory
	o.buffer, o.memory, o.shown, o.next = nil, nil, nil, nil
	switch {
	case memory != nil:
		return memory.Free
	case buffer != nil:
		return func() error {
			o.display.maker.FreeTarget(buffer)
			return nil
		}
	}
	return func() error { return nil }
}
