package raster

import (
	"errors"
	"fmt"

	"rayos/gpu/render"
)

// Errors that callers tell apart.
var (
	// ErrFault is returned when pixel memory could not be read or written:
	// the file behind a mapping is shorter than the mapping.
	ErrFault = errors.New("raster: pixel memory is gone")
	// ErrPixels is returned for pixels whose size, stride, format or data do
	// not fit together.
	ErrPixels = errors.New("raster: bad pixels")
)

// maxSide is the largest width or height of an image in pixels.
const maxSide = 1 << 20

// Options configures a Renderer. The zero value is right for production.
type Options struct {
	// Workers is how many goroutines share a large pass, the caller
	// included. 1 keeps everything on the caller, 0 chooses by the number
	// of CPUs.
	Workers int
	// Portable uses the pure-Go kernels although the CPU has better.
	Portable bool
}

// Renderer draws into memory. Its methods are called from one goroutine.
type Renderer struct {
	k     *kernels
	pass  pass
	pool  pool
	store store
}

// New returns a renderer. Goroutines start with the first pass that is large
// enough to share.
func New(opts Options) *Renderer {
	r := &Renderer{k: bestKernels()}
	if opts.Portable {
		r.k = &portable
	}
	r.pass.r = r
	r.pool.init(r, opts.Workers)
	return r
}

// Close ends the renderer's goroutines and gives up spare memory. Nothing may
// be drawn afterwards; textures are still released.
func (r *Renderer) Close() {
	r.pool.close()
	r.store.trim(0)
}

// Trim gives back the memory that is kept for the next textures.
func (r *Renderer) Trim() { r.store.trim(0) }

// Name implements render.Renderer.
func (r *Renderer) Name() string { return "raster" }

// Formats implements render.Renderer.
func (r *Renderer) Formats() []render.Format {
	return []render.Format{
		render.ARGB8888, render.XRGB8888,
		render.ABGR8888, render.XBGR8888,
		render.RGBA8888, render.RGBX8888, render.BGRA8888, render.BGRX8888,
		render.ARGB2101010, render.XRGB2101010, render.ABGR2101010, render.XBGR2101010,
		render.RGB888, render.BGR888, render.RGB565,
	}
}

// check reports whether p describes memory that it has.
func check(p *render.Pixels) error {
	bpp := int64(p.Format.BytesPerPixel())
	switch {
	case bpp == 0:
		return fmt.Errorf("%w: unknown format %q", ErrPixels, p.Format)
	case p.W <= 0 || p.H <= 0 || p.W > maxSide || p.H > maxSide:
		return fmt.Errorf("%w: size %v", ErrPixels, p.Size())
	case int64(p.Stride) < int64(p.W)*bpp:
		return fmt.Errorf("%w: stride %d for %d pixels of %v", ErrPixels, p.Stride, p.W, p.Format)
	case int64(len(p.Data)) < int64(p.H-1)*int64(p.Stride)+int64(p.W)*bpp:
		return fmt.Errorf("%w: %d bytes for %v, stride %d", ErrPixels, len(p.Data), p.Size(), p.Stride)
	}
	return nil
}

// native reports whether the kernels work on f directly.
func native(f render.Format) bool { return f == render.ARGB8888 || f == render.XRGB8888 }
