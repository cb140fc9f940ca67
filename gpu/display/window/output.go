//go:build cgo && !wayland

package window

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-gl/glfw/v3.3/glfw"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/keys"
	"rayos/gpu/display/internal/vblank"
	"rayos/gpu/gl"
	"rayos/gpu/render"
)

// Output is one window. It belongs to the loop goroutine.
type Output struct {
	display *Display
	win     *glfw.Window
	info    display.Info
	fixed   bool // the scale was asked for; the host's is ignored
	clock   *vblank.Clock
	title   string
	screen  screen
	removed bool

	buffer render.Target // the screen's, nil until it is first drawn into
	drawn  bool          // buffer holds the last frame
	shown  bool          // that frame has been presented

	cursor *glfw.Cursor
	held   keys.Set // pressed here
	// foreign keys were pressed elsewhere and are not yet up: repeats of them
	// are not for us. While justFocused it is that of the time before.
	foreign     keys.Set
	justFocused bool
	// justUnfocused: GLFW's releases of all held keys are still to come.
	justUnfocused bool
}

func newOutput(d *Display, s display.Spec, title string) (*Output, error) {
	win, err := createWindow(s.Size, title, d.gpu == nil)
	if err != nil {
		return nil, err
	}
	o := &Output{display: d, win: win, title: title, fixed: s.Scale != 0}
	if s.Scale == 0 {
		s.Scale = scaleOf(win)
	}
	if s.Refresh == 0 {
		s.Refresh = refreshOf()
	}
	if s.Refresh == 0 {
		s.Refresh = display.DefaultRefresh
	}
	w, h := win.GetFramebufferSize()
	o.info = display.Info{
		Name:        s.Name,
		Description: "Window " + s.Name + " on X11",
		Make:        "RayOS",
		Model:       "X11 window",
		Mode:        display.Mode{Size: geom.Size{W: int32(w), H: int32(h)}, Refresh: s.Refresh},
		Scale:       s.Scale,
		Transform:   s.Transform,
	}
	o.clock = vblank.New(d.loop, s.Refresh, o.present)
	if err := o.openScreen(); err != nil {
		win.Destroy()
		return nil, err
	}
	o.listen()
	return o, nil
}

// openScreen makes the screen for the window, which has a context of its own
// if there is no GPU.
func (o *Output) openScreen() (err error) {
	if o.display.gpu != nil {
		o.screen, err = newGPUScreen(o.display.gpu, o.win)
		return err
	}
	o.display.current = o
	o.screen, err = newMemoryScreen(o)
	return err
}

// reopen replaces a window whose GPU is lost by one that shows memory.
func (o *Output) reopen() error {
	x, y := o.win.GetPos()
	old := o.win
	win, err := createWindow(o.info.Mode.Size, o.title, true)
	if err != nil {
		return err
	}
	o.win = win
	if err := o.openScreen(); err != nil {
		o.win = old
		win.Destroy()
		return err
	}
	win.SetPos(x, y)
	o.listen()
	old.Destroy()
	// Whoever reads what was shown last still may.
	o.buffer, o.drawn, o.shown = nil, false, false
	if o.held.Clear() {
		o.display.handler.KeysLost()
	}
	return nil
}

// Info describes the output.
func (o *Output) Info() display.Info { return o.info }

// Framebuffer returns the output's one framebuffer: a target of the GPU's
// renderer, or an XRGB8888 *render.Pixels.
func (o *Output) Framebuffer() (render.Target, int, error) {
	if o.removed {
		return nil, 0, display.ErrRemoved
	}
	if o.buffer == nil {
		b, err := o.screen.framebuffer(o.info.Mode.Size)
		if err != nil {
			return nil, 0, fmt.Errorf("output %s: %w", o.info.Name, err)
		}
		o.buffer = b
	}
	if !o.drawn {
		return o.buffer, 0, nil
	}
	return o.buffer, 1, nil
}

