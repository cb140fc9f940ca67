//go:build cgo && !wayland

package window

import (
	"github.com/go-gl/glfw/v3.3/glfw"

	"rayos/geom"
	"rayos/gpu/display/internal/fb"
	"rayos/gpu/gl"
	"rayos/gpu/render"
)

// screen is how an output gets into its window: drawn by the GPU from its own
// memory, or uploaded from ours.
type screen interface {
	// framebuffer makes a framebuffer in place of the one there was, which is
	// good until discard.
	framebuffer(size geom.Size) (render.Target, error)
	// show shows the framebuffer in a window of size pixels; damage is what
	// has changed since the last time, nil for all.
	show(size geom.Size, damage *geom.Region) error
	// done reports whether the last frame is finished.
	done() bool
	// discard returns what frees the present framebuffer.
	discard() func() error
	// close is called before the window goes, unless the host is gone.
	close()
}

// memoryScreen uploads what was drawn in memory to a texture, through the
// window's own OpenGL context.
type memoryScreen struct {
	o       *Output
	painter painter
	buffer  *fb.Buffer
	stale   bool // the texture has none of the buffer
}

func newMemoryScreen(o *Output) (*memoryScreen, error) {
	p, err := newPainter()
	if err != nil {
		return nil, err
	}
	return &memoryScreen{o: o, painter: p}, nil
}

func (s *memoryScreen) framebuffer(size geom.Size) (render.Target, error) {
	b, err := fb.New(size)
	if err != nil {
		return nil, err
	}
	s.buffer, s.stale = b, true
	return &b.Pixels, nil
}

func (s *memoryScreen) show(size geom.Size, damage *geom.Region) error {
	s.o.makeCurrent()
	if s.buffer != nil {
		if damage == nil || s.stale {
			s.painter.upload(&s.buffer.Pixels)
		} else {
			s.painter.update(&s.buffer.Pixels, damage)
		}
		s.stale = false
	}
	s.painter.draw(int(size.W), int(size.H))
	s.o.win.SwapBuffers()
	return nil
}

func (s *memoryScreen) done() bool { return true }

func (s *memoryScreen) discard() func() error {
	b := s.buffer
	s.buffer = nil
	if b == nil {
		return func() error { return nil }
	}
	return b.Free
}

func (s *memoryScreen) close() {}

// gpuScreen shows a target of the renderer.
type gpuScreen struct {
	r       *gl.Renderer
	surface *gl.Surface
	target  render.Target
}

func newGPUScreen(r *gl.Renderer, win *glfw.Window) (*gpuScreen, error) {
	s, err := r.NewSurface(uintptr(win.GetX11Window()))
	if err != nil {
		return nil, err
	}
	return &gpuScreen{r: r, surface: s}, nil
}

func (s *gpuScreen) framebuffer(size geom.Size) (t render.Target, err error) {
	s.target, err = s.r.NewTarget(size)
	return s.target, err
}

func (s *gpuScreen) show(size geom.Size, damage *geom.Region) error {
	if s.target == nil {
		return nil
	}
	return s.surface.Show(s.target, size, damage)
}

func (s *gpuScreen) done() bool { return s.surface.Done() }

func (s *gpuScreen) discard() func() error {
	t := s.target
	s.target = nil
	return func() error {
		s.r.FreeTarget(t)
		return nil
	}
}

func (s *gpuScreen) close() { s.surface.Free() }
