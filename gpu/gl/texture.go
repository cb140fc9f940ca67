//go:build cgo

package gl

import (
	"errors"
	"fmt"
	"unsafe"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// texture is an image in memory and on the GPU.
type texture struct {
	r      *Renderer
	soft   render.Texture // the picture in memory, nil if imported
	id     uint32         // 0 when there is none on the GPU
	target uint32         // TEXTURE_2D or TEXTURE_2D_ARRAY
	// layer is the size of one layer, perRow how many of them lie side by
	// side; an image that fits into a texture is one.
	layer  geom.Size
	perRow int32
	stale  geom.Region // what the GPU does not have
	broken bool        // it does not fit into the GPU's memory
	// imported memory of the GPU has no picture in memory; opaque is for it.
	imported, opaque bool
	gone             bool
}

func (t *texture) layered() bool { return t.target == gles.TEXTURE_2D_ARRAY }

// Size implements render.Texture.
func (t *texture) Size() geom.Size {
	if t.imported {
		return t.layer
	}
	return t.soft.Size()
}

// Opaque implements render.Texture.
func (t *texture) Opaque() bool {
	if t.imported {
		return t.opaque
	}
	return t.soft.Opaque()
}

// Release implements render.Texture. Ops of an open pass that draw the texture
// are dropped.
func (t *texture) Release() {
	if t.gone {
		return
	}
	t.gone = true
	if !t.imported {
		t.soft.Release()
	}
	t.free()
}

// free takes the texture off the GPU.
func (t *texture) free() {
	if t.id != 0 && !t.r.closed && t.r.ready() == nil {
		gles.DeleteTextures(1, &t.id)
	}
	t.id = 0
}

// largestLayer bounds the sides of layers, so that a long and thin image does
// not come in layers of mostly nothing.
const largestLayer = 8192

// Import implements render.Renderer. The GPU gets the pixels when they are
// drawn.
func (r *Renderer) Import(p render.Pixels, inPlace bool) (render.Texture, error) {
	soft, err := r.soft.Import(p, inPlace)
	if err != nil {
		return nil, err
	}
	t := &texture{r: r, soft: soft, target: gles.TEXTURE_2D, layer: soft.Size(), perRow: 1}
	if s := soft.Size(); s.W > r.maxSide || s.H > r.maxSide {
		most := min(r.maxSide, largestLayer)
		t.target = gles.TEXTURE_2D_ARRAY
		t.layer = geom.Size{W: min(s.W, most), H: min(s.H, most)}
		t.perRow = (s.W + most - 1) / most
		if n := int64(t.perRow) * int64((s.H+most-1)/most); n > int64(r.maxLayers) {
			soft.Release()
			return nil, fmt.Errorf("import: %w: %v is too large for the GPU, which takes %d pixels a side and %d layers", raster.ErrPixels, s, r.maxSide, r.maxLayers)
		}
	}
	t.stale.SetRect(t.Size().Rect())
	return t, nil
}

// errTexture is returned for a texture of another renderer or after Release.
var errTexture = errors.New("gl: not a texture of this renderer")

// Update implements render.Renderer.
func (r *Renderer) Update(tex render.Texture, p render.Pixels, damage *geom.Region) error {
	t, ok := tex.(*texture)
	if !ok || t.gone || t.r != r || t.imported {
		return errTexture
	}
	all := t.Size().Rect()
	err := r.soft.Update(t.soft, p, damage)
	if damage == nil || err != nil {
		t.stale.SetRect(all)
		return err
	}
	t.stale.Union(damage)
	t.stale.IntersectRect(all)
	if t.stale.Len() > maxUploads {
		t.stale.Simplify(maxUploads / 2)
	}
	return nil
}

// maxUploads bounds the rectangles that are uploaded one by one.
const maxUploads = 32

// upload brings the GPU's copy up to date. It reports false if there is
// nothing to draw.
func (t *texture) upload() (bool, error) {
	if t.imported {
		return t.id != 0, nil
	}
	p, borrowed, ok := raster.Picture(t.soft)
	if !ok || t.broken {
		return false, nil
	}
	if t.stale.Empty() {
		return true, nil
	}
	if t.id == 0 {
		if err := t.allocate(); err != nil || t.broken {
			return false, err
		}
	}
	gles.BindTexture(t.target, t.id)
	defer gles.PixelStorei(gles.UNPACK_ROW_LENGTH, 0)
	for _, box := range t.stale.Rects() {
		if !borrowed {
			// Memory of ours is there and in order.
			gles.PixelStorei(gles.UNPACK_ROW_LENGTH, p.Stride/4)
			t.each(box, func(part geom.Rect, x, y, layer int32) {
				t.put(part, x, y, layer, unsafe.Pointer(&p.Data[int(part.Y0)*int(p.Stride)+4*int(part.X0)]))
			})
			continue
		}
		if err := t.stage(&p, box); err != nil {
			return true, err
		}
	}
	t.stale.Clear()
	return true, nil
}

// stage uploads a rectangle of memory that may be gone, or be changed at the
// same time: it is copied first, to where the GPU takes it when it likes.
func (t *texture) stage(p *render.Pixels, box geom.Rect) error {
	n := 4 * int(box.W()) * int(box.H())
	gles.BindBuffer(gles.PIXEL_UNPACK_BUFFER, t.r.staging)
	defer gles.BindBuffer(gles.PIXEL_UNPACK_BUFFER, 0)
	gles.BufferData(gles.PIXEL_UNPACK_BUFFER, n, nil, gles.STREAM_DRAW)
	m := gles.MapBufferRange(gles.PIXEL_UNPACK_BUFFER, 0, n, gles.MAP_WRITE_BIT|gles.MAP_INVALIDATE_BUFFER_BIT)
	if m == nil {
		return t.r.failure()
	}
	err := raster.CopyRows(bytes(m, n), p, box)
	gles.UnmapBuffer(gles.PIXEL_UNPACK_BUFFER)
	if err != nil {
		return err
	}
	gles.PixelStorei(gles.UNPACK_ROW_LENGTH, box.W())
	t.each(box, func(part geom.Rect, x, y, layer int32) {
		gles.PixelStorei(gles.UNPACK_SKIP_PIXELS, (part.Y0-box.Y0)*box.W()+part.X0-box.X0)
		t.put(part, x, y, layer, nil)
	})
	gles.PixelStorei(gles.UNPACK_SKIP_PIXELS, 0)
	return nil
}

// each calls fn with the parts of box in each layer and where they lie there.
func (t *texture) each(box geom.Rect, fn func(part geom.Rect, x, y, layer int32)) {
	l := t.layer
	for row := box.Y0 / l.H; row*l.H < box.Y1; row++ {
		for col := box.X0 / l.W; col*l.W < box.X1; col++ {
			part := box.Intersect(geom.XYWH(col*l.W, row*l.H, l.W, l.H))
			fn(part, part.X0-col*l.W, part.Y0-row*l.H, row*t.perRow+col)
		}
	}
}

// put uploads part to (x, y) of a layer. data is memory, or nil for the buffer
// that is bound.
func (t *texture) put(part geom.Rect, x, y, layer int32, data unsafe.Pointer) {
	if t.layered() {
		gles.TexSubImage3D(t.target, 0, x, y, layer, part.W(), part.H(), 1, gles.RGBA, gles.UNSIGNED_BYTE, data)
		return
	}
	gles.TexSubImage2D(t.target, 0, x, y, part.W(), part.H(), gles.RGBA, gles.UNSIGNED_BYTE, data)
}

// allocate makes the texture on the GPU. One that does not fit is not drawn,
// and not tried again.
func (t *texture) allocate() error {
	t.generate()
	size := t.Size()
	if t.layered() {
		rows := (size.H + t.layer.H - 1) / t.layer.H
		gles.TexStorage3D(t.target, 1, gles.RGBA8, t.layer.W, t.layer.H, t.perRow*rows)
	} else {
		gles.TexStorage2D(t.target, 1, gles.RGBA8, size.W, size.H)
	}
	err := t.r.failure()
	if err == nil {
		return nil
	}
	if errors.Is(err, errMemory) {
		t.r.log.Warn("a picture does not fit into the GPU's memory", "size", size)
		t.broken = true
		t.free()
		return nil
	}
	return err
}

// generate makes a texture without memory, and binds it.
func (t *texture) generate() {
	gles.GenTextures(1, &t.id)
	gles.BindTexture(t.target, t.id)
	gles.TexParameteri(t.target, gles.TEXTURE_MIN_FILTER, gles.NEAREST)
	gles.TexParameteri(t.target, gles.TEXTURE_MAG_FILTER, gles.NEAREST)
}
