//go:build cgo

package gl

import (
	"errors"
	"fmt"

	gles "github.com/go-gl/gl/v3.1/gles2"
	"golang.org/x/sys/unix"

	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// invalidModifier stands for a layout that only the driver knows
// (DRM_FORMAT_MOD_INVALID).
const invalidModifier = 1<<56 - 1

// dmabuf is what of memory of other processes the driver takes.
type dmabuf struct {
	formats []render.DmabufFormat
	device  uint64
}

// openDmabuf asks the driver. One that cannot say on which device it runs gets
// no buffers: clients would not know where to make them.
func (r *Renderer) openDmabuf() {
	e := r.egl
	if !e.imports() || !hasExtension("GL_OES_EGL_image") {
		return
	}
	var st unix.Stat_t
	node := e.node()
	if node == "" || unix.Stat(node, &st) != nil {
		return
	}
	r.dmabuf.device = st.Rdev
	for _, f := range e.dmabufFormats() {
		if f.Format.BytesPerPixel() != 0 {
			r.dmabuf.formats = append(r.dmabuf.formats, f)
		}
	}
}

// DmabufFormats implements render.DmabufImporter.
func (r *Renderer) DmabufFormats() []render.DmabufFormat {
	if r.lost != nil {
		return nil
	}
	return r.dmabuf.formats
}

// DmabufDevice implements render.DmabufImporter.
func (r *Renderer) DmabufDevice() uint64 { return r.dmabuf.device }

// ImportDmabuf implements render.DmabufImporter. There is no picture of it in
// memory, so that it is not drawn after a loss.
func (r *Renderer) ImportDmabuf(d *render.Dmabuf) (render.Texture, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	if d.W < 1 || d.H < 1 || d.W > r.maxSide || d.H > r.maxSide || len(d.Planes) < 1 || len(d.Planes) > render.MaxPlanes {
		return nil, fmt.Errorf("import: %w: %dx%d in %d planes", raster.ErrPixels, d.W, d.H, len(d.Planes))
	}
	image, err := r.egl.importImage(d)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	// A texture keeps the image alive.
	defer r.egl.freeImage(image)
	t := &texture{r: r, target: gles.TEXTURE_2D, imported: true, opaque: d.Format.Opaque(), perRow: 1}
	t.layer.W, t.layer.H = d.W, d.H
	t.generate()
	gles.EGLImageTargetTexture2DOES(gles.TEXTURE_2D, image)
	// Channels as in memory: see shader.go.
	gles.TexParameteri(gles.TEXTURE_2D, gles.TEXTURE_SWIZZLE_R, gles.BLUE)
	gles.TexParameteri(gles.TEXTURE_2D, gles.TEXTURE_SWIZZLE_B, gles.RED)
	if err := r.refusal(); err != nil {
		t.free()
		return nil, fmt.Errorf("import: %w", err)
	}
	return t, nil
}

// refusal is failure where the driver may dislike what a client gave: such an
// error is no loss.
func (r *Renderer) refusal() error {
	if e := gles.GetError(); e != gles.NO_ERROR {
		return fmt.Errorf("OpenGL error %#x", e)
	}
	err := r.failure()
	if errors.Is(err, ErrLost) {
		r.lose(err)
	}
	return err
}
