package render

import "rayos/geom"

// Format is a pixel format as a DRM fourcc (drm_fourcc.h). Multi-byte pixels
// are little endian.
type Format uint32

func fourcc(a, b, c, d byte) Format {
	return Format(uint32(a) | uint32(b)<<8 | uint32(c)<<16 | uint32(d)<<24)
}

// Formats that the software renderer reads. It composites into ARGB8888 and
// XRGB8888.
var (
	ARGB8888    = fourcc('A', 'R', '2', '4')
	XRGB8888    = fourcc('X', 'R', '2', '4')
	ABGR8888    = fourcc('A', 'B', '2', '4')
	XBGR8888    = fourcc('X', 'B', '2', '4')
	RGBA8888    = fourcc('R', 'A', '2', '4')
	RGBX8888    = fourcc('R', 'X', '2', '4')
	BGRA8888    = fourcc('B', 'A', '2', '4')
	BGRX8888    = fourcc('B', 'X', '2', '4')
	RGB888      = fourcc('R', 'G', '2', '4')
	BGR888      = fourcc('B', 'G', '2', '4')
	RGB565      = fourcc('R', 'G', '1', '6')
	XRGB2101010 = fourcc('X', 'R', '3', '0')
	ARGB2101010 = fourcc('A', 'R', '3', '0')
	XBGR2101010 = fourcc('X', 'B', '3', '0')
	ABGR2101010 = fourcc('A', 'B', '3', '0')
)

// BytesPerPixel returns the size of one pixel, or 0 for an unknown format.
func (f Format) BytesPerPixel() int32 {
	switch f {
	case ARGB8888, XRGB8888, ABGR8888, XBGR8888, RGBA8888, RGBX8888, BGRA8888, BGRX8888,
		XRGB2101010, ARGB2101010, XBGR2101010, ABGR2101010:
		return 4
	case RGB888, BGR888:
		return 3
	case RGB565:
		return 2
	}
	return 0
}

// Opaque reports whether the format has no alpha channel.
func (f Format) Opaque() bool {
	switch f {
	case ARGB8888, ABGR8888, RGBA8888, BGRA8888, ARGB2101010, ABGR2101010:
		return false
	}
	return true
}

func (f Format) String() string {
	return string([]byte{byte(f), byte(f >> 8), byte(f >> 16), byte(f >> 24)})
}

// Pixels is an image in memory. Row y starts at Data[y*Stride]; Stride is in
// bytes and at least W times the bytes per pixel. Data holds at least
// (H-1)*Stride + W*bpp bytes; whoever makes a Pixels from outside values checks
// that first.
type Pixels struct {
	Data   []byte
	W, H   int32
	Stride int32
	Format Format
}

// Size returns width and height.
func (p *Pixels) Size() geom.Size { return geom.Size{W: p.W, H: p.H} }

// NewPixels allocates a zeroed image with a tight stride.
func NewPixels(w, h int32, f Format) Pixels {
	stride := w * f.BytesPerPixel()
	return Pixels{Data: make([]byte, int(stride)*int(h)), W: w, H: h, Stride: stride, Format: f}
}

// Color is a premultiplied 0xAARRGGBB colour.
type Color uint32

// RGBA returns the premultiplied Color of straight 8-bit channels.
func RGBA(r, g, b, a uint8) Color {
	m := func(v uint8) uint32 { t := uint32(v)*uint32(a) + 128; return (t + t>>8) >> 8 }
	return Color(uint32(a)<<24 | m(r)<<16 | m(g)<<8 | m(b))
}

// A returns the alpha channel.
func (c Color) A() uint8 { return uint8(c >> 24) }

// Opaque reports whether the colour hides what is below.
func (c Color) Opaque() bool { return c>>24 == 0xff }

// Texture is an image that a renderer can draw. It belongs to the renderer
// that made it and is used on the loop goroutine only.
type Texture interface {
	// Size returns the size in buffer pixels.
	Size() geom.Size
	// Opaque reports whether no pixel is translucent.
	Opaque() bool
	// Release gives up the texture. Pixels that were imported in place are
	// not read afterwards.
	Release()
}

// Filter says how a texture is sampled when its size changes.
type Filter uint8

// Filters.
const (
	Nearest Filter = iota
	Bilinear
)

// TextureOp draws Src of Texture onto Dst.
//
// Transform is the buffer transform: the one that a client has applied to its
// content, which drawing undoes (wl_surface.set_buffer_transform combined with
// the output's own). Src is in buffer pixels, before the transform; the zero
// FRect means the whole texture. Dst is in target pixels.
type TextureOp struct {
	Texture   Texture
	Src       geom.FRect
	Dst       geom.Rect
	Transform geom.Transform
	Alpha     uint8 // 255 is opaque, 0 draws nothing
	Filter    Filter
	// Opaque says that the caller knows every pixel to be opaque (an opaque
	// region covers it), so SRC may stand in for OVER.
	Opaque bool
}

// Pass is one sequence of draws into a target, back to front. A clip is in
// target pixels and is only read during the call.
type Pass interface {
	// Rect fills box: SRC when the colour is opaque, OVER otherwise.
	Rect(box geom.Rect, c Color, clip *geom.Region)
	// Clear fills the clip with c, replacing what was there.
	Clear(c Color, clip *geom.Region)
	// Texture draws op: OVER, or SRC where it is known to be opaque.
	Texture(op *TextureOp, clip *geom.Region)
	// Submit ends the pass. After it the target holds the picture.
	Submit() error
}

// Target is a framebuffer that a renderer can draw into.
type Target interface {
	Size() geom.Size
}

// TargetMaker is a Renderer that draws faster into targets of its own than
// into memory. What is in them is read by ReadPixels.
type TargetMaker interface {
	// NewTarget makes a target with undefined content.
	NewTarget(size geom.Size) (Target, error)
	// FreeTarget gives up what NewTarget made.
	FreeTarget(t Target)
}

// Losable is a Renderer that can lose all targets at once, when a GPU is reset.
type Losable interface {
	// OnLost sets what is called then, from inside of any method: every target
	// has to be drawn in full.
	OnLost(fn func(err error))
}

// Renderer turns passes into pixels.
type Renderer interface {
	// Name is the short name for logs and --renderer.
	Name() string
	// Formats lists what Import accepts, the preferred ones first.
	Formats() []Format
	// Import makes a texture from pixels. With inPlace the renderer may go
	// on reading p.Data until the texture is released, so the caller keeps
	// it mapped and tells of changes by Update. Otherwise it copies.
	Import(p Pixels, inPlace bool) (Texture, error)
	// Update tells that pixels inside damage (buffer coordinates, nil for
	// all) of an imported image have changed. p has the size and format
	// that t was imported with; otherwise the caller imports anew.
	Update(t Texture, p Pixels, damage *geom.Region) error
	// Begin opens a pass. Only one is open at a time. A software renderer
	// takes *Pixels.
	Begin(t Target) (Pass, error)
	// ReadPixels copies the rectangle src of a target into dst, converting
	// the format: for screenshots and capture.
	ReadPixels(t Target, src geom.Rect, dst Pixels) error
}