// CanScanout reports false: every frame goes through a texture, and OpenGL
// must not read memory that a client may take away.
func (o *Output) CanScanout(*render.Pixels) bool { return false }

// Commit shows the framebuffer. Presented follows at the next tick of the
// frame clock at which the GPU is done.
func (o *Output) Commit(f display.Frame) error {
	switch {
	case o.removed:
		return display.ErrRemoved
	case o.display.dead:
		return errHostGone
	case o.clock.Pending():
		return display.ErrBusy
	case f.Scanout != nil:
		return errors.New("output " + o.info.Name + " cannot scan out")
	case o.buffer == nil:
		return errors.New("output " + o.info.Name + ": commit without a framebuffer")
	}
	damage := f.Damage
	if !o.drawn {
		damage = nil
	}
	o.drawn = true
	if err := o.paint(damage); err != nil {
		return err
	}
	o.clock.Request()
	return nil
}

func (o *Output) makeCurrent() {
	if o.display.current != o {
		o.win.MakeContextCurrent()
		o.display.current = o
	}
}

// paint shows the framebuffer; damage is what has changed of it, nil for all.
// When the GPU turns out to be lost the window is opened anew, and a frame
// asked for.
func (o *Output) paint(damage *geom.Region) error {
	w, h := o.win.GetFramebufferSize()
	err := o.screen.show(geom.Size{W: int32(w), H: int32(h)}, damage)
	if errors.Is(err, gl.ErrLost) {
		o.display.gpu = nil
		if err = o.reopen(); err == nil {
			o.display.loop.Idle(o.needFrame)
		}
	}
	o.display.settle()
	if err != nil {
		return fmt.Errorf("output %s: %w", o.info.Name, err)
	}
	return nil
}

func (o *Output) needFrame() {
	if !o.removed {
		o.display.handler.NeedFrame(o)
	}
}

func (o *Output) present(at time.Duration, seq uint64) {
	if !o.screen.done() {
		o.clock.Request()
		return
	}
	o.shown = o.drawn
	o.display.handler.Presented(o, display.Presented{Time: at, Refresh: o.clock.Period(), Seq: seq})
}

// Shown returns the framebuffer once a frame was presented.
func (o *Output) Shown() render.Target {
	if !o.shown {
		return nil
	}
	return o.buffer
}

// SetMode asks the host for a window of that size; its window manager may
// choose another. The refresh rate is the monitor's.
func (o *Output) SetMode(m display.Mode) error {
	if o.removed {
		return display.ErrRemoved
	}
	if m.Size.Empty() {
		return fmt.Errorf("output %s: mode of size %v", o.info.Name, m.Size)
	}
	o.win.SetSize(int(m.Size.W), int(m.Size.H))
	o.display.settle()
	return nil
}

// resized is called when the window has another size.
func (o *Output) resized(w, h int) {
	size := geom.Size{W: int32(w), H: int32(h)}
	if size.Empty() || size == o.info.Mode.Size {
		return
	}
	o.info.Mode.Size = size
	release := o.screen.discard()
	o.buffer, o.drawn, o.shown = nil, false, false
	o.display.handler.OutputChanged(o)
	if err := release(); err != nil {
		o.display.handler.Closed(fmt.Errorf("output %s: %w", o.info.Name, err))
	}
}

func (o *Output) rescaled(s geom.Scale) {
	if o.fixed || s == o.info.Scale {
		return
	}
	o.info.Scale = s
	o.display.handler.OutputChanged(o)
}

// destroy closes the window and frees the memory.
func (o *Output) destroy() error {
	if !o.display.dead {
		if o.cursor != nil {
			o.cursor.Destroy()
		}
		o.screen.close()
		o.win.Destroy()
	}
	o.display.current = nil
	o.buffer, o.drawn, o.shown, o.cursor = nil, false, false, nil
	return o.screen.discard()()
}
