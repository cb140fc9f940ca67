// Package gl is the renderer for GPUs: render.Renderer on OpenGL ES 3.0.
//
// EGL is looked up when a renderer is made, so that one binary runs on
// machines with and without it. A renderer without a window needs no display
// server (EGL_MESA_platform_surfaceless, or the first EGL device); one for
// windows on X11 draws into surfaces that belong to them.
//
// # Pictures
//
// What is drawn follows the software renderer to the pixel: fragment shaders
// compute the same sample positions in the same integers and fetch texels by
// number, so that a picture which is not scaled is exact and one that is
// differs by the rounding of its weights alone.
//
// Every texture of a client's memory keeps a picture in memory beside the one
// on the GPU, or the client's own when it was imported in place. It holds what
// the software renderer needs, in its formats; what changed of it is uploaded
// when the texture is drawn next, by rectangles, so that hidden windows upload
// nothing.
//
// # Targets
//
// NewTarget makes a framebuffer on the GPU, which nothing is read back from
// until somebody asks for its pixels. A *render.Pixels is drawn as well: what
// of it the pass does not replace is uploaded, and what changed is read back
// in Submit, which therefore waits for the GPU.
//
// # Loss
//
// When the GPU forgets everything (a reset, an error that no call explains)
// the renderer goes on in software with the pictures in memory. Lost tells
// the session, which has to draw everything once.
//
// A renderer belongs to one goroutine, which New locks to its thread until
// Close. Without cgo, New says that it was not built.
package gl
