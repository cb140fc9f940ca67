//go:build cgo

package gl

import (
	"errors"
	"unsafe"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/geom"
	"rayos/gpu/render"
)

// Surface shows targets in a window. Nothing is read back for it: the target
// is drawn over the window, upside down, as windows count their rows.
type Surface struct {
	r       *Renderer
	egl     unsafe.Pointer
	history history
	rects   []geom.Rect // scratch
	damage  []int32     // the same for EGL
	fence   uintptr     // of the frame shown last, 0 when it is done
}

// NewSurface returns a surface for a window of the renderer's X11 connection.
func (r *Renderer) NewSurface(window uintptr) (*Surface, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	if r.opt.X11 == nil {
		return nil, errors.New("gl: this renderer has no windows")
	}
	s, err := r.egl.newSurface(window)
	if err != nil {
		return nil, err
	}
	if err := r.egl.use(s); err != nil {
		r.egl.freeSurface(s)
		return nil, err
	}
	r.egl.noWait()
	return &Surface{r: r, egl: s}, nil
}

// Show shows t in the window, of size pixels; beyond t it is black. damage is
// what has changed of t since the last Show, nil for all.
func (s *Surface) Show(target render.Target, size geom.Size, damage *geom.Region) error {
	t, ok := target.(*Target)
	r := s.r
	switch {
	case !ok || t.r != r || t.freed:
		return errors.New("gl: not a target of this renderer")
	case r.ready() != nil:
		return r.lost
	}
	if err := r.egl.use(s.egl); err != nil {
		r.lose(errors.Join(ErrLost, err))
		return r.lost
	}
	p, err := r.program(kindShow)
	if err != nil {
		return err
	}
	s.rects = append(s.rects[:0], s.history.next(size, damage, r.egl.age()).Rects()...)
	s.draw(t, size, p)
	if s.damage = s.damage[:0]; damage != nil {
		for _, b := range s.history.last().Rects() {
			s.damage = append(s.damage, b.X0, size.H-b.Y1, b.W(), b.H())
		}
	}
	err = r.egl.swap(s.damage)
	if bad := r.failure(); bad != nil {
		err = errors.Join(err, bad)
	}
	if errors.Is(err, ErrLost) {
		r.lose(err)
	}
	if err != nil {
		s.history.clear()
		return err
	}
	s.dropFence()
	s.fence = gles.FenceSync(gles.SYNC_GPU_COMMANDS_COMPLETE, 0)
	gles.Flush()
	return nil
}

// draw copies the rectangles of the window from the target.
func (s *Surface) draw(t *Target, size geom.Size, p *program) {
	r := s.r
	if len(s.rects) == 0 {
		return
	}
	for i, b := range s.rects {
		s.rects[i].Y0, s.rects[i].Y1 = size.H-b.Y1, size.H-b.Y0
	}
	gles.BindFramebuffer(gles.FRAMEBUFFER, 0)
	gles.Viewport(0, 0, size.W, size.H)
	gles.Disable(gles.BLEND)
	gles.UseProgram(p.id)
	gles.Uniform2f(p.target, float32(size.W), float32(size.H))
	gles.Uniform1i(p.height, size.H)
	gles.Uniform2i(p.visible, t.size.W, t.size.H)
	gles.ActiveTexture(gles.TEXTURE0)
	gles.BindTexture(gles.TEXTURE_2D, t.tex)
	r.quads(s.rects)
	gles.VertexAttribIPointer(0, 4, gles.INT, 0, nil)
	gles.DrawArraysInstanced(gles.TRIANGLE_STRIP, 0, 4, int32(len(s.rects)))
}

// Done reports whether the GPU has finished the frame shown last. It does not
// wait.
func (s *Surface) Done() bool {
	if s.fence == 0 || s.r.ready() != nil {
		return true
	}
	if gles.ClientWaitSync(s.fence, 0, 0) == gles.TIMEOUT_EXPIRED {
		return false
	}
	s.dropFence()
	return true
}

func (s *Surface) dropFence() {
	if s.fence != 0 {
		gles.DeleteSync(s.fence)
		s.fence = 0
	}
}

// Free gives the surface up, before its window goes.
func (s *Surface) Free() {
	if s.r.closed || s.r.ready() != nil {
		return
	}
	s.dropFence()
	s.r.egl.freeSurface(s.egl)
}
