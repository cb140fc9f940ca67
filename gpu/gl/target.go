//go:build cgo

package gl

import (
	"errors"
	"fmt"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/geom"
	"rayos/gpu/render"
)

// Target is a framebuffer on the GPU.
type Target struct {
	r        *Renderer
	size     geom.Size
	tex, fbo uint32
	memory   *render.Pixels // after a loss
	freed    bool
}

// Size implements render.Target.
func (t *Target) Size() geom.Size { return t.size }

// NewTarget implements render.TargetMaker.
func (r *Renderer) NewTarget(size geom.Size) (render.Target, error) {
	t := &Target{r: r, size: size}
	switch {
	case size.Empty() || size.W > maxSide || size.H > maxSide:
		return nil, fmt.Errorf("gl: target of size %v", size)
	case r.ready() != nil:
		if _, err := t.inMemory(); err != nil {
			return nil, err
		}
	default:
		if err := t.allocate(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// FreeTarget implements render.TargetMaker.
func (r *Renderer) FreeTarget(target render.Target) {
	t, ok := target.(*Target)
	if !ok || t.r != r || t.freed {
		return
	}
	t.freed = true
	t.memory = nil
	if !r.closed && r.ready() == nil {
		t.free()
	}
}

func (t *Target) free() {
	gles.DeleteFramebuffers(1, &t.fbo)
	gles.DeleteTextures(1, &t.tex)
	t.fbo, t.tex = 0, 0
}

// allocate makes the framebuffer.
func (t *Target) allocate() error {
	if t.size.W > t.r.maxSide || t.size.H > t.r.maxSide {
		return fmt.Errorf("gl: a target of %v; the GPU takes %d pixels a side", t.size, t.r.maxSide)
	}
	gles.GenTextures(1, &t.tex)
	gles.BindTexture(gles.TEXTURE_2D, t.tex)
	gles.TexParameteri(gles.TEXTURE_2D, gles.TEXTURE_MIN_FILTER, gles.NEAREST)
	gles.TexParameteri(gles.TEXTURE_2D, gles.TEXTURE_MAG_FILTER, gles.NEAREST)
	gles.TexStorage2D(gles.TEXTURE_2D, 1, gles.RGBA8, t.size.W, t.size.H)
	gles.GenFramebuffers(1, &t.fbo)
	gles.BindFramebuffer(gles.FRAMEBUFFER, t.fbo)
	gles.FramebufferTexture2D(gles.FRAMEBUFFER, gles.COLOR_ATTACHMENT0, gles.TEXTURE_2D, t.tex, 0)
	err := t.r.failure()
	if s := gles.CheckFramebufferStatus(gles.FRAMEBUFFER); err == nil && s != gles.FRAMEBUFFER_COMPLETE {
		err = fmt.Errorf("gl: framebuffer of %v is incomplete: %#x", t.size, s)
	}
	if err != nil {
		t.free()
		if errors.Is(err, ErrLost) {
			t.r.lose(err)
		}
	}
	return err
}

// atLeast makes t, which is scratch, large enough.
func (t *Target) atLeast(r *Renderer, size geom.Size) error {
	t.r = r
	if t.fbo != 0 && t.size.W >= size.W && t.size.H >= size.H {
		return nil
	}
	old := t.size
	if t.fbo != 0 {
		t.free()
	}
	t.size = geom.Size{W: min(max(old.W, size.W), r.maxSide), H: min(max(old.H, size.H), r.maxSide)}
	err := t.allocate()
	if err != nil {
		t.size = geom.Size{}
	}
	return err
}

// inMemory is what stands in for the target after a loss.
func (t *Target) inMemory() (*render.Pixels, error) {
	if t.freed {
		return nil, errors.New("gl: the target was freed")
	}
	if t.memory == nil {
		p := render.NewPixels(t.size.W, t.size.H, render.XRGB8888)
		t.memory = &p
	}
	return t.memory, nil
}
