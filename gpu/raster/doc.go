// Package raster is the software renderer: it composites premultiplied pixels
// in memory, on amd64 by AVX2 assembly with a pure-Go twin that gives the same
// bits. It implements render.Renderer for *render.Pixels targets in ARGB8888
// and XRGB8888.
//
// # Arithmetic
//
// Everything per pixel is integer. A product of two 8-bit values is divided by
// 255 and rounded exactly; OVER is s + d·(255−a)/255 per channel, alpha
// included, saturated because clients are free to send colours above alpha.
// Resampling weighs the taps of an axis with integers that sum to 256, adds
// 128 and shifts by 8, so a picture is the same on every machine and colours
// never exceed their alpha.
//
// Sample positions are exact quotients, floored to 1/65536 of a pixel, and
// depend only on the op, never on the clip: a repaint of a few pixels equals
// the same pixels of a full repaint. Bilinear sampling takes the two nearest
// pixels of an axis, or, when the axis shrinks more than twofold, all pixels
// that the destination pixel covers. Samples never come from outside the
// source crop.
//
// # Order of work
//
// A pass records its ops and runs them at Submit. Small passes run on the
// caller; large ones are cut into bands of rows which the caller and a few
// parked goroutines take in turn, each running the whole list of ops over its
// band while the rows are in cache. A pass allocates nothing in steady state.
// Opaque pictures larger than the cache are written past it.
//
// # Memory of others
//
// Formats other than ARGB8888 and XRGB8888 are converted when they are
// imported. A texture imported in place is read at Submit from memory that its
// client may write at any time: pixel values decide nothing but colours. Reads
// of memory whose file has been truncated end as ErrFault instead of a crash,
// in the assembly too. Copies live in mappings that Release gives back.
//
//	r := raster.New(raster.Options{})
//	defer r.Close()
//	pass, err := r.Begin(&frame)
//	pass.Clear(render.RGBA(15, 17, 21, 255), damage)
//	pass.Texture(&render.TextureOp{Texture: t, Dst: box, Alpha: 255}, damage)
//	err = pass.Submit()
package raster
