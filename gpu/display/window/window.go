//go:build cgo && !wayland

package window

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	opengl "github.com/go-gl/gl/v3.3-core/gl"
	"github.com/go-gl/glfw/v3.3/glfw"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/gl"
	"rayos/internal/loop"
)

var errHostGone = errors.New("the X server went away")

// open is set while a Display exists: GLFW's state is global.
var open bool

// Display is a set of windows on an X11 host. See the package comment for
// which goroutine it belongs to.
type Display struct {
	loop    *loop.Loop
	handler display.Handler // nil until Start
	opt     Options
	// renderer draws straight into the windows; gpu is the same until the GPU
	// is lost.
	renderer, gpu *gl.Renderer
	passed        error // why there is no renderer
	outputs       []*Output
	x             x11
	current       *Output // whose OpenGL context is current
	source        *loop.Source
	events        []func() // what PollEvents reported, not yet handled
	polling       bool     // a poll at the end of the turn is asked for
	poll          func()   // pollQueued, bound once
	dead          bool     // the host went away
	closed        bool
}

// New opens the windows. Nothing is announced before Start.
func New(l *loop.Loop, opts Options) (*Display, error) {
	if open {
		return nil, errors.New("window display: there is one already")
	}
	if err := probeX11(); err != nil {
		return nil, fmt.Errorf("window display: %w", err)
	}
	open = true
	runtime.LockOSThread()
	d := &Display{loop: l, opt: opts}
	d.poll = d.pollQueued
	if err := d.openAll(opts); err != nil {
		return nil, errors.Join(fmt.Errorf("window display: %w", err), d.Close())
	}
	return d, nil
}

func (d *Display) openAll(opts Options) (err error) {
	defer recoverGLFW(&err)
	if err := glfw.Init(); err != nil {
		return err
	}
	d.x = newX11(unsafe.Pointer(glfw.GetX11Display()))
	if err := d.openRenderer(); err != nil {
		return err
	}
	if opts.Title == "" {
		opts.Title = "RayOS"
	}
	if len(opts.Outputs) == 0 {
		opts.Outputs = []display.Spec{display.DefaultSpec}
	}
	for i, s := range opts.Outputs {
		if s.Name == "" {
			s.Name = fmt.Sprintf("X11-%d", i+1)
		}
		title := opts.Title
		if len(opts.Outputs) > 1 {
			title += " " + s.Name
		}
		o, err := newOutput(d, s, title)
		if err != nil {
			return err
		}
		d.outputs = append(d.outputs, o)
	}
	return nil
}

// openRenderer makes the renderer that the options ask for.
func (d *Display) openRenderer() error {
	if d.opt.OpenGL == Never {
		return nil
	}
	r, err := gl.New(gl.Options{
		X11: unsafe.Pointer(glfw.GetX11Display()), Visual: d.x.visual(),
		Hardware: d.opt.OpenGL == IfHardware, Log: d.opt.Log,
	})
	if err != nil {
		if d.passed = err; d.opt.OpenGL == Always {
			return err
		}
		return nil
	}
	d.renderer, d.gpu = r, r
	return nil
}

// Renderer returns the renderer that draws straight into the windows, and that
// the display closes; or nil and why there is none.
func (d *Display) Renderer() (*gl.Renderer, error) { return d.renderer, d.passed }

// recoverGLFW turns GLFW's panics, which stand for its errors, into err.
func recoverGLFW(err *error) {
	switch v := recover().(type) {
	case nil:
	case *glfw.Error:
		*err = v
	default:
		panic(v)
	}
}

// Name returns "window".
func (d *Display) Name() string { return "window" }

// Start announces the outputs and begins to read events.
func (d *Display) Start(h display.Handler) error {
	if d.handler != nil {
		return errors.New("window display: started already")
	}
	var err error
	if d.source, err = d.loop.Add(d.x.fd(), loop.Readable, d); err != nil {
		return fmt.Errorf("window display: %w", err)
	}
	d.handler = h
	for _, o := range slices.Clone(d.outputs) {
		h.OutputAdded(o)
	}
	d.settle()
	return nil
}

// Ready reads what the X server sent.
func (d *Display) Ready(loop.Events) { d.pollEvents() }

// settle ends a series of X requests: they are sent, and events that came in
// with replies, for which the descriptor stays quiet, are handled at the end
// of the turn.
func (d *Display) settle() {
	if d.dead {
		return
	}
	d.x.flush()
	if (d.x.lost() || d.x.queued()) && !d.polling {
		d.polling = true
		d.loop.Idle(d.poll)
	}
}

