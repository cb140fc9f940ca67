package raster

import (
	"errors"
	"fmt"
	"runtime/debug"
	"unsafe"

	"rayos/geom"
	"rayos/gpu/render"
)

// texture is an image in ARGB8888 or XRGB8888.
type texture struct {
	px      render.Pixels // what is drawn
	format  render.Format // what was imported
	inPlace bool          // px.Data belongs to the importer
	store   *store        // else it is from here
}

// Size implements render.Texture.
func (t *texture) Size() geom.Size { return t.px.Size() }

// Opaque implements render.Texture.
func (t *texture) Opaque() bool { return t.format.Opaque() }

// Release implements render.Texture. Ops of an open pass that draw the texture
// are dropped.
func (t *texture) Release() {
	if !t.inPlace {
		t.store.free(t.px.Data)
	}
	t.px.Data = nil
}

// Import implements render.Renderer. Pixels in other formats than ARGB8888 and
// XRGB8888 are copied even with inPlace.
func (r *Renderer) Import(p render.Pixels, inPlace bool) (render.Texture, error) {
	if err := check(&p); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	t := &texture{px: p, format: p.Format, inPlace: inPlace && native(p.Format), store: &r.store}
	if t.inPlace {
		return t, nil
	}
	f := render.ARGB8888
	if p.Format.Opaque() {
		f = render.XRGB8888
	}
	data, err := r.store.alloc(int(p.W) * int(p.H) * 4)
	if err != nil {
		return nil, err
	}
	t.px = render.Pixels{Data: data, W: p.W, H: p.H, Stride: p.W * 4, Format: f}
	if err := r.Update(t, p, nil); err != nil {
		t.Release()
		return nil, err
	}
	return t, nil
}

// errTexture is returned for a texture of another renderer or after Release.
var errTexture = errors.New("raster: not a texture of this renderer")

// Update implements render.Renderer. Memory that is gone gives ErrFault; the
// texture then holds part of the new picture.
func (r *Renderer) Update(tex render.Texture, p render.Pixels, damage *geom.Region) (err error) {
	t, ok := tex.(*texture)
	if !ok || t.px.Data == nil {
		return errTexture
	}
	if err := check(&p); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	if p.Size() != t.Size() || p.Format != t.format {
		return fmt.Errorf("update: %w: %v of %v for a texture of %v of %v", ErrPixels, p.Size(), p.Format, t.Size(), t.format)
	}
	if t.inPlace {
		t.px = p
		return nil
	}
	defer debug.SetPanicOnFault(onFault())
	defer catch(&err, p.Data)
	if damage == nil {
		r.load(t, &p, p.Size().Rect())
		return nil
	}
	for _, box := range damage.Rects() {
		r.load(t, &p, box.Intersect(p.Size().Rect()))
	}
	return nil
}

// load converts box of p into t.
func (r *Renderer) load(t *texture, p *render.Pixels, box geom.Rect) {
	bpp := int(p.Format.BytesPerPixel())
	conv := r.k.loaders(p.Format)
	for y := box.Y0; y < box.Y1; y++ {
		src := p.Data[int(y)*int(p.Stride)+int(box.X0)*bpp:]
		conv.load(row(&t.px, y)[box.X0:box.X1], src[:int(box.W())*bpp])
	}
}

// row returns row y of 32-bit pixels.
func row(p *render.Pixels, y int32) []uint32 {
	return words(p.Data[int(y)*int(p.Stride):][:int(p.W)*4])
}

// words returns b as 32-bit pixels. The slice need not be aligned.
func words(b []byte) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// bytes returns the memory of px.
func bytes(px []uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(px))), 4*len(px))
}

// Picture returns the pixels that drawing tex reads, in ARGB8888 or XRGB8888,
// and whether they belong to the importer, for a renderer that draws the same
// textures elsewhere. They are good until the next Update and until Release.
// It reports false for textures that are not a Renderer's, or released.
func Picture(tex render.Texture) (p render.Pixels, borrowed, ok bool) {
	t, ok := tex.(*texture)
	if !ok || t.px.Data == nil {
		return render.Pixels{}, false, false
	}
	return t.px, t.inPlace, true
}