func (d *Display) pollQueued() {
	d.polling = false
	d.pollEvents()
}

// pollEvents lets GLFW call back and then handles what it reported, outside of
// GLFW, so that handlers may do as they like, Close included.
func (d *Display) pollEvents() {
	if d.closed || d.dead {
		return
	}
	d.takeEvents()
	for i := 0; i < len(d.outputs); i++ { // events may remove some
		if o := d.outputs[i]; o.justFocused {
			o.justFocused = false
			down := d.x.down()
			d.takeEvents() // presses from before the answer
			o.foreign = down
			o.foreign.Remove(&o.held)
		}
	}
	if d.closed {
		return
	}
	if d.x.lost() {
		d.hostGone()
		return
	}
	d.settle()
}

func (d *Display) takeEvents() {
	glfw.PollEvents()
	for i := 0; i < len(d.events) && !d.closed; i++ {
		d.events[i]()
		d.events[i] = nil
	}
	d.events = d.events[:0]
	for _, o := range d.outputs {
		o.justUnfocused = false
	}
}

func (d *Display) hostGone() {
	d.dead = true
	for _, o := range d.outputs {
		o.clock.Cancel()
	}
	err := d.source.Remove()
	d.source = nil
	d.handler.Closed(errors.Join(errHostGone, err))
}

// closeWindow is called when the person closed a window: its output goes, or
// the display if it was the last.
func (d *Display) closeWindow(o *Output) {
	if len(d.outputs) == 1 {
		d.handler.Closed(nil)
		return
	}
	d.outputs = slices.DeleteFunc(d.outputs, func(p *Output) bool { return p == o })
	o.removed = true
	o.clock.Cancel()
	d.handler.OutputRemoved(o)
	if err := o.destroy(); err != nil {
		d.handler.Closed(err)
	}
}

// Close removes all outputs and closes the windows.
func (d *Display) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	open = false
	defer runtime.UnlockOSThread()
	var errs []error
	if d.source != nil {
		errs = append(errs, d.source.Remove())
	}
	for _, o := range d.outputs {
		o.removed = true
		o.clock.Cancel()
		if d.handler != nil {
			d.handler.OutputRemoved(o)
		}
		errs = append(errs, o.destroy())
	}
	d.outputs = nil
	if d.renderer != nil {
		d.renderer.Close()
	}
	if !d.dead {
		glfw.Terminate()
	}
	return errors.Join(errs...)
}

// refreshOf returns the rate of the primary monitor in mHz, 0 if unknown.
func refreshOf() int32 {
	m := glfw.GetPrimaryMonitor()
	if m == nil {
		return 0
	}
	v := m.GetVideoMode()
	if v == nil || v.RefreshRate <= 0 {
		return 0
	}
	return int32(v.RefreshRate) * 1000
}

// scaleOf returns the host's content scale for w, 1/120.
func scaleOf(w *glfw.Window) geom.Scale {
	x, _ := w.GetContentScale()
	return scaleFrom(x)
}

func scaleFrom(x float32) geom.Scale {
	if x <= 0 {
		return geom.ScaleOne
	}
	return geom.Scale(x*120 + 0.5)
}

// createWindow opens a window, with an OpenGL context if asked for, current on
// return.
func createWindow(size geom.Size, title string, context bool) (*glfw.Window, error) {
	glfw.DefaultWindowHints()
	if !context {
		glfw.WindowHint(glfw.ClientAPI, glfw.NoAPI)
	}
	glfw.WindowHint(glfw.ContextVersionMajor, 3)
	glfw.WindowHint(glfw.ContextVersionMinor, 3)
	glfw.WindowHint(glfw.OpenGLProfile, glfw.OpenGLCoreProfile)
	glfw.WindowHint(glfw.OpenGLForwardCompatible, glfw.True)
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
	w, err := glfw.CreateWindow(int(size.W), int(size.H), title, nil, nil)
	if err != nil {
		return nil, err
	}
	if w == nil {
		return nil, errors.New("GLFW could not create a window")
	}
	if !context {
		return w, nil
	}
	w.MakeContextCurrent()
	if err := opengl.Init(); err != nil {
		w.Destroy()
		return nil, fmt.Errorf("OpenGL 3.3: %w", err)
	}
	glfw.SwapInterval(0)
	return w, nil
}
